"""What grading knows of an assignment: its release, as it was built, or a way to have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from autograder.assignment import (
    Assignment,
    NotBuiltError,
    Part,
    TrainingGrades,
    UnknownAssignmentError,
    load_assignment,
    read_release_file,
)
from autograder.course import read_course
from autograder.grading.loading import read_release

FILES = {
    "nn/layers.py": "def f(x):\n    raise NotImplementedError('TODO(f)')\n",
    "nn/given.py": "GIVEN = 1\n",
    "nets.ipynb": '{"cells": []}',
}


@pytest.fixture
def nets(tmp_path: Path, write_release: Callable[..., Assignment]) -> Assignment:
    return write_release(
        tmp_path,
        "nets",
        FILES,
        dataset="digits",
        parts=(Part(id="f", points=2), Part(id="why", points=1, manual=True)),
        thresholds={"digits": {"tuned": 0.9}},
        training={"digits": {"epochs": 3}, "mnist": {"epochs": 20}},
    )


def test_an_assignment_knows_its_places(nets: Assignment, tmp_path: Path) -> None:
    assert nets.source == tmp_path / "solutions" / "nets"
    assert nets.release == tmp_path / "assignments" / "nets"
    assert nets.checks_folder == tmp_path / "checks" / "nets"
    assert nets.rubrics == tmp_path / "checks" / "nets" / "manual"
    assert nets.written == tmp_path / "checks" / "nets" / "written"


def test_an_assignment_is_what_its_release_says(nets: Assignment) -> None:
    assert nets.editable == ("nets.ipynb", "nn/layers.py")
    assert nets.threshold("tuned") == 0.9
    assert nets.settings == {"epochs": 3}
    assert nets.training["mnist"] == {"epochs": 20}
    assert not nets.training_grades.uses_weights
    assert set(nets.digests) == set(FILES)
    with pytest.raises(FrozenInstanceError):
        nets.slug = "other"  # type: ignore[misc]


def test_a_release_says_what_gives_points(nets: Assignment) -> None:
    release = read_release_file(nets.release, "nets")
    assert [(part.id, part.points, part.manual) for part in release.parts] == [
        ("f", 2, False),
        ("why", 1, True),
    ]


def test_no_source_is_needed(nets: Assignment) -> None:
    assert not nets.course.solutions.exists()
    assert {path: data.decode() for path, data in read_release(nets).items()} == FILES


@pytest.mark.parametrize(
    ("slug", "hint"),
    [("net", "Did you mean nets?"), ("xyz", "There are: nets.")],
)
def test_an_unknown_slug_has_a_way_out(nets: Assignment, slug: str, hint: str) -> None:
    with pytest.raises(UnknownAssignmentError) as caught:
        load_assignment(slug, nets.course)
    assert str(caught.value) == (
        f"No assignment is called {slug!r} in the course {nets.course.root}. {hint}"
    )


def test_a_course_may_have_none_at_all(tmp_path: Path) -> None:
    (tmp_path / "course.toml").touch()
    with pytest.raises(UnknownAssignmentError, match=r"There are: none\.$"):
        load_assignment("nets", read_course(tmp_path))


# A release that is not as it was built ----------------------------------------------------------


def not_built(does: Callable[[], object]) -> str:
    with pytest.raises(NotBuiltError) as raised:
        does()
    return str(raised.value)


def test_a_source_that_was_never_built(nets: Assignment) -> None:
    (nets.course.solutions / "new").mkdir(parents=True)
    (nets.course.solutions / "new" / "assignment.toml").touch()
    folder = nets.course.assignments / "new"
    assert not_built(lambda: load_assignment("new", nets.course)) == (
        f"{folder} has no release.json; run `autograder build new` first."
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "Input data was truncated"),
        ("{", "Input data was truncated"),
        ("[]", "Expected `object`, got `array`"),
        ("{}", "Object missing required field `schema`"),
        (b"\xff", "JSON is malformed: invalid character (byte 0)"),
    ],
)
def test_a_release_json_that_cannot_be_read(
    nets: Assignment, content: str | bytes, reason: str
) -> None:
    path = nets.release / "release.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert not_built(lambda: load_assignment("nets", nets.course)) == (
        f"{path} cannot be read ({reason}); run `autograder build nets`."
    )


def test_a_release_json_that_is_a_folder(nets: Assignment) -> None:
    path = nets.release / "release.json"
    path.unlink()
    path.mkdir()
    said = not_built(lambda: load_assignment("nets", nets.course))
    assert said.startswith(f"{path} cannot be read ([Errno 21] Is a directory")


def test_a_file_that_is_missing(nets: Assignment) -> None:
    path = nets.release / "nn" / "given.py"
    path.unlink()
    assert not_built(lambda: read_release(nets)) == (
        f"{path} is missing; run `autograder build nets`."
    )


def test_a_file_that_was_changed_by_hand(nets: Assignment) -> None:
    path = nets.release / "nn" / "given.py"
    read_release(nets)  # what was read before is not believed again
    path.write_text("GIVEN = 22\n")
    assert not_built(lambda: read_release(nets)) == (
        f"{path} is not the file that was built; run `autograder build nets`."
    )


def test_a_file_that_is_a_folder(nets: Assignment) -> None:
    path = nets.release / "nn" / "given.py"
    path.unlink()
    path.mkdir()
    said = not_built(lambda: read_release(nets))
    assert said.startswith(f"{path} [Errno 21] Is a directory")
    assert said.endswith("; run `autograder build nets`.")


# How training is graded -------------------------------------------------------------------------


def test_students_are_told_how_training_is_graded() -> None:
    assert TrainingGrades(grades="weights").statement == (
        "Grading judges the weights in `weights.npz`, which the notebook saves and packs. Some "
        "students, drawn by lot, are trained again with their code, and so is whoever hands in no "
        "such file."
    )
    assert TrainingGrades().statement == (
        "Grading trains again with your code, and does not read the weights that the notebook "
        "saves in `weights.npz`: they are a copy for you."
    )
