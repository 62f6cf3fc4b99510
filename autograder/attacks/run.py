"""The whole corpus at some levels: one attack at a time in each process, so that all is seen."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.sandbox.levels import diagnose, get_level

from .corpus import SLUG, Attack, load_corpus
from .table import summary, write_table
from .trial import AttackTrial, try_attack


def verify_attacks(
    *, level: str, page: Path | None = None, jobs: int = 1, echo: Callable[[str], None]
) -> bool:
    """Try the whole corpus, say what became of each attack, and return whether all is well.

    Parameters
    ----------
    level : where to try it.
    page : try it at every level that this machine has instead, and write here what each one stops.

    Raises
    ------
    CorpusError : there is no corpus here.
    UnknownLevelError, UnavailableLevelError : before anything is run.
    """
    get_level(level)
    attacks = load_corpus()
    available = [name for name, here, _ in diagnose() if here]
    levels = [level] if page is None else available
    trials = run_corpus(attacks, levels=levels, jobs=jobs, on_trial=lambda trial: echo(str(trial)))
    for name in levels:
        echo(f"{name}: {summary([trial for trial in trials if trial.level == name])}")
    if page is not None:
        write_table(page, attacks, trials)
    return all(trial.expected for trial in trials)


def run_corpus(
    attacks: Sequence[Attack],
    *,
    levels: Sequence[str],
    jobs: int = 1,
    on_trial: Callable[[AttackTrial], None] = lambda trial: None,
) -> list[AttackTrial]:
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


def _try(pair: tuple[Attack, str]) -> AttackTrial:
    attack, level = pair
    return try_attack(attack, load_assignment(SLUG, shipped_course()), level=level)
