"""Layers in a row, with one view of all their parameters and gradients."""

import numpy as np


class sequential:
    """A network whose layers follow one another.

    >>> net = sequential(fc(4, 3, name="fc1"), gelu(), fc(3, 2, name="fc2"))    # doctest: +SKIP
    >>> sorted(net.params)                                                      # doctest: +SKIP
    ['fc1_b', 'fc1_w', 'fc2_b', 'fc2_w']

    Attributes
    ----------
    layers : tuple of layers, first to last
    params, grads : dict of name -> array
        Those of all layers together. The dictionaries are made when they are read, the arrays in
        them are the layers' own. To replace a parameter call `assign`.
    """

    def __init__(self, *layers):
        names = [name for layer in layers for name in layer.params]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two layers have a parameter {twice[0]!r}: give each its own name")
        self.layers = layers

    @property
    def params(self):
        return {name: value for layer in self.layers for name, value in layer.params.items()}

    @property
    def grads(self):
        return {name: value for layer in self.layers for name, value in layer.grads.items()}

    def forward(self, feat, is_training=True, seed=None):
        """Send a batch through all layers and return what the last one gives.

        Parameters
        ----------
        feat : array of shape (N, ...)
        is_training : bool
            Passed on to the layers that behave differently in training.
        seed : int or None
            Passed on to the same layers; it makes what they draw repeatable.
        """
        for layer in self.layers:
            if layer.changes_in_training:
                feat = layer.forward(feat, is_training, seed)
            else:
                feat = layer.forward(feat)
        return feat

    def backward(self, dprev):
        """Send a gradient back through all layers; each of them fills its own `grads`.

        A layer's ``backward(dprev)`` takes the gradient of the loss with respect to what the layer
        returned, and returns the gradient with respect to what it was given.

        Parameters
        ----------
        dprev : array of the shape of what `forward` returned

        Returns
        -------
        din : array of the shape of what `forward` was given
        """
        raise NotImplementedError("TODO(sequential)")

    def assign(self, name, value):
        """Give the parameter `name` a new value of the same shape.

        Raises
        ------
        KeyError : no layer has such a parameter.
        ValueError : the shape differs.
        """
        for layer in self.layers:
            if name in layer.params:
                if np.shape(value) != np.shape(layer.params[name]):
                    raise ValueError(
                        f"{name} has shape {np.shape(layer.params[name])}; "
                        f"the new value has shape {np.shape(value)}"
                    )
                layer.params[name] = value
                return
        raise KeyError(f"no layer has a parameter {name!r}; there are {sorted(self.params)}")

    def get_params(self, name):
        """The parameter `name`."""
        return self.params[name]

    def get_grads(self, name):
        """The gradient of the parameter `name`, after `backward`."""
        return self.grads[name]

    def load(self, params):
        """Give every parameter the value that `params` (name -> array) has for it."""
        for name in self.params:
            self.assign(name, np.array(params[name]))

    def apply_l1_regularization(self, lam):
        """Add the gradient of ``lam * sum(|theta|)`` to the gradients of all parameters.

        The sum is over every entry of every weight and bias. Call it after `backward`. Where a
        parameter is exactly 0, any number between -lam and lam is a right gradient.

        Parameters
        ----------
        lam : float
        """
        raise NotImplementedError("TODO(l1_regularization)")

    def apply_l2_regularization(self, lam):
        """Add the gradient of ``lam * sum(theta ** 2)`` to the gradients of all parameters.

        There is no factor 1/2 in this penalty. The sum is over every entry of every weight and
        bias. Call it after `backward`.

        Parameters
        ----------
        lam : float
        """
        raise NotImplementedError("TODO(l2_regularization)")
