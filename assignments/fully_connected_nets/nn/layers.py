"""Layers and losses, each as a forward and a backward step on plain arrays.

The contract of every layer here:

- ``*_forward`` takes the input and the parameters and returns ``(out, cache)``. The cache is
  whatever your own ``*_backward`` needs later; nobody else looks into it.
- ``*_backward`` takes ``dout``, the gradient of the loss with respect to ``out`` (so it has the
  shape of ``out``), and the cache. It returns the gradients with respect to the inputs of the
  forward step, each with the shape of what it belongs to.
- Inputs stay as they were: build new arrays, do not write into ``x``, ``w``, ``b``, ``dout`` or
  scores.

A loss returns ``(loss, dx)`` in one go.
"""

import numpy as np


def affine_forward(x, w, b):
    """Multiply by a matrix and add a vector: ``out = rows(x) @ w + b``.

    ``rows(x)`` is `x` with every example flattened to one row of length D = d_1 * ... * d_k.

    Parameters
    ----------
    x : array of shape (N, d_1, ..., d_k)
        N examples of any shape. It is not changed.
    w : array of shape (D, M)
        Weights.
    b : array of shape (M,)
        Biases, one for each output.

    Returns
    -------
    out : array of shape (N, M)
    cache : anything
        What `affine_backward` needs.
    """
    raise NotImplementedError("TODO(affine_forward)")


def affine_backward(dout, cache):
    """Gradients of the loss with respect to the three inputs of `affine_forward`.

    With R = rows(x), every loss L that depends on ``out = R w + b`` has

        dL/dR = dout w^T,    dL/dw = R^T dout,    dL/db = the sum of dout over the N examples.

    Parameters
    ----------
    dout : array of shape (N, M)
        Gradient of the loss with respect to `out`. It is not changed.
    cache : what `affine_forward` returned

    Returns
    -------
    dx : array of shape (N, d_1, ..., d_k)
        The shape of `x`, not that of its rows.
    dw : array of shape (D, M)
    db : array of shape (M,)
    """
    raise NotImplementedError("TODO(affine_backward)")


def relu_forward(x):
    """Rectify: ``out = max(0, x)``, element by element.

    Parameters
    ----------
    x : array of any shape
        It is not changed.

    Returns
    -------
    out : array of the shape of `x`
    cache : anything
        What `relu_backward` needs.
    """
    raise NotImplementedError("TODO(relu_forward)")


def relu_backward(dout, cache):
    """Gradient of the loss with respect to the input of `relu_forward`.

    ``dx = dout`` where x > 0 and ``dx = 0`` where x < 0. At x = 0 there is no derivative; both
    conventions, 0 and `dout`, are accepted.

    Parameters
    ----------
    dout : array of the shape of `x`
        Gradient of the loss with respect to `out`. It is not changed.
    cache : what `relu_forward` returned

    Returns
    -------
    dx : array of the shape of `x`
    """
    raise NotImplementedError("TODO(relu_backward)")


def softmax_loss(x, y):
    """Mean cross-entropy of the softmax of the scores, and its gradient.

    For example i with scores x_i and label y_i

        p_ij = exp(x_ij) / sum_k exp(x_ik),    L = -(1/N) sum_i log p_i,y_i

        dL/dx_ij = (p_ij - [j = y_i]) / N.

    Adding one number to all scores of an example changes no p_ij. Use that to keep `exp` from
    overflowing: scores of any finite size, 10,000 as well as -10,000, must give a finite loss
    and a finite gradient.

    Parameters
    ----------
    x : array of shape (N, C)
        Scores, one row for each example. It is not changed.
    y : integer array of shape (N,)
        Labels, 0 <= y[i] < C.

    Returns
    -------
    loss : float
    dx : array of shape (N, C)
        Gradient of the loss with respect to `x`.
    """
    raise NotImplementedError("TODO(softmax_loss)")


def svm_loss(x, y):
    """Mean multiclass hinge loss with margin 1, and its gradient.

        L = (1/N) sum_i sum_{j != y_i} max(0, x_ij - x_i,y_i + 1)

    A wrong class j whose margin is positive pushes its own score down and the score of the right
    class up, by 1/N each. Where a margin is exactly 0 any convention is accepted.

    Parameters
    ----------
    x : array of shape (N, C)
        Scores, one row for each example. It is not changed.
    y : integer array of shape (N,)
        Labels, 0 <= y[i] < C.

    Returns
    -------
    loss : float
    dx : array of shape (N, C)
        Gradient of the loss with respect to `x`.
    """
    raise NotImplementedError("TODO(svm_loss)")
