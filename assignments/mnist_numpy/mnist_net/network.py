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
    raise NotImplementedError("TODO(cross_entropy)")


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
        weights must be random, of that order of size, and none of them infinite.

        Parameters
        ----------
        sizes : four ints, (D, H1, H2, C)
        seed : int or None
            Makes the draws repeatable, through the generator `rng`.
        """
        rng = np.random.default_rng(seed)
        self.params = {}
        raise NotImplementedError("TODO(network_init)")

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
        raise NotImplementedError("TODO(forward)")

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
        raise NotImplementedError("TODO(backward)")
