"""The page for the instructor: each test with its place, its strength, and what would mend it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from autograder.adopt.broken import KINDS as BROKEN
from autograder.adopted import SCHEMA, AdoptedCell, AdoptedManual, AdoptedRecord, Route
from autograder.reports import adoption_page
from autograder.reports.adoption_page import KINDS
from tests.adopt.masters import MASTER, notebook
from tests.adopt.test_adopting import run

TRIED = tuple(BROKEN)
STRONG = AdoptedCell(
    id="mean", notebook="ps1", points=2, route=Route.OUTSIDE, tried=TRIED, caught=TRIED,
    summary="mean is the sum by <the> count",
)  # fmt: skip
FORGED = AdoptedCell(
    id="text", notebook="ps1", points=1, route=Route.INSIDE, tried=TRIED, caught=TRIED[:3],
    reason="It uses `eval`.", change="Compare values.",
)  # fmt: skip
NOTHING = AdoptedCell(id="no", notebook="ps2", points=0.5, route=Route.OUTSIDE, tried=TRIED)


def page(*cells: AdoptedCell) -> str:
    record = AdoptedRecord(
        schema=SCHEMA,
        slug="ps1",
        cells=cells,
        manual=(AdoptedManual(id="why", notebook="ps1", points=3),),
        notebooks=("ps1.ipynb", "ps2.ipynb"),
        digests={},
    )
    text = re.sub(r"<[^>]+>", " ", adoption_page(record).partition("<main>")[2])
    return " ".join(html.unescape(text).split())


def test_each_kind_of_broken_solution_is_explained() -> None:
    assert list(KINDS) == list(BROKEN)


def test_what_is_safe_and_what_is_not_comes_first() -> None:
    text = page(STRONG, FORGED, NOTHING)
    assert "3 test cells, 3.5 points" in text
    assert "1 outside 1 inside: can be forged 1 tests nothing" in text
    assert (
        "1 of 3.5 points can be forged: text . Each cell below says why it runs inside and, where"
        " we know one, the small change that would move it outside. no tests nothing: a wrong"
        " solution earns 0.5 of 3.5 points." in text
    )


def test_an_inside_cell_has_its_reason_and_its_change() -> None:
    text = page(FORGED)
    assert "It uses eval ." in text
    assert "To move it outside: Compare values." in text
    assert "Catches 3 of 4 broken solutions." in text
    assert "✗ flipped operator: gets through" in text
    assert "add a case where both operators give different values." in text


def test_a_page_without_a_weakness() -> None:
    text = page(STRONG)
    assert "Every test cell runs where no student's code can reach it." in text
    assert "1 test cell, 2 points" in text
    assert "gets through" not in text
    assert "why (3)" in text


def test_it_needs_nothing_else_and_escapes_what_it_shows() -> None:
    found = adoption_page(
        AdoptedRecord(schema=SCHEMA, slug="ps1", cells=(STRONG,), manual=(),
                      notebooks=("ps1.ipynb",), digests={})
    )  # fmt: skip
    assert "by &lt;the&gt; count" in found
    assert "default-src 'none'" in found
    assert "prefers-color-scheme: dark" in found
    assert not re.search(r"(src|href)=\"?https?:", found)


def test_adopt_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "source" / "hw1"
    folder.mkdir(parents=True)
    (folder / "data.csv").write_text("a")
    (folder / "hw1.ipynb").write_bytes(notebook(MASTER))
    printed = run("adopt", folder).output
    assert (
        "wrote source/hw1.adopted.json, and source/hw1.adopted.html, a page about how strong and"
        " how safe each test is" in printed
    )
    assert "q1-1" in (tmp_path / "source" / "hw1.adopted.html").read_text()
