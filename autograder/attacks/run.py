"""The whole corpus at levels and by routes: in each process one attack, or one class, at a time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from autograder.route import SubmissionRoute
from autograder.sandbox.levels import diagnose, get_level

from .classes import classes_of, try_class
from .corpus import FAMILIES, Attack, load_corpus
from .route_page import write_route
from .sending import takes
from .table import summary, way_words, write_table
from .target import target_of
from .trial import AttackTrial, try_attack


def verify_attacks(
    *,
    level: str,
    route: SubmissionRoute = SubmissionRoute.DIRECT,
    families: Collection[str] = FAMILIES,
    page: Path | None = None,
    jobs: int = 1,
    echo: Callable[[str], None],
) -> bool:
    """Try the corpus, say what became of each attack, and return whether all is well.

    Parameters
    ----------
    level : where to try it.
    route : how the submissions come to the grader; see `takes` for those that are left out.
    families : of all attacks, those to try.
    page : write here what was stopped: directly, at every level that this machine has; by another
        route, at this one, and what the page says of other routes stays.

    Raises
    ------
    CorpusError : there is no corpus here.
    UnknownLevelError, UnavailableLevelError : before anything is run.
    """
    get_level(level)
    attacks = [attack for attack in load_corpus() if attack.family in families]
    available = [name for name, here, _ in diagnose() if here]
    direct = route is SubmissionRoute.DIRECT
    ways = [(name, route) for name in (available if direct and page is not None else [level])]
    trials = run_corpus(attacks, ways=ways, jobs=jobs, on_trial=lambda trial: echo(str(trial)))
    for way in ways:
        here = [trial for trial in trials if (trial.level, trial.route) == way]
        echo(f"{way_words(*way)}: {summary(here)}")
    if page is not None:
        write = write_table if direct else write_route
        write(page, attacks, trials)
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
    jobs : processes, each of which tries one attack at a time, or one class of them where a route
        grades classes. What an attack does to its judge, such as its memory and open files, could
        not be told apart within one process.
    on_trial : called for each trial, in order where they are tried one at a time.
    """
    trials = []
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh) as executor:
        for made in executor.map(_try, list(_runs(attacks, ways, jobs))):
            trials += made
            for trial in made:
                on_trial(trial)
    order = {attack.name: number for number, attack in enumerate(attacks)}
    return sorted(trials, key=lambda one: (ways.index((one.level, one.route)), order[one.attack]))


_Run = tuple[tuple[Attack, ...], str, SubmissionRoute]


def _runs(
    attacks: Sequence[Attack], ways: Sequence[tuple[str, SubmissionRoute]], jobs: int
) -> Iterator[_Run]:
    for level, route in ways:
        taken = [attack for attack in attacks if takes(route, attack)]
        direct = route is SubmissionRoute.DIRECT
        groups = [(attack,) for attack in taken] if direct else classes_of(taken, jobs)
        yield from ((group, level, route) for group in groups)


def _try(run: _Run) -> list[AttackTrial]:
    attacks, level, route = run
    if route is SubmissionRoute.DIRECT:
        return [try_attack(attacks[0], target_of(attacks[0], level), level=level, route=route)]
    return try_class(attacks, level=level, route=route)
