"""Extra credit: batch normalisation, for rows as well as for images."""

import numpy as np

from ..layer import Layer


class batch_norm(Layer):
    """Give every feature mean `beta` and standard deviation `gamma` over the batch.

    A feature is an entry of the last axis; all other axes belong to the batch. In training

        out = gamma * (x - mean) / sqrt(var + eps) + beta

    with the mean and the variance (divided by the number of values, not by one less) of this
    batch, and afterwards

        running_mean <- momentum * running_mean + (1 - momentum) * mean

    and likewise `running_var` with the variance. Otherwise the running values take the place of
    mean and var, and nothing is updated.

    Parameters
    ----------
    num_features : int
    momentum, eps : float
    dtype : NumPy type of the parameters
    name : str
        The parameters are called ``<name>_gamma`` and ``<name>_beta``.
    """

    changes_in_training = True

    def __init__(self, num_features, momentum=0.9, eps=1e-5, dtype=np.float64, name="batch_norm"):
        super().__init__(name)
        self.momentum, self.eps = momentum, eps
        self.gamma_name, self.beta_name = f"{name}_gamma", f"{name}_beta"
        self.params[self.gamma_name] = np.ones(num_features, dtype)
        self.params[self.beta_name] = np.zeros(num_features, dtype)
        self.running_mean = np.zeros(num_features, dtype)
        self.running_var = np.ones(num_features, dtype)

    def forward(self, feat, is_training=True, seed=None):
        """Normalise.

        Parameters
        ----------
        feat : array of shape (N, ..., num_features)
        is_training : bool
        seed : ignored; there is nothing random here

        Returns
        -------
        out : array of the shape of `feat`
        """
        raise NotImplementedError("TODO(batch_norm_forward)")

    def backward(self, dprev):
        """Store the gradients of gamma and beta, return that of `feat`, after training's forward.

        Mean and variance depend on every entry of the batch, so the gradient of one entry depends
        on all others: with g = gamma * dprev, z = (x - mean) / sqrt(var + eps) and means taken
        over the batch,

            dfeat = (g - mean(g) - z * mean(g * z)) / sqrt(var + eps).
        """
        raise NotImplementedError("TODO(batch_norm_backward)")
