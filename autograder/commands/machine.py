"""Commands about this machine: its data sets and its sandbox."""

from __future__ import annotations

import importlib.metadata
import sys
from typing import Annotated

import typer

from autograder.course import SETTINGS, find_course

from .app import command
from .exits import DOES_NOT_HOLD, say

GRADES = "Python {python} and NumPy {numpy} grade here."
OTHER_PYTHON = (
    "Students are told that Python {told} grades their work, and here it is {here}. Grade with"
    " {told}, or say the other in {path} (python = ...) and build the assignments again."
)


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
def doctor() -> None:
    """Show which Python grades here, and which sandbox levels; why not the better ones."""
    from autograder.sandbox.levels import diagnose

    python = ".".join(map(str, sys.version_info[:3]))
    typer.echo(GRADES.format(python=python, numpy=importlib.metadata.version("numpy")))
    course = find_course()
    if not python.startswith(f"{course.python}."):
        say(OTHER_PYTHON.format(told=course.python, here=python, path=course.root / SETTINGS))
    levels = diagnose()
    for level, available, explanation in levels:
        typer.echo(
            f"{'✓ available    ' if available else '✗ not available'}  {level}: {explanation}"
        )
    if not levels[0][1]:
        say(f"The default level, {levels[0][0]}, is missing: {levels[0][2]}.")
        raise typer.Exit(DOES_NOT_HOLD)
