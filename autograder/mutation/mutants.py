"""From a source and the lines that may be wrong to all mutants of it, in order of place."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .arithmetic import ARITHMETIC
from .calls import CALLS
from .code import Code, Rewrite, plain
from .control import CONTROL
from .formulas import FORMULAS
from .kinds import KINDS
from .names import NAMES
from .state import STATE
from .students import STUDENTS
from .told import told

Rewriter = Callable[[Code, ast.AST], Iterable[Rewrite | None]]

REWRITERS: tuple[Rewriter, ...] = (*CALLS, *ARITHMETIC, *CONTROL, *STATE, *NAMES)
OF_STUDENTS: tuple[Rewriter, ...] = (*STUDENTS, *FORMULAS, *REWRITERS)


@dataclass(frozen=True, kw_only=True)
class CodeMutant:
    """One text with one small mistake in it.

    Attributes
    ----------
    id : the place and the kind, and a few digits of what was changed; stays while its line stays.
    kind : one of `KINDS`.
    path : where the text is from, as the caller says.
    line : the first line that differs, from 1.
    function : the function that it stands in, with its class; empty at the top of a module.
    before, after : the lines that differ.
    text : the whole text with the mistake in it.
    detail : a sentence for students that says more than that of the kind; empty where none does.
    """

    id: str
    kind: str
    path: str
    line: int
    function: str
    before: str
    after: str
    text: str
    detail: str = ""

    @property
    def description(self) -> str:
        """What was changed, for authors."""
        return f"{self.kind}: {_one_line(self.before)} -> {_one_line(self.after)}"

    @property
    def sentence(self) -> str:
        """What a student may read of it, which reveals no answer."""
        return self.detail or KINDS[self.kind].sentence


def mutants_of(
    text: str,
    *,
    path: str,
    lines: Collection[int] | None = None,
    rewriters: Sequence[Rewriter] = REWRITERS,
) -> tuple[CodeMutant, ...]:
    """Every mutant of a source, in order of line.

    Parameters
    ----------
    text : Python, perhaps with IPython's magics.
    path : what to call it.
    lines : the lines, from 1, in which mistakes may be made; all by default.
    rewriters : the kinds of edits; `OF_STUDENTS` are more of them.

    Raises
    ------
    SyntaxError : the source cannot be parsed.

    Examples
    --------
    >>> for mutant in mutants_of("y = x.T", path="example.py"):
    ...     print(mutant.description)
    accumulation: y = x.T -> y += x.T
    transpose: y = x.T -> y = x
    """
    code = Code(text)
    rewrites = rewrites_of(code, lines, rewriters)
    return mutants_by(code, ((node, rewrite) for node, _, _, rewrite in rewrites), path=path)


def mutants_by(
    code: Code, rewrites: Iterable[tuple[ast.AST, Rewrite]], *, path: str
) -> tuple[CodeMutant, ...]:
    """The mutants that rewrites give, each with the node that it begins at, in order of line."""
    found: dict[str, CodeMutant] = {}
    for node, rewrite in rewrites:
        changed = code.rewritten(rewrite)
        if changed not in found and _differs(code, changed):
            found[changed] = _mutant(code, node, rewrite, changed, path)
    return tuple(sorted(_with_ids(found.values()), key=lambda mutant: (mutant.line, mutant.id)))


def rewrites_of(
    code: Code, lines: Collection[int] | None, rewriters: Sequence[Rewriter]
) -> Iterator[tuple[ast.AST, int, int, Rewrite]]:
    """Every rewrite: its node, the number of its rewriter, and its number among that one's."""
    for node in code.nodes():
        line = getattr(node, "lineno", None)
        if line is None or (lines is not None and line not in lines) or _is_text(code, node):
            continue
        for which, rewriter in enumerate(rewriters):
            for number, rewrite in enumerate(rewriter(code, node)):
                if rewrite is not None:
                    yield node, which, number, rewrite


def _is_text(code: Code, node: ast.AST) -> bool:
    """Whether a node is a docstring, an annotation, or says something to people."""
    around = (node, *code.above(node))
    return any(
        isinstance(one, ast.Raise | ast.Import | ast.ImportFrom) and one is not node
        for one in around
    )


def _differs(code: Code, changed: str) -> bool:
    """Whether a text can be parsed and is not the same program."""
    try:
        tree = Code(changed).tree
    except (SyntaxError, ValueError):
        return False
    return ast.dump(tree) != ast.dump(code.tree)


def _mutant(code: Code, node: ast.AST, rewrite: Rewrite, changed: str, path: str) -> CodeMutant:
    first, before, after = _difference(code.text, changed)
    return CodeMutant(
        id="",
        kind=rewrite.kind,
        path=path,
        line=first,
        function=code.qualified_name(node),
        before=before,
        after=after,
        text=changed,
        detail=told(code, node, rewrite),
    )


def _difference(old: str, new: str) -> tuple[int, str, str]:
    """The first line that differs, and the lines that differ on either side."""
    left, right = old.split("\n"), new.split("\n")
    start = next(n for n, (a, b) in enumerate(zip([*left, None], [*right, None])) if a != b)  # noqa: B905
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    return (
        start + 1,
        "\n".join(left[start : len(left) - end]),
        "\n".join(right[start : len(right) - end]),
    )


def _with_ids(mutants: Iterable[CodeMutant]) -> Iterator[CodeMutant]:
    """The mutants with ids that depend on what is changed, not on where in the file that is."""
    seen: dict[str, int] = {}
    for one in mutants:
        place = one.function or "module"
        content = "\0".join((one.path, place, one.kind, one.before.strip(), one.after.strip()))
        number = seen[content] = seen.get(content, 0) + 1
        digest = hashlib.blake2b(f"{content}\0{number}".encode(), digest_size=3).hexdigest()
        id = f"{one.path}:{place}:{one.kind.replace(' ', '-')}:{digest}"
        yield CodeMutant(**{**vars(one), "id": id})


def _one_line(text: str) -> str:
    return " ".join(text.split())


__all__ = ["CodeMutant", "mutants_by", "mutants_of", "plain", "rewrites_of"]
