"""The student's side of an adopted notebook: runs its cells, and does what the tests ask of them.

Everything here runs beside the student's code, which may change any of it: the other side believes
nothing. What it refuses, it refuses for the sake of honest code alone.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import io
import socket
import types
from typing import Any

from ..notebook import NO_INPUT, Notebooks
from ..plain import Value
from ..wire import Channel, ClosedError
from .backs import BackFunction, BackObject
from .decoding import Decoder
from .draws import set_draws
from .encoding import Encoder
from .kinds import exception_named, name_of
from .messages import Back, BackAnswer, Did, DidRaise, Do, ToStudent
from .operations import COPIED, Operations
from .sharing import Sharing
from .special_arrays import masked_array

MAX_PRINTED = 100_000
MAX_BASES = 12
INPUT = -1  # the number of the test's own `input`
NOTEBOOK = "adopted"


def serve_student(stream: socket.socket, notebooks: Notebooks) -> None:
    """Answer the judge until it closes the socket."""
    side = StudentSide(Channel(stream, ToStudent), notebooks.shell(NOTEBOOK))
    with contextlib.suppress(ClosedError):
        while True:
            request, block = side.channel.receive()
            side.serve(request, block)


class StudentSide(Operations):
    """Answers the judge, and calls back what the test handed over."""

    def __init__(self, channel: Channel, shell: Any) -> None:
        super().__init__(shell)
        self.channel = channel
        self._sharing = Sharing(1)
        self._numbers: dict[int, int] = {}
        self._printed = io.StringIO()
        builtins.input = self._input

    def serve(self, request: Do, block: memoryview) -> None:
        """Do what is asked, and send what came of it."""
        before, self._printed = self._printed, io.StringIO()
        handed: frozenset[int] = frozenset()
        try:
            if request.is_new:
                self._sharing.forget()
            self._sharing.sweep()
            decoder = self._decoder(block)
            args = decoder.value(request.args)
            if request.draws is not None:
                set_draws(decoder.value(request.draws))
            decoder.change(request.changed)
            self._sharing.take_back(request.given_back)
            self._sharing.give_back()
            handed = self._sharing.handed()
            with contextlib.redirect_stdout(self._printed):
                result = [self.do(request.op, args)]
                args.clear()
                self._sharing.name(handed)
                self._send_done(result, request.op)
        except BaseException as error:
            self._sharing.name(handed)
            self._send_raised(error)
        self._printed = before

    def _send_done(self, result: list[Any], op: str) -> None:
        packer = self._encoder()
        value = packer.copied(*result).items[0] if op in COPIED else packer.result(result)
        changed = packer.changes()
        result.clear()
        self._send(Did(value, self._said(), changed, self._sharing.release()), packer)

    def _send_raised(self, error: BaseException) -> None:
        packer = self._encoder()
        kinds = [name_of(kind) for kind in type(error).__mro__[:MAX_BASES]]
        args = [one for one in error.args if type(one) in (str, int, float)][:5]
        try:
            message = str(error)[:2000]
            value = packer.copied(*args)
        except Exception:
            message, value = "", packer.copied()
        message = message.encode("utf-8", "replace").decode()
        number, changed = self._number(type(error)), self._changes(packer)
        said, given_back = self._said(), self._sharing.given_back
        self._send(DidRaise(kinds, number, message, value, said, changed, given_back), packer)

    def _changes(self, packer: Encoder) -> list[tuple[int, Value]]:
        """What has changed, where it can be sent at all."""
        try:
            return packer.changes()
        except Exception:
            self._sharing.undo()
            return []

    def _send(self, message: Did | DidRaise | Back, packer: Encoder) -> None:
        self.channel.send(message, packer)
        self._sharing.sent()

    def _said(self) -> str:
        text = self._printed.getvalue()[:MAX_PRINTED]
        self._printed.seek(0)
        self._printed.truncate()
        return text.encode("utf-8", "replace").decode()

    # --- values

    def _encoder(self) -> Encoder:
        return Encoder(self._leaf, coerce=True, sharing=self._sharing)

    def _decoder(self, block: memoryview) -> Decoder:
        return Decoder(block, self._named, self._sharing)

    def _number(self, value: object) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._table)
            self._table.append(value)
        return number

    def _leaf(self, value: Any, encoder: Encoder) -> Value:
        if type(value) in (BackFunction, BackObject):
            return encoder.special("back", object.__getattribute__(value, "_number"))
        kind = value if isinstance(value, type) else type(value)
        names = [name_of(one) for one in kind.__mro__[:MAX_BASES]]
        what = "object"
        if isinstance(value, type):
            what = "exception" if issubclass(value, BaseException) else "class"
        elif isinstance(value, types.ModuleType):
            what = "module"
        elif callable(value):
            what = "function"
        name = getattr(value, "__name__", "") if what != "object" else ""
        return encoder.special("thing", self._number(value), what, names, str(name)[:200])

    def _named(self, kind: str, parts: list[Any]) -> Any:
        match kind, parts:
            case "masked array", [data, mask, fill_value]:
                return masked_array(data, mask, fill_value)
            case "thing", [int(number)]:
                return self._table[number]
            case "function", [int(number), str(name)]:
                return BackFunction(self._back, number, name)
            case "object", [int(number)]:
                return BackObject(self._back, number)
            case "name", [str(name)]:
                return self._names[name] if name in self._names else self._deleted[name]
            case "library", [str(module), str(path)]:
                found = importlib.import_module(module)
                for part in path.split("."):
                    found = getattr(found, part) if part else found
                return found
        raise ValueError(kind)

    # --- calling back

    def _back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        packer = self._encoder()
        parts = packer.message(args, tuple(kwargs.items()))
        changed, said = packer.changes(), self._said()
        self._send(Back(number, parts, said, changed, self._sharing.given_back), packer)
        while True:
            request, block = self.channel.receive()
            if isinstance(request, BackAnswer):
                break
            self.serve(request, block)  # the test's function may itself call the student's
        self._sharing.sweep()
        decoder = self._decoder(block)
        value = decoder.value(request.value)
        if request.draws is not None:
            set_draws(decoder.value(request.draws))
        decoder.change(request.changed)
        self._sharing.take_back(request.given_back)
        self._sharing.give_back()
        if request.raised:
            kind, _ = exception_named([request.raised])
            raise kind(value)
        return value

    def _input(self, prompt: object = "") -> Any:
        try:
            return self._back(INPUT, (str(prompt),), {})
        except LookupError:
            raise RuntimeError(NO_INPUT) from None
