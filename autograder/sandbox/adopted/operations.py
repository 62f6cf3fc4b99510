"""What the judge can have done at the student's side, and the objects that stay there."""

from __future__ import annotations

import contextlib
import inspect
from pathlib import Path
from typing import Any

import numpy as np

from .files import MAX_FILES, listed
from .operators import OPERATORS
from .showing import show_cell

MAX_FILE = 8 << 20
COPIED = ("names", "files", "signature", "show")  # answers that are made for the question


class NoSuchName(Exception):  # noqa: N818 - becomes a reply
    """There is no such name."""


class Operations:
    """The student's names and objects, by number, and what can be done with them.

    Parameters
    ----------
    shell : in which the student's cells run.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._names: dict[str, Any] = shell.user_ns
        self._table: list[Any] = []
        self._deleted: dict[str, Any] = {}
        self._seen = listed()

    def do(self, op: str, args: list[Any]) -> Any:
        """Do what is asked. Raises whatever the student's code raises."""
        return getattr(self, f"_do_{op}")(*args)

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
