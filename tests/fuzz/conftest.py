"""How many cases each fuzz test tries, and what the worst of them took.

`AUTOGRADER_FUZZ=6000 pytest -p no:xdist tests/fuzz` tries 6000 new ones with each test (those with
mutations: 6000 / 20 seeds of fifty each) and prints the figures at the end; without it each test
tries a few, the same on every run.
"""

from __future__ import annotations

import os
import resource
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, settings

VARIABLE = "AUTOGRADER_FUZZ"
FEW = 25
MIB = 1 << 20
MEMORY = 32 * MIB  # of one case; its input is far smaller

settings.register_profile(
    "fuzz",
    deadline=None,
    max_examples=int(os.environ.get(VARIABLE, FEW)),
    derandomize=VARIABLE not in os.environ,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Worst:
    """What the cases of one test took at most: CPU seconds and bytes that were allocated."""

    cases: int = 0
    seconds: float = 0.0
    memory: int = 0


@dataclass
class Figures:
    """The figures of every test, by its name."""

    worst: dict[str, Worst] = field(default_factory=dict)

    @contextmanager
    def case(self, name: str, memory: int) -> Iterator[None]:
        """Measure one case; more than `memory` bytes at a time are too many."""
        begun = time.process_time()
        tracemalloc.start()  # only here: it would slow down the making of cases as well
        try:
            yield
        finally:
            used = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        found = self.worst.setdefault(name, Worst())
        found.cases += 1
        found.seconds = max(found.seconds, time.process_time() - begun)
        found.memory = max(found.memory, used)
        assert used <= memory, f"{used / MIB:.1f} MiB for one case"


FIGURES = pytest.StashKey[Figures]()
Case = Callable[[], AbstractContextManager[None]]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = Figures()


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    """`with case():` around what is measured and must not need much memory."""
    figures = request.config.stash.setdefault(FIGURES, Figures())
    name = request.node.name
    return lambda: figures.case(name, MEMORY)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = terminalreporter.config.stash.get(FIGURES, Figures()).worst
    if VARIABLE not in os.environ or not figures:
        return
    terminalreporter.section("fuzz")
    for name, worst in figures.items():
        terminalreporter.line(
            f"{worst.cases:7} cases, worst {worst.seconds:6.3f} s of CPU and"
            f" {worst.memory / MIB:6.1f} MiB: {name}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = sum(worst.cases for worst in figures.values())
    line = f"{total:7} cases, peak resident memory {peak:.0f} MiB, most of it hypothesis' own"
    terminalreporter.line(line)
