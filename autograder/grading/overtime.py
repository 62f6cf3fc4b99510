"""Ends code of this process that takes too much of the processor; only for code of our own."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

AGAIN_SECONDS = 0.1  # where what was ended goes on all the same


class Overtime(BaseException):  # no `except Exception` is to keep it
    """The time of a block is up."""


@contextlib.contextmanager
def overtime_ends(seconds: float) -> Iterator[None]:
    """End the block with `Overtime` after so many seconds of the processor, in the main thread.

    The time of other processes does not count, and other threads are not ended.
    A call into a library that never comes back is not ended either.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _end)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _end(*_: object) -> None:
    raise Overtime
