"""Where an assignment's files are and what its `assignment.toml` says. The one place that knows."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GRADES = ("retrain", "weights")


class UnknownAssignmentError(LookupError):
    """No folder under `solutions/` has that name."""


class SettingsError(ValueError):
    """`assignment.toml` is missing, is not TOML, or lacks a setting."""


@dataclass(frozen=True, kw_only=True)
class TrainingGrades:
    """How accuracies are judged, from ``[training]``.

    Attributes
    ----------
    grades : ``retrain`` runs the student's training; ``weights`` judges what the student saved.
    retrain_share : with ``weights``, the share of students, in [0, 1], who are trained again.
    """

    grades: str = "retrain"
    retrain_share: float = 0.1

    @property
    def uses_weights(self) -> bool:
        """Whether weights that were handed in count."""
        return self.grades == "weights"

    @property
    def statement(self) -> str:
        """What students are told."""
        if self.uses_weights:
            return (
                "Grading judges the weights in `weights.npz`, which the notebook saves and packs. "
                "Some students, drawn by lot, are trained again with their code, and so is "
                "whoever hands in no such file."
            )
        return (
            "Grading trains again with your code. The weights in `weights.npz`, which the notebook "
            "saves and packs, are yours to keep and do not count."
        )


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One assignment: `solutions/<slug>/` (source), `assignments/<slug>/` (release), its checks.

    Attributes
    ----------
    slug : the folder's name, also nbgrader's assignment id and the name of the checks module.
    root : the folder that holds `solutions/` and `assignments/`.
    title, summary : one line each, shown to people.
    package : the Python package that students complete, such as ``nn``.
    dataset : the name in `datasets` that the hidden checks train on.
    given : released path -> path from `root`, for files that students get and do not edit.
    thresholds : data set -> name -> accuracy in [0, 1] that a trained model has to reach.
    training : data set -> settings with which the hidden checks train.
    training_grades : whether accuracies come from training again or from saved weights.
    """

    slug: str
    root: Path
    title: str
    summary: str
    package: str
    dataset: str
    given: Mapping[str, str]
    thresholds: Mapping[str, Mapping[str, float]]
    training: Mapping[str, Mapping[str, Any]]
    training_grades: TrainingGrades = TrainingGrades()

    @property
    def source(self) -> Path:
        """The only folder that an author edits."""
        return self.root / "solutions" / self.slug

    @property
    def release(self) -> Path:
        """What students get; generated from `source`."""
        return self.root / "assignments" / self.slug

    @property
    def lessons(self) -> tuple[Path, ...]:
        """The percent scripts that become notebooks of the same stem, in order of name."""
        return tuple(sorted((self.source / "lessons").glob("*.py")))

    @property
    def modules(self) -> tuple[Path, ...]:
        """The reference modules that students complete, in order of path."""
        return tuple(sorted((self.source / "modules").rglob("*.py")))

    @property
    def checks_module(self) -> str:
        """The importable name of the hidden tests."""
        return f"autograder.checks.{self.slug}"

    def threshold(self, name: str) -> float:
        """The accuracy that a model has to reach on the data set that is graded."""
        return self.thresholds[self.dataset][name]


def load_assignment(slug: str, root: Path = ROOT) -> Assignment:
    """Read one assignment's settings.

    Raises
    ------
    UnknownAssignmentError : with the nearest known name.
    SettingsError : with the file and what is wrong in it.
    """
    path = root / "solutions" / slug / "assignment.toml"
    if not path.is_file():
        raise UnknownAssignmentError(_unknown(slug, root))
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}") from error
    missing = {"title", "summary", "package", "dataset"} - settings.keys()
    if missing:
        raise SettingsError(f"{path}: missing {', '.join(sorted(missing))}")
    training = dict(settings.get("training", {}))
    return Assignment(
        slug=slug,
        root=root,
        title=settings["title"],
        summary=settings["summary"],
        package=settings["package"],
        dataset=settings["dataset"],
        given=settings.get("given", {}),
        thresholds=settings.get("thresholds", {}),
        training_grades=_training_grades(path, training),
        training=training,
    )


def _training_grades(path: Path, training: dict[str, Any]) -> TrainingGrades:
    """Take the two settings out of ``[training]``, which then has the data sets alone."""
    chosen = {key: training.pop(key) for key in ("grades", "retrain_share") if key in training}
    result = TrainingGrades(**chosen)
    if result.grades not in GRADES:
        raise SettingsError(
            f"{path}: [training] grades is {result.grades!r}; choose {' or '.join(GRADES)}"
        )
    share = result.retrain_share
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise SettingsError(
            f"{path}: [training] retrain_share is {share!r}; give a number from 0 to 1"
        )
    return result


def list_assignments(root: Path = ROOT) -> tuple[Assignment, ...]:
    """Every assignment under `root`, in order of slug."""
    return tuple(load_assignment(slug, root) for slug in _slugs(root))


def _slugs(root: Path) -> list[str]:
    return sorted(path.parent.name for path in root.glob("solutions/*/assignment.toml"))


def _unknown(slug: str, root: Path) -> str:
    known = _slugs(root)
    near = difflib.get_close_matches(slug, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known) or 'none'}."
    return f"No assignment is called {slug!r}. {hint}"
