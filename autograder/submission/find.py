"""Whose files a path holds, and how sure that is: one student's, a class's, a platform's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.layout import Layout

from .archive import open_archive
from .collect import collect
from .evidence import Evidence
from .hand_ins import HandIn, Sorted, entry_tree
from .intake import GivenPath, Intake, class_warnings, told_apart
from .layouts import SUBMITTED, Decider, Laid
from .model import BOUNDS, CODE, Bounds, Provenance, Submission, SubmissionError
from .platforms import recognised
from .roster import Roster
from .sorting import Sorter
from .trees import Chosen, Folder, Tree, file_entry, shown
from .versions import perhaps_one

_GIVE = "Give a student's folder, a folder of a class, a notebook, a .py file or a .zip."
NOT_ON_ROSTER = "`{student}` is not on the roster."


def one_student(
    tree: Tree, student: str, assignment: Assignment, *, bounds: Bounds = BOUNDS
) -> Submission:
    """Everything in a tree as the work of one student, whatever it is called in there."""
    return _Finder(assignment, Layout.STUDENT, None, bounds).one(tree, student)


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
    for group in finder.together([Path(os.path.abspath(path)) for path in paths]):
        laid, found = finder.at(group)
        given.append(laid)
        submissions += finder.collected(found, laid)
        warnings += class_warnings(found)
    warnings += perhaps_one(one.student for one in submissions)
    named = told_apart(submissions)
    return Intake(
        given=tuple(given),
        submissions=tuple(named),
        warnings=tuple(warnings),
        missing=roster.missing(finder.met) if roster else None,
        on_roster=len(roster.ids) if roster else 0,
    )


@dataclass(frozen=True, kw_only=True)
class PathGroup:
    """Paths that are looked at together: one, or some of the files of a download."""

    paths: tuple[Path, ...]
    download: bool = False


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

    def one(self, tree: Tree, student: str) -> Submission:
        """A tree that is known to be one student's."""
        return self._collect(self._sorter.one(tree, student, ""))

    def together(self, paths: Sequence[Path]) -> list[PathGroup]:
        """The paths; those of a platform's download that a shell has listed belong together."""
        folders: dict[Path, list[Path]] = {}
        for path in paths:
            folders.setdefault(path.parent, []).append(path)
        groups = []
        for folder, inside in folders.items():
            if self._are_a_download(folder, inside):
                groups.append(PathGroup(paths=tuple(inside), download=True))
            else:
                groups += [PathGroup(paths=(path,)) for path in inside]
        return groups

    def _are_a_download(self, folder: Path, paths: Sequence[Path]) -> bool:
        """Whether paths are called as a platform calls what one student has handed in."""
        names = [path.name for path in paths if path.exists()]
        if self._layout is Layout.AUTO and any(map(self._evidence.person_before, names)):
            return True
        layout = recognised(names, place=folder.name, slug=self._assignment.slug)
        if layout is Layout.GITHUB and not folder.name.endswith("-submissions"):
            return False  # `two-layers-submissions` may itself be the class
        return layout is not None and self._layout is Layout.AUTO and folder.name != SUBMITTED

    def at(self, group: PathGroup) -> tuple[GivenPath, Sorted]:
        """A path of any kind, or several that belong together, sorted."""
        path = group.paths[0]
        try:
            look = self._several if group.download else self._alone
            laid, found, name = look(group.paths)
        except OSError as error:
            raise SubmissionError(f"{path} cannot be read: {error.strerror or error}.") from error
        if not found.hand_ins:
            raise SubmissionError(f"{path} holds no submission. {_GIVE}")
        given = GivenPath(
            place=name,
            layout=laid.layout,
            why=laid.why,
            students=len(found.hand_ins),
            aside=tuple(found.aside),
        )
        return given, found

    def _alone(self, paths: Sequence[Path]) -> tuple[Laid, Sorted, str]:
        (path,) = paths
        laid = self._laid(path)
        if laid.layout is Layout.STUDENT:
            one = self._sorter.one(laid.tree, self._evidence.owner(path), shown(path.name))
            return laid, Sorted(hand_ins=[one]), shown(path.name)
        return laid, self._sorted(laid, path), shown(path.name)

    def _several(self, paths: Sequence[Path]) -> tuple[Laid, Sorted, str]:
        """Files and folders of one folder, by the names that a platform has given them."""
        folder = paths[0].parent
        tree = Chosen(Folder(folder), frozenset(path.name for path in paths))
        laid = self._decider.decide(tree, folder.name, zipped=False)
        return laid, self._sorted(laid, folder), shown(folder.name)

    def _sorted(self, laid: Laid, path: Path) -> Sorted:
        """The hand-ins of a class, and whether names are all that makes it one."""
        found = self._sorter.sort(laid)
        found.warnings += [laid.warning] if laid.warning else []
        plain = laid.layout in (Layout.CLASS, Layout.NBGRADER, Layout.SECTIONS)
        by_names = bool(laid.warning) or not (plain and path.is_dir())
        found.hand_ins = [
            replace(
                one,
                place=f"{shown(path.name)}/{one.place}",
                guessed=str(laid.layout) if by_names or one.guessed else "",
            )
            for one in found.hand_ins
        ]
        if self._layout is not Layout.AUTO:  # the instructor says so, and nothing is guessed
            found.hand_ins = [replace(one, guessed="") for one in found.hand_ins]
        return found

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
