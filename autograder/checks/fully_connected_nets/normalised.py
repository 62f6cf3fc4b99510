"""Inputs of the two normalisations, their right outputs, and what wrong ones were computed by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, Mistake, is_close
from autograder.judging.own_forward import BothWays, Inputs

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator
Way = Callable[[Array, Array, Array, Array, Array], Array]  # of x, mean, variance, gamma and beta

BATCH, ROW = 0, 1  # the axis of an array (N, D) that means are taken over
SMALL, LARGE = 1e-5, 0.5  # epsilons; only the large one shows where it is added


@dataclass(frozen=True, kw_only=True)
class Normalisation:
    """One input of a normalisation over `axis`, and its right output."""

    x: Array
    gamma: Array
    beta: Array
    eps: float
    axis: int

    @classmethod
    def draw(
        cls, rng: Generator, shape: tuple[int, int], *, eps: float, axis: int
    ) -> Normalisation:
        """Values far from mean 0 and deviation 1."""
        gamma, beta = rng.uniform(0.5, 2, size=shape[1]), rng.standard_normal(shape[1])
        x = 3 * rng.standard_normal(shape) + 2
        return cls(x=x, gamma=gamma, beta=beta, eps=eps, axis=axis)

    @property
    def inputs(self) -> dict[str, Array]:
        """What a forward step is given, by name."""
        return {"x": self.x, "gamma": self.gamma, "beta": self.beta}

    @property
    def mean(self) -> Array:
        return np.asarray(self.x.mean(axis=self.axis, keepdims=True))

    @property
    def var(self) -> Array:
        return np.asarray(((self.x - self.mean) ** 2).mean(axis=self.axis, keepdims=True))

    @property
    def deviation(self) -> Array:
        return np.asarray(np.sqrt(self.var + self.eps))

    @property
    def out(self) -> Array:
        return self.divided_by(self.deviation)

    def divided_by(self, deviation: Array) -> Array:
        """The output where that stands for the deviation."""
        return np.asarray(self.gamma * (self.x - self.mean) / deviation + self.beta)


def forward_hints(case: Normalisation) -> Hints:
    """What wrong outputs in training are known to come from."""
    unbiased = case.x.var(axis=case.axis, ddof=min(1, case.x.shape[case.axis] - 1), keepdims=True)
    normal = (case.x - case.mean) / np.sqrt(case.var + case.eps)
    whole = (case.x - case.x.mean()) / np.sqrt(case.x.var() + case.eps)
    other = Normalisation(
        x=case.x, gamma=case.gamma, beta=case.beta, eps=case.eps, axis=1 - case.axis
    )
    counted = ("N", "D")[case.axis]
    wrong = {
        "it is divided by the variance, not by its root.": case.divided_by(case.var + case.eps),
        f"the variance is divided by {counted} - 1; it is divided by {counted}.": case.divided_by(
            np.sqrt(unbiased + case.eps)
        ),
        "gamma and beta are not used.": normal,
        "beta is not added.": case.gamma * normal,
        "the mean is not subtracted.": case.gamma * case.x / np.sqrt(case.var + case.eps)
        + case.beta,
        "`eps` is added to the root; it belongs under it.": case.divided_by(
            np.sqrt(case.var) + case.eps
        ),
        "`eps` is a fixed number, not that of the dictionary.": case.divided_by(
            np.sqrt(case.var + SMALL)
        ),
        (
            "it is normalised over the features of each example, as layer normalisation is."
            if case.axis == BATCH
            else "it is normalised over the batch, as batch normalisation is."
        ): other.out,
        "one mean and one variance are taken of the whole array.": case.gamma * whole + case.beta,
        "the running statistics are used in training, too.": case.gamma
        * case.x
        / np.sqrt(1 + case.eps)
        + case.beta,
    }
    over = ("batch, column by column", "features, row by row")[case.axis]
    return Hints(
        mistakes=[Mistake(value=value, rationale=text) for text, value in wrong.items()],
        help=f"Mean and variance go over the {over}.",
        not_finite="Is `eps` under the root?",
    )


def right_ways(case: Normalisation, dout: Array) -> BothWays:
    """The right normalisation of any inputs of this shape, and its gradients for `dout`."""

    def at_inputs(at: Inputs) -> Normalisation:
        return replace(case, x=at["x"], gamma=at["gamma"], beta=at["beta"])

    def gradients(at: Inputs) -> dict[str, Array]:
        here = at_inputs(at)
        z, g = (here.x - here.mean) / here.deviation, here.gamma * dout
        through = z * (g * z).mean(axis=case.axis, keepdims=True)
        dx = (g - g.mean(axis=case.axis, keepdims=True) - through) / here.deviation
        return {"x": dx, "gamma": (dout * z).sum(axis=0), "beta": dout.sum(axis=0)}

    return BothWays(forward=lambda at: at_inputs(at).out, gradients=gradients)


def as_computed(case: Normalisation, out: Array) -> tuple[Array, Array]:
    """The normalised x and the deviation behind an output, so that a mistake costs once.

    Where they are not the right ones, they are those of a line x = mean + deviation * z that fits
    every column or every row exactly, and else the right ones.
    """
    right = ((case.x - case.mean) / case.deviation, case.deviation)
    if out.shape != case.x.shape or is_close(out, case.out):
        return right
    for z in ((out - case.beta) / case.gamma, out):
        for axis in (case.axis, 1 - case.axis):
            centred = z - z.mean(axis=axis, keepdims=True)
            square = (centred**2).mean(axis=axis, keepdims=True)
            if not np.isfinite(square).all() or not square.all():
                continue
            slope = (centred * case.x).mean(axis=axis, keepdims=True) / square
            level = (case.x - slope * z).mean(axis=axis, keepdims=True)
            if is_close(level + slope * z, case.x):
                return z, slope
    return right


def normalised(x: Array, mean: Array, var: Array, gamma: Array, beta: Array) -> Array:
    """What batch normalisation makes of x with these statistics."""
    return np.asarray(gamma * (x - mean) / np.sqrt(var + SMALL) + beta)


def way_taken(batch: Array, gamma: Array, beta: Array, out: Array) -> Way:
    """The way in which a training step was computed: right, or with a known mistake.

    So that testing, which goes the same way with other statistics, does not lose points for it.
    """
    ways: tuple[Way, ...] = (
        lambda x, mean, var, g, b: g * (x - mean) / (var + SMALL) + b,
        lambda x, mean, var, g, b: (x - mean) / np.sqrt(var + SMALL),
        lambda x, mean, var, g, b: g * (x - mean) / np.sqrt(var + SMALL),
    )
    for way in ways:
        if is_close(out, way(batch, batch.mean(axis=0), batch.var(axis=0), gamma, beta)):
            return way
    return normalised


def is_unbiased(batch: Array, gamma: Array, beta: Array, out: Array) -> bool:
    """Whether a training step was computed with a variance that is divided by N - 1."""
    mean, var = batch.mean(axis=0), batch.var(axis=0, ddof=1)
    return is_close(out, normalised(batch, mean, var, gamma, beta))
