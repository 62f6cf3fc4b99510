"""An answer in words that stands beside its cell: in a new cell, or in one of another type."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from autograder.judging.attempts import MAX_SOURCE, NotebookCell, all_cells
from autograder.syntax import parse


def nearby_text(notebook: bytes, release: bytes, id: str) -> str:
    """What a student wrote right below the cell of a written answer, or else right above it.

    Cells up to the next released one count. A cell of code counts where it is no Python, or
    nothing but comments and text, for that is what a new cell is where nobody changes its type.

    Parameters
    ----------
    id : nbgrader's id of the cell, which is as it was handed out.
    """
    cells = list(all_cells(notebook))
    places = [place for place, cell in enumerate(cells) if cell.id == id]
    if not places:
        return ""
    released = list(all_cells(release))
    known = {_plain(cell.source) for cell in released}
    lines = {line.strip() for cell in released for line in cell.source.splitlines()}
    below, above = cells[places[-1] + 1 :], cells[: places[-1]][::-1]
    return _text(_until(below, known), lines) or _text(_until(above, known)[::-1], lines)


def _until(cells: Iterable[NotebookCell], known: set[str]) -> list[NotebookCell]:
    """The cells before the first that was handed out."""
    found = []
    for cell in cells:
        if _plain(cell.source) in known:
            break
        found.append(cell)
    return found


def _text(cells: Sequence[NotebookCell], released: set[str]) -> str:
    """The words in cells, without lines that were handed out."""
    texts = [_words(cell) for cell in cells]
    own = (line for text in texts for line in (*text.splitlines(), ""))
    return "\n".join(line for line in own if line.strip() not in released - {""}).strip()


def _words(cell: NotebookCell) -> str:
    if cell.kind != "code":
        return cell.source
    if len(cell.source) > MAX_SOURCE:
        return ""
    try:
        tree = parse(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return cell.source
    if all(map(_is_text, tree.body)):
        return "\n".join(
            line.strip().lstrip("#").strip(" \"'") for line in cell.source.splitlines()
        )
    return ""


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and (
        isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    )


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
