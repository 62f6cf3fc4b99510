"""The references on the courses' real data. Runs where AUTOGRADER_DATA names a folder; minutes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from autograder.authoring import read_assignment
from autograder.authoring.with_data import choices, verify_with_data
from autograder.course import shipped_course
from autograder.data import DATASETS
from autograder.grading import grade_submission

COURSE = shipped_course()
PAIRS = [
    (slug, name)
    for slug in COURSE.slugs
    for name in read_assignment(slug, COURSE).supported
    if name in DATASETS and DATASETS[name].downloads
]


def test_the_pairs_are_those_of_the_courses() -> None:
    assert PAIRS == [
        ("fully_connected_nets", "mnist"),
        ("fully_connected_nets", "cifar10"),
        ("mnist_numpy", "mnist"),
        ("modular_nets", "cifar100"),
    ]


@pytest.mark.long
@pytest.mark.parametrize(("slug", "name"), PAIRS)
def test_a_reference_gets_all_points(
    slug: str,
    name: str,
    real_data: Path,
    tmp_path: Path,
    level_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOGRADER_DATA", str(real_data))
    (chosen,) = choices([read_assignment(slug, COURSE)], name, named=True)
    grade = partial(grade_submission, level=level_name)
    result = verify_with_data(chosen, tmp_path, grade=grade, kinds=("reference",))
    assert [row.explanation for row, _ in result.graded] == [""]
