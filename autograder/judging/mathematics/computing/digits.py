"""Decides in a hundred digits what floats leave open: rounding, or another value.

Equal answers differ by rounding, which may grow large in an unusual form; other answers differ by
something that stays. In between floats cannot tell, and a hundred digits can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..reading import nodes as n
from ..reading.errors import MathematicsError, NotFinite, Singular
from .arrays import Array
from .exact_data import exact_instance
from .instances import Instance
from .outcomes import Case, CaseOutcome, Trial
from .precise import NoExactValueError

SAME = 1e-9  # what numeric gradients leave; exact forms agree to a hundred digits
MAX_DECIMALS = 3
FEWEST_DIGITS = 5


def in_digits(holds: Callable[[], bool]) -> bool | None:
    """What a computation in a hundred digits finds; None where it cannot be carried through."""
    try:
        return holds()
    except (NoExactValueError, ArithmeticError, ValueError):  # infinities end in the latter two
        return None
    except MathematicsError:
        return False


class InDigits:
    """Computes answers to one question in a hundred digits, on a few of its data."""

    def __init__(
        self, plain: Mapping[str, Any], reference: Callable[[Instance], Array], trial: Trial
    ) -> None:
        self._plain = plain
        self._reference = reference
        self._trial = trial
        self._cases: dict[tuple[int, int], Case] = {}

    def is_right(self, node: n.Node, doubtful: Sequence[CaseOutcome]) -> bool | None:
        """Whether an answer is right where floats say that it is not, or do not say.

        None where it cannot be computed in more digits. Data are tried until one tells.
        """
        if any(not isinstance(o.error, Singular | NotFinite | None) for o in doubtful):
            return False
        return in_digits(lambda: all(self._holds(node, outcome) for outcome in doubtful))

    def _holds(self, node: n.Node, outcome: CaseOutcome) -> bool:
        case = self._case(outcome)
        fit = self._trial.fits_on(node, case.instance)
        return self._trial.outcome(case, fit).is_right(SAME)

    def _case(self, outcome: CaseOutcome) -> Case:
        """The draw on which floats do worst, in a hundred digits."""
        draw = 0 if outcome.value is None else self._worst(outcome.value, outcome.case.reference)
        key = (id(outcome.case), draw)
        if key not in self._cases:
            instance = exact_instance(self._plain, outcome.case.instance.draw(draw))
            self._cases[key] = Case(instance, self._reference(instance))
        return self._cases[key]

    def _worst(self, value: Array, reference: Array) -> int:
        return int(np.argmax(self._trial.distances(value, reference)))


def as_rounded(node: n.Node, source: str, trial: Trial, probes: Sequence[Case]) -> str:
    """A note where an answer is right once its decimals count as rounded to their last digit.

    0.333333 may stand for 1/3; "" where that makes nothing right.
    """
    found = _decimals(node, source)
    if trial.freedom != "nothing" or not found:
        return ""
    gap = _flat(node, trial, probes, minus_reference=True)
    base = _flat(node, trial, probes)
    if gap is None or base is None:
        return ""
    moved = [_flat(_moved(node, {old: half}), trial, probes) for old, half in found.items()]
    slopes = [value - base for value in moved if value is not None]
    if len(slopes) < len(found):
        return ""
    steps, *_ = np.linalg.lstsq(np.stack(slopes, axis=1), -gap, rcond=None)
    if np.abs(steps).max() > 1 + 1e-6:
        return ""
    halves = zip(found.items(), steps, strict=True)
    mended = _moved(node, {old: half * float(step) for (old, half), step in halves})
    if not trial.holds(mended, trial.cases):
        return ""
    shown = ", ".join(f"{old.value:.12g}" for old in found)
    return f"Read as rounded to the last digit: {shown}."


def _decimals(node: n.Node, source: str) -> dict[n.Number, float]:
    """The decimals in an answer, each with half a unit of its last digit."""
    found: dict[n.Number, float] = {}
    for part in n.walk(node):
        if isinstance(part, n.Number) and 0 <= part.start < part.end:
            _, _, digits = source[part.start : part.end].partition(".")
            if digits.isdecimal() and len(digits) >= FEWEST_DIGITS:
                found[part] = 0.5 * 10.0 ** -len(digits)
    return dict(list(found.items())[:MAX_DECIMALS])


def _moved(node: n.Node, steps: Mapping[n.Number, float]) -> n.Node:
    for old, step in steps.items():
        node = n.substitute(node, old, n.Number(old.value + step))
    return node


def _flat(
    node: n.Node, trial: Trial, probes: Sequence[Case], *, minus_reference: bool = False
) -> Array | None:
    """The values on all probes in one row."""
    parts: list[Array] = []
    for case in probes:
        outcome = trial.outcome(case, trial.fits_on(node, case.instance))
        if outcome.value is None:
            return None
        value = outcome.value - case.reference if minus_reference else outcome.value
        parts.append(value.ravel())
    return np.concatenate(parts)
