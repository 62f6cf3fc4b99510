"""Modules of the course's own under the names that they have, for a while, in this process.

What was imported under these names before comes back at the end. Runs what it is given.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

# What only shows something: plots, and formulas as they will be read.
_SHOWING = ("matplotlib", "matplotlib.pyplot", "written")


@contextlib.contextmanager
def own_modules(folder: Path, sources: Mapping[str, bytes]) -> Iterator[None]:
    """Let imports find these sources and what lies in a folder, before all else of these names.

    Parameters
    ----------
    folder : the working folder until the end, with whatever is no source.
    sources : texts of modules, by path from the folder.
    """
    tops = {path.name.removesuffix(".py") for path in folder.iterdir()}
    tops |= {_module_of(path).partition(".")[0] for path in sources}
    others = _taken_out(tops)
    here, written, finder = os.getcwd(), sys.dont_write_bytecode, _Sources(folder, sources)
    sys.path.insert(0, str(folder))
    sys.meta_path.insert(0, finder)
    sys.dont_write_bytecode = True
    os.chdir(folder)
    try:
        importlib.invalidate_caches()
        yield
    finally:
        os.chdir(here)
        sys.dont_write_bytecode = written
        sys.meta_path.remove(finder)
        sys.path.remove(str(folder))
        _taken_out(tops)
        sys.modules.update(others)


@contextlib.contextmanager
def no_display() -> Iterator[None]:
    """Let notebooks import what shows plots and formulas; it takes seconds, and none is shown."""
    missing = {name: _Display(name) for name in _SHOWING if name not in sys.modules}
    sys.modules.update(missing)
    try:
        yield
    finally:
        for name in missing:
            sys.modules.pop(name, None)


class _Sources(MetaPathFinder, Loader):
    """Finds modules among texts by path; a text that was there before is not compiled again."""

    def __init__(self, folder: Path, sources: Mapping[str, bytes]) -> None:
        self._folder = folder
        self._paths = {_module_of(path): path for path in sources}
        self._sources = sources

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is: here, or nowhere."""
        if name not in self._paths:
            return None
        place = self._folder / self._paths[name]
        package = [str(place.parent)] if place.name == "__init__.py" else None
        return spec_from_file_location(name, place, loader=self, submodule_search_locations=package)

    def exec_module(self, module: ModuleType) -> None:
        """Run the text of a module."""
        path = self._paths[module.__name__]
        exec(_compiled(self._sources[path], str(self._folder / path)), vars(module))


class _Display(ModuleType):
    """Stands for a package that only shows something: it has every name, and each does nothing."""

    __path__: list[str] = []  # noqa: RUF012 - what makes a module a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Display(name)

    def __call__(self, *_: object, **__: object) -> _Display:
        return self

    def __getitem__(self, key: object) -> _Display:
        return self

    def __setitem__(self, key: object, value: object) -> None:
        pass


def _module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@lru_cache(maxsize=256)
def _compiled(source: bytes, place: str) -> CodeType:
    return compile(source, place, "exec")


def _taken_out(tops: set[str]) -> dict[str, ModuleType]:
    """Take the modules of these packages out of the table of modules, and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] in tops]
    return {name: sys.modules.pop(name) for name in names}
