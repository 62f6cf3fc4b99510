"""Answers as students write them: names of functions, left sides, what stands behind, spellings.

Each has the meaning of a formula in plain notation, whose own reading other tests prove, or must be
refused. What is refused although it has a meaning is listed, so that the list can only shrink.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.judging.mathematics import judge, question
from autograder.judging.mathematics.computing.evaluate import evaluate
from autograder.judging.mathematics.reading.answers import final_answer
from autograder.judging.mathematics.reading.errors import MathematicsError
from autograder.judging.mathematics.reading.markdown import answer_text
from autograder.judging.mathematics.reading.shapes import fitted
from autograder.judging.mathematics.reading.statements import formula
from autograder.judging.mathematics.specification import TOP

HERE = Path(__file__).parent
CHECKS = HERE.parent.parent / "autograder" / "checks"
LOST = {
    r"w = (X^TX+\lambda I)^{-1}X^Ty\quad \text{q.e.d.}",
    r"w = (X^TX+\lambda I)^{-1}X^Ty \mid \lambda > 0",
    "t(X) %*% y",
    "np.sum(np.diag(Lambda))",
    r"\|\Sigma^{-1/2}(x-\mu)\|^2",
    r"w = (X^TX+\lambda I)^{-1}X^Ty\tag*{$\square$}",
}


def _entries(name):
    data = json.loads((HERE / f"answers_{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(entry, id=f"{name}-{entry['id']}") for entry in data["answers"]]


ALL = [*_entries("spelled"), *_entries("spelled_again")]


def _instances(world):
    first = {}
    for instance in world.instances:
        first.setdefault(instance.regime.name, []).append(instance)
    return [instance for batch in first.values() for instance in batch[:2]]


def _values(text, world):
    node = final_answer(formula(answer_text(text), world.declared)).node
    return [
        evaluate(fitted(node, world.declared, instance.regime).node, instance)
        for instance in _instances(world)
    ]


@pytest.mark.parametrize("entry", [p for p in ALL if "as" in p.values[0]])
def test_a_spelling_has_the_value_of_what_it_means(entry, worlds):
    world = worlds[entry["world"]]
    try:
        found = _values(entry["answer"], world)
    except MathematicsError:
        assert entry.get("or_refuse") or entry["answer"] in LOST
        return
    assert entry["answer"] not in LOST
    for mine, right in zip(found, _values(entry["as"], world), strict=True):
        np.testing.assert_allclose(mine, right, rtol=1e-8, atol=1e-10, strict=True)


@pytest.mark.parametrize("entry", [p for p in ALL if "refuse" in p.values[0]])
def test_a_spelling_with_two_meanings_is_refused_with_a_way_out(entry, worlds):
    with pytest.raises(MathematicsError) as caught:
        _values(entry["answer"], worlds[entry["world"]])
    assert caught.value.help


def test_at_most_three_in_a_hundred_are_lost():
    assert len(ALL) > 600
    assert len(LOST) < 0.03 * len(ALL)


def _asked(name):
    (path,) = CHECKS.glob(f"*/written/{name}.toml")
    plain = load_without_teach(path)
    return question(plain)


def load_without_teach(path):
    import tomllib

    plain = tomllib.loads(path.read_text(encoding="utf-8"))
    for wrong in plain.get("wrong", []):
        wrong.pop("teach", None)
    return {key: value for key, value in plain.items() if key in TOP}
