"""Does an assignment know its places, and say what is wrong with its settings?"""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import (
    SettingsError,
    UnknownAssignmentError,
    list_assignments,
    load_assignment,
)

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


def written(root: Path, settings: str = SETTINGS) -> Path:
    folder = root / "solutions" / "nets"
    (folder / "modules" / "nn").mkdir(parents=True)
    (folder / "lessons").mkdir()
    (folder / "modules" / "nn" / "layers.py").write_text("")
    (folder / "lessons" / "nets.py").write_text("")
    (folder / "assignment.toml").write_text(settings)
    return root


def test_an_assignment_knows_its_places(tmp_path: Path) -> None:
    nets = load_assignment("nets", written(tmp_path))
    assert nets.source == tmp_path / "solutions" / "nets"
    assert nets.release == tmp_path / "assignments" / "nets"
    assert [path.name for path in nets.lessons] == ["nets.py"]
    assert [path.name for path in nets.modules] == ["layers.py"]
    assert nets.checks_module == "autograder.checks.nets"
    assert nets.given == {"nn/solver.py": "solutions/given/solver.py"}
    assert nets.threshold("tuned") == 0.9
    assert nets.training["digits"]["epochs"] == 3


def test_all_assignments_are_listed(tmp_path: Path) -> None:
    assert [one.slug for one in list_assignments(written(tmp_path))] == ["nets"]
    assert list_assignments(tmp_path / "elsewhere") == ()


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        ("net", "No assignment is called 'net'. Did you mean nets?"),
        ("xyz", "No assignment is called 'xyz'. There are: nets."),
    ],
)
def test_an_unknown_slug_has_a_way_out(tmp_path: Path, slug: str, message: str) -> None:
    with pytest.raises(UnknownAssignmentError) as caught:
        load_assignment(slug, written(tmp_path))
    assert str(caught.value) == message


def test_settings_that_are_not_toml_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nets.assignment\.toml: "):
        load_assignment("nets", written(tmp_path, "title ="))


def test_missing_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="missing dataset, package"):
        load_assignment("nets", written(tmp_path, 'title = "a"\nsummary = "b"'))


def test_training_is_graded_by_training_again_unless_said_otherwise(tmp_path: Path) -> None:
    nets = load_assignment("nets", written(tmp_path))
    assert not nets.training_grades.uses_weights
    assert nets.training.keys() == {"digits"}


def test_training_may_be_graded_by_saved_weights(tmp_path: Path) -> None:
    chosen = '[training]\ngrades = "weights"\nretrain_share = 0.25\n[training.digits]'
    settings = SETTINGS.replace("[training.digits]", chosen)
    nets = load_assignment("nets", written(tmp_path, settings))
    assert nets.training_grades.uses_weights
    assert nets.training_grades.retrain_share == 0.25
    assert nets.training == {"digits": {"epochs": 3}}
    assert nets.training_grades.statement == (
        "Grading judges the weights in `weights.npz`, which the notebook saves and packs. Some "
        "students, drawn by lot, are trained again with their code, and so is whoever hands in no "
        "such file."
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('grades = "wieghts"', "grades is 'wieghts'; choose retrain or weights"),
        ("retrain_share = 10", "retrain_share is 10; give a number from 0 to 1"),
        ('retrain_share = "all"', "retrain_share is 'all'; give a number from 0 to 1"),
        ("retrain_share = true", "retrain_share is True; give a number from 0 to 1"),
    ],
)
def test_a_wrong_way_of_grading_training_is_said(tmp_path: Path, line: str, said: str) -> None:
    settings = SETTINGS.replace("[training.digits]", f"[training]\n{line}\n[training.digits]")
    with pytest.raises(SettingsError) as found:
        load_assignment("nets", written(tmp_path, settings))
    file = tmp_path / "solutions" / "nets" / "assignment.toml"
    assert str(found.value) == f"{file}: [training] {said}"
