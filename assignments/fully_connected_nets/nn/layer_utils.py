"""Layers that often stand together, joined into one."""

from .layers import affine_backward, affine_forward, relu_backward, relu_forward


def affine_relu_forward(x, w, b):
    """An affine layer followed by a ReLU. This one is given: it shows how layers are joined.

    Parameters
    ----------
    x : array of shape (N, d_1, ..., d_k)
    w : array of shape (D, M)
    b : array of shape (M,)

    Returns
    -------
    out : array of shape (N, M)
        max(0, rows(x) @ w + b).
    cache : the caches of both layers
    """
    a, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Gradients of the loss with respect to the inputs of `affine_relu_forward`.

    The chain rule walks the layers in reverse: first through the ReLU, then through the affine
    layer. Call the backward steps that you have; there is no new formula here.

    Parameters
    ----------
    dout : array of shape (N, M)
        Gradient of the loss with respect to `out`. It is not changed.
    cache : what `affine_relu_forward` returned

    Returns
    -------
    dx : array of shape (N, d_1, ..., d_k)
    dw : array of shape (D, M)
    db : array of shape (M,)
    """
    raise NotImplementedError("TODO(affine_relu)")
