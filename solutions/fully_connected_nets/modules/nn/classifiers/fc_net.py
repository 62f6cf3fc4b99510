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
        ### BEGIN SOLUTION two_layer_init
        self.params["W1"] = weight_scale * np.random.standard_normal((input_dim, hidden_dim))
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = weight_scale * np.random.standard_normal((hidden_dim, num_classes))
        self.params["b2"] = np.zeros(num_classes)
        ### END SOLUTION

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
        ### BEGIN SOLUTION two_layer_scores
        W1, W2 = self.params["W1"], self.params["W2"]
        hidden, hidden_cache = affine_relu_forward(X, W1, self.params["b1"])
        scores, scores_cache = affine_forward(hidden, W2, self.params["b2"])
        ### END SOLUTION
        if y is None:
            return scores

        # Compute `loss` and the dictionary `grads`.
        ### BEGIN SOLUTION two_layer_loss
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, scores_cache)
        _, grads["W1"], grads["b1"] = affine_relu_backward(dhidden, hidden_cache)
        grads["W1"] += self.reg * W1
        grads["W2"] += self.reg * W2
        ### END SOLUTION
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
        ### BEGIN SOLUTION fc_net_init
        sizes = [input_dim, *hidden_dims, num_classes]
        for layer in range(1, self.num_layers + 1):
            shape = (sizes[layer - 1], sizes[layer])
            weights = weight_scale * np.random.standard_normal(shape)
            self.params[f"W{layer}"] = weights.astype(dtype)
            self.params[f"b{layer}"] = np.zeros(sizes[layer], dtype=dtype)
        ### END SOLUTION

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
        ### BEGIN SOLUTION fc_net_scores
        caches = []
        hidden = X
        for layer in range(1, self.num_layers):
            W, b = self.params[f"W{layer}"], self.params[f"b{layer}"]
            hidden, cache = affine_relu_forward(hidden, W, b)
            caches.append(cache)
        W, b = self.params[f"W{self.num_layers}"], self.params[f"b{self.num_layers}"]
        scores, last_cache = affine_forward(hidden, W, b)
        ### END SOLUTION
        if y is None:
            return scores

        # Compute `loss` and the dictionary `grads`.
        ### BEGIN SOLUTION fc_net_loss
        grads = {}
        last = self.num_layers
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dscores, last_cache)
        for layer in range(last - 1, 0, -1):
            dhidden, dW, db = affine_relu_backward(dhidden, caches[layer - 1])
            grads[f"W{layer}"], grads[f"b{layer}"] = dW, db
        for layer in range(1, last + 1):
            W = self.params[f"W{layer}"]
            loss += 0.5 * self.reg * np.sum(W * W)
            grads[f"W{layer}"] += self.reg * W
        ### END SOLUTION
        return loss, grads
