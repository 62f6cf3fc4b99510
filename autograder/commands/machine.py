"""Commands about this machine: its data sets and its sandbox."""

from __future__ import annotations

from typing import Annotated

import typer

from .app import command
from .exits import DOES_NOT_HOLD, say


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
