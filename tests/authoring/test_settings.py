"""What `assignment.toml` says, and what is said about one that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment, UnknownAssignmentError
from autograder.authoring import SettingsError, read_assignment, source_slugs
from autograder.authoring.settings import given_table
from autograder.course import Course, CourseError, read_course

SETTINGS = """
title = "Nets"
summary = "Layers"
package = "nn"
dataset = "digits"
[given]
"nn/solver.py" = "solutions/given/solver.py"
[thresholds.digits]
tuned = 0.9
[training.digits]
epochs = 3
"""
Write = Callable[[str], Course]


@pytest.fixture
def course(tmp_path: Path, write_files: Callable[..., None]) -> Write:
    """The course of one assignment, `nets`, with these settings."""

    def written(settings: str) -> Course:
        source = "solutions/nets"
        files = {f"{source}/modules/nn/layers.py": "", f"{source}/modules/nn/deep/a.py": ""}
        files |= {f"{source}/lessons/nets.py": "", f"{source}/assignment.toml": settings}
        write_files(tmp_path, {"course.toml": "", "solutions/given/solver.py": "", **files})
        return read_course(tmp_path)

    return written


def read(course: Course) -> Assignment:
    return read_assignment("nets", course)


def error(course: Course) -> str:
    with pytest.raises(SettingsError) as raised:
        given_table(read(course))
    said = str(raised.value)
    path = f"{course.solutions / 'nets' / 'assignment.toml'}: "
    assert said.startswith(path)
    return said.removeprefix(path)


def test_an_assignment_is_what_its_source_says(course: Write) -> None:
    nets = read(course(SETTINGS))
    assert nets.editable == ("nets.ipynb", "nn/deep/a.py", "nn/layers.py")
    assert given_table(nets) == {"nn/solver.py": "solutions/given/solver.py"}
    assert nets.threshold("tuned") == 0.9
    assert nets.training == {"digits": {"epochs": 3}}
    assert not nets.training_grades.uses_weights
    assert nets.digests == {}


def test_only_folders_with_settings_are_sources(course: Write) -> None:
    assert source_slugs(course(SETTINGS)) == ("nets",)
    with pytest.raises(UnknownAssignmentError, match="Did you mean nets"):
        read_assignment("net", course(SETTINGS))


def test_a_release_without_a_source_cannot_be_built(
    course: Write, write_release: Callable[..., Assignment]
) -> None:
    released = write_release(course(SETTINGS).root, "old", {})
    with pytest.raises(UnknownAssignmentError, match="old has no source in the course"):
        read_assignment("old", released.course)


def test_settings_that_are_not_toml(course: Write) -> None:
    assert error(course("title =")) == "Invalid value (at end of document)"


def test_missing_settings_are_named(course: Write) -> None:
    assert error(course('title = "a"\nsummary = "b"')) == "missing dataset, package"


@pytest.mark.parametrize(
    ("find", "replace", "said"),
    [
        (
            'title = "Nets"',
            'title = "Nets"\nname = 1',
            "unknown key 'name'; there are title, summary, package, dataset, given, thresholds,"
            " training",
        ),
        ('"Layers"', "3", "summary is 3; give one line of text"),
        ('"Layers"', '""', "summary is ''; give one line of text"),
        ('"Layers"', r'"a\nb"', "summary is 'a\\nb'; give one line of text"),
        ('"solutions/given/solver.py"', "3", "[given] 'nn/solver.py' is 3; give the path of a file"
         " or folder"),
        ("[thresholds.digits]\ntuned = 0.9", "[thresholds]\ndigits = 0.9",
         "[thresholds.digits] should be a table, not 0.9"),
        ("0.9", "90", "[thresholds.digits] tuned is 90; give a number from 0 to 1"),
        ("0.9", "true", "[thresholds.digits] tuned is True; give a number from 0 to 1"),
        ("0.9", "nan", "[thresholds.digits] tuned is nan; give a number from 0 to 1"),
        ("[training.digits]\nepochs = 3", "[training]\nepochs = 3",
         "[training.epochs] should be a table, not 3"),
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_are_named(
    course: Write, find: str, replace: str, said: str
) -> None:
    assert find in SETTINGS
    assert error(course(SETTINGS.replace(find, replace))) == said


def test_a_table_that_is_none(course: Write) -> None:
    wrong = SETTINGS.split("[given]")[0] + "given = 3\n"
    assert error(course(wrong)) == "[given] should be a table, not 3"


def test_training_may_be_graded_by_saved_weights(course: Write) -> None:
    chosen = '[training]\ngrades = "weights"\nretrain_share = 0.25\n[training.digits]'
    nets = read(course(SETTINGS.replace("[training.digits]", chosen)))
    assert nets.training_grades.uses_weights
    assert nets.training_grades.retrain_share == 0.25
    assert nets.training == {"digits": {"epochs": 3}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('grades = "wieghts"', "grades is 'wieghts'; choose retrain or weights"),
        ("retrain_share = 10", "retrain_share is 10; give a number from 0 to 1"),
        ('retrain_share = "all"', "retrain_share is 'all'; give a number from 0 to 1"),
        ("retrain_share = true", "retrain_share is True; give a number from 0 to 1"),
    ],
)
def test_a_wrong_way_of_grading_training_is_said(course: Write, line: str, said: str) -> None:
    settings = SETTINGS.replace("[training.digits]", f"[training]\n{line}\n[training.digits]")
    assert error(course(settings)) == f"[training] {said}"


MORE = SETTINGS + "[training.mnist]\nepochs = 1\n[thresholds.mnist]\ntuned = 0.95\n"


def test_a_course_works_with_another_data_set(course: Write) -> None:
    root = course(MORE).root
    (root / "course.toml").write_text('[datasets]\nnets = "mnist"\n')
    nets = read(read_course(root))
    assert (nets.dataset, nets.supported) == ("mnist", ("digits", "mnist"))
    assert (nets.settings, nets.threshold("tuned")) == ({"epochs": 1}, 0.95)


@pytest.mark.parametrize(
    ("name", "hint"), [("minst", " Did you mean mnist?"), ("cifar10", ""), ("digit", None)]
)
def test_a_data_set_without_settings_is_refused(course: Write, name: str, hint: str | None) -> None:
    if hint is None:
        wrong = course(MORE.replace('dataset = "digits"', f'dataset = "{name}"'))
        assert error(wrong) == (
            "dataset is 'digit', and nets has settings for digits, mnist. Did you mean digits?"
        )
        return
    root = course(MORE).root
    (root / "course.toml").write_text(f'[datasets]\nnets = "{name}"\n')
    with pytest.raises(SettingsError) as raised:
        read(read_course(root))
    assert str(raised.value) == (
        f"{root / 'course.toml'}: [datasets] nets is '{name}', and nets has settings for digits,"
        f" mnist.{hint}"
    )


def test_an_assignment_that_trains_on_no_data_needs_no_choice(course: Write) -> None:
    plain = SETTINGS.replace('"digits"', '"none"').replace(".digits]", ".none]")
    root = course(plain).root
    (root / "course.toml").write_text('[datasets]\nnets = "digits"\n')
    with pytest.raises(SettingsError) as raised:
        read(read_course(root))
    assert str(raised.value) == (
        f"{root / 'course.toml'}: [datasets] nets is 'digits', and nets trains on no data;"
        " delete that line"
    )


def test_a_release_without_its_source_is_said_to_have_none(
    tmp_path: Path, write_release: Callable[..., Assignment]
) -> None:
    write_release(tmp_path, "nets", {"nn/layers.py": ""})
    with pytest.raises(UnknownAssignmentError) as raised:
        read(read_course(tmp_path))
    assert str(raised.value) == (
        f"nets has no source in the course {tmp_path}: solutions/nets/assignment.toml is missing."
        " It can be graded as it is; to build or verify it, put its source there, or name the"
        " right folder in course.toml."
    )


def test_a_course_names_assignments_that_there_are(course: Write) -> None:
    root = course(MORE).root
    (root / "course.toml").write_text('[datasets]\nnest = "mnist"\n')
    with pytest.raises(CourseError) as raised:
        read_course(root)
    assert str(raised.value) == (
        f"{root / 'course.toml'}: [datasets] names 'nest', and no assignment is called that."
        " Did you mean nets?"
    )
    (root / "course.toml").write_text("[datasets]\nnets = 3\n")
    with pytest.raises(CourseError, match="nets is 3; give the name of a data set"):
        read_course(root)


PLAIN = 'title = "Nets"\nsummary = "Layers"\npackage = "nn"\ndataset = "{name}"\n'


@pytest.mark.parametrize(
    ("name", "near"),
    [("nope", "none"), ("digit", "digits"), ("MNIST", "mnist"), ("cifar-10", "cifar10")],
)
def test_a_slip_in_the_name_of_a_data_set_is_asked_back(
    course: Write, name: str, near: str
) -> None:
    said = error(course(PLAIN.format(name=name)))
    assert said.startswith(f"dataset is {name!r}; did you mean {near}? Data of your own")


@pytest.mark.parametrize("name", ["none", "digits", "curve", "my_own_points", "housing"])
def test_data_that_a_notebook_draws_has_any_name(course: Write, name: str) -> None:
    assert read(course(PLAIN.format(name=name))).dataset == name
