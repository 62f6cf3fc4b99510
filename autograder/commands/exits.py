"""What went wrong as a line and an exit code; Ctrl-C and SIGTERM as one thing. Does no work."""

from __future__ import annotations

import contextlib
import errno
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from types import FrameType, MappingProxyType

import typer

from autograder.errors import UserError

AGAIN_SECONDS = 0.05
DOES_NOT_HOLD, USAGE, OUR_FAULT, INTERRUPTED = 1, 2, 3, 130
INTERRUPTION = (
    "Interrupted. Results that were finished are kept. Run the same command again to go on."
)
_NOT_ALLOWED = "Choose another folder, or change its permissions."
_OTHER_KIND = (
    "A file stands where a folder is needed, or the reverse: move it, or choose another place."
)
_FULL = "Make room on the disk, and run the same command again."
WAYS_OUT: Mapping[int | None, str] = MappingProxyType(
    {
        **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _NOT_ALLOWED),
        **dict.fromkeys((errno.ENOTDIR, errno.EISDIR, errno.EEXIST), _OTHER_KIND),
        **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _FULL),
    }
)
BUG = "This is a bug of the grader; please report it with the lines above."


@contextlib.contextmanager
def ended_in_order() -> Iterator[None]:
    """Take a request to end (SIGTERM) as Ctrl-C, which leaves nothing running.

    Python drops an interruption that comes while it tidies up (in `__del__`, in what watches a
    weak reference); it is made again.
    """

    again: list[threading.Timer] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    def dropped(what: sys.UnraisableHookArgs) -> None:
        if issubclass(what.exc_type, KeyboardInterrupt):
            main = threading.main_thread().ident
            again.append(
                threading.Timer(AGAIN_SECONDS, signal.pthread_kill, [main, signal.SIGTERM])
            )
            again[-1].start()
        else:
            hook(what)

    before, hook = signal.signal(signal.SIGTERM, interrupt), sys.unraisablehook
    sys.unraisablehook = dropped
    try:
        yield
    finally:
        for timer in again:  # with nothing left to be interrupted it would kill this process
            timer.cancel()
        sys.unraisablehook = hook
        signal.signal(signal.SIGTERM, before)


def say(sentence: str) -> None:
    """Print a line for people, apart from what other programs read."""
    typer.echo(sentence, err=True)


def explain(error: Exception) -> int:
    """Say what went wrong, shortly where it is expected, and give the exit code."""
    if _is_mendable(error):
        say(str(error))
        return USAGE
    if isinstance(error, OSError):
        say(str(error) if error.strerror is None else _refused(error))
        return OUR_FAULT
    traceback.print_exception(error, file=sys.stderr)
    say(BUG)
    return OUR_FAULT


def _refused(error: OSError) -> str:
    """What the system said, and the way out where it is known."""
    return " ".join(filter(None, (f"The system refused: {error}.", WAYS_OUT.get(error.errno))))


def _is_mendable(error: Exception) -> bool:
    """Whether the message tells the user what to do."""
    from autograder.data import (
        DataFormatError,  # its module is handed out, and imports none of ours
    )

    return isinstance(error, UserError | DataFormatError)
