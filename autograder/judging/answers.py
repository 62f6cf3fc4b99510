"""Marking short answers that are values in a notebook: choices, numbers and intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.sandbox.remote import fetch

from .check import Finding, NotAttempted


def expect_choice(name: str, got: object, right: set[str], *, options: Mapping[str, str]) -> None:
    """Require exactly the right options to be chosen.

    Parameters
    ----------
    got : a set, list, tuple or text of options; case, spaces and commas do not matter.
    right : the options that hold.
    options : every option with what to tell a student who decides it wrongly; the text must not
        say which other options hold.

    Raises
    ------
    NotAttempted : for `...`, None and an empty choice.
    Finding : with the text of the first option that is answered wrongly.

    Examples
    --------
    >>> options = {"a": "Is the mean subtracted?", "b": "What is the largest value?"}
    >>> expect_choice("scaling", "A", {"a"}, options=options)
    >>> expect_choice("scaling", {"b"}, {"a"}, options=options)
    Traceback (most recent call last):
    autograder.judging.check.Finding: `scaling`: 2 of 2 options are answered wrongly; one of them
    is missing.
    """
    chosen = _chosen(name, fetch(got), options)
    wrong = sorted(chosen ^ right)
    if wrong:
        kinds = ["does not belong to it" if option in chosen else "is missing" for option in wrong]
        rationale = f"`{name}`: {len(wrong)} of {len(options)} options are answered wrongly"
        raise Finding(f"{rationale}; one of them {kinds[0]}.", options[wrong[0]])


def expect_interval(
    name: str, got: object, low: float, high: float, *, help: str, tolerance: float = 1e-6
) -> None:
    """Require the two ends of an interval, infinite ones written as ``float("inf")``.

    Whether the ends belong to it is not asked: both conventions are taught.

    Parameters
    ----------
    got : a pair of numbers (lower end, upper end).
    low, high : the right ends.
    help : where to look.
    tolerance : how far from an end of 0 an answer may be.

    Raises
    ------
    NotAttempted : for `...` and None.
    Finding : it is not two numbers, or an end is not right.

    Examples
    --------
    >>> expect_interval("range", (0, 1), 0.0, 1.0, help="Where does a sigmoid go?")
    >>> expect_interval("range", (-1, 1), 0.0, 1.0, help="Where does a sigmoid go?")
    Traceback (most recent call last):
    autograder.judging.check.Finding: `range`: the lower end -1 is not right.
    """
    ends = _two_numbers(name, fetch(got))
    for word, end, right in (("lower", ends[0], low), ("upper", ends[1], high)):
        same = end == right or (
            math.isfinite(right) and math.isclose(end, right, rel_tol=1e-3, abs_tol=tolerance)
        )
        if not same:
            raise Finding(f"`{name}`: the {word} end {end:g} is not right.", help)


def _chosen(name: str, value: Any, options: Mapping[str, str]) -> set[str]:
    if value is ... or value is None:
        raise NotAttempted
    if isinstance(value, str):
        value = value.replace(",", " ").split() if " " in value or "," in value else list(value)
    elif isinstance(value, int | float):
        value = [value]
    elif isinstance(value, np.ndarray):
        value = value.reshape(-1).tolist()
    if not isinstance(value, list | tuple | set | frozenset):
        raise Finding(f"`{name}` is a {type(value).__name__}, expected a set of options.")
    chosen = {_option(item) for item in value}
    if not chosen:
        raise NotAttempted
    unknown = sorted(chosen - options.keys())
    if unknown:
        known = ", ".join(sorted(options))
        raise Finding(f"`{name}` contains {unknown[0]!r}; the options are {known}.")
    return chosen


def _option(item: object) -> str:
    if isinstance(item, np.ndarray) and item.size == 1:
        item = item.reshape(-1)[0].item()
    if isinstance(item, float) and item.is_integer():
        item = int(item)
    return str(item).strip().strip(".)(").lower()[:40]


def _two_numbers(name: str, value: Any) -> tuple[float, float]:
    if value is ... or value is None:
        raise NotAttempted
    try:
        low, high = (float(end) for end in value)
    except (TypeError, ValueError):
        raise Finding(
            f"`{name}` should be two numbers (low, high); infinity is `float('inf')`."
        ) from None
    return low, high
