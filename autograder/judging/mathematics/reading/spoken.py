"""English words around a formula: which lead to it, explain it, or stand for a sign.

Knows no question. A word that is not here is never passed over: "almost 10" is not 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .tokens import Token

LEADING = {
    "the", "answer", "answers", "solution", "result", "we", "get", "obtain", "have", "find", "it",
    "its", "that", "this", "value", "values", "number", "final", "finally", "exactly", "which",
    "gives", "give", "vector", "matrix", "gradient", "minimiser", "minimizer", "objective",
    "either", "bound", "upper", "need", "lower", "smallest", "largest", "range", "interval",
    "derivative", "take", "choose", "set", "let", "put", "pick",
}  # fmt: skip
UNITS = {"layer", "layers", "sample", "samples", "point", "points", "step", "steps", "iteration",
         "iterations", "epoch", "epochs", "round", "rounds", "cluster", "clusters", "unit",
         "units", "assignment", "assignments", "parameter", "parameters", "weight",
         "weights", "bias", "biases", "pixel", "pixels", "entry", "entries", "channel", "channels",
         "feature", "features", "choice", "choices", "possibility", "possibilities",
         "bit", "bits", "multiplication", "multiplications", "addition", "additions", "operation",
         "operations", "flop", "flops", "dimension", "dimensions", "neuron", "neurons", "filter",
         "filters"}  # fmt: skip
REMARKS = {"since", "because", "where", "with", "for", "if", "when", "whenever", "as", "while",
           "although", "which", "unless",
           "provided", "assuming", "given", "under", "using", "by", "on", "iff",
           "here", "valid", "holds", "such", "s.t.", "s.t", "qed", "q.e.d.", "q.e.d", "wenn",
           "falls", "mit", "wobei", "weil", "denn", "für", "avec", "où", "pour",
           "car", "da", "puisque"}  # fmt: skip
CONSEQUENCES = {"so", "hence", "thus", "therefore", "then", "daher", "somit", "donc"}
ALTERNATIVES = {"or", "lor", "vee"}
OTHERWISE = {"otherwise", "else"}
LISTING = {"and"}
BOUNDING = {"<", ">", "≤", "≥"}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve")  # fmt: skip
SIGNS = {
    ("is",): "=", ("are",): "=", ("equals",): "=",
    ("in",): "∈", ("at", "least"): "≥", ("at", "most"): "≤", ("up", "to"): "≤",
    ("more", "than"): ">", ("greater", "than"): ">", ("larger", "than"): ">", ("less", "than"): "<",
    ("smaller", "than"): "<", ("fewer", "than"): "<",
}  # fmt: skip
SUMMING = {"total", "all", "sum", "fact", "short", "general"}  # behind "in", which is no ∈ then
VALUES = {
    "identity",
    "zero",
    "null",
    "times",
    "being",
    "be",
    "about",
    "approximately",
    "roughly",
    "percent",
    "prozent",
}
WORDS = (
    LEADING | UNITS | OTHERWISE | REMARKS | CONSEQUENCES | ALTERNATIVES | LISTING
    | {word for sign in SIGNS for word in sign} | VALUES | {"not", "enough", "end", "attained"}
)  # fmt: skip


def first_word(token: Token) -> str:
    """The first word of a token of words, in lower case; "" for anything else.

    >>> first_word(Token("word", ", For all", 0, 7))
    'for'
    """
    if token.kind != "word":
        return ""
    words = token.text.lower().strip(" ,;.").split(" ")
    return words[0].rstrip(",:")


def restated(text: str) -> str:
    """The text with "i.e." as an equals sign, all places as they are.

    >>> restated("p = 3/4, i.e. 0.75")
    'p = 3/4,  =   0.75'
    """
    return text.replace("i.e.,", "  =  ").replace("i.e.", " =  ")


def with_signs(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with "at least" as ≥, and without remarks in brackets."""
    done: list[Token] = []
    at = 0
    while at < len(tokens):
        if remark := _remark(tokens, at):
            inner = tokens[at + 1 : at + remark - 1]
            bounded = any(token.kind == "symbol" and token.text in BOUNDING for token in inner)
            if first_word(inner[0]) in ALTERNATIVES | (LISTING if bounded else set()):
                done.extend(inner)  # 1/4 (or 0.25), x < 2 (and x > 0)
            at += remark
            continue
        words = _sign(tokens, at)
        if words:
            last = tokens[at + len(words) - 1]
            done.append(replace(tokens[at], kind="symbol", text=SIGNS[words], end=last.end))
        else:
            done.append(tokens[at])
        at += max(1, len(words))
    return done


def _sign(tokens: Sequence[Token], at: int) -> tuple[str, ...]:
    for words in SIGNS:
        found = tokens[at : at + len(words)]
        if tuple(first_word(token) for token in found) == words:
            following = first_word(tokens[at + 1]) if at + 1 < len(tokens) else ""
            return () if words == ("in",) and following in SUMMING else words
    return ()


def _remark(tokens: Sequence[Token], at: int) -> int:
    """How many tokens the remark in round brackets has that begins here; 0 where none does."""
    if tokens[at].kind != "symbol" or tokens[at].text != "(":
        return 0
    depth, said = 0, False
    for place in range(at, len(tokens)):
        token = tokens[place]
        said = said or first_word(token) in WORDS
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "symbol" else 0
        if depth == 0:
            return place - at + 1 if said else 0
    return 0


def bare(tokens: Sequence[Token]) -> list[Token]:
    """One side of a statement without the words that lead to it and the unit behind it.

    >>> bare([Token("word", "the", 0, 3), Token("number", "10", 4, 6)])[0].text
    '10'
    >>> bare([Token("word", "ten", 0, 3), Token("word", "layers", 4, 10)])[0].text
    '10'
    """
    kept = list(tokens)
    while kept and first_word(kept[0]) in LEADING:
        del kept[0]
    if len(kept) > 1 and first_word(kept[-1]) in UNITS:
        del kept[-1]
    if len(kept) == 1 and first_word(kept[0]) in NUMBERS:
        number = str(NUMBERS.index(first_word(kept[0])))
        return [replace(kept[0], kind="number", text=number)]
    return kept
