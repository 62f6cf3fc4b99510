"""All the data of one question: ordinary batches and edge cases, with derived symbols filled in.

Knows the declarations of a question, not its reference.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..reading import nodes as n
from ..reading.answers import final_answer
from ..reading.declarations import DeclarationError, Declarations, Regime
from ..reading.shapes import fitted
from ..reading.statements import formula
from .arrays import Array
from .draws import Special
from .evaluate import evaluate
from .instances import (
    DRAWS,
    PLACES,
    SIZES_PER_REGIME,
    SMALLEST,
    Instance,
    all_sizes,
    draw_values,
    edge_cases,
    size_choices,
)

DEFAULT_EDGES = ("one", "small", "large", "repeated")


def instances(
    plain: Mapping[str, Any], declared: Declarations, *, varied: Sequence[str] | None = None,
    draws: int = DRAWS, rng: np.random.Generator | None = None,
) -> list[Instance]:  # fmt: skip
    """Three pairs of sizes in each regime, `draws` draws each, then the edge cases.

    The draws depend on the question's id only, so that the same answer always gets the same
    verdict; an `rng` makes others. Only the symbols in `varied` differ inside a batch (None: all
    do).
    """
    rng = rng or np.random.default_rng(zlib.crc32(str(plain.get("id", "")).encode()))
    if declared.indices and varied is None:
        draws = max(draws, PLACES)  # an answer by index may be wrong at a few places only
    made: list[Instance] = []
    for regime in declared.regimes:
        choices = size_choices(declared, regime, SMALLEST)
        if not choices:
            raise DeclarationError(f"regimes.{regime.name}: no sizes satisfy it")
        picked = rng.permutation(len(choices))[:SIZES_PER_REGIME]
        for place in picked:
            batch = _instance(plain, declared, regime, choices[place], rng, draws, varied)
            made.append(batch)
    for regime in declared.regimes:
        for label, sizes, special in edge_cases(declared, regime, _edges(plain)):
            made.append(
                _instance(
                    plain,
                    declared,
                    regime,
                    sizes,
                    rng,
                    draws if varied else 1,
                    varied,
                    label=label,
                    special=special,
                )
            )
    return made


def _edges(plain: Mapping[str, Any]) -> Sequence[str]:
    wanted: Sequence[str] = plain.get("edges", DEFAULT_EDGES)
    return wanted


def _instance(
    plain: Mapping[str, Any], declared: Declarations, regime: Regime, sizes: Mapping[str, int],
    rng: np.random.Generator, draws: int, varied: Sequence[str] | None, *, label: str = "",
    special: Special | None = None,
) -> Instance:  # fmt: skip
    known = all_sizes(declared, sizes)
    values = draw_values(
        plain, declared, known, rng, draws=draws, special=special or Special(), varied=varied
    )
    instance = Instance(declared, regime, label or regime.name, known, values, bool(special))
    return completed(plain, instance)


def completed(plain: Mapping[str, Any], instance: Instance) -> Instance:
    """The instance with the symbols that follow from others: eigenvectors and `is`."""
    for name, symbol in plain.get("symbols", {}).items():
        if "is" in symbol:
            value = _value(symbol["is"], instance)
        elif "entries" in symbol:
            value = _entries(name, symbol, instance)
        else:
            continue
        instance = instance.with_values({name: value})
    if "eigen" in plain:
        instance = instance.with_values(_eigen(plain["eigen"], instance))
    return instance


def _value(text: str, instance: Instance) -> Array:
    node = final_answer(formula(text, instance.declared)).node
    return evaluate(fitted(node, instance.declared, instance.regime).node, instance)


def _entries(name: str, symbol: Mapping[str, Any], instance: Instance) -> Array:
    """A vector given entry by entry: `entries` with the free index `index`."""
    length = instance.declared.symbol_shape(name, instance.regime).rows.value(instance.sizes)
    node = final_answer(formula(symbol["entries"], instance.declared)).node
    rows = []
    for place in range(1, length + 1):
        one = n.substitute(node, n.Index(symbol["index"]), n.Number(float(place)))
        rows.append(evaluate(fitted(one, instance.declared, instance.regime).node, instance))
    return np.concatenate(rows, axis=1)


def _eigen(eigen: Mapping[str, Any], instance: Instance) -> dict[str, Array]:
    """The leading eigenvectors and eigenvalues of a symmetric matrix, largest first."""
    vectors, values = eigen["names"]
    matrix = _value(eigen["of"], instance)
    count = instance.declared.symbol_shape(vectors, instance.regime).cols.value(instance.sizes)
    found, basis = _eigenvectors(matrix) if instance.exact else np.linalg.eigh(matrix)
    top = found[:, ::-1][:, :count]
    return {vectors: basis[:, :, ::-1][:, :, :count], values: top[:, :, None] * np.eye(count)}


def _eigenvectors(matrices: Array) -> tuple[Array, Array]:
    """`np.linalg.eigh` in a hundred digits."""
    from .precise_algebra import eigenvectors  # rarely needed

    pairs = [eigenvectors(matrix) for matrix in matrices]
    return np.stack([values for values, _ in pairs]), np.stack([basis for _, basis in pairs])
