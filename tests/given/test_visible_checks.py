"""The checks in the notebooks, held against the mistakes that students make most.

Each has to be caught where it is made, and the message has to name it or at least nothing else.
"""

from __future__ import annotations

import pytest

from .slips import Slip, expect_named

SHIFTED = "shifted = x - x.max(axis=1, keepdims=True)"
LOGARITHM = "log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
LAYERS, NETWORK = "nn/layers.py", "nn/classifiers/fc_net.py"
SCORES = 'scores, scores_cache = affine_forward(hidden, W2, self.params["b2"])'
CENTRED, UNCENTRED = "centred = X - X.mean(axis=0)", "centred = X"
ELBOW = 'positions[switching] = -params["b1"]'
FILTERS = "weights = self.params[self.w_name].reshape(-1, self.number_filters)\n        out ="
FLIPPED = FILTERS.replace("[self.w_name]", "[self.w_name][::-1, ::-1]")
HINTS_OF_OTHERS = ("shift", "subtract", "flatten", "regulariser", "ReLU")

SLIPS = (
    Slip(
        "in-place ReLU", "fully_connected_nets", LAYERS, "out = np.maximum(0, x)",
        "x[x < 0] = 0\n    out = x", "relu_forward", "changes its input `x` in place",
    ),
    Slip(
        "in-place softmax", "fully_connected_nets", LAYERS, SHIFTED,
        "x -= x.max(axis=1, keepdims=True)\n    shifted = x", "softmax_loss",
        "changes its input `x` in place",
    ),
    Slip(
        "missing return", "fully_connected_nets", LAYERS, "return out, cache\n\n\ndef affine_back",
        "pass\n\n\ndef affine_back", "affine_forward", "gives None. Does it end with `return`?",
    ),
    Slip(
        "`db` as a mean", "fully_connected_nets", LAYERS, "db = dout.sum(axis=0)",
        "db = dout.mean(axis=0)", "affine_backward",
        "It is the mean over the 10 examples, and has to be their sum.", ("db sums over",),
    ),
    Slip(
        "missing half", "fully_connected_nets", NETWORK, "loss += 0.5 * self.reg * (np.sum(W1",
        "loss += self.reg * (np.sum(W1", "two_layer_loss", "The ½ of the regulariser is missing.",
        ("half of reg times",),
    ),
    Slip(
        "ReLU after the last layer", "fully_connected_nets", NETWORK, SCORES,
        f"{SCORES}\n        scores = np.maximum(scores, 0)", "two_layer_scores",
        "A ReLU follows the last layer; the scores have none.",
    ),
    Slip(
        "softmax without shift", "fully_connected_nets", LAYERS, SHIFTED, "shifted = x",
        "softmax_stability", "nothing is subtracted from the scores: exp(10000) overflows.",
        ("log(0)",),
    ),
    Slip(
        "wrong axis", "fully_connected_nets", LAYERS, LOGARITHM,
        LOGARITHM.replace("axis=1", "axis=0"), "softmax_loss",
        "Each column is divided by its own sum; it has to be each row.",
        HINTS_OF_OTHERS,
    ),
    Slip(
        "transposed weights", "fully_connected_nets", LAYERS, "dw = rows.T @ dout",
        "dw = dout.T @ rows", "affine_backward",
        "has shape (5, 6), expected (6, 5). It is the transpose.",
        HINTS_OF_OTHERS,
    ),
    Slip(
        "log of 0", "fully_connected_nets", LAYERS, LOGARITHM,
        "p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)\n"
        "    log_probabilities = np.log(p)", "softmax_stability",
        "A probability was rounded to 0, and its logarithm taken: log(0).", ("overflows",),
    ),
    Slip(
        "log of a probability that was raised", "fully_connected_nets", LAYERS, LOGARITHM,
        "p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)\n"
        "    log_probabilities = np.log(p + 1e-12)", "softmax_stability",
        "can a probability be 0 before its logarithm is taken?", ("largest score",),
    ),
    Slip(
        "first bias left out", "fully_connected_nets", NETWORK,
        'affine_relu_forward(X, W1, self.params["b1"])',
        'affine_relu_forward(X, W1, 0 * self.params["b1"])', "two_layer_scores",
        "affine with W1 and b1",
    ),
    Slip(
        "mnist: ReLU after the last layer", "mnist_numpy", "mnist_net/network.py",
        'return second @ params["W3"] + params["b3"]',
        'return np.maximum(0, second @ params["W3"] + params["b3"])', "forward",
        "A ReLU follows the last layer; the scores have none.",
    ),
    Slip(
        "mnist: a bias is left out", "mnist_numpy", "mnist_net/network.py",
        'np.maximum(0, first @ params["W2"] + params["b2"])', 'np.maximum(0, first @ params["W2"])',
        "forward", "multiplies by W and adds b",
    ),
    Slip(
        "modular: in-place GELU", "modular_nets", "lib/mlp/layer_utils.py",
        "return 0.5 * feat * (1 + self.meta[1])",
        "feat *= 0.5 * (1 + self.meta[1])\n        return feat", "gelu_forward",
        "changes its input `feat` in place",
    ),
    Slip(
        "modular: `db` as a mean", "modular_nets", "lib/mlp/layer_utils.py",
        "self.grads[self.b_name] = dprev.sum(axis=0)",
        "self.grads[self.b_name] = dprev.mean(axis=0)", "fc_backward",
        "It is the mean over the 6 examples, and has to be their sum.",
    ),
    Slip(
        "modular: missing return", "modular_nets", "lib/mlp/layer_utils.py",
        "return feat @ self.params[self.w_name] + self.params[self.b_name]",
        "feat @ self.params[self.w_name] + self.params[self.b_name]", "fc_forward",
        "gives None. Does it end with `return`?",
    ),
    Slip(
        "least squares: missing return", "least_squares", "linear/ridge.py",
        "return np.linalg.solve(", "np.linalg.solve(", "ridge",
        "gives None. Does it end with `return`?",
    ),
    Slip(
        "least squares: λ without its identity", "least_squares", "linear/ridge.py",
        "lam * np.eye(X.shape[1])", "lam", "ridge", "λ is added to all entries",
    ),
    Slip(
        "pca: samples not centred", "pca_kmeans", "unsupervised/pca.py", CENTRED, UNCENTRED, "pca",
        "The samples are not centred first.",
    ),
    Slip(
        "elbows: wrong sign", "linearized_features", "linearized/shallow.py", ELBOW,
        ELBOW.replace("-params", "params"), "elbows", "The sign is turned",
    ),
    Slip(
        "a filter that is flipped", "modular_nets", "lib/cnn/layer_utils.py", FILTERS, FLIPPED,
        "conv_forward", "The filters are flipped; here they are not.", notebook="cnn.ipynb",
    ),
    Slip(
        "mnist: `db` as a mean", "mnist_numpy", "mnist_net/network.py",
        '"b3": upstream.sum(axis=0)}', '"b3": upstream.mean(axis=0)}', "backward",
        "It is the mean over the 5 examples, and has to be their sum.",
    ),
    Slip(
        "modular: loss without shift", "modular_nets", "lib/mlp/layer_utils.py",
        "shifted = feat - feat.max(axis=1, keepdims=True)", "shifted = feat",
        "cross_entropy_stability",
        "nothing is subtracted from the scores: exp(3000) overflows.", ("log(0)",),
    ),
    Slip(
        "modular: wrong axis", "modular_nets", "lib/mlp/layer_utils.py",
        "return powers / powers.sum(axis=1, keepdims=True)",
        "return powers / powers.sum(axis=0, keepdims=True)", "softmax",
        "Each column is divided by its own sum; it has to be each row.",
    ),
    Slip(
        "modular: `db` of a convolution as a mean", "modular_nets", "lib/cnn/layer_utils.py",
        "np.ones(len(flat), flat.dtype) @ flat", "flat.mean(axis=0)", "conv_backward",
        "It is the mean over all places, and has to be their sum.", notebook="cnn.ipynb",
    ),
    Slip(
        "linearized: ReLU after the last layer", "linearized_features", "linearized/deep.py",
        'return second @ params["W3"][:, 0] + params["b3"]',
        'return np.maximum(0, second @ params["W3"][:, 0] + params["b3"])', "deep_predict",
        "A ReLU follows the last layer; the values have none.",
    ),
    Slip(
        "linearized: a parameter is changed in place", "linearized_features",
        "linearized/shallow.py", '    return (hidden @ params["W2"]',
        '    params["b1"][:] = 0\n    return (hidden @ params["W2"]', "shallow_predict",
        'changes its input `params["b1"]` in place',
    ),
)  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_typical_mistake_is_caught_and_named(slip: Slip) -> None:
    expect_named(slip)
