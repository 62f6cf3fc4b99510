"""Optimisers: each changes the parameters of a network by the gradients that are in its layers."""

import numpy as np


class Optimizer:
    """The base of all optimisers.

    Parameters
    ----------
    net : sequential
        ``layer.params[name]`` and ``layer.grads[name]`` of its layers are what a step works on.
    lr : float
        The learning rate. Training may change it between steps.
    """

    def __init__(self, net, lr):
        self.net = net
        self.lr = lr

    def step(self):
        """Change every parameter once."""
        raise NotImplementedError(f"{type(self).__name__} has no step()")


class SGD(Optimizer):
    """Stochastic gradient descent, with decoupled weight decay.

        theta <- theta - lr * g - weight_decay * theta

    Both terms use the theta from before the step. The decay is not multiplied by lr, and it holds
    for all parameters, weights and biases.
    """

    def __init__(self, net, lr=1e-2, weight_decay=0.0):
        super().__init__(net, lr)
        self.weight_decay = weight_decay

    def step(self):
        """Change every parameter of every layer once; new arrays or in place, as you like."""
        raise NotImplementedError("TODO(sgd)")


class Adam(Optimizer):
    """Adam, with decoupled weight decay.

        t <- t + 1                              once in a step, before everything else
        m <- beta1 m + (1 - beta1) g            the running mean of the gradient
        v <- beta2 v + (1 - beta2) g^2          the running mean of its square
        theta <- theta - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
                       - weight_decay * theta

    Every parameter has its m and v, and all share one t.

    Attributes
    ----------
    mt, vt : dict of name -> array
        m and v of every parameter. A name that is not there yet counts as zeros.
    t : int
        The steps done so far.
    """

    def __init__(self, net, lr=1e-3, beta1=0.9, beta2=0.999, t=0, eps=1e-8, weight_decay=0.0):
        super().__init__(net, lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.t = t
        self.weight_decay = weight_decay
        self.mt, self.vt = {}, {}

    def step(self):
        """Change every parameter of every layer once; new arrays or in place, as you like."""
        raise NotImplementedError("TODO(adam)")
