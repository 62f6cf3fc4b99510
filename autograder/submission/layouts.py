"""How the files of students lie in a folder or zip: decided by names, with the reason.

What is not certain is said to be so; nothing here is read or graded.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.layout import TITLES, Layout

from .archive import archive_in
from .evidence import Evidence, is_of_a_class, is_packed
from .guesses import (
    EXAMPLES,
    GUESSED_BESIDE,
    GUESSED_CLASS,
    GUESSED_ONE,
    GUESSED_SECTIONS,
    GUESSED_SECTIONS_OF_ONE,
    NO_SECTIONS,
    NOT_OF_THE_FORM,
)
from .hand_ins import number_of_people
from .model import CODE, SubmissionError, stem
from .platforms import read_names
from .trees import Tree
from .versions import is_version

SUBMITTED = "submitted"  # nbgrader's name for the folder of what students handed in

_SECTION = re.compile(
    r"(?:(?:section|sec|tutorial|tutorium|class|course|kurs|klasse|lab|übung|exercise|period)"
    r"[\s_-]*\w{1,12}|[a-z]|\d{1,2})",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A tree with its layout.

    Attributes
    ----------
    place : the name of the folder or zip.
    why : what decided, as the end of a sentence.
    warning : what is not certain about it; empty where all is.
    """

    layout: Layout
    tree: Tree
    place: str
    why: str
    warning: str = ""


class Decider:
    """Decides the layout of trees by the evidence of one assignment."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def decide(self, tree: Tree, place: str, *, zipped: bool) -> Laid:
        """The layout of a folder, or of a zip: one is one student's unless it is plainly not."""
        chain = self._chain(tree, place)
        laid = self._plain(chain)
        if laid:
            return laid
        return self._in_zip(chain) if zipped else self._in_folder(tree, place)

    def asked(self, layout: Layout, tree: Tree, place: str) -> Laid:
        """The layout that the instructor names, in the outermost folder that has anything of it."""
        why = f"--layout {layout}"
        if layout is Layout.STUDENT:
            return Laid(layout=layout, tree=tree, place=place, why=why)
        chain = self._chain(tree, place)
        for name, inner in chain:
            if self._fits(layout, inner, name):
                return Laid(layout=layout, tree=inner, place=name, why=why)
        if layout is Layout.CLASS:
            holder = chain[-2] if len(chain) > 1 else chain[0]  # of the one student
            return Laid(layout=layout, tree=holder[1], place=holder[0], why=why)
        if layout in TITLES:
            said = {"platform": TITLES[layout], "example": EXAMPLES[layout]}
            raise SubmissionError(NOT_OF_THE_FORM.format(place=place, **said))
        raise SubmissionError(NO_SECTIONS.format(place=place))

    def _fits(self, layout: Layout, tree: Tree, place: str) -> bool:
        names = [*tree.folders(), *tree.files()]
        if layout is Layout.GRADESCOPE:
            return self._evidence.platform(tree, place) is layout
        if layout in TITLES:
            return bool(read_names(layout, names, place=place, slug=self._evidence.slug))
        if layout is Layout.NBGRADER:
            return bool(tree.folders())
        return len(names) > 1 and not self._evidence.is_one_student(tree)

    def _chain(self, tree: Tree, place: str) -> list[tuple[str, Tree]]:
        """The tree, and the folders in it that are each alone in the one before."""
        chain = [(place, tree)]
        for _ in range(self._evidence.bounds.depth):
            inner = chain[-1][1]
            folders = inner.folders()
            if len(folders) != 1 or inner.files() or self._evidence.is_one_student(inner):
                break
            chain.append((folders[0], inner.enter(folders[0])))
        return chain

    def _plain(self, chain: list[tuple[str, Tree]]) -> Laid | None:
        """A layout that the names leave no doubt about, or several students of a folder."""
        looks = (self._platform, self._nbgrader, self._sections, self._download_in)
        found = (
            look(inner, name)
            for look in looks
            # Of folders of sections the innermost that there are.
            for name, inner in (chain[::-1] if look == self._sections else chain)
        )
        return next(filter(None, found), None)

    def _platform(self, tree: Tree, place: str) -> Laid | None:
        platform = self._evidence.platform(tree, place)
        if platform is None:
            return None
        return Laid(layout=platform, tree=tree, place=place, why="by the names in it")

    def _nbgrader(self, tree: Tree, place: str) -> Laid | None:
        if self._evidence.is_one_student(tree):
            return None
        if SUBMITTED in tree.folders():
            inner = tree.enter(SUBMITTED)
            return Laid(layout=Layout.NBGRADER, tree=inner, place=SUBMITTED, why="")
        if place == SUBMITTED:
            return Laid(layout=Layout.NBGRADER, tree=tree, place=place, why="")
        return None

    def _in_folder(self, tree: Tree, place: str) -> Laid:
        if self._evidence.is_one_student(tree):
            return self._beside(tree, place) or self._one(tree, place)
        people = list(itertools.islice(self._people(tree), 2))  # more are not asked for
        if not people and any(self._with_work(tree)):
            return self._one(tree, place)
        warning = ""
        if len(people) == 1 and not _is_no_person(place):
            student = people[0] if people[0] in tree.folders() else stem(people[0])
            warning = GUESSED_ONE.format(place=place, student=student)
        return Laid(layout=Layout.CLASS, tree=tree, place=place, why="", warning=warning)

    def _in_zip(self, chain: list[tuple[str, Tree]]) -> Laid:
        (place, outer), (_, inner) = chain[0], chain[-1]
        called = stem(place)
        if self._evidence.is_one_student(inner):
            student = chain[-1][0]
            if len(chain) > 1 and is_of_a_class(called) and not is_version(student):
                return self._class_of_one(chain[-2], place, student)
            return self._beside(inner, place) or self._one(outer, place)
        people = list(self._people(inner))
        count = len(people)
        if count == 1 and is_of_a_class(called) and people[0] in inner.folders():
            return self._class_of_one(chain[-1], place, people[0])
        if count < 2:
            return self._one(outer, place)
        warning = "" if is_of_a_class(called) else GUESSED_CLASS.format(place=place, count=count)
        return Laid(layout=Layout.CLASS, tree=inner, place=place, why="", warning=warning)

    def _class_of_one(self, holder: tuple[str, Tree], place: str, student: str) -> Laid:
        warning = GUESSED_ONE.format(place=place, student=student)
        why = "a zip of this name is a class's"
        return Laid(layout=Layout.CLASS, tree=holder[1], place=place, why=why, warning=warning)

    def _one(self, tree: Tree, place: str) -> Laid:
        return Laid(layout=Layout.STUDENT, tree=tree, place=place, why="")

    def _beside(self, tree: Tree, place: str) -> Laid | None:
        """A class whose folder has some of the assignment's files itself."""
        inside = [name for name in self._evidence.several(tree) if name]
        if len(inside) < 2 or self._evidence.share(tree) > 0.5:
            return None
        warning = GUESSED_BESIDE.format(place=place, count=len(inside))
        why = "several folders have the assignment's files"
        return Laid(layout=Layout.CLASS, tree=tree, place=place, why=why, warning=warning)

    def _with_work(self, tree: Tree) -> Iterator[str]:
        yield from (name for name in tree.files() if is_packed(name))
        yield from (name for name in tree.folders() if self._evidence.has_work(tree.enter(name)))

    def _people(self, tree: Tree) -> Iterator[str]:
        """What has work in it, and is not called like a version of it."""
        named = self._with_work(tree)
        return (name for name in named if not is_version(stem(name)))

    def _download_in(self, tree: Tree, place: str) -> Laid | None:
        """A platform's download that lies, still packed, in a folder where no other work is."""
        zips = [name for name in tree.files() if name.casefold().endswith(".zip")]
        if (
            self._evidence.is_one_student(tree)
            or len(zips) != 1
            or any(name.endswith(CODE) for name in tree.files())
            or tree.folders()
        ):
            return None
        inner: Tree = archive_in(tree.entry(zips[0]), self._evidence.bounds)
        for name, folder in self._chain(inner, PurePosixPath(zips[0]).stem):
            platform = self._evidence.platform(folder, name)
            if platform:
                why = "by the names in it"
                return Laid(layout=platform, tree=folder, place=zips[0], why=why)
        return None

    def in_section(self, tree: Tree, place: str) -> Laid:
        """The layout of a folder, or of a platform's zip, that is known to be a section."""
        laid = self._plain(self._chain(tree, place))
        return laid or Laid(layout=Layout.CLASS, tree=tree, place=place, why="")

    # Sections -----------------------------------------------------------------------------------

    def _sections(self, tree: Tree, place: str) -> Laid | None:
        """Folders, or zips of platforms, that have each several students."""
        if self._evidence.is_one_student(tree):
            return None
        found: dict[str, int] = {}
        for name in _openable(tree):
            count = self.count_students(tree, name)
            if count:
                found[name] = count
            elif name not in tree.folders() or self._evidence.has_work(tree.enter(name)):
                return None
        sections = [name for name, count in found.items() if count > 1]
        if not sections:
            return self._sections_of_one(tree, place, found)
        warning = ""
        if min(found.values()) < 2:
            students = f"{found[sections[0]]} students"
            warning = GUESSED_SECTIONS.format(place=place, students=students, section=sections[0])
        why = "each has several students"
        return Laid(layout=Layout.SECTIONS, tree=tree, place=place, why=why, warning=warning)

    def _sections_of_one(self, tree: Tree, place: str, found: Iterable[str]) -> Laid | None:
        """Folders that are called like sections, with a folder of another student in each."""
        inside = [self._evidence.students(tree.enter(name)) for name in found
                  if name in tree.folders() and _SECTION.fullmatch(name)]  # fmt: skip
        people = {student for students in inside for student in students}
        if not 1 < len(inside) == len(list(found)) == len(people):
            return None
        warning = GUESSED_SECTIONS_OF_ONE.format(place=place)
        why = "they are called like sections"
        return Laid(layout=Layout.SECTIONS, tree=tree, place=place, why=why, warning=warning)

    def count_students(self, tree: Tree, name: str) -> int:
        """How many students a folder or zip may be of; 0 for one student's own, or for no work.

        One in a zip counts only where a platform's names say so: one zip is one student.
        """
        zipped = name not in tree.folders()
        inner = archive_in(tree.entry(name), self._evidence.bounds) if zipped else tree.enter(name)
        inner_place = PurePosixPath(name).stem if zipped else name
        for place, folder in self._chain(inner, inner_place):
            platform = self._evidence.platform(folder, place)
            if platform is Layout.GRADESCOPE:
                return max(2, len(folder.folders()))
            if platform:
                names = [*folder.folders(), *folder.files()]
                read = read_names(platform, names, place=place, slug=self._evidence.slug)
                return number_of_people(read)
        if zipped or self._evidence.is_one_student(inner):
            return 0
        zips = [name for name in inner.files() if _is_own_zip(name)]
        students = self._evidence.students(inner)
        if students or len(zips) > 1:
            return len(students) + len(zips)
        deeper = (self.count_students(inner, name) for name in inner.folders())
        return sum(count for count in deeper if count > 1)


def _openable(tree: Tree) -> list[str]:
    zips = [name for name in tree.files() if name.casefold().endswith(".zip")]
    return [*tree.folders(), *zips]


def _is_no_person(name: str) -> bool:
    return is_of_a_class(name) or is_version(name)


def _is_own_zip(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.casefold() == ".zip" and not is_version(path.stem)
