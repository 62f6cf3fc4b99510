"""The program of one grader process: calls functions that its parent sends, until it is let go.

Sees nothing of a class but one call at a time. Started by `pool`, as a process of its own so that
judges do not share one interpreter.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from types import FrameType

from autograder.errors import GraderEnds
from autograder.logs import told
from autograder.sandbox.launcher import close_templates
from autograder.sandbox.levels import make_ready

from .own_folder import own_folder

GRACE_SECONDS = 10
_PR_SET_PDEATHSIG = 1


class UnsendableError(RuntimeError):
    """A call ended with something that cannot be sent to another process."""


def main() -> None:
    """Serve calls on a socket.

    Arguments: its number, the parent's, the level of the log, and the sandbox level that will be
    needed, if it is known.
    """
    number, parent, shown, level = *map(int, sys.argv[1:4]), sys.argv[4]
    os.set_inheritable(number, False)
    os.dup2(2, 1)  # whatever prints must not be taken for a result of the whole command
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is the one to be interrupted
    _die_with(parent)
    with (
        told(shown),
        own_folder(),
        _ending_in_peace(),
        Connection(number) as end,
        contextlib.suppress(EOFError, ConnectionError),
    ):
        if level:
            make_ready(level)
        while True:
            end.send_bytes(_answer(end.recv_bytes()))


@contextlib.contextmanager
def _ending_in_peace() -> Iterator[None]:
    """End the templates when it is over, undisturbed."""
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        close_templates()


def _answer(call: bytes) -> bytes:
    """What a pickled call gives, or raises, as (value, error)."""
    try:
        function, args, kwargs = pickle.loads(call)
        return pickle.dumps((function(*args, **kwargs), None))
    except Exception as error:
        with contextlib.suppress(Exception):
            answer = pickle.dumps((None, error))
            pickle.loads(answer)  # some exceptions can be pickled, and not made again
            return answer
        return pickle.dumps((None, UnsendableError(f"{type(error).__name__}: {error}")))


def _leave(number: int, frame: FrameType | None) -> None:
    """End in order, so that sandboxes and their folders go too; but not at any price."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(GRACE_SECONDS)
    raise GraderEnds(0)


def _die_with(parent: int) -> None:
    """Have the system end this process when its parent is killed. On Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise GraderEnds(0)
