"""Do settings of every wrong kind lose their points, and never become an error of the grader?"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.fully_connected_nets.training import _settings
from autograder.checks.modular_nets.training import chosen_settings
from autograder.judging.check import Finding

GOOD = {"learning_rate": 0.1, "weight_scale": 0.1, "hidden_dim": 8, "batch_size": 8, "epochs": 2}
OWN = ("hidden_dim", "learning_rate")
ODD = ["much", [], [1, 2], {"a": 1}, np.zeros((0, 3)), -1, 0, np.nan, np.inf, b"x", None]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("key", ["hidden_dim", "learning_rate", "batch_size", "epochs"])
def test_modular_nets(key: str, odd: object) -> None:
    with pytest.raises(Finding):
        chosen_settings("tiny_settings", {**GOOD, key: odd}, OWN, max_epochs=2)


@pytest.mark.parametrize("odd", [value for value in ODD if value is not None], ids=repr)
@pytest.mark.parametrize("key", ["weight_scale", "learning_rate"])
def test_fully_connected_nets(key: str, odd: object) -> None:
    with pytest.raises(Finding):
        _settings("three_layers", {**GOOD, key: odd})


@pytest.mark.parametrize("form", [float, np.float32, lambda n: [n], lambda n: np.array([n])])
def test_numbers_in_any_form_are_taken(form) -> None:
    given = {name: form(value) for name, value in GOOD.items() if name != "epochs"}
    assert _settings("three_layers", given) == {
        "weight_scale": pytest.approx(0.1),
        "learning_rate": pytest.approx(0.1),
    }
    given = {**GOOD, "learning_rate": form(0.1), "optimizer": "Adam"}
    own = ("optimizer", "learning_rate")
    assert chosen_settings("cnn_settings", given, own, max_epochs=2) == given
