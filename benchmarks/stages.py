"""What the stages of grading one submission cost, in seconds and CPU seconds, without training.

The first submission, which also starts the template that workers are copied from, is left out.

Run: python benchmarks/stages.py [SUBMISSIONS]. Prints medians over that many gradings (11).
The submission is the reference of `fully_connected_nets`, whose notebook imports NumPy and
matplotlib; the checks that train a network are left out.
"""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.assignment import load_assignment
from autograder.authoring import reference_files
from autograder.grading import grade_submission, loading, one
from autograder.judging.check import load_checks
from autograder.sandbox.session import Session
from autograder.submission import Submission

SLUG = "fully_connected_nets"
TRAINING_SECONDS = 30  # checks with a longer budget train a network


def cpu() -> float:
    """CPU seconds of this process and of all children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


class Stages:
    """Adds up the wall-clock seconds of wrapped functions by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def wrap(self, owner: object, name: str, stage: str) -> None:
        function: Callable[..., object] = getattr(owner, name)

        def timed(*args: object, **kwargs: object) -> object:
            begun = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.perf_counter() - begun
                self.seconds[stage] = self.seconds.get(stage, 0.0) + spent

        setattr(owner, name, timed)


def worker_cpu(session: Session) -> float:
    """CPU seconds of the template and all its workers, past ones included."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
            used[int(stat.parent.name)] = sum(map(int, fields[11:15]))
    tree = {session._template._process.pid}
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return sum(used.get(pid, 0) for pid in tree) / os.sysconf("SC_CLK_TCK")


def note_worker_cpu(used: list[float]) -> None:
    """Add what a worker has used after its start, after loading, and before its end."""
    start, load, close = Session.__init__, loading._load, Session.close

    def started(session: Session, *args: Any) -> None:
        start(session, *args)
        used.append(worker_cpu(session))

    def loaded(result: loading.Loaded, *args: Any) -> object:
        lost = load(result, *args)
        used.append(worker_cpu(result.session))
        return lost

    def closed(session: Session) -> None:
        close(session)
        used.append(worker_cpu(session))

    Session.__init__ = started  # type: ignore[method-assign]
    loading._load = loaded
    Session.close = closed  # type: ignore[method-assign]


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    assignment = load_assignment(SLUG)
    submission = Submission(student="reference", files=reference_files(assignment))
    quick = {
        name: check
        for name, check in load_checks(assignment).items()
        if check.seconds <= TRAINING_SECONDS
    }
    one.load_checks = lambda _: quick
    stages = Stages()
    stages.wrap(Session, "__init__", "start the sandbox")
    stages.wrap(loading, "_load", "load cells and modules")
    stages.wrap(one, "_raised_by", "checks")
    stages.wrap(Session, "close", "end the sandbox")
    used_by_worker: list[float] = []
    note_worker_cpu(used_by_worker)
    rows: list[dict[str, float]] = []
    before = 0.0
    for _ in range(runs + 1):
        stages.seconds = {}
        begun, used = time.perf_counter(), cpu()
        report = grade_submission(assignment, submission)
        begun_report = time.perf_counter()
        report.to_json()
        stages.seconds["report"] = time.perf_counter() - begun_report
        stages.seconds["whole"] = time.perf_counter() - begun
        stages.seconds["judge, CPU"] = cpu() - used
        started, loaded, ended = used_by_worker[-3:]
        stages.seconds["worker, CPU: start"] = started - before
        stages.seconds["worker, CPU: load"] = loaded - started
        stages.seconds["worker, CPU: checks, end"] = ended - loaded
        before = ended
        rows.append(stages.seconds)
    print(f"{SLUG}: {len(quick)} checks, medians of {runs} gradings")
    for stage in rows[-1]:
        print(f"{stage:24} {1000 * statistics.median(row[stage] for row in rows[1:]):8.1f} ms")


if __name__ == "__main__":
    main()
