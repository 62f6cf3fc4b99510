"""Which parts of an assignment share private state, and so can only be replaced together.

A group is declared beside the hidden tests: its functions or methods, such as forward and backward
of a layer, and the checks that test them. Knows neither a submission nor how a part is replaced.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.assignment import Assignment
from autograder.sandbox.messages import CoursePart

from .check import Check, checks_package, load_checks

MOST = (
    2  # groups that stand in for one check's needs; with more, it would show too little of its own
)

TWICE = "{slug}: {id!r} is a check of two groups, {first} and {second}"
UNKNOWN = "{slug}: the group {name} names {id!r}, which is no hidden test"
NO_GROUP = "{slug}: the group {name} uses {other!r}, which is no group"
NOT_ITS_OWN = "{slug}: the group {name} calls {id!r} soft, which is not one of its checks"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Parts that share private state, and the checks of them.

    Parameters
    ----------
    checks : ids of the checks whose answer is these parts.
    parts : the functions and methods; none where the course has nothing to put in their place,
        such as for settings that the student chooses.
    soft : those of the checks that run with the student's own parts where others of this group have
        failed, because they compare values and so cannot be passed by a wrong answer.
    uses : other groups that an answer may be built on and need not be, such as one of two
        optimisers. Where a check of this group fails, and theirs have, it runs with the course's.
    """

    name: str
    checks: tuple[str, ...]
    parts: tuple[CoursePart, ...] = ()
    soft: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


def function(module: str, name: str, *, keeps: tuple[int, ...] = ()) -> CoursePart:
    """A function of a module.

    Parameters
    ----------
    keeps : the places in its result, a tuple, of what stays with the course, such as a cache.
    """
    return CoursePart(module=module, name=name, keeps=keeps)


def in_notebook(notebook: str, name: str) -> CoursePart:
    """A function that a notebook defines."""
    return CoursePart(module=notebook, name=name, notebook=True)


def method(module: str, name: str, *, keeps: tuple[str, ...] = ()) -> CoursePart:
    """A method, as in ``TwoLayerNet.loss``, that works on plain attributes of its object.

    Parameters
    ----------
    keeps : the attributes that stay with the course, such as what `forward` leaves for `backward`.
    """
    return CoursePart(module=module, name=name, kind="method", keeps=keeps)


def glue(module: str, name: str, *, theirs: tuple[str, ...] = ()) -> CoursePart:
    """A function or method that works on objects of the student's, such as layers or a network.

    It runs on the course's side, and every use of such an object is a message. What it assigns to
    their dictionaries and attributes is assigned there.

    Parameters
    ----------
    theirs : the names, such as classes of layers, that mean those of the student's module.
    """
    return CoursePart(module=module, name=name, kind="glue", theirs=theirs)


@dataclass(frozen=True)
class Groups:
    """The groups of one assignment, none where nothing is declared."""

    of_check: Mapping[str, Group] = field(default_factory=dict)

    def replaced(self, check: str, failed: Iterable[str]) -> tuple[Group, ...] | None:
        """The groups to be replaced so that a check shows what the student's own part is worth.

        Parameters
        ----------
        check : the id of a check whose needs did not pass.
        failed : the checks on whose own account that is so.

        Returns
        -------
        None where the check stays skipped: nothing in it is the student's own, its own group is
        among those that failed, too many have, or the course has nothing to put in their place.
        """
        own = self.of_check.get(check)
        if own is None:
            return None
        others: dict[str, Group] = {}
        for id in failed:
            group = self.of_check.get(id)
            if group is None:
                return None
            if group is not own:
                others[group.name] = group
            elif check not in own.soft:
                return None
        if len(others) > MOST or not all(group.parts for group in others.values()):
            return None
        return tuple(others.values())

    def shares_with(self, check: str, failed: Iterable[str]) -> bool:
        """Whether a check is of the same group as one of those that failed."""
        own = self.of_check.get(check)
        return own is not None and any(self.of_check.get(id) is own for id in failed)

    def used(self, check: str) -> frozenset[str]:
        """The checks of the groups that a check's answer may be built on."""
        own = self.of_check.get(check)
        names = own.uses if own else ()
        return frozenset(id for id, group in self.of_check.items() if group.name in names)

    @property
    def all(self) -> tuple[Group, ...]:
        """Every group that has a check."""
        return tuple({group.name: group for group in self.of_check.values()}.values())

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that have parts; no notebooks."""
        parts = (part for group in self.all for part in group.parts if not part.notebook)
        return tuple(dict.fromkeys(part.module for part in parts))

    def names(self, module: str) -> frozenset[str]:
        """The functions and classes of a module that are parts, or have some."""
        parts = (part for group in self.all for part in group.parts if part.module == module)
        return frozenset(part.name.partition(".")[0] for part in parts)

    def of_names(self, module: str, name: str = "") -> tuple[Group, ...]:
        """The groups with a part in a module, or in one function or class of it."""
        return tuple(
            group
            for group in self.all
            if any(
                part.module == module and name in ("", part.name.partition(".")[0])
                for part in group.parts
            )
        )

    def short_names(self, failed: Iterable[str]) -> tuple[str, ...]:
        """The short names of what was replaced for these failed checks, as a student reads them."""
        names: dict[str, None] = {}
        for id in failed:
            group = self.of_check[id]
            short = [part.name.removesuffix(".__init__") for part in group.parts]
            same = [name for name in short if name.rpartition(".")[2] == id]
            names |= dict.fromkeys(same or short)
        return tuple(names)


def all_needs(check: Check, checks: Mapping[str, Check]) -> tuple[str, ...]:
    """All that a check needs, directly or by way of others, in order of running."""
    found: set[str] = set()
    left = list(check.needs)
    while left:
        need = left.pop()
        if need not in found:
            found.add(need)
            left.extend(checks[need].needs)
    return tuple(id for id in checks if id in found)


def load_groups(assignment: Assignment) -> Groups:
    """The groups that an assignment's hidden tests declare in `GROUPS`.

    Raises
    ------
    ValueError : a group names no hidden test, or one that another group has.
    """
    if assignment.adopted is not None:
        return Groups({})
    name = f"{checks_package(assignment.course.checks)}.{assignment.slug}"
    declared: tuple[Group, ...] = getattr(importlib.import_module(name), "GROUPS", ())
    checks, slug = load_checks(assignment), assignment.slug
    found: dict[str, Group] = {}
    for group in declared:
        _validate(group, checks, {one.name for one in declared}, slug)
        for id in group.checks:
            if id in found:
                first = found[id].name
                raise ValueError(TWICE.format(slug=slug, id=id, first=first, second=group.name))
            found[id] = group
    return Groups(found)


def _validate(group: Group, checks: Mapping[str, Check], names: set[str], slug: str) -> None:
    for id in group.checks:
        if id not in checks:
            raise ValueError(UNKNOWN.format(slug=slug, name=group.name, id=id))
    for other in group.uses:
        if other not in names:
            raise ValueError(NO_GROUP.format(slug=slug, name=group.name, other=other))
    for id in group.soft:
        if id not in group.checks:
            raise ValueError(NOT_ITS_OWN.format(slug=slug, name=group.name, id=id))
