"""What students are told of known mistakes is sorted, and the page says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring import Mutant, write_confusion_table
from autograder.authoring.confusion import (
    MessageKind,
    MistakeMessage,
    confusion_table,
    counts,
    message_of,
    strangers,
)
from autograder.results import CheckResult, Report, Status

OWN, OTHER = "`db` is the mean over the rows.", "`dw` is transposed."
DIAGNOSES = (OWN, OTHER, "")


def mutant(*says: str, diagnosis: str = OWN) -> Mutant:
    return Mutant(
        name="mean", description="db | averaged", edits=(), loses=("double",), says=says,
        diagnosis=diagnosis,
    )  # fmt: skip


def report(rationale: str, help: str = "", status: Status = Status.FAILED) -> Report:
    check = CheckResult(
        id="double", name="", status=status, score=0, max_score=1, rationale=rationale, help=help
    )
    return Report(
        assignment="tiny", student="mutant", score=0, max_score=1, sandbox="process", seed=0,
        seconds=0, checks=(check,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("says", "rationale", "help", "kind"),
    [
        ((), f"{OWN} It is half.", "", MessageKind.NAMES_IT),
        (("half of it", "look at db"), "It is half of it.", "Please look\n at db.", "names it"),
        (("half of it", "look at db"), "It is half of it.", "", "generic"),
        ((), "It is wrong.", "", "generic"),
        ((), f"It is wrong. {OTHER}", "", "another's"),
        ((), "It is wrong.", f"A known mistake ends in the same way: {OTHER}", "another's"),
        ((), f"{OWN} {OTHER}", "", "another's"),
    ],
)
def test_a_message_names_the_mistake_or_nothing_or_another(says, rationale, help, kind) -> None:
    message = message_of(mutant(*says), DIAGNOSES, report(rationale, help))
    assert message.kind == kind
    assert message.texts == (" ".join(f"{rationale} {help}".split()),)


def test_a_mutant_without_a_diagnosis_is_named_by_what_it_says() -> None:
    assert message_of(mutant(diagnosis=""), DIAGNOSES, report("no")).kind is MessageKind.GENERIC
    named = message_of(mutant("no", diagnosis=""), DIAGNOSES, report("no"))
    assert named.kind is MessageKind.NAMES_IT


def test_only_messages_of_lost_checks_count() -> None:
    assert strangers(report(OTHER, status=Status.SKIPPED), DIAGNOSES) == ()
    assert strangers(report(OTHER), DIAGNOSES) == (OTHER,)
    assert strangers(report(OTHER), DIAGNOSES, own=[f"Twice: {OTHER}"]) == ()


def test_the_page_counts_and_escapes(tmp_path: Path) -> None:
    rows = [
        message_of(mutant(), DIAGNOSES, report(f"{OWN} a < b | c \\ $d$ `open")),
        MistakeMessage(name="n", description="d", kind=MessageKind.GENERIC, texts=("x" * 400,)),
    ]
    assert counts(rows) == "1 names it, 1 generic, 0 another's"
    write_confusion_table(tmp_path / "page.md", {"tiny": rows})
    page = (tmp_path / "page.md").read_text()
    assert page == confusion_table({"tiny": rows})
    assert "| `tiny` | 2 | 1 | 1 | 0 |" in page
    assert "| all | 2 | 1 | 1 | 0 |" in page
    assert "| db \\| averaged | names it | db is the mean over the rows. a &lt; b" in page
    assert "x" * 299 + "…" in page
