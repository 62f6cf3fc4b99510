"""The words of the visible checks: compare an answer with a known one, and say what differs.

These checks look at a few examples. Passing them does not prove that your code is right.
"""

import inspect

import numpy as np


class CheckError(AssertionError):
    """What a check has found; Jupyter shows it without a traceback into this file."""

    def _render_traceback_(self):
        return str(self).splitlines()


def called(function, *inputs, gives=1, may_change=(), **options):
    """Call a function, and require what all functions here promise besides their values.

    Parameters
    ----------
    function : callable
    inputs, options : what it is called with
        Arrays have to stay as they were, also those in a dictionary.
    gives : int
        How many values it returns.
    may_change : names of inputs that it may change in place

    Returns
    -------
    What the function returns.

    Raises
    ------
    CheckError
        An input was changed, or something else than `gives` values came back.
    """
    __tracebackhide__ = True  # a student's own error is shown from the student's own line
    name = getattr(function, "__qualname__", str(function))
    given = {**dict(zip(_parameters(function), inputs, strict=False)), **options}
    given = {key: value for key, value in given.items() if key not in may_change}
    before = {key: value.copy() for key, value in _arrays(given)}
    result = function(*inputs, **options)
    after = dict(_arrays(given))
    for key, value in before.items():
        if not _equal(after.get(key), value):
            raise CheckError(
                f"{name} changes its input `{key}` in place. Work on a new array: "
                "others still need the old values."
            )
    if result is None:
        raise CheckError(f"{name} gives None. Does it end with `return`?")
    several = isinstance(result, tuple | list)
    if gives > 1 and (not several or len(result) != gives):
        count = f"{len(result)} values" if several else f"one value, a {type(result).__name__}"
        raise CheckError(f"{name} returns {count}; expected are {gives} values.")
    if gives > 1 and any(value is None for value in result):
        empty = next(number for number, value in enumerate(result) if value is None)
        raise CheckError(f"{name} returns None as value {empty + 1} of {gives}.")
    return result


def expect_close(call, got, expected, tolerance=1e-6, hint="", mistakes=None):
    """Require an array or a number to have the expected shape and values.

    Parameters
    ----------
    call : str
        What was called, as the student would write it.
    got, expected : array_like
    tolerance : float
        The largest difference allowed, relative to the largest expected value (or to 1, where
        that is smaller).
    hint : str
        The rule that holds here, or a question; shown if the values differ.
    mistakes : dict of str -> array_like, or a tuple of several
        What is wrong, and the values that come out then. It is said where exactly they came out.

    Raises
    ------
    CheckError
        Says call, got, expected and, for values, the element that is furthest off.
    """
    if got is None:
        raise CheckError(f"{call} is None. Does the function end with `return`?")
    got, expected = _array(call, got), np.asarray(expected)
    known = _known(got, mistakes or {})
    if got.shape != expected.shape:
        why = known or (" It is the transpose." if _same(got.T, expected) else "")
        shapes = f"{call} has shape {got.shape}, expected {expected.shape}."
        raise _wrong(f"{shapes}{why}", "" if why else hint)
    if not np.isfinite(got).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(got))[0])
        why = known or " Is there a log(0), a 0/0 or an overflow in exp?"
        raise CheckError(f"{call} is {got[first]}{_at(first)}.{why}")
    difference = np.abs(got - expected)
    scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
    wrong = int(np.sum(difference > tolerance * scale))
    if wrong:
        worst = tuple(int(i) for i in np.unravel_index(difference.argmax(), difference.shape))
        where = f"{_at(worst)}, {wrong} of {got.size} differ" if got.shape else ""
        raise _wrong(
            f"{call} is {got[worst]:.10g}, expected {expected[worst]:.10g}{where} "
            f"(allowed difference {tolerance * scale:.1e}).{known or _relation(got, expected)}",
            "" if known else hint,
        )
    error = difference.max(initial=0.0) / scale
    passed(f"{call}: largest relative error {error:.0e}" if error else f"{call}: exact")


def expect_shape(call, got, shape):
    """Require an array of numbers with this shape, whatever its values."""
    got = _array(call, got)
    if got.shape != tuple(shape):
        raise CheckError(f"{call} has shape {got.shape}, expected {tuple(shape)}.")
    passed(f"{call} has shape {got.shape}")


def expect_near(call, got, expected, margin, hint="", mistakes=None):
    """Require a number to lie within `margin` of the expected one, for figures left to chance."""
    if not abs(got - expected) <= margin:
        known = [text for text, value in (mistakes or {}).items() if abs(got - value) <= margin]
        found = f"{call} is {got:.4g}, expected about {expected:.4g} (within {margin:.2g})."
        raise _wrong(found, known[0] if known else hint)
    passed(f"{call}: {got:.4g}, expected about {expected:.4g}")


def expect_accuracy(reached, needed, of, hint=""):
    """Require an accuracy, and say how far away it is."""
    found = f"Accuracy {reached:.3f} {of}; needed {needed:.3f}"
    if not reached >= needed:
        raise _wrong(f"{found}.", hint)
    passed(found)


def expect_true(holds, claim, otherwise):
    """Require that a claim holds: it is printed, or `otherwise` is raised."""
    if not holds:
        raise CheckError(otherwise)
    passed(claim)


def expect_written(name, answer):
    """Require that an answer's placeholder has been replaced."""
    if answer is ... or answer is None:
        raise CheckError(f"TODO({name}) is still to be written.")


def expect_options(name, answer, options):
    """Require the form of a choice: some of the options. Whether they are right is not said."""
    expect_written(name, answer)
    if not isinstance(answer, set | frozenset | list | tuple) or not answer:
        raise CheckError(f"`{name}` is {answer!r}, expected a set of {sorted(options)}.")
    unknown = [option for option in answer if option not in options]
    if unknown:
        raise CheckError(f"`{name}` contains {unknown[0]!r}; the options are {options}.")
    _readable(name)


def expect_intervals(name, answer, keys):
    """Require the form of interval answers: ``{key: (low, high)}`` with low < high."""
    expect_written(name, answer)
    if not isinstance(answer, dict) or set(answer) != set(keys):
        raise CheckError(f"`{name}` is {answer!r}, expected a dict with the keys {keys}.")
    for key, interval in answer.items():
        expect_written(name, interval)
        pair = isinstance(interval, tuple | list) and len(interval) == 2
        if not pair or not float(interval[0]) < float(interval[1]):
            raise CheckError(f'`{name}["{key}"]` is {interval!r}, expected (low, high).')
    _readable(name)


def passed(claim):
    """Say what was found to hold."""
    print(f"{claim} ✓")


def _readable(name):
    print(f"`{name}` can be read. Whether it is right, you learn when it is graded.")


def _arrays(given):
    """The arrays among some inputs, each with the name that a student knows it by."""
    for key, value in given.items():
        if isinstance(value, np.ndarray):
            yield key, value
        elif isinstance(value, dict):
            for name, entry in value.items():
                if isinstance(entry, np.ndarray):
                    yield f'{key}["{name}"]', entry


def _equal(now, before):
    return now is not None and np.array_equal(now, before, equal_nan=before.dtype.kind == "f")


def _parameters(function):
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some functions of NumPy have none
        return []


def _array(call, got):
    """The answer as an array of numbers."""
    try:
        array = np.asarray(got)
    except ValueError:  # rows of unequal length
        array = np.asarray(None)
    if array.dtype.kind not in "biufc":
        raise CheckError(f"{call} is a {type(got).__name__}, expected numbers.")
    return array.astype(float) if array.dtype.kind == "b" else array


def _at(place):
    return f" at {place}" if place else ""


def _same(got, expected):
    if got.shape != expected.shape:
        return False
    scale = max(float(np.abs(expected[np.isfinite(expected)]).max(initial=0.0)), 1e-12)
    return bool(np.allclose(got, expected, rtol=1e-5, atol=1e-5 * scale, equal_nan=True))


def _known(got, mistakes):
    """What is wrong, where the values are exactly those of a known mistake."""
    for text, values in mistakes.items():
        several = values if isinstance(values, tuple) else (values,)
        if any(_same(got, np.asarray(value, dtype=float)) for value in several):
            return f" {text}"
    return ""


def _relation(got, expected):
    """What all values have to do with the expected ones, where that can be computed."""
    if np.count_nonzero(expected) < 2 or not got.any():
        return ""
    factor = float(np.sum(got * expected)) / float(np.sum(expected * expected))
    if _same(got, -expected):
        return " Every value has the wrong sign."
    if np.abs(got - factor * expected).max() <= 1e-4 * np.abs(got).max():
        return f" Every value is {factor:.4g} times the expected one."
    if _same(got.T, expected):
        return " It is the transpose of the expected array."
    offset = float(np.mean(got - expected))
    if _same(got, expected + offset):
        return f" Every value is {abs(offset):.4g} too {'large' if offset > 0 else 'small'}."
    if _same(np.sort(got, axis=None), np.sort(expected, axis=None)):
        return " The values are right, and in another order."
    return ""


def _wrong(finding, hint):
    return CheckError(f"{finding} {hint}".strip())
