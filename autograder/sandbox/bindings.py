"""Where the student's code binds a part: the names and classes that a stand-in has to reach."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from .messages import CoursePart


@dataclass(frozen=True)
class Binding:
    """Where a part is bound; `own` says whether it is no inherited one."""

    get: Callable[[], Any]
    put: Callable[[Any], None]
    own: bool


def binding_of(part: CoursePart, spaces: Mapping[str, dict[str, Any]]) -> Binding | None:
    """Where a part is, or would be if the student had written it."""
    *classes, name = part.name.split(".")
    holder: Any = None
    if part.notebook:
        space = spaces.get(part.module)
        if space is None:
            return None
        if not classes:
            return Binding(lambda: space.get(name), lambda new: space.update({name: new}), True)
        holder = space.get(classes.pop(0))
    else:
        try:
            holder = importlib.import_module(part.module)
        except BaseException:  # a student's module may raise anything
            return None
    for inner in classes:
        holder = getattr(holder, inner, None)
    if holder is None:
        return None
    owned = name in getattr(holder, "__dict__", {})
    return Binding(
        lambda: vars(holder).get(name, getattr(holder, name, None)),
        lambda new: setattr(holder, name, new),
        owned,
    )


def shared(functions: Sequence[object]) -> set[int]:
    """Those functions that more than one class has as its own: only one of them is meant."""
    wanted = {id(function): 0 for function in functions if isinstance(function, FunctionType)}
    classes = {
        value
        for module in list(sys.modules.values())
        if is_theirs(module)
        for value in list(vars(module).values())
        if isinstance(value, type)
    }
    for one in classes:
        for member in list(vars(one).values()):
            if id(member) in wanted:
                wanted[id(member)] += 1
    return {function for function, count in wanted.items() if count > 1}


def is_theirs(module: object) -> bool:
    """Whether a module was imported from the working folder."""
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and file.startswith(sys.path[0] + "/")
