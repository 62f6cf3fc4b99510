"""The other end of a stand-in: runs the course's parts, in a worker that has no student's code."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from .messages import CallbackAnswer, CoursePart, Perform
from .plain import Items, Reference, Value
from .stand_ins import GENERATOR, RANDOM
from .theirs import AsksThem, TheirObjects, their_module
from .values import NotPlainError, Packer, unpack


class NotebookNames(Protocol):
    """Where the names of notebooks are, as in `Notebooks`."""

    def names(self, notebook: str) -> Any:
        """What a notebook's cells have defined, as attributes."""


class Parts:
    """The course's parts, and what they keep between calls of one check.

    The course's methods give their attributes new values and do not change arrays in place: only
    what is another object afterwards travels back.
    """

    def __init__(self, notebooks: NotebookNames, relay: AsksThem | None = None) -> None:
        self._notebooks = notebooks
        self._relay = relay
        drawn = np.random.default_rng(np.random.randint(1 << 31))  # repeatable, as all draws are
        self._kept: dict[int, Any] = {RANDOM: np.random, GENERATOR: drawn}
        self._count = 0

    def perform(self, request: Perform, block: memoryview, packer: Packer) -> CallbackAnswer:
        """Run one part. Raises what it raises, and `NotPlainError` for what cannot travel."""
        keeps = request.part.keeps
        for number in request.dropped:
            if number > 0:
                self._kept.pop(number, None)
        known = TheirObjects(self._kept, self._relay) if self._relay else self._kept
        args = [unpack(value, block, known) for value in request.args]
        kwargs = {name: unpack(value, block, known) for name, value in request.kwargs.items()}
        state = {name: unpack(value, block, self._kept) for name, value in request.state.items()}
        owner, function = self._find(request.part)
        pack = _PartPacker(packer, self._keep)
        if request.part.kind == "method":
            return _on_a_shadow(owner, state, lambda it: function(it, *args, **kwargs), pack, keeps)
        if request.part.kind == "glue":
            function = self._with_theirs(function, request.part)
        return CallbackAnswer(pack.result(function(*args, **kwargs), keeps))

    def _with_theirs(self, function: FunctionType, part: CoursePart) -> FunctionType:
        """The function, with names that mean what they mean in the student's module."""
        assert self._relay is not None
        names = dict(function.__globals__)
        if part.theirs:
            module = their_module(self._relay, part.module)
            names |= {name: getattr(module, name) for name in part.theirs}
        made = FunctionType(
            function.__code__, names, function.__name__, function.__defaults__, function.__closure__
        )
        made.__kwdefaults__ = function.__kwdefaults__
        return made

    def _find(self, part: CoursePart) -> tuple[Any, FunctionType]:
        """A part and the class that it belongs to, if it does."""
        if part.notebook:
            owner, found = None, self._notebooks.names(part.module)
        else:
            owner, found = None, importlib.import_module(part.module)
        for name in part.name.split("."):
            owner, found = found, getattr(found, name)
        return owner, found

    def _keep(self, value: object) -> Reference:
        self._count += 1
        self._kept[self._count] = value
        return Reference(self._count)


def _on_a_shadow(
    owner: type,
    state: Mapping[str, Any],
    run: Callable[[object], Any],
    pack: _PartPacker,
    keeps: tuple[int | str, ...],
) -> CallbackAnswer:
    """Run a method on an object with the attributes of the student's, and send back what it set."""
    shadow: Any = object.__new__(owner)
    vars(shadow).update(state)
    before = {name: _snapshot(value) for name, value in state.items()}
    result = run(shadow)
    changed = dict(_changed(vars(shadow), before))
    return CallbackAnswer(pack.result(result, ()), pack.updates(changed, keeps))


class _PartPacker:
    """Packs what a part gave; what is kept, or is not plain, travels as its number."""

    def __init__(self, packer: Packer, keep: Callable[[object], Reference]) -> None:
        self._packer = packer
        self._keep = keep

    def result(self, result: Any, keeps: tuple[int | str, ...]) -> Value:
        if not keeps:
            return self._packer.value(result)
        items = [
            self._keep(item) if place in keeps else self._packer.value(item)
            for place, item in enumerate(result)
        ]
        return Items("tuple", items)

    def updates(self, changed: Mapping[str, Any], keeps: tuple[int | str, ...]) -> dict[str, Value]:
        return {
            name: self._keep(value) if name in keeps else self._plain(value)
            for name, value in changed.items()
        }

    def _plain(self, value: object) -> Value:
        try:
            return self._packer.value(value)
        except NotPlainError:
            return self._keep(value)


def _snapshot(value: Any) -> tuple[Any, dict[Any, Any]]:
    return value, dict(value) if isinstance(value, dict) else {}


def _changed(
    after: Mapping[str, Any], before: Mapping[str, tuple[Any, dict[Any, Any]]]
) -> Iterator[tuple[str, Any]]:
    """The attributes that are new or other objects, and of dictionaries the entries that are."""
    for name, value in after.items():
        if name not in before or before[name][0] is not value:
            yield name, value
        elif isinstance(value, dict):
            entries = {
                key: entry for key, entry in value.items() if before[name][1].get(key) is not entry
            }
            if entries:
                yield name, entries
