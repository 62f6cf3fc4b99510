"""The table of short answers on the page about written answers."""

from __future__ import annotations

from benchmarks.short_answers import EXAMPLES, table
from benchmarks.written_answers import PAGE


def test_the_page_has_the_table_as_the_grader_reads_it_today():
    assert table() in PAGE.read_text(encoding="utf-8")
    assert len(EXAMPLES) == table().count("\n") - 1
