"""What surrounds every command: its `--verbose`, and an exit code for whatever goes wrong."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import typer

from autograder.logs import EVERYTHING, told

from .exits import INTERRUPTED, INTERRUPTION, explain, say
from .options import Verbose

P = ParamSpec("P")


def guarded(function: Callable[P, None]) -> Callable[..., None]:
    """A command that turns what can be expected to go wrong into a line and an exit code.

    It has one more option than the function, `--verbose`.
    """

    @wraps(function)
    def command(*args: Any, verbose: bool = False, **kwargs: Any) -> None:
        try:
            with told(EVERYTHING if verbose else 0):
                function(*args, **kwargs)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except KeyboardInterrupt:
            say(INTERRUPTION)
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            raise typer.Exit(explain(error)) from None

    _add_option(command, function)
    return command


def _add_option(command: Callable[..., None], function: Callable[P, None]) -> None:
    """Let typer, which reads signatures, see `verbose` as the last option."""
    signature = inspect.signature(function, eval_str=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    option = inspect.Parameter("verbose", kind, default=False, annotation=Verbose)
    parameters = [*signature.parameters.values(), option]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
