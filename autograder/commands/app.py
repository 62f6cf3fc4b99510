"""The program that commands are registered at. Knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

import typer

from autograder.logs import EVERYTHING, told

from .guard import guarded
from .options import Verbose

P = ParamSpec("P")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def command(name: str | None = None) -> Callable[[Callable[P, None]], Callable[..., None]]:
    """Register a command."""
    return lambda function: app.command(name)(guarded(function))


@app.callback()
def everything(context: typer.Context, verbose: Verbose = False) -> None:
    """Machine-learning assignments in NumPy, and the grader that marks them safely."""
    context.with_resource(told(EVERYTHING if verbose else 0))
