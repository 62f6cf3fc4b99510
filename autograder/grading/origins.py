"""Where a result's files came from: kept with it, and looked at before another replaces it.

Only a class is a class: a zip by one student, graded alone, may have folders or names in it that
are other students'. Their results are not replaced on the word of such names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec

from autograder.errors import UserError
from autograder.printable import encodable
from autograder.results import Report
from autograder.submission import Submission, file_stem

NOT_REPLACED = (
    "Nothing was graded. {root} is taken for a class by the names in it, and would replace results"
    " of files that came from elsewhere: {students}. If it is a class, say so with --layout"
    " {layout}; if it is one student's, with --layout student."
)
_SHOWN = 5


class NotReplacedError(UserError, ValueError):
    """Results would be replaced of which it is not certain that they may be."""


def with_origin(report: Report, submission: Submission) -> Report:
    """The report with what is known of where the submission was found, and in what state."""
    origin = submission.origin
    return msgspec.structs.replace(
        report,
        notes=tuple(map(encodable, submission.problems)),
        place=origin.place,
        facts=origin.facts,
        warnings=origin.warnings,
    )


def refuse_to_replace(
    changed: Mapping[str, str], submissions: Mapping[str, Submission], folder: Path
) -> None:
    """Raise `NotReplacedError` where a guess would replace the results of other files.

    Parameters
    ----------
    changed : the students whose stored result does not hold, and where its files came from.
    submissions : by student.
    folder : the folder of results.
    """
    doubtful = [
        submissions[student]
        for student, place in changed.items()
        if _layout(submissions[student], folder)
        and _root(place) != _root(submissions[student].origin.place)
    ]
    if not doubtful:
        return
    said = [_said(one, changed[one.student]) for one in doubtful[:_SHOWN]]
    more = [f"{len(doubtful) - _SHOWN} more"] if len(doubtful) > _SHOWN else []
    first = doubtful[0]
    raise NotReplacedError(
        NOT_REPLACED.format(
            root=first.origin.place.partition("/")[0],
            students=", ".join([*said, *more]),
            layout=_layout(first, folder),
        )
    )


def _layout(submission: Submission, folder: Path) -> str:
    """The layout that was guessed, or that is doubtful because its folder is a known student's."""
    root, slash, _ = submission.origin.place.partition("/")
    if submission.origin.guessed or not slash:
        return submission.origin.guessed
    stems = {root, PurePosixPath(root).stem}
    known = any((folder / f"{file_stem(stem)}.json").is_file() for stem in stems)
    return "class" if known else ""


def _said(submission: Submission, place: str) -> str:
    return f"{submission.student} (from {place})" if place else submission.student


def _root(place: str) -> str:
    """The name of the path that was given, without the numbers of a further download.

    >>> _root("submissions (2).zip/doejane_1_2_a.py") == _root("submissions.zip")
    True
    """
    return re.sub(r"[\W\d_]", "", place.partition("/")[0].casefold())
