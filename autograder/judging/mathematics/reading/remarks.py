"""What stands behind a formula and is no part of it: conditions, sets, numbers. Knows no values.

`without_remarks` drops λ > 0, ∈ ℝ^d, "for i ≤ r", (since X^TX is invertible) and (1), so that the
formula in front of them is the last one. Words that might be factors are left where they are.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from .declarations import Declarations, signature
from .spoken import ALTERNATIVES, CONSEQUENCES, LISTING, NUMBERS, REMARKS, first_word
from .tokens import Token

CONDITIONS = {"<", ">", "≤", "≥", "≠", "∈", "≪", "≫"}
CLAIMS = {"=", "≈", "→", "∼", "∝"}
OPENING, CLOSING = {"(", "[", "{", "⟨"}, {")", "]", "}", "⟩"}
OPERATORS = {"+", "-", "·", "*", "@", "×", "/", "⊙", "∘", "∖"} | CLAIMS | CONDITIONS
ENDS = {"newline", "⇒", "⇔"}
SEPARATORS = {",", ";", "quad", "."}
JOINING = ALTERNATIVES | CONSEQUENCES | LISTING
PLACES = {"for", "at", "when", "if", "iff", "für", "pour"}
CONSTANTS = {"const", "constant", "konst", "constants", "cst", "cte"}


def without_remarks(tokens: Sequence[Token], declared: Declarations) -> list[Token]:
    """The tokens of a formula without the remarks behind it."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        stop = _remark_end(tokens, at, kept, declared)
        kept += [tokens[at]] if stop == at else []
        at = max(stop, at + 1)
    return kept


def with_places(tokens: Sequence[Token], declared: Declarations) -> list[Token]:
    """The tokens with "so" for the "for" of: the gradient is zero for w = A, where w is asked for.

    Elsewhere a "for" begins a condition.
    """
    given = [k for k in range(len(tokens)) if _gives_name(tokens[k:], declared)]
    first = given[0] if given else 0
    leads = first > 1 and first_word(tokens[first - 1]) in PLACES
    if not leads:
        return list(tokens)
    word = replace(tokens[first - 1], kind="word", text="so")
    return [*tokens[: first - 1], word, *tokens[first:]]


def _gives_name(tokens: Sequence[Token], declared: Declarations) -> bool:
    """Whether w = … begins here, for a w that is asked for."""
    return any(
        tuple(signature(token) for token in tokens[: len(label)]) == label
        and tokens[len(label) : len(label) + 1]
        and tokens[len(label)].text == "="
        for label in declared.labels
    )


def without_constant(tokens: Sequence[Token], declared: Declarations) -> list[Token]:
    """The tokens of an objective without a constant at its end: + const, + C."""
    last = tokens[-1] if tokens else None
    signed = len(tokens) > 2 and tokens[-2].kind == "symbol" and tokens[-2].text in {"+", "-"}
    if not declared.free_constant or last is None or not signed:
        return list(tokens)
    word = last.kind in {"word", "group"} and _letters(last).lower() in CONSTANTS
    letter = last.kind == "letter" and last.text in {"C", "c", "K"}
    return list(tokens[:-2] if word or (letter and not declared.kind(last.text)) else tokens)


def _letters(token: Token) -> str:
    return "".join(c for c in token.text + "".join(map(_letters, token.inner)) if c.isalpha())


def _remark_end(
    tokens: Sequence[Token], at: int, before: Sequence[Token], declared: Declarations
) -> int:
    """Where the remark that begins here ends; `at` for none."""
    token = tokens[at]
    if not _is_complete(before):
        return at
    if _depth(before):
        return at
    if token.kind == "word" and token.text.strip().startswith("("):
        return _next(tokens, at, ENDS)
    if token.kind == "command" and token.text in {"forall", "exists"}:
        return _next(tokens, at, ENDS)
    spaced = before[-1].kind == "symbol" and before[-1].text == "quad"
    apart = spaced or token.start > before[-1].end
    if token.kind == "group" and apart and _is_end(token):
        return at + 1
    if token.kind != "symbol":
        return at
    if token.text == "∈" and _is_set(tokens[at + 1 : at + 2], declared):
        return _next(tokens, at, ENDS | SEPARATORS, JOINING)
    if token.text == "(":
        return _bracketed(tokens, at, before)
    single = token.text == "|" and [t.text for t in tokens if t.text in {"|", "‖"}] == ["|"]
    if (token.text in SEPARATORS or single) and _is_condition(tokens, at, declared):
        return _next(tokens, at, ENDS)
    return at


def _is_complete(before: Sequence[Token]) -> bool:
    """Whether a formula could end here."""
    last = before[-1] if before else None
    if last is None or (last.kind == "symbol" and last.text in OPERATORS | OPENING | ENDS):
        return False
    return last.kind != "function"


def _is_remark_word(text: str) -> bool:
    bare = text.strip(" ,;.").lower()
    return bare.startswith("(") or bare.rstrip(",.:").split(" ")[0] in REMARKS


def _depth(tokens: Sequence[Token]) -> int:
    signs = [t.text for t in tokens if t.kind == "symbol"]
    return sum((text in OPENING) - (text in CLOSING) for text in signs)


def _next(tokens: Sequence[Token], at: int, ends: set[str], words: Set[str] = frozenset()) -> int:
    """Where one of these signs or words stands next outside of brackets, or the end."""
    depth = 0
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if depth <= 0 and first_word(token) in words:
            return place
        if token.kind != "symbol":
            continue
        depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth <= 0 and token.text in ends:
            return place
    return len(tokens)


def _is_set(following: Sequence[Token], declared: Declarations) -> bool:
    """ℝ, \\mathbb{R} or R: a letter that the question does not declare."""
    for token in following:
        letter = token.kind in {"letter", "word", "group"}
        return letter and not declared.kind(token.text)
    return False


def _bracketed(tokens: Sequence[Token], at: int, before: Sequence[Token]) -> int:
    """(λ > 0) and, behind a space, (i = 1, …, r), (λ → 0), (1) and (*)."""
    stop = _next(tokens, at - 1, set(CLOSING)) if at else at
    depth = 0
    for place in range(at, len(tokens)):
        text = tokens[place].text if tokens[place].kind == "symbol" else ""
        depth += (text in OPENING) - (text in CLOSING)
        if depth == 0:
            stop = place
            break
    inside = tokens[at + 1 : stop]
    if inside and first_word(inside[0]) in ALTERNATIVES:
        return at  # w = A (or w = B) offers two answers
    signs = {t.text for t in inside if t.kind == "symbol"}
    words = [token for token in inside if token.text != ","]
    said = bool(words) and all(_is_said(token) for token in words)
    spaced = before[-1].kind == "symbol" and before[-1].text == "quad"
    apart = spaced or tokens[at].start > before[-1].end
    relation = bool(signs & CONDITIONS) or (apart and bool(signs & {"=", "→"}))
    if depth == 0 and (
        relation or (apart and said) or (spaced and _is_number(tokens[at : stop + 1]))
    ):
        return stop + 1
    return at


def _is_said(token: Token) -> bool:
    """Whether this is a word that is no number."""
    return token.kind == "word" and len(token.text) > 2 and first_word(token) not in NUMBERS


def _is_end(token: Token) -> bool:
    """Whether this is the number of an equation, or q.e.d."""
    return _is_number(token.inner) or _letters(token).lower() == "qed"


def _is_number(tokens: Sequence[Token]) -> bool:
    """Whether this is the number of an equation: (1), (2.3), (*)."""
    inside = tokens[1:-1]
    plain = all(t.kind == "number" or t.text in {".", "*", "star", "dagger"} for t in inside)
    return bool(inside) and plain and (tokens[0].text, tokens[-1].text) == ("(", ")")


def _is_condition(tokens: Sequence[Token], at: int, declared: Declarations) -> bool:
    """Whether λ > 0, i = 1, …, r or a quantifier follows, and no other claim."""
    rest = tokens[at + 1 : _next(tokens, at, ENDS)]
    while rest and rest[0].text in SEPARATORS:
        rest = rest[1:]
    if not rest:
        return False
    if rest[0].text in {"forall", "exists"}:
        return True
    if rest[0].kind == "word" and _is_remark_word(rest[0].text):
        return True
    if rest[0].text == "(":
        return False
    signs = [t.text for t in rest if t.kind == "symbol" and t.text in CONDITIONS | CLAIMS]
    if signs and not set(signs) & CLAIMS:
        return True
    letter = rest[0].kind == "letter" or declared.kind(rest[0].text) == "index"
    return letter and len(rest) > 2 and rest[1].text == "=" and any(t.text == "dots" for t in rest)
