"""Update rules: one step of a parameter along its gradient.

Every rule has the form ``rule(w, dw, config) -> (w, config)``. `Solver` finds a rule here by its
name and keeps one `config` for each parameter, so that a rule can remember things between steps.
`sgd` belongs to `fully_connected_nets.ipynb`, the other rules to `training_deep_nets.ipynb`.
"""

import numpy as np


def sgd(w, dw, config=None):
    """One step of stochastic gradient descent: ``w - learning_rate * dw``.

    Parameters
    ----------
    w : array
        A parameter of any shape. Changing it in place is allowed here.
    dw : array of the shape of `w`
        Gradient of the loss with respect to `w`. It is not changed.
    config : dict or None
        ``config["learning_rate"]`` is the step size; 1e-2 where it is missing.

    Returns
    -------
    w : array
        The parameter after the step.
    config : dict
        For the next step.
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    raise NotImplementedError("TODO(sgd)")


def sgd_momentum(w, dw, config=None):
    """One step of gradient descent with momentum (Polyak, 1964).

    The velocity v remembers the steps before, so directions in which the gradients agree add up:

        v <- momentum * v - learning_rate * dw,    w <- w + v.

    Parameters
    ----------
    w : array
        A parameter of any shape. Changing it in place is allowed here.
    dw : array of the shape of `w`
        Gradient of the loss with respect to `w`. It is not changed.
    config : dict or None
        ``learning_rate`` (1e-2 where it is missing), ``momentum`` (0.9) and ``velocity``, the v of
        the step before (zeros before the first step).

    Returns
    -------
    w : array
        The parameter after the step.
    config : dict
        For the next step: the same settings, and the new ``velocity``.
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    config.setdefault("velocity", np.zeros_like(w))
    raise NotImplementedError("TODO(sgd_momentum)")


def rmsprop(w, dw, config=None):
    """One step of RMSProp (Tieleman and Hinton, 2012).

    The running mean c of the squared gradient gives every entry a step size of its own:

        c <- decay_rate * c + (1 - decay_rate) * dw^2,
        w <- w - learning_rate * dw / (sqrt(c) + epsilon).

    The second line uses the new c.

    Parameters
    ----------
    w : array
        A parameter of any shape. Changing it in place is allowed here.
    dw : array of the shape of `w`
        Gradient of the loss with respect to `w`. It is not changed.
    config : dict or None
        ``learning_rate`` (1e-2 where it is missing), ``decay_rate`` (0.99), ``epsilon`` (1e-8) and
        ``cache``, the c of the step before (zeros before the first step).

    Returns
    -------
    w : array
        The parameter after the step.
    config : dict
        For the next step: the same settings, and the new ``cache``.
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    raise NotImplementedError("TODO(rmsprop)")


def adam(w, dw, config=None):
    """One step of Adam (Kingma and Ba, 2015): momentum and RMSProp together, bias-corrected.

        t <- t + 1                            once in every step, before anything else
        m <- beta1 * m + (1 - beta1) * dw
        v <- beta2 * v + (1 - beta2) * dw^2
        w <- w - learning_rate * m_hat / (sqrt(v_hat) + epsilon)

    with ``m_hat = m / (1 - beta1^t)`` and ``v_hat = v / (1 - beta2^t)``. Only m and v are kept for
    the next step, not m_hat and v_hat.

    Parameters
    ----------
    w : array
        A parameter of any shape. Changing it in place is allowed here.
    dw : array of the shape of `w`
        Gradient of the loss with respect to `w`. It is not changed.
    config : dict or None
        ``learning_rate`` (1e-3 where it is missing), ``beta1`` (0.9), ``beta2`` (0.999),
        ``epsilon`` (1e-8), and of the step before ``m`` and ``v`` (zeros before the first step) and
        ``t``, the number of steps taken so far (0).

    Returns
    -------
    w : array
        The parameter after the step.
    config : dict
        For the next step: the same settings, and the new ``m``, ``v`` and ``t``.
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    raise NotImplementedError("TODO(adam)")
