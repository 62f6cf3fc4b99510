"""From the plain data of a specification to `Declarations`. Knows no reference and no values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .characters import ACCENTS, GREEK_COMMANDS
from .commands import tokenize
from .declarations import (
    ONE_BY_ONE,
    OPERATIONS,
    TAKES,
    DeclarationError,
    Declarations,
    Family,
    latex_name,
    regime_of,
    shape_of,
    signature,
    size_value,
    spelled,
)
from .naming import named

DEFAULT_NODES = 150


def declarations(plain: Mapping[str, Any]) -> Declarations:
    """Read what a specification declares; `plain` is a dict as TOML or JSON give it.

    Raises `DeclarationError` for an unusable entry; keys that only judging needs are left alone.
    """
    answer = plain.get("answer", {})
    sizes = plain.get("sizes", {})
    shapes = _shapes(plain)
    families = {f.name: f for f in (_family(k, v) for k, v in plain.get("families", {}).items())}
    blanks = {name: shape_of(s, f"answer.blanks.{name}") for name, s in _blanks(answer).items()}
    names = {**_typed_by_symbol(plain), **plain.get("typed", {})}
    identity = tuple(plain.get("identity", ["I"]))
    known = [*shapes, *families, *blanks, *plain.get("dims", []), *plain.get("sizes", {})]
    known += [*identity, *plain.get("index", {}), *plain.get("functions", {})]
    shape = answer.get("shape")
    allow = answer.get("allow")
    result = Declarations(
        dims=tuple(plain.get("dims", [])),
        minima={n: _minimum(n, text) for n, text in sizes.items() if text.startswith("min")},
        derived={n: text for n, text in sizes.items() if not text.startswith("min")},
        regimes=_regimes(plain, answer),
        shapes=shapes,
        families=families,
        indices=dict(plain.get("index", {})),
        identity=identity,
        zero=tuple(z for z in plain.get("zero", ["O"]) if z not in known),
        ones=tuple(plain.get("ones", [])),
        arrays={n: int(s["base"]) for n, s in plain.get("symbols", {}).items() if "base" in s},
        padded=frozenset(n for n, s in plain.get("symbols", {}).items() if s.get("padded")),
        derivatives=_derivatives(plain),
        functions=dict(plain.get("functions", {})),
        arguments=_by_symbol(plain, "of"),
        definitions=_by_symbol(plain, "is"),
        answer_names=tuple(answer.get("names", [])),
        blanks=blanks,
        left_sides=dict(answer.get("left_sides", {})),
        shape=None if shape is None else shape_of(shape, "answer.shape"),
        allow=None if allow is None else frozenset(allow),
        forbid=frozenset(answer.get("forbid", [])),
        max_nodes=int(answer.get("max_nodes", DEFAULT_NODES)),
        bound=answer.get("bound", ""),
        free_constant=answer.get("kind") == "objective",
        rectangular_diag=answer.get("lenient", {}).get("rectangular_diag", "note"),
        spellings=_spellings(known, names),
        words=_words(known, names),
        labels=_labels([*answer.get("names", []), *blanks]),
        unknowns=frozenset(),
        latex={name: latex_name(name) for name in known},
    )
    _check_names(result, plain)
    named_too = {
        tuple(signature(token) for token in named(tokenize(name), result))
        for name in [*answer.get("names", []), *map(_default_spelling, blanks)]
    }
    labels = result.labels | named_too
    unknowns = {label[0] for label in labels if len(label) == 1} & {*shapes}
    over = {str(answer["over"])} if "over" in answer else set()
    if answer.get("kind") == "equation":  # of which any vector may be the solution
        over = {name for name, (_, cols) in shapes.items() if cols == "1"}
    return replace(result, labels=labels, unknowns=frozenset(unknowns | over))


def _shapes(plain: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    shapes: dict[str, tuple[str, str]] = {}
    for name, symbol in plain.get("symbols", {}).items():
        scalar = "scalar" in symbol
        shapes[name] = (
            ONE_BY_ONE if scalar else shape_of(symbol.get("shape", []), f"symbols.{name}")
        )
    if "svd" in plain:
        of, (u, s, v) = plain["svd"]["of"], plain["svd"]["names"]
        if of not in shapes:
            raise DeclarationError(f"svd.of: {of!r} is not among symbols {list(shapes)}")
        n, d = shapes[of]
        shapes |= {u: (n, n), s: (n, d), v: (d, d)}
    if "eigen" in plain:
        w, values = plain["eigen"]["names"]
        d, k = shape_of(plain["eigen"]["shape"], "eigen.shape")
        shapes |= {w: (d, k), values: (k, k)}
    return shapes


def _blanks(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    blanks: Mapping[str, Any] = answer.get("blanks", {})
    return blanks


def _family(key: str, text: str) -> Family:
    takes, _, of = text.partition(" of ")
    of, _, base = of.partition(" from ")
    if takes not in TAKES or not of:
        raise DeclarationError(
            f"families.{key}: {text!r} should read like 'rows of X' with one of {list(TAKES)}"
        )
    return Family(key.rpartition("_")[0] or key, of, takes, int(base or 1))


def _regimes(plain: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[Any, ...]:
    declared = plain.get("regimes", {"any": ""})
    wanted = answer.get("regimes", list(declared))
    unknown = [name for name in wanted if name not in declared]
    if unknown:
        raise DeclarationError(f"answer.regimes: {unknown[0]!r} is not among {list(declared)}")
    return tuple(regime_of(name, declared[name]) for name in wanted)


def _minimum(name: str, text: str) -> tuple[str, str]:
    inside = text.replace(" ", "")
    if not (inside.startswith("min(") and inside.endswith(")") and inside.count(",") == 1):
        raise DeclarationError(f"sizes.{name}: {text!r} should read like 'min(n, d)'")
    one, _, other = inside[4:-1].partition(",")
    return one, other


def _typed_by_symbol(plain: Mapping[str, Any]) -> dict[str, str]:
    return {
        typed: name
        for name, symbol in plain.get("symbols", {}).items()
        for typed in symbol.get("typed", [])
    }


def _derivatives(plain: Mapping[str, Any]) -> dict[str, str]:
    """R: dR, where the entries of dR are the derivatives by those of R."""
    symbols = plain.get("symbols", {})
    return {symbol["by"]: name for name, symbol in symbols.items() if "by" in symbol}


def _by_symbol(plain: Mapping[str, Any], key: str) -> dict[str, str]:
    """What a key says of the symbols that have it."""
    symbols = plain.get("symbols", {})
    return {name: str(symbol[key]) for name, symbol in symbols.items() if key in symbol}


def _default_spelling(name: str) -> str:
    base, _, rest = name.partition("_")
    if base in set(ACCENTS.values()) and rest:
        inner, _, sub = rest.partition("_")
        text = f"\\{base}{{{_default_spelling(inner)}}}"
        return f"{text}_{{{sub}}}" if sub else text
    text = "\\" + base if base in GREEK_COMMANDS else base
    return f"{text}_{{{rest}}}" if rest else text


def _spellings(known: Iterable[str], typed: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Token signatures of every spelling but plain words, longest first."""
    found = {spelled(_default_spelling(name)): name for name in known}
    found |= {spelled(text): name for name in known for text in _accented_behind(name)}
    found |= {spelled(text): name for text, name in typed.items()}
    kept = {s: n for s, n in found.items() if not "".join(s).isalnum() or max(map(len, s)) > 1}
    return dict(sorted(kept.items(), key=lambda item: -len(item[0])))


def _accented_behind(name: str) -> list[str]:
    """x_bar for a declared bar_x, as in code."""
    accent, _, base = name.partition("_")
    return [f"{base}_{accent}"] if accent in set(ACCENTS.values()) and len(base) == 1 else []


def _words(known: Iterable[str], typed: Mapping[str, str]) -> dict[str, str]:
    """Spellings in plain letters and digits: X, lambda, lam, dout, W1."""
    words: dict[str, str] = {}
    for name in known:
        words[name.replace("_", "")] = name
        words |= {text.replace("_", ""): name for text in _accented_behind(name)}
    words |= {text: name for text, name in typed.items() if text.isalnum() and text.isascii()}
    return {w: n for w, n in words.items() if w.isalnum() and w.isascii() and w[0].isalpha()}


def _labels(names: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Signatures of the left-hand sides that may stand before the answer."""
    found: set[tuple[str, ...]] = set()
    for name in names:
        found.add(spelled(name if "\\" in name or "^" in name else _default_spelling(name)))
        found.add(spelled(name))
        letter, _, number = name.partition("_")
        if len(letter) == 1 and number.isdigit():
            found.add(spelled(letter + number))  # m3
    return frozenset(found)


def _check_names(declared: Declarations, plain: Mapping[str, Any]) -> None:
    for name, text in declared.derived.items():
        try:
            size_value(text, dict.fromkeys(declared.dims, 1))
        except (KeyError, ValueError):
            raise DeclarationError(
                f"sizes.{name}: {text!r} should read like 'min(n, d)' or 's*p - s + h'"
            ) from None
    for family in declared.families.values():
        if family.of not in declared.shapes:
            raise DeclarationError(
                f"families.{family.name}: {family.of!r} is not among {list(declared.shapes)}"
            )
    for regime in declared.regimes:
        for name in declared.shapes:
            declared.symbol_shape(name, regime)
    members = set(plain.get("families", {}))
    sizes = {*declared.dims, *declared.minima, *declared.derived}
    known = {*declared.shapes, *sizes, *declared.families, *members}
    for key in ("allow", "forbid"):
        for name in plain.get("answer", {}).get(key, []):
            if name not in known | set(OPERATIONS):
                raise DeclarationError(f"answer.{key}: {name!r} is not declared")
    for name in {*declared.spellings.values(), *declared.words.values()}:
        if not declared.kind(name) and name not in declared.blanks:
            raise DeclarationError(f"typed: {name!r} is not declared")
