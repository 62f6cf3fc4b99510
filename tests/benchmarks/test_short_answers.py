"""The tables of short answers and own names on the page about written answers."""

from __future__ import annotations

import pytest

from benchmarks.short_answers import EXAMPLES, OWN, table
from benchmarks.written_answers import PAGE


@pytest.mark.parametrize("examples", [EXAMPLES, OWN])
def test_the_page_has_the_table_as_the_grader_reads_it_today(examples):
    assert table(examples) in PAGE.read_text(encoding="utf-8")
    assert len(examples) == table(examples).count("\n") - 1
