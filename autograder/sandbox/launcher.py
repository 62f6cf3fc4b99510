"""The judge's hold on templates: one for each level, started when it is first needed.

A template lives as long as the grader. It is not told to die with the thread that started it,
which may be a short one; it ends by itself when the judge's end of its socket closes.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .folders import remove_folder
from .level import Level
from .limits import Limits
from .memory_group import JOINING, memory_group
from .messages import Done, Refused
from .orders import Await, Order, OrderReply, Start, Started, Stop, Stopped, Waited
from .values import WireError
from .wire import Channel, send_descriptors

logger = logging.getLogger(__name__)

START_SECONDS = 60.0
ORDER_SECONDS = 30.0


class SandboxError(RuntimeError):
    """The sandbox itself did not start: the grader's fault, never the student's."""


class TemplateProcess:
    """A template of one level. Raises `SandboxError` where it does not come up or has gone.

    It imports its libraries in the background; the first order waits for it.
    """

    def __init__(self, level: Level) -> None:
        self._lock = threading.Lock()
        self._greeted = False
        self._level, self._begun = level.name, time.monotonic()
        # Where a level has files of its own, no folder is left over by a judge that is killed.
        self._home = "" if level.own_files else tempfile.mkdtemp(prefix="autograder-")
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the template
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours, OrderReply)
        command = [*level.command(), str(theirs.fileno()), level.name]
        # What is not there is told by the attempt to start it, and not by a shell.
        self._group = memory_group() if shutil.which(command[0]) else None
        try:
            self._process = subprocess.Popen(
                command if self._group is None else [*JOINING, *command],
                stdin=subprocess.DEVNULL if self._group is None else self._group.joining,
                stdout=self._printed,
                stderr=subprocess.STDOUT,
                env=level.environment(Path(self._home)),
                cwd=self._home or "/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        except OSError as error:
            self._forget()
            raise SandboxError(f"the sandbox could not be started: {error}") from error
        finally:
            theirs.close()

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self._channel.stream.fileno() >= 0 and self._process.poll() is None

    def start(self, folder: str, home: str, limits: Limits, control: int, output: int) -> int:
        """Start a worker on these two file descriptors; its process id. Raises `SandboxError`."""
        if self._group is not None:
            self._group.allow(limits)
        reply = self._ask(Start(folder, home, limits), control, output)
        if isinstance(reply, Started):
            if self._group is not None:
                self._group.count(reply.worker, limits)
            return reply.worker
        reason = reply.reason if isinstance(reply, Refused) else "the template talks nonsense"
        raise SandboxError(f"no worker could be started: {reason}")

    def stop(self, worker: int) -> str:
        """End a worker; what it had used too much of, if that had ended it before."""
        reply = self._ask(Stop(worker))
        if self._group is not None:
            self._group.forget(worker)
        return reply.reason if isinstance(reply, Stopped) else ""

    def waited(self, worker: int, *, begun: bool) -> float:
        """Seconds that a worker, or what it has begun, was ready to run and had no core."""
        reply = self._ask(Await(worker, begun))
        return reply.seconds if isinstance(reply, Waited) else 0.0

    def close(self) -> None:
        """End the template, and its workers with it."""
        self._channel.close()
        try:
            self._process.wait(ORDER_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._forget()

    def _ask(self, order: Order, *descriptors: int) -> OrderReply:
        with self._lock:
            if not self._greeted:
                self._await_greeting()
            deadline = time.monotonic() + ORDER_SECONDS
            try:
                self._channel.send(order)
                if descriptors:
                    send_descriptors(self._channel.stream, *descriptors)
                reply: OrderReply = self._channel.receive(deadline)[0]
            except (WireError, OSError) as error:
                self._channel.close()
                raise SandboxError(f"the sandbox has gone ({error}). {self._tail()}") from error
        return reply

    def _await_greeting(self) -> None:
        try:
            greeting = self._channel.receive(time.monotonic() + START_SECONDS)[0]
            if isinstance(greeting, Done):
                self._greeted = True
                seconds = time.monotonic() - self._begun
                logger.info("template of level %s up after %.2f s", self._level, seconds)
                return
            reason = "it talks nonsense"
        except TimeoutError:
            reason = f"it took more than {START_SECONDS:g} s"
        except WireError as error:
            reason = str(error)
        printed = self._tail()
        self._process.kill()
        self.close()
        raise SandboxError(f"the sandbox did not come up: {reason}. {printed}")

    def _tail(self) -> str:
        """The end of what the template has printed."""
        with contextlib.suppress(OSError, ValueError):
            self._printed.seek(0)
            return self._printed.read().decode(errors="replace").strip()[-500:]
        return ""

    def _forget(self) -> None:
        self._channel.close()
        self._printed.close()
        if self._group is not None:
            self._group.close()
        if self._home:
            remove_folder(self._home)


_templates: dict[tuple[int, str], TemplateProcess] = {}
_starting = threading.Lock()


def template_of(level: Level) -> TemplateProcess:
    """The running template of a level; a new one if there is none. Raises `SandboxError`."""
    key = os.getpid(), level.name  # a fork of the judge must not share its parent's
    with _starting:
        known = _templates.get(key)
        if known is None or not known.alive:
            if known is not None:
                known.close()
            _templates[key] = known = TemplateProcess(level)
        return known


@atexit.register
def close_templates() -> None:
    """End all templates of this process; the next worker starts a new one."""
    with _starting:
        for key in [key for key in _templates if key[0] == os.getpid()]:
            _templates.pop(key).close()
