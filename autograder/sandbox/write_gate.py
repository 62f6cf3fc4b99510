"""Opening a file for writing waits until the template has measured what is there already.

Where a worker writes to the machine's own disk, no kernel limit holds for all its files together:
RLIMIT_FSIZE bounds each of them. So a filter (seccomp's user notification, Linux 5.5) holds every
call that opens a file for writing or makes one, and the template lets it go on or refuses it with
EDQUOT. With at most `MAX_WRITABLE` such files open at a time, a submission has never more than
`limits.disk` + MAX_WRITABLE * `limits.file_size` bytes, however busy the machine is. Numbers and
structures are those of linux/seccomp.h. Only the call's flags are looked at, which other threads
cannot change; of `openat2` the flags lie in memory, so that it is refused as unknown.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import socket
import struct
from collections.abc import Callable

from . import kernel
from .seccomp import held_openings
from .wire import ClosedError, receive_descriptors, send_descriptors

_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_NOTIFICATION = struct.Struct("=QII64s")
_RESPONSE = struct.Struct("=QqiI")
_CONTINUE = 1


def hold_openings(template: socket.socket) -> None:
    """Let the template decide on every file that this process or a child opens for writing.

    An old kernel, or one where another filter has a listener, refuses; the limit is looked at ten
    times a second all the same.
    """
    program = held_openings()
    with contextlib.suppress(OSError, ClosedError):
        if program is not None:
            listener = kernel.install_listener(program)
            try:
                send_descriptors(template, listener)
            finally:
                os.close(listener)  # whoever has it decides


class WriteGate:
    """The template's end of one worker's openings. Starts as a socket that brings the listener."""

    def __init__(self, worker: socket.socket, may_write: Callable[[], bool]) -> None:
        self._worker = worker
        self._may_write = may_write
        self._listener: int | None = None
        self.closed = False

    def fileno(self) -> int:
        """What to wait for."""
        return self._worker.fileno() if self._listener is None else self._listener

    def serve(self) -> None:
        """Take the listener, or decide on the opening that waits."""
        if self._listener is None:
            try:
                self._listener = receive_descriptors(self._worker, 1)[0]
            except (ClosedError, OSError):
                self.close()
            return
        question = bytearray(_NOTIFICATION.size)
        try:
            fcntl.ioctl(self._listener, _RECEIVE, question)
            id = _NOTIFICATION.unpack(question)[0]
            refused = 0 if self._may_write() else -errno.EDQUOT
            answer = _RESPONSE.pack(id, 0, refused, 0 if refused else _CONTINUE)
            fcntl.ioctl(self._listener, _SEND, bytearray(answer))
        except OSError:  # whoever asked has ended meanwhile
            if self._all_ended():
                self.close()

    def _all_ended(self) -> bool:
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))

    def close(self) -> None:
        """Let go; whoever still waits is told that the call does not exist."""
        self._worker.close()
        if self._listener is not None:
            os.close(self._listener)
            self._listener = None
        self.closed = True
