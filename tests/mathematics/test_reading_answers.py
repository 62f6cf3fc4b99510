"""Every collected answer is read as its hand-written meaning says, or refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.judging.mathematics.computing.evaluate import evaluate
from autograder.judging.mathematics.reading.answers import final_answer
from autograder.judging.mathematics.reading.errors import MathematicsError
from autograder.judging.mathematics.reading.markdown import answer_text
from autograder.judging.mathematics.reading.render import latex
from autograder.judging.mathematics.reading.shapes import fitted
from autograder.judging.mathematics.reading.sizes import Shape
from autograder.judging.mathematics.reading.statements import formula

HERE = Path(__file__).parent


def _entries(name):
    data = json.loads((HERE / f"answers_{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(entry, id=entry["id"]) for entry in data["answers"]]


ALL = [*_entries("sixty"), *_entries("first"), *_entries("second"), *_entries("third")]
VALUES = [p for p in ALL if "means" in p.values[0]]
REFUSALS = [p for p in ALL if "refuse" in p.values[0]]


def _read(entry, world):
    return final_answer(formula(answer_text(entry["answer"]), world.declared)).node


def _value(node, entry, world, instance):
    shape = entry.get("shape")
    expected = None
    if shape is not None:
        sizes = [world.declared.size(size, instance.regime) for size in (*shape, "1", "1")[:2]]
        expected = Shape(*sizes)
    fit = fitted(node, world.declared, instance.regime, expected=expected)
    return evaluate(fit.node, instance)


def _everywhere(entry, world):
    node = _read(entry, world)
    return [_value(node, entry, world, instance) for instance in world.instances]


def _right(meaning, numbers):
    with np.errstate(all="ignore"):
        right = np.asarray(meaning(numbers), dtype=float)
    if right.ndim == 0:
        return right.reshape(1, 1)
    return right[:, None] if right.ndim == 1 else right


@pytest.mark.parametrize("entry", VALUES)
def test_an_answer_has_the_value_that_it_means(entry, worlds, meanings, numbers_of):
    world = worlds[entry["world"]]
    try:
        node = _read(entry, world)
    except MathematicsError:
        assert entry.get("or_refuse"), "refused, though it has a meaning"
        return
    compared = 0
    for instance in world.instances:
        try:
            values = _value(node, entry, world, instance)
        except MathematicsError:
            continue  # not defined in this regime
        for draw, value in enumerate(values):
            try:
                right = _right(meanings[entry["means"]], numbers_of(instance, draw))
            except np.linalg.LinAlgError:
                continue
            np.testing.assert_allclose(value, right, rtol=1e-7, atol=1e-9, strict=True)
            compared += 1
    assert compared >= 4 or entry.get("or_refuse")


@pytest.mark.parametrize("entry", REFUSALS)
def test_an_answer_without_a_value_is_refused_with_a_way_out(entry, worlds):
    world = worlds[entry["world"]]
    with pytest.raises(MathematicsError) as caught:
        _everywhere(entry, world)
    assert caught.value.says in entry["refuse"]
    assert caught.value.help


def test_the_sets_are_as_large_as_the_issue_asks():
    assert len(_entries("sixty")) == 60
    assert len(_entries("first")) >= 75
    assert len(_entries("first")) + len(_entries("second")) >= 150


@pytest.mark.parametrize("entry", VALUES)
def test_what_is_shown_as_understood_reads_back_as_the_same(entry, worlds):
    world = worlds[entry["world"]]
    try:
        node = _read(entry, world)
    except MathematicsError:
        assert entry.get("or_refuse")
        return
    again = final_answer(formula(latex(node), world.declared)).node
    for instance in world.instances:
        try:
            values = _value(node, entry, world, instance)
        except MathematicsError:
            continue
        np.testing.assert_allclose(_value(again, entry, world, instance), values, rtol=1e-9)
