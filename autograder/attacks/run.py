"""The whole corpus at levels and by routes: one attack at a time in each process."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from autograder.route import SubmissionRoute
from autograder.sandbox.levels import diagnose, get_level

from .corpus import Attack, load_corpus
from .sending import takes
from .table import summary, way_words, write_table
from .target import target_of
from .trial import AttackTrial, try_attack


def verify_attacks(
    *,
    level: str,
    route: SubmissionRoute = SubmissionRoute.DIRECT,
    page: Path | None = None,
    jobs: int = 1,
    echo: Callable[[str], None],
) -> bool:
    """Try the whole corpus, say what became of each attack, and return whether all is well.

    Parameters
    ----------
    level : where to try it.
    route : how the submissions come to the grader; see `takes` for those that are left out.
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
    ways = [(name, route) for name in levels]
    trials = run_corpus(attacks, ways=ways, jobs=jobs, on_trial=lambda trial: echo(str(trial)))
    for way in ways:
        here = [trial for trial in trials if (trial.level, trial.route) == way]
        echo(f"{way_words(*way)}: {summary(here)}")
    if page is not None:
        write_table(page, attacks, trials)
    return all(trial.expected for trial in trials)


def run_corpus(
    attacks: Sequence[Attack],
    *,
    ways: Sequence[tuple[str, SubmissionRoute]],
    jobs: int = 1,
    on_trial: Callable[[AttackTrial], None] = lambda trial: None,
) -> list[AttackTrial]:
    """Try every attack in every way, and return the trials way by way, in order.

    Parameters
    ----------
    ways : levels, each with the route to it.
    jobs : processes, each of which tries one attack at a time. What an attack does to its judge,
        such as its memory and open files, could not be told apart within one process.
    on_trial : called for each trial, in order.
    """
    trials = []
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh) as executor:
        tried = [
            (attack, level, route)
            for level, route in ways
            for attack in attacks
            if takes(route, attack)
        ]
        for trial in executor.map(_try, tried):
            trials.append(trial)
            on_trial(trial)
    return trials


def _try(tried: tuple[Attack, str, SubmissionRoute]) -> AttackTrial:
    attack, level, route = tried
    return try_attack(attack, target_of(attack, level), level=level, route=route)
