"""The commands, one short function each. Knows how to ask and to show, not how to grade.

Exit codes: 0 done (whatever the marks), 1 what was to be proved does not hold, 2 wrong usage,
3 the grader itself failed somewhere, 130 interrupted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from autograder.assignment import load_assignment
from autograder.cores import available_cores, use_one_blas_thread
from autograder.course import find_course
from autograder.exits import DOES_NOT_HOLD, OUR_FAULT, USAGE, ended_in_order, say
from autograder.guard import guarded
from autograder.logs import EVERYTHING, FAILURES, told
from autograder.options import (
    CourseFolder,
    Format,
    Formats,
    Fresh,
    Jobs,
    Level,
    Out,
    Paths,
    Scheduler,
    Seed,
    Slug,
    Slugs,
    Verbose,
)

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.authoring import Scaffolded
    from autograder.course import Course
    from autograder.grading.failures import Failure
    from autograder.results import Report
    from autograder.submission import Submission

P = ParamSpec("P")


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def command(name: str | None = None) -> Callable[[Callable[P, None]], Callable[..., None]]:
    """Register a command."""
    return lambda function: app.command(name)(guarded(function))


@app.callback()
def everything(context: typer.Context, verbose: Verbose = False) -> None:
    """Machine-learning assignments in NumPy, and the grader that marks them safely."""
    context.with_resource(told(EVERYTHING if verbose else 0))


@command()
def demo(sandbox: Level = "bubblewrap") -> None:
    """Grade a small class of made-up students, to see what the grader does."""
    from autograder.demo import show_demo

    _exit_for(show_demo(level=sandbox))


@command("list")
def list_(course: CourseFolder = None) -> None:
    """Show the assignments of the course."""
    from autograder.reports import assignment_table, print_table

    found = find_course(course)
    _expect_some(found.slugs, found)
    print_table(assignment_table(found))


@command()
def init(
    folder: Annotated[Path, typer.Argument(file_okay=False, metavar="DIR")],
    title: Annotated[
        str, typer.Option(help="The course's title; by default the folder's name.")
    ] = "",
) -> None:
    """Make a folder a course: course.toml, nbgrader_config.py, README.md and .gitignore."""
    from autograder import authoring

    _show_written(authoring.init_course(folder, title))
    typer.echo(f"Now: cd {folder}; autograder new ps1")


@command()
def new(
    slug: Annotated[str, typer.Argument(help="The new assignment's name, such as ps1.")],
    course: CourseFolder = None,
) -> None:
    """Write an assignment to start from: one function, one formula and one answer in words."""
    from autograder import authoring

    _show_written(authoring.new_assignment(slug, find_course(course)))
    typer.echo(f"Now: autograder build {slug}; autograder verify {slug}")


@command()
def copy(
    slug: Annotated[str, typer.Argument(help="An assignment of the course that is shipped.")],
    course: CourseFolder = None,
) -> None:
    """Take one of the shipped assignments into your course, to change it."""
    from autograder import authoring

    _show_written(authoring.copy_assignment(slug, find_course(course)))
    typer.echo(f"Now: autograder build {slug}; autograder verify {slug}")


@command()
def build(
    slugs: Slugs = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; show what is old.")
    ] = False,
    course: CourseFolder = None,
) -> None:
    """Write the released folders from the sources."""
    from autograder import authoring

    differences = ""
    for assignment in _sources(slugs, find_course(course)):
        if check:
            differences += authoring.stale(assignment)
        else:
            paths = authoring.build(assignment)
            typer.echo(f"{assignment.slug}: {len(paths)} files in {assignment.release}")
    if differences:
        typer.echo(differences)
        say("The released folders are not what the sources give; run `autograder build`.")
        raise typer.Exit(DOES_NOT_HOLD)


@command()
def grade(
    slug: Slug,
    paths: Paths,
    jobs: Jobs = None,
    sandbox: Level = "bubblewrap",
    seed: Seed = None,
    out: Out = Path("grades"),
    formats: Formats = None,
    fresh: Fresh = False,
    scheduler: Scheduler = None,
    course: CourseFolder = None,
) -> None:
    """Grade submissions; each one's result is also written to OUT/SLUG/STUDENT.json.

    A result that is there already and still holds is not made again: run the same command after
    an interruption, and it goes on where it stopped.
    """
    use_one_blas_thread()
    assignment = load_assignment(slug, find_course(course))
    submissions = _submissions(paths, assignment)
    in_one_process = (jobs == 1 or len(submissions) == 1) and scheduler is None
    if in_one_process and (fresh or not (out / slug).exists()):
        _make_ready(sandbox)
    from autograder import grading
    from autograder.reports import progress, show

    failures: list[Failure] = []
    seed = _kept_seed(out) if seed is None else seed
    place = grading.Processes(jobs) if scheduler is None else grading.Scheduler(scheduler)
    with ended_in_order(), progress(len(submissions)) as shown:
        reports = grading.grade_class(
            grading.Conditions(assignment=assignment, level=sandbox, seed=seed),
            submissions,
            out=out,
            place=place,
            listener=grading.Listener(
                graded=shown, reused=shown.reused, notice=shown.notice, failed=failures.append
            ),
            fresh=fresh,
        )
    for kind in formats or [Format.TEXT]:
        show(kind, assignment, submissions, reports, out / slug)
    _say_failures(failures, out / slug)
    _exit_for(reports)


@command()
def verify(
    slugs: Slugs = None,
    jobs: Jobs = None,
    sandbox: Level = "bubblewrap",
    attacks: Annotated[
        bool, typer.Option("--attacks", help="Try every hostile submission of the corpus instead.")
    ] = False,
    table: Annotated[
        Path | None,
        typer.Option(help="With --attacks: try all levels, and write here what each one stops."),
    ] = None,
    course: CourseFolder = None,
) -> None:
    """Prove that right solutions get all points, and each known mistake loses what it should."""
    from autograder import authoring
    from autograder.grading import grade_submission
    from autograder.grading.pool import GraderPool

    if attacks:
        _verify_attacks(slugs, jobs, sandbox, table)
        return
    broken = False
    with told(FAILURES), GraderPool(jobs or available_cores()) as executor:
        for assignment in _sources(slugs, find_course(course)):
            grade = partial(grade_submission, level=sandbox)
            result = authoring.verify(assignment, grade=grade, executor=executor)
            typer.echo(str(result))
            broken |= not result.holds
    if broken:
        raise typer.Exit(DOES_NOT_HOLD)


def _verify_attacks(
    slugs: Sequence[str] | None, jobs: int | None, level: str, table: Path | None
) -> None:
    from autograder.attacks import verify_attacks

    if slugs:
        raise typer.BadParameter("attacks have an assignment of their own; leave the names out")
    if not verify_attacks(level=level, page=table, jobs=jobs or available_cores(), echo=typer.echo):
        raise typer.Exit(DOES_NOT_HOLD)


@command()
def data(
    name: Annotated[str | None, typer.Argument(help="A data set to fetch; none: show all.")] = None,
) -> None:
    """Show the data sets, or fetch one."""
    from autograder.data import describe, fetch
    from autograder.reports import data_table, print_table

    if name is None:
        print_table(data_table(describe()))
    else:
        place = fetch(name)
        typer.echo(f"{name} is in {place}" if place else f"{name} needs no download.")


@command()
def gradescope(
    slug: Slug,
    out: Annotated[
        Path, typer.Option(help="A folder, or the zip itself when it ends in .zip.")
    ] = Path("gradescope"),
    sandbox: Level = "user",
    seed: Seed = None,
    minutes: Annotated[
        float, typer.Option(min=2, help="The time limit of the container, as set on Gradescope.")
    ] = 10.0,
    course: CourseFolder = None,
) -> None:
    """Make the zip with which Gradescope grades an assignment by our grader."""
    from autograder.gradescope.bundle import write_bundle
    from autograder.gradescope.settings import Settings
    from autograder.sandbox.levels import UnavailableLevelError, get_level

    assignment = load_assignment(slug, find_course(course))
    path = out if out.suffix == ".zip" else out / f"{slug}.zip"
    with contextlib.suppress(UnavailableLevelError):  # here; in the container it may be
        get_level(sandbox)
    seed = _kept_seed(path.parent) if seed is None else seed
    settings = Settings(slug=slug, seed=seed, sandbox=sandbox, minutes=minutes)
    typer.echo(write_bundle(assignment, settings, path).advice)


@command()
def doctor() -> None:
    """Show which sandbox levels this machine has, and why not the better ones."""
    from autograder.sandbox.levels import diagnose

    levels = diagnose()
    for level, available, explanation in levels:
        typer.echo(
            f"{'✓ available    ' if available else '✗ not available'}  {level}: {explanation}"
        )
    if not levels[0][1]:
        say(f"The default level, {levels[0][0]}, is missing: {levels[0][2]}.")
        raise typer.Exit(DOES_NOT_HOLD)


def main() -> None:
    """Run the command line."""
    app()


def _show_written(written: Scaffolded) -> None:
    for path in written.files:
        typer.echo(f"wrote {path}")
    for path in written.kept:
        typer.echo(f"kept  {path}, which was there already")


def _make_ready(sandbox: str) -> None:
    """Begin to start the sandbox now, in the background of imports that take as long."""
    from autograder.sandbox.levels import make_ready

    make_ready(sandbox)


def _sources(slugs: Sequence[str] | None, course: Course) -> list[Assignment]:
    """The assignments that were named, or all that have a source."""
    from autograder.authoring import read_assignment, source_slugs

    known = source_slugs(course)
    _expect_some(slugs or known, course)
    return [read_assignment(slug, course) for slug in slugs or known]


def _expect_some(slugs: Sequence[str], course: Course) -> None:
    """End with exit code 2 where there is nothing to do."""
    if not slugs:
        say(f"The course in {course.root} has no assignment; `autograder new SLUG` makes one.")
        raise typer.Exit(USAGE)


def _submissions(paths: Sequence[Path], assignment: Assignment) -> list[Submission]:
    from autograder.submission import distinct, find_submissions

    return distinct(found for path in paths for found in find_submissions(path, assignment))


def _kept_seed(out: Path) -> int:
    from autograder.grading import course_seed

    try:
        return course_seed(out)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _say_failures(failures: Sequence[Failure], folder: Path) -> None:
    from autograder.grading.failures import ALL_IN, LOG, summary

    for line in summary(failures):
        say(line)
    if failures:
        say(ALL_IN.format(path=folder / LOG))


def _exit_for(reports: Sequence[Report]) -> None:
    if any(report.failed_to_grade for report in reports):
        say("The grader itself failed at some checks; the scores with `error` are not final.")
        raise typer.Exit(OUR_FAULT)
