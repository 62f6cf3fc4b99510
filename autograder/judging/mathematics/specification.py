"""A question as plain data, checked strictly before use. Knows the format, not the judging.

    id = "ridge"                       # seeds the data: same answer, same verdict
    right = ['(X^TX + \\lambda I)^{-1} X^T y', "(X'X+lam*I)^-1 X'y"]
    dims = ["n", "d"]                  # sizes; each regime is drawn with three sets of sizes
    identity = ["I", "E"]              # names of the identity; also zero = ["O"], ones = []
    [sizes]                            # r = "min(n, d)", or a sum of products: H = "s*p - s + h"
    [regimes]                          # tall = "n > d";  wide = "n < d"
    [symbols]                          # in this order; shape or scalar, then what is wanted of
    X = {shape = ["n", "d"], props = ["full_rank"]}           # draws.PROPS, "+" and "-" in sizes
    y = {shape = ["n"], typed = ['\\mathbf{Y}']}               # other spellings
    lambda = {scalar = "positive", typed = ["lam"]}           # draws.SCALARS
    H = {shape = ["n", "n"], is = 'X X^+'}                    # derived by the same language
    s = {shape = ["d"], entries = '\\sum_{i=1}^n X_{ij}', index = "j"}
    K = {shape = ["n", "d"], base = 0, padded = true}         # K[i,j] from 0; 0 beyond its ends
    dK = {shape = ["n", "d"], base = 0, by = "K"}             # its entries are ∂L/∂K_{ij}
    sigma = {shape = [], is = '\\frac{1}{1+e^{-z}}', of = "z"}  # σ, σ(z), σ(-z)
    a = {scalar = "positive", example = [1, 2]}               # whole numbers for examples
    [svd]                              # of = "X", names = ["U", "Sigma", "V"] (full)
    [eigen]                            # of = 'X^T X', names = ["W", "Lambda"], shape = ["d", "k"]
    [families]                         # x_i = "rows of X";  sigma_i = "diagonal of Sigma"
    [functions]                        # g = "sigmoid": g(z) is one of FUNCTIONS
    [index]                            # i = "r", or "r from 0": a free index of the answer
    [answer]                           # kind and what it needs: see KINDS, NEEDED
    kind = "expression"
    names = ["w", '\\hat w']            # left sides that may stand before the answer
    shape = ["d"]
    reference = '(X^TX + \\lambda I)^{-1} X^T y'
    interval = "(0, 2/L)"              # kind "interval": numbers, or formulas in the scalars
    left_sides = {G = '\\hat X^T \\hat X'}   # what a blank is by the question; may stand for it
    allow = ["X", "y", "lambda"]       # or forbid = ["w", "pseudo_inverse"], max_nodes = 40
    [[wrong]]                          # refused with this diagnosis, by `says` or by `edit`
    answer = '(X^TX + \\lambda)^{-1} X^T y'
    says = "scalar_plus_matrix"
    mentions = "identity"

Also: answer.regimes, credit (share for a regime in which alone the answer is right), up_to
(compare.FREEDOMS), tolerance, bound ("upper": may stand behind ≤ or <; "lower": behind ≥),
lenient.rectangular_diag ("note" or "reject"), edges; [derivation] with milestones, chain,
chain_needs, unknown, solved (see `derivations`); [proof] with lines (id, text, needs, message);
[[rubric]] and [[graded]] (see `rubrics`); kind "code" (see `code`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .computing.compare import FREEDOMS
from .computing.draws import PROPS, SCALARS
from .computing.instances import EDGES
from .reading.declarations import DeclarationError

KINDS = ("expression", "equation", "gradient_of", "minimiser_of", "objective", "satisfies",
         "number", "interval", "choice", "order", "rubric", "code")  # fmt: skip
TOP = {
    "id",
    "title",
    "dims",
    "sizes",
    "regimes",
    "symbols",
    "svd",
    "eigen",
    "families",
    "index",
    "identity",
    "zero",
    "ones",
    "typed",
    "functions",
    "edges",
    "answer",
    "right",
    "wrong",
    "derivation",
    "proof",
    "rubric",
    "graded",
}
ANSWER = {"kind", "names", "shape", "reference", "regimes", "credit", "allow", "forbid",
          "max_nodes", "up_to", "lenient", "bound", "objective", "over", "sense", "blanks",
          "left_sides",
          "predicates", "tolerance",
          "unknowns", "correct", "choices", "interval", "require",
          "module", "function", "arguments", "name", "help"}  # fmt: skip
SYMBOL = {"shape", "scalar", "props", "typed", "is", "of", "entries", "index", "base", "padded",
          "by", "example"}  # fmt: skip
PUBLIC_SYMBOL = {"shape", "scalar", "typed", "of", "base", "padded", "by"}
FUNCTIONS = ("sigmoid", "relu", "tanh", "exp", "log")
NEEDED = {
    "expression": ("reference", "shape"), "equation": ("reference",),
    "gradient_of": ("objective", "over"), "minimiser_of": ("objective", "over"),
    "objective": ("reference", "over"), "satisfies": ("blanks", "predicates"),
    "number": ("reference", "shape"), "interval": ("interval",), "choice": ("correct",),
    "order": (), "rubric": (),
    "code": ("function", "arguments", "reference", "shape"),
}  # fmt: skip
PRIVATE_ANSWER = ANSWER - {"kind", "names", "shape", "regimes", "allow", "forbid", "max_nodes",
                           "lenient", "blanks", "left_sides", "bound", "choices",
                           "over"}  # fmt: skip
PRIVATE = {"right", "wrong", "derivation", "proof", "rubric", "graded"}


def load(path: Path) -> dict[str, Any]:
    """Read and check a specification in TOML; raises `DeclarationError` with the file's name."""
    import tomllib  # questions may come from elsewhere

    try:
        return checked(tomllib.loads(path.read_text(encoding="utf-8")))
    except (DeclarationError, tomllib.TOMLDecodeError) as error:
        raise DeclarationError(f"{path.name}: {error}") from error


def checked(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The same specification, once every key and word in it is known to be meant.

    Raises `DeclarationError`, which names the key, what it holds and what it could hold.
    """
    _known("", plain, TOP)
    answer = plain.get("answer", {})
    _known("answer.", answer, ANSWER)
    kind = answer.get("kind", "")
    _one_of("answer.kind", kind, KINDS)
    for key in NEEDED[kind]:
        if key not in answer:
            raise DeclarationError(f"answer.{key}: missing, kind {kind!r} needs it")
    _one_of("answer.bound", answer.get("bound", "upper"), ("upper", "lower"))
    _one_of("answer.up_to", answer.get("up_to", "nothing"), tuple(FREEDOMS))
    for name, symbol in plain.get("symbols", {}).items():
        _check_symbol(name, symbol)
    for name, function in plain.get("functions", {}).items():
        _one_of(f"functions.{name}", function, FUNCTIONS)
    for edge in plain.get("edges", []):
        _one_of("edges", edge, ("one", *EDGES))
    for entry in plain.get("wrong", []):
        _known("wrong.", entry, {"answer", "says", "mentions"})
        if not {"answer", "says"} <= set(entry):
            raise DeclarationError(f"wrong: {entry!r} needs 'answer' and 'says'")
    for key in answer.get("credit", {}):
        _one_of("answer.credit", key, tuple(plain.get("regimes", {})))
    for name in [answer.get("over"), *answer.get("unknowns", [])]:
        if name is not None:
            _one_of("answer.over or unknowns", name, tuple(plain.get("symbols", {})))
    for name in answer.get("left_sides", {}):
        _one_of("answer.left_sides", name, tuple(answer.get("blanks", {})))
    for section, of in (("proof", "order"), ("rubric", "rubric")):
        if kind == of and section not in plain:
            raise DeclarationError(f"{section}: missing, kind {of!r} needs it")
    return dict(plain)


def _check_symbol(name: str, symbol: Mapping[str, Any]) -> None:
    where = f"symbols.{name}"
    _known(where + ".", symbol, SYMBOL)
    if "scalar" in symbol:
        _one_of(where + ".scalar", symbol["scalar"], SCALARS)
    elif "shape" not in symbol:
        raise DeclarationError(f"{where}: needs 'shape' or 'scalar'")
    for prop in symbol.get("props", []):
        _one_of(where + ".props", prop, PROPS)
    if "of" in symbol and "is" not in symbol:
        raise DeclarationError(f"{where}: 'of' needs 'is', the formula of the function")
    if "entries" in symbol and "index" not in symbol:
        raise DeclarationError(f"{where}: 'entries' needs 'index', the letter that runs")


def _known(where: str, given: Mapping[str, Any], known: set[str]) -> None:
    for key in given:
        if key not in known:
            raise DeclarationError(f"{where}{key}: unknown key; known are {sorted(known)}")


def _one_of(where: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise DeclarationError(f"{where}: {value!r} is not one of {list(known)}")


def public(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What may travel with the release: the declarations, without reference and examples."""
    answer = {k: v for k, v in plain.get("answer", {}).items() if k not in PRIVATE_ANSWER}
    symbols = {
        name: {key: value for key, value in symbol.items() if key in PUBLIC_SYMBOL}
        for name, symbol in plain.get("symbols", {}).items()
    }
    kept = {key: plain[key] for key in TOP & set(plain) - PRIVATE}
    return {**kept, "answer": answer, "symbols": symbols}
