"""The page of one assignment over a class: one file with its data inside, which loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.results import Report, Status

from .class_data import FREQUENT, ClassData, Ending
from .rendering import as_json, embedded, render, source_digest
from .wording import (
    LOOKS,
    NO_MARKS,
    NO_NOTES,
    NO_PROBLEMS,
    Look,
    Marks,
    Notes,
    Problems,
    full_marks,
)

NAMED = 8  # students named in a sentence; of more there is their number


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How an ending is shown on the page, and the words for it."""

    look: Look
    word: str


ENDINGS: Mapping[Ending, Shown] = {
    Ending.RIGHT: Shown(look=LOOKS[Status.PASSED], word="right"),
    Ending.FOLLOWED: Shown(
        look=Look(sign="↪", colour="green", css="followed"), word="followed through"
    ),
    Ending.PARTIAL: Shown(look=LOOKS[Status.PARTIAL], word="partly right"),
    Ending.WRONG: Shown(look=LOOKS[Status.FAILED], word="wrong"),
    Ending.OPEN: Shown(look=LOOKS[Status.NOT_ATTEMPTED], word="not tried"),
    Ending.SKIPPED: Shown(look=LOOKS[Status.SKIPPED], word="skipped"),
    Ending.PERSON: Shown(look=LOOKS[Status.PERSON], word="for a person"),
    Ending.ERROR: Shown(look=LOOKS[Status.ERROR], word="grader failed"),
}


def class_page(
    reports: Sequence[Report],
    *,
    title: str,
    problems: Problems = NO_PROBLEMS,
    notes: Notes = NO_NOTES,
    warnings: Sequence[str] = (),
    missing: Sequence[str] = (),
    marks: Marks = NO_MARKS,
    similar: str = "",
) -> str:
    """A class for its instructor, with a link to each student's page.

    Students see none of it: it has everyone's names.

    Parameters
    ----------
    problems, notes : what is known of each student beside the results: sentences about files, and
        what was known beforehand.
    warnings, missing : what is not certain about whose files some are, and who handed in nothing.
    marks : the points that count where people have decided, and what they have decided.
    similar : the name of the page of similar submissions, where there is one.
    """
    students = ClassData(reports, problems=problems, notes=notes, marks=marks)
    mistakes, waiting = students.mistakes, students.waiting
    several = [group for group in mistakes[:FREQUENT] if len(group.members) > 1]
    shown = several or mistakes[:FREQUENT]
    script = embedded("class.js") + embedded("class_reader.js")
    kinds = {end.value: [one.look.sign, one.look.css, one.word] for end, one in ENDINGS.items()}
    return render(
        "class.html",
        title=title,
        students=students,
        mistakes=shown,
        more_mistakes=mistakes[len(shown) :],
        waiting=waiting,
        warnings=warnings,
        missing=missing,
        similar=similar,
        endings=ENDINGS,
        full_marks=full_marks(reports),
        open_scores=_named(reports, {Status.ERROR}),
        to_decide=_named(reports, {Status.PERSON}),
        class_style=embedded("class.css"),
        script=script,
        digest=source_digest(script),
        data=as_json({"kinds": kinds, **students.data()}),
    )


def _named(reports: Sequence[Report], statuses: set[Status]) -> str:
    """Who has a check of one of these statuses: names, or how many more there are."""
    names = [report.student for report in reports
             if statuses & {result.status for result in report.checks}]  # fmt: skip
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])
