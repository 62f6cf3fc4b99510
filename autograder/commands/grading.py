"""Commands that grade, here or on Gradescope."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.assignment import load_assignment, parts_of
from autograder.cores import use_one_blas_thread
from autograder.course import find_course
from autograder.layout import Layout

from .app import command
from .exits import OUR_FAULT, ended_in_order, say
from .intake import be_strict, keep_record, refuse_among_submissions, say_first, take_in
from .options import (
    CourseFolder,
    Format,
    Formats,
    Fresh,
    Jobs,
    LayoutOption,
    Level,
    Out,
    Paths,
    RosterFile,
    Scheduler,
    Seed,
    Slug,
    Strict,
)

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.grading.failures import Failure
    from autograder.marks.mark import Mark
    from autograder.results import Report
    from autograder.submission import Intake


@command()
def demo(
    sandbox: Level = "bubblewrap",
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Adopt and grade the example course of nbgrader.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="With --adopt: keep the course and its pages in there.")
    ] = None,
) -> None:
    """Grade a small class of made-up students, to see what the grader does."""
    if adopt:
        from autograder.demo_adopt import show_adopted

        _exit_for(show_adopted(level=sandbox, out=out))
        return
    from autograder.demo import show_demo

    _exit_for(show_demo(level=sandbox))


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
    layout: LayoutOption = Layout.AUTO,
    roster: RosterFile = None,
    strict: Strict = False,
    course: CourseFolder = None,
) -> None:
    """Grade submissions; each one's result is also written to OUT/SLUG/STUDENT.json.

    A result that is there already and still holds is not made again: run the same command after
    an interruption, and it goes on where it stopped.
    """
    use_one_blas_thread()
    found = find_course(course)
    if course is None:
        refuse_among_submissions(found, paths)
    assignment = load_assignment(slug, found)
    intake = take_in(paths, assignment, layout=layout, roster=roster)
    submissions = intake.submissions
    in_one_process = (jobs == 1 or len(submissions) == 1) and scheduler is None
    if in_one_process and (fresh or not (out / slug).exists()):
        _make_ready(sandbox)
    from autograder import grading
    from autograder.reports import progress

    failures: list[Failure] = []
    seed = _kept_seed(out) if seed is None else seed
    place = grading.Processes(jobs) if scheduler is None else grading.Scheduler(scheduler)
    with (
        _told_changes(assignment, out, roster),
        ended_in_order(),
        progress(len(submissions)) as shown,
    ):
        reports = grading.grade_class(
            grading.Conditions(assignment=assignment, level=sandbox, seed=seed),
            submissions,
            out=out,
            place=place,
            listener=grading.Listener(
                begins=lambda: say_first(intake, assignment, shown.notice),
                graded=shown,
                reused=shown.reused,
                notice=shown.notice,
                failed=failures.append,
            ),
            fresh=fresh,
        )
    wanted = formats or [Format.TEXT]
    marks = _marks(assignment, out, roster) if Format.HTML in wanted else ()
    _show(wanted, assignment, intake, reports, out=out, seed=seed, marks=marks)
    _say_failures(failures, out / slug)
    _exit_for(reports)
    if strict:
        be_strict(intake)


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
    from autograder import grading
    from autograder.gradescope.bundle import write_bundle
    from autograder.gradescope.settings import Settings
    from autograder.reports.feedback import read_feedback
    from autograder.reports.visibility import read_leaderboard, read_visibility
    from autograder.sandbox.levels import UnavailableLevelError, get_level

    assignment = load_assignment(slug, find_course(course))
    path = out if out.suffix == ".zip" else out / f"{slug}.zip"
    with contextlib.suppress(UnavailableLevelError):  # here; in the container it may be
        get_level(sandbox)
    seed = _kept_seed(path.parent) if seed is None else seed
    parts = parts_of(assignment)
    ids = [part.id for part in parts if not part.manual]
    settings = Settings(
        slug=slug,
        seed=grading.written_seed(seed),
        sandbox=sandbox,
        minutes=minutes,
        visibility=read_visibility(assignment.course, slug, ids),
        try_again=read_feedback(assignment.course).try_again,
        leaderboard=read_leaderboard(assignment.course),
    )
    typer.echo(write_bundle(assignment, settings, path).advice)


@contextlib.contextmanager
def _told_changes(assignment: Assignment, out: Path, roster: Path | None) -> Iterator[None]:
    """Say at the end whose marks are others than before, also where grading was interrupted."""
    if not (out / assignment.slug).is_dir():
        yield
        return
    from autograder.marks.changes import changes_since, kept_results, written_changes
    from autograder.submission import read_roster

    known = None if roster is None else read_roster(roster)
    before = kept_results(assignment, out, roster=known)

    def tell() -> None:
        after = kept_results(assignment, out, roster=known)
        changes = changes_since(before, after)
        total = len(after.marks.reports)
        now = datetime.now(UTC).astimezone()
        for line in written_changes(changes, out, assignment.slug, total=total, now=now):
            say(line)
        if after.notice:
            say(after.notice)

    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):  # what went wrong first is said
            tell()
        raise
    tell()


def _marks(assignment: Assignment, out: Path, roster: Path | None) -> Sequence[Mark]:
    """The marks that pages tell of; none as long as a row of marks.csv is wrong."""
    from autograder.marks.changes import kept_results
    from autograder.submission import read_roster

    known = None if roster is None else read_roster(roster)
    found = kept_results(assignment, out, roster=known)
    return () if found.notice else found.marks.marks


def _make_ready(sandbox: str) -> None:
    """Begin to start the sandbox now, in the background of imports that take as long."""
    from autograder.sandbox.levels import make_ready

    make_ready(sandbox)


def _kept_seed(out: Path) -> int:
    from autograder.grading import course_seed, short_seed

    try:
        seed = course_seed(out)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if short := short_seed(out):
        say(short)
    return seed


def _show(
    formats: Sequence[Format],
    assignment: Assignment,
    intake: Intake,
    reports: Sequence[Report],
    *,
    out: Path,
    seed: int,
    marks: Sequence[Mark],
) -> None:
    """Print this run, and write the pages and tables of the class it belongs to."""
    from autograder.grading import stored_class
    from autograder.marks.sentences import in_class, told
    from autograder.reports import forgeable, keep_class, show

    folder = out / assignment.slug
    before = stored_class(out, assignment.slug, seed=seed, notice=say)
    known = keep_class(
        folder,
        [report.student for report in reports],
        [report.student for report in (*before, *reports)],
        warnings=intake.warnings,
        missing=intake.missing,
    )
    keep_record(intake, assignment, folder, before=[report.student for report in before])
    for kind in formats:
        show(
            kind,
            assignment,
            intake.submissions,
            reports,
            folder,
            before=before,
            warnings=(*known.warnings, *forgeable(assignment.adopted)),
            missing=known.missing,
            marks=told(marks),
            decided=in_class(marks),
        )


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
