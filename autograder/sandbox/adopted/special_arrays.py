"""Masked arrays and images, which are arrays with something more. Imports Pillow only if asked.

What is masked equals everything, and is left out where values are compared for closeness. So the
judge takes a masked array only where the reference solution gives one.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from ..plain import Tagged, Value
from ..values import WireError

if TYPE_CHECKING:
    from .encoding import Encoder

MASKED = "masked array"
IMAGE = "image"
MAX_PIXELS = 1 << 24
_BYTES = {"1": 0, "L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "YCbCr": 3, "HSV": 3, "F": 4,
          "I": 4}  # fmt: skip


def encoded_special(value: Any, encoder: Encoder, depth: int) -> Value | None:
    """A masked array or an image; None for anything else, also for one too large or too rare."""
    kind = type(value)
    if kind is np.ma.MaskedArray and value.dtype.names is None:
        parts = [np.asarray(value.data), np.ma.getmaskarray(value), value.fill_value]
        return Tagged(MASKED, encoder.copies(parts, depth))
    if any(f"{one.__module__}.{one.__name__}" == "PIL.Image.Image" for one in kind.__mro__):
        width, height = value.size
        if value.mode in _BYTES and width * height <= MAX_PIXELS:
            return encoder.special(IMAGE, value.mode, width, height, value.tobytes())
    return None


def masked_array(data: Any, mask: Any, fill_value: Any) -> Any:
    """What was a masked array. Raises `WireError`."""
    if type(data) is not np.ndarray or type(mask) is not np.ndarray or mask.dtype != bool:
        raise WireError("a masked array without a mask")
    return np.ma.MaskedArray(data, mask=mask, fill_value=fill_value)


def image(mode: Any, width: Any, height: Any, data: Any) -> Any:
    """What was an image. Raises `WireError` where Pillow is not here, or the parts do not fit."""
    pixels = width * height
    size = (width + 7) // 8 * height if mode == "1" else _BYTES.get(mode, 0) * pixels
    if mode not in _BYTES or not 0 < pixels <= MAX_PIXELS or min(width, height) < 1:
        raise WireError("an image of no known kind")
    if type(data) is not bytes or len(data) != size:
        raise WireError("an image with other bytes than its size says")
    try:
        pillow: Any = importlib.import_module("PIL.Image")
    except ImportError as error:
        raise WireError("an image, where Pillow is not installed") from error
    return pillow.frombytes(mode, (width, height), data)
