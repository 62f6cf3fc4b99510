"""The whole corpus at some levels: one attack at a time in each process, so that all is seen."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from autograder.assignment import load_assignment

from .corpus import SLUG, Attack
from .trial import Trial, try_attack


def run_corpus(
    attacks: Sequence[Attack],
    *,
    levels: Sequence[str],
    jobs: int = 1,
    on_trial: Callable[[Trial], None] = lambda trial: None,
) -> list[Trial]:
    """Try every attack at every level, and return the trials level by level, in order.

    Parameters
    ----------
    jobs : processes, each of which tries one attack at a time. What an attack does to its judge,
        such as its memory and open files, could not be told apart within one process.
    on_trial : called for each trial, in order.
    """
    trials = []
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh) as executor:
        pairs = [(attack, level) for level in levels for attack in attacks]
        for trial in executor.map(_try, pairs):
            trials.append(trial)
            on_trial(trial)
    return trials


def _try(pair: tuple[Attack, str]) -> Trial:
    attack, level = pair
    return try_attack(attack, load_assignment(SLUG), level=level)
