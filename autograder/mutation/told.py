"""What a student may be told of a small edit: more than its kind, and never the right line.

Names that students see themselves may be said: those of arguments, of functions of NumPy and of
entries such as ``b1``.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from .code import Code, FunctionNode, Rewrite

_THINGS: Mapping[str, str] = MappingProxyType({
    "mean": "a mean", "sum": "a sum", "median": "a median", "max": "a maximum",
    "min": "a minimum", "argmax": "the place of the largest value",
    "argmin": "the place of the smallest value", "maximum": "the larger of two values",
    "minimum": "the smaller of two values", "std": "a standard deviation", "var": "a variance",
    "zeros": "zeros", "ones": "ones", "zeros_like": "zeros", "ones_like": "ones",
    "floor": "rounding down", "ceil": "rounding up", "exp": "exp(x)", "expm1": "exp(x) - 1",
    "log": "a natural logarithm", "log1p": "ln(1 + x)", "log2": "a logarithm to base 2",
    "sqrt": "a square root", "square": "a square", "cumsum": "running sums",
    "argsort": "the order of values", "sort": "sorted values", "rand": "uniform draws",
    "randn": "normal draws", "standard_normal": "normal draws", "random": "uniform draws",
})  # fmt: skip
_LEFT_OUT: Mapping[str, str] = MappingProxyType({
    "abs": "The absolute value is missing.", "exp": "An exponential is missing.",
    "log": "A logarithm is missing.", "sqrt": "A square root is missing.",
    "square": "A square is missing.", "mean": "A mean is missing.", "sum": "A sum is missing.",
    "max": "A maximum is missing.", "reversed": "The order is not reversed.",
    "reshape": "An array is not reshaped.", "transpose": "A matrix is not transposed.",
    "copy": "A copy is missing.", "clip": "Values are not limited to their range.",
})  # fmt: skip


def told(code: Code, node: ast.AST, rewrite: Rewrite) -> str:
    """A sentence about one edit, or an empty one where the kind's says as much.

    Parameters
    ----------
    node : what is rewritten.
    """
    return next(filter(None, _sentences(code, node, rewrite)), rewrite.detail)


def _sentences(code: Code, node: ast.AST, rewrite: Rewrite) -> Iterator[str]:
    if rewrite.detail:
        return
    match rewrite.kind:
        case "sign":
            yield _sign(node)
        case "operator":
            yield _operator(node)
        case "missing term":
            yield _missing(code, node, rewrite)
        case "off by one":
            yield _off_by_one(code, node)
        case "dropped argument":
            yield _argument(code, node, rewrite)
        case "dropped call" if isinstance(node, ast.Call):
            yield _LEFT_OUT.get(_name(node.func), "")
        case "similar function" if isinstance(node, ast.Call):
            yield _similar(_name(node.func), rewrite.text)
        case "wrong name":
            yield _wrong_name(code, node, rewrite)
        case "argument ignored":
            yield f"`{code.of(node).removeprefix('self.')}` is ignored, and a fixed value is used."  # type: ignore[arg-type]
        case "accumulation":
            yield _accumulation(node)
        case "loop":
            yield _loop(node, rewrite)


def _sign(node: ast.AST) -> str:
    match node:
        case ast.UnaryOp():
            return "A minus sign is missing."
        case ast.BinOp(op=ast.Add()) | ast.AugAssign(op=ast.Add()):
            return "A term is subtracted that should be added."
        case ast.BinOp(op=ast.Sub()) | ast.AugAssign(op=ast.Sub()):
            return "A term is added that should be subtracted."
    return ""


def _operator(node: ast.AST) -> str:
    match node:
        case ast.BinOp(op=ast.Mult()) | ast.AugAssign(op=ast.Mult()):
            return "It divides where it should multiply."
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return "It multiplies where it should divide."
    return ""


def _missing(code: Code, node: ast.AST, rewrite: Rewrite) -> str:
    """What is missing of `a op b`, with its name where that is an argument's."""
    if not isinstance(node, ast.BinOp):
        return ""
    left_stays = rewrite.text == code.operand(node.left)
    lost = node.right if left_stays else node.left
    match node.op:
        case ast.Pow() if isinstance(lost, ast.Constant) and lost.value in (2, 0.5):
            return "A square is missing." if lost.value == 2 else "A square root is missing."
        case ast.Pow():
            return "A power is missing."
        case ast.Div() if left_stays:
            divisor = _known(code, lost) or _computed(code, lost)
            return f"The division by {divisor} is missing.".replace("by  ", "")
        case ast.Div():
            return "Only the divisor is left of a quotient."
        case ast.Mult():
            return f"A factor is missing{_called(code, lost)}."
        case ast.Add() | ast.Sub():
            return f"A term is missing{_called(code, lost)}."
    return ""


def _called(code: Code, node: ast.expr) -> str:
    name = _known(code, node) or _computed(code, node)
    return f": {name}" if name else ""


def _known(code: Code, node: ast.expr) -> str:
    """An expression by a name that the student knows: an argument, an attribute, an entry."""
    function = code.function(node)
    arguments = function.args if function else ast.arguments([], [], None, [], [], None, [])
    parameters = {one.arg for one in (*arguments.args, *arguments.kwonlyargs)} - {"self"}
    match node:
        case ast.Name(name) if name in parameters:
            return f"`{name}`"
        case ast.Attribute(ast.Name("self"), name) if not name.startswith("_"):
            return f"`{name}`"
        case ast.Subscript(_, ast.Constant(str(key))):
            return f"`{key}`"
        case ast.Call(ast.Name("len"), [ast.Name(name)]) if name in parameters:
            return f"the length of `{name}`"
    return ""


def _computed(code: Code, node: ast.expr) -> str:
    """What an expression is by the function that computes it: a mean, a sum."""
    function = code.function(node)
    match node:
        case ast.Call(called):
            return _THINGS.get(_name(called), "")
        case ast.Name(name) if function:
            return _computed_once(function, name)
    return ""


def _computed_once(function: FunctionNode, name: str) -> str:
    """What a variable is, where one line computes it by a function with a name."""
    values = [
        one.value
        for one in ast.walk(function)
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == name
    ]
    match values:
        case [ast.Call(function_called)]:
            return _THINGS.get(_name(function_called), "")
    return ""


def _off_by_one(code: Code, node: ast.AST) -> str:
    around = [node, *code.above(node)][:4]
    for inner, outer in itertools.pairwise(around):
        match outer:
            case ast.BinOp(op=ast.Pow(), right=right) if right is inner:
                return "A power is wrong."
            case ast.keyword("axis"):
                return "A sum, a mean or a maximum runs over the wrong axis."
            case ast.Call(ast.Name("range")):
                return "A range begins or ends at the wrong number."
            case ast.Subscript(slice=index) if index is inner:
                return "An index is wrong."
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                return "A constant factor is wrong."
    return ""


def _argument(code: Code, node: ast.AST, rewrite: Rewrite) -> str:
    if not isinstance(node, ast.Call):
        return ""
    function = _name(node.func)
    for keyword in node.keywords:
        if keyword.arg and code.of(keyword) not in rewrite.text:
            if keyword.arg == "axis":
                return f"`{function}` goes over the whole array; it goes along one axis."
            return f"`{keyword.arg}` is left out in a call of `{function}`."
    return f"An argument is left out in a call of `{function}`." if function else ""


def _similar(right: str, wrong: str) -> str:
    if right in _THINGS and wrong in _THINGS:
        return f"There is {_THINGS[wrong]} where {_THINGS[right]} belongs."
    return ""


def _wrong_name(code: Code, node: ast.AST, rewrite: Rewrite) -> str:
    other = rewrite.text.removeprefix("self.").strip("\"'")
    match node:
        case ast.Subscript(_, ast.Constant(str(key))):
            return f"`{other}` stands where `{key}` belongs."
        case ast.Name(name) if _known(code, node):
            function = code.function(node)
            known = {one.arg for one in function.args.args} if function else set()
            return f"`{other}` stands where `{name}` belongs." if other in known else ""
    return ""


def _accumulation(node: ast.AST) -> str:
    match node:
        case ast.AugAssign():
            return "A value is set where it should be added."
        case ast.Assign():
            return "A value is added where it should be set."
    return ""


def _loop(node: ast.AST, rewrite: Rewrite) -> str:
    text = rewrite.text
    if text.endswith("[::-1]") or not isinstance(node, ast.For | ast.While):
        return "A loop runs in the other order." if text.endswith("[::-1]") else ""
    if text.endswith("[:1]") or text.rstrip().endswith("break"):
        return "A loop ends after its first round."
    if text.endswith("[1:]") or text.startswith("1, "):
        return "A loop leaves its first round out."
    return "A loop leaves its last round out." if text.endswith(" - 1") else ""


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
    return ""
