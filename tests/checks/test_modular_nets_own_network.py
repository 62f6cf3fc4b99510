"""Does the judge train a student's network as the student's own right code would?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.authoring import Variant, load_variants, mutant_files, reference_files
from autograder.authoring.mutants import TextEdit
from autograder.course import shipped_course
from autograder.grading.seeds import Draws
from autograder.grading.trusted import trusted
from autograder.judging.check import Finding, check_modules, load_checks

ASSIGNMENT = load_assignment("modular_nets", shipped_course())
CNN_TRAINING = load_checks(ASSIGNMENT)["cnn_training"]
MODULES = {module.__name__.rpartition(".")[2]: module for module in check_modules(ASSIGNMENT)}
CONVNETS = MODULES["convnets"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every student for one whose own training takes too long."""
    monkeypatch.setattr(CONVNETS, "PATIENCE", 0.0)


@pytest.fixture
def own_training(monkeypatch: pytest.MonkeyPatch, impatient: None) -> list[object]:
    """The networks that the judge has trained."""
    trained: list[object] = []
    real = CONVNETS.train_network

    def noted(network: object, *rest: object) -> None:
        trained.append(network)
        real(network, *rest)

    monkeypatch.setattr(CONVNETS, "train_network", noted)
    return trained


def raised(files: dict[str, bytes], seed: int = 0) -> Exception | None:
    with trusted(ASSIGNMENT, files) as code:
        return code.run(CNN_TRAINING, Draws(seed=seed, student="ada"))


def with_settings(old: str, new: str) -> dict[str, bytes]:
    edit = TextEdit(file="lessons/cnn.py", find=old, replace=new, count=1, place=("", 1))
    variant = Variant(name="", description="", edits=(edit,))
    return mutant_files(ASSIGNMENT, variant)


def test_the_loops_of_the_variant_reach_it_without_their_own_training(
    own_training: list[object],
) -> None:
    loops = next(one for one in load_variants(ASSIGNMENT) if one.name == "loops")
    assert raised(mutant_files(ASSIGNMENT, loops)) is None
    assert len(own_training) == 1


def test_settings_that_do_not_train_do_not_reach_it(own_training: list[object]) -> None:
    error = raised(with_settings('"learning_rate": 3e-3,', '"learning_rate": 1e-6,'))
    assert isinstance(error, Finding)
    assert error.rationale.startswith("Accuracy 0.")
    assert len(own_training) == 1


def test_layers_that_the_judge_does_not_have_are_trained_by_the_students_code(
    own_training: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = reference_files(ASSIGNMENT)
    text = files["lib/cnn/cnn_models.py"].decode()
    files["lib/cnn/cnn_models.py"] = text.replace(
        "            gelu(),\n", "            type('mine', (gelu,), {})('mine'),\n", 1
    ).encode()
    real, epochs = CONVNETS.train, []

    def short(student: object, model: object, optimiser: object, data: object, chosen: Any) -> Any:
        epochs.append(chosen["epochs"])
        return real(student, model, optimiser, data, {**chosen, "epochs": 1})

    monkeypatch.setattr(CONVNETS, "train", short)
    assert isinstance(raised(files), Finding)
    assert epochs == [1, 8]  # one to see how long an update takes
    assert own_training == []


def test_a_quick_student_is_trained_by_their_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the student's own training is quick enough")

    monkeypatch.setattr(CONVNETS, "read_network", never)
    monkeypatch.setattr(CONVNETS, "PATIENCE", 1e6)
    assert raised(reference_files(ASSIGNMENT)) is None


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 2), (2, 1), (3, 0)])
def test_its_layers_are_those_of_the_formulas(stride: int, padding: int) -> None:
    from importlib import import_module

    package = CONVNETS.__package__
    layers, formulas = (import_module(f"{package}.{n}") for n in ("own_layers", "formulas"))
    rng = np.random.default_rng(stride)
    x = rng.standard_normal((3, 9, 7, 2)).astype(np.float32)
    w, b = rng.standard_normal((3, 3, 2, 4)), rng.standard_normal(4)
    layer = layers.Convolution(stride, padding, w=w, b=b)
    right = formulas.convolve(x, w, b, stride, padding)
    np.testing.assert_allclose(layer.forward(x), right, rtol=1e-3, atol=1e-4)
    upstream = rng.standard_normal(right.shape).astype(np.float32)
    dx, dw = formulas.convolution_gradients(x, w, upstream, stride, padding)
    np.testing.assert_allclose(layer.backward(upstream), dx, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(layer.grads["w"], dw, rtol=1e-3, atol=1e-3)
    pooling = layers.Pooling(3, stride)
    np.testing.assert_array_equal(pooling.forward(x), formulas.pool(x, 3, stride))
    upstream = rng.standard_normal(pooling.forward(x).shape).astype(np.float32)
    right = formulas.pool_gradient(x, upstream, 3, stride)
    np.testing.assert_allclose(pooling.backward(upstream), right, rtol=1e-5, atol=1e-6)
