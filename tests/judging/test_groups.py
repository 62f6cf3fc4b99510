"""Groups: what is replaced for a check, and what is wrong with a declaration."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.course import shipped_course
from autograder.judging.check import load_checks
from autograder.judging.groups import Group, Groups, function, load_groups

PART = (function("nn.layers", "f"),)
A = Group(name="a", checks=("a", "a2", "a3"), parts=PART, soft=("a3",))
B = Group(name="b", checks=("b",), parts=PART)
C = Group(name="c", checks=("c",), parts=PART)
FIXED = Group(name="chosen", checks=("chosen",))
GROUPS = Groups({id: group for group in (A, B, C, FIXED) for id in group.checks})


@pytest.mark.parametrize(
    ("check", "failed", "replaced"),
    [
        ("b", ["a"], (A,)),
        ("b", ["a", "a2"], (A,)),
        ("chosen", ["a", "b"], (A, B)),
        ("chosen", ["a", "b", "c"], None),
        ("a2", ["a"], None),
        ("a3", ["a"], ()),
        ("a3", ["a", "b"], (B,)),
        ("b", ["chosen"], None),
        ("b", ["unknown"], None),
        ("unknown", ["a"], None),
    ],
)
def test_what_is_replaced(
    check: str, failed: list[str], replaced: tuple[Group, ...] | None
) -> None:
    assert GROUPS.replaced(check, failed) == replaced


CHECKS = '''
from autograder.judging.check import check
from autograder.judging.groups import Group


@check("first", points=1)
def first(student, rng):
    """First."""


GROUPS = ({groups})
'''


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (
            'Group(name="g", checks=("second",)),',
            "tiny: the group g names 'second', which is no hidden test",
        ),
        (
            'Group(name="g", checks=("first",)), Group(name="h", checks=("first",)),',
            "tiny: 'first' is a check of two groups, g and h",
        ),
        (
            'Group(name="g", checks=("first",), soft=("second",)),',
            "tiny: the group g calls 'second' soft, which is not one of its checks",
        ),
        (
            'Group(name="g", checks=("first",), uses=("h",)),',
            "tiny: the group g uses 'h', which is no group",
        ),
    ],
)
def test_what_is_wrong_with_a_declaration_is_said(
    tmp_path: Path, write_release: Callable[..., Assignment], groups: str, said: str
) -> None:
    assignment = write_release(tmp_path, "tiny", {"nn/layers.py": ""})
    checks = tmp_path / "checks" / "tiny.py"
    checks.parent.mkdir()
    checks.write_text(CHECKS.format(groups=groups))
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        load_groups(assignment)


@pytest.mark.parametrize("slug", shipped_course().slugs)
def test_every_need_of_the_shipped_assignments_has_a_group(slug: str) -> None:
    assignment = load_assignment(slug, shipped_course())
    groups, checks = load_groups(assignment), load_checks(assignment)
    needed = {need for check in checks.values() for need in check.needs}
    assert needed <= groups.of_check.keys()
