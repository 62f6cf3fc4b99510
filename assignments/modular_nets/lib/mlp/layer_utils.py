"""The layers of a fully connected network, and its loss.

The contract of every layer here:

- ``forward(feat)`` takes a batch and returns a new array. It may leave in ``self.meta`` whatever
  ``backward`` will need.
- ``backward(dprev)`` takes the gradient of the loss with respect to what `forward` returned. It
  stores the gradient of every parameter in ``self.grads`` and returns the gradient with respect
  to ``feat``.
- Inputs stay as they were: build new arrays, do not write into ``feat``, ``dprev`` or parameters.
"""

import math

import numpy as np

from ..layer import Layer


class flatten(Layer):
    """Every example as one row: (N, d_1, ..., d_k) -> (N, d_1 * ... * d_k)."""

    def __init__(self, name="flatten"):
        super().__init__(name)

    def forward(self, feat):
        """Return `feat`, of shape (N, d_1, ..., d_k), in the shape (N, D)."""
        raise NotImplementedError("TODO(flatten)")

    def backward(self, dprev):
        """Return `dprev`, of shape (N, D), in the shape that `forward` was given."""
        raise NotImplementedError("TODO(flatten_backward)")


class fc(Layer):
    """A fully connected layer: ``out = feat @ w + b``.

    Parameters
    ----------
    input_dim, output_dim : int
    init_scale : float
        The standard deviation of the initial weights; biases start at 0.
    dtype : NumPy type of the parameters
        float32 halves the memory and nearly doubles the speed of training.
    name : str
        The parameters are called ``<name>_w`` and ``<name>_b``.
    """

    def __init__(self, input_dim, output_dim, init_scale=0.02, dtype=np.float64, name="fc"):
        super().__init__(name)
        self.w_name, self.b_name = f"{name}_w", f"{name}_b"
        weights = init_scale * np.random.randn(input_dim, output_dim)
        self.params[self.w_name] = weights.astype(dtype)
        self.params[self.b_name] = np.zeros(output_dim, dtype)

    def forward(self, feat):
        """Return ``feat @ w + b``.

        Parameters
        ----------
        feat : array of shape (N, input_dim)

        Returns
        -------
        out : array of shape (N, output_dim)
        """
        raise NotImplementedError("TODO(fc_forward)")

    def backward(self, dprev):
        """Store the gradients of w and b, return that of `feat`.

        Parameters
        ----------
        dprev : array of shape (N, output_dim)

        Returns
        -------
        dfeat : array of shape (N, input_dim)
            ``self.grads`` then holds arrays of the shapes of w and b. `dprev` already carries the
            1/N of a mean loss: nothing is divided here.
        """
        raise NotImplementedError("TODO(fc_backward)")


class gelu(Layer):
    """The Gaussian error linear unit in its tanh form, element by element.

        gelu(x) = x/2 (1 + tanh(u)),    u = sqrt(2/pi) (x + 0.044715 x^3)

    Both directions are finite for |x| up to 1000, and NumPy has no overflow to warn of.
    """

    SCALE = math.sqrt(2 / math.pi)
    CUBIC = 0.044715

    def __init__(self, name="gelu"):
        super().__init__(name)

    def forward(self, feat):
        """Return gelu(feat), an array of the same shape."""
        raise NotImplementedError("TODO(gelu_forward)")

    def backward(self, dprev):
        """Return ``dprev * gelu'(feat)``, where gelu' is the derivative of the tanh form.

        The derivative of tanh(u) is 1 - tanh(u)^2. Written with cosh it is the same number, but
        cosh overflows where tanh is merely 1.
        """
        raise NotImplementedError("TODO(gelu_backward)")


class dropout(Layer):
    """Inverted dropout: keep each entry with probability `keep_prob`, else replace it by 0.

    What is kept is divided by `keep_prob`, so that the mean stays the same in expectation and
    nothing has to be rescaled when the network is used.

    Parameters
    ----------
    keep_prob : float in [0, 1]
        The probability that an entry is *kept*. By definition both 1 and 0 switch dropout off:
        the layer then returns its input, in training as well.
    seed : int or None
        Of the layer's own random numbers; None takes NumPy's global ones.
    """

    changes_in_training = True

    def __init__(self, keep_prob, seed=None, name="dropout"):
        super().__init__(name)
        self.keep_prob = keep_prob
        self.rng = np.random if seed is None else np.random.RandomState(seed)

    def forward(self, feat, is_training=True, seed=None):
        """Drop entries of `feat` in training; return `feat` as it is otherwise.

        Parameters
        ----------
        feat : array of any shape
        is_training : bool
        seed : int or None
            Restarts the layer's random numbers: the same seed drops the same entries.
        """
        if seed is not None:
            self.rng = np.random.RandomState(seed)
        # self.rng.random_sample(shape) gives numbers that are uniform on [0, 1)
        raise NotImplementedError("TODO(dropout_forward)")

    def backward(self, dprev):
        """The gradient with respect to `feat` of the last `forward`, training or not."""
        raise NotImplementedError("TODO(dropout_backward)")


def softmax(feat):
    """The softmax of each row: positive numbers that add up to 1.

        p_ij = exp(x_ij) / sum_k exp(x_ik)

    Adding one number to a whole row changes no p_ij. Use that: scores of any finite size, 10,000
    as well as -10,000, must give probabilities and no overflow.

    Parameters
    ----------
    feat : array of shape (N, C)

    Returns
    -------
    probabilities : array of shape (N, C)
    """
    raise NotImplementedError("TODO(softmax)")


class cross_entropy:
    """The cross-entropy of the softmax of scores.

    Parameters
    ----------
    size_average : bool
        True: the loss is the mean over the N examples; False: it is their sum.
    """

    def __init__(self, size_average=True):
        self.size_average = size_average
        self.meta = None

    def forward(self, feat, label):
        """The mean, or the sum, of ``-ln p_i,label_i``, as one number.

        It has to be finite for any finite scores. Where a probability is rounded to 0 its
        logarithm is not; compute the logarithm from the scores instead.

        Parameters
        ----------
        feat : array of shape (N, C)
            Scores; the softmax is taken here.
        label : integer array of shape (N,)
        """
        raise NotImplementedError("TODO(cross_entropy_forward)")

    def backward(self):
        """The gradient of the last `forward` with respect to the scores, of shape (N, C)."""
        raise NotImplementedError("TODO(cross_entropy_backward)")
