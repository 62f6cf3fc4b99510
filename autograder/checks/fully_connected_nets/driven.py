"""Training that the judge drives: of the student's code only `loss` runs, a batch at a time.

Weights, batches and updates are the judge's, so no settings and no data come from a process that
the student's code may have changed. Each gradient of the student's is held against the judge's own,
which is used where the student's is not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.judging.arrays import as_array, as_arrays, as_number
from autograder.judging.check import Finding
from autograder.judging.training import share_right
from autograder.sandbox.remote import Remote

from .formulas import loss_and_gradients, scores

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator
Params = dict[str, Array]

NOT_FINITE = "Is there an exponential of a large score, or a division by 0?"
FIRST = 10  # updates in which the student's gradient is asked for in any case
# Of the largest gradient so far; a kink of the ReLU may switch where a student computes in float32.
TOLERANCE = 0.02


@dataclass(frozen=True, kw_only=True)
class SgdSettings:
    """How to train: by stochastic gradient descent on random batches."""

    learning_rate: float
    batch_size: int
    num_epochs: int
    lr_decay: float = 1.0

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> SgdSettings:
        """Those among some values that are such settings."""
        names = ("learning_rate", "batch_size", "num_epochs", "lr_decay")
        return cls(**{name: values[name] for name in names if name in values})


@dataclass(kw_only=True)
class Trained:
    """The parameters of the best validation accuracy so far, that accuracy, and every loss.

    `accuracies` are those before and after each epoch.
    """

    params: Params
    accuracy: float = -1.0
    losses: list[float] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)

    def keep_better(self, params: Params, X: Array, y: Array) -> None:
        """Take these parameters if they are better on validation data."""
        reached = share_right(lambda rows: scores(params, rows), X, y)
        self.accuracies.append(reached)
        if reached > self.accuracy:
            self.params, self.accuracy = dict(params), reached


class DrivenNetwork:
    """A student's network, whose parameters are the judge's.

    Parameters
    ----------
    model : has ``params`` and ``loss(X, y)``.
    sizes : the units of every layer, from inputs to classes.

    Raises
    ------
    Finding : `params` does not hold W1, b1, ... of these sizes.
    """

    def __init__(self, model: Remote, sizes: Sequence[int]) -> None:
        self._model = model
        self._held = model.params
        self._sizes = sizes
        self._biases = self._shapes_of_biases(as_arrays("params", self._held))
        self._largest: dict[str, float] = {}

    def start(self, scale: float, rng: Generator) -> Params:
        """Normal weights of that standard deviation, and biases of zero."""
        params: Params = {}
        for layer, (inputs, outputs) in enumerate(pairwise(self._sizes), start=1):
            with np.errstate(over="ignore"):
                params[f"W{layer}"] = scale * rng.standard_normal((inputs, outputs))
            params[f"b{layer}"] = np.zeros(outputs)
        return params

    def loss(self, params: Params, X: Array, y: Array) -> tuple[float, Params]:
        """The student's loss and gradients of a batch.

        Raises
        ------
        Finding : a gradient is not that of the loss.
        """
        for name, value in params.items():
            self._held[name] = value.reshape(self._biases.get(name, value.shape))
        loss, grads = self._model.loss(X, y)
        got = as_arrays("grads", grads)
        _, right = own_loss(params, X, y)
        expected = {
            name: self._expected(name, got.get(name), value) for name, value in right.items()
        }
        return as_number("loss", loss), expected

    def _expected(self, name: str, got: Array | None, right: Array) -> Array:
        """The student's gradient, where it is one."""
        if got is None:
            raise Finding(f"`loss` gives no gradient of `{name}`.")
        if got.size != right.size or (right.ndim > 1 and got.shape != right.shape):
            raise Finding(
                f"`loss` gives a gradient of `{name}` of shape {got.shape}, expected {right.shape}."
            )
        got = got.reshape(right.shape)
        with np.errstate(all="ignore"):
            norm = float(np.linalg.norm(right))
            self._largest[name] = max(norm, self._largest.get(name, 0.0))
            apart = float(np.linalg.norm(got - right))
        if np.isfinite(norm) and not np.isfinite(got).all():
            raise Finding(f"In training, the gradient of `{name}` is not finite.", NOT_FINITE)
        if np.isfinite(norm) and not apart <= TOLERANCE * self._largest[name]:
            raise Finding(
                f"In training, the gradient of `{name}` differs from that "
                f"of the loss by a vector of length {apart:.3g}; the gradient's own length is "
                f"{norm:.3g}.",
                "Does `loss` change its parameters, or keep something from one call to the next?",
            )
        return got

    def _shapes_of_biases(self, params: Mapping[str, Array]) -> dict[str, tuple[int, ...]]:
        """The student's own shapes, for a bias may be a row."""
        wanted = {
            name: shape
            for layer, (inputs, outputs) in enumerate(pairwise(self._sizes), start=1)
            for name, shape in ((f"W{layer}", (inputs, outputs)), (f"b{layer}", (outputs,)))
        }
        if params.keys() != wanted.keys():
            raise Finding(f"`params` holds {_listed(params)}, expected {_listed(wanted)}.")
        for name, shape in wanted.items():
            size = as_array(name, params[name]).size
            if size != np.prod(shape) or (len(shape) > 1 and params[name].shape != shape):
                raise Finding(
                    f"`params['{name}']` has shape {params[name].shape}, expected {shape}."
                )
        return {name: params[name].shape for name in wanted if name.startswith("b")}


def own_loss(params: Params, X: Array, y: Array) -> tuple[float, Params]:
    """The judge's own loss and gradients of a batch."""
    with np.errstate(all="ignore"):
        return loss_and_gradients(params, X.astype(np.float64), y, 0.0)


def train(
    network: DrivenNetwork,
    params: Params,
    data: Mapping[str, Array],
    settings: SgdSettings,
    rng: Generator,
    *,
    asked: float = 1.0,
    enough: float = np.inf,
) -> Trained:
    """Train, and give the parameters that were best on the validation data.

    Parameters
    ----------
    data : ``X_train``, ``y_train``, ``X_val``, ``y_val``.
    asked : the share of updates, drawn by lot, that ask for the student's gradient. With a tenth of
        400, one that is wrong in one update of twenty is noticed 9 times in 10.
    enough : the validation accuracy with which training ends before its last epoch.

    Returns
    -------
    With fewer losses than updates where a gradient is not finite any more.
    """
    X, y, rate = data["X_train"], data["y_train"], settings.learning_rate
    X_val, y_val = data["X_val"].astype(np.float64), data["y_val"]
    trained = Trained(params=params)
    trained.keep_better(params, X_val, y_val)
    for _ in range(settings.num_epochs):
        for _ in range(max(len(X) // settings.batch_size, 1)):
            rows = rng.choice(len(X), settings.batch_size)
            drawn = len(trained.losses) < FIRST or rng.random() < asked
            ask = network.loss if drawn else own_loss
            loss, grads = ask(params, X[rows], y[rows])
            trained.losses.append(loss)
            if not all(np.isfinite(grads[name]).all() for name in params):
                return trained
            with np.errstate(all="ignore"):
                params = {name: value - rate * grads[name] for name, value in params.items()}
        rate *= settings.lr_decay
        trained.keep_better(params, X_val, y_val)
        if trained.accuracy >= enough:
            break
    return trained


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names)[:12]) or "nothing"
