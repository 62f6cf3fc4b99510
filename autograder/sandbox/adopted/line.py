"""The judge's line to the student's code: what is asked, what comes back, what is called back.

Whatever arrives is data. The functions of the test that the student's code may call are those that
were handed to it, by number.
"""

from __future__ import annotations

import builtins
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from ..plain import Value
from ..values import NotPlainError, WireError
from ..wire import Channel
from .backs import used_object
from .decoding import Decoder
from .draws import draws_of, same_draws
from .encoding import Encoder
from .files import SharedFiles
from .kinds import exception_named, name_of
from .messages import Back, BackAnswer, Did, DidRaise, Do
from .proxies import Facts, Proxy, facts_of, new_proxy
from .special_arrays import MASKED, masked_array

MAX_BACKS = 20_000  # calls back in one cell
MAX_ASKED = 200_000  # questions in one cell, which end endless iterators
MAX_NESTED = 40
INPUT = -1
LIBRARIES = (
    "builtins", "math", "cmath", "operator", "random", "statistics", "numpy", "scipy", "pandas",
    "matplotlib", "itertools", "functools", "string", "re", "json", "fractions", "decimal",
)  # fmt: skip
TOO_MUCH = "the test cell asks the student's code for more than {most:,} things"
UNEXPECTED = "the student's value is a {kind}, and the reference solution needs none there ({use})"
CANNOT_SEND = "a {kind} of the test's own cannot be handed to the student's code"

_READ_INPUT = builtins.input


class StudentGoneError(Exception):
    """The student's process has ended or talks nonsense; no test can go on."""


class StudentLine:
    """Asks the student's side.

    Parameters
    ----------
    channel : to `student.StudentSide`.
    shared : the names of functions that both sides have, with this side's.
    """

    def __init__(self, channel: Channel, shared: Callable[[str], object]) -> None:
        self._channel = channel
        self._shared = shared
        self._functions: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._proxies: dict[int, Any] = {}
        self._exceptions: dict[int, type[Exception]] = {}
        self._draws: list[Any] | None = None
        self._nested = 0
        self.gone = ""
        self.allowed: frozenset[str] | None = None
        self.used: set[str] = set()
        self.files: SharedFiles | None = None
        self._asked = self._backs = 0

    def begin(self, allowed: list[str] | None) -> None:
        """Begin a test cell; what it may ask for, None: everything, to find out what it needs."""
        self.allowed = None if allowed is None else frozenset(allowed)
        self.used = set()
        self._asked = self._backs = 0

    def allow(self, use: str, kind: str) -> None:
        """Note a use of what stays with the student.

        Raises
        ------
        TypeError : the reference solution does not need it, so it may be made up.
        """
        if self.allowed is not None and use not in self.allowed:
            raise TypeError(UNEXPECTED.format(kind=kind, use=use))
        self.used.add(use)

    def ask(self, op: str, *args: object) -> Any:
        """Have an operation done. Raises what the student's code raises, by class."""
        return self._ask(op, list(args), ())

    def call(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the student's; arguments that it changes are changed here, too."""
        if self.files is not None:
            self.files.send(self)
        try:
            return self._ask("call", [number, list(args), kwargs], (*args, *kwargs.values()))
        finally:
            if self.files is not None and not self.gone:
                self.files.bring(self)

    def _ask(self, op: str, args: list[Any], originals: tuple[Any, ...]) -> Any:
        if self.gone:
            raise StudentGoneError(self.gone)
        self._asked += 1
        if self._asked > MAX_ASKED:
            raise RuntimeError(TOO_MUCH.format(most=MAX_ASKED))
        packer = self._encoder()
        request = Do(op, packer.value(args), self._new_draws(packer))
        try:
            self._channel.send(request, packer)
            reply, block = self._channel.receive()
            while isinstance(reply, Back):
                self._answer_back(reply, block)
                reply, block = self._channel.receive()
        except NotPlainError:
            raise
        except WireError as error:
            self.gone = str(error)
            raise StudentGoneError(self.gone) from error
        return self._result(reply, block, originals)

    def _result(self, reply: Did | DidRaise, block: memoryview, originals: tuple[Any, ...]) -> Any:
        sys.stdout.write(reply.printed)
        decoder = Decoder(block, self._named)
        if isinstance(reply, DidRaise):
            raise self._exception(reply, decoder)
        value = decoder.value(reply.value)
        for place, changed in reply.changed:
            if not 0 <= place < len(originals):
                raise WireError("a change of no argument")
            _copy_back(originals[place], decoder.value(changed))
        if 0 <= reply.same < len(originals):
            return originals[reply.same]
        return value

    def _new_draws(self, packer: Encoder) -> Value | None:
        """The state of this side's random generators, where it has moved; never the other's."""
        now = draws_of()
        if same_draws(self._draws, now):
            return None
        self._draws = now
        return packer.value(now)

    # --- values

    def _encoder(self) -> Encoder:
        return Encoder(self._leaf, coerce=False)

    def _leaf(self, value: Any, encoder: Encoder) -> Value:
        if type(value) is Proxy:
            return encoder.special("thing", facts_of(value).number)
        if isinstance(value, type):
            return self._class(value, encoder)
        if isinstance(value, types.ModuleType) and value.__name__.split(".")[0] in LIBRARIES:
            return encoder.special("library", value.__name__, "")
        if callable(value):
            return self._function(value, encoder)
        if type(value).__module__ == "__main__":
            return encoder.special("object", self._hand_out(value))
        raise TypeError(CANNOT_SEND.format(kind=name_of(type(value))))

    def _class(self, value: type, encoder: Encoder) -> Value:
        for number, kind in self._exceptions.items():
            if kind is value:
                return encoder.special("thing", number)
        if value.__module__.split(".")[0] in LIBRARIES:
            return encoder.special("library", value.__module__, value.__qualname__)
        if self._shared(value.__name__) is value:
            return encoder.special("name", value.__name__)
        raise TypeError(CANNOT_SEND.format(kind="class"))

    def _function(self, value: Any, encoder: Encoder) -> Value:
        name = str(getattr(value, "__name__", "function"))
        module = getattr(value, "__module__", None) or ""
        if isinstance(value, np.ufunc):
            module = "numpy"
        if self._shared(name) is value:
            return encoder.special("name", name)
        path = str(getattr(value, "__qualname__", name))
        if module.split(".")[0] in LIBRARIES and _reached(module, path) is value:
            return encoder.special("library", module, path)
        return encoder.special("function", self._hand_out(value), name)

    def _hand_out(self, value: Any) -> int:
        """The number by which the student's code may call a function of this side."""
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._functions)
            self._functions.append(value)
        return number

    def _named(self, kind: str, parts: list[Any]) -> Any:
        match kind, parts:
            case "masked array", [data, mask, fill_value]:
                self.allow(MASKED, MASKED)
                return masked_array(data, mask, fill_value)
            case "back", [int(number)] if 0 <= number < len(self._functions):
                return self._functions[number]
            case "thing", [int(number), str(what), list(names), str(name)]:
                if what == "exception":
                    return self._exception_class(number, names)
                if number not in self._proxies:
                    facts = Facts(self, number, what, tuple(map(str, names)), name)
                    self._proxies[number] = new_proxy(facts)
                return self._proxies[number]
        raise WireError(f"something of kind {kind!r}")

    # --- exceptions

    def _exception_class(self, number: int, names: list[str]) -> type[Exception]:
        """The class of an exception: a known one, or one like the student's below a known one."""
        if number not in self._exceptions:
            kind, exact = exception_named(names)
            if not exact:
                short = str(names[0]).rpartition(".")[2] if names else "Exception"
                kind = type(short[:100], (kind,), {"__module__": "student"})
            self._exceptions[number] = kind
        return self._exceptions[number]

    def _exception(self, reply: DidRaise, decoder: Decoder) -> Exception:
        if reply.classes[:1] == ["autograder.sandbox.adopted.student.NoSuchName"]:
            return KeyError(reply.message)
        kind = self._exception_class(reply.number, reply.classes)
        args = decoder.value(reply.args)
        try:
            return kind(*args) if args else kind(reply.message)
        except Exception:  # such as UnicodeDecodeError, which wants other arguments
            return RuntimeError(f"{kind.__name__}: {reply.message}")

    # --- calling back

    def _answer_back(self, back: Back, block: memoryview) -> None:
        sys.stdout.write(back.printed)
        self._backs += 1
        self._nested += 1
        packer = self._encoder()
        try:
            if self._backs > MAX_BACKS or self._nested > MAX_NESTED:
                raise RuntimeError(TOO_MUCH.format(most=MAX_BACKS))
            args, kwargs = Decoder(block, self._named).value(back.args)
            result = self._called_back(back.number, args, kwargs)
            answer = BackAnswer(packer.value(result), self._new_draws(packer))
        except (StudentGoneError, WireError):
            raise
        except Exception as error:
            packer = self._encoder()
            raised = name_of(type(error))
            answer = BackAnswer(packer.value(str(error)[:500]), None, raised)
        finally:
            self._nested -= 1
        self._channel.send(answer, packer)

    def _called_back(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if number == INPUT:
            if builtins.input is _READ_INPUT:
                raise LookupError("input")
            return builtins.input(*args)
        if not 0 <= number < len(self._functions):
            raise WireError("a call of nothing")
        target = self._functions[number]
        if callable(target) and type(target).__module__ != "__main__":
            return target(*args, **kwargs)
        return used_object(target, args, kwargs)


def _reached(module: str, path: str) -> Any:
    """What is found under a name in a module that is loaded here, if anything is."""
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found


def _copy_back(old: Any, new: Any) -> None:
    """Change an argument in place, as the student's code has changed its copy."""
    if type(old) is type(new) and isinstance(old, list | bytearray):
        old[:] = new
    elif (isinstance(old, dict) and isinstance(new, dict)) or type(old) is type(new) is set:
        old.clear()
        old.update(new)
    elif type(old) is np.ndarray and type(new) is np.ndarray:
        if old.shape == new.shape:
            old[...] = new
    elif hasattr(old, "_update_inplace") and type(old) is type(new):
        old._update_inplace(new)
