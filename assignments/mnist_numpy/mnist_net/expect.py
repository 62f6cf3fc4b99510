"""The words of the visible checks: compare an answer with a known one, and say what differs.

These checks look at a few examples. Passing them does not prove that your code is right.
"""

import inspect

import numpy as np


def called(function, *inputs, gives=1):
    """Call a function, and require what all functions here promise besides their values.

    Parameters
    ----------
    function : callable
    inputs : what it is called with; arrays have to stay as they were
    gives : int
        How many values it returns.

    Returns
    -------
    What the function returns.

    Raises
    ------
    AssertionError
        An input was changed, or something else than `gives` values came back.
    """
    arrays = [(value, value.copy()) for value in inputs if isinstance(value, np.ndarray)]
    result = function(*inputs)
    names = [
        name
        for name, value in zip(inspect.signature(function).parameters, inputs, strict=False)
        if isinstance(value, np.ndarray)
    ]
    for name, (now, before) in zip(names, arrays, strict=True):
        if not np.array_equal(now, before):
            raise AssertionError(
                f"{function.__name__} changes its input `{name}` in place. Work on a new array: "
                "others still need the old values."
            )
    if result is None:
        raise AssertionError(f"{function.__name__} gives None. Does it end with `return`?")
    if gives > 1 and (not isinstance(result, tuple | list) or len(result) != gives):
        count = len(result) if isinstance(result, tuple | list) else "no"
        raise AssertionError(f"{function.__name__} returns {count} values, expected {gives}.")
    return result


def expect_close(call, got, expected, tolerance=1e-6, hint=""):
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
        Where to look, if the values differ.

    Raises
    ------
    AssertionError
        Says call, got, expected and, for values, the element that is furthest off.
    """
    if got is None:
        raise AssertionError(f"{call} is None. Does the function end with `return`?")
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape:
        raise _wrong(f"{call} has shape {got.shape}, expected {expected.shape}.", hint)
    if not np.isfinite(got).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(got))[0])
        raise AssertionError(
            f"{call} is {got[first]} at {first}. Is there a log(0), a 0/0 or an overflow in exp?"
        )
    difference = np.abs(got - expected)
    allowed = tolerance * max(1.0, float(np.abs(expected).max(initial=0.0)))
    wrong = int(np.sum(difference > allowed))
    if wrong:
        worst = tuple(int(i) for i in np.unravel_index(difference.argmax(), difference.shape))
        where = f" at {worst}, {wrong} of {got.size} differ" if got.shape else ""
        raise _wrong(
            f"{call} is {got[worst]:.10g}, expected {expected[worst]:.10g}{where} "
            f"(allowed difference {allowed:.1e}).{_factor(got, expected)}",
            hint,
        )


def expect_near(call, got, expected, margin, hint=""):
    """Require a number to lie within `margin` of the expected one, for figures left to chance."""
    if not abs(got - expected) <= margin:
        raise _wrong(
            f"{call} is {got:.4g}, expected about {expected:.4g} (within {margin:.2g}).", hint
        )


def expect_accuracy(reached, needed, of, hint=""):
    """Require an accuracy, and say how far away it is."""
    if not reached >= needed:
        raise _wrong(f"Accuracy {reached:.3f} {of}; needed {needed:.3f}.", hint)
    print(f"Accuracy {reached:.3f} {of}; needed {needed:.3f}.")


def expect_written(name, answer):
    """Require that an answer's placeholder has been replaced."""
    if answer is ... or answer is None:
        raise AssertionError(f"TODO({name}) is still to be written.")


def expect_options(name, answer, options):
    """Require the form of a choice: some of the options. Whether they are right is not said."""
    expect_written(name, answer)
    if not isinstance(answer, set | frozenset | list | tuple) or not answer:
        raise AssertionError(f"`{name}` is {answer!r}, expected a set of {sorted(options)}.")
    unknown = [option for option in answer if option not in options]
    if unknown:
        raise AssertionError(f"`{name}` contains {unknown[0]!r}; the options are {options}.")


def expect_intervals(name, answer, keys):
    """Require the form of interval answers: ``{key: (low, high)}`` with low < high."""
    expect_written(name, answer)
    if not isinstance(answer, dict) or set(answer) != set(keys):
        raise AssertionError(f"`{name}` is {answer!r}, expected a dict with the keys {keys}.")
    for key, interval in answer.items():
        expect_written(name, interval)
        pair = isinstance(interval, tuple | list) and len(interval) == 2
        if not pair or not float(interval[0]) < float(interval[1]):
            raise AssertionError(f'`{name}["{key}"]` is {interval!r}, expected (low, high).')


def _factor(got, expected):
    """Says so where every value is the expected one times one number."""
    square = float(np.sum(expected * expected))
    if np.count_nonzero(expected) < 2 or not got.any():
        return ""
    factor = float(np.sum(got * expected)) / square
    same = np.abs(got - factor * expected).max() <= 1e-4 * np.abs(got).max()
    return f" Every value is {factor:.4g} times the expected one." if same else ""


def _wrong(finding, hint):
    return AssertionError(f"{finding} {hint}".strip())
