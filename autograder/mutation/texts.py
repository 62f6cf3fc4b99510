"""The texts of Python in a file: found, and put back changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class CodeText:
    """One text of Python in a file: a module, or the n-th code cell of a notebook, from 0."""

    path: str
    cell: int | None
    text: str

    @property
    def name(self) -> str:
        """How to call it: the path, with the number of the cell as people count."""
        return self.path if self.cell is None else f"{self.path}[{self.cell + 1}]"


def texts_of(path: str, content: bytes) -> Iterator[CodeText]:
    """The texts of Python in a file; none in a file of another kind."""
    if path.endswith(".py"):
        yield CodeText(path=path, cell=None, text=content.decode())
    elif path.endswith(".ipynb"):
        for number, cell in enumerate(_code_cells(json.loads(content))):
            yield CodeText(path=path, cell=number, text="".join(cell["source"]))


def with_text(content: bytes, text: CodeText, changed: str) -> bytes:
    """A file's content with another text in the place of one of its own."""
    if text.cell is None:
        return changed.encode()
    notebook = json.loads(content)
    _code_cells(notebook)[text.cell]["source"] = changed.splitlines(keepends=True)
    return json.dumps(notebook).encode()


def _code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
