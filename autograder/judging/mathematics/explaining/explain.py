"""Why an answer is wrong, found by computing. Knows values and references, no files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..computing.arrays import Array
from ..computing.compare import distance
from ..computing.outcomes import Case, CaseOutcome, Trial
from ..reading import nodes as n
from ..reading.declarations import Regime
from ..reading.render import plain_name
from .edits import Edit, edits
from .judgement import Judgement, from_error

MAX_EDITS = 90
TRY = "Try it on numbers of your own."
WORDS = {"<": "smaller than", ">": "larger than", "=": "equal to"}


def regime_words(regime: Regime) -> str:
    """'n > d' out of a regime."""
    return " and ".join(
        f"{large} {'>' if strict else '≥'} {small}" for small, large, strict in regime.relations
    )


def explained(
    node: n.Node, outcomes: Sequence[CaseOutcome], trial: Trial, probes: Sequence[Case], source: str
) -> Judgement:
    """The first explanation that fits, the most specific first."""
    ordinary = [o for o in outcomes if not o.case.instance.edge]
    finding = (
        _by_error(ordinary, trial, source)
        or _by_regime(ordinary, trial)
        or _by_edge(outcomes, trial)
        or _by_factor(ordinary, trial)
        or _by_transpose(ordinary, trial)
        or Judgement(
            says="different",
            credit=0.0,
            rationale="Your answer has another value.",
            help=TRY,
        )
    )
    return _with_repair(finding, node, trial, probes, _sound_regimes(ordinary))


def _sound_regimes(outcomes: Sequence[CaseOutcome]) -> set[str]:
    """The regimes in which the answer makes sense; all of them when it does in none."""
    everywhere = {o.case.instance.regime.name for o in outcomes}
    failing = {o.case.instance.regime.name for o in outcomes if o.error is not None}
    wrong = {o.case.instance.regime.name for o in outcomes if o.error is None and o.distance > 1e-4}
    return (everywhere - failing) & wrong or everywhere


def _by_error(outcomes: Sequence[CaseOutcome], trial: Trial, source: str) -> Judgement | None:
    errors = [o for o in outcomes if o.error is not None]
    if not errors:
        return None
    error = errors[0].error
    assert error is not None
    judgement = from_error(error, source)
    right = _right_regimes(outcomes, trial)
    failing = {o.case.instance.regime.name: o.case.instance.regime for o in errors}
    if len(failing) < len({o.case.instance.regime.name for o in outcomes}):
        when = " or ".join(regime_words(regime) for regime in failing.values())
        judgement = replace(judgement, rationale=f"When {when}: {judgement.rationale}")
    if right:
        also = f"When {' or '.join(regime_words(r) for r in right)} your answer is right."
        judgement = replace(judgement, notes=(*judgement.notes, also))
    return judgement


def _right_regimes(outcomes: Sequence[CaseOutcome], trial: Trial) -> list[Regime]:
    names = {o.case.instance.regime.name: o.case.instance.regime for o in outcomes}
    wrong = {o.case.instance.regime.name for o in outcomes if not o.is_right(trial.tolerance)}
    return [regime for name, regime in names.items() if name not in wrong]


def _by_regime(outcomes: Sequence[CaseOutcome], trial: Trial) -> Judgement | None:
    right = _right_regimes(outcomes, trial)
    names = {o.case.instance.regime.name: o.case.instance.regime for o in outcomes}
    if not right or len(right) == len(names):
        return None
    wrong = [regime for name, regime in names.items() if regime not in right]
    good, bad = (" or ".join(regime_words(r) for r in group) for group in (right, wrong))
    return Judgement(
        says="regime",
        credit=0.0,
        rationale=f"Your answer is right when {good}, not when {bad}.",
        help="Which step of yours needs that case?",
    )


def _by_edge(outcomes: Sequence[CaseOutcome], trial: Trial) -> Judgement | None:
    wrong = [o for o in outcomes if not o.is_right(trial.tolerance)]
    if not all(o.case.instance.edge for o in wrong) or not wrong:
        return None
    label = wrong[0].case.instance.label
    return Judgement(
        says="edge",
        credit=0.0,
        rationale=f"Your answer is right in general, but not with {label}.",
        help="Look at that special case.",
    )


def _by_factor(outcomes: Sequence[CaseOutcome], trial: Trial) -> Judgement | None:
    ratios: list[tuple[Case, float]] = []
    for outcome in outcomes:
        if outcome.value is None or outcome.value.shape != outcome.case.reference.shape:
            return None
        for draw, ratio in enumerate(_ratios(outcome.value, outcome.case.reference)):
            if ratio is None:
                return None
            ratios.append((_draw(outcome.case, draw), ratio))
    name = _factor_name(ratios, trial)
    if not name:
        return None
    sign = (
        "Your answer has the opposite sign."
        if name == "-1"
        else (f"Your answer is {name} times the right one.")
    )
    return Judgement(says="factor", credit=0.0, rationale=sign, help="Follow that factor back.")


def _ratios(value: Array, reference: Array) -> Iterator[float | None]:
    """The number that each draw is too large by, None where it is not a multiple."""
    for mine, right in zip(value, reference, strict=True):
        below = float((right * right).sum())
        ratio = float((mine * right).sum()) / below if below > 1e-18 else 0.0
        size = float(np.linalg.norm(mine))
        off = float(np.linalg.norm(mine - ratio * right)) > 1e-7 * max(size, 1e-12)
        yield None if off or abs(ratio) < 1e-9 else ratio


def _draw(case: Case, draw: int) -> Case:
    values = {name: v[draw : draw + 1] for name, v in case.instance.values.items()}
    return Case(case.instance.with_values(values), case.reference[draw : draw + 1])


def _factor_name(ratios: Sequence[tuple[Case, float]], trial: Trial) -> str:
    """2, 1/n, -λ, ...: the first simple quantity that equals the ratio on all data."""
    first = ratios[0][1]
    if all(abs(ratio - first) < 1e-7 * abs(first) for _, ratio in ratios):
        return _fraction(first)  # "" for 1.2345, which says nothing
    for name, values in _quantities(trial, [case for case, _ in ratios]).items():
        for power, shown in ((1, name), (-1, f"1/{name}"), (2, f"{name}²"), (0.5, f"√{name}")):
            quotients = [r / v**power for (_, r), v in zip(ratios, values, strict=True)]
            if all(abs(q - quotients[0]) < 1e-7 * abs(quotients[0]) for q in quotients):
                number = _fraction(quotients[0])
                if number:
                    return shown if number == "1" else f"{number}·{shown}"
    return ""


def _fraction(value: float) -> str:
    for below in (1, 2, 3, 4):
        if abs(value * below - round(value * below)) < 1e-7 * max(abs(value), 1):
            above = round(value * below)
            return str(above) if below == 1 else f"{above}/{below}"
    return ""


def _quantities(trial: Trial, cases: Sequence[Case]) -> dict[str, list[float]]:
    """Sizes and positive numbers of the question, by name."""
    declared = trial.declared
    found = {d: [float(c.instance.sizes[d]) for c in cases] for d in declared.dims}
    for name, shape in declared.shapes.items():
        if shape == ("1", "1"):
            values = [float(c.instance.values[name].flat[0]) for c in cases]
            if all(v > 0 for v in values):
                found[plain_name(name)] = values
    return found


def _by_transpose(outcomes: Sequence[CaseOutcome], trial: Trial) -> Judgement | None:
    for outcome in outcomes:
        if outcome.value is None:
            return None
        turned = np.swapaxes(outcome.value, 1, 2)
        if turned.shape != outcome.case.reference.shape:
            return None
        if float(distance(turned, outcome.case.reference).max()) > trial.tolerance:
            return None
    return Judgement(
        says="transposed",
        credit=0.0,
        rationale="Your answer is the transpose.",
        help="Rows and columns are exchanged.",
    )


def _hint(edit: Edit) -> str:
    """Where to look for the one change, without saying it."""
    return f"One small change would make it right. {edit.hint}".strip()


def _with_repair(
    judgement: Judgement, node: n.Node, trial: Trial, probes: Sequence[Case], regimes: set[str]
) -> Judgement:
    probes = [case for case in probes if case.instance.regime.name in regimes]
    if judgement.says == "factor":
        return judgement
    ordinary = [case for case in trial.cases if case.instance.regime.name in regimes]
    ordinary = [case for case in ordinary if not case.instance.edge]
    for count, edit in enumerate(edits(node, trial.declared)):
        if count >= MAX_EDITS:
            break
        if trial.holds(edit.node, probes) and trial.holds(edit.node, ordinary):
            says = "edit" if judgement.says == "different" else judgement.says
            return replace(
                judgement,
                says=says,
                edit=edit.name,
                repair=f"It would be right {edit.words}.",
                help=judgement.help if says != "edit" else _hint(edit),
            )
    return judgement
