"""The sandbox levels by name, the best first, and which of them this machine has."""

from __future__ import annotations

import contextlib

from autograder.errors import UserError

from .bubblewrap import Bubblewrap
from .launcher import template_of
from .level import Level
from .limits import Limits
from .session import SandboxError, Session
from .without_namespaces import Process, User

__all__ = [
    "LEVELS",
    "Level",
    "UnavailableLevelError",
    "UnknownLevelError",
    "diagnose",
    "get_level",
    "make_ready",
]


class UnknownLevelError(UserError, ValueError):
    """No sandbox level has that name."""


class UnavailableLevelError(UserError, RuntimeError):
    """The level exists, but not on this machine; the message says what is missing."""


LEVELS: tuple[Level, ...] = (Bubblewrap(), User(), Process())


def get_level(name: str) -> Level:
    """The level of that name. Raises `UnknownLevelError`, `UnavailableLevelError`."""
    for level in LEVELS:
        if level.name == name:
            reason = level.why_not()
            if reason:
                raise UnavailableLevelError(f"The sandbox level {name} is not available: {reason}.")
            return level
    known = ", ".join(level.name for level in LEVELS)
    raise UnknownLevelError(f"No sandbox level is called {name!r}. There are: {known}.")


def make_ready(name: str) -> None:
    """Begin to start a level, so that it is ready when the first submission is.

    A level that cannot be started is left alone: whoever grades with it is told why.
    """
    with contextlib.suppress(UnknownLevelError, UnavailableLevelError, SandboxError):
        template_of(get_level(name))


def diagnose() -> list[tuple[str, bool, str]]:
    """Each level with whether it works here, which is tried, and what it protects or what fails."""
    found = []
    for level in LEVELS:
        reason = level.why_not() or _tried(level)
        found.append((level.name, not reason, reason or f"protects {level.protects}"))
    return found


def _tried(level: Level) -> str:
    """Start one worker; what went wrong, or an empty string."""
    try:
        with Session(level, Limits()):
            return ""
    except SandboxError as error:
        return str(error)
