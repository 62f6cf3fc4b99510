"""What the grader understood of an answer, for the student: typeset, with shapes, form checked.

Runs in the student's notebook. Knows the question's declarations, never its reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import nodes as n
from .allowed import check_allowed
from .chosen import chosen_text
from .declarations import Declarations, Regime, latex_name
from .declare import declarations
from .end_numbers import with_numbers
from .errors import MathematicsError
from .intervals import interval
from .orders import order
from .plain_text import plain_text
from .render import latex
from .replies import reply
from .selections import selection
from .shapes import Elaborated, blank_shape, fitted
from .sizes import Shape, described

LISTED = {"choice", "order"}


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form of an answer: whether it reads and fits, and how it was read.

    `fits` says nothing about whether the answer is right. `symbols` holds (LaTeX, shape) of every
    symbol used.
    """

    fits: bool
    understood: str = ""
    shape: str = ""
    symbols: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    place: str = ""
    help: str = ""
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"Read as: {self.understood}" if self.understood else ""
        shape = f"Shape: {self.shape}" if self.shape else ""
        used = ", ".join(f"{name}: {size}" for name, size in self.symbols)
        place = f"Here: {self.place}" if self.place else ""
        lines = [head, shape, f"With {used}" if used else "", self.problem, place, self.help]
        return "\n".join(line for line in [*lines, *self.notes] if line)

    def _repr_markdown_(self) -> str:
        head = f"$$\\displaystyle {self.understood}$$\n\n" if self.understood else ""
        shape = f"Shape: {self.shape}.\n\n" if self.shape else ""
        used = ", ".join(f"${name}$: {size}" for name, size in self.symbols)
        said = " ".join(_escaped(line) for line in (self.problem, self.help, *self.notes) if line)
        place = f"\n\n`{self.place.replace('`', ' ')}`" if self.place else ""
        return f"{head}{shape}{used}\n\n{said}{place}".strip()


def show(answer: str, declared: Mapping[str, Any]) -> Form:
    """Check the form of an answer; `declared` is what `specification.public` wrote.

    Never raises for anything that a student can write, and never says whether the answer is right.

    >>> print(show("x y", {"symbols": {"x": {"shape": ["3"]}, "y": {"shape": ["3"]}}}).problem)
    x is 3×1 and y is 3×1; their product needs 1 = 3.
    """
    known = declarations(declared)
    kind = declared.get("answer", {}).get("kind", "expression")
    try:
        if kind == "interval":
            return _interval(answer, known, declared)
        if kind in LISTED:
            return _names(answer, declared)
        read = reply(answer, known, kind)
        found = read.found
        form = _objective(found[""], known) if kind == "objective" else _form(found, known)
        return replace(form, notes=(*read.notes, *form.notes))
    except MathematicsError as error:
        return _problem(error, answer, known)
    except (RecursionError, ArithmeticError, ValueError, LookupError, TypeError) as error:
        return Form(
            fits=False,
            problem=f"This could not be read ({type(error).__name__}).",
            help="Keep only the final formula, as in w = X^T y.",
        )


def _problem(error: MathematicsError, answer: str, known: Declarations) -> Form:
    try:
        source = chosen_text(answer, known)
    except MathematicsError:
        source = answer
    return Form(fits=False, problem=error.message, place=error.place(source), help=error.help)


def _objective(node: n.Node, known: Declarations) -> Form:
    """The form of an objective, with the arg min before it or the remark that there is none."""
    if isinstance(node, n.Extremum):
        return replace(_form({"": node.body}, known), understood=latex(node))
    form = _form({"": node}, known)
    note = "No arg min or arg max stands before it, so the question says which one is meant."
    return replace(form, notes=(*form.notes, note))


def _interval(answer: str, known: Declarations, declared: Mapping[str, Any]) -> Form:
    read = interval(answer, with_numbers(known, declared.get("symbols", {}), 0))
    low, high = read.ends()
    left, right = "[" if read.low_closed else "(", "]" if read.high_closed else ")"
    ends = f"{low},\\; {high}".replace("∞", "\\infty")
    said = [
        f"{plain_text(end)} {'belongs' if closed else 'does not belong'} to it."
        for end, closed in ((low, read.low_closed), (high, read.high_closed))
        if "∞" not in end
    ]
    return Form(fits=True, understood=f"\\left{left}{ends}\\right{right}", notes=tuple(said))


def _names(answer: str, declared: Mapping[str, Any]) -> Form:
    """The order of lines, or the choices, as they were read."""
    given = declared.get("answer", {})
    if given["kind"] == "order":
        names = declared.get("lines") or [line["id"] for line in declared["proof"]["lines"]]
        read = order(answer, names)
        note = f"{len(read)} of {len(names)} lines, {read[0]} first and {read[-1]} last."
    else:
        read = tuple(sorted(selection(answer, given.get("choices", ()))))
        note = "1 choice." if len(read) == 1 else f"{len(read)} choices."
    names_shown = ",\\ ".join(f"\\text{{{name}}}" for name in read)
    return Form(fits=True, understood=names_shown, notes=(note,))


def _form(found: Mapping[str, n.Node], known: Declarations) -> Form:
    texts: list[str] = []
    shapes: list[str] = []
    notes: list[str] = []
    for name, node in found.items():
        check_allowed(node, known)
        fit = _fit_somewhere(node, known, name)
        texts.append(f"{known.latex[name]} = {latex(node)}" if name else latex(node))
        shapes.append(described(fit.shape))
        notes.extend(fit.notes)
    return Form(
        fits=True,
        understood=",\\quad ".join(texts),
        shape=", ".join(shapes),
        symbols=tuple(_symbols(found, known)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _fit_somewhere(node: n.Node, known: Declarations, blank: str) -> Elaborated:
    """Fit in the first regime in which the shapes fit; raise what is wrong in the first one."""
    errors: list[MathematicsError] = []
    for regime in known.regimes:
        try:
            return fitted(node, known, regime, expected=_expected(known, regime, blank))
        except MathematicsError as error:
            errors.append(error)
    raise errors[0]


def _expected(known: Declarations, regime: Regime, blank: str) -> Shape | None:
    if blank:
        return blank_shape(known, blank, regime)
    if known.shape is None:
        return None
    return Shape(*(known.size(size, regime) for size in known.shape))


def _symbols(found: Mapping[str, n.Node], known: Declarations) -> list[tuple[str, str]]:
    used: dict[str, str] = {}
    for node in found.values():
        for part in n.walk(node):
            if isinstance(part, (n.Symbol, n.Element)) and part.name in known.shapes:
                shape = known.symbol_shape(part.name, known.regimes[0])
                used[latex_name(part.name)] = str(shape)
    return sorted(used.items())


def _escaped(text: str) -> str:
    for old, new in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(old, new)
    return text
