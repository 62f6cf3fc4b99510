"""A made-up assignment `tiny` in a course directory of its own, graded without a sandbox."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from autograder.assignment import Assignment
from autograder.nbgrader_plugin import configure
from autograder.results import CheckResult, ManualPart, Report, Status
from autograder.submission import Submission

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader's own, when it is imported
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log

POINTS = {"first": 2.0, "second": 3.0, "third": 1.0}
SECRET = "the hidden test knows 42"


def grade_cell(name: str, points: float, **extra: Any) -> Any:
    """A locked grade cell as `autograder build` writes it."""
    metadata = nbgrader_metadata(name, grade=True, solution=False, points=points)
    return new_code_cell(f"assert {name}() is not None", metadata={"nbgrader": metadata}, **extra)


def nbgrader_metadata(name: str, *, grade: bool, solution: bool, **more: Any) -> dict[str, Any]:
    flags = {"grade": grade, "solution": solution, "locked": not solution, "task": False}
    return {"schema_version": 3, "grade_id": name, **flags, **more}


def released_notebook() -> Any:
    solution = nbgrader_metadata("solution-first", grade=False, solution=True)
    manual = nbgrader_metadata("explain", grade=True, solution=True, points=4)
    return new_notebook(
        cells=[
            new_markdown_cell("# Tiny", id="title"),
            new_code_cell(
                'raise NotImplementedError("TODO(first)")',
                metadata={"nbgrader": solution},
                id="solution-first",
            ),
            *(grade_cell(name, points, id=name) for name, points in POINTS.items()),
            new_markdown_cell("Your answer", metadata={"nbgrader": manual}, id="explain"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def passed(name: str) -> CheckResult:
    return CheckResult(
        id=name,
        name=f"{name} returns a number.",
        status=Status.PASSED,
        score=POINTS[name],
        max_score=POINTS[name],
    )


def check_result(name: str, status: Status, score: float = 0.0) -> CheckResult:
    return CheckResult(
        id=name,
        name=f"{name} returns a number.",
        status=status,
        score=score,
        max_score=POINTS[name],
        rationale=f"{name}(2) returned <b>7</b>, expected 8.",
        help=f"Look at {name} again.",
    )


class Grader:
    """Stands in for the grading room: `pkg/work.py` says which checks do not pass, and how."""

    def __init__(self) -> None:
        self.graded: list[Submission] = []
        self.asked: list[tuple[str, int]] = []
        self.manual: list[ManualPart] = []  # what is suggested for the cells marked by a person

    def __deepcopy__(self, memo: object) -> Grader:
        return self  # traitlets copies what it is configured with, and the tests look at this one

    def __call__(
        self, assignment: Assignment, submission: Submission, *, level: str, seed: int
    ) -> Report:
        self.graded.append(submission)
        self.asked.append((level, seed))
        plan = json.loads(submission.files.get("pkg/work.py", b"{}"))
        checks = tuple(
            check_result(name, Status(plan[name][0]), plan[name][1])
            if name in plan
            else passed(name)
            for name in POINTS
        )
        return Report(
            assignment=assignment.slug,
            student=submission.student,
            score=sum(check.score for check in checks),
            max_score=sum(POINTS.values()),
            sandbox=level,
            seed=seed,
            seconds=0.0,
            checks=checks,
            manual=tuple(self.manual),
        )


@dataclass
class Course:
    """A course directory, and the three commands of nbgrader in it."""

    root: Path
    config: Config
    grader: Grader
    release: Callable[[Any], Assignment]
    slug: str = "tiny"

    def edit_release(self, edit: Callable[[Any], object]) -> None:
        """Release `tiny` again, as if its source had been edited: `edit` changes the notebook."""
        notebook = self.released()
        edit(notebook)
        self.release(notebook)

    @staticmethod
    def released() -> Any:
        """A fresh copy of the notebook that students get."""
        return released_notebook()

    def submit(
        self,
        student: str,
        *,
        notebook: Any = None,
        plan: Mapping[str, tuple[str, float]] | None = None,
    ) -> Path:
        """Hand in a notebook (None: as released; bytes: as they are) and a module."""
        folder = self.root / "submitted" / student / self.slug
        (folder / "pkg").mkdir(parents=True)
        (folder / "pkg" / "work.py").write_text(json.dumps(plan or {}))
        content = released_notebook() if notebook is None else notebook
        if not isinstance(content, bytes):
            content = nbformat.writes(content).encode()
        (folder / f"{self.slug}.ipynb").write_bytes(content)
        return folder

    def run(self, converter: type, **options: Any) -> dict[str, Any]:
        """What nbgrader's command does, with what it logged."""
        self.config.CourseDirectory.update(assignment_id=self.slug, **options)
        coursedir = CourseDirectory(config=self.config)
        outcome: dict[str, Any] = capture_log(converter(coursedir=coursedir, config=self.config))
        return outcome

    def autograde(self, **options: Any) -> dict[str, Any]:
        return self.run(Autograde, **options)

    def generate_assignment(self) -> dict[str, Any]:
        return self.run(GenerateAssignment)

    def generate_feedback(self) -> dict[str, Any]:
        return self.run(GenerateFeedback)

    def gradebook(self) -> Any:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")

    def scores(self, student: str) -> dict[str, float | None]:
        """Grade id -> automatic score in the gradebook."""
        with self.gradebook() as gradebook:
            notebooks = gradebook.find_submission(self.slug, student).notebooks
            return {grade.name: grade.auto_score for nb in notebooks for grade in nb.grades}

    def to_be_graded_by_hand(self, student: str) -> set[str]:
        with self.gradebook() as gradebook:
            notebooks = gradebook.find_submission(self.slug, student).notebooks
            grades = [grade for nb in notebooks for grade in nb.grades]
            return {grade.name for grade in grades if grade.needs_manual_grade}

    def comments(self, student: str) -> dict[str, str | None]:
        """Grade id -> the comment that the gradebook has of itself."""
        with self.gradebook() as gradebook:
            notebooks = gradebook.find_submission(self.slug, student).notebooks
            return {c.name: c.auto_comment for nb in notebooks for c in nb.comments}

    def autograded(self, student: str) -> Any:
        folder = self.root / "autograded" / student / self.slug
        return nbformat.read(folder / f"{self.slug}.ipynb", as_version=4)


RELEASED = {
    "pkg/work.py": 'raise NotImplementedError("TODO(first)")\n',
    "pkg/given.py": "GIVEN = 1\n",
}
CHECKS = f'"""{SECRET}"""\n\nfrom autograder.judging.check import check\n' + "".join(
    f"""

@check("{name}", points={points}, seconds=1)
def {name}(student, rng):
    \"\"\"{name} returns a number.\"\"\"
"""
    for name, points in POINTS.items()
)


@pytest.fixture
def result() -> Callable[..., CheckResult]:
    """Make a `CheckResult`: `result(name, status, score)`."""
    return check_result


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook without entries; making one takes nbgrader two seconds."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    configure(Config())  # so that nbgrader finds alembic
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def write_tiny(
    write_files: Callable[..., None], write_release: Callable[..., Assignment]
) -> Callable[..., Assignment]:
    """Make a folder a course that has `tiny`, with these hidden tests."""

    def write(root: Path, checks: str = CHECKS) -> Assignment:
        write_files(root / "checks", {"tiny.py": checks})
        files = RELEASED | {"tiny.ipynb": nbformat.writes(released_notebook())}
        return write_release(root, "tiny", files, package="pkg")

    return write


@pytest.fixture
def course(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    empty_gradebook: Path,
    write_release: Callable[..., Assignment],
    write_tiny: Callable[..., Assignment],
) -> Iterator[Course]:
    """A course whose only assignment is `tiny`; nothing has been generated or graded."""
    write_tiny(tmp_path)

    def release(notebook: Any) -> Assignment:
        files = RELEASED | {"tiny.ipynb": nbformat.writes(notebook)}
        return write_release(tmp_path, "tiny", files, package="pkg")

    shutil.copy(empty_gradebook, tmp_path / "gradebook.db")
    monkeypatch.setenv("PATH", os.environ["PATH"])  # `configure` may add to it
    config, grader = Config(), Grader()
    configure(config, course=tmp_path)
    config.CourseDirectory.root = str(tmp_path)
    config.GradeInSandbox.update(grade=grader, seed=0, level="process")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's and its database's own
        yield Course(tmp_path, config, grader, release)
