"""Whose files a path holds: one student's, a class's, nbgrader's. Decides by names alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder.assignment import Assignment

from .archive import Archive, archive_in, open_archive
from .arrange import copy_number
from .collect import collect
from .model import BOUNDS, CODE, OTHER_ARCHIVES, Bounds, Submission, SubmissionError
from .names import distinct, student_name
from .trees import Entry, Folder, Remark, Tree, file_entry

_GIVE = "Give a student's folder, a folder of a class, a notebook, a .py file or a .zip."
_PACKED = "submission"  # what the last cell of a lesson calls its zip
_SUBMITTED = "submitted"  # nbgrader's name for the folder of what students handed in


def find_submissions(
    path: Path, assignment: Assignment, *, bounds: Bounds = BOUNDS
) -> list[Submission]:
    """Every submission at `path`, in order of student.

    Parameters
    ----------
    path : one student's folder, notebook, module or zip; a folder or zip of many; or nbgrader's
        ``submitted/`` tree, its course folder, or one student's folder in it.
    assignment : which files are looked for, and where they belong.
    bounds : how much of each submission is read.

    Raises
    ------
    SubmissionError : `path` does not exist, cannot be read or holds nothing. What is wrong with
        one student's files is never raised: it is a sentence in `Submission.problems`.
    """
    path = Path(os.path.abspath(path))
    try:
        found = list(_Finder(assignment, bounds).at(path))
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not found:
        raise SubmissionError(f"{path} holds no submission. {_GIVE}")
    return distinct(sorted(found, key=lambda submission: submission.student))


class _Finder:
    """The rules for telling one student's files from a class's."""

    def __init__(self, assignment: Assignment, bounds: Bounds) -> None:
        self.assignment = assignment
        self.bounds = bounds
        self.slug = assignment.slug
        self.own = assignment.editable
        self.base_names = {PurePosixPath(path).name for path in self.own} - {"__init__.py"}

    def at(self, path: Path) -> Iterator[Submission]:
        """The submissions at a path of any kind."""
        suffix = path.suffix.casefold()
        if path.is_dir():
            yield from self._in_folder(path)
        elif not path.exists():
            raise SubmissionError(f"{path} does not exist. {_GIVE}")
        elif suffix == ".zip" and path.is_file():
            yield from self._in_zip(path)
        elif suffix in CODE and path.is_file():
            entry = file_entry(path, path.name)
            yield self._collect(Archive({entry.path: entry}), self._owner(path))
        else:
            raise SubmissionError(f"{path} is no submission. {_GIVE}")

    def _in_folder(self, path: Path) -> Iterator[Submission]:
        tree = Folder(path)
        if path.parent.name == _SUBMITTED or self._is_one_student(tree):
            yield self._collect(self._entered(tree), self._owner(path))
        elif _SUBMITTED in tree.folders():
            yield from self._class(tree.enter(_SUBMITTED), nbgrader=True)
        else:
            yield from self._class(tree, nbgrader=path.name == _SUBMITTED)

    def _in_zip(self, path: Path) -> Iterator[Submission]:
        tree: Tree = open_archive(path, self.bounds)
        nbgrader = False
        for _ in range(self.bounds.depth):
            if self._is_one_student(tree) or len(tree.folders()) != 1 or tree.files():
                break
            nbgrader = tree.folders() == [_SUBMITTED]
            tree = tree.enter(tree.folders()[0])
        if self._is_class(tree):
            yield from self._class(tree, nbgrader=nbgrader)
        else:
            yield self._collect(self._entered(tree), self._owner(path))

    def _is_one_student(self, tree: Tree) -> bool:
        """Whether released files, or what is left of them, lie in `tree` itself."""
        folders, files = tree.folders(), tree.files()
        if any(tree.has(path) for path in self.own) or self.assignment.package in folders:
            return True
        if self.slug in folders or self.base_names & set(files) or self._copies(files):
            return True
        if len(folders) == 1 and _plain(self.slug) in _plain(folders[0]):
            return True
        return not folders and bool(files) and all(not _is_submission(name) for name in files)

    def _copies(self, files: list[str]) -> bool:
        wanted = [path for path in self.own if path.endswith(".ipynb")]
        wanted += [f"{self.slug}.zip", f"{_PACKED}.zip"]
        return any(copy_number(name, path) is not None for name in files for path in wanted)

    def _is_class(self, tree: Tree) -> bool:
        """Whether a zip holds several submissions of the same kind, as a course's download does."""
        if self._is_one_student(tree):
            return False
        loose = [name for name in tree.files() if _is_submission(name)]
        folders = [name for name in tree.folders() if self._has_work(tree.enter(name))]
        return len(loose) > 1 or len(folders) > 1

    def _has_work(self, tree: Tree) -> bool:
        wanted = (*CODE, ".zip")
        return any(e.path.casefold().endswith(wanted) for e in tree.scan(self.bounds).entries)

    def _class(self, tree: Tree, *, nbgrader: bool) -> Iterator[Submission]:
        for folder in tree.folders():
            submission = self._child(tree.enter(folder), student_name(folder), nbgrader)
            if submission:
                yield submission
        for name in tree.files():
            submission = self._loose(tree.entry(name))
            if submission:
                yield submission

    def _child(self, tree: Tree, student: str, nbgrader: bool) -> Submission | None:
        """The submission in a student's folder; one that is unreadable does not stop the class."""
        try:
            if self._is_for_another(tree, nbgrader=nbgrader):
                return None
            return self._collect(self._entered(tree), student)
        except OSError as error:
            text = f"The folder cannot be read: {error.strerror or error}."
            return Submission(student=student, files={}, problems=(text,))

    def _is_for_another(self, tree: Tree, *, nbgrader: bool) -> bool:
        """Whether a student's folder is nbgrader's, and has other assignments than this one."""
        folders = tree.folders()
        if self.slug in folders or tree.files():
            return False
        others = set(self.assignment.course.slugs)
        return nbgrader or (bool(folders) and set(folders) <= others)

    def _loose(self, entry: Entry) -> Submission | None:
        """The submission that one file of a class's folder is, if it is one."""
        student = student_name(PurePosixPath(entry.path).stem)
        suffix = PurePosixPath(entry.path).suffix.casefold()
        if suffix == ".zip":
            return self._collect(archive_in(entry, self.bounds), student)
        if suffix == ".ipynb" or (suffix == ".py" and self._is_one_module()):
            return self._collect(Archive({entry.path: entry}), student)
        if suffix in OTHER_ARCHIVES:
            text = f"`{entry.path}` cannot be opened: hand in a .zip, or the files themselves."
            return self._collect(Archive({}, (Remark(path="", text=text),)), student)
        return None

    def _is_one_module(self) -> bool:
        return sum(path.endswith(".py") for path in self.own) == 1

    def _entered(self, tree: Tree) -> Tree:
        """Go into the folder named like the assignment, unless released files lie outside."""
        direct = any(tree.has(path) for path in self.own)
        return tree.enter(self.slug) if self.slug in tree.folders() and not direct else tree

    def _owner(self, path: Path) -> str:
        """Whose file or folder it is: the nearest name that is not one of the assignment's own."""
        own = {self.slug, self.assignment.package, _PACKED}
        own |= {PurePosixPath(name).stem for name in self.base_names}
        names = [path.stem if path.is_file() else path.name]
        names += [parent.name for parent in path.parents if parent.name]
        return student_name(next((name for name in names if not _is_any_of(own, name)), names[0]))

    def _collect(self, tree: Tree, student: str) -> Submission:
        return collect(tree, student, self.assignment, self.bounds)


def _is_submission(name: str) -> bool:
    return name.casefold().endswith((".ipynb", ".zip", *OTHER_ARCHIVES))


def _is_any_of(names: set[str], name: str) -> bool:
    """Whether a name, or the name of what it is a copy of, is one of `names`."""
    return any(copy_number(f"{name}.x", f"{own}.x") is not None for own in names)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
