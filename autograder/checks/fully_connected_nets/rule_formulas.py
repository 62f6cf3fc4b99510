"""The judge's own update rules: the change of a parameter, from all gradients so far.

They are sums over the past and keep nothing between steps, so that they share no line and no state
with an implementation that goes from step to step. Gradients and learning rates are given in order
of time; the change is that of the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def decayed(terms: Sequence[Array], keep: float) -> Array:
    """The sum of all terms, each times `keep` for every term that came after it."""
    ages = range(len(terms) - 1, -1, -1)
    total: Array = np.sum([keep**age * term for age, term in zip(ages, terms, strict=True)], axis=0)
    return total


def momentum_step(
    gradients: Sequence[Array], rates: Sequence[float], *, momentum: float = 0.9
) -> Array:
    """Gradient descent with momentum; Polyak, *Some methods of speeding up convergence* (1964)."""
    return -decayed([r * g for r, g in zip(rates, gradients, strict=True)], momentum)


def rmsprop_step(
    gradients: Sequence[Array],
    rates: Sequence[float],
    *,
    decay_rate: float = 0.99,
    epsilon: float = 1e-8,
) -> Array:
    """RMSProp; Tieleman and Hinton, *Lecture 6.5* (2012)."""
    square = (1 - decay_rate) * decayed([g**2 for g in gradients], decay_rate)
    return -rates[-1] * gradients[-1] / (np.sqrt(square) + epsilon)


def adam_step(
    gradients: Sequence[Array],
    rates: Sequence[float],
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    counts: tuple[float, float] | None = None,
) -> Array:
    """Adam; Kingma and Ba, *Adam: a method for stochastic optimization* (2015), algorithm 1.

    `counts` are other t for the corrections of m and of v; infinity leaves a correction out.
    """
    first, second = counts or (len(gradients), len(gradients))
    mean = (1 - beta1) * decayed(gradients, beta1) / (1 - beta1**first)
    square = (1 - beta2) * decayed([g**2 for g in gradients], beta2) / (1 - beta2**second)
    return -rates[-1] * mean / (np.sqrt(square) + epsilon)
