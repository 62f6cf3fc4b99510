"""Which sides of a formula only name the answer: w, \\hat w^*, w_{LS}, f(x), ∇L. No shapes."""

from __future__ import annotations

from collections.abc import Sequence

from .characters import ACCENTS
from .declarations import Declarations, signature
from .errors import MathematicsError, UnknownSymbol
from .scripts import INVERSES, STARS, TRANSPOSES, script_texts
from .statements import Formula, Segment
from .tokens import Token

MARKS = {"_", "^", "'"}


def is_label(read: Formula, segment: Segment) -> bool:
    """Whether a side only names the answer: w, \\hat w, w^*, w_{LS}, f(x), \\nabla_w L, dL/dw."""
    tokens = _behind_limit(segment.tokens)
    if not tokens:
        return False
    if inside := _inside_brackets(tokens):
        return is_label(read, Segment(segment.relation, tuple(inside)))
    names = {tuple(signature(t) for t in tokens)}
    if read.declared.indices:
        names.add(tuple(signature(t) for t in indexed(tokens)[0]))
    if names & read.declared.labels:
        return True
    if tokens[0].kind == "function" and tokens[0].text in {"argmin", "argmax"}:
        return True
    if any(_is_derivative(t) for t in tokens) or _is_call(tokens, read.declared):
        return True
    return _is_decorated(tokens, read.declared)


def is_new_name(read: Formula, segment: Segment) -> bool:
    """Whether a side is only a name that nobody has given a value, as in … = \\bar y or … =: H."""
    first, *marks = segment.tokens
    if first.kind not in {"letter", "name"} or not all(map(_is_mark, marks)):
        return False
    try:
        read.expression(segment)
    except UnknownSymbol:
        return True
    except MathematicsError:
        return False
    return False


def is_transposed_label(read: Formula, segment: Segment) -> bool:
    """Whether a side is the transpose of the answer's name, as in w^T = …."""
    tokens, last = segment.tokens[:-1], segment.tokens[-1]
    turned = last.kind == "sup" and _is_turned(script_texts(last.inner))
    return bool(turned and tokens) and is_label(read, Segment(segment.relation, tokens))


def _is_turned(texts: tuple[str, ...]) -> bool:
    """Whether a script transposes: T, and *T of a starred name."""
    bare = texts[1:] if texts[:1] in STARS else texts
    return bare in TRANSPOSES - STARS


def indexed(tokens: Sequence[Token]) -> tuple[Sequence[Token], tuple[str, ...]]:
    """What stands before the indices of dG[m,n], dG_{mn} or ∂L/∂G_{mn}, and their letters."""
    if not tokens:
        return tokens, ()
    last, start = tokens[-1], len(tokens) - 1
    if last.kind in {"frac", "group"}:
        inner = last.inner[-1] if last.kind == "frac" else last
        above = indexed(last.inner[0].inner)[1] if last.kind == "frac" else ()
        return tokens[:-1], (*above, *indexed(inner.inner)[1])
    inside: Sequence[Token] = last.inner if last.kind == "sub" else ()
    if last.text in {"]", ")"}:
        opener = {"]": "[", ")": "("}[last.text]
        start = max((k for k, t in enumerate(tokens) if t.text == opener), default=start)
        inside = tokens[start + 1 : -1]
    letters = tuple(t.text for t in inside if t.text != ",")
    plain = all(len(letter) == 1 and letter.isalpha() for letter in letters)
    slash = next((k for k, t in enumerate(tokens[:start]) if t.text == "/"), 0)
    if plain and letters and slash:  # ∂p_i/∂z_j
        return tokens[:start], (*indexed(tokens[:slash])[1], *letters)
    return (tokens[:start], letters) if letters and plain else (tokens, ())


def _inside_brackets(tokens: Sequence[Token]) -> Sequence[Token]:
    """The dW of [dW]_{ij}, and the name in (∂L/∂W)_{ij}; nothing for any other side."""
    closers = {"(": ")", "[": "]"}
    framed = len(tokens) > 3 and tokens[-1].kind == "sub" and tokens[0].text in closers
    inside = tokens[1:-2] if framed and tokens[-2].text == closers[tokens[0].text] else ()
    balanced = not any(token.text in {*closers, *closers.values()} for token in inside)
    letters = all(len(token.text) == 1 for token in tokens[-1].inner)
    return inside if balanced and letters else ()


def _behind_limit(tokens: Sequence[Token]) -> Sequence[Token]:
    """What a limit is taken of, without a word such as (a) in front."""
    if len(tokens) > 1 and _is_item(tokens[0]):
        tokens = tokens[1:]
    if tokens and tokens[0].text == "lim":
        count = 1
        while count < len(tokens) and tokens[count].kind in {"sub", "sup"}:
            count += 1
        return tokens[count:] or tokens
    return tokens


def _is_item(token: Token) -> bool:
    """Whether this is the (a) or (1) in front of one of several answers."""
    texts = [t.text for t in token.inner]
    return token.kind == "group" and len(texts) == 3 and (texts[0], texts[2]) == ("(", ")")


def _is_derivative(token: Token) -> bool:
    texts = {t.text for t in token.inner} | {u.text for t in token.inner for u in t.inner}
    return token.text in {"nabla", "partial"} or (token.kind == "frac" and "partial" in texts)


def _is_call(tokens: Sequence[Token], declared: Declarations) -> bool:
    """J(γ, μ_1, …) or f(x) for a letter that is not a symbol, and \\frac{d}{dw} of something."""
    first = tokens[0]
    if first.kind == "frac" and first.inner[0].inner and first.inner[0].inner[0].text == "d":
        return True
    pair = (tokens[1].text, tokens[-1].text) if len(tokens) > 2 else ("", "")
    opens = pair == ("(", ")") or (pair == ("[", "]") and first.text == "E")
    return opens and first.kind in {"letter", "word"} and not declared.kind(first.text)


def _is_decorated(tokens: Sequence[Token], declared: Declarations) -> bool:
    """A name of the answer with any accent, index, star or arguments, of which there are some."""
    first = tokens[0]
    while first.kind == "group" and first.inner:
        tokens = [*first.inner, *tokens[1:]]
        first = tokens[0]
    accent, base = _apart(first.text)
    known = bool(accent) and bool(declared.kind(first.text))
    if known or base not in {_apart(text)[1] for text in _names(declared)}:
        return False
    rest = tokens[1:]
    if len(rest) > 2 and rest[-1].text == ")":
        opened = max((k for k, t in enumerate(rest) if t.text == "("), default=0)
        if not all(_is_bare(t) for t in rest[opened + 1 : -1]):
            return False
        return all(_is_mark(t) for t in rest[:opened])
    return (bool(accent) or bool(rest)) and all(_is_mark(t) for t in rest)


def _names(declared: Declarations) -> list[str]:
    """What the labels of the question begin with, where only marks follow."""
    labels = [label for label in declared.labels if label]
    return [label[0] for label in labels if all(text[:1] in MARKS for text in label[1:])]


def _apart(text: str) -> tuple[str, str]:
    """The accent of a name ("" without one) and what it stands on."""
    accent, _, base = text.partition("_")
    return (accent, base) if base and accent in ACCENTS.values() else ("", text)


def _is_bare(token: Token) -> bool:
    return token.kind in {"letter", "name", "word", "number"} or token.text in {",", ";"}


def _is_mark(token: Token) -> bool:
    """An index, a star, a word: all but transposes, inverses and powers."""
    if token.kind == "sub":
        return True
    if token.kind == "sup":
        texts = script_texts(token.inner)
        number = len(texts) == 1 and texts[0].isdigit()
        return not number and not _is_turned(texts) and texts not in INVERSES
    return token.kind == "symbol" and token.text == "*"
