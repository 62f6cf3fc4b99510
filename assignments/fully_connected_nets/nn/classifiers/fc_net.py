"""Fully connected networks: with one hidden layer, and with any number of them."""

import numpy as np

from ..layer_utils import affine_relu_backward, affine_relu_forward
from ..layers import affine_backward, affine_forward, softmax_loss


class TwoLayerNet:
    """affine - ReLU - affine - softmax, with L2 regularisation.

    The input has D numbers for each example (any shape; the affine layer flattens it), the hidden
    layer has H units, and there are C classes. `params` maps names to arrays:

    ======  ========  ==========================
    name    shape     what it is
    ======  ========  ==========================
    W1      (D, H)    weights of the first layer
    b1      (H,)      biases of the first layer
    W2      (H, C)    weights of the second layer
    b2      (C,)      biases of the second layer
    ======  ========  ==========================
    """

    def __init__(
        self,
        input_dim=3 * 32 * 32,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
    ):
        """Draw the weights and set the biases to 0.

        Weights are independent draws from a normal distribution with mean 0 and standard
        deviation `weight_scale`. Store them in ``self.params``.

        Parameters
        ----------
        input_dim : int, D
        hidden_dim : int, H
        num_classes : int, C
        weight_scale : float
            Standard deviation of the weights.
        reg : float
            Strength of the L2 regularisation.
        """
        self.params = {}
        self.reg = reg
        raise NotImplementedError("TODO(two_layer_init)")

    def loss(self, X, y=None):
        """Scores of the classes; with labels, the loss and its gradients.

            h = max(0, rows(X) W1 + b1),    scores = h W2 + b2

            L = softmax_loss(scores, y) + reg/2 (sum of W1^2 + sum of W2^2)

        The factor 1/2 makes the regulariser's gradient with respect to W plainly ``reg * W``.
        Biases are not regularised.

        Parameters
        ----------
        X : array of shape (N, d_1, ..., d_k)
            N examples. It is not changed.
        y : integer array of shape (N,), or None
            Labels.

        Returns
        -------
        scores : array of shape (N, C)
            Only this, when `y` is None.
        loss : float
        grads : dict
            The gradient of the loss for every name in ``self.params``, of the same shape.
        """
        # Compute `scores`, and keep the caches for below.
        raise NotImplementedError("TODO(two_layer_scores)")
        if y is None:
            return scores

        # Compute `loss` and the dictionary `grads`.
        raise NotImplementedError("TODO(two_layer_loss)")
        return loss, grads


class FullyConnectedNet:
    """{affine - ReLU} x (L - 1) - affine - softmax, with L2 regularisation.

    L = len(hidden_dims) + 1 is the number of layers with parameters, ``self.num_layers``.
    Layer l = 1, ..., L has the weights ``params["W<l>"]`` of shape (its inputs, its outputs) and
    the biases ``params["b<l>"]`` of shape (its outputs,).
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
    ):
        """Draw the weights and set the biases to 0.

        Parameters
        ----------
        hidden_dims : list of int
            The size of every hidden layer; an empty list is a linear classifier.
        input_dim : int
            Numbers in each example.
        num_classes : int
        reg : float
            Strength of the L2 regularisation.
        weight_scale : float
            Standard deviation of the weights, whose mean is 0.
        dtype : NumPy floating type
            The type of all parameters, and so of everything computed from them. Gradient checks
            need float64.
        """
        self.params = {}
        self.reg = reg
        self.dtype = dtype
        self.num_layers = len(hidden_dims) + 1
        raise NotImplementedError("TODO(fc_net_init)")

    def loss(self, X, y=None):
        """Scores of the classes; with labels, the loss and its gradients.

        The loss is ``softmax_loss(scores, y) + reg/2 (sum of the squares of all weights)``.
        Biases are not regularised.

        Parameters
        ----------
        X : array of shape (N, d_1, ..., d_k)
            N examples. It is not changed.
        y : integer array of shape (N,), or None
            Labels.

        Returns
        -------
        scores : array of shape (N, C)
            Only this, when `y` is None.
        loss : float
        grads : dict
            The gradient of the loss for every name in ``self.params``, of the same shape.
        """
        X = X.astype(self.dtype)
        # Compute `scores`, and keep the caches for below.
        raise NotImplementedError("TODO(fc_net_scores)")
        if y is None:
            return scores

        # Compute `loss` and the dictionary `grads`.
        raise NotImplementedError("TODO(fc_net_loss)")
        return loss, grads
