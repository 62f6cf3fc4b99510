"""How much longer a submission is waited for: as long as the machine has let it wait.

A budget is time of the submission's own. On a machine that others keep busy its processes are ready
to run and get no core; the kernel counts that (*run delay*; Linux, Documentation/scheduler/
sched-stats.rst), and by so much a deadline moves. Whoever sleeps, or computes without an end on a
machine that has time, gains nothing.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

MOST_TIMES = 10.0  # of the budget, however busy the machine
LEAST_SECONDS = 0.05  # less is no reason to go on
NANOSECONDS = 1e9


def run_delay(task: Path) -> float:
    """Seconds that a task was ready to run and had no core; 0 where the system does not say.

    Parameters
    ----------
    task : its folder in `/proc`.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((task / "schedstat").read_bytes().split()[1]) / NANOSECONDS
    return 0.0


class Patience:
    """Moves the deadlines of one piece of work, which begins now.

    Parameters
    ----------
    delay : seconds that the submission has waited for a core since then.
    """

    def __init__(self, delay: Callable[[], float]) -> None:
        self._delay = delay
        self._begun = time.monotonic()
        self._ours = _our_delay()  # a judge that gets no core is late as well
        self._deadline = self._until = 0.0

    def extended(self, deadline: float) -> float:
        """The deadline, later by the time without a core; both times of `time.monotonic`.

        It is measured only when what was given before has passed.
        """
        if deadline != self._deadline:
            self._deadline = self._until = deadline
        now = time.monotonic()
        if now >= self._until:
            waited = self._delay() + max(_our_delay() - self._ours, 0.0)
            longest = self._begun + MOST_TIMES * (deadline - self._begun)
            until = min(deadline + waited, longest)
            self._until = until if until - now >= LEAST_SECONDS else self._until
        return self._until


def _our_delay() -> float:
    return run_delay(Path("/proc/thread-self"))
