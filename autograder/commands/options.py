"""The arguments and options that commands share: their types, and what `--help` says of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder.layout import Layout


class Format(StrEnum):
    """How results are shown, beside the JSON file of each submission."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    CSV = "csv"
    GRADESCOPE = "gradescope"


def _seed(text: str) -> int:
    from autograder.grading.seeds import read_seed

    return read_seed(text)


CourseFolder = Annotated[
    Path | None,
    typer.Option(
        "--course",
        help="The folder with the course.toml; by default the one around here, else the course"
        " that comes with the grader.",
        file_okay=False,
        metavar="DIR",
    ),
]
Slug = Annotated[str, typer.Argument(help="An assignment, as `autograder list` shows it.")]
Slugs = Annotated[list[str] | None, typer.Argument(help="Assignments; all of them when left out.")]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="Submissions at a time; the number of cores by default.")
]
Level = Annotated[str, typer.Option("--sandbox", help="A level, as `autograder doctor` shows it.")]
Seed = Annotated[
    int | None,
    typer.Option(
        help="Of the hidden inputs; by default drawn once and kept in OUT/.seed. A number, or 0x"
        " and hexadecimal digits, as a result has it.",
        parser=_seed,
        metavar="S",
    ),
]
Out = Annotated[Path, typer.Option(help="The folder of results.", file_okay=False)]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Grade on the dask cluster at this address, such as tcp://host:8786."),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Grade again what has not changed since it was graded.")
]
Formats = Annotated[
    list[Format] | None, typer.Option("--format", help="May be given several times.")
]
Paths = Annotated[
    list[Path],
    typer.Argument(help="Folders, notebooks, .py files or zips of students or whole classes."),
]
LayoutOption = Annotated[
    Layout,
    typer.Option(
        "--layout",
        help="How the students' files lie in PATH, where their names do not tell: "
        f"{', '.join(Layout)}.",
        metavar="LAYOUT",
    ),
]
RosterFile = Annotated[
    Path | None,
    typer.Option(
        "--roster",
        help="A CSV of who takes part, as Canvas, Moodle or nbgrader write it: gives the ids, and"
        " lists who has handed in nothing.",
        dir_okay=False,
        metavar="FILE",
    ),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Exit with 1 where it is ambiguous whose some files are."),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say on stderr what the grader does.")
]
