"""pandas' tables as columns and indexes of plain data. Imported only where pandas is there."""

from __future__ import annotations

import importlib
import re
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from ..plain import Tagged, Value
from ..values import WireError

if TYPE_CHECKING:
    from .encoding import Encoder

_DTYPE = re.compile(
    r"(?:u?int|float|complex|Int|UInt|Float)[0-9]{1,3}|bool(?:ean)?|object|str(?:ing)?"
)


def encoded_table(value: Any, encoder: Encoder, depth: int) -> Value | None:
    """A table, column, index or time of pandas; None for anything else of it."""
    pandas: Any = sys.modules["pandas"]
    kind = type(value)
    if kind is pandas.DataFrame:
        columns = [_column(value.iloc[:, place]) for place in range(value.shape[1])]
        parts = [_index(value.columns, pandas), _index(value.index, pandas), columns]
        return Tagged("table frame", encoder.copies(parts, depth))
    if kind is pandas.Series:
        parts = [_column(value), _index(value.index, pandas), value.name]
        return Tagged("table series", encoder.copies(parts, depth))
    if isinstance(value, pandas.Index):
        return Tagged("table index", encoder.copies([_index(value, pandas)], depth))
    if kind is pandas.Timestamp and value.tz is None:
        return encoder.special("table time", int(value.value))
    if value is pandas.NaT or value is pandas.NA:
        return encoder.special("table missing", value is pandas.NaT)
    return None


def decoded_table(kind: str, parts: list[Any]) -> Any:
    """What `encoded_table` has encoded. Raises `WireError` where pandas is not here."""
    try:
        pandas: Any = importlib.import_module("pandas")
    except ImportError as error:
        raise WireError("a table, where pandas is not installed") from error
    match kind, parts:
        case "table frame", [columns, index, data]:
            made = {place: _made_column(one, pandas) for place, one in enumerate(data)}
            frame = pandas.DataFrame(made)
            frame.index = _made_index(index, pandas)
            frame.columns = _made_index(columns, pandas)
            return frame
        case "table series", [column, index, name]:
            series = _made_column(column, pandas)
            series.index = _made_index(index, pandas)
            return series.rename(name)
        case "table index", [index]:
            return _made_index(index, pandas)
        case "table time", [number]:
            return pandas.Timestamp(int(number))
        case "table missing", [time]:
            return pandas.NaT if time else pandas.NA
    raise WireError(f"a table of kind {kind!r}")


def _column(series: Any) -> tuple[Any, ...]:
    """The kind of a column, and its values."""
    if str(series.dtype) == "category":
        categories = series.cat.categories.tolist()
        return ("category", categories, np.asarray(series.cat.codes), bool(series.cat.ordered))
    values = series.to_numpy()
    if values.dtype.kind in "biufcmM":
        return (str(series.dtype), values)
    return (str(series.dtype), series.tolist())


def _made_column(column: tuple[Any, ...], pandas: Any) -> Any:
    match column:
        case ("category", categories, codes, ordered):
            found = pandas.Categorical.from_codes(codes, categories, ordered=bool(ordered))
            return pandas.Series(found)
        case (str(kind), values) if _DTYPE.fullmatch(kind):
            return pandas.Series(values, dtype=kind)
        case (str(), values):
            return pandas.Series(values)
    raise WireError("a column that means nothing")


def _index(index: Any, pandas: Any) -> tuple[Any, ...]:
    if isinstance(index, pandas.MultiIndex):
        return ("multi", [tuple(one) for one in index.tolist()], list(index.names))
    if isinstance(index, pandas.RangeIndex):
        return ("range", [index.start, index.stop, index.step], index.name)
    return ("plain", _column(pandas.Series(index)), index.name)


def _made_index(found: tuple[Any, ...], pandas: Any) -> Any:
    kind, values, name = found
    if kind == "multi":
        return pandas.MultiIndex.from_tuples(values, names=name)
    if kind == "range":
        return pandas.RangeIndex(*values, name=name)
    return pandas.Index(_made_column(values, pandas), name=name)
