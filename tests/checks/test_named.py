"""Mistakes of real submissions: the message names the one that was made, and nothing else.

The checks run in this process, on the reference with a text replaced.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.authoring import read_assignment, reference_files
from autograder.course import shipped_course
from autograder.judging.check import Finding, load_checks
from autograder.judging.handed_in import HandedIn

ASSIGNMENT = read_assignment("fully_connected_nets", shipped_course())
CHECKS = load_checks(ASSIGNMENT)
LAYERS, NETS = "nn/layers.py", "nn/classifiers/fc_net.py"
LOG = "log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
P = "p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)"
LOSS = "loss, dscores = softmax_loss(scores, y)\n        loss += 0.5 * self.reg * (np.sum(W1"
FIRST = "affine_relu_forward(X, W1, "

Load = Callable[..., Any]


@pytest.fixture
def load(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_this_process: Any,
    write_files: Callable[..., None],
) -> Iterator[Load]:
    """A function that imports the reference, with a text in it replaced, as a student."""

    def import_with(path: str, find: str, replace: str) -> Any:
        files = dict(reference_files(ASSIGNMENT))
        text = files[path].decode()
        assert find in text
        files[path] = text.replace(find, replace, 1).encode()
        write_files(tmp_path, files)
        monkeypatch.syspath_prepend(tmp_path)
        forget()
        for name in ("layers", "layer_utils", "optim", "classifiers.fc_net"):
            importlib.import_module(f"nn.{name}")
        nn = sys.modules["nn"]
        return in_this_process(HandedIn(assignment=ASSIGNMENT), **vars(nn))

    yield import_with
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "nn"]:
        del sys.modules[name]


CASES = {
    "first bias left out": (
        "two_layer_scores", (NETS, FIRST + 'self.params["b1"])', FIRST + "np.zeros(len(W1.T)))"),
        "`scores`: the biases `b1` are not added.",
    ),
    "last bias left out": (
        "fc_net_scores",
        (NETS, 'self.params[f"b{self.num_layers}"]\n', '0 * self.params[f"b{self.num_layers}"]\n'),
        "`scores`: the biases `b2` are not added.",
    ),
    "loss summed in the network": (
        "two_layer_loss", (NETS, LOSS, LOSS.replace("loss +=", "loss *= len(X)\n        loss +=")),
        "gives `loss` that is 5 times the right value, and 5 is the number of rows.",
    ),
    "bias gradient not averaged": (
        "two_layer_loss",
        (NETS, 'grads["W1"] += self.reg * W1\n', 'grads["W1"] += self.reg * W1\n'
         '        grads["b2"] *= len(X)\n'),
        "gives `grads['b2']` that is 5 times the right value, and 5 is the number of rows.",
    ),
    "a small number under the logarithm": (
        "softmax_stability",
        (LAYERS, LOG, f"{P}\n    log_probabilities = np.log(p + 1e-12)"),
        "`loss`: the logarithm has 1e-12 where the probability is smaller than that.",
    ),
    "probabilities clipped": (
        "softmax_stability",
        (LAYERS, LOG, f"{P}\n    log_probabilities = np.log(np.clip(p, 1e-9, 1))"),
        "`loss`: the logarithm has 1e-09 where the probability is smaller than that.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_message_names_the_mistake(load: Load, case: tuple[str, Any, str]) -> None:
    check, edit, says = case
    with pytest.raises(Finding) as found:
        CHECKS[check].run(load(*edit), np.random.default_rng(1))
    assert says in found.value.rationale


def test_help_that_was_not_computed_states_the_whole_rule(load: Load) -> None:
    edit = NETS, FIRST + 'self.params["b1"])', FIRST + 'self.params["b1"] ** 2)'
    with pytest.raises(Finding) as found:
        CHECKS["two_layer_scores"].run(load(*edit), np.random.default_rng(1))
    assert "gives wrong values" in found.value.rationale
    assert found.value.help == (
        "Every layer multiplies by W and adds b; a ReLU follows each but the last."
    )
