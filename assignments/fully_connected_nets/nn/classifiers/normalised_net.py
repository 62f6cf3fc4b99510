"""A fully connected network with normalisation and dropout, for ``training_deep_nets.ipynb``."""

import numpy as np

from ..dropout import dropout_backward, dropout_forward
from ..layers import affine_backward, affine_forward, relu_backward, relu_forward, softmax_loss
from ..normalisation import (
    batchnorm_backward,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
)


class NormalisedNet:
    """{affine - [normalisation] - ReLU - [dropout]} x (L - 1) - affine - softmax.

    `params` has ``W<l>`` and ``b<l>`` of every layer l = 1, ..., L as in `FullyConnectedNet`; with
    normalisation also ``gamma<l>`` and ``beta<l>``, of shape (its outputs,), of every hidden layer
    l = 1, ..., L - 1.

    Attributes
    ----------
    num_layers : int, L
    normalisation : "batch", "layer" or None
    norm_params : list of dict
        ``norm_params[l - 1]`` is the ``bn_param`` or ``ln_param`` of hidden layer l.
    dropout_param : dict or None
        For `dropout_forward`; None where nothing is dropped.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        normalisation=None,
        keep=1.0,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        """Make the parameters. This is given.

        Parameters
        ----------
        hidden_dims : list of int
        input_dim, num_classes : int
        normalisation : "batch", "layer" or None
        keep : float in (0, 1]
            The probability that dropout keeps a unit; 1 means no dropout.
        reg, weight_scale, dtype : as for `FullyConnectedNet`
        seed : int or None
            With a number, dropout drops the same units in every step, for gradient checks.
        """
        self.reg, self.dtype = reg, dtype
        self.num_layers = len(hidden_dims) + 1
        self.normalisation = normalisation
        self.norm_params = [{} for _ in hidden_dims]
        self.dropout_param = {"p": keep, "seed": seed} if keep < 1 else None
        self.params = {}
        sizes = [input_dim, *hidden_dims, num_classes]
        for layer in range(1, self.num_layers + 1):
            shape = (sizes[layer - 1], sizes[layer])
            weights = weight_scale * np.random.standard_normal(shape)
            self.params[f"W{layer}"] = weights.astype(dtype)
            self.params[f"b{layer}"] = np.zeros(sizes[layer], dtype)
            if normalisation and layer < self.num_layers:
                self.params[f"gamma{layer}"] = np.ones(sizes[layer], dtype)
                self.params[f"beta{layer}"] = np.zeros(sizes[layer], dtype)

    def loss(self, X, y=None):
        """Scores of the classes, in testing; with labels, the loss and its gradients, in training.

        Parameters, and what is returned, are those of `FullyConnectedNet.loss`: the scores alone
        when `y` is None, otherwise the loss and its gradient for every name in ``self.params``.
        The loss is ``softmax_loss(scores, y) + reg/2 (sum of the squares of all W)``. Biases,
        gamma and beta are not regularised.
        """
        X = X.astype(self.dtype)
        for param in [*self.norm_params, self.dropout_param or {}]:
            param["mode"] = "test" if y is None else "train"
        raise NotImplementedError("TODO(normalised_net)")
