"""One running worker as the judge sees it: start, load, fork a check, kill. Believes nothing."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Self

import msgspec

from .levels import Level, Place
from .limits import Limits
from .messages import Begin, Done, End, Files, ImportModule, Raised, Reply, Request, RunCell
from .seccomp import filter_program
from .values import Packer, WireError
from .wire import Channel
from .worker import Settings

START_SECONDS = 30.0
KILL_SECONDS = 5.0
FIRST_UID = 200_000
_uids = itertools.cycle(range(FIRST_UID, FIRST_UID + 50_000))


class SandboxError(RuntimeError):
    """The sandbox itself did not start: the grader's fault, never the student's."""


class LostError(Exception):
    """The worker ended, hung or talked nonsense while it ran the student's code."""

    def __init__(self, reason: str, *, out_of_time: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.out_of_time = out_of_time


class Session:
    """A worker in its sandbox. Use it as a context manager, so that nothing is left running."""

    def __init__(self, level: Level, limits: Limits) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="autograder-"))
        self._limits = limits
        ours, theirs = socket.socketpair()
        try:
            self._process = _start(level, limits, self._scratch, theirs.fileno())
        except OSError as error:
            shutil.rmtree(self._scratch, ignore_errors=True)
            ours.close()
            raise SandboxError(f"the sandbox could not be started: {error}") from error
        finally:
            theirs.close()
        self._control = Channel(ours, Reply)
        self._output = _Output(self._process.stdout, limits.output)
        self._await_greeting()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def output(self) -> str:
        """The beginning of what the student's code has printed."""
        return self._output.text()

    def write_files(self, files: Mapping[str, bytes], deadline: float) -> None:
        """Put files into the working folder."""
        packer = Packer()
        contents = [packer.bytes_block(data, "|u1", (len(data),)) for data in files.values()]
        self._ask(Files(list(files), contents), deadline, packer)

    def run_cell(self, notebook: str, source: str, deadline: float) -> Raised | None:
        """Run one notebook cell; what it raised, if it did. Raises `LostError`."""
        return _raised(self._ask(RunCell(notebook, source), deadline))

    def import_module(self, name: str, deadline: float) -> Raised | None:
        """Import a module of the submission; what it raised. Raises `LostError`."""
        return _raised(self._ask(ImportModule(name), deadline))

    @contextlib.contextmanager
    def check(self, seed: int) -> Iterator[Channel]:
        """A channel to a freshly forked child, which does not outlive the block."""
        ours, theirs = socket.socketpair()
        channel = Channel(ours, Reply)
        try:
            with theirs:
                self._begin(seed, theirs)
            yield channel
        finally:
            channel.close()
            self._ask(End(), time.monotonic() + KILL_SECONDS)

    def close(self) -> None:
        """Kill everything and remove every trace."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._output.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _begin(self, seed: int, theirs: socket.socket) -> None:
        deadline = time.monotonic() + KILL_SECONDS
        try:
            self._control.send(Begin(seed))
            socket.send_fds(self._control.stream, [b"\0"], [theirs.fileno()])
            self._control.receive(deadline)
        except (WireError, OSError) as error:
            raise LostError("the submission's process no longer answers") from error

    def _ask(self, request: Request, deadline: float, packer: Packer | None = None) -> Reply:
        try:
            self._control.stream.settimeout(max(deadline - time.monotonic(), 0.001))
            self._control.send(request, packer)
            reply: Reply = self._control.receive(deadline)[0]
        except TimeoutError as error:
            raise LostError("it ran out of time", out_of_time=True) from error
        except WireError as error:
            raise LostError(f"the submission's process ended ({error})") from error
        return reply

    def _await_greeting(self) -> None:
        """The worker answers an empty request before it has seen anything of the student's."""
        try:
            self._ask(Files([], []), time.monotonic() + START_SECONDS)
        except LostError as lost:
            self.close()
            printed = self.output.strip()[-500:]
            raise SandboxError(f"the sandbox did not come up: {lost.reason}. {printed}") from lost


def _raised(reply: Reply) -> Raised | None:
    match reply:
        case Done():
            return None
        case Raised():
            return reply
    raise LostError("the submission's process talked nonsense")


def _start(level: Level, limits: Limits, scratch: Path, control: int) -> subprocess.Popen[bytes]:
    uid = next(_uids)
    with _filter_file() as filter_number:
        place = Place(scratch=scratch, limits=limits, uid=uid, filter_number=filter_number)
        settings = Settings(
            folder=level.folder(place),
            limits=limits
            if level.own_processes()
            else msgspec.structs.replace(limits, processes=0),
            uid=level.drops_to(place),
            own_processes=level.own_processes(),
        )
        arguments = [str(control), msgspec.json.encode(settings).decode()]
        numbers = [control] if filter_number is None else [control, filter_number]
        return subprocess.Popen(
            [*level.command(place), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=level.environment(place),
            cwd=scratch,
            pass_fds=numbers,
            start_new_session=True,
        )


@contextlib.contextmanager
def _filter_file() -> Iterator[int | None]:
    program = filter_program()
    if program is None:
        yield None
        return
    with tempfile.TemporaryFile() as file:
        file.write(program)
        file.seek(0)
        yield file.fileno()


class _Output:
    """Reads all that the worker prints, so that it never blocks, and keeps the beginning."""

    def __init__(self, pipe: IO[bytes] | None, bound: int) -> None:
        assert pipe is not None
        self._pipe = pipe
        self._bound = bound
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while part := self._pipe.read1(1 << 16):  # type: ignore[attr-defined]
                self._kept += part[: self._bound - len(self._kept)]

    def text(self) -> str:
        return self._kept.decode("utf-8", errors="replace")

    def close(self) -> None:
        self._thread.join(timeout=KILL_SECONDS)
        self._pipe.close()
