"""Names of a student's own: with P = AᵀA beside the answer, P is read as AᵀA. Knows no values.

A name of the question, of its answer or of an index is never one. Each own name stands for its
expression, so that nothing is judged but symbols of the question; what cannot be read, goes round
in a circle or is given twice is refused where the answer uses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from . import nodes as n
from .clauses import Definition, defined
from .commands import tokenize
from .constants import same
from .declarations import ONE_BY_ONE, Declarations, signature
from .errors import Ambiguous, Implicit, MathematicsError, TooLarge, UnknownSymbol, read_from
from .labels import is_label
from .markdown import passages
from .naming import FUNCTIONS, named
from .render import plain_name
from .scripts import TRANSPOSES, script_texts
from .spoken import WORDS
from .statements import Formula, Segment, formula
from .tokens import Token

MOST = 20  # own names in a cell
MAX_PARTS = 300  # of the value of one
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
    return Own(_without(cell, names), _resolved(names, declared))


@dataclass(frozen=True)
class _Name:
    """One name with every value that it is given."""

    name: str
    spelling: tuple[str, ...]
    values: tuple[Definition, ...]


def _candidates(cell: str, declared: Declarations) -> dict[str, _Name]:
    found: dict[str, _Name] = {}
    below = set(_below(cell))
    for one in defined(cell):
        tokens = _tokens(one.name)
        name = _name(tokens)
        power = name == "e" and _is_raised(cell)  # e^{-z}
        if not name or name in below or power or _is_taken(tokens, name, declared):
            continue
        before = found[name].values if name in found else ()
        spelling = tuple(signature(token) for token in tokens)
        found[name] = _Name(name, spelling, (*before, one))
    return dict(list(found.items())[:MOST])


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


def _used(cell: str, names: Mapping[str, _Name], declared: Declarations) -> dict[str, _Name]:
    """The names that stand somewhere besides where they are given."""
    if not names:
        return {}
    known = _with_names(names, declared, {})
    free = dict.fromkeys(names, 0)
    for one in names.values():
        free[one.name] = -sum(value.in_formula for value in one.values)
    for tokens in _formulas(cell):
        for name in _names_in(named(tokens, known), known):
            free[name] += 1
    return {name: one for name, one in names.items() if free[name] > 0}


def _names_in(tokens: Sequence[Token], known: Declarations) -> Iterator[str]:
    stack = list(tokens)
    while stack:
        token = stack.pop()
        stack.extend(token.inner)
        if token.kind in {"name", "letter", "word"} and known.kind(token.text) == "own":
            yield token.text


def _with_names(
    names: Mapping[str, _Name],
    declared: Declarations,
    values: Mapping[str, n.Node | MathematicsError],
) -> Declarations:
    """The question with own names, which are known to be names; `values` says what they are."""
    held = {name: values.get(name, n.Number(0.0)) for name in names}
    spelled = {one.spelling: one.name for one in names.values()}
    spelled = {s: name for s, name in spelled.items() if len(s) > 1 or len(s[0]) > 1}
    longest = sorted([*spelled.items(), *declared.spellings.items()], key=lambda i: -len(i[0]))
    words = {name: name for name in names if name.isalnum() and name.isascii()}
    return replace(declared, own=held, spellings=dict(longest), words={**words, **declared.words})


def _without(cell: str, names: Mapping[str, _Name]) -> str:
    """The cell without the formulas that say nothing but what an own name is."""
    spans = sorted(value.span for one in names.values() for value in one.values)
    kept = cell
    for start, end in reversed([span for span in spans if span[0] >= 0]):
        kept = kept[:start] + kept[end:]
    marked = [any(mark in text for mark in MARKS) for text in (cell, kept)]
    return kept if kept.strip() and marked[0] == marked[1] else cell


def _resolved(names: Mapping[str, _Name], declared: Declarations) -> Declarations:
    """The question with the value of every name, or with what is wrong with it."""
    return _Resolver(names, declared).all()


class _Resolver:
    """Reads the values of own names, those before others that others are made of."""

    def __init__(self, names: Mapping[str, _Name], declared: Declarations) -> None:
        self.names = names
        self.declared = declared
        self.values: dict[str, n.Node | MathematicsError] = {}

    def all(self) -> Declarations:
        """The question with every name."""
        for name in self.names:
            self.resolve(name, ())
        return _with_names(self.names, self.declared, self.values)

    def resolve(self, name: str, above: tuple[str, ...]) -> None:
        """Read the value of one name, unless this has been done; `above` waits for it."""
        if name in self.values:
            return
        if name in above:
            self.values[name] = _circular(above[above.index(name) :])
            return
        try:
            self._read_before(name, (*above, name))
            self.values.setdefault(name, self._value(name))
        except MathematicsError as error:
            self.values.setdefault(name, error)

    def _read_before(self, name: str, above: tuple[str, ...]) -> None:
        known = _with_names(self.names, self.declared, self.values)
        for value in self.names[name].values:
            for part in _names_in(named(_tokens(value.value), known), known):
                self.resolve(part, above)

    def _value(self, name: str) -> n.Node:
        known = _with_names(self.names, self.declared, self.values)
        first, *others = (_read(value, known) for value in self.names[name].values)
        if any(not same(first, other) for other in others):
            shown = " and ".join(f"“{one.value}”" for one in self.names[name].values[:2])
            raise Ambiguous(
                f"{plain_name(name)} is given twice: {shown}.",
                help="Give each name of your own one value.",
            )
        if sum(1 for _ in n.walk(first)) > MAX_PARTS:
            raise TooLarge(
                f"What {plain_name(name)} stands for has more than {MAX_PARTS} parts.",
                help="Give the answer in a simpler form, as in w = X^T y.",
            )
        return first


def _read(value: Definition, known: Declarations) -> n.Node:
    """The expression of a value."""
    with read_from(value.value):
        read = formula(value.value, known)
        segments = read.statements[-1].segments
        node = read.expression(segments[-1])
    return _leading(node, value, known) if value.first else node


def _leading(node: n.Node, value: Definition, known: Declarations) -> n.Node:
    """The first k columns or rows of a matrix, as its product with [I; 0] or [I, 0]."""
    size = formula(value.size, known).statements[-1]
    count = formula(value.size, known).expression(size.segments[-1])
    if not isinstance(node, n.Symbol) or not isinstance(count, (n.Dimension, n.Number)):
        raise UnknownSymbol(
            f"It is not clear what the first {value.size} {value.first} of {value.value} are.",
            name=value.name,
            help="Take them of a matrix of the question, as in: the first k columns of U.",
        )
    rows, cols = known.shapes[node.name]
    whole = formula(cols if value.first == "columns" else rows, known)
    length = whole.expression(whole.statements[-1].segments[-1])
    rest = n.Add((length, n.Negate(count)))
    identity = n.Constant("identity", count)
    if value.first == "columns":
        below = n.Constant("zero", rest, count)
        return n.Multiply((node, n.Block((n.Row((identity,)), n.Row((below,))))))
    beside = n.Constant("zero", count, rest)
    return n.Multiply((n.Block((n.Row((identity, beside)),)), node))


def _circular(names: Sequence[str]) -> Implicit:
    shown = [plain_name(name) for name in names]
    others = f"{shown[0]} is given by {shown[-1]}, and {shown[-1]} by {shown[0]}"
    return Implicit(
        f"{shown[0]} is given by itself." if len(names) == 1 else f"{others}.",
        help="Give each name of your own by the symbols of the question.",
    )
