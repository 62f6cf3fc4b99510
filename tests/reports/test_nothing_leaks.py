"""A student's page tells nothing of hidden tests, seeds, the course's answers, others and paths.

The pages are those of known mistakes in the assignments that are shipped, with everything that a
page can show: code, pictures, formulas, and the files to try again. So is what nbgrader's feedback
shows in its grade cells, and what Gradescope reads.
"""

from __future__ import annotations

import ast
import html
import os
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.course import shipped_course
from autograder.grading import grade_submission
from autograder.grading.seeds import Draws
from autograder.judging.attempts import code_cells
from autograder.judging.check import load_checks
from autograder.judging.written_questions import read_written
from autograder.nbgrader_plugin.notes import where_to_start
from autograder.nbgrader_plugin.outputs import outputs_for
from autograder.reports import write_pages
from autograder.reports.gradescope import gradescope_results
from autograder.reports.lesson_places import lesson_places
from autograder.results import CheckResult, Report, Status
from autograder.solved import WrongSolution, read_solved
from autograder.submission import Submission, file_stem

pytestmark = pytest.mark.long

SEED = 0x5EED_0F_7415_C0125E_15_A_5EC2E7
MISTAKES = 3
LEAST = 24  # characters of a line that stands nowhere by chance
STUDENTS = ("Ada Lovelace", "Boris Petrov")
SLUGS = shipped_course().slugs


def mistakes(assignment: Assignment) -> list[WrongSolution]:
    """Some of the assignment's known mistakes, none of them in a training."""
    solved = read_solved(assignment)
    assert solved is not None
    quick = {check.id for check in load_checks(assignment).values() if check.exact}
    usable = [one for one in solved.mistakes if set(one.loses) <= quick]
    return random.Random(3).sample(usable, MISTAKES)


def graded(assignment: Assignment, files: Mapping[str, bytes], student: str) -> Report:
    known = {
        check.id: CheckResult(id=check.id, name=check.summary, status=Status.PASSED,
                              score=check.points, max_score=check.points)
        for check in load_checks(assignment).values() if not check.exact
    }  # fmt: skip
    submission = Submission(student=student, files=files)
    return grade_submission(
        assignment, submission, level="process", seed=SEED, known=known, confirm=0
    )


def written(folder: Path, assignment: Assignment, report: Report) -> str:
    """All that this student gets, as text without tags."""
    other = msgspec.structs.replace(report, student=STUDENTS[1])
    places = lesson_places(assignment)
    write_pages(folder, [report, other], title="T", places=places, try_again=True)
    stem = file_stem(STUDENTS[0])
    mine = [folder / f"{stem}.html", *folder.glob(f"try_again/{stem}/*.py")]
    page = "\n".join([*(path.read_text("utf-8") for path in mine), *elsewhere(report)])
    return html.unescape(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))


def elsewhere(report: Report) -> Iterator[str]:
    """What this student gets in nbgrader's feedback, and on Gradescope."""
    yield where_to_start(report.checks)
    for result in report.checks:
        for output in outputs_for(result, try_again=True):
            yield from (output.get("text", ""), *output.get("traceback", ()))
            yield from output.get("data", {}).values()
    results = gradescope_results(report, try_again=True)
    yield results["output"]
    for test in results["tests"]:
        yield from (test["name"], test["output"])


def code_lines(source: str) -> set[str]:
    """The lines of a source that are code: sentences in it are meant to be read by students."""
    strings = (ast.JoinedStr, ast.Constant)
    told = {
        number
        for node in ast.walk(ast.parse(source))
        if isinstance(node, strings) and not isinstance(getattr(node, "value", ""), int | float)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(source.splitlines(), start=1)
    return {line.strip() for number, line in lines if number not in told}


def sources(path: str, content: bytes) -> list[str]:
    """The Python in a file; magics are no Python."""
    cells = code_cells(content) if path.endswith(".ipynb") else [content.decode("utf-8")]
    magics = re.compile(r"^\s*[%!].*$", re.MULTILINE)
    return [magics.sub("", cell) for cell in cells]


def secrets(assignment: Assignment, files: Mapping[str, bytes]) -> list[str]:
    """Lines of hidden tests, and of the solution where the submission has others."""
    solved = read_solved(assignment)
    assert solved is not None
    released = {path.as_posix(): path.read_bytes() for path in assignment.release.rglob("*")
                if path.suffix in (".py", ".ipynb")}  # fmt: skip
    seen = "\n".join(text for each in (files, released) for path, data in each.items()
                     for text in sources(path, data))  # fmt: skip
    hidden = [path.read_text("utf-8") for path in assignment.checks_folder.rglob("*.py")]
    hidden += [text for path, data in solved.reference().items() for text in sources(path, data)]
    lines = {line for text in hidden for line in code_lines(text)}
    return [line for line in lines if len(line) >= LEAST and line not in seen]


def answers(assignment: Assignment) -> Iterator[str]:
    """The references of written questions, and the right options of choices."""
    for path in (assignment.checks_folder / "written").glob("*.toml"):
        plain = read_written(path).plain
        yield from (str(plain["answer"].get(key, "")) for key in ("reference", "objective"))
        yield from plain.get("right", ())


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_tells_nothing_that_it_should_not(slug: str, tmp_path: Path) -> None:
    assignment = load_assignment(slug, shipped_course())
    solved = read_solved(assignment)
    assert solved is not None
    for number, mistake in enumerate(mistakes(assignment)):
        files = solved.with_mistakes(mistake)
        report = graded(assignment, files, STUDENTS[0])
        assert any(one.status in (Status.FAILED, Status.PARTIAL) for one in report.checks)
        page = written(tmp_path / str(number), assignment, report)
        draws = Draws.of(Submission(student=STUDENTS[0], files=files), seed=SEED)
        for secret in (str(SEED), f"{SEED:x}", STUDENTS[1], "Boris", str(assignment.course.root),
                       str(tmp_path), os.path.expanduser("~") + "/", "/tmp/", "site-packages",
                       *(str(draws.worker_seed(one.id)) for one in report.checks)):  # fmt: skip
            assert secret not in page
        hidden = secrets(assignment, files)
        assert len(hidden) > 20
        assert [line for line in hidden if line in page] == []
        submitted = b"\n".join(files.values()).decode("utf-8", "replace").replace("\\\\", "\\")
        for answer in answers(assignment):
            if len(answer) >= LEAST and answer not in submitted:
                assert answer not in page
