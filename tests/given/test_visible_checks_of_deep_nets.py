"""The checks in `training_deep_nets`, held against the mistakes that students make most there."""

from __future__ import annotations

import json
from functools import cache

import pytest

from autograder.assignment import load_assignment
from autograder.authoring import reference_files, run_notebook

NOTEBOOK = "training_deep_nets.ipynb"
OPTIM, NORMALISATION, DROPOUT = "nn/optim.py", "nn/normalisation.py", "nn/dropout.py"
NETWORK = "nn/classifiers/normalised_net.py"
MASK = "mask = (rng.random(x.shape) < p) / p"
CENTRED = "dx = (g - g.mean(axis=0) - normal * (g * normal).mean(axis=0)) / std"

# Module, what is right in it, what the student wrote, the check, and what the message says.
SLIPS = {
    "velocity lost": (
        OPTIM, 'config["velocity"] = velocity', 'config["other"] = velocity', "sgd_momentum",
        "The velocity of the first step is lost: is it stored in `config`?",
    ),
    "root missing": (
        OPTIM, 'scale = np.sqrt(config["cache"]) +', 'scale = config["cache"] +', "rmsprop",
        "The root is missing.",
    ),
    "no bias correction of m": (
        OPTIM, 'm_hat = config["m"] / (1 - beta1 ** config["t"])', 'm_hat = config["m"]', "adam",
        "m has no bias correction.",
    ),
    "t is counted after the step": (
        OPTIM, '    config["t"] += 1\n', "", "adam",
        "The corrections have divided by 0: is t still 0 in the first step?",
    ),
    "variance without its root": (
        NORMALISATION, 'std = np.sqrt(var + bn_param["eps"])', 'std = var + bn_param["eps"]',
        "batchnorm_forward", "It is divided by the variance, not by its root.",
    ),
    "running averages discarded": (
        NORMALISATION, 'bn_param["running_mean"] = keep *', "_ = keep *", "batchnorm_running",
        "batchnorm_forward(x, ...)[0] in testing",
    ),
    "statistics as fixed numbers": (
        NORMALISATION, CENTRED, "dx = g / std", "batchnorm_backward",
        "Mean and variance are treated as fixed numbers.",
    ),
    "layer statistics as fixed numbers": (
        NORMALISATION, "dx = (inner - across - rows * along) / deviation", "dx = inner / deviation",
        "layernorm_backward", "Mean and variance are treated as fixed numbers.",
    ),
    "keep and drop exchanged": (
        DROPOUT, MASK, "mask = (rng.random(x.shape) > p) / (1 - p)", "dropout_forward",
        "p is the probability that an entry stays.",
    ),
    "dropout unscaled": (
        DROPOUT, MASK, "mask = rng.random(x.shape) < p", "dropout_forward",
        "What stays is not divided by p.",
    ),
    "regulariser's gradient missing": (
        NETWORK, 'grads[f"W{layer}"] += self.reg * W', "pass", "normalised_net",
        "The regulariser's share is missing.",
    ),
    "testing in training mode": (
        NETWORK, 'param["mode"] = "test" if y is None else "train"', 'param["mode"] = "train"',
        "normalised_net_testing", "Testing draws nothing, and changes no running average.",
    ),
    "missing half": (
        NETWORK, "loss += 0.5 * self.reg", "loss += self.reg", "normalised_net",
        "The ½ is missing.",
    ),
    "ReLU after the last layer": (
        NETWORK, "        if y is None:\n            return scores",
        "        scores = np.maximum(scores, 0)\n        if y is None:\n            return scores",
        "normalised_net", "A ReLU follows the last layer; the scores have none.",
    ),
    "dgamma as a mean": (
        NORMALISATION, "dgamma = (dout * normal).sum(axis=0)",
        "dgamma = (dout * normal).mean(axis=0)", "batchnorm_backward",
        "It is the mean over the batch; it has to be the sum.",
    ),
}  # fmt: skip


@cache
def solved() -> dict[str, bytes]:
    """The solved files, without the cells that train for a picture."""
    files = reference_files(load_assignment("fully_connected_nets"))
    notebook = json.loads(files[NOTEBOOK])
    for cell in notebook["cells"]:
        if "plt.subplots" in "".join(cell["source"]):
            cell["source"] = ""
    return {**files, NOTEBOOK: json.dumps(notebook).encode()}


@pytest.mark.parametrize("name", SLIPS)
def test_a_typical_mistake_is_caught_and_named(name: str) -> None:
    module, right, wrong, check, says = SLIPS[name]
    files = dict(solved())
    text = files[module].decode()
    assert text.count(right) == 1
    files[module] = text.replace(right, wrong).encode()
    ran = run_notebook(files, NOTEBOOK)
    cell = json.loads(files[NOTEBOOK])["cells"][ran.cell]
    assert cell["metadata"]["nbgrader"]["grade_id"] == check, ran.problem
    assert says in ran.problem


def test_the_solved_notebook_runs_without_its_pictures() -> None:
    assert not run_notebook(solved(), NOTEBOOK).problem
