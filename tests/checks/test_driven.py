"""Training that the judge drives: right networks learn, and no other settings help wrong ones."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.judging.check import Finding, check_modules

SIZES = (6, 12, 3)
Array = np.ndarray[Any, np.dtype[Any]]


def room(name: str) -> Any:
    """A module of the hidden tests' folder that has no checks."""
    training = check_modules(load_assignment("fully_connected_nets", shipped_course()))[0]
    return sys.modules[f"{training.__name__.rpartition('.')[0]}.{name}"]


DRIVEN, FORMULAS = room("driven"), room("formulas")


class Network:
    """A right network; `lie` changes its gradients."""

    def __init__(self, lie: Callable[[int, dict[str, Array]], object] | None = None) -> None:
        self.params = FORMULAS.random_parameters(np.random.default_rng(0), SIZES)
        self.calls = 0
        self._lie = lie

    def loss(self, X: Array, y: Array) -> tuple[float, dict[str, Array]]:
        self.calls += 1
        loss, grads = FORMULAS.loss_and_gradients(self.params, X, y, 0.0)
        if self._lie is not None:
            self._lie(self.calls, grads)
        return loss, grads


def data() -> dict[str, Array]:
    rng = np.random.default_rng(1)
    y = rng.integers(3, size=60)
    X = rng.standard_normal((60, 6)) + 3 * np.eye(3, 6)[y]
    return {"X_train": X[:40], "y_train": y[:40], "X_val": X[40:], "y_val": y[40:]}


def trained(model: Any, *, rate: float = 0.3, scale: float = 0.3, **options: Any) -> Any:
    network, rng = DRIVEN.DrivenNetwork(model, SIZES), np.random.default_rng(2)
    settings = DRIVEN.SgdSettings(learning_rate=rate, batch_size=10, num_epochs=20, lr_decay=0.95)
    return DRIVEN.train(network, network.start(scale, rng), data(), settings, rng, **options)


def said(model: Any, **options: Any) -> str:
    with pytest.raises(Finding) as found:
        trained(model, **options)
    return f"{found.value.rationale} {found.value.help}".strip()


def test_a_right_network_learns_by_its_own_gradients() -> None:
    model = Network()
    found = trained(model)
    assert found.accuracy > 0.8
    assert (len(found.losses), model.calls) == (80, 80)
    assert found.losses[-1] < found.losses[0] / 2


def test_a_share_of_the_updates_is_asked_for_and_gives_the_same() -> None:
    model = Network()
    found = trained(model, asked=0.2)
    assert DRIVEN.FIRST < model.calls < 40
    assert len(found.losses) == 80
    assert found.accuracy > 0.8


def test_training_ends_when_the_verdict_is_certain() -> None:
    assert len(trained(Network(), enough=0.5).losses) < 80


def test_settings_that_learn_nothing_stay_so_whatever_the_network_does_meanwhile() -> None:
    class Trains(Network):
        def loss(self, X: Array, y: Array) -> tuple[float, dict[str, Array]]:
            answer = super().loss(X, y)
            for name in self.params:
                self.params[name] = np.full_like(self.params[name], 7.0)
            return answer

    found = trained(Trains(), rate=1e-9, scale=1e-9)
    assert max(abs(value).max() for value in found.params.values()) < 1e-6


def scaled(call: int, grads: dict[str, Array]) -> None:
    grads["W1"] *= 1e8


def summed_up(call: int, grads: dict[str, Array]) -> None:
    grads["b2"] *= call


def test_a_gradient_of_something_else_is_told() -> None:
    assert said(Network(scaled)).startswith(
        "In training, the gradient of `W1` differs from that of the loss by a vector of length "
    )
    assert said(Network(summed_up), asked=0.1).endswith(
        "Does `loss` change its parameters, or keep something from one call to the next?"
    )


def test_a_gradient_that_is_missing_or_of_another_shape_is_told() -> None:
    assert said(Network(lambda _, grads: grads.pop("b1"))) == "`loss` gives no gradient of `b1`."
    turned = Network(lambda _, grads: grads.update(W1=grads["W1"].T))
    assert said(turned) == "`loss` gives a gradient of `W1` of shape (12, 6), expected (6, 12)."
    empty = Network(lambda _, grads: grads.update(b2=np.zeros(0)))
    assert said(empty) == "`loss` gives a gradient of `b2` of shape (0,), expected (3,)."


def test_a_gradient_that_is_not_finite_is_told() -> None:
    odd = Network(lambda _, grads: grads.update(W2=grads["W2"] * np.nan))
    assert said(odd) == f"In training, the gradient of `W2` is not finite. {DRIVEN.NOT_FINITE}"


def test_a_bias_may_be_a_row_and_a_gradient_in_single_precision() -> None:
    def rows(_: int, grads: dict[str, Array]) -> None:
        grads.update({name: grads[name].astype(np.float32) for name in grads})
        grads["b1"] = grads["b1"].reshape(1, -1)

    model = Network(rows)
    model.params["b1"] = model.params["b1"].reshape(1, -1)
    assert trained(model).accuracy > 0.8
    assert model.params["b1"].shape == (1, 12)


def test_other_parameters_are_told() -> None:
    model = Network()
    model.params["W3"] = np.zeros(3)
    assert said(model) == "`params` holds W1, W2, W3, b1, b2, expected W1, W2, b1, b2."
    model = Network()
    model.params["W1"] = np.zeros((6, 50))
    assert said(model) == "`params['W1']` has shape (6, 50), expected (6, 12)."


def test_training_that_diverges_ends() -> None:
    with np.errstate(all="ignore"):
        found = trained(Network(), rate=1e200)
    assert len(found.losses) < 80
