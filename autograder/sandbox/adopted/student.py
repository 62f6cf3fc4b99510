"""The student's side of an adopted notebook: runs its cells, and does what the tests ask of them.

Everything here runs beside the student's code, which may change any of it: the other side believes
nothing. What it refuses, it refuses for the sake of honest code alone.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import inspect
import io
import socket
import types
from pathlib import Path
from typing import Any

import numpy as np

from ..notebook import NO_INPUT, Notebooks
from ..plain import Value
from ..wire import Channel, ClosedError
from .backs import BackFunction, BackObject
from .decoding import Decoder
from .draws import set_draws
from .encoding import Encoder
from .files import MAX_FILES, listed
from .kinds import exception_named, name_of
from .messages import Back, BackAnswer, Did, DidRaise, Do, ToStudent
from .operators import OPERATORS
from .sharing import Sharing
from .showing import show_cell
from .special_arrays import masked_array

MAX_PRINTED = 100_000
MAX_BASES = 12
MAX_FILE = 8 << 20
INPUT = -1  # the number of the test's own `input`
NOTEBOOK = "adopted"
COPIED = ("names", "files", "signature", "show")  # answers that are made for the question


class NoSuchName(Exception):  # noqa: N818 - becomes a reply
    """There is no such name."""


def serve_student(stream: socket.socket, notebooks: Notebooks) -> None:
    """Answer the judge until it closes the socket."""
    side = StudentSide(Channel(stream, ToStudent), notebooks.shell(NOTEBOOK))
    with contextlib.suppress(ClosedError):
        while True:
            request, block = side.channel.receive()
            side.serve(request, block)


class StudentSide:
    """The objects that stay here, by number, and what is done with them."""

    def __init__(self, channel: Channel, shell: Any) -> None:
        self.channel = channel
        self._shell = shell
        self._names: dict[str, Any] = shell.user_ns
        self._sharing = Sharing(1)
        self._table: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._deleted: dict[str, Any] = {}
        self._seen = listed()
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
                result = getattr(self, f"_do_{request.op}")(*args)
                self._sharing.name(handed)
                self._send_done(result, request.op)
        except BaseException as error:
            self._sharing.name(handed)
            self._send_raised(error)
        self._printed = before

    def _send_done(self, result: Any, op: str) -> None:
        packer = self._encoder()
        value = packer.copied(result).items[0] if op in COPIED else packer.value(result)
        changed = packer.changes()
        self._send(Did(value, self._said(), changed, self._sharing.given_back), packer)

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

    # --- what can be asked

    def _run(self, source: str) -> Any:
        result = self._shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise error
        return result.result

    def _do_cell(self, source: str) -> None:
        self._run(source)

    def _do_show(self, source: str) -> list[Any]:
        return show_cell(self._shell, source)

    def _do_test(self, source: str) -> float | None:
        """Run a test cell in here; the number that it ends with."""
        value = self._run(source)
        if value is None or isinstance(value, bool | np.bool_):
            return None
        try:
            return float(value) if isinstance(value, int | float | np.generic) else None
        except (TypeError, ValueError, OverflowError):
            return None

    def _do_get(self, name: str) -> Any:
        if name not in self._names:
            raise NoSuchName(name)
        return self._names[name]

    def _do_names(self) -> list[str]:
        return [name for name in self._names if not name.startswith("_")]

    def _do_set(self, name: str, value: Any) -> None:
        self._names[name] = value

    def _do_delete(self, name: str) -> None:
        if name in self._names:
            self._deleted[name] = self._names.pop(name)

    def _do_call(self, number: int, args: Any, kwargs: Any) -> Any:
        return self._table[number](*args, **dict(kwargs))

    def _do_attribute(self, number: int, name: str) -> Any:
        return getattr(self._table[number], name)

    def _do_set_attribute(self, number: int, name: str, value: Any) -> None:
        setattr(self._table[number], name, value)

    def _do_delete_attribute(self, number: int, name: str) -> None:
        delattr(self._table[number], name)

    def _do_set_item(self, number: int, key: Any, value: Any) -> None:
        self._table[number][key] = value

    def _do_delete_item(self, number: int, key: Any) -> None:
        del self._table[number][key]

    def _do_operator(self, name: str, args: list[Any]) -> Any:
        return OPERATORS[name](*args)

    def _do_source(self, number: int) -> str:
        return inspect.getsource(self._table[number])

    def _do_signature(self, number: int) -> list[list[Any]]:
        found = inspect.signature(self._table[number]).parameters.values()
        empty = inspect.Parameter.empty
        return [
            [one.name, int(one.kind), one.default is not empty, _or_none(one.default, empty)]
            for one in found
        ]

    def _do_files(self) -> dict[str, bytes]:
        """The files that were written since the last time."""
        now = listed()
        new = [path for path, stamp in now.items() if self._seen.get(path) != stamp][:MAX_FILES]
        self._seen = now
        return {path: _content(path) for path in new if now[path][1] <= MAX_FILE}

    def _do_remove(self, paths: list[str]) -> None:
        for path in paths:
            Path(path).unlink(missing_ok=True)
        self._seen = listed()

    def _do_write(self, files: dict[str, bytes]) -> None:
        for path, content in files.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(content)
        self._seen = listed()


def _or_none(value: Any, empty: Any) -> Any:
    return None if value is empty else value


def _content(path: str) -> bytes:
    with contextlib.suppress(OSError):
        return Path(path).read_bytes()
    return b""
