"""Functions in the student's process that the judge answers; what they compute is not in here."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any, Protocol

import numpy as np

from .bindings import binding_of, is_theirs, shared
from .messages import Callback, CallbackAnswer, CoursePart
from .plain import Reference, Value
from .theirs import FIRST
from .values import NotPlainError, Packer, unpack

RAISED = "the course's `{name}`, which stands in for yours, raised {error}"
RANDOM, GENERATOR = -1, -2  # numbers of what both sides have: NumPy's random numbers

_STAND_IN = """
def made({cells}):
    def stand_in(*args, **kwargs):
        if False: {used}
        return "the caller".__call__(args, kwargs)
    return stand_in
"""


class CourseToken:
    """Something of the course's that stays on the judge's side, such as a cache."""

    __slots__ = ("__weakref__", "_dropped", "_number")

    def __init__(self, number: int, dropped: list[int]) -> None:
        self._number = number
        self._dropped = dropped

    def __repr__(self) -> str:
        return "<kept by the course>"

    def __copy__(self) -> CourseToken:
        return self

    def __deepcopy__(self, memo: object) -> CourseToken:
        return self

    def __reduce__(self) -> str:
        raise TypeError("what the course keeps cannot be saved")

    def __del__(self) -> None:
        self._dropped.append(self._number)


class Asks(Protocol):
    """Sends a callback, serves what is asked of this side meanwhile, and returns the answer."""

    def __call__(self, callback: Callback, packer: Packer) -> tuple[CallbackAnswer, memoryview]:
        """See above."""


class StandIns:
    """The stand-ins of one check.

    Parameters
    ----------
    ask : how the judge is called back.
    spaces : the namespaces of the notebooks, by name.
    table : the objects of this side that the other knows by number.
    """

    def __init__(
        self, ask: Asks, spaces: Mapping[str, dict[str, Any]], table: dict[int, Any]
    ) -> None:
        self._ask = ask
        self._spaces = spaces
        self._table = table
        self._dropped: list[int] = []

    def install(self, parts: Sequence[CoursePart]) -> None:
        """Put a stand-in in the place of every part that there is a place for."""
        places = [(number, binding_of(part, self._spaces)) for number, part in enumerate(parts)]
        found = [(number, parts[number], place) for number, place in places if place is not None]
        common = shared([place.get() for _, _, place in found])
        for number, part, place in found:
            caller = _Caller(self, number, part)
            old = place.get()
            if isinstance(old, FunctionType) and place.own and id(old) not in common:
                _become(old, caller)
            else:
                place.put(_function(caller))
                self._rebind(old, place.get())

    def _rebind(self, old: object, new: object) -> None:
        """Every global name in the submission that means `old` means `new`."""
        if old is None:
            return
        modules = [vars(module) for module in list(sys.modules.values()) if is_theirs(module)]
        for space in (*modules, *self._spaces.values()):
            for name, value in list(space.items()):
                if value is old:
                    space[name] = new

    def call(
        self, number: int, part: CoursePart, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Have the judge answer a call. Raises what the course's part raised, by its type."""
        owner = args[0] if part.kind == "method" and args else None
        packer = _Glue(self._table) if part.kind == "glue" else _Outgoing()
        rest = args if owner is None else args[1:]
        dropped, self._dropped[:] = list(self._dropped), []
        callback = Callback(
            number,
            [packer.argument(value) for value in rest],
            {name: packer.argument(value) for name, value in kwargs.items()},
            {} if owner is None else dict(_state(owner, packer)),
            dropped,
        )
        answer, block = self._ask(callback, packer)
        if answer.raised:
            raise _exception(answer.raised)(RAISED.format(name=part.name, error=answer.raised))
        kept = _Incoming(self._dropped)
        for name, value in answer.updates.items():
            _update(owner, name, unpack(value, block, kept))
        return unpack(answer.value, block, kept)


class _Caller:
    """What the code of a stand-in calls: no name that leads anywhere, and no code of the course."""

    __slots__ = ("_part", "_stand_ins", "_target", "name")

    def __init__(self, stand_ins: StandIns, target: int, part: CoursePart) -> None:
        self._stand_ins = stand_ins
        self._target = target
        self._part = part
        self.name = part.name.rpartition(".")[2]

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._stand_ins.call(self._target, self._part, args, kwargs)


class _Outgoing(Packer):
    """Values for the course, in which what it keeps travels as its number."""

    def argument(self, value: object) -> Value:
        """One argument of a call."""
        return self.value(value)

    def value(self, value: object, depth: int = 0) -> Value:
        if type(value) is CourseToken:
            return Reference(value._number)
        return super().value(value, depth)


class _Glue(_Outgoing):
    """Arguments for the course's glue, to which what is not plain stays here."""

    def __init__(self, table: dict[int, Any]) -> None:
        super().__init__()
        self._table = table

    def argument(self, value: object) -> Value:
        """Plain, or as the number of an object that stays here."""
        try:
            return self.value(value)
        except NotPlainError:
            number = len(self._table)
            self._table[number] = value
            return Reference(FIRST - number)


class _Incoming(Mapping[int, object]):
    """References of the course, each as something that is kept there."""

    def __init__(self, dropped: list[int]) -> None:
        self._dropped = dropped
        self._made: dict[int, CourseToken] = {}

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int)

    def __getitem__(self, number: int) -> CourseToken:
        if number not in self._made:
            self._made[number] = CourseToken(number, self._dropped)
        return self._made[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _become(function: FunctionType, caller: _Caller) -> None:
    """Give a function other code, so that whoever holds it calls back."""
    cells = len(function.__code__.co_freevars)
    function.__code__ = _code(caller, cells)
    function.__defaults__ = None
    function.__kwdefaults__ = None


def _function(caller: _Caller) -> FunctionType:
    return FunctionType(_code(caller, 0), {"__builtins__": {}}, caller.name)


def _code(caller: _Caller, cells: int) -> CodeType:
    """Code that calls `caller` and knows nothing else.

    It has as many free variables as the function had whose code it becomes.
    """
    names = [f"cell_{number}" for number in range(cells)]
    source = _STAND_IN.format(cells=", ".join(names), used=", ".join(names) or "pass")
    scope: dict[str, Any] = {}
    exec(compile(source, "<the course's>", "exec"), scope)
    code: CodeType = scope["made"](*names).__code__
    consts = tuple(caller if value == "the caller" else value for value in code.co_consts)
    return code.replace(co_consts=consts, co_name=caller.name, co_qualname=caller.name)


def _state(owner: object, packer: Packer) -> Iterator[tuple[str, Value]]:
    """The attributes of an object that can travel."""
    for name, value in list(vars(owner).items()):
        if value is np.random or isinstance(value, np.random.RandomState):
            yield name, Reference(RANDOM)
        elif isinstance(value, np.random.Generator):
            yield name, Reference(GENERATOR)
        else:
            try:
                yield name, packer.value(value)
            except NotPlainError:  # what the course's part needs of an object is plain
                continue


def _update(owner: Any, name: str, value: Any) -> None:
    """Assign to an attribute; a dictionary stays the one that others may hold."""
    have = getattr(owner, name, None)
    if isinstance(value, dict) and isinstance(have, dict):
        have.update(value)
    else:
        setattr(owner, name, value)


def _exception(name: str) -> type[Exception]:
    if name == "LinAlgError":
        return np.linalg.LinAlgError
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, Exception) else RuntimeError
