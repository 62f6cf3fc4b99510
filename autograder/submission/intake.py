"""Everything that was handed in, and what is not certain about whose it is. Opens no file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograder.layout import Layout

from .hand_ins import Sorted
from .model import Submission
from .names import distinct
from .trees import shown

_SHOWN = 5

NOBODY = "{names} {verb} to no student and {past} not graded."
TWO_OF_ONE_ID = "`{student}` is the id of {count} submissions: {places}."


@dataclass(frozen=True, kw_only=True)
class GivenPath:
    """One path, as it was understood.

    Attributes
    ----------
    place : its name. `layout` and `why` say how the files lie in it, `students` of how many.
    aside : what has no work in it, such as a platform's overview page.
    """

    place: str
    layout: Layout
    why: str
    students: int
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Everything that was handed in, and what is not certain about it.

    Attributes
    ----------
    warnings : about the class as a whole; those about one student are with the submission.
    missing : the ids on the roster of which nothing was handed in; None where there is no roster.
    on_roster : how many are on the roster.
    """

    given: tuple[GivenPath, ...]
    submissions: tuple[Submission, ...]
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = None
    on_roster: int = 0

    @property
    def all_warnings(self) -> tuple[str, ...]:
        """Those of the class, then those of each student, each once."""
        own = (text for one in self.submissions for text in one.origin.warnings)
        return tuple(dict.fromkeys((*self.warnings, *own)))


def class_warnings(found: Sorted) -> list[str]:
    """What is not certain about one path as a whole."""
    if not found.nobody:
        return found.warnings
    names = ", ".join(f"`{shown(name)}`" for name in found.nobody[:_SHOWN])
    names += f" and {len(found.nobody) - _SHOWN} more" if len(found.nobody) > _SHOWN else ""
    one = len(found.nobody) == 1
    said = {"verb": "belongs" if one else "belong", "past": "was" if one else "were"}
    return [*found.warnings, NOBODY.format(names=names, **said)]


def told_apart(submissions: Iterable[Submission]) -> list[Submission]:
    """Ids that are there twice are told apart by the section, else by a number, and warned of."""
    listed = list(submissions)
    same: dict[str, list[Submission]] = {}
    for one in listed:
        same.setdefault(one.student, []).append(one)
    return distinct(_warned(one, same[one.student]) for one in listed)


def _warned(one: Submission, namesakes: list[Submission]) -> Submission:
    if len(namesakes) == 1:
        return one
    places = ", ".join(f"`{other.origin.place}`" for other in namesakes)
    text = TWO_OF_ONE_ID.format(student=one.student, count=len(namesakes), places=places)
    origin = replace(one.origin, warnings=(*one.origin.warnings, text))
    sections = {other.origin.section for other in namesakes}
    if len(sections) == len(namesakes):
        return replace(one, student=f"{one.student} ({origin.section})", origin=origin)
    return replace(one, origin=origin)
