"""The judge's line to the student's code: what is asked, what comes back, what is called back.

Whatever arrives is data. The functions of the test that the student's code may call are those that
were handed to it, by number.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ..plain import Value
from ..values import NotPlainError, WireError
from ..wire import Channel
from .decoding import Decoder
from .draws import MovedDraws
from .encoding import Encoder
from .files import SharedFiles
from .handing import HandedOver
from .kinds import exception_named, library_class, name_of
from .messages import Back, BackAnswer, Did, DidRaise, Do
from .proxies import Facts, new_proxy, place_of_test
from .sharing import Sharing
from .special_arrays import MASKED, masked_array

MAX_BACKS = 20_000  # calls back in one cell
MAX_ASKED = 200_000  # questions in one cell, which end endless iterators
MAX_NESTED = 40
TOO_MUCH = "the test cell asks the student's code for more than {most:,} things"
UNEXPECTED = "the student's value is a {kind}, and the reference solution needs none there ({use})"
# What runs none of the student's code, and so can change nothing of the test's.
READS = ("get", "names", "source", "signature", "files", "write", "remove", "set", "delete")


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
        self._sharing = Sharing(-1)
        self._is_new = False
        self._handed = HandedOver(shared, self._number_of)
        self._proxies: dict[int, Any] = {}
        self._exceptions: dict[int, type[Exception]] = {}
        self._draws = MovedDraws()
        self._nested = 0
        self.gone = ""
        self.allowed: frozenset[str] | None = None
        self.used: set[str] = set()
        self.files: SharedFiles | None = None
        self._asked = self._backs = 0
        self.runs = 0  # how often the student's code has run
        self.is_doubtful = self._keeps = False

    def begin(self, allowed: list[str] | None, *, keeps: bool = False) -> None:
        """Begin a test cell; what it may ask for, None: everything, to find out what it needs.

        `keeps` : the test's objects stay as they are where the reference solution changes none.
        """
        self.allowed = None if allowed is None else frozenset(allowed)
        self.used = set()
        self.is_doubtful, self._keeps = False, keeps
        self._asked = self._backs = 0
        self._forget()

    def _forget(self) -> None:
        self._sharing.forget()
        self._is_new = True

    def allow(self, use: str, kind: str) -> None:
        """Note a use of what stays with the student.

        Raises
        ------
        TypeError : the reference solution does not need it, so it may be made up.
        """
        if self.allowed is not None and use not in self.allowed:
            raise TypeError(UNEXPECTED.format(kind=kind, use=use))
        self.used.add(use)

    def claims(self, names: tuple[str, ...]) -> type | None:
        """The class of a library that an object has, as its names say.

        Those names alone count that the reference solution's objects have in this cell.
        """
        for name in names:
            kind = library_class(name)
            use = f"class {name}"
            if kind is not None and (self.allowed is None or use in self.allowed):
                self.used.add(use)
                return kind
        return None

    def call(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the student's; objects that it changes are changed here, too."""
        if self.files is not None:
            self.files.send(self)
        try:
            return self.ask("call", number, args, tuple(kwargs.items()))
        finally:
            if self.files is not None and not self.gone:
                self.files.bring(self)

    def ask(self, op: str, *args: object) -> Any:
        """Have an operation done. Raises what the student's code raises, by class."""
        if self.gone:
            raise StudentGoneError(self.gone)
        self._asked += 1
        if self._asked > MAX_ASKED:
            raise RuntimeError(TOO_MUCH.format(most=MAX_ASKED))
        if self._sharing.is_full and not self._nested:
            self._forget()
        self.runs += op not in READS
        packer = self._encoder()
        parts = packer.message(*args) if op != "write" else packer.copied(*args)
        draws = self._new_draws(packer)
        changed, given_back = packer.changes(), self._given_back()
        request = Do(op, parts, draws, changed, self._is_new, given_back)
        try:
            self._send(request, packer)
            self._is_new = False
            reply, block = self._channel.receive()
            while isinstance(reply, Back):
                self._answer_back(reply, block)
                reply, block = self._channel.receive()
        except NotPlainError:
            raise
        except WireError as error:
            self.gone = str(error)
            raise StudentGoneError(self.gone) from error
        return self._result(reply, block, runs=op not in READS)

    def _given_back(self) -> list[int]:
        """The numbers of what the test holds no more."""
        self._sharing.release()
        self._sharing.sweep()
        return self._sharing.give_back()

    def _send(self, message: Do | BackAnswer, packer: Encoder) -> None:
        self._channel.send(message, packer)
        self._sharing.sent()

    def _result(self, reply: Did | DidRaise, block: memoryview, *, runs: bool) -> Any:
        sys.stdout.write(reply.printed)
        self._expect([number for number, _ in reply.changed if number < 0], runs=runs)
        decoder = self._decoder(block)
        if isinstance(reply, DidRaise):
            error = self._exception(reply, decoder)
            decoder.change(reply.changed)
            self._sharing.take_back(reply.given_back)
            raise error
        value = decoder.value(reply.value)
        decoder.change(reply.changed)
        self._sharing.take_back(reply.given_back)
        return value

    def _expect(self, changed: list[int], *, runs: bool) -> None:
        """Look at which of the test's objects the student's code has changed."""
        if changed and not runs:
            raise WireError("a change of the test's own object, where no code has run")
        use = f"change{place_of_test()}"
        if not changed:
            return
        if self.allowed is None or use in self.allowed:
            self.used.add(use)
            return
        self.is_doubtful = True
        for number in changed if self._keeps else ():
            self._sharing.part_with(number)

    def _new_draws(self, packer: Encoder) -> Value | None:
        """The state of this side's random generators, where it has moved; never the other's."""
        moved = self._draws.moved()
        return None if moved is None else packer.copied(*moved)

    # --- values

    def _encoder(self) -> Encoder:
        return Encoder(self._handed.leaf, coerce=False, sharing=self._sharing)

    def _decoder(self, block: memoryview) -> Decoder:
        return Decoder(block, self._named, self._sharing)

    def _number_of(self, kind: type) -> int | None:
        """The student's number of a class of exceptions that is made after one of theirs."""
        found = (number for number, known in self._exceptions.items() if known is kind)
        return next(found, None)

    def _named(self, kind: str, parts: list[Any]) -> Any:
        match kind, parts:
            case "masked array", [data, mask, fill_value]:
                self.allow(MASKED, MASKED)
                return masked_array(data, mask, fill_value)
            case "back", [int(number)]:
                return self._handed.get(number)
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
        if reply.classes[:1] == ["autograder.sandbox.adopted.operations.NoSuchName"]:
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
        try:
            if self._backs > MAX_BACKS or self._nested > MAX_NESTED:
                raise RuntimeError(TOO_MUCH.format(most=MAX_BACKS))
            self._expect([number for number, _ in back.changed if number < 0], runs=True)
            decoder = self._decoder(block)
            args, kwargs = decoder.value(back.args)
            decoder.change(back.changed)
            self._sharing.take_back(back.given_back)
            handed = self._sharing.handed()
            result = [self._handed.called_back(back.number, args, dict(kwargs))]
            packer = self._encoder()
            value, draws = packer.result(result), self._new_draws(packer)
            self._sharing.name(handed)
            changed = packer.changes()
            answer = BackAnswer(value, draws, changed=changed, given_back=self._given_back())
        except (StudentGoneError, WireError):
            raise
        except Exception as error:
            packer = self._encoder()
            raised, said = name_of(type(error)), packer.value(str(error)[:500])
            changed = packer.changes()
            answer = BackAnswer(said, None, raised, changed, self._given_back())
        finally:
            self._nested -= 1
        self._send(answer, packer)
