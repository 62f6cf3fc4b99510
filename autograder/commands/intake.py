"""What was handed in, understood before it is graded: `inspect`, and the first lines of `grade`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.assignment import load_assignment
from autograder.course import VARIABLE, Course, find_course
from autograder.course_settings import CourseError
from autograder.layout import Layout
from autograder.printable import printable

from .app import command
from .exits import DOES_NOT_HOLD, USAGE, say
from .options import CourseFolder, LayoutOption, RosterFile, Strict

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.submission import Intake

AMONG_SUBMISSIONS = (
    "The course in {root} lies among the submissions. Go elsewhere, or name your course with"
    " --course DIR."
)
NO_PATH = "Say what to look at: autograder inspect [SLUG] PATH."
THERE = (
    "{home} is there already, and nothing was written. Choose another folder with --submitted, or"
    " move it away."
)
WRITTEN = "Wrote the files of {students} to {folder}. nbgrader keeps no dates of a download."
OTHER_NAME = "nbgrader knows {student} as {folder}: it takes no folder of that name."
STRICT = "--strict: {count} {things} to look at, see above."
HANDED_IN = "handed-in.txt"  # beside the results
RECORD = "{slug}.handed-in.txt"  # beside the students' folders of nbgrader
RECORDED = "What is shown above is also in {path}."


@command()
def inspect(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[SLUG] PATH...",
            help="The assignment, where the files' names do not tell it; then what was handed in.",
        ),
    ],
    layout: LayoutOption = Layout.AUTO,
    roster: RosterFile = None,
    strict: Strict = False,
    submitted: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write what each student handed in to DIR/STUDENT/SLUG/, as nbgrader wants it.",
        ),
    ] = None,
    course: CourseFolder = None,
) -> None:
    """Show who handed in which files, with the reason, and what is ambiguous. Grades nothing."""
    from autograder.reports import print_intake

    found = find_course(course)
    slug = words[0] if words[0] in found.slugs and len(words) > 1 else ""
    paths = [Path(word) for word in (words[1:] if slug else words)]
    if course is None:
        refuse_among_submissions(found, paths)
    assignment = load_assignment(slug, found) if slug else _assignment_of(paths, found)
    intake = take_in(paths, assignment, layout=layout, roster=roster)
    print_intake(intake, assignment)
    if strict:
        be_strict(intake)
    if submitted is not None:
        write_submitted(intake, assignment, submitted)


def write_submitted(intake: Intake, assignment: Assignment, folder: Path) -> None:
    """Write the files of each student to FOLDER/STUDENT/SLUG/, from where nbgrader takes them.

    Raises
    ------
    SubmissionError
        If one of these folders exists: what was collected before is never mixed or overwritten.
    """
    from autograder.submission import SubmissionError, folder_names

    names = folder_names(one.student for one in intake.submissions)
    homes = {folder / names[one.student] / assignment.slug: one for one in intake.submissions}
    there = [home for home in homes if home.exists()]
    if there:
        raise SubmissionError(THERE.format(home=there[0]))
    for home, one in homes.items():
        home.mkdir(parents=True)
        for path, content in one.files.items():
            target = home / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    said = [
        OTHER_NAME.format(student=printable(student, keep=""), folder=name)
        for student, name in names.items()
        if name != student
    ]
    count = len(homes)
    students = "1 student" if count == 1 else f"{count} students"
    say(WRITTEN.format(students=students, folder=folder))
    for line in said:
        say(line)
    say(RECORDED.format(path=_record_beside(intake, assignment, folder, said)))


def _record_beside(
    intake: Intake, assignment: Assignment, folder: Path, said: Sequence[str]
) -> Path:
    """Keep what `inspect` shows beside the students' folders, under that of an earlier download."""
    from autograder.reports import handed_in_record

    path = folder / RECORD.format(slug=assignment.slug)
    record = handed_in_record(intake, assignment) + "".join(f"{line}\n" for line in said)
    folder.mkdir(parents=True, exist_ok=True)
    _write_below(_read(path), record, path)
    return path


def take_in(
    paths: Sequence[Path], assignment: Assignment, *, layout: Layout, roster: Path | None
) -> Intake:
    """Everything at the paths; a roster that cannot be used is said before anything is read."""
    from autograder import submission

    known = None if roster is None else submission.read_roster(roster)
    return submission.take_in(paths, assignment, layout=layout, roster=known)


def say_first(intake: Intake, assignment: Assignment, notice: Callable[[str], None]) -> None:
    """Say what was understood, before it is graded."""
    from autograder.reports import first_lines

    for line in first_lines(intake, assignment):
        notice(line)


def keep_record(
    intake: Intake, assignment: Assignment, folder: Path, *, before: Sequence[str]
) -> None:
    """Keep what `inspect` shows beside the results, where there is something to look at.

    What is there already stays above it, where some who were graded `before` are not in this run.
    """
    if not intake.all_warnings and intake.missing is None:
        return
    from autograder.reports import handed_in_record

    path, everyone = folder / HANDED_IN, {one.student for one in intake.submissions}
    kept = "" if everyone.issuperset(before) else _read(path)
    _write_below(kept, handed_in_record(intake, assignment), path)


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _write_below(kept: str, record: str, path: Path) -> None:
    """Write a record under what is kept, unless it is there already."""
    from autograder.files import write_atomically

    if record not in kept:
        write_atomically(path, "\n".join(filter(None, (kept, record))).encode("utf-8"))


def be_strict(intake: Intake) -> None:
    """End with exit code 1 where something has to be looked at."""
    count = len(intake.all_warnings)
    if count:
        say(STRICT.format(count=count, things="thing" if count == 1 else "things"))
        raise typer.Exit(DOES_NOT_HOLD)


def refuse_among_submissions(course: Course, paths: Sequence[Path]) -> None:
    """A `course.toml` that somebody has handed in must not decide which hidden tests run here."""
    if not os.environ.get(VARIABLE) and any(
        course.root.is_relative_to(path.resolve()) for path in paths
    ):
        raise CourseError(AMONG_SUBMISSIONS.format(root=course.root))


def _assignment_of(paths: Sequence[Path], course: Course) -> Assignment:
    """The assignment that the files' names tell."""
    from autograder.submission import SubmissionError, assignment_of

    for path in paths:
        if not path.exists():
            raise SubmissionError(f"{path} does not exist.")
    if not paths:
        say(NO_PATH)
        raise typer.Exit(USAGE)
    return assignment_of(paths, [load_assignment(slug, course) for slug in course.slugs])
