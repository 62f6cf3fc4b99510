"""What tells one student's files from a class's: the names that the assignment has released.

Looks at names alone, and opens zips for theirs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.assignment import Assignment, load_assignment
from autograder.layout import Layout

from .archive import archive_in
from .arrange import copy_number
from .model import CODE, OTHER_ARCHIVES, Bounds, stem
from .names import student_name
from .platforms import read_names, recognised
from .trees import Entry, Tree
from .versions import is_version

ATTACHED = "Submission attachment(s)"  # Sakai's name for the folder of what was handed in
BETWEEN = " - "  # what Google writes between a person and the name of a file
PACKED = "submission"  # what the last cell of a lesson calls its zip
# What a download of a whole class is called, and a student is not.
_OF_A_CLASS = re.compile(
    r".*(?:submissions|students|class|download|export|gradebook|section|group|everyone|alle?|bulk)\b.*"
    r"|onedrive \d.*|takeout\b.*|.*-\d{8}t\d{6}z-\d.*|submitted files",
    re.IGNORECASE,
)


class Evidence:
    """Whether a tree is one student's, by the paths of one assignment."""

    def __init__(self, assignment: Assignment, bounds: Bounds) -> None:
        self.bounds = bounds
        self.slug = assignment.slug
        self._assignment = assignment
        self._own = assignment.editable
        self.lessons = {PurePosixPath(path).name for path in assignment.notebooks}
        self.others = {
            slug: partial(load_assignment, slug, assignment.course)
            for slug in assignment.course.slugs
            if slug != assignment.slug
        }
        self._base_names = {PurePosixPath(path).name for path in self._own} - {"__init__.py"}
        self._inner = {part for path in self._own for part in PurePosixPath(path).parts[:-1]}

    def is_one_student(self, tree: Tree) -> bool:
        """Whether released files, or what is left of them, lie in `tree` itself."""
        folders, files = tree.folders(), tree.files()
        if len(set(filter(None, map(self.person_before, files)))) > 1:
            return False
        if self.is_direct(tree) or {self._assignment.package, ATTACHED} & set(folders):
            return True
        if self.slug in folders or self._base_names & set(files) or self._copies(files):
            return True
        if len(folders) == 1 and plain(self.slug) in plain(folders[0]):
            return True
        if self._are_all_lessons(files):
            return True
        return not folders and bool(files) and all(not is_packed(name) for name in files)

    def _are_all_lessons(self, files: list[str]) -> bool:
        """Whether the notebooks are the assignment's several ones, under names of one's own."""
        lessons = [plain(PurePosixPath(path).stem) for path in self._own if path.endswith(".ipynb")]
        named = [plain(name) for name in files if name.casefold().endswith(".ipynb")]
        met = [max((one for one in lessons if one in name), key=len, default="") for name in named]
        return len(met) > 1 and all(met) and len(set(met)) == len(met)

    def is_direct(self, tree: Tree) -> bool:
        """Whether a released file is at its own place in the tree."""
        return any(tree.has(path) for path in self._own)

    def share(self, tree: Tree) -> float:
        """Which part of the released files is at its own place in the tree."""
        return sum(tree.has(path) for path in self._own) / max(len(self._own), 1)

    def students(self, tree: Tree) -> list[str]:
        """The folders directly in a tree that look each like one student's, and like no version."""
        return [
            name
            for name in tree.folders()
            if name not in self._inner
            and not is_version(name)
            and self._is_students(tree.enter(name))
        ]

    def _is_students(self, tree: Tree) -> bool:
        if ATTACHED in tree.folders():
            return True
        inner = tree.enter(self.slug) if self.slug in tree.folders() else tree
        return self.is_direct(inner) or bool(self._base_names & set(inner.files()))

    def has_work(self, tree: Tree) -> bool:
        """Whether there is any code or zip in the tree."""
        wanted = (*CODE, ".zip")
        entries = tree.scan(self.bounds).entries
        return any(entry.path.casefold().endswith(wanted) for entry in entries)

    def several(self, tree: Tree) -> list[str]:
        """The folders that have one and the same released file, as several people's work does.

        Folders that are called like versions of somebody's work (``old``) do not count, nor do
        those at the same place inside of them; what all have around their files, as ``hw1``, says
        nothing. None where there is one.
        """
        entries = self._entries(tree.enter(ATTACHED) if ATTACHED in tree.folders() else tree)
        places: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            for path in self._own:
                if entry.path == path or entry.path.endswith("/" + path):
                    places[path].add(entry.path.removesuffix(path).rstrip("/"))
        named = {path: found for path, found in places.items() if not path.endswith("__init__.py")}
        most = max(named.values(), key=len, default=set())
        parts = {place: set(place.split("/")) for place in most}
        same = set.intersection(*parts.values()) if parts else set()
        people = [place for place in most if not any(map(is_version, parts[place] - same))]
        return sorted(people) if len(people) > 1 else []

    def _entries(self, tree: Tree) -> list[Entry]:
        entries = tree.scan(self.bounds).entries
        zips = [entry for entry in entries if entry.path.casefold().endswith(".zip")]
        if len(zips) == 1 and not any(entry.path.endswith(CODE) for entry in entries):
            return archive_in(zips[0], self.bounds).scan(self.bounds).entries
        return entries

    def platform(self, tree: Tree, place: str) -> Layout | None:
        """The platform of whose form most of the names in the tree are that may have work."""
        names = [*tree.folders(), *tree.files()]
        layout = recognised(names, place=place, slug=self.slug)
        if layout is None or layout is Layout.GRADESCOPE:
            return layout
        read = read_names(layout, names, place=place, slug=self.slug)
        other = [name for name in names if name not in read and self._may_be_work(tree, name)]
        return layout if len(other) <= len(read) / 2 else None

    def _may_be_work(self, tree: Tree, name: str) -> bool:
        if name in tree.folders():
            return self.has_work(tree.enter(name))
        return is_packed(name) or name.casefold().endswith(CODE)

    def is_of_lesson(self, name: str) -> bool:
        """Whether a file is called like a released notebook or module, or a copy of one."""
        return any(
            copy_number(name, PurePosixPath(path).name) is not None
            for path in self._own
            if not path.endswith("__init__.py")
        )

    def person_before(self, name: str) -> str:
        """Whose name stands before that of a released file, as in ``Jane Doe - hw1.ipynb``."""
        person, between, own = name.partition(BETWEEN)
        sure = between and self.is_of_lesson(own) and not is_version(person)
        return person.strip() if sure else ""

    def home(self, name: str) -> str:
        """Where a file belongs that was uploaded singly, without its folder.

        The ``-1`` that a platform puts behind a name goes where what is left is a released one.
        Any other name stays as it is.
        """
        path = PurePosixPath(name)
        match = re.fullmatch(r"(.+)-\d{1,3}", path.stem)
        for own in (name, f"{match[1]}{path.suffix}" if match else name):
            homes = [one for one in self._own if PurePosixPath(one).name == own]
            if len(homes) == 1:
                return homes[0]
            if homes or own in (f"{self.slug}.zip", f"{PACKED}.zip"):
                return own
        return name

    def is_one_module(self) -> bool:
        """Whether the assignment has one module alone, so that a class may hand in that."""
        return sum(path.endswith(".py") for path in self._own) == 1

    def is_for_another(self, tree: Tree, *, nbgrader: bool) -> bool:
        """Whether a student's folder is nbgrader's, and has other assignments than this one."""
        folders = tree.folders()
        if self.slug in folders or tree.files():
            return False
        others = set(self._assignment.course.slugs)
        return nbgrader or (bool(folders) and set(folders) <= others)

    def entered(self, tree: Tree) -> Tree:
        """Go into the folder named like the assignment, unless released files lie outside.

        In what Sakai has of a student, into the folder of what was handed in: another has what the
        instructor has sent back.
        """
        if ATTACHED in tree.folders():
            return self.entered(tree.enter(ATTACHED))
        outside = (
            self.is_direct(tree)
            or self._base_names & set(tree.files())
            or any(self._is_version_of_ours(tree, name) for name in tree.folders())
        )
        inside = self.slug in tree.folders() and not outside
        return tree.enter(self.slug) if inside else tree

    def _is_version_of_ours(self, tree: Tree, name: str) -> bool:
        """Whether a folder is called after the assignment, as ``hw1_final`` beside ``hw1``."""
        like = plain(name).startswith(plain(self.slug)) and name != self.slug
        return like and name not in self.others and self._is_students(tree.enter(name))

    def owner(self, path: Path) -> str:
        """Whose file or folder it is: the nearest name that is not one of the assignment's own."""
        own = {self.slug, self._assignment.package, PACKED}
        own |= {PurePosixPath(name).stem for name in self._base_names}
        names = [stem(path.name) if path.is_file() else path.name]
        names += [parent.name for parent in path.parents if parent.name]
        return student_name(next((name for name in names if not _is_any_of(own, name)), names[0]))

    def _copies(self, files: list[str]) -> bool:
        wanted = [path for path in self._own if path.endswith(".ipynb")]
        wanted += [f"{self.slug}.zip", f"{PACKED}.zip"]
        return any(copy_number(name, path) is not None for name in files for path in wanted)


def is_packed(name: str) -> bool:
    """Whether a file may be a whole hand-in: a notebook, or files that were packed."""
    return name.casefold().endswith((".ipynb", ".zip", *OTHER_ARCHIVES))


def is_of_a_class(name: str) -> bool:
    """Whether a zip is called like a download of a class, and not like a person.

    >>> is_of_a_class("submissions (1)"), is_of_a_class("gradebook_CS1"), is_of_a_class("ada")
    (True, True, False)
    """
    return _OF_A_CLASS.fullmatch(name.replace("_", " ")) is not None


def plain(name: str) -> str:
    """A name's letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _is_any_of(names: set[str], name: str) -> bool:
    """Whether a name, or the name of what it is a copy of, is one of `names`."""
    return any(copy_number(f"{name}.x", f"{own}.x") is not None for own in names)
