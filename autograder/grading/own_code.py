"""The student's own lines that a finding is about: where it raised, or what the check asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.exhibit import MAX_LINES, OwnCode
from autograder.judging.attempts import MAX_SOURCE, code_cells, places_of_parts
from autograder.sandbox.messages import Raised
from autograder.syntax import parse

MAX_WIDTH = 240  # characters of a line
SHORT_DOCSTRING = 3  # lines; a longer one says what was handed out, and is left out
NEAR = 4  # lines around one that stands in no function


@dataclass(frozen=True)
class OwnSource:
    """Python as it was handed in: a module, or a code cell by its number from 1 on."""

    path: str
    text: str
    cell: int = 0


@dataclass(frozen=True)
class Span:
    """The lines of a definition, both ends included, and its name as ``f`` or ``Class.f``.

    `said` are the first and the last line of its docstring, two zeros without one.
    """

    name: str
    first: int
    last: int
    said: tuple[int, int] = (0, 0)


def own_code(
    part: str,
    raised: Raised | None,
    called: str,
    *,
    release: Mapping[str, bytes],
    submitted: Mapping[str, bytes],
) -> OwnCode | None:
    """The lines to look at; None where none are known.

    Parameters
    ----------
    part : the id of the check, and of the gap where there is one of that name.
    raised : the exception that ended it, if one did.
    called : the function that was asked last, as ``f`` or ``Class.f``.
    release, submitted : the files that students write, as they were handed out and handed in.
    """
    sources = [one for path in sorted(submitted) for one in _sources(path, submitted[path])]
    if raised is not None and raised.line:
        for source in sources:
            if _raised_in(source, raised):
                return _around(source, raised.line)
    for path, name in _named(part, called, release):
        for source in reversed([one for one in sources if path in ("", one.path)]):
            spans = [span for span in _spans(source) if _is_called(span, name)]
            if spans:
                return _shown(source, spans[-1])
    return None


def _raised_in(source: OwnSource, raised: Raised) -> bool:
    """Whether an exception's line is one of this source's."""
    lines = source.text.splitlines()
    if not 0 < raised.line <= len(lines):
        return False
    if source.cell:
        same = lines[raised.line - 1].strip()[: len(raised.text)] == raised.text
        return raised.file == "a notebook cell" and same
    return raised.file == source.path


def _named(part: str, called: str, release: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Files and functions, the likeliest first: the part's own, and then what was called."""
    own = sorted((path, name) for path, name in places_of_parts(release).get(part, ()) if name)
    short = called.rpartition(".")[2]
    yield from (one for one in own if short and one[1].rpartition(".")[2] == short)
    yield from own
    if called:
        yield "", called


def _is_called(span: Span, name: str) -> bool:
    return span.name == name or ("." not in name and span.name.endswith(f".{name}"))


def _around(source: OwnSource, line: int) -> OwnCode:
    """The innermost definition around a line, or a few lines."""
    inside = [span for span in _spans(source) if span.first <= line <= span.last]
    if inside:
        span = min(inside, key=lambda one: one.last - one.first)
        return _shown(source, span, marked=line)
    last = len(source.text.splitlines())
    near = Span("", max(1, line - NEAR), min(last, line + NEAR))
    return _shown(source, near, marked=line)


def _shown(source: OwnSource, span: Span, *, marked: int = 0) -> OwnCode:
    """At most `MAX_LINES` of the lines, without a long docstring and with the marked line."""
    docstring = range(span.said[0], span.said[1] + 1)
    folded = len(docstring) > SHORT_DOCSTRING and marked not in docstring
    gap = docstring if folded and span.said[0] else range(0)
    numbers = [number for number in range(span.first, span.last + 1) if number not in gap]
    begin = 0
    if marked and numbers.index(marked) >= MAX_LINES:
        begin = min(numbers.index(marked) - MAX_LINES // 2, len(numbers) - MAX_LINES)
    kept = numbers[begin : begin + MAX_LINES]
    lines = source.text.splitlines()
    cut = [line if len(line) <= MAX_WIDTH else f"{line[:MAX_WIDTH]}…"
           for line in (lines[number - 1] for number in kept)]  # fmt: skip
    before = sum(number < gap.start for number in kept) if gap else 0
    return OwnCode(
        path=source.path,
        start=kept[0],
        text="\n".join(cut),
        marked=marked,
        cell=source.cell,
        more=begin + len(kept) < len(numbers),
        before_gap=before,
        gap=len(gap) if before else 0,
    )


def _sources(path: str, content: bytes) -> Iterator[OwnSource]:
    if path.endswith(".py"):
        yield OwnSource(path, content.decode("utf-8-sig", errors="replace"))
    elif path.endswith(".ipynb"):
        for number, text in enumerate(code_cells(content), start=1):
            yield OwnSource(path, text, number)


def _spans(source: OwnSource) -> list[Span]:
    """Every function and method of a source; none where it is no Python."""
    if len(source.text) > MAX_SOURCE:
        return []
    lines = source.text.splitlines()
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    try:
        return list(_found(parse(plain), ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _found(tree: ast.AST, prefix: str) -> Iterator[Span]:
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.ClassDef):
            yield from _found(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            yield Span(prefix + node.name, first, node.end_lineno or node.lineno, _docstring(node))


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
    """The first and the last line of a docstring that the body does not end with."""
    match node.body[0]:
        case ast.Expr(ast.Constant(str())) as said if len(node.body) > 1:
            return said.lineno, said.end_lineno or said.lineno
    return 0, 0
