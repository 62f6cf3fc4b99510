"""The ways by which submissions come to the grader: directly, through nbgrader, Gradescope, dask.

Each but the first is what instructors start: a command in a process of its own. nbgrader and dask
grade a whole class in one run, Gradescope one submission in one container. Looks for no harm.
"""

from __future__ import annotations

import dataclasses
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.grading import Conditions, Scheduler, grade_class, grade_submission
from autograder.results import CheckResult, Report, Status
from autograder.route import SubmissionRoute
from autograder.sandbox.limits import Limits
from autograder.submission import find_submissions

from .corpus import Attack
from .handing_in import STUDENT
from .programs import (
    NO_RESULT,
    NoResultError,
    bundle_of,
    empty_gradebook,
    points_in,
    read_report,
    run_command,
    scheduler,
)

EMAIL = "{}@example.edu"
SUMS_DIFFER = "nbgrader's gradebook has {found:g} points, and the report has {wanted:g}"
_CONFIG = """\
from functools import partial
from pathlib import Path

import msgspec

from autograder.grading import grade_submission
from autograder.nbgrader_plugin import configure
from autograder.sandbox.limits import Limits

c = get_config()
configure(c, course=Path({course!r}))
limits = msgspec.json.decode({limits!r}, type=Limits)
c.GradeInSandbox.level = {level!r}
c.GradeInSandbox.seed = {seed!r}
c.GradeInSandbox.grade = partial(grade_submission, limits=limits)
"""


@dataclass(frozen=True, kw_only=True)
class Trip:
    """What is the same for every submission of a run; `place` is an empty folder of its own."""

    assignment: Assignment
    level: str
    seed: int
    limits: Limits
    place: Path


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What came back: the report, remarks on the files, and whatever else people are shown.

    `odd` says what does not agree with the report.
    """

    report: Report
    problems: tuple[str, ...] = ()
    shown: str = ""
    odd: tuple[str, ...] = ()


def takes(route: SubmissionRoute, attack: Attack) -> bool:
    """Whether an attack can come by a route, and differs there.

    What exhausts the machine meets the same limits everywhere. Only where we read a whole folder
    of submissions ourselves can one of them be a link.
    """
    if attack.family == "exhausting":
        return route is SubmissionRoute.DIRECT
    return attack.delivered != "link" or route in (SubmissionRoute.DIRECT, SubmissionRoute.CLUSTER)


def send(route: SubmissionRoute, path: Path, trip: Trip) -> Arrival:
    """Grade what lies at a path, a folder or a zip; it may be moved.

    Raises
    ------
    NoResultError : the command ended without a result.
    """
    if route is SubmissionRoute.DIRECT:
        return _direct(path, trip)
    arrival = send_class(route, {STUDENT: path}, trip)[STUDENT]
    if isinstance(arrival, NoResultError):
        raise arrival
    return arrival


def send_class(
    route: SubmissionRoute, handed_in: Mapping[str, Path], trip: Trip
) -> dict[str, Arrival | NoResultError]:
    """Grade a class, of which each student has handed in what lies at a path; it may be moved.

    The students are graded in the order of their names.
    """
    return _ROUTES[route](handed_in, trip)


def _direct(path: Path, trip: Trip) -> Arrival:
    found = find_submissions(path, trip.assignment)[0]
    report = grade_submission(
        trip.assignment, found, level=trip.level, seed=trip.seed, limits=trip.limits
    )
    return Arrival(report=report, problems=found.problems)


def _cluster(handed_in: Mapping[str, Path], trip: Trip) -> dict[str, Arrival | NoResultError]:
    submissions = [
        dataclasses.replace(find_submissions(path, trip.assignment)[0], student=student)
        for student, path in sorted(handed_in.items())
    ]
    conditions = Conditions(
        assignment=trip.assignment, level=trip.level, seed=trip.seed, limits=trip.limits
    )
    place = Scheduler(scheduler())
    reports = grade_class(conditions, submissions, out=trip.place / "grades", place=place)
    return {
        one.student: Arrival(report=report, problems=one.problems)
        for one, report in zip(submissions, reports, strict=True)
    }


def _nbgrader(handed_in: Mapping[str, Path], trip: Trip) -> dict[str, Arrival | NoResultError]:
    course, slug = trip.place / "course", trip.assignment.slug
    for student, path in handed_in.items():
        submitted = course / "submitted" / student / slug
        _hand_in(path, submitted)
        for name in () if any(submitted.glob("*.ipynb")) else trip.assignment.notebooks:
            shutil.copyfile(trip.assignment.release / name, submitted / name)  # nbgrader needs it
    settings = {"course": str(trip.assignment.course.root), "level": trip.level, "seed": trip.seed,
                "limits": msgspec.json.encode(trip.limits)}  # fmt: skip
    (course / "nbgrader_config.py").write_text(_CONFIG.format(**settings), encoding="utf-8")
    shutil.copyfile(empty_gradebook(), course / "gradebook.db")
    said = "".join(
        run_command(
            [sys.executable, "-m", "nbgrader", step, slug, f"--course-dir={course}"], course
        )
        for step in ("autograde", "generate_feedback")
    )
    return {student: _out_of_nbgrader(student, course, slug, said) for student in handed_in}


def _out_of_nbgrader(student: str, course: Path, slug: str, said: str) -> Arrival | NoResultError:
    """What one student's results, page and gradebook tell."""
    try:
        path = course / "grades" / slug / f"{student}.json"
        report = read_report(path, "nbgrader autograde", said)
    except NoResultError as error:
        return error
    pages = [page.read_text("utf-8") for page in (course / "feedback" / student).rglob("*.html")]
    found = points_in(course / "gradebook.db", student)
    wanted = sum(result.score for result in report.checks if not result.bonus)
    odd = [SUMS_DIFFER.format(found=found, wanted=wanted)] if found != wanted else []
    own = tuple(line for line in said.splitlines() if student in line)
    return Arrival(report=report, problems=own, shown="".join(pages), odd=tuple(odd))


def _gradescope(handed_in: Mapping[str, Path], trip: Trip) -> dict[str, Arrival | NoResultError]:
    return {
        student: _out_of_container(student, path, trip)
        for student, path in sorted(handed_in.items())
    }


def _out_of_container(student: str, path: Path, trip: Trip) -> Arrival | NoResultError:
    root = trip.place / student / "autograder"
    _hand_in(path, root / "submission")
    (root / "results").mkdir()
    (root / "source").symlink_to(
        bundle_of(trip.assignment.slug, trip.assignment.course.root, trip.level, trip.seed)
    )
    users = [{"id": 1, "email": EMAIL.format(student), "name": student.capitalize()}]
    (root / "submission_metadata.json").write_bytes(msgspec.json.encode({"users": users}))
    command = [sys.executable, "-m", "autograder.gradescope.container", str(root)]
    said = run_command(command, root / "source", PYTHONPATH=str(root / "source"))
    try:
        plain = msgspec.json.decode((root / "results" / "results.json").read_bytes())
        report = _reported(plain)
    except (OSError, KeyError, msgspec.DecodeError) as error:
        lost = NoResultError(NO_RESULT.format(command="Gradescope", said=said[-500:]))
        lost.__cause__ = error
        return lost
    return Arrival(report=report, problems=(plain["output"],))


_Route = Callable[[Mapping[str, Path], Trip], dict[str, Arrival | NoResultError]]
_ROUTES: Mapping[SubmissionRoute, _Route] = {
    SubmissionRoute.NBGRADER: _nbgrader,
    SubmissionRoute.GRADESCOPE: _gradescope,
    SubmissionRoute.CLUSTER: _cluster,
}


def _reported(results: dict[str, object]) -> Report:
    """The report that a results.json was made of, as far as students see it."""
    plain = msgspec.convert(results, _Results)
    checks = tuple(
        CheckResult(
            id=one.name.partition(":")[0],
            name=one.name.partition(": ")[2],
            status=Status(plain.extra_data.statuses[one.name.partition(":")[0]]),
            score=one.score,
            max_score=one.max_score,
            rationale=one.output,
        )
        for one in plain.tests
    )
    return Report(
        assignment=plain.extra_data.assignment,
        student=plain.extra_data.student,
        score=plain.score,
        max_score=plain.extra_data.max_score,
        sandbox=plain.extra_data.sandbox,
        seed=0,
        seconds=plain.execution_time,
        checks=checks,
    )


class _Test(msgspec.Struct):
    name: str
    score: float
    max_score: float
    output: str = ""


class _Extra(msgspec.Struct):
    assignment: str
    student: str
    sandbox: str
    max_score: float
    statuses: dict[str, str]


class _Results(msgspec.Struct):
    score: float
    execution_time: float
    tests: list[_Test]
    extra_data: _Extra


def _hand_in(path: Path, target: Path) -> None:
    """Let a folder be the target itself; put a zip into it."""
    target.parent.mkdir(parents=True)
    if path.is_file():
        target.mkdir()
        path.rename(target / path.name)
    else:
        path.rename(target)
