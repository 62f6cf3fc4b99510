"""Values as Python that makes them again exactly: short arrays as numbers, long ones packed."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.sandbox.tracing import Held, LargeArray

SHORT = 40  # numbers of an array that are written out
WIDTH = 76

UNPACKING = '''inputs = np.load(io.BytesIO(base64.b64decode("""
{packed}
""")))
'''


class Literals:
    """Writes values, and collects the arrays that are too long to be written out.

    Parameters
    ----------
    held : gives the expression of an object that stays in the worker.
    """

    def __init__(self, held: Callable[[int], str]) -> None:
        self._held = held
        self._packed: dict[str, Any] = {}

    def written(self, value: Any) -> str:
        """An expression with this value."""
        match value:
            case Held(handle):
                return self._held(handle)
            case np.ndarray():
                return self._array(value)
            case LargeArray():
                return _drawn(value)
            case float():
                return repr(value) if math.isfinite(value) else f'float("{value}")'
            case type():
                return f"np.{value.__name__}"
            case Mapping():
                pairs = (f"{self.written(key)}: {self.written(v)}" for key, v in value.items())
                return f"{{{', '.join(pairs)}}}"
            case list() | tuple() | set() | frozenset():
                return self._container(value)
        return "..." if value is ... else repr(value)

    def unpacking(self) -> str:
        """The lines that give `inputs`, which the long arrays are taken from; empty without any."""
        if not self._packed:
            return ""
        file = io.BytesIO()
        np.savez_compressed(file, **self._packed)
        text = base64.b64encode(file.getvalue()).decode("ascii")
        lines = [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)]
        return UNPACKING.format(packed="\n".join(lines))

    def _array(self, array: np.ndarray[Any, Any]) -> str:
        if array.size > SHORT or array.dtype.kind == "c":
            name = f"array{len(self._packed) + 1}"
            self._packed[name] = array
            return f'inputs["{name}"]'
        plain = self._rows(array)
        if not array.size:
            return f"np.empty({array.shape}, dtype=np.{array.dtype})"
        usual = array.dtype in (np.float64, np.int64) and np.array(array.tolist()).dtype == (
            array.dtype
        )
        return f"np.array({plain})" if usual else f"np.array({plain}, dtype=np.{_dtype(array)})"

    def _rows(self, array: np.ndarray[Any, Any]) -> str:
        """The numbers of an array; the rows of a large one below each other."""
        text = self.written(array.tolist())
        if array.ndim < 2 or len(text) <= WIDTH:
            return text
        inside = "".join(f"    {self.written(row)},\n" for row in array.tolist())
        return f"[\n{inside}]"

    def _container(self, value: Any) -> str:
        inside = [self.written(item) for item in value]
        if isinstance(value, tuple):
            return f"({', '.join(inside)}{',' if len(inside) == 1 else ''})"
        if isinstance(value, list):
            return f"[{', '.join(inside)}]"
        kind = type(value).__name__
        return f"{kind}([{', '.join(inside)}])"


def _drawn(array: LargeArray) -> str:
    """Numbers at random of that shape, within its bounds."""
    within = f"{array.low:.6g}, {array.high + (array.dtype[0] in 'iu'):.6g}"
    kind = "bool_" if array.dtype == "bool" else array.dtype
    return f"np.random.default_rng(0).uniform({within}, {array.shape}).astype(np.{kind})"


def _dtype(array: np.ndarray[Any, Any]) -> str:
    return "bool_" if array.dtype == np.bool_ else str(array.dtype)
