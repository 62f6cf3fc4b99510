"""The table of blind sets on the page about written answers."""

from __future__ import annotations

from benchmarks.answer_sets import SETS, section, table
from benchmarks.written_answers import PAGE


def test_the_page_has_the_figures_of_the_sets():
    assert section() in PAGE.read_text(encoding="utf-8")
    assert len(SETS) == table().count("\n") - 1
