"""What one student has handed in, as a tree of its own. Says where it lay; reads no content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.layout import TITLES, Layout

from .archive import Archive
from .evidence import Evidence
from .names import student_name
from .platforms import Named, Names, is_blind, moment
from .trees import Entry, Remark, Tree, shown
from .when import fact_of, read_stamp

NUMBER = "{platform}'s number: {number}"
LATE = "{platform} marks it as LATE"
ATTEMPTS = "{count} attempts: the last with files, of {last}, is graded; not graded: {others}"
UNORDERED = (
    "The dates of {count} attempts by `{student}` cannot be read ({dates}). The one of {last} was"
    " graded; check that it is the last."
)
EMPTY_LATER = "The attempt of {when} by `{student}` has no file; the one of {last} was graded."
TEXT = "text that was typed into {platform} is not graded: {names}"
TWICE = "`{name}` is there {count} times; the later upload counts"
SAME_NAME = (
    "`{person}` is the name of {count} people. They are told apart by {platform}'s numbers: {ids}."
)


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """The files of one student, or of a group, before any of them is read.

    Attributes
    ----------
    student : the id, as far as the names tell it.
    people : for everyone who hands in together, what a roster may know them by; best known first.
    tree : the files. `place` says where they lay.
    section : the folder of the section, where a class has several.
    facts, warnings, guessed : see `Provenance`.
    problems : sentences for the student.
    """

    student: str
    tree: Tree
    place: str
    people: tuple[tuple[str, ...], ...] = ()
    section: str = ""
    facts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    guessed: str = ""
    problems: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Sorted:
    """A tree, sorted: whose is what, and what is nobody's.

    Attributes
    ----------
    nobody : files and folders with work in them that belong to no student.
    aside : those without, such as a platform's overview page.
    warnings : sentences about the tree as a whole.
    """

    hand_ins: list[HandIn] = field(default_factory=list)
    nobody: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def by_platform(tree: Tree, layout: Layout, names: Names, evidence: Evidence) -> list[HandIn]:
    """The hand-ins of a platform's download, by what it says in the names in the tree."""
    people: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, named in names.items():
        people[named.person, named.number].append(name)
    ids = _ids(people, layout)
    return [
        _Person(tree, layout, {name: names[name] for name in own}, evidence).hand_in(*ids[key])
        for key, own in people.items()
    ]


def _ids(people: Iterable[tuple[str, str]], layout: Layout) -> dict[tuple[str, str], Identified]:
    """An id for each person and number, and a warning where two share a name."""
    numbers: dict[str, list[str]] = defaultdict(list)
    for person, number in people:
        numbers[person].append(number)
    ids = {}
    for person, all_of_them in numbers.items():
        for number in all_of_them:
            if number and is_blind(person):
                ids[person, number] = (student_name(f"{person} {number}"), "")
            elif len(all_of_them) > 1:
                said = ", ".join(f"`{person}_{other}`" for other in sorted(all_of_them))
                warning = SAME_NAME.format(
                    person=shown(person), count=len(all_of_them), platform=TITLES[layout], ids=said
                )
                ids[person, number] = (student_name(f"{person}_{number}"), warning)
            else:
                ids[person, number] = (student_name(person), "")
    return ids


Identified = tuple[str, str]


class _Person:
    """What a platform has of one person: files and folders, in one or more attempts."""

    def __init__(self, tree: Tree, layout: Layout, names: Names, evidence: Evidence) -> None:
        self._tree = tree
        self._layout = layout
        self._title = TITLES[layout]
        self._names = names
        self._evidence = evidence
        self._folders = set(tree.folders())
        attempts = {named.when for named in names.values()}
        self._attempts = sorted(attempts, key=moment)
        with_files = {named.when for named in names.values() if not named.text}
        self._last = [when for when in self._attempts if when in with_files or not with_files][-1]

    def hand_in(self, student: str, warning: str) -> HandIn:
        """The last attempt that has files, and what there is to say about the others."""
        one = next(iter(self._names.values()))
        work = {
            name: named
            for name, named in self._names.items()
            if named.when == self._last and not named.text
        }
        tree, twice = self._own_tree(work)
        return HandIn(
            student=student,
            people=((*filter(None, [one.number]), one.person),),
            tree=tree,
            place=place_of(list(work) or list(self._names)),
            facts=(*self._facts(), *twice),
            warnings=(*filter(None, [warning]), *self._warnings(student)),
        )

    def _facts(self) -> list[str]:
        last = [named for named in self._names.values() if named.when == self._last]
        texts = sorted(name for name, named in self._names.items() if named.text)
        facts = []
        if last[0].number:
            facts.append(NUMBER.format(platform=self._title, number=last[0].number))
        if any(named.late for named in last):
            facts.append(LATE.format(platform=self._title))
        if len(self._attempts) > 1:
            others = ", ".join(when for when in self._attempts if when != self._last)
            facts.append(ATTEMPTS.format(count=len(self._attempts), last=self._last, others=others))
        if texts and self._layout is not Layout.BLACKBOARD:  # whose texts are receipts
            names = ", ".join(f"`{shown(name)}`" for name in texts)
            facts.append(TEXT.format(platform=self._title, names=names))
        handed_in = read_stamp(moment(self._last)[0])
        if handed_in is not None:
            facts.append(fact_of(handed_in))
        return facts

    def _warnings(self, student: str) -> list[str]:
        warnings = []
        if len(self._attempts) > 1 and not all(moment(when)[0] for when in self._attempts):
            warnings.append(
                UNORDERED.format(
                    count=len(self._attempts),
                    student=student,
                    dates="; ".join(self._attempts),
                    last=self._last,
                )
            )
        if self._attempts[-1] != self._last:
            warnings.append(
                EMPTY_LATER.format(when=self._attempts[-1], student=student, last=self._last)
            )
        return warnings

    def _own_tree(self, work: Names) -> tuple[Tree, list[str]]:
        """The files under their own names, and what to say about names that are there twice."""
        if len(work) == 1:
            (name,) = work
            if name in self._folders:
                return self._tree.enter(name), []
        members: dict[str, Entry] = {}
        remarks: list[Remark] = []
        counts: dict[str, int] = defaultdict(int)
        for name, named in sorted(work.items(), key=lambda item: item[1].order):
            if name in self._folders:
                found = self._tree.enter(name).scan(self._evidence.bounds)
                prefix = f"{named.file}/" if named.file else ""
                members |= {prefix + one.path: one.at(prefix + one.path) for one in found.entries}
                remarks += found.remarks
            else:
                own = self._evidence.home(named.file or name)
                counts[own] += 1
                members[own] = self._tree.entry(name).at(own)
        twice = [
            TWICE.format(name=shown(own), count=count) for own, count in counts.items() if count > 1
        ]
        return Archive(members, tuple(remarks)), twice


def place_of(names: Iterable[str]) -> str:
    """Where files lay, in short."""
    first, *more = sorted(names)
    if not more:
        return shown(first)
    return f"{shown(first)} and {len(more)} more file{'s' if len(more) > 1 else ''}"


def entry_tree(entry: Entry) -> Archive:
    """One file as a tree."""
    return Archive({entry.path: entry})


def number_of_people(names: Mapping[str, Named]) -> int:
    """How many people a platform's names are of."""
    return len({(named.person, named.number) for named in names.values()})


def unreadable_tree(text: str) -> Archive:
    """A tree without files, and why."""
    return Archive({}, (Remark(path="", text=text),))
