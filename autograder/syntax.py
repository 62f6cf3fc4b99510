"""Python sources as syntax trees, also from several threads at once. Runs none of them."""

from __future__ import annotations

import ast
import threading

# CPython 3.11 counts the depth of all trees under construction together, so that two threads
# which build trees at one time can end with "AST constructor recursion depth mismatch".
_ONE_AT_A_TIME = threading.Lock()


def parse(source: str) -> ast.Module:
    """The syntax tree of a source.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError : as `ast.parse` does.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(source)
