"""Arrays that are a part of another array: over there they are a part of that array's copy, too."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ..plain import Tagged, Value
from ..values import DTYPES, WireError
from .sharing import Sharing

if TYPE_CHECKING:
    from .encoding import Encoder

MAX_WHOLE = 1 << 20  # bytes of an array that is sent for the sake of its part


def encoded_view(value: Any, encoder: Encoder, sharing: Sharing, depth: int) -> Value | None:
    """A part of an array that the other side has or may have; None where it is to be a copy.

    What a test has beside the part that it hands over is not sent.
    """
    whole = value.base
    if type(whole) is not np.ndarray or not _fits(value, whole):
        return None
    number = sharing.number_of(whole)
    if number in sharing.scattered:
        return None
    if number is None and (sharing.is_judges or whole.nbytes > MAX_WHOLE):
        return None
    start = value.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    facts = (value.shape, value.strides, start)
    return Tagged("view", [encoder.value(whole, depth + 1), *encoder.copies(facts, depth)])


def decoded_view(whole: Any, shape: Any, strides: Any, start: Any) -> Any:
    """The part of an array. Raises `WireError` where there is no such part."""
    if type(whole) is not np.ndarray or whole.dtype.hasobject or not whole.flags.c_contiguous:
        raise WireError("a part of what is no plain array")
    if len(shape) != len(strides) or any(n < 0 for n in shape):
        raise WireError("a part of no shape")
    if math.prod(shape) > whole.size:
        raise WireError("a part that is more than the whole")
    made: Any = np.ndarray(shape, whole.dtype, whole, start, strides)  # looks at the bounds
    made.flags.writeable = whole.flags.writeable
    return made


def _fits(value: Any, whole: Any) -> bool:
    return bool(
        value.dtype == whole.dtype
        and value.dtype.newbyteorder("<").str in DTYPES
        and whole.flags.c_contiguous
        and whole.flags.writeable
        and value.flags.writeable
        and value.size <= whole.size
    )
