"""Training on one example repeated: every batch has the same gradient, so all can be foretold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from autograder.judging.check import Finding
from autograder.sandbox.remote import Remote

from . import formulas
from .network import parameters_of

Array = np.ndarray[Any, np.dtype[Any]]

SIZES = (5, 6, 6, 3)
LEARNING_RATE = 0.1
# A movement this near in relative size is that of the same updates, in float32 too.
SAME = 1e-3
RATES = (0.1, 0.01, 0.001, 1e-4, 0.05, 0.2, 0.5, 1.0)
MOST_UPDATES = 1500
# Every one of so many updates moves the parameters visibly, so that their number can be told.
TOLD_APART = 64


class Repeated:
    """One example and its label, repeated as often as needed, and a network to train on it."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._draw(rng)
        while not self._keeps_moving():
            self._draw(rng)

    def _draw(self, rng: np.random.Generator) -> None:
        self.params = formulas.random_parameters(rng, SIZES)
        self._row = rng.standard_normal((1, SIZES[0]))
        # The label that the network finds least likely, so that there is something to learn.
        self._label = formulas.scores(self.params, self._row).argmin(axis=1)

    def _keeps_moving(self) -> bool:
        """Whether the last two of many updates still differ: steps get smaller and smaller."""
        before, after = islice(self.path(LEARNING_RATE), TOLD_APART - 2, TOLD_APART)
        return distance(before, after, self.params) > SAME

    def training(self, rows: int) -> tuple[Array, Array]:
        """X of shape (rows, 5) and y of shape (rows,)."""
        return np.repeat(self._row, rows, axis=0), np.repeat(self._label, rows)

    def validation(self) -> tuple[Array, Array]:
        """Two rows: these checks do not look at the accuracy."""
        return self.training(2)

    def path(self, rate: float) -> Iterator[dict[str, Array]]:
        """Parameters after 1, 2, 3, ... updates."""
        return formulas.descent(self.params, self._row, self._label, rate)

    def expect_updates(self, network: Remote, *, updates: int, rows: int) -> None:
        """Require that the network is where so many updates at the usual rate lead."""
        reached = parameters_of(network, self.params)
        right = next(islice(self.path(LEARNING_RATE), updates - 1, None))
        if distance(reached, right, self.params) < SAME:
            return
        wanted = f"{rows} equal rows should give {updates} updates at rate {LEARNING_RATE:g}"
        found = self._explain(reached)
        raise Finding(
            f"{wanted}; the parameters have moved {found or 'otherwise'}.",
            "Look at the batch size, the learning rate, the number of epochs, and at the update "
            "itself: p <- p - rate * gradient, once for every batch.",
        )

    def _explain(self, reached: Mapping[str, Array]) -> str:
        """Which number of updates at which rate leads there, if any does."""
        best, text = SAME, ""
        for rate in RATES:
            for count, params in enumerate(islice(self.path(rate), MOST_UPDATES), start=1):
                off = distance(reached, params, self.params)
                if off < best:
                    best, text = off, f"as {count} updates at rate {rate:g} would move them"
        return text


def distance(reached: Mapping[str, Array], right: Mapping[str, Array], start: Any) -> float:
    """The difference of two movements from `start`, relative to the second."""
    off = sum(float(((reached[n] - right[n]) ** 2).sum()) for n in right)
    moved = sum(float(((right[n] - start[n]) ** 2).sum()) for n in right)
    ratio = np.sqrt(off / moved)
    return float(ratio) if np.isfinite(ratio) else np.inf


def in_given_order(
    params: Mapping[str, Array], X: Array, y: Array, batch: int, rate: float
) -> dict[str, Array]:
    now = dict(params)
    for start in range(0, len(X), batch):
        now = next(formulas.descent(now, X[start : start + batch], y[start : start + batch], rate))
    return now


def losses_in_orders(
    params: Mapping[str, Array], X: Array, y: Array, orders: Array, *, rate: float
) -> Array:
    """The mean loss of each epoch, (K, E), in K trainings that visit one row after another.

    `orders` (K, E, n) has the order of the rows in each epoch of each training.
    """
    now = {name: np.repeat(value[None], len(orders), axis=0) for name, value in params.items()}
    losses = np.empty(orders.shape)
    for place in np.ndindex(orders.shape[1:]):
        rows = orders[:, *place]
        losses[:, *place], slopes = formulas.loss_and_gradients(now, X[rows, None], y[rows, None])
        now = formulas.moved(now, slopes, rate)
    return np.asarray(losses.mean(axis=-1))
