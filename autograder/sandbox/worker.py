"""The untrusted process: loads a submission, then forks a child for every check. Judges nothing.

It is forked from the template and isolated before it begins; `autograder.judging` and
the checks are out of its reach.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

import msgspec

from .adopted.serve import serve_adopted
from .draws import seed_draws
from .excerpt import raised
from .messages import (
    Begin,
    BeginAdopted,
    Done,
    End,
    Files,
    FilesWritten,
    ImportModule,
    Reply,
    Request,
    RunCell,
)
from .notebook import Notebooks
from .objects import serve
from .plain import Array
from .values import unpack_array
from .wire import Channel, ClosedError, receive_descriptors


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where a worker works, and whether it may kill all processes without hitting others'."""

    folder: str
    own_processes: bool


def work(control_number: int, settings: WorkerSettings) -> NoReturn:
    """Serve the control socket until it closes."""
    control = socket.socket(fileno=control_number)
    os.makedirs(settings.folder, exist_ok=True)
    os.chdir(settings.folder)
    sys.path.insert(0, settings.folder)
    seed_draws(0)
    with contextlib.suppress(ClosedError):
        Worker(control, settings, Notebooks(settings.folder)).serve()
    os._exit(0)


class Worker:
    """The parent of all checks: holds the loaded submission, forks, and kills what it forked."""

    def __init__(
        self, control: socket.socket, settings: WorkerSettings, notebooks: Notebooks
    ) -> None:
        self._control = control
        self._channel = Channel(control, Request, ahead=0)
        self._folder = Path(settings.folder)
        self._own_processes = settings.own_processes
        self._notebooks = notebooks
        self._child: int | None = None

    def serve(self) -> None:
        """Answer requests until the judge closes the socket."""
        while True:
            request, block = self._channel.receive()
            self._channel.send(self._answer(request, block))

    def _answer(self, request: Request, block: memoryview) -> Reply:
        match request:
            case Files(paths, contents):
                return self._write_all(paths, contents, block)
            case RunCell(notebook, source):
                return self._notebooks.run(notebook, source)
            case ImportModule(name):
                return self._import(name)
            case Begin(seed):
                self._begin(seed)
            case BeginAdopted(seed, judges):
                self._begin_adopted(seed, judges=judges)
            case End():
                self._end()
        return Done()

    def _write_all(
        self, paths: list[str], contents: list[Array], block: memoryview
    ) -> FilesWritten:
        left_out = {}
        for path, content in zip(paths, contents, strict=True):
            try:
                self._write(path, unpack_array(content, block).tobytes())
            except OSError as error:  # such as a file where a folder should be, or too large
                left_out[path] = error.strerror or str(error)
        return FilesWritten(left_out)

    def _write(self, path: str, content: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.write_bytes(content)
        except OSError:
            with contextlib.suppress(OSError):
                target.unlink()  # half a file misleads
            raise

    def _import(self, name: str) -> Reply:
        try:
            importlib.import_module(name)
        except BaseException as error:
            return raised(error, str(self._folder))
        return Done()

    def _begin(self, seed: int) -> None:
        stream = socket.socket(fileno=receive_descriptors(self._control, 1)[0])
        self._child = self._fork()
        if self._child == 0:
            self._control.close()
            _serve_check(stream, seed, self._notebooks, str(self._folder))
        stream.close()

    def _begin_adopted(self, seed: int, *, judges: bool) -> None:
        descriptors = receive_descriptors(self._control, 2 if judges else 1)
        streams = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        self._child = self._fork()
        if self._child == 0:
            self._control.close()
            seed_draws(seed)
            serve_adopted(streams, self._notebooks)
        for stream in streams:
            stream.close()

    def _fork(self) -> int:
        """A child; room is made for it where the student's code has left too many processes."""
        try:
            return os.fork()
        except OSError:
            self._end()
            return os.fork()

    def _end(self) -> None:
        """Kill the check's child and, where only the submission can be hit, all that remains."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
        if self._own_processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        self._bury()
        self._child = None

    def _bury(self) -> None:
        """Wait for what was killed; where all was, also for orphans, which count as processes."""
        with contextlib.suppress(ChildProcessError):
            if self._own_processes:
                while True:
                    os.wait()
            elif self._child is not None:
                os.waitpid(self._child, 0)


def _serve_check(stream: socket.socket, seed: int, notebooks: Notebooks, folder: str) -> NoReturn:
    try:
        seed_draws(seed)
        serve(stream, notebooks, folder)
    finally:
        os._exit(0)
