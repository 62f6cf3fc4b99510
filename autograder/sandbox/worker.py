"""The untrusted process: loads a submission, then forks a child for every check. Judges nothing.

It runs inside the sandbox, where `autograder.judging` and `autograder.checks` do not exist, and
is started with two arguments: the number of the control socket and the settings as JSON.
"""

from __future__ import annotations

import array
import contextlib
import importlib
import os
import random
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

import msgspec

from .excerpt import raised
from .limits import Limits, apply_limits
from .messages import (
    Begin,
    Done,
    End,
    Files,
    ImportModule,
    Reply,
    Request,
    RunCell,
)
from .notebook import Notebooks
from .objects import serve
from .values import unpack_array
from .wire import Channel, ClosedError


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the launcher tells the worker. `uid` is set where root starts the sandbox."""

    folder: str
    limits: Limits
    uid: int | None
    own_processes: bool  # alone in a PID namespace, so that it may kill all others


def main() -> None:
    """Bind the process to its limits, then serve the control socket until it closes."""
    control_number, settings_text = sys.argv[1:3]
    settings = msgspec.json.decode(settings_text, type=Settings)
    control = socket.socket(fileno=int(control_number))
    _bind(settings)
    with contextlib.suppress(ClosedError):
        Worker(control, settings).serve()
    os._exit(0)


def _bind(settings: Settings) -> None:
    if settings.uid is not None:
        os.setgroups([])
        os.setgid(settings.uid)
        os.setuid(settings.uid)
    apply_limits(settings.limits)
    os.makedirs(settings.folder, exist_ok=True)
    os.chdir(settings.folder)
    sys.path.insert(0, settings.folder)
    sys.argv[:] = ["submission"]


class Worker:
    """The mother of all checks: holds the loaded submission, forks, and kills what it forked."""

    def __init__(self, control: socket.socket, settings: Settings) -> None:
        self._control = control
        self._channel = Channel(control, Request)
        self._folder = Path(settings.folder)
        self._own_processes = settings.own_processes
        self._notebooks = Notebooks(settings.folder)
        self._child: int | None = None

    def serve(self) -> None:
        """Answer requests until the judge closes the socket."""
        while True:
            request, block = self._channel.receive()
            self._channel.send(self._answer(request, block))

    def _answer(self, request: Request, block: memoryview) -> Reply:
        match request:
            case Files(paths, contents):
                for path, content in zip(paths, contents, strict=True):
                    with contextlib.suppress(OSError):  # a file where a folder should be
                        self._write(path, unpack_array(content, block).tobytes())
            case RunCell(notebook, source):
                return self._notebooks.run(notebook, source)
            case ImportModule(name):
                return self._import(name)
            case Begin(seed):
                self._begin(seed)
            case End():
                self._end()
        return Done()

    def _write(self, path: str, content: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def _import(self, name: str) -> Reply:
        try:
            importlib.import_module(name)
        except BaseException as error:
            return raised(error, str(self._folder))
        return Done()

    def _begin(self, seed: int) -> None:
        stream = _receive_socket(self._control)
        self._child = os.fork()
        if self._child == 0:
            self._control.close()
            _serve_check(stream, seed, self._notebooks, str(self._folder))
        stream.close()

    def _end(self) -> None:
        """Kill the check's child and, where only the submission can be hit, all that remains."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
        if self._own_processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        if self._child is not None:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._child, 0)
        self._child = None


def _serve_check(stream: socket.socket, seed: int, notebooks: Notebooks, folder: str) -> NoReturn:
    try:
        _seed(seed)
        serve(stream, notebooks, folder)
    finally:
        os._exit(0)


def _seed(seed: int) -> None:
    """Make the student's own random draws repeatable."""
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % (1 << 32))


def _receive_socket(control: socket.socket) -> socket.socket:
    """The socket which comes with one byte after a `Begin`."""
    size = array.array("i").itemsize
    _, ancillary, _, _ = control.recvmsg(1, socket.CMSG_LEN(size))
    numbers = array.array("i")
    for _, _, data in ancillary:
        numbers.frombytes(data[:size])
    return socket.socket(fileno=numbers[0])


if __name__ == "__main__":
    main()
