"""What the grader says that it does, on stderr: Python's logging, set up here and nowhere else.

Every module logs to `logging.getLogger(__name__)`. Nothing is shown unless somebody asks, and
whoever uses the package as a library sets up logging as for any other.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator

EVERYTHING, FAILURES = logging.DEBUG, logging.ERROR
FORMAT = "%(asctime)s %(name)s: %(message)s"
TIME = "%H:%M:%S"
OURS = logging.getLogger("autograder")


@contextlib.contextmanager
def told(level: int) -> Iterator[None]:
    """Write our log to stderr from `level` on, until the block ends; 0 writes nothing."""
    before = OURS.level
    if not level or 0 < shown_level() <= level:
        yield
        return
    handler = _Stderr()
    handler.setLevel(level)
    handler.setFormatter(logging.Formatter(FORMAT, TIME))
    handler.addFilter(_Once())
    OURS.addHandler(handler)
    OURS.setLevel(level)
    try:
        yield
    finally:
        OURS.setLevel(before)
        OURS.removeHandler(handler)


def shown_level() -> int:
    """From which level on our log is on stderr now; 0 where it is not."""
    levels = (handler.level for handler in OURS.handlers if isinstance(handler, _Stderr))
    return min(levels, default=0)


@contextlib.contextmanager
def passed_on(logger: logging.Logger) -> Iterator[None]:
    """Let another program's log show ours too, from its own level on."""
    before, added = OURS.level, [h for h in logger.handlers if h not in OURS.handlers]
    for handler in added:
        OURS.addHandler(handler)
    OURS.setLevel(logger.getEffectiveLevel())
    try:
        yield
    finally:
        OURS.setLevel(before)
        for handler in added:
            OURS.removeHandler(handler)


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what stderr is at that moment, each record in one piece."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _Once(logging.Filter):
    """Lets the traceback of each bug through once, however many submissions it hits."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        bug = getattr(record, "bug", None)
        if bug is None:
            return True
        known = bug in self._seen
        self._seen.add(bug)
        return not known
