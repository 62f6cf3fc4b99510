"""How messages travel: frames over a stream socket, bounded, with deadlines. Knows no meaning.

A frame is two big-endian lengths, a msgpack header and a block of array bytes. The header is a
typed message; the arrays in it point into the block.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from typing import Any

import msgspec

from .adopted.messages import FromJudge, FromStudent, ToJudge, ToStudent
from .messages import Reply, Request
from .orders import Order, OrderReply
from .patience import Patience
from .values import MAX_BLOCK, NotPlainError, Packer, WireError

MAX_HEADER = 1 << 20
Message = Request | Reply | Order | OrderReply | ToStudent | FromStudent | ToJudge | FromJudge
_LENGTHS = struct.Struct(">II")
_CHUNK = 1 << 16


class ClosedError(WireError):
    """The other side has gone."""


class Channel:
    """One end of the conversation: typed messages over a stream socket.

    It reads ahead, except where open files come with messages: the kernel hands them over with the
    bytes that they were sent with.
    """

    def __init__(self, stream: socket.socket, incoming: Any, *, ahead: int = _CHUNK) -> None:
        self.stream = stream
        self.patience: Patience | None = None  # whether a deadline that has passed is moved
        self._ahead = ahead
        self._read = bytearray()
        self._decoder = msgspec.msgpack.Decoder(incoming)
        self._encoder = msgspec.msgpack.Encoder()

    def send(
        self, message: Message, packer: Packer | None = None, deadline: float | None = None
    ) -> None:
        """Send one message with its arrays.

        Raises `NotPlainError`, `ClosedError`, and `TimeoutError` after `deadline` or the stream's
        own time: the other side need not read.
        """
        header = self._encoder.encode(message)
        if len(header) > MAX_HEADER:
            raise NotPlainError(f"a message of {len(header)} bytes besides its arrays")
        blocks = packer.blocks if packer else []
        lengths = _LENGTHS.pack(len(header), sum(len(block) for block in blocks))
        try:
            for part in _joined([lengths + header, *blocks]):
                self._send_all(memoryview(part), deadline)
        except TimeoutError:
            raise
        except OSError as error:
            raise ClosedError("the other side has gone") from error

    def receive(self, deadline: float | None = None) -> tuple[Any, memoryview]:
        """The next message and its block. Raises `WireError`, `TimeoutError` after `deadline`.

        `deadline` is a time of `time.monotonic`.
        """
        header_size, block_size = _LENGTHS.unpack(self._exactly(_LENGTHS.size, deadline))
        if header_size > MAX_HEADER or block_size > MAX_BLOCK:
            raise WireError(f"a frame of {header_size} + {block_size} bytes")
        header = self._exactly(header_size, deadline)
        block = self._exactly(block_size, deadline)
        try:
            return self._decoder.decode(header), memoryview(block)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise WireError(f"not a message: {error}") from error

    def _send_all(self, left: memoryview, deadline: float | None) -> None:
        if deadline is None:
            self.stream.sendall(left)
            return
        while left:
            self.stream.settimeout(self._remaining(deadline))
            with contextlib.suppress(TimeoutError):  # where nothing remains, that is raised above
                left = left[self.stream.send(left) :]

    def _exactly(self, count: int, deadline: float | None) -> bytearray:
        if len(self._read) >= count:
            data = self._read[:count]
            del self._read[:count]
            return data
        data, self._read = self._read, bytearray()
        while len(data) < count:
            wait = None if deadline is None else self._remaining(deadline)
            if wait is not None or self.stream.gettimeout() is not None:
                self.stream.settimeout(wait)
            try:
                part = self.stream.recv(min(max(count - len(data), self._ahead), _CHUNK))
            except TimeoutError:
                continue  # where nothing remains, that is raised above
            except OSError as error:
                raise ClosedError("the other side has gone") from error
            if not part:
                raise ClosedError("the other side has gone")
            data += part
        self._read = data[count:]
        del data[count:]
        return data

    def _remaining(self, deadline: float) -> float:
        """Seconds until the deadline, which is moved if need be. Raises `TimeoutError`."""
        remaining = deadline - time.monotonic()
        if remaining <= 0 and self.patience is not None:
            remaining = self.patience.extended(deadline) - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        return remaining

    def close(self) -> None:
        self.stream.close()


def _joined(parts: list[bytes | memoryview]) -> list[bytes | memoryview]:
    """Small parts as one: each that is sent by itself wakes the other side."""
    if len(parts) > 1 and sum(map(len, parts)) <= _CHUNK:
        return [b"".join(parts)]
    return parts


def send_descriptors(stream: socket.socket, *descriptors: int) -> None:
    """Send file descriptors along with a message. Raises `ClosedError`."""
    try:
        socket.send_fds(stream, [b"\0"], list(descriptors))
    except OSError as error:
        raise ClosedError("the other side has gone") from error


def receive_descriptors(stream: socket.socket, count: int) -> list[int]:
    """The file descriptors that come with a message. Raises `ClosedError`."""
    _, descriptors, _, _ = socket.recv_fds(stream, 1, count)
    if len(descriptors) != count:
        raise ClosedError(f"{len(descriptors)} file descriptors instead of {count}")
    return descriptors
