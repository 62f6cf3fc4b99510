"""One running worker as the judge sees it: start, load, fork a check, kill. Believes nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any, Self

from .folders import remove_folder
from .launcher import SandboxError, template_of
from .level import Level
from .limits import Limits
from .messages import (
    Anew,
    Begin,
    BeginAdopted,
    Done,
    End,
    Files,
    FilesWritten,
    ImportModule,
    Raised,
    Reply,
    Request,
    RunCell,
)
from .patience import Patience
from .values import Packer, WireError
from .wire import Channel, send_descriptors

__all__ = ["LostError", "SandboxError", "Session"]

GREETING_SECONDS = 30.0
KILL_SECONDS = 5.0


class LostError(Exception):
    """The worker ended, hung or talked nonsense while it ran the student's code."""

    def __init__(self, reason: str, *, out_of_time: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.out_of_time = out_of_time


class Session:
    """A worker in its sandbox. Use it as a context manager, so that nothing is left running."""

    def __init__(self, level: Level, limits: Limits) -> None:
        self._template = template_of(level)
        self._home = "" if level.own_files else tempfile.mkdtemp(prefix="autograder-")
        self._on_our_disk = not level.own_files
        self._worker: int | None = None
        self._owed = 0  # replies to what was told and not waited for
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        self._control = Channel(ours, Reply)
        self._output = _Output(os.fdopen(read, "rb"), limits.output)
        try:
            self._worker = self._template.start(
                level.folder(self._home), self._home, limits, theirs.fileno(), write
            )
        finally:
            theirs.close()
            os.close(write)
            if self._worker is None:
                self.close()
        self._await_greeting()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def output(self) -> str:
        """The beginning of what the student's code has printed."""
        return self._output.text()

    def write_files(self, files: Mapping[str, bytes], deadline: float) -> dict[str, str]:
        """Put files into the working folder; path -> reason for those that cannot be written.

        Raises `LostError`, and `SandboxError` where it is this machine's disk that is full.
        """
        packer = Packer()
        contents = [packer.bytes_block(data, "|u1", (len(data),)) for data in files.values()]
        reply = self._ask(Files(list(files), contents), deadline, packer)
        if not isinstance(reply, FilesWritten):
            raise LostError("the submission's process talked nonsense")
        if self._on_our_disk and os.strerror(errno.ENOSPC) in reply.left_out.values():
            raise SandboxError("the disk of this machine is full")
        return {path: reply.left_out[path] for path in files if path in reply.left_out}

    def run_cell(self, notebook: str, source: str, deadline: float) -> Raised | None:
        """Run one notebook cell; what it raised, if it did. Raises `LostError`."""
        return _raised(self._ask(RunCell(notebook, source), deadline))

    def import_module(self, name: str, deadline: float) -> Raised | None:
        """Import a module of the submission; what it raised. Raises `LostError`."""
        return _raised(self._ask(ImportModule(name), deadline))

    @contextlib.contextmanager
    def check(self, seed: int) -> Iterator[CheckChannel]:
        """A channel to a child of its own, which does not outlive the block."""
        channel = CheckChannel(self, seed)
        try:
            yield channel
        finally:
            self.end(channel)

    def end(self, channel: CheckChannel) -> None:
        """Kill a check's child, and whatever it started. Raises `LostError`."""
        if channel.close():
            self._tell(End())

    def close(self) -> None:
        """Kill everything and remove every trace."""
        with contextlib.suppress(SandboxError):  # where the template has gone, so have its workers
            self._stop()
        # Not before: a worker that ends by itself leaves its children to nobody.
        self._control.close()
        self._output.close()
        if self._home:
            remove_folder(self._home)

    def _stop(self) -> str:
        """End the worker; what it had used too much of, if it had."""
        worker, self._worker = self._worker, None
        return "" if worker is None else self._template.stop(worker)

    def patience(self) -> Patience:
        """For a check that begins now."""
        return Patience(lambda: self._waited(begun=True))

    def waited(self) -> float:
        """Seconds that what it has begun was ready to run and had no core."""
        return self._waited(begun=True)

    def _waited(self, *, begun: bool = False) -> float:
        with contextlib.suppress(SandboxError):
            return 0.0 if self._worker is None else self._template.waited(self._worker, begun=begun)
        return 0.0

    def begin(self, seed: int, theirs: socket.socket) -> None:
        """Have a child forked that serves this socket; see `settle`. Raises `LostError`."""
        self._tell(Begin(seed), theirs.fileno())

    def begin_adopted(self, seed: int, *streams: socket.socket, judges: bool) -> None:
        """Have a child forked for an adopted notebook; see `BeginAdopted`. Raises `LostError`."""
        self._tell(BeginAdopted(seed, judges), *(stream.fileno() for stream in streams))

    def end_child(self) -> None:
        """Kill the present child, and whatever it started. Raises `LostError`."""
        self._tell(End())

    def settle(self) -> None:
        """Wait until the worker has done what it was told. Raises `LostError`."""
        if not self._owed:
            return
        deadline = time.monotonic() + KILL_SECONDS
        with _answering():
            while self._owed:
                self._control.receive(deadline)
                self._owed -= 1

    def _tell(self, request: Request, *descriptors: int) -> None:
        """Send a request with file descriptors, and go on judging while the worker obeys."""
        with _answering():
            self._control.send(request, None, time.monotonic() + KILL_SECONDS)
            self._owed += 1
            if descriptors:
                send_descriptors(self._control.stream, *descriptors)

    def _ask(self, request: Request, deadline: float, packer: Packer | None = None) -> Reply:
        self.settle()
        try:
            self._control.patience = Patience(self._waited)
            self._control.send(request, packer, max(deadline, time.monotonic() + 0.001))
            reply: Reply = self._control.receive(deadline)[0]
        except TimeoutError as error:
            raise LostError("it ran out of time", out_of_time=True) from error
        except WireError as error:
            reason = self._stop() or f"the submission's process ended ({error})"
            raise LostError(reason) from error
        return reply

    def _await_greeting(self) -> None:
        """The worker answers an empty request before it has seen anything of the student's."""
        try:
            self._ask(Files([], []), time.monotonic() + GREETING_SECONDS)
        except LostError as lost:
            self.close()
            printed = self.output.strip()[-500:]
            raise SandboxError(f"the sandbox did not come up: {lost.reason}. {printed}") from lost


class CheckChannel:
    """The conversation with the child of a check, which is forked when it is first spoken to.

    A check that never asks for anything of the student's code, such as that of a written answer,
    costs no process. Several checks can be had in one child, one after another.
    """

    def __init__(self, session: Session, seed: int) -> None:
        self._session = session
        self._seed = seed
        self._channel: Channel | None = None
        self._anew = False
        self._owed = 0  # replies to what was told and not waited for

    def begin_anew(self, seed: int) -> None:
        """Begin another check, in the same child where there is one already."""
        self._seed = seed
        self._anew = self._channel is not None
        if self._channel is not None:
            self._channel.patience = self._session.patience()

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        """As `Channel.send`. Raises `LostError` where no child can be had."""
        if self._channel is None:
            ours, theirs = socket.socketpair()
            self._channel = Channel(ours, Reply)
            self._channel.patience = self._session.patience()
            with theirs:
                self._session.begin(self._seed, theirs)
        elif self._anew:
            self._channel.send(Anew(self._seed), None, deadline)
            self._anew = False
            self._owed += 1
        self._channel.send(message, packer, deadline)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        """As `Channel.receive`. Raises `LostError` where the child could not be forked."""
        assert self._channel is not None
        self._session.settle()
        while self._owed:
            reply, _ = self._channel.receive(deadline)
            if not isinstance(reply, Done):
                raise WireError("not the answer to the beginning of a check")
            self._owed -= 1
        return self._channel.receive(deadline)

    def close(self) -> bool:
        """Whether there was a child to be ended."""
        if self._channel is not None:
            self._channel.close()
        return self._channel is not None


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """A worker that has gone, hangs or talks nonsense is lost."""
    try:
        yield
    except (WireError, OSError) as error:
        raise LostError("the submission's process no longer answers") from error


def _raised(reply: Reply) -> Raised | None:
    match reply:
        case Done():
            return None
        case Raised():
            return reply
    raise LostError("the submission's process talked nonsense")


class _Output:
    """Reads all that the worker prints, so that it never blocks, and keeps the beginning."""

    def __init__(self, pipe: IO[bytes], bound: int) -> None:
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
