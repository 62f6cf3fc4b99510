"""What students really hand in, through Gradescope's entry: the same marks and the same words."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.gradescope.container import grade
from autograder.gradescope.settings import FILE, Settings
from autograder.sandbox.levels import LEVELS

pytestmark = pytest.mark.long

SUBMISSIONS = Path(__file__).parents[1] / "submission"
LEVEL = next(level.name for level in LEVELS if not level.why_not())


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        f"gradescope_submission_{name}", SUBMISSIONS / f"{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


CONFTEST, BROKEN = _module("conftest"), _module("broken_cases")
RELEASED = {path: text.encode() for path, text in CONFTEST.released_files().items()}
CASES = _module("intake_cases").cases(BROKEN.Case, CONFTEST.right_files(), RELEASED)


@pytest.fixture(scope="module")
def container(
    tmp_path_factory: pytest.TempPathFactory,
    write_files: Callable[..., None],
    write_release: Callable[..., Assignment],
) -> Path:
    """The folder `/autograder` of the assignment `tiny`, somewhere else."""
    root = tmp_path_factory.mktemp("autograder")
    checks = (SUBMISSIONS / "tiny_checks.py").read_bytes()
    settings = Settings(slug="tiny", seed=5, sandbox=LEVEL)
    write_files(root / "source", {"checks/tiny.py": checks, FILE: msgspec.json.encode(settings)})
    write_release(root / "source", "tiny", CONFTEST.released_files())
    return root


@pytest.mark.parametrize("student", sorted(CASES))
def test_the_same_marks_and_the_same_words(
    container: Path,
    write_files: Callable[..., None],
    words: Callable[[str], str],
    student: str,
) -> None:
    case = CASES[student]
    shutil.rmtree(container / "submission", ignore_errors=True)
    write_files(container / "submission", case.files)
    results = grade(container)
    assert results["score"] == case.score
    for problem in case.problems:
        assert problem in results["output"]
    shown = [words(test["output"]) for test in results["tests"]]
    for said in case.says.values():
        rationale, help = (text.replace("`", "") for text in said)
        assert any(rationale in text and help in text for text in shown)
