"""The network: parameters, scores, loss and gradients. Knows nothing of training or of data."""

import numpy as np


def cross_entropy(scores, y):
    """Mean cross-entropy of the softmax of the scores, and its gradient.

    For example i with scores s_i and label y_i, and with ln the natural logarithm,

        p_ij = exp(s_ij) / sum_k exp(s_ik),    L = -(1/N) sum_i ln p_i,y_i

        dL/ds_ij = (p_ij - [j = y_i]) / N.

    A number that is added to all scores of an example cancels in p_ij. Use it against overflow:
    scores of 10,000 and of -10,000 must give a finite loss and a finite gradient.

    Parameters
    ----------
    scores : array of shape (N, C)
        One row for each example. It is not changed.
    y : integer array of shape (N,)
        Labels, 0 <= y[i] < C.

    Returns
    -------
    loss : float
    dscores : array of shape (N, C)
        Gradient of the loss with respect to `scores`.
    """
    ### BEGIN SOLUTION cross_entropy
    rows = np.arange(len(scores))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_probabilities[rows, y].mean()
    dscores = np.exp(log_probabilities)
    dscores[rows, y] -= 1
    dscores /= len(scores)
    return loss, dscores
    ### END SOLUTION


class Network:
    """affine - ReLU - affine - ReLU - affine: scores of C classes for inputs of D numbers.

    `params` maps names to arrays. With ``sizes = (D, H1, H2, C)``:

    ======  =========  =======================
    name    shape      what it is
    ======  =========  =======================
    W1      (D, H1)    weights, first layer
    b1      (H1,)      biases, first layer
    W2      (H1, H2)   weights, second layer
    b2      (H2,)      biases, second layer
    W3      (H2, C)    weights, third layer
    b3      (C,)       biases, third layer
    ======  =========  =======================
    """

    def __init__(self, sizes=(784, 256, 256, 10), seed=None):
        """Draw the parameters.

        PyTorch's `Linear` draws the weights and the biases of a layer with n inputs uniformly
        between -1/sqrt(n) and 1/sqrt(n). Do the same, or something else that trains as well: the
        weights must be random, and of that order of size in every layer.

        Parameters
        ----------
        sizes : four ints, (D, H1, H2, C)
        seed : int or None
            Makes the draws repeatable, through the generator `rng`.
        """
        rng = np.random.default_rng(seed)
        self.params = {}
        ### BEGIN SOLUTION network_init
        for layer in (1, 2, 3):
            inputs, outputs = sizes[layer - 1], sizes[layer]
            bound = 1 / np.sqrt(inputs)
            weights = rng.uniform(-bound, bound, size=(inputs, outputs))
            biases = rng.uniform(-bound, bound, size=outputs)
            self.params[f"W{layer}"] = weights.astype(np.float32)
            self.params[f"b{layer}"] = biases.astype(np.float32)
        ### END SOLUTION

    def forward(self, X):
        """The scores, before any softmax.

            h1 = max(0, rows(X) W1 + b1),    h2 = max(0, h1 W2 + b2),    scores = h2 W3 + b3

        ``rows(X)`` is `X` with every example flattened to one row of D numbers.

        Parameters
        ----------
        X : array of shape (N, d_1, ..., d_k) with D = d_1 * ... * d_k
            It is not changed.

        Returns
        -------
        scores : array of shape (N, C)
        """
        ### BEGIN SOLUTION forward
        params = self.params
        rows = X.reshape(len(X), -1)
        first = np.maximum(0, rows @ params["W1"] + params["b1"])
        second = np.maximum(0, first @ params["W2"] + params["b2"])
        self._values = rows, first, second
        return second @ params["W3"] + params["b3"]
        ### END SOLUTION

    def backward(self, X, y):
        """Loss and gradients of one batch.

        Parameters
        ----------
        X : array of shape (N, d_1, ..., d_k)
        y : integer array of shape (N,)

        Returns
        -------
        loss : float
            ``cross_entropy`` of the scores.
        grads : dict
            For every name in ``self.params`` the gradient of the loss, of the same shape.
        """
        ### BEGIN SOLUTION backward
        loss, upstream = cross_entropy(self.forward(X), y)
        rows, first, second = self._values
        grads = {"W3": second.T @ upstream, "b3": upstream.sum(axis=0)}
        upstream = upstream @ self.params["W3"].T
        upstream *= second > 0
        grads["W2"], grads["b2"] = first.T @ upstream, upstream.sum(axis=0)
        upstream = upstream @ self.params["W2"].T
        upstream *= first > 0
        grads["W1"], grads["b1"] = rows.T @ upstream, upstream.sum(axis=0)
        return loss, grads
        ### END SOLUTION
