"""Names of a student's own: with P = AᵀA beside the answer, P is read as AᵀA. Knows no values.

A name of the question, of its answer or of an index is never one. Each own name stands for its
expression, so that nothing is judged but symbols of the question; what cannot be read, goes round
in a circle or is given twice is refused where the answer uses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .called_names import FUNCTIONS
from .clauses import Definition, defined
from .commands import tokenize
from .declarations import ONE_BY_ONE, Declarations, signature
from .errors import MathematicsError
from .labels import is_label
from .markdown import passages
from .naming import named
from .own_values import OwnName, names_in, resolved, with_names
from .scripts import INVERSES, TRANSPOSES, script_texts
from .spoken import WORDS
from .statements import Formula, Segment
from .tokens import Token

PAIR = 2
MOST = 20  # own names in a cell
RESERVED = {"pi", "d", "T", *FUNCTIONS}
MARKS = ("$", "\\[", "\\(", "`", "\\begin")


@dataclass(frozen=True)
class Own:
    """A cell without the formulas that only give own names, and the question with those names."""

    cell: str
    declared: Declarations


def own(cell: str, declared: Declarations) -> Own:
    """The names that a cell gives and uses; the cell and the question as they are without any."""
    if not any(
        sign in cell for sign in ("=", "≔", "≜", "colon", " is ", " be ", " are ", " first ")
    ):
        return Own(cell, declared)
    names = _used(cell, _candidates(cell, declared), declared)
    if not names:
        return Own(cell, declared)
    return Own(_without(cell, names), resolved(names, declared))


def _candidates(cell: str, declared: Declarations) -> dict[str, OwnName]:
    found: dict[str, OwnName] = {}
    below = set(_below(cell))
    for one in defined(cell):
        tokens = _tokens(one.name)
        tokens, one = _as_diagonal(*_as_inverse(tokens, one), declared)
        name = _name(tokens)
        power = name == "e" and _is_raised(cell)  # e^{-z}
        if not name or name in below or power or _is_taken(tokens, name, declared):
            continue
        before = found[name].values if name in found else ()
        spelling = tuple(signature(token) for token in tokens)
        found[name] = OwnName(name, spelling, (*before, one))
    return dict(list(found.items())[:MOST])


def _as_inverse(tokens: tuple[Token, ...], one: Definition) -> tuple[tuple[Token, ...], Definition]:
    """S^{-1} = A as S = A^{-1}."""
    turned = len(tokens) > 1 and tokens[-1].kind == "sup"
    if not turned or script_texts(tokens[-1].inner) not in INVERSES:
        return tokens, one
    return tokens[:-1], replace(one, value=f"({one.value})^{{-1}}")


def _as_diagonal(
    tokens: tuple[Token, ...], one: Definition, declared: Declarations
) -> tuple[tuple[Token, ...], Definition]:
    """D_{ii} = a as D = diag(a), for a D that the question does not know."""
    script = script_texts(tokens[-1].inner) if len(tokens) == 2 and tokens[1].kind == "sub" else ()
    letters = "".join(script)
    twice = len(letters) == 2 and letters[0] == letters[1] and letters.isalpha()
    if not twice or declared.kind(tokens[0].text):
        return tokens, one
    return tokens[:1], replace(one, value=f"\\operatorname{{diag}}({one.value})")


def _tokens(text: str) -> tuple[Token, ...]:
    try:
        return tokenize(text)
    except MathematicsError:
        return ()


def _name(tokens: Sequence[Token]) -> str:
    """What a left side names: P, \\hat q, U_d, gram, K1; "" for anything else."""
    if not tokens or tokens[0].kind not in {"letter", "word"}:
        return ""
    first, rest = tokens[0], tokens[1:]
    if len(rest) == 1 and rest[0].kind == "sub":
        return "_".join([first.text, "".join(script_texts(rest[0].inner))])
    joined = all(a.end == b.start for a, b in zip(tokens, rest, strict=False))
    plain = all(t.kind == "letter" and len(t.text) == 1 for t in rest) or (
        len(rest) == 1 and rest[0].kind == "number" and rest[0].text.isdigit()
    )
    text = "".join(token.text for token in tokens)
    return text if not rest or (joined and plain and len(first.text) == 1) else ""


def _is_taken(tokens: Sequence[Token], name: str, declared: Declarations) -> bool:
    """Whether the question itself says what this name means, or it is its answer's."""
    base = tokens[0].text
    spelling = tuple(signature(token) for token in tokens)
    known = declared.kind(name) or name in declared.words or spelling in declared.spellings
    if known or name in declared.blanks or name in RESERVED or name.lower() in WORDS:
        return True
    if tokens[-1].kind == "sub" and _is_member(base, tokens[-1], declared):
        return True
    letters = [bool(declared.kind(token.text)) for token in tokens if token.kind == "letter"]
    product = len(tokens) > 1 and tokens[-1].kind != "sub"
    if len(tokens) == PAIR and base == "d" and not declared.kind("d"):
        product = False  # dh is a derivative by h
    if product and (all(letters) or (len(tokens) == 2 and any(letters))):
        return True
    label = named(tuple(tokens), declared)
    return not label or is_label(Formula("", (), declared), Segment("", tuple(label)))


def _is_member(base: str, script: Token, declared: Declarations) -> bool:
    """Whether x_i or a_{ij} is a member or an entry of something declared."""
    if base in declared.families or declared.kind(base) in {"identity", "zero", "ones"}:
        return True
    if declared.shapes.get(base) == ONE_BY_ONE:
        return False
    texts = script_texts(script.inner)
    word = any(len(text) > 1 and not text.isdigit() for text in texts)  # q_hat, x_new
    return not word and base in declared.shapes and declared.arity(base) == len(texts)


def _below(cell: str) -> Iterator[str]:
    """Every letter that stands in a subscript, and so may be an index."""
    for tokens in _formulas(cell):
        stack = list(tokens)
        while stack:
            token = stack.pop()
            stack.extend(token.inner)
            if token.kind == "sub":
                yield from script_texts(token.inner)


def _is_raised(cell: str) -> bool:
    """Whether an e stands under an exponent other than a transpose or a square."""
    small = TRANSPOSES | {("2",)}
    return any(
        one.text == "e" and script.kind == "sup" and script_texts(script.inner) not in small
        for tokens in _formulas(cell)
        for one, script in pairwise(tokens)
    )


def _formulas(cell: str) -> Iterator[tuple[Token, ...]]:
    try:
        found = passages(cell)
    except MathematicsError:
        return
    for passage in found:
        yield _tokens(passage.text)


def _used(cell: str, names: Mapping[str, OwnName], declared: Declarations) -> dict[str, OwnName]:
    """The names that stand somewhere besides where they are given."""
    if not names:
        return {}
    known = with_names(names, declared, {})
    free = dict.fromkeys(names, 0)
    for one in names.values():
        free[one.name] = -sum(value.in_formula for value in one.values)
    for tokens in _formulas(cell):
        for name in names_in(named(tokens, known), known):
            free[name] += 1
    return {name: one for name, one in names.items() if free[name] > 0}


def _without(cell: str, names: Mapping[str, OwnName]) -> str:
    """The cell without the formulas that say nothing but what an own name is."""
    spans = sorted(value.span for one in names.values() for value in one.values)
    kept = cell
    for start, end in reversed([span for span in spans if span[0] >= 0]):
        kept = kept[:start] + kept[end:]
    marked = [any(mark in text for mark in MARKS) for text in (cell, kept)]
    return kept if kept.strip() and marked[0] == marked[1] else cell
