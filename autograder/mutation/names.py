"""Rewrites of names: a similar one, a fixed value for an argument, a global in its place."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator

from .code import Code, FunctionNode, Rewrite

ALIKE = 0.6
MOST = 3


def wrong_names(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """A variable that is called nearly the same, or another parameter."""
    match node:
        case ast.Name(name, ast.Load()) if not _is_called(code, node):
            for other in _similar(name, _in_scope(code, node)):
                yield code.instead("wrong name", node, other)
        case ast.Attribute(ast.Name("self"), name, ast.Load()) if not _is_called(code, node):
            for other in _similar(name, _attributes(code, node)):
                yield code.instead("wrong name", node, f"self.{other}")
        case ast.Subscript(_, ast.Constant(str(key)) as constant):
            for other in _similar(key, _keys(code, node)):
                yield code.instead("wrong name", constant, f'"{other}"')


def fixed_arguments(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """The default of a parameter, or 1, wherever the function reads that parameter."""
    match node:
        case ast.Name(name, ast.Load()):
            function = code.function(node)
            if function and name in _parameters(function):
                for value in _fixed(code, function, name):
                    yield code.instead("argument ignored", node, value)
        case ast.Attribute(ast.Name("self"), name, ast.Load()):
            if (made := _initialiser(code, node)) and name in _parameters(made):
                for value in _fixed(code, made, name):
                    yield code.instead("argument ignored", node, value)


def globals_for_arguments(code: Code, node: ast.AST) -> Iterator[Rewrite]:
    """The module's own variable of that name in place of a parameter."""
    match node:
        case ast.Name(name, ast.Load()):
            function = code.function(node)
            if function and name in _parameters(function) and name not in {"self", "cls"}:
                yield code.instead("argument ignored", node, f'globals()["{name}"]')


def _fixed(code: Code, function: FunctionNode, name: str) -> Iterator[str]:
    """The default, and 1 where the default is another number or there is none."""
    default = _defaults(function).get(name)
    if default is None:
        yield "1"
        return
    if not (isinstance(default, ast.Constant) and default.value is None):
        yield code.of(default)
    if isinstance(default, ast.Constant) and default.value in (None, 0, False):
        yield "1"


def _defaults(function: FunctionNode) -> dict[str, ast.expr]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    found = dict(zip((a.arg for a in reversed(positional)), reversed(arguments.defaults)))  # noqa: B905
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            found[argument.arg] = default
    return found


def _parameters(function: FunctionNode) -> list[str]:
    arguments = function.args
    names = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [argument.arg for argument in names if argument.arg not in {"self", "cls"}]


def _initialiser(code: Code, node: ast.AST) -> FunctionNode | None:
    around = next((above for above in code.above(node) if isinstance(above, ast.ClassDef)), None)
    for made in around.body if around else ():
        if isinstance(made, ast.FunctionDef) and made.name == "__init__":
            return made
    return None


def _in_scope(code: Code, node: ast.AST) -> tuple[set[str], set[str]]:
    """The names that are bound around a node, and among them the parameters."""
    around = code.function(node)
    within: ast.AST = around or code.tree
    bound = {
        found.id
        for found in ast.walk(within)
        if isinstance(found, ast.Name) and isinstance(found.ctx, ast.Store)
    }
    parameters = set(_parameters(around)) if around else set()
    return bound | parameters, parameters


def _attributes(code: Code, node: ast.AST) -> tuple[set[str], set[str]]:
    around = next((above for above in code.above(node) if isinstance(above, ast.ClassDef)), None)
    found = {
        one.attr
        for one in (ast.walk(around) if around else ())
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.value.id == "self"
        and isinstance(one.ctx, ast.Store)
    }
    return found, set()


def _keys(code: Code, node: ast.AST) -> tuple[set[str], set[str]]:
    within: ast.AST = code.function(node) or code.tree
    found = {
        one.slice.value
        for one in ast.walk(within)
        if isinstance(one, ast.Subscript)
        and isinstance(one.slice, ast.Constant)
        and isinstance(one.slice.value, str)
    }
    return found, set()


def _similar(name: str, scope: tuple[set[str], set[str]]) -> list[str]:
    """The names most like this one; parameters of one function are alike."""
    names, parameters = scope
    others = sorted(names - {name, "_"}, key=lambda other: (-_alike(name, other), other))
    both = name in parameters
    return [
        other for other in others if _alike(name, other) >= ALIKE or (both and other in parameters)
    ][:MOST]


def _alike(name: str, other: str) -> float:
    if re.sub(r"\d", "", name).lower() == re.sub(r"\d", "", other).lower():
        return 1.0
    return difflib.SequenceMatcher(None, name, other).ratio()


def _is_called(code: Code, node: ast.AST) -> bool:
    around = code.parents.get(node)
    return isinstance(around, ast.Call) and around.func is node


NAMES = (wrong_names, fixed_arguments, globals_for_arguments)
