"""Whose files a path holds, and how sure that is: one student's, a class's, a platform's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.layout import Layout

from .archive import open_archive
from .collect import collect
from .evidence import Evidence
from .hand_ins import HandIn, Sorted, entry_tree
from .layouts import SUBMITTED, Decider, Laid
from .model import BOUNDS, CODE, Bounds, Provenance, Submission, SubmissionError
from .names import distinct
from .roster import Roster
from .sorting import Sorter
from .trees import Folder, Tree, file_entry, shown

_GIVE = "Give a student's folder, a folder of a class, a notebook, a .py file or a .zip."
NOBODY = "{names} {verb} to no student and {past} not graded."
TWO_OF_ONE_ID = "`{student}` is the id of {count} submissions: {places}."
NOT_ON_ROSTER = "`{student}` is not on the roster."


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


def find_submissions(
    path: Path, assignment: Assignment, *, bounds: Bounds = BOUNDS
) -> list[Submission]:
    """Every submission at `path`, in order of student.

    Parameters
    ----------
    path : one student's folder, notebook, module or zip; a folder or zip of many; a platform's
        download; or nbgrader's ``submitted/`` tree, its course folder, or one student's folder.
    assignment : which files are looked for, and where they belong.
    bounds : how much of each submission is read.

    Raises
    ------
    SubmissionError : `path` does not exist, cannot be read or holds nothing. What is wrong with
        one student's files is never raised: it is a sentence in `Submission.problems`.
    """
    return list(take_in([path], assignment, bounds=bounds).submissions)


def take_in(
    paths: Sequence[Path],
    assignment: Assignment,
    *,
    layout: Layout = Layout.AUTO,
    roster: Roster | None = None,
    bounds: Bounds = BOUNDS,
) -> Intake:
    """Every submission at the paths, and what an instructor should look at before grading.

    Parameters
    ----------
    layout : how the files lie in each path; by default it is decided by their names.
    roster : who takes part; ids become those of the roster.

    Raises
    ------
    SubmissionError : see `find_submissions`; also where a path is not of the layout asked for.
    """
    finder = _Finder(assignment, layout, roster, bounds)
    given, submissions, warnings = [], [], []
    for path in paths:
        laid, found = finder.at(Path(os.path.abspath(path)))
        given.append(laid)
        submissions += finder.collected(found, laid)
        warnings += _warnings(found)
    named = _told_apart(submissions)
    return Intake(
        given=tuple(given),
        submissions=tuple(named),
        warnings=tuple(warnings),
        missing=roster.missing(finder.met) if roster else None,
        on_roster=len(roster.ids) if roster else 0,
    )


class _Finder:
    """Looks at paths, for one assignment."""

    def __init__(
        self, assignment: Assignment, layout: Layout, roster: Roster | None, bounds: Bounds
    ) -> None:
        self.met: set[str] = set()
        self._assignment = assignment
        self._layout = layout
        self._roster = roster
        self._bounds = bounds
        self._evidence = Evidence(assignment, bounds)
        self._decider = Decider(self._evidence)
        self._sorter = Sorter(self._evidence, self._decider, bounds)

    def at(self, path: Path) -> tuple[GivenPath, Sorted]:
        """A path of any kind, sorted."""
        try:
            laid, found = self._sorted(path)
        except OSError as error:
            raise SubmissionError(f"{path} cannot be read: {error.strerror or error}.") from error
        if not found.hand_ins:
            raise SubmissionError(f"{path} holds no submission. {_GIVE}")
        given = GivenPath(
            place=shown(path.name),
            layout=laid.layout,
            why=laid.why,
            students=len(found.hand_ins),
            aside=tuple(found.aside),
        )
        return given, found

    def _sorted(self, path: Path) -> tuple[Laid, Sorted]:
        laid = self._laid(path)
        name = shown(path.name)
        if laid.layout is Layout.STUDENT:
            one = self._sorter.one(laid.tree, self._evidence.owner(path), name)
            return laid, Sorted(hand_ins=[one])
        found = self._sorter.sort(laid)
        found.warnings += [laid.warning] if laid.warning else []
        # Where a zip or names alone say that it is a class, a student may have chosen them.
        plain = laid.layout in (Layout.CLASS, Layout.NBGRADER, Layout.SECTIONS)
        by_names = bool(laid.warning) or not (plain and path.is_dir())
        if self._layout is not Layout.AUTO:
            found.hand_ins = [replace(one, place=f"{name}/{one.place}") for one in found.hand_ins]
            return laid, found
        found.hand_ins = [
            replace(
                one,
                place=f"{name}/{one.place}",
                guessed=str(laid.layout) if by_names or one.guessed else "",
            )
            for one in found.hand_ins
        ]
        return laid, found

    def _laid(self, path: Path) -> Laid:
        tree = self._tree(path)
        if self._layout is not Layout.AUTO:
            return self._decider.asked(self._layout, tree, path.name)
        if path.is_dir() and path.parent.name == SUBMITTED:
            why = f"it lies in `{SUBMITTED}`"
            return Laid(layout=Layout.STUDENT, tree=tree, place=path.name, why=why)
        if path.suffix.casefold() in CODE and not path.is_dir():
            return Laid(layout=Layout.STUDENT, tree=tree, place=path.name, why="")
        return self._decider.decide(tree, path.name, zipped=not path.is_dir())

    def _tree(self, path: Path) -> Tree:
        suffix = path.suffix.casefold()
        if path.is_dir():
            return Folder(path)
        if not path.exists():
            raise SubmissionError(f"{path} does not exist. {_GIVE}")
        if suffix == ".zip" and path.is_file():
            return open_archive(path, self._bounds)
        if suffix in CODE and path.is_file():
            return entry_tree(file_entry(path, path.name))
        raise SubmissionError(f"{path} is no submission. {_GIVE}")

    def collected(self, found: Sorted, given: GivenPath) -> list[Submission]:
        """The submissions, read, in order of student."""
        read = [self._collect(one) for one in found.hand_ins]
        return sorted(read, key=lambda submission: submission.student)

    def _collect(self, hand_in: HandIn) -> Submission:
        student, warnings = self._identified(hand_in)
        if hand_in.problems:
            read = Submission(student=student, files={}, problems=hand_in.problems)
        else:
            try:
                read = collect(hand_in.tree, student, self._assignment, self._bounds)
            except OSError as error:
                text = f"The folder cannot be read: {error.strerror or error}."
                read = Submission(student=student, files={}, problems=(text,))
        section = (f"section {hand_in.section}",) if hand_in.section else ()
        origin = Provenance(
            place=hand_in.place,
            facts=(*section, *hand_in.facts),
            warnings=(*hand_in.warnings, *warnings),
            guessed=hand_in.guessed,
            section=hand_in.section,
        )
        return replace(read, origin=origin)

    def _identified(self, hand_in: HandIn) -> tuple[str, list[str]]:
        """The id of the roster, or else of the names; and what is wrong with it."""
        if self._roster is None:
            return hand_in.student, []
        found = [self._roster.find(keys) for keys in hand_in.people or ((hand_in.student,),)]
        warnings = [text for one in found for text in one.warnings]
        ids = [one.id for one in found if one.id]
        self.met |= set(ids)
        if len(ids) < len(found):
            text = NOT_ON_ROSTER.format(student=hand_in.student)
            return hand_in.student, warnings or [text]
        return " + ".join(sorted(ids)), warnings


def _warnings(found: Sorted) -> list[str]:
    if not found.nobody:
        return found.warnings
    names = ", ".join(f"`{shown(name)}`" for name in found.nobody[:5])
    names += f" and {len(found.nobody) - 5} more" if len(found.nobody) > 5 else ""
    one = len(found.nobody) == 1
    said = {"verb": "belongs" if one else "belong", "past": "was" if one else "were"}
    return [*found.warnings, NOBODY.format(names=names, **said)]


def _told_apart(submissions: Iterable[Submission]) -> list[Submission]:
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
