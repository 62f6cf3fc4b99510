"""Convolution and max pooling, on images of shape (N, height, width, channels).

The contract is that of `lib.mlp.layer_utils`: `forward` leaves what it likes in ``self.meta``,
`backward` fills ``self.grads`` and returns the gradient of the input, inputs are not changed.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..layer import Layer


class ConvLayer2D(Layer):
    """Slide filters over images; as everywhere in deep learning, the filters are not flipped.

        out[n, i, j, f] = b[f] + sum over y, x, c of
                          padded[n, i * stride + y, j * stride + x, c] * w[y, x, c, f]

    Parameters
    ----------
    input_channels : int
    kernel_size : int
        Filters are square.
    number_filters : int
    stride, padding : int
        `padding` rows and columns of zeros are put on all four sides of the images.
    init_scale : float
        The standard deviation of the initial weights; biases start at 0.
    dtype : NumPy type of the parameters
    name : str
        The parameters are ``<name>_w`` of shape (kernel_size, kernel_size, input_channels,
        number_filters) and ``<name>_b`` of shape (number_filters,).
    """

    def __init__(
        self,
        input_channels,
        kernel_size,
        number_filters,
        stride=1,
        padding=0,
        init_scale=0.02,
        dtype=np.float64,
        name="conv",
    ):
        super().__init__(name)
        self.input_channels = input_channels
        self.kernel_size = kernel_size
        self.number_filters = number_filters
        self.stride, self.padding = stride, padding
        self.w_name, self.b_name = f"{name}_w", f"{name}_b"
        shape = (kernel_size, kernel_size, input_channels, number_filters)
        self.params[self.w_name] = (init_scale * np.random.randn(*shape)).astype(dtype)
        self.params[self.b_name] = np.zeros(number_filters, dtype)

    def get_output_size(self, input_size):
        """The shape of what `forward` returns.

        A window that would stand out over the padded image is not used: sizes are rounded down.

        Parameters
        ----------
        input_size : tuple (N, height, width, channels)

        Returns
        -------
        output_size : tuple (N, output height, output width, number_filters)
        """
        ### BEGIN SOLUTION conv_output_size
        count, height, width, _ = input_size
        border = 2 * self.padding - self.kernel_size
        down = (height + border) // self.stride + 1
        across = (width + border) // self.stride + 1
        return count, down, across, self.number_filters
        ### END SOLUTION

    def forward(self, feat):
        """Convolve.

        Parameters
        ----------
        feat : array of shape (N, height, width, input_channels)
            The height may differ from the width.

        Returns
        -------
        out : array of shape ``get_output_size(feat.shape)``
        """
        ### BEGIN SOLUTION conv_forward
        pad, size, step = self.padding, self.kernel_size, self.stride
        padded = np.pad(feat, ((0, 0), (pad, pad), (pad, pad), (0, 0))) if pad else feat
        windows = sliding_window_view(padded, (size, size), axis=(1, 2))[:, ::step, ::step]
        rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, size * size * feat.shape[-1])
        self.meta = rows, feat.shape
        weights = self.params[self.w_name].reshape(-1, self.number_filters)
        out = rows @ weights
        out += self.params[self.b_name]
        return out.reshape(self.get_output_size(feat.shape))
        ### END SOLUTION

    def backward(self, dprev):
        """Store the gradients of w and b, return that of `feat`.

        Parameters
        ----------
        dprev : array of the shape of what `forward` returned

        Returns
        -------
        dfeat : array of shape (N, height, width, input_channels)
            Pixels that no window touches have the gradient 0. With padding 0 there is no border
            to cut off: ``a[:, 0:-0]`` is empty. If ``self.needs_input_gradient`` is False, None
            will do.
        """
        ### BEGIN SOLUTION conv_backward
        rows, shape = self.meta
        count, height, width, channels = shape
        pad, size, step = self.padding, self.kernel_size, self.stride
        _, down, across, filters = dprev.shape
        flat = dprev.reshape(-1, filters)
        weights = self.params[self.w_name]
        self.grads[self.w_name] = (rows.T @ flat).reshape(weights.shape)
        # the sum of the rows; as a product it is quicker than flat.sum(axis=0)
        self.grads[self.b_name] = np.ones(len(flat), flat.dtype) @ flat
        if not self.needs_input_gradient:
            return None
        # one plane for each channel: rows of pixels lie together, and adding them is quick
        part = weights.reshape(-1, filters) @ flat.T
        part = part.reshape(size, size, channels, count, down, across)
        planes = np.zeros((channels, count, height + 2 * pad, width + 2 * pad), flat.dtype)
        for y in range(size):  # over the places in a window; all windows at once
            for x in range(size):
                planes[:, :, y : y + step * down : step, x : x + step * across : step] += part[y, x]
        return planes[:, :, pad : pad + height, pad : pad + width].transpose(1, 2, 3, 0)
        ### END SOLUTION


class MaxPoolingLayer(Layer):
    """The largest value of each square window, for every channel by itself.

        out[n, i, j, c] = max over y, x of feat[n, i * stride + y, j * stride + x, c]

    Windows overlap where `stride` is smaller than `pool_size`. There is no padding; rows and
    columns that do not fill a last window are not used.

    Parameters
    ----------
    pool_size, stride : int
    """

    def __init__(self, pool_size, stride, name="max_pooling"):
        super().__init__(name)
        self.pool_size, self.stride = pool_size, stride

    def forward(self, feat):
        """Pool.

        Parameters
        ----------
        feat : array of shape (N, height, width, channels)

        Returns
        -------
        out : array of shape (N, (height - pool_size) // stride + 1,
                              (width - pool_size) // stride + 1, channels)
        """
        ### BEGIN SOLUTION maxpool_forward
        size, step = self.pool_size, self.stride
        down = (feat.shape[1] - size) // step + 1
        across = (feat.shape[2] - size) // step + 1
        out = feat[:, : step * down : step, : step * across : step].copy()
        for y in range(size):  # over the places in a window; all windows at once
            for x in range(size):
                part = feat[:, y : y + step * down : step, x : x + step * across : step]
                np.maximum(out, part, out=out)
        self.meta = feat, out
        return out
        ### END SOLUTION

    def backward(self, dprev):
        """Send each gradient to the entry of its window that was the largest.

        An entry that is the largest of several windows gets the sum. Where several entries of a
        window are equally large, the gradient may go to one of them, or to all.

        Parameters
        ----------
        dprev : array of the shape of what `forward` returned

        Returns
        -------
        dfeat : array of shape (N, height, width, channels)
        """
        ### BEGIN SOLUTION maxpool_backward
        feat, out = self.meta
        size, step = self.pool_size, self.stride
        _, down, across, _ = out.shape
        dfeat = np.zeros(feat.shape, dprev.dtype)
        for y in range(size):
            for x in range(size):
                part = np.s_[:, y : y + step * down : step, x : x + step * across : step]
                dfeat[part] += dprev * (feat[part] == out)
        return dfeat
        ### END SOLUTION
