"""The names of the course's own code: its own objects, or else the student's by proxy."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from ..values import NotPlainError
from .line import StudentLine
from .proxies import Proxy, exact_class_of, facts_of

_TYPE = type


class Owner(StrEnum):
    """Whose a name is."""

    COURSE = "course"
    STUDENT = "student"


class _TypeOfProxies(type):
    """Lets `type` in a test tell the class of what a proxy stands for."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _TYPE)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and _TYPE(args[0]) is Proxy:
            return exact_class_of(args[0]) or _asked(args[0])
        return _TYPE(*args, **kwargs)

    def __eq__(cls, other: object) -> bool:
        return other is _TYPE or other is cls

    def __hash__(cls) -> int:
        return hash(_TYPE)


class _Type(metaclass=_TypeOfProxies):
    """`type`, as tests see it."""


def _asked(proxy: Any) -> Any:
    facts = facts_of(proxy)
    facts.line.allow("type object", facts.kind)
    return facts.line.ask("attribute", facts.number, "__class__")


def _callable(value: object) -> bool:
    if _TYPE(value) is Proxy:
        return facts_of(value).what in ("function", "class")
    return callable(value)


def _issubclass(value: Any, classes: Any) -> bool:
    """Whether a class of the student's is below another, which may be a library's."""
    if _TYPE(value) is Proxy and facts_of(value).what == "class":
        facts = facts_of(value)
        known = facts.line.claims(facts.names)
        wanted: tuple[Any, ...] = classes if isinstance(classes, tuple) else (classes,)
        plain = tuple(one for one in wanted if _TYPE(one) is not Proxy and isinstance(one, _TYPE))
        if known is not None and issubclass(known, plain):
            return True
    return issubclass(value, classes)


def _globals() -> Any:
    return sys._getframe(1).f_globals


def _locals() -> Any:
    frame = sys._getframe(1)
    return frame.f_globals if frame.f_code.co_name == "<module>" else frame.f_locals


def _dir(*args: Any) -> list[str]:
    if args:
        return dir(*args)
    frame = sys._getframe(1)
    return sorted(frame.f_globals if frame.f_code.co_name == "<module>" else frame.f_locals)


_STAND_INS = {
    "type": _Type,
    "callable": _callable,
    "issubclass": _issubclass,
    "globals": _globals,
    "locals": _locals,
    "vars": lambda *args: vars(*args) if args else sys._getframe(1).f_globals,
    "dir": _dir,
}


class Space(dict[str, Any]):
    """The namespace in which locked cells and test cells run.

    Attributes
    ----------
    owners : whose each name is; one that is nobody's is asked for only where the reference
        solution needs that.
    read : names that solution and locked cells read: what tests set is set for them, too.
    mirrors : whether that is so now, which is while a test cell runs.
    """

    def __init__(self, line: StudentLine) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._line = line
        self._cache: dict[str, tuple[int, Any]] = {}
        self.owners: dict[str, Owner] = {}
        self.read: frozenset[str] = frozenset()
        self.mirrors = False

    def forget(self) -> None:
        """Ask anew for whatever is the student's."""
        self._cache.clear()

    def own(self, name: str) -> object:
        """What the course itself has under a name; None for nothing."""
        return None if self.owners.get(name) is Owner.STUDENT else dict.get(self, name)

    def give(self, names: set[str], owner: Owner) -> None:
        """Say whose some names are."""
        self.owners.update(dict.fromkeys(names, owner))

    def __getitem__(self, name: str) -> Any:
        owner = self.owners.get(name)
        if owner is not Owner.STUDENT:
            if dict.__contains__(self, name):
                return dict.__getitem__(self, name)
            if name in _STAND_INS:
                return _STAND_INS[name]
            if hasattr(builtins, name) or name.startswith("__"):
                raise KeyError(name)
        stamp, value = self._cache.get(name, (-1, None))
        if stamp != self._line.runs and _TYPE(value) is not Proxy:
            if owner is None:
                self._allow_unknown(name)
            value = self._line.ask("get", name)
            self._cache[name] = (self._line.runs, value)
        return value

    def _allow_unknown(self, name: str) -> None:
        try:
            self._line.allow(f"name:{name}", "name")
        except TypeError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, value: Any) -> None:
        if self.owners.get(name) is Owner.STUDENT and _TYPE(value) is Proxy:
            self._cache[name] = (self._line.runs, value)
        else:
            dict.__setitem__(self, name, value)
            self.owners[name] = Owner.COURSE
        if self.mirrors and name in self.read:
            try:
                self._line.ask("set", name, value)
            except (NotPlainError, TypeError):
                return  # what cannot be sent is the test's alone

    def __delitem__(self, name: str) -> None:
        if self.owners.get(name) is Owner.STUDENT:
            self._cache.pop(name, None)
            self._line.ask("delete", name)
            return
        dict.__delitem__(self, name)
        self.owners.pop(name, None)
        if self.mirrors and name in self.read:
            self._line.ask("delete", name)

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def keys(self) -> Any:
        theirs = {str(name) for name in self._line.ask("names")}
        own = {name for name in dict.keys(self) if not name.startswith("__")}
        students = {name for name, owner in self.owners.items() if owner is Owner.STUDENT}
        return own | (theirs & students)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())
