"""Names that stand for functions: σ(z) of a declared σ, and g(x) of a declared function. No shapes.

A bracket behind such a name holds its argument or is a factor. Where both make sense, the answer
is refused: nothing is decided silently.
"""

from __future__ import annotations

from . import nodes as n
from .errors import Ambiguous, Unreadable
from .parser import Parser, placed
from .scripts import INVERSES, powered, script_texts
from .tokens import Token

CLOSING = {"(": ")", "[": "]"}
OPENERS, CLOSERS = set(CLOSING), set(CLOSING.values())


def of_variable(parser: Parser, token: Token, symbol: n.Node) -> n.Node:
    """A symbol that is a function of another one, by itself or with its argument in brackets.

    σ and σ(z) are the same; σ(-z) and σ(2z) are its values there. σ(1-σ) is a product, and
    σ(1-z) and σ z are refused.
    """
    declared = parser.context.declared
    variable = declared.arguments[token.text]
    script = _power_before_bracket(parser, token)
    following = parser.token
    if script is None and following is not None and following.text == variable:
        raise _unclear(token, following, variable)
    if not parser.is_symbol(*OPENERS):
        return symbol
    at = parser.at
    inside = _argument(parser)
    end = parser.tokens[parser.at - 1].end
    if _is_factor(inside, token.text, variable):
        parser.at = at - (script is not None)
        return symbol
    if not _is_multiple(inside, variable):
        raise _unclear(token, parser.tokens[parser.at - 1], variable)
    same = isinstance(inside, n.Symbol)
    node = symbol if same else n.FunctionCall(token.text, (inside,))
    node = placed(node, token.start, end)
    return placed(powered(parser, node, script), token.start, end) if script else node


def declared_function(parser: Parser, token: Token) -> n.Node:
    """A name that the question declares as a function, whose argument stands in brackets."""
    script = _power_before_bracket(parser, token)
    if not parser.is_symbol(*OPENERS):
        raise Ambiguous(
            f"{_shown(token)} is a function here; it is unclear what it is applied to.",
            start=token.start,
            end=token.end,
            help=f"Put its argument in brackets, as in {_shown(token)}(...).",
        )
    inside = _argument(parser)
    end = parser.tokens[parser.at - 1].end
    function = parser.context.declared.functions[token.text]
    node = n.FunctionCall(function, (inside,), start=token.start, end=end)
    return placed(powered(parser, node, script), token.start, end) if script else node


def refuse_bracket_behind(parser: Parser, left: n.Node) -> None:
    """Raise `Ambiguous` for (1-σ)(z), whose (z) may be an argument or a factor."""
    arguments = parser.context.declared.arguments
    if not arguments or not parser.is_symbol("("):
        return
    inside, closer = parser.ahead(), parser.ahead(2)
    bare = inside is not None and closer is not None and closer.text == ")"
    names = {part.name for part in n.walk(left) if isinstance(part, n.Symbol)} & {*arguments}
    if bare and inside is not None and inside.text in {arguments[name] for name in names}:
        raise Ambiguous(
            f"({inside.text}) can be an argument or a factor here.",
            start=left.start,
            end=closer.end if closer else inside.end,
            help=f"Write {sorted(names)[0]}({inside.text}) each time.",
        )


def _power_before_bracket(parser: Parser, token: Token) -> Token | None:
    """The exponent of σ^2(z), which has been taken; a prime would be a derivative."""
    following, after = parser.token, parser.ahead()
    prime = parser.is_symbol("'") or (
        following is not None and following.kind == "sup" and "'" in script_texts(following.inner)
    )
    if prime:
        raise Unreadable(
            "Derivatives are not computed here.",
            start=token.start,
            end=following.end if following else token.end,
            help="Give its result, as in \\sigma(z)(1-\\sigma(z)).",
        )
    if following is not None and script_texts(following.inner) in INVERSES:
        raise Ambiguous(
            f"{_shown(token)} to the power -1 is 1/{_shown(token)} or its inverse function.",
            start=token.start,
            end=following.end,
            help=f"Write \\frac{{1}}{{{token.text}}} for the fraction.",
        )
    opens = after is not None and after.kind == "symbol" and after.text in OPENERS
    if following is not None and following.kind == "sup" and opens:
        return parser.take()
    return None


def _argument(parser: Parser) -> n.Node:
    opener = parser.take()
    (inside, *more) = parser.enclosed(opener, CLOSING[opener.text])
    if more:
        raise Unreadable(
            "One argument is expected here.",
            start=opener.start,
            end=more[-1].end,
            help="Write it with one argument, as in f(z).",
        )
    return inside


def _is_factor(inside: n.Node, name: str, variable: str) -> bool:
    """Whether what is in the brackets cannot be meant as the argument: it holds the name itself."""
    parts = list(n.walk(inside))
    again = any(isinstance(p, n.Symbol) and p.name == name for p in parts)
    called = any(isinstance(p, n.FunctionCall) and p.function == name for p in parts)
    of_it = any(isinstance(p, n.Symbol) and p.name == variable for p in parts)
    numbers = all(isinstance(p, (n.Number, n.Negate)) for p in parts)
    return again or called or not (of_it or numbers)


def _is_multiple(inside: n.Node, variable: str) -> bool:
    """Whether this is z, -z, 2z, z/2 or a number: clearly an argument."""
    if isinstance(inside, n.Negate):
        return _is_multiple(inside.of, variable)
    if isinstance(inside, n.Multiply):
        *numbers, last = inside.factors
        return all(isinstance(f, n.Number) for f in numbers) and _is_multiple(last, variable)
    if isinstance(inside, n.Dot):
        return isinstance(inside.left, n.Number) and _is_multiple(inside.right, variable)
    if isinstance(inside, n.Divide):
        return isinstance(inside.bottom, n.Number) and _is_multiple(inside.top, variable)
    return isinstance(inside, n.Number) or inside == n.Symbol(variable)


def _unclear(token: Token, last: Token, variable: str) -> Ambiguous:
    name = _shown(token)
    return Ambiguous(
        f"{name} can be a factor here, or the function of what follows.",
        start=token.start,
        end=last.end,
        help=f"Write {name}({variable}) for the value at {variable}, or "
        f"{name}({variable}) \\cdot (...) for a product.",
    )


def _shown(token: Token) -> str:
    return {"sigma": "σ", "phi": "φ", "psi": "ψ", "rho": "ρ"}.get(token.text, token.text)
