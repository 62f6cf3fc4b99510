"""What a student's own names stand for, out of what is given for them. Knows no values.

Those that others are made of are read first. What cannot be read, goes round in a circle or is
given twice becomes the error that is raised where the answer uses the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from . import nodes as n
from .clauses import Definition
from .commands import tokenize
from .constants import same
from .declarations import Declarations
from .errors import Ambiguous, Implicit, MathematicsError, TooLarge, UnknownSymbol, read_from
from .naming import named
from .render import plain_name
from .statements import formula
from .tokens import Token

MAX_PARTS = 300  # of the value of one


@dataclass(frozen=True)
class OwnName:
    """One name with every value that it is given."""

    name: str
    spelling: tuple[str, ...]
    values: tuple[Definition, ...]


def resolved(names: Mapping[str, OwnName], declared: Declarations) -> Declarations:
    """The question with the value of every name, or with what is wrong with it."""
    return _Resolver(names, declared).all()


class _Resolver:
    """Reads the values of own names, those before others that others are made of."""

    def __init__(self, names: Mapping[str, OwnName], declared: Declarations) -> None:
        self.names = names
        self.declared = declared
        self.values: dict[str, n.Node | MathematicsError] = {}

    def all(self) -> Declarations:
        """The question with every name."""
        for name in self.names:
            self.resolve(name, ())
        return with_names(self.names, self.declared, self.values)

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
        known = with_names(self.names, self.declared, self.values)
        for value in self.names[name].values:
            for part in names_in(named(_tokens(value.value), known), known):
                self.resolve(part, above)

    def _value(self, name: str) -> n.Node:
        known = with_names(self.names, self.declared, self.values)
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
    node = replace(node, slash=False) if isinstance(node, n.Divide) else node
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


def names_in(tokens: Sequence[Token], known: Declarations) -> Iterator[str]:
    stack = list(tokens)
    while stack:
        token = stack.pop()
        stack.extend(token.inner)
        if token.kind in {"name", "letter", "word"} and known.kind(token.text) == "own":
            yield token.text


def with_names(
    names: Mapping[str, OwnName],
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


def _tokens(text: str) -> tuple[Token, ...]:
    try:
        return tokenize(text)
    except MathematicsError:
        return ()
