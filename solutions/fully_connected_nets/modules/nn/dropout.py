"""Dropout, forward and backward, after the contract of `nn.layers`.

It is for ``training_deep_nets.ipynb``.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    """Inverted dropout: set entries to 0 at random, and make up for it (Srivastava et al., 2014).

    In training every entry stays with probability p, independently of all others, and is divided
    by p; otherwise it becomes 0. In testing ``out`` is `x`.

    Parameters
    ----------
    x : array of any shape
        It is not changed.
    dropout_param : dict
        ``p``, the probability, in (0, 1], that an entry **stays**; ``mode``, either "train" or
        "test"; and ``seed``, an int or None. Equal seeds drop the same entries; without a seed
        every call draws anew.

    Returns
    -------
    out : array of the shape of `x`
    cache : anything
        What `dropout_backward` needs.
    """
    rng = np.random.default_rng(dropout_param.get("seed"))
    p, mode = dropout_param["p"], dropout_param["mode"]
    ### BEGIN SOLUTION dropout_forward
    mask = None
    if mode == "train":
        mask = (rng.random(x.shape) < p) / p
        return x * mask, mask
    return x, mask
    ### END SOLUTION


def dropout_backward(dout, cache):
    """Gradient of the loss with respect to the input of `dropout_forward`.

    Parameters
    ----------
    dout : array of the shape of `x`
        Gradient of the loss with respect to `out`. It is not changed.
    cache : what `dropout_forward` returned

    Returns
    -------
    dx : array of the shape of `x`
    """
    ### BEGIN SOLUTION dropout_backward
    return dout if cache is None else dout * cache
    ### END SOLUTION
