"""The ten mistakes that students make most, in the other two notebooks of networks.

`test_visible_checks` has them for `fully_connected_nets`. Here each is made wherever it can be: no
parameter of `mnist_numpy` is regularised, and `modular_nets` has a GeLU in place of the ReLU.
"""

from __future__ import annotations

import pytest

from .slips import Slip, expect_named

NET, LAYER = "mnist_net/network.py", "lib/mlp/layer_utils.py"
SHIFTED_SCORES = "shifted = scores - scores.max(axis=1, keepdims=True)"
SHIFTED_FEAT = "shifted = feat - feat.max(axis=1, keepdims=True)"
LOGARITHM = "log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
POWERS = "powers = np.exp(feat - feat.max(axis=1, keepdims=True))"
LOSSES = "losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, label]"
HINTS_OF_OTHERS = ("shift", "subtract", "flatten", "does not fit the loss", "another order")

SLIPS = (
    Slip(
        "mnist: in-place softmax", "mnist_numpy", NET, SHIFTED_SCORES,
        "scores -= scores.max(axis=1, keepdims=True)\n    shifted = scores", "cross_entropy",
        "changes its input `scores` in place",
    ),
    Slip(
        "mnist: in-place ReLU", "mnist_numpy", NET, "rows = X.reshape(len(X), -1)\n",
        "rows = X.reshape(len(X), -1)\n        rows[rows < 0] = 0\n", "forward",
        "changes its input `X` in place",
    ),
    Slip(
        "mnist: missing return of the loss", "mnist_numpy", NET, "    return loss, dscores",
        "    pass", "cross_entropy", "gives None. Does it end with `return`?",
    ),
    Slip(
        "mnist: missing return of the scores", "mnist_numpy", NET, 'return second @ params["W3"]',
        'second @ params["W3"]', "forward", "gives None. Does it end with `return`?",
    ),
    Slip(
        "mnist: softmax without shift", "mnist_numpy", NET, SHIFTED_SCORES, "shifted = scores",
        "large_scores", "nothing is subtracted from the scores: exp(10000) overflows.", ("log(0)",),
    ),
    Slip(
        "mnist: wrong axis", "mnist_numpy", NET, LOGARITHM, LOGARITHM.replace("axis=1", "axis=0"),
        "cross_entropy", "Each column is divided by its own sum; it has to be each row.",
    ),
    Slip(
        "mnist: wrong axis twice", "mnist_numpy", NET, f"{SHIFTED_SCORES}\n    {LOGARITHM}",
        f"{SHIFTED_SCORES}\n    {LOGARITHM}".replace("axis=1", "axis=0"), "cross_entropy",
        "Each column is divided by its own sum; it has to be each row.",
    ),
    Slip(
        "mnist: transposed gradient of weights", "mnist_numpy", NET, '"W3": second.T @ upstream',
        '"W3": upstream.T @ second', "backward",
        "has shape (3, 5), expected (5, 3). It is the transpose.", HINTS_OF_OTHERS,
    ),
    Slip(
        "mnist: transposed weights", "mnist_numpy", NET, "size=(inputs, outputs)",
        "size=(outputs, inputs)", "network_init",
        "W1 has shape (256, 784), expected (784, 256). It is the transpose.",
    ),
    Slip(
        "mnist: log of 0", "mnist_numpy", NET, LOGARITHM,
        "p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)\n"
        "    log_probabilities = np.log(p)", "large_scores",
        "A probability was rounded to 0, and its logarithm taken: log(0).", ("overflows",),
    ),
    Slip(
        "modular: in-place softmax", "modular_nets", LAYER, POWERS,
        "feat -= feat.max(axis=1, keepdims=True)\n    powers = np.exp(feat)", "softmax",
        "changes its input `feat` in place",
    ),
    Slip(
        "modular: in-place loss", "modular_nets", LAYER, SHIFTED_FEAT,
        "feat -= feat.max(axis=1, keepdims=True)\n        shifted = feat",
        "cross_entropy_forward", "changes its input `feat` in place",
    ),
    Slip(
        "modular: softmax without shift", "modular_nets", LAYER, POWERS, "powers = np.exp(feat)",
        "softmax_stability", "nothing is subtracted from the scores: exp(10000) overflows.",
    ),
    Slip(
        "modular: missing return of the loss", "modular_nets", LAYER, "return float(losses.mean()",
        "float(losses.mean()", "cross_entropy_forward", "gives None. Does it end with `return`?",
    ),
    Slip(
        "modular: a half that is not there", "modular_nets", "lib/sequential.py",
        "layer.grads[name] + 2 * lam * value", "layer.grads[name] + lam * value",
        "l2_regularization", "It has a ½ that the formula has not.",
    ),
    Slip(
        "modular: GeLU after the last layer", "modular_nets", "lib/mlp/fully_conn.py",
        'fc(30, 7, init_scale=0.02, name="fc2"),',
        'fc(30, 7, init_scale=0.02, name="fc2"), gelu("last"),', "small_network",
        "A GeLU follows the last layer; the scores have none.",
    ),
    Slip(
        "modular: GeLU after the last layer of TinyNet", "modular_nets", "lib/mlp/fully_conn.py",
        'fc(hidden_dim, num_classes, dtype=dtype, name="fc2"),',
        'fc(hidden_dim, num_classes, dtype=dtype, name="fc2"), gelu("last"),', "tiny_net",
        "A GeLU follows the last layer; the scores have none.",
    ),
    Slip(
        "modular: loss over the wrong axis", "modular_nets", LAYER,
        "np.log(np.exp(shifted).sum(axis=1))", "np.log(np.exp(shifted).sum(axis=0))[label]",
        "cross_entropy_forward", "Each column is divided by its own sum; it has to be each row.",
    ),
    Slip(
        "modular: transposed gradient of weights", "modular_nets", LAYER, "feat.T @ dprev",
        "dprev.T @ feat", "fc_backward",
        "has shape (5, 12), expected (12, 5). It is the transpose.",
    ),
    Slip(
        "modular: log of 0", "modular_nets", LAYER, LOSSES,
        "losses = -np.log(softmax(feat)[rows, label])", "cross_entropy_stability",
        "A probability was rounded to 0, and its logarithm taken: log(0).", ("overflows",),
    ),
)  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_typical_mistake_is_caught_and_named(slip: Slip) -> None:
    expect_named(slip)
