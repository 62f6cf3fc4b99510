"""Grader processes as a `concurrent.futures.Executor`. Knows calls, no submissions.

Judging is Python and holds the interpreter's lock, so threads of one process would wait for each
other (`docs/measurements.md`). Each process has one BLAS thread and sandboxes of its own, dies with
this one, and is replaced when it is lost; the call that it was busy with is tried once more.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from autograder.cores import ONE_THREAD
from autograder.logs import shown_level

from .grader import GRACE_SECONDS

logger = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 2
POLL_SECONDS = 0.5
_ROOT = str(Path(__file__).resolve().parent.parent.parent)
_PROGRAM = f"import sys; sys.path.insert(0, {_ROOT!r}); import autograder.grading.grader as g; "


class LostGraderError(RuntimeError):
    """A grader process ended in the middle of a call, and so did the one after it."""


class GraderPool(Executor):
    """Runs calls in `jobs` processes; functions, arguments and results have to be picklable.

    Left in order, it waits for its calls; left by an exception, it ends its processes at once.
    Where `level` is given, the processes make that sandbox ready while they import the rest.
    """

    def __init__(self, jobs: int, level: str = "") -> None:
        self._level = level
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="grader")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._graders: list[_Grader] = []
        self._closed = False

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.shutdown()
        else:
            self.stop()

    def submit(
        self, function: Callable[..., T], /, *args: Any, **kwargs: Any
    ) -> Future[T]:  # the order of calls is the order of their beginning
        return self._threads.submit(self._call, pickle.dumps((function, args, kwargs)))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes after the calls that were submitted, or that have begun."""
        if not wait:
            self.stop()
            return
        self._threads.shutdown(cancel_futures=cancel_futures)
        for grader in self._all():
            grader.let_go()
        for grader in self._all():
            grader.close()

    def stop(self) -> None:
        """End the processes now; calls that had not finished fail, and nothing is left running."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        graders = self._all()
        for grader in graders:
            grader.ask_to_end()
        for grader in graders:
            grader.stop()
        self._threads.shutdown()
        for grader in graders:  # not before: a thread may still be listening there
            grader.let_go()

    def _all(self) -> list[_Grader]:
        """The processes; there will be no new ones."""
        with self._lock:
            self._closed = True
            return list(self._graders)

    def _call(self, call: bytes) -> Any:
        for left in reversed(range(TRIES)):
            grader = self._grader()
            try:
                value, error = grader.call(call)
            except EOFError:
                logger.warning("a grading process ended, with exit status %s", grader.status)
                self._forget(grader)
                if left and not self._closed:
                    continue
                raise LostGraderError(
                    f"the grading process ended unexpectedly, {TRIES} times "
                    f"(the last time with exit status {grader.status})"
                ) from None
            if error is not None:
                raise error
            return value
        raise AssertionError("unreachable")

    def _grader(self) -> _Grader:
        """The process of this thread; a new one if there is none."""
        known: _Grader | None = getattr(self._own, "grader", None)
        if known is not None:
            return known
        with self._lock:
            if self._closed:
                raise LostGraderError("grading was stopped")
            grader = self._own.grader = _Grader(self._level)
            self._graders.append(grader)
        return grader

    def _forget(self, grader: _Grader) -> None:
        self._own.grader = None
        with self._lock, contextlib.suppress(ValueError):
            self._graders.remove(grader)
        grader.stop()
        grader.let_go()


class _Grader:
    """One process and the socket to it."""

    def __init__(self, level: str) -> None:
        ours, theirs = socket.socketpair()
        self._end = Connection(ours.detach())
        try:
            self._process = self._started(theirs, level)
        except OSError:
            self._end.close()
            raise
        finally:
            theirs.close()

    @staticmethod
    def _started(theirs: socket.socket, level: str) -> subprocess.Popen[bytes]:
        arguments = [*map(str, (theirs.fileno(), os.getpid(), shown_level())), level]
        return subprocess.Popen(
            [sys.executable, "-P", "-c", f"{_PROGRAM}g.main()", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=os.environ | ONE_THREAD,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C goes to this process alone
        )

    @property
    def status(self) -> int | None:
        return self._process.poll()

    def call(self, call: bytes) -> tuple[Any, Exception | None]:
        """Value and error of a call. Raises `EOFError` where the process has ended."""
        try:
            self._end.send_bytes(call)
            while not self._end.poll(POLL_SECONDS):
                # What it has started may hold its socket open when it is dead.
                if self._process.poll() is not None and not self._end.poll():
                    raise EOFError
            answer: tuple[Any, Exception | None] = pickle.loads(self._end.recv_bytes())
        except OSError as error:
            raise EOFError from error
        return answer

    def let_go(self) -> None:
        """Close the socket; to be called by one thread, and while no call runs."""
        self._end.close()

    def ask_to_end(self) -> None:
        self._process.terminate()

    def close(self) -> None:
        """Wait for the process to end by itself, which it does when it is let go."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_SECONDS)
        self.stop()

    def stop(self) -> None:
        """End the process and wait until it has ended."""
        self._process.terminate()
        try:
            self._process.wait(GRACE_SECONDS + 1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
