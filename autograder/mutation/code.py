"""One source as text and tree at once: where nodes stand, and what they belong to."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from autograder.syntax import parse

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_ATOMS = (
    ast.Name,
    ast.Constant,
    ast.Call,
    ast.Attribute,
    ast.Subscript,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.ListComp,
)


@dataclass(frozen=True, kw_only=True)
class Rewrite:
    """Put `text` in the place of the characters from `start` to `end`; of what kind that is.

    `detail` is a sentence for students that says more than that of the kind.
    """

    kind: str
    start: int
    end: int
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Code:
    """A source that can be parsed; lines of IPython's magics count as comments.

    `text` is what is edited, and never changed here.
    """

    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises `SyntaxError`."""
        return parse(plain(self.text))

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        """Every node's parent."""
        nodes = ast.walk(self.tree)
        return {child: node for node in nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self.text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def offset(self, line: int, column: int) -> int:
        """The place of a character; `column` counts bytes, as `ast` does."""
        before = self._lines[line - 1].encode()[:column].decode()
        return self._line_starts[line - 1] + len(before)

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg) -> tuple[int, int]:
        """Where a node begins and ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def of(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def operand(self, node: ast.expr) -> str:
        """The text of an expression that can stand anywhere in another one."""
        return self.of(node) if isinstance(node, _ATOMS) else f"({self.of(node)})"

    def instead(
        self, kind: str, node: ast.expr | ast.stmt | ast.keyword, text: str, *, detail: str = ""
    ) -> Rewrite:
        """The rewrite that puts `text` in the place of a node."""
        start, end = self.span(node)
        return Rewrite(kind=kind, start=start, end=end, text=text, detail=detail)

    def between(self, kind: str, left: ast.expr, right: ast.expr, new: str) -> Rewrite | None:
        """The rewrite of the operator that stands between two expressions."""
        start, end = self.span(left)[1], self.span(right)[0]
        gap = self.text[start:end]
        old = gap.strip("() \n\t\\")
        if not old or "#" in old:
            return None
        place = start + gap.index(old)
        return Rewrite(kind=kind, start=place, end=place + len(old), text=new)

    def rewritten(self, rewrite: Rewrite) -> str:
        """The text after a rewrite."""
        return self.text[: rewrite.start] + rewrite.text + self.text[rewrite.end :]

    def nodes(self) -> Iterator[ast.AST]:
        """Every node whose place is known: not those inside of f-strings (before Python 3.12)."""
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            yield node
            if not isinstance(node, ast.JoinedStr):
                waiting += reversed(list(ast.iter_child_nodes(node)))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function(self, node: ast.AST) -> FunctionNode | None:
        """The innermost function around a node."""
        return next((above for above in self.above(node) if isinstance(above, FunctionNode)), None)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that a node is or stands in."""
        around = (node, *self.above(node))
        return next(above for above in around if isinstance(above, ast.stmt))

    def qualified_name(self, node: ast.AST) -> str:
        """The function that a node is or stands in, with its class; empty at the top."""
        kinds = ast.ClassDef | FunctionNode
        around = [one.name for one in (node, *self.above(node)) if isinstance(one, kinds)]
        return ".".join(reversed(around))


def plain(text: str) -> str:
    """The text with IPython's magics as comments, each character in its place."""
    lines = text.split("\n")
    return "\n".join(f"#{line[1:]}" if line.startswith(("%", "!")) else line for line in lines)
