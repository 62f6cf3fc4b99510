"""`verify --data`: which assignments a data set is meant for, and what is shown of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import grading
from autograder.assignment import Assignment
from autograder.authoring import Mutant, load_mutants, read_assignment
from autograder.authoring.cases import expected_of
from autograder.authoring.source import hidden_tests
from autograder.authoring.with_data import UnsupportedDataError, choices, page, verify_with_data
from autograder.cli import app
from autograder.course import shipped_course
from autograder.data import MissingDataError, places
from autograder.grading import pool
from autograder.judging.groups import load_groups
from autograder.results import CheckResult, Report, Status
from autograder.submission import Submission

Grade = Callable[[Assignment, Submission], Report]


@pytest.fixture(autouse=True)
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any data but ours."""
    monkeypatch.delenv(places.VARIABLE, raising=False)
    monkeypatch.setattr(places, "cache_folder", lambda: tmp_path / "cache")


@pytest.fixture(scope="module")
def assignments() -> list[Assignment]:
    """All of the shipped course, as their sources say."""
    return [read_assignment(slug, shipped_course()) for slug in shipped_course().slugs]


@pytest.fixture(scope="module")
def mnist_numpy(assignments: list[Assignment]) -> Assignment:
    """One with three data sets."""
    return next(one for one in assignments if one.slug == "mnist_numpy")


def pairs(chosen: list[Assignment]) -> list[tuple[str, str]]:
    return [(one.slug, one.dataset) for one in chosen]


def test_a_data_set_is_for_those_that_have_settings_for_it(assignments: list[Assignment]) -> None:
    assert pairs(choices(assignments, "digits", named=False)) == [
        ("fully_connected_nets", "digits"),
        ("mnist_numpy", "digits"),
        ("pca_kmeans", "digits"),
    ]


def test_all_are_every_pair(assignments: list[Assignment]) -> None:
    every = pairs(choices(assignments, "all", named=False))
    assert {slug for slug, _ in every} == set(shipped_course().slugs)
    assert [data for slug, data in every if slug == "modular_nets"] == ["shapes", "cifar100"]


@pytest.mark.parametrize(
    ("name", "slugs", "said"),
    [
        ("cifar11", [], "No data set is called 'cifar11'. Did you mean cifar10 or cifar100?"),
        ("mnits", ["mnist_numpy"], "No data set is called 'mnits'. Did you mean mnist or mnist8k?"),
        (
            "cifar10",
            ["mnist_numpy"],
            "mnist_numpy is not graded with cifar10; its data sets are: mnist8k, digits, mnist.",
        ),
        (
            "shapes20",
            [],
            "No assignment here is graded with shapes20; there are: cifar10, cifar100, digits,"
            " mnist, mnist8k, shapes.",
        ),
    ],
)
def test_what_cannot_be_graded_is_refused(
    assignments: list[Assignment], name: str, slugs: list[str], said: str
) -> None:
    among = [one for one in assignments if not slugs or one.slug in slugs]
    with pytest.raises(UnsupportedDataError) as raised:
        choices(among, name, named=bool(slugs))
    assert str(raised.value) == said


def test_data_that_are_not_here_are_said_before_anything_is_graded(
    assignments: list[Assignment],
) -> None:
    with pytest.raises(MissingDataError) as raised:
        choices(assignments, "mnist", named=False)
    assert str(raised.value).startswith("The data set mnist is not on this machine. Run")


def reports(*, right: bool) -> Grade:
    """A grader that knows what the mutants lose, or that gives everybody everything."""

    def grade(assignment: Assignment, submission: Submission) -> Report:
        mutants = {f"mutant-{one.name}": one for one in load_mutants(assignment)}
        mutant = mutants.get(submission.student) if right else None
        checks = tuple(_ends(assignment, mutant))
        return Report(
            assignment=assignment.slug,
            student=submission.student,
            score=sum(check.score for check in checks),
            max_score=sum(check.max_score for check in checks),
            sandbox="none",
            seed=0,
            seconds=12.34,
            checks=checks,
        )

    return grade


def _ends(assignment: Assignment, mutant: Mutant | None) -> Iterator[CheckResult]:
    checks = hidden_tests(assignment)
    loses = mutant.loses if mutant else ()
    expected = expected_of(loses, checks, load_groups(assignment))
    for id, check in checks.items():
        others = Status.SKIPPED if Status.SKIPPED in expected[id] else Status.PASSED
        status = Status.FAILED if id in loses else others
        yield CheckResult(
            id=check.id,
            name=check.summary,
            status=status,
            score=check.points if status is Status.PASSED else 0.0,
            max_score=check.points,
            rationale=" ".join(mutant.says) if mutant else "",
            help=mutant.diagnosis if mutant else "",
            seconds=1.25,
        )


def test_the_reference_and_the_mutants_that_train(mnist_numpy: Assignment, tmp_path: Path) -> None:
    (digits,) = choices([mnist_numpy], "digits", named=True)
    before = {path: path.read_bytes() for path in mnist_numpy.release.rglob("*") if path.is_file()}
    told: list[str] = []
    result = verify_with_data(digits, tmp_path, grade=reports(right=False), tell=told.append)
    names = {row.name for row, _ in result.graded}
    assert {"", "ten_epochs", "small_learning_rate"} <= names
    assert "base_two_logarithm" not in names
    assert not result.holds
    assert result.verdict == (
        f"mnist_numpy with digits: {len(names) - 1} of {len(names)} are not as they should be"
    )
    assert told[0] == "ok     reference: 35 of 35, 12.3 s"
    assert all(line.startswith("BROKEN mutant ") for line in told[1:])
    after = {path: path.read_bytes() for path in mnist_numpy.release.rglob("*") if path.is_file()}
    assert after == before


def test_the_table(mnist_numpy: Assignment, tmp_path: Path) -> None:
    (digits,) = choices([mnist_numpy], "digits", named=True)
    result = verify_with_data(digits, tmp_path, grade=reports(right=True))
    rows = page([result]).splitlines()[-1:]
    assert rows == [
        "| `mnist_numpy` | digits | 1,197 | 35 of 35 | 12.3 | `running_loss` 1.2 (60),"
        " `twenty_epochs` 1.2 (60), `held_back_accuracy` 1.2 (60) |"
    ]


def run(*words: str) -> tuple[int, str, str]:
    """The command line on the shipped course, with a grader that gives everybody everything."""
    done = CliRunner().invoke(app, ["verify", "--jobs=1", *words])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def _all_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "grade_submission", lambda one, sub, level: GRADE(one, sub))
    monkeypatch.setattr(pool, "GraderPool", lambda _: ThreadPoolExecutor(1))


GRADE = reports(right=True)


def test_the_command_refuses_what_it_does_not_know() -> None:
    code, out, err = run("--data", "cifar11")
    assert (code, out) == (2, "")
    assert err == "No data set is called 'cifar11'. Did you mean cifar10 or cifar100?\n"


@pytest.mark.usefixtures("_all_points")
def test_the_command_shows_each_row_and_a_verdict() -> None:
    code, out, _ = run("--data", "digits", "mnist_numpy")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "ok     reference: 35 of 35, 12.3 s"
    assert any(line.startswith("ok     mutant ten_epochs: ") for line in lines)
    assert lines[-1] == "mnist_numpy with digits: holds"


@pytest.mark.usefixtures("_all_points")
def test_a_table_has_the_references_alone_and_says_what_is_missing(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    code, out, err = run("--data", "all", "mnist_numpy", "--table", str(page))
    assert code == 1
    assert out.splitlines() == [
        line for name in ("mnist8k", "digits") for line in (
            "ok     reference: 35 of 35, 12.3 s", f"mnist_numpy with {name}: holds",
        )
    ]  # fmt: skip
    assert err.startswith("mnist_numpy: The data set mnist is not on this machine. Run `autograder")
    written = page.read_text().splitlines()
    assert [line.split(" | ")[:3] for line in written[-2:]] == [
        ["| `mnist_numpy`", "mnist8k", "4,000"],
        ["| `mnist_numpy`", "digits", "1,197"],
    ]
