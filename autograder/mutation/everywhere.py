"""One mistake at every place where it can be made: what a loop does wrong is wrong in each round.

A reference that writes its layers out has the place several times, a student's loop has it once.
So the same edit is made at all places of one form, and an argument is changed wherever it is read.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TypeGuard

from .code import Code, FunctionNode, Rewrite
from .mutants import OF_STUDENTS, CodeMutant, mutants_by, rewrites_of
from .told import told

MOST_PLACES = 8
# What one line of a loop does wrong in every round.
_REPEATED = frozenset(
    {
        "sign", "operator", "missing term", "transpose", "number", "wrong axis", "dropped call",
        "dropped argument", "similar function", "clipped",
    }
)  # fmt: skip
# Arguments that are whole numbers, names or settings: nobody scales them.
_NOT_SCALED = frozenset({"seed", "sizes", "labels", "label", "k", "count", "shape", "name", "path"})
_NAMES = re.compile(r"(?:id|arg|value|attr)='[^']*'")

_Place = tuple[ast.AST, Rewrite]
# What is computed, and how it is written in a sentence.
_CHANGES = (
    ("(2 * {})", "2 * {}"),
    ("({} / 2)", "{} / 2"),
    ("({} ** 2)", "{} ** 2"),
    ("np.sqrt({})", "sqrt({})"),
    ("({} / 255)", "{} / 255"),
    ("(-{})", "-{}"),
    ("(1 / {})", "1 / {}"),
    ("np.abs({})", "abs({})"),
    ("({} - np.mean({}, axis=0))", "{} - mean({})"),
    ("(({} - np.mean({})) / np.std({}))", "({} - mean({})) / std({})"),
    ("(({} - np.mean({}, axis=0)) / np.std({}, axis=0))", "({} - mean({})) / std({})"),
)
_OF_LABELS = (("({} - 1)", "{} - 1"), ("({} + 1)", "{} + 1"))
_LABELS = frozenset({"y", "label", "labels"})
_PREDICTED = "The predicted classes are used where `{}` belongs."
_BY_LENGTH = (("({} / len({}))", "{} / len({})"), ("({} * len({}))", "{} * len({})"))
# Of the answer, for what was written may be something else that comes to the same.
_ANSWER = "This is the answer with `{}` in place of `{}`."


def mutants_everywhere(text: str, *, path: str, lines: Collection[int]) -> tuple[CodeMutant, ...]:
    """The mutants that have one mistake at several places of one function, in order of line.

    Parameters
    ----------
    text, path, lines : as for `mutants_of`.

    Raises
    ------
    SyntaxError : the source cannot be parsed.
    """
    code = Code(text)
    return mutants_by(code, (*_changed_arguments(code, lines), *_repeated(code, lines)), path=path)


def _changed_arguments(code: Code, lines: Collection[int]) -> Iterator[_Place]:
    """What a function reads, changed wherever it reads it."""
    for function in code.nodes():
        if isinstance(function, FunctionNode) and function.lineno in lines:
            for name, places in _read(function).items():
                shown = name.removeprefix("self.")
                for text, said in _texts(function, name, shown):
                    changes = [code.instead("number", place, text, detail=said) for place in places]
                    yield from _joined(code, places[0], changes)
            yield from _changed_labels(code, function)


def _changed_labels(code: Code, function: FunctionNode) -> Iterator[_Place]:
    """Labels that are counted from 1, and predictions in the place of labels, also only once."""
    arguments = [one.arg for one in function.args.args if one.arg != "self"]
    for name in _LABELS.intersection(arguments):
        places = [one for one in ast.walk(function) if _is_read(one, name)]
        for text, formula in _OF_LABELS:
            said = _ANSWER.format(formula.format(name), name)
            changes = [
                code.instead("number", one, text.format(name), detail=said) for one in places
            ]
            yield from _joined(code, function, changes)
        predicted = f"{arguments[0]}.argmax(axis=1)"
        for one in places if arguments[0] != name else ():
            said = _PREDICTED.format(name)
            yield one, code.instead("wrong name", one, predicted, detail=said)


def _is_read(node: ast.AST, name: str) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


def _texts(function: FunctionNode, name: str, shown: str) -> Iterator[tuple[str, str]]:
    for text, formula in _CHANGES:
        said = _ANSWER.format(formula.replace("{}", shown), shown)
        yield text.replace("{}", name), said
    arguments = [one.arg for one in function.args.args if one.arg != "self"]
    for text, formula in _BY_LENGTH if arguments else ():
        said = _ANSWER.format(formula.format(shown, arguments[0]), shown)
        yield text.format(name, arguments[0]), said


def _read(function: FunctionNode) -> dict[str, list[ast.expr]]:
    """Where the arguments of a function, and the attributes of its object, stand in arithmetic."""
    arguments = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
    arguments -= {"self", *_NOT_SCALED}
    found: defaultdict[str, list[ast.expr]] = defaultdict(list)
    for above in ast.walk(function):
        for node in ast.iter_child_nodes(above):
            match node:
                case ast.Name(name, ast.Load()) if name in arguments and _is_value(above, node):
                    found[name].append(node)
                case ast.Attribute(ast.Name("self"), name, ast.Load()) if isinstance(
                    above, ast.BinOp
                ):
                    found[f"self.{name}"].append(node)
    return found


def _is_value(above: ast.AST, node: ast.Name) -> bool:
    """Whether an argument is used as numbers here, not for its shape, its length or its entries."""
    match above:
        case ast.Call(ast.Name("len" | "range")) | ast.Attribute(_, "shape" | "ndim" | "dtype"):
            return False
        case ast.Subscript(_, index) if index is node:
            return False
        case ast.Compare() | ast.Tuple() | ast.keyword():
            return False
    return True


def _repeated(code: Code, lines: Collection[int]) -> Iterator[_Place]:
    """The same edit at all places of one form in a function."""
    places: defaultdict[tuple[object, ...], list[_Place]] = defaultdict(list)
    for node, rewriter, number, rewrite in rewrites_of(code, lines, OF_STUDENTS):
        function = code.function(node)
        if function is not None and rewrite.kind in _REPEATED:
            form = _NAMES.sub("_", ast.dump(node))
            places[function, rewriter, number, rewrite.kind, form].append((node, rewrite))
    for same in places.values():
        if 2 <= len(same) <= MOST_PLACES:
            said = _shared([rewrite.detail or told(code, node, rewrite) for node, rewrite in same])
            yield from _joined(code, same[0][0], [rewrite for _, rewrite in same], detail=said)


def _shared(sentences: Sequence[str]) -> str:
    """What is true of every place: the sentence, or what stands before the names of terms."""
    if len(set(sentences)) == 1:
        return sentences[0]
    before = {sentence.partition(":")[0] for sentence in sentences}
    return f"{before.pop()}." if len(before) == 1 and all(":" in one for one in sentences) else ""


def _joined(
    code: Code, node: ast.AST, rewrites: Sequence[Rewrite], *, detail: str = ""
) -> Iterator[_Place]:
    """Several rewrites as one; nothing where two of them overlap."""
    ordered = sorted(rewrites, key=lambda one: one.start)
    if not ordered or any(one.end > other.start for one, other in pairwise(ordered)):
        return
    start, end = ordered[0].start, ordered[-1].end
    text, place = "", start
    for one in ordered:
        text += code.text[place : one.start] + one.text
        place = one.end
    said = detail or ordered[0].detail
    yield node, Rewrite(kind=ordered[0].kind, start=start, end=end, text=text, detail=said)
