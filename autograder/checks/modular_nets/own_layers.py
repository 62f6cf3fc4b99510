"""The judge's own layers with parameters, quick enough to train with.

`formulas` has the same in loops, for checks of single layers; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .formulas import gelu, gelu_slope

Array = np.ndarray[Any, np.dtype[Any]]


class OwnLayer:
    """One layer: `params` and, after `backward`, `grads` by the same names, all in float32."""

    def __init__(self, **params: Array) -> None:
        self.params = {name: value.astype(np.float32) for name, value in params.items()}
        self.grads: dict[str, Array] = {}
        self.first = False  # nobody asks for the gradient of the images

    def forward(self, x: Array) -> Array:
        """The output; what `backward` needs is kept."""
        raise NotImplementedError

    def backward(self, upstream: Array) -> Array:
        """Fill `grads`, and return the gradient of the input, or anything if it is the `first`."""
        raise NotImplementedError


class Affine(OwnLayer):
    """x w + b for rows x (N, D)."""

    def forward(self, x: Array) -> Array:
        self._x = x
        out: Array = x @ self.params["w"] + self.params["b"]
        return out

    def backward(self, upstream: Array) -> Array:
        self.grads = {"w": self._x.T @ upstream, "b": upstream.sum(axis=0)}
        gradient: Array = upstream @ self.params["w"].T
        return gradient


class Convolution(OwnLayer):
    """Filters w (k, k, C, F) over images (N, H, W, C), as a product of windows and filters."""

    def __init__(self, stride: int, padding: int, **params: Array) -> None:
        super().__init__(**params)
        self._stride, self._padding = stride, padding

    @property
    def numbers(self) -> int:
        """How many numbers the windows of the last batch have."""
        return self._rows.size

    @property
    def products(self) -> int:
        """How many products of two numbers the last batch took."""
        return int(self._rows.size * self.params["w"].shape[3])

    def forward(self, x: Array) -> Array:
        size, _, channels, filters = self.params["w"].shape
        pad, step = self._padding, self._stride
        padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
        windows = windows[:, ::step, ::step].transpose(0, 1, 2, 4, 5, 3)
        self._rows, self._shape = windows.reshape(-1, size * size * channels), padded.shape
        out = self._rows @ self.params["w"].reshape(-1, filters) + self.params["b"]
        shaped: Array = out.reshape(*windows.shape[:3], filters)
        return shaped

    def backward(self, upstream: Array) -> Array:
        w, step, pad = self.params["w"], self._stride, self._padding
        flat = upstream.reshape(-1, w.shape[3])
        self.grads = {"w": (self._rows.T @ flat).reshape(w.shape), "b": flat.sum(axis=0)}
        if self.first:
            return upstream
        gradient = np.zeros(self._shape, upstream.dtype)
        for place in _places(w.shape[0], step, upstream.shape):
            gradient[place.window] += upstream @ w[place.row, place.column].T
        height, width = (side - pad for side in self._shape[1:3])
        return gradient[:, pad:height, pad:width]


class Pooling(OwnLayer):
    """The largest value of each window; of equal ones, each gets the gradient."""

    def __init__(self, size: int, stride: int) -> None:
        super().__init__()
        self._size, self._stride = size, stride

    def forward(self, x: Array) -> Array:
        sides = ((side - self._size) // self._stride + 1 for side in x.shape[1:3])
        places = _places(self._size, self._stride, (len(x), *sides))
        self._x, self._windows = x, [place.window for place in places]
        self._out = x[self._windows[0]]
        for window in self._windows[1:]:
            self._out = np.maximum(self._out, x[window])
        return self._out

    def backward(self, upstream: Array) -> Array:
        gradient = np.zeros(self._x.shape, upstream.dtype)
        for window in self._windows:
            gradient[window] += upstream * (self._x[window] == self._out)
        return gradient


class Gelu(OwnLayer):
    """The tanh form of the GeLU."""

    def forward(self, x: Array) -> Array:
        self._x = x
        return gelu(x)

    def backward(self, upstream: Array) -> Array:
        gradient: Array = upstream * gelu_slope(self._x)
        return gradient


class Rows(OwnLayer):
    """One row of every example."""

    def forward(self, x: Array) -> Array:
        self._shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream: Array) -> Array:
        return upstream.reshape(self._shape)


class WindowPlace:
    """One place in a window, and what all windows have there."""

    def __init__(self, row: int, column: int, step: int, down: int, across: int) -> None:
        self.row, self.column = row, column
        rows = slice(row, row + step * (down - 1) + 1, step)
        columns = slice(column, column + step * (across - 1) + 1, step)
        self.window = (slice(None), rows, columns)


def _places(size: int, step: int, shape: tuple[int, ...]) -> list[WindowPlace]:
    down, across = shape[1:3]
    return [WindowPlace(row, column, step, down, across) for row, column in np.ndindex(size, size)]
