"""Are checks collected strictly?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.judging.check import Check, check, load_checks

Course = Callable[..., Assignment]


@pytest.fixture
def course(tmp_path: Path, write_files: Callable[..., None], write_release: Course) -> Course:
    """An assignment whose checks are these files beside the `course.toml`."""

    def written(files: Mapping[str, str]) -> Assignment:
        write_files(tmp_path / "checks", files)
        return write_release(tmp_path, "tiny", {})

    return written


def source(*checks: str) -> str:
    """A module of checks, each given by its id and the ids that it needs."""
    text = "from autograder.judging.check import check\n"
    for number, (id, *needs) in enumerate(one.split() for one in checks):
        text += f"""

@check({id!r}, points=1, needs={tuple(needs)!r})
def check_{number}(student, rng):
    'It is right.'
"""
    return text


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


def test_checks_come_in_the_order_in_which_they_are_written(course: Course) -> None:
    assert list(load_checks(course({"tiny.py": source("b", "a b")}))) == ["b", "a"]


def test_a_package_names_its_parts(course: Course) -> None:
    door = "from . import first, second\n\nPARTS = (second, first)\n"
    parts = {"first.py": source("b"), "second.py": source("a"), "__init__.py": door}
    files = {f"tiny/{name}": text for name, text in parts.items()}
    assert list(load_checks(course(files))) == ["a", "b"]


def test_checks_may_import_what_stands_beside_them(course: Course) -> None:
    files = {"common.py": source("a"), "tiny.py": "from .common import check_0\n"}
    assert list(load_checks(course(files))) == ["a"]


def test_a_duplicate_id_is_refused(course: Course) -> None:
    with pytest.raises(ValueError, match="tiny: two checks are called 'a'"):
        load_checks(course({"tiny.py": source("a", "a")}))


def test_a_need_must_come_first(course: Course) -> None:
    with pytest.raises(ValueError, match="tiny: 'a' needs 'b', no earlier check"):
        load_checks(course({"tiny.py": source("a b", "b")}))


def test_the_checks_of_an_assignment_may_be_missing(course: Course) -> None:
    with pytest.raises(ModuleNotFoundError, match="tiny has no hidden tests: there is neither"):
        load_checks(course({}))


def test_a_budget_may_follow_from_the_assignments_settings(course: Course) -> None:
    text = source("a").replace("points=1", "points=1, seconds=lambda a: 2 * len(a.slug)")
    assert load_checks(course({"tiny.py": text}))["a"].seconds == 8


def test_a_check_without_a_docstring_is_refused() -> None:
    with pytest.raises(ValueError, match="check 'a' needs a docstring"):
        check("a", points=1)(lambda student, rng: None)
