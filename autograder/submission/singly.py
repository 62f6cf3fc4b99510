"""Files of a class that are called after their owners: ``Jane Doe - hw1.ipynb``, as Google does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.layout import Layout

from .archive import Archive
from .evidence import BETWEEN, Evidence
from .hand_ins import HandIn, place_of
from .names import student_name
from .trees import Entry, Tree


@dataclass(kw_only=True)
class Singly:
    """The hand-ins of those whose names stand before a released one, and the other files."""

    hand_ins: list[HandIn] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def by_person(tree: Tree, files: Iterable[str], evidence: Evidence) -> Singly:
    """Group the files in a tree by the person before the name of a released file."""
    found = Singly()
    people: dict[str, dict[str, Entry]] = defaultdict(dict)
    for name in files:
        person = evidence.person_before(name)
        if person:
            people[student_name(person)][name.partition(BETWEEN)[2]] = tree.entry(name)
        else:
            found.others.append(name)
    found.hand_ins += [_hand_in(person, entries, evidence) for person, entries in people.items()]
    return found


def _hand_in(student: str, entries: dict[str, Entry], evidence: Evidence) -> HandIn:
    members = {evidence.home(own): entry for own, entry in entries.items()}
    return HandIn(
        student=student,
        tree=Archive({path: entry.at(path) for path, entry in members.items()}),
        place=place_of(entry.path for entry in entries.values()),
        people=((student,),),
        guessed=str(Layout.CLASS),  # a student may call own files so
    )
