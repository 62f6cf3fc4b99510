"""Are checks collected strictly?"""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from autograder.judging.check import Check, check, load_checks


def module_of(*checks: Check) -> str:
    module = ModuleType("made_up_checks")
    for number, one in enumerate(checks):
        setattr(module, f"check_{number}", one)
    sys.modules["made_up_checks"] = module
    return "made_up_checks"


def made(id: str, **options: object) -> Check:
    def function(student: object, rng: object) -> None:
        """The line a student reads.

        More for the author.
        """

    return check(id, points=1, **options)(function)


def test_a_check_knows_what_a_student_reads() -> None:
    one = made("forward", needs="init", seconds=3)
    assert (one.summary, one.needs, one.seconds) == ("The line a student reads.", ("init",), 3)


def test_extra_credit_is_worth_its_points_and_counts_none_of_them() -> None:
    ordinary, extra = made("forward"), made("more", bonus=True)
    assert (ordinary.points, ordinary.counted, ordinary.bonus) == (1, 1, False)
    assert (extra.points, extra.counted, extra.bonus) == (1, 0, True)


def test_checks_come_in_the_order_in_which_they_are_written() -> None:
    name = module_of(made("b"), made("a", needs="b"))
    assert list(load_checks(name)) == ["b", "a"]


def test_a_package_names_its_parts() -> None:
    first, second = ModuleType("first"), ModuleType("second")
    first.b, second.a = made("b"), made("a")
    whole = ModuleType("made_up_checks")
    whole.PARTS = (second, first)
    sys.modules["made_up_checks"] = whole
    assert list(load_checks("made_up_checks")) == ["a", "b"]


def test_a_duplicate_id_is_refused() -> None:
    with pytest.raises(ValueError, match="two checks are called 'a'"):
        load_checks(module_of(made("a"), made("a")))


def test_a_need_must_come_first() -> None:
    with pytest.raises(ValueError, match="'a' needs 'b', no earlier check"):
        load_checks(module_of(made("a", needs="b"), made("b")))


def test_a_check_without_a_docstring_is_refused() -> None:
    with pytest.raises(ValueError, match="check 'a' needs a docstring"):
        check("a", points=1)(lambda student, rng: None)
