"""Runs the cells of a student's notebooks with IPython: magics work, nothing waits for a person."""

from __future__ import annotations

import builtins
import os
from typing import Any, NoReturn

from .excerpt import raised
from .messages import Done, Reply

NO_INPUT = "input() has nobody to ask while a submission is graded; write the value into the cell"


class Notebooks:
    """The namespaces of a submission's notebooks, each with an IPython shell of its own."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._shells: dict[str, Any] = {}

    def run(self, notebook: str, source: str) -> Reply:
        """Run one cell; an exception in it is reported and ends only that cell."""
        result = self.shell(notebook).run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        return Done() if error is None else raised(error, self._folder)

    def names(self, notebook: str) -> Names:
        """What a notebook's cells have defined; nothing if none has run."""
        shell = self._shells.get(notebook)
        return Names({} if shell is None else shell.user_ns)

    @property
    def spaces(self) -> dict[str, dict[str, Any]]:
        """The namespaces themselves, of the notebooks of which a cell has run."""
        return {name: shell.user_ns for name, shell in self._shells.items()}

    def shell(self, notebook: str) -> Any:
        """The shell that runs a notebook's cells."""
        if notebook not in self._shells:
            self._shells[notebook] = _prepared.pop() if _prepared else _new_shell()
        return self._shells[notebook]


class Names:
    """The names of a notebook, as attributes."""

    __slots__ = ("_names",)
    _names: dict[str, Any]

    def __init__(self, names: dict[str, Any]) -> None:
        object.__setattr__(self, "_names", names)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._names[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: object) -> None:
        self._names[name] = value


_prepared: list[Any] = []


def prepare_shell() -> None:
    """Make the shell of the first notebook now, before it is known whose it will be."""
    shell = _new_shell()
    shell.run_cell("", store_history=False)
    _prepared.append(shell)


def _new_shell() -> Any:
    os.environ.setdefault("MPLBACKEND", "agg")
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    InteractiveShell.clear_instance()
    shell: Any = InteractiveShell.instance(config=config)
    shell.showtraceback = _ignore
    shell.showsyntaxerror = _ignore
    shell.register_magic_function(_ignore, "line", "matplotlib")
    builtins.input = _refuse_input
    return shell


def _ignore(*_: object, **__: object) -> None:
    """Stand in for what only a person at a screen would want."""


def _refuse_input(*_: object) -> NoReturn:
    raise RuntimeError(NO_INPUT)
