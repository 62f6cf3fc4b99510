"""Judges written answers in a process of their own, which can be stopped. Knows no mathematics.

The engine bounds everything it does; this is the wall behind it. One process serves one judge,
with little memory, and is replaced when an answer keeps it too long.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import resource
import select
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .check import Finding

SECONDS = 20.0
MEMORY = 2 << 30
PATH = [str(Path(__file__).resolve().parent.parent.parent)]

Verdict = Mapping[str, Any]


class BrokenJudgeError(RuntimeError):
    """The judging function itself failed: our fault, never the student's.

    `place` is file and line of the failure in the other process, whose traceback is a note.
    """

    def __init__(self, error: str, *, place: tuple[str, int] = ("", 0), trace: str = "") -> None:
        super().__init__(error)
        self.place = place
        if trace:
            self.add_note(f"In the process that judges answers:\n{trace}")


class BoundedProcess:
    """A Python process that answers one JSON line with one JSON line, or is replaced.

    `program` is Python which calls `serve_lines`.
    """

    def __init__(self, program: str, *, seconds: float = SECONDS) -> None:
        self._program = program
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def start(self) -> None:
        """Start the process now, where it does not run; the first question need not wait then."""
        with self._lock:
            self._running()

    def ask(self, question: Verdict) -> Verdict:
        """The answer to a question.

        Raises
        ------
        Finding : it takes too long, or too much memory.
        BrokenJudgeError : the function at the other end raised.
        """
        with self._lock:
            line = self._asked(json.dumps(question).encode() + b"\n")
            if not line.endswith(b"\n"):
                self.close()
                raise Finding(
                    "This answer takes too long to judge.", "Write it in a shorter and plainer way."
                )
            try:
                answer: Verdict = json.loads(line)
            except ValueError:  # whatever it is, the next line would be the answer to this question
                self.close()
                raise
        if "broken" in answer:
            file, line = answer["place"]
            raise BrokenJudgeError(answer["broken"], place=(file, line), trace=answer["trace"])
        return answer

    def close(self) -> None:
        """End the process; the next question starts a new one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _asked(self, question: bytes) -> bytes:
        """The line that comes back, cut short when the time is up or the process has ended."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        line = b""
        deadline = time.monotonic() + self._seconds
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(question)
            while not line.endswith(b"\n"):
                left = deadline - time.monotonic()
                ready, _, _ = select.select([process.stdout], [], [], max(left, 0))
                part = os.read(process.stdout.fileno(), 1 << 16) if ready else b""
                if not part:
                    break
                line += part
        return line

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", f"import sys; sys.path[:0] = {PATH}; {self._program}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                cwd=PATH[0],  # the folder that the judge is in may go before the process does
            )
        return self._process


def serve_lines(answer: Callable[[Verdict], Verdict]) -> None:
    """Answer questions from standard input until it ends, within little memory.

    Nothing but answers reaches the asker: whatever else is printed here, as LAPACK does, is lost.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        for line in sys.stdin:
            print(json.dumps(_guarded(answer, json.loads(line))), file=answers, flush=True)


def _guarded(answer: Callable[[Verdict], Verdict], question: Verdict) -> Verdict:
    try:
        return answer(question)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return {
            "broken": f"{type(error).__name__}: {error}",
            "place": (frame.filename, frame.lineno),
            "trace": "".join(traceback.format_exception(error)),
        }
