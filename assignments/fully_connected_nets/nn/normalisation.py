"""Batch and layer normalisation, forward and backward, after the contract of `nn.layers`.

Both are for ``training_deep_nets.ipynb``.
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise every feature over the batch (Ioffe and Szegedy, 2015).

    In training, with the mean and the variance of each column of `x` (the variance is divided by
    N, not by N - 1),

        out = gamma * (x - mean) / sqrt(var + eps) + beta,

        running_mean <- momentum * running_mean + (1 - momentum) * mean,
        running_var  <- momentum * running_var  + (1 - momentum) * var.

    In testing the running values take the place of mean and var, and nothing is updated.

    Parameters
    ----------
    x : array of shape (N, D)
        It is not changed.
    gamma, beta : arrays of shape (D,)
        The standard deviation and the mean that each feature gets.
    bn_param : dict
        ``mode``, either "train" or "test"; ``eps`` (1e-5 where it is missing); ``momentum`` (0.9);
        ``running_mean`` and ``running_var`` of shape (D,), which training updates in this
        dictionary (zeros and ones before the first batch).

    Returns
    -------
    out : array of shape (N, D)
    cache : anything
        What `batchnorm_backward` needs.
    """
    bn_param.setdefault("eps", 1e-5)
    bn_param.setdefault("momentum", 0.9)
    bn_param.setdefault("running_mean", np.zeros(x.shape[1], x.dtype))
    bn_param.setdefault("running_var", np.ones(x.shape[1], x.dtype))
    raise NotImplementedError("TODO(batchnorm_forward)")


def batchnorm_backward(dout, cache):
    """Gradients of the loss with respect to the inputs of `batchnorm_forward` in training.

    Mean and variance depend on every example, so each entry of `dx` depends on the whole column:
    with z = (x - mean) / sqrt(var + eps), g = gamma * dout and means over the batch

        dx = (g - mean(g) - z * mean(g * z)) / sqrt(var + eps).

    Parameters
    ----------
    dout : array of shape (N, D)
        Gradient of the loss with respect to `out`. It is not changed.
    cache : what `batchnorm_forward` returned

    Returns
    -------
    dx : array of shape (N, D)
    dgamma, dbeta : arrays of shape (D,)
    """
    raise NotImplementedError("TODO(batchnorm_backward)")


def layernorm_forward(x, gamma, beta, ln_param):
    """Normalise every example over its features (Ba, Kiros and Hinton, 2016).

    With the mean and the variance of each *row* of `x` (the variance is divided by D)

        out = gamma * (x - mean) / sqrt(var + eps) + beta.

    Training and testing do the same, and nothing is remembered.

    Parameters
    ----------
    x : array of shape (N, D)
        It is not changed.
    gamma, beta : arrays of shape (D,)
    ln_param : dict
        ``eps`` (1e-5 where it is missing).

    Returns
    -------
    out : array of shape (N, D)
    cache : anything
        What `layernorm_backward` needs.
    """
    eps = ln_param.get("eps", 1e-5)
    raise NotImplementedError("TODO(layernorm_forward)")


def layernorm_backward(dout, cache):
    """Gradients of the loss with respect to the inputs of `layernorm_forward`.

    `dx` has the formula of `batchnorm_backward`, with means over the features of each row. gamma
    and beta still have one entry for each feature, so `dgamma` and `dbeta` sum over the batch.

    Parameters
    ----------
    dout : array of shape (N, D)
        Gradient of the loss with respect to `out`. It is not changed.
    cache : what `layernorm_forward` returned

    Returns
    -------
    dx : array of shape (N, D)
    dgamma, dbeta : arrays of shape (D,)
    """
    raise NotImplementedError("TODO(layernorm_backward)")
