"""Gradients judged by the student's own forward step, where that one is wrong.

A slip in a layer's forward step is one mistake. Whoever differentiates that step rightly has made
no second one, so the gradients count as right. Nothing is gained by a step that is easy to
differentiate: whatever the right gradients depend on, the student's have to depend on too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.sandbox.faults import Fault
from autograder.sandbox.remote import Remote, Student

from .arrays import as_array
from .check import Finding, InputChanged, NotAttempted
from .closeness import is_close
from .gradients import is_gradient

Array = np.ndarray[Any, np.dtype[Any]]
Inputs = Mapping[str, Array]

NEAR = 1e-3  # of the size of an input: a change within which no kink lies, as a rule
SHARE = 0.5  # of the entries in which the right gradients are not zero, or change
CHANGED = 1e-7  # of the largest entry; less is rounding


@dataclass(frozen=True, kw_only=True)
class BothWays:
    """A layer's two directions, as functions of its inputs by name.

    Attributes
    ----------
    forward : what comes out.
    gradients : those of the scalar that is made of it, by the name of the input.
    scalar : the loss that the code itself gives, where it gives one.
    """

    forward: Callable[[Inputs], Array]
    gradients: Callable[[Inputs], Mapping[str, Array]]
    scalar: Callable[[Inputs], float] | None = None


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """The student's layer beside the right one, at the inputs of a check.

    Attributes
    ----------
    own, right : the two; the gradients of both have the shapes of the inputs.
    at : the inputs of the layer, whole numbers such as labels among them.
    scalar : what the gradients are taken of, from the inputs and what comes out of the layer.
    """

    own: BothWays
    right: BothWays
    at: Inputs
    scalar: Callable[[Inputs, Array], float]


def upstream(dout: Array) -> Callable[[Inputs, Array], float]:
    """The scalar whose gradient with respect to what comes out is `dout`.

    Examples
    --------
    >>> upstream(np.array([1.0, 2.0]))({}, np.array([3.0, 4.0]))
    11.0
    """
    return lambda inputs, out: float(np.vdot(out, dout))


def of_functions(
    forward: Callable[[Inputs], Iterable[Any]], backward: Remote, dout: Array, names: Sequence[str]
) -> BothWays:
    """A layer of two functions, as ``affine_forward`` and ``affine_backward`` are.

    Parameters
    ----------
    forward : what comes out, and the cache.
    backward : gives the gradients of the inputs `names` in this order, from `dout` and the cache.
    """

    def out(at: Inputs) -> Array:
        value, _ = forward(at)
        return as_array("out", value)

    def gradients(at: Inputs) -> dict[str, Array]:
        _, cache = forward(at)
        found = backward(dout, cache)
        values = [found] if len(names) == 1 else list(found)
        pairs = zip(names, values, strict=True)
        return {name: as_array(f"d{name}", value) for name, value in pairs}

    return BothWays(forward=out, gradients=gradients)


def of_layer(
    made: Callable[[Inputs], tuple[Remote, Remote]], dprev: Array, stored: Mapping[str, str]
) -> BothWays:
    """An object with `backward`, which stores the gradients of its parameters in `grads`.

    Parameters
    ----------
    made : a new layer that has been called with the input `feat`, and what came out.
    stored : the keys in `grads` by the name of the input.
    """

    def out(at: Inputs) -> Array:
        return as_array("out", made(at)[1])

    def gradients(at: Inputs) -> dict[str, Array]:
        layer, _ = made(at)
        dfeat = as_array("dfeat", layer.backward(dprev))
        return {
            "feat": dfeat,
            **{name: as_array(key, layer.grads[key]) for name, key in stored.items()},
        }

    return BothWays(forward=out, gradients=gradients)


@contextmanager
def or_of_own_forward(student: Student, way: WayBack, rng: np.random.Generator) -> Iterator[None]:
    """Take the gradients inside for right where they are those of the student's own forward step.

    Only where that step is wrong: otherwise a finding stands as it is. What is asked for this is
    left out of the calls that a student may make again.

    Parameters
    ----------
    rng : of the check; what it draws afterwards is the same in any case.

    Raises
    ------
    Finding : the one that was raised inside.
    """
    try:
        yield
    except InputChanged:
        raise
    except Finding:
        with student.aside():
            if not fits_own_forward(way, deepcopy(rng)):
                raise


def fits_own_forward(way: WayBack, rng: np.random.Generator) -> bool:
    """Whether the student's gradients are those of a wrong forward step that is as hard.

    Examples
    --------
    A leaky ReLU is, with its own derivative; the identity is not.

    >>> def relu(slope):
    ...     return BothWays(
    ...         forward=lambda at: np.where(at["x"] > 0, at["x"], slope * at["x"]),
    ...         gradients=lambda at: {"x": np.where(at["x"] > 0, 1, slope)},
    ...     )
    >>> x = np.random.default_rng(0).standard_normal((4, 5))
    >>> ways = [WayBack(own=relu(slope), right=relu(0), at={"x": x}, scalar=upstream(np.ones(20)))
    ...         for slope in (0.01, 1)]
    >>> [fits_own_forward(way, np.random.default_rng(1)) for way in ways]
    [True, False]
    """
    try:
        with np.errstate(all="ignore"):
            return _is_wrong(way) and _is_its_derivative(way, rng) and _is_as_hard(way, rng)
    except (Fault, Finding, NotAttempted, ValueError):  # it answers with something else there
        return False


def _is_wrong(way: WayBack) -> bool:
    """Whether the forward step gives other values than the right ones, of their shape."""
    own, right = way.own.forward(way.at), way.right.forward(way.at)
    finite = own.shape == right.shape and bool(np.isfinite(own).all())
    return finite and not is_close(own, right)


def _is_its_derivative(way: WayBack, rng: np.random.Generator) -> bool:
    found = _gradients(way, way.own, way.at)
    if way.own.scalar is not None:
        own = np.asarray(way.own.scalar(way.at))
        if not is_close(own, np.asarray(way.scalar(way.at, way.own.forward(way.at)))):
            return False

    def scalar_of(name: str) -> Callable[[Array], float]:
        def scalar(value: Array) -> float:
            moved = {**way.at, name: value}
            return way.scalar(moved, way.own.forward(moved))

        return scalar

    return all(
        np.isfinite(gradient).all() and is_gradient(gradient, scalar_of(name), way.at[name], rng)
        for name, gradient in found.items()
    )


def _is_as_hard(way: WayBack, rng: np.random.Generator) -> bool:
    """Whether the gradients depend on all that the right ones depend on, and as they do."""
    here = {id(side): _gradients(way, side, way.at) for side in (way.own, way.right)}
    places = ({}, *(_moved(way.at, name, rng) for name in way.at))
    return all(
        _covers(own, right)
        for moved in places
        for own, right in zip(
            *(_responses(way, side, here[id(side)], moved) for side in (way.own, way.right)),
            strict=True,
        )
    )


def _moved(at: Inputs, name: str, rng: np.random.Generator) -> dict[str, Inputs]:
    """The inputs with one of them elsewhere, half the way there, and a little moved."""
    value = at[name]
    there = rng.permutation(value.reshape(-1)).reshape(value.shape)
    values = {"there": there}
    if value.dtype.kind == "f":
        step = NEAR * np.abs(value).mean() * rng.standard_normal(value.shape)
        values |= {"middle": (value + there) / 2, "near": value + step}
    return {place: {**at, name: moved} for place, moved in values.items()}


def _responses(
    way: WayBack, side: BothWays, here: Inputs, places: Mapping[str, Inputs]
) -> list[Inputs]:
    """The gradients, or how they change between places, and how far that is from a line."""
    if not places:
        return [{name: _without_rounding(value, value) for name, value in here.items()}]
    found = {place: _gradients(way, side, inputs) for place, inputs in places.items()}
    changes = {
        place: {name: value - here[name] for name, value in gradients.items()}
        for place, gradients in found.items()
    }
    if "middle" in changes:
        changes["middle"] = {
            name: change - changes["there"][name] / 2 for name, change in changes["middle"].items()
        }
    return [
        {name: _without_rounding(value, here[name]) for name, value in change.items()}
        for change in changes.values()
    ]


def _covers(own: Inputs, right: Inputs) -> bool:
    """Whether about as many entries are not zero, of each gradient."""
    return all(
        np.count_nonzero(own[name]) >= SHARE * np.count_nonzero(right[name]) for name in right
    )


def _gradients(way: WayBack, side: BothWays, at: Inputs) -> Inputs:
    """The gradients of one side in the shapes of their inputs. Raises `Finding` for others."""
    found = {name: np.asarray(value) for name, value in side.gradients(at).items()}
    for name, value in found.items():
        if value.size != at[name].size:
            raise Finding(f"`{name}` has another shape.")
    return {name: value.reshape(at[name].shape) for name, value in found.items()}


def _without_rounding(value: Array, like: Array) -> Array:
    """The value with what may be rounding set to zero."""
    largest = np.abs(like).max(initial=0)
    return np.where(np.abs(value) > CHANGED * largest, value, 0.0)
