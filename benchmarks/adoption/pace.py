"""How much faster is an adopted assignment graded than by nbgrader alone? On its own example.

    python benchmarks/adoption/pace.py [STUDENTS [ROUNDS]]

Makes nbgrader's quickstart course with a class of copies of its solutions, and grades it three
ways: by nbgrader alone, by nbgrader with our line in its config, and by `autograder grade`. The
ways take turns, so that a busy machine slows all of them. What one more student costs is the
difference of a class and of one student; the class is five times as large for our two ways, whose
seconds are few. Printed are the medians of the rounds. Processor seconds leave out processes that
a sandbox ends before they have been waited for.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LINE = "\nfrom autograder.nbgrader_plugin import configure; configure(get_config())\n"
ALONE = "nbgrader alone"
WAYS = {
    ALONE: ("nbgrader", "autograde", "ps1"),
    "nbgrader, adopted": ("nbgrader", "autograde", "ps1"),
    "autograder grade": ("autograder", "grade", "ps1", "submitted", "--jobs", "1"),
}
PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = os.environ | {
    "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and of all processors."""

    wall: float
    cpu: float

    def per_student(self, one: Cost, students: int) -> Cost:
        """What each further student costs."""
        more = students - 1
        return Cost((self.wall - one.wall) / more, (self.cpu - one.cpu) / more)


def main() -> None:
    """Print a row for each way."""
    students, rounds = (*map(int, sys.argv[1:3]), *(9, 3)[len(sys.argv) - 1 :])
    costs: dict[str, list[Cost]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as place:
        course = Path(place, "course101")
        run("nbgrader", "quickstart", "course101", folder=Path(place))
        run("autograder", "adopt", "source/ps1", folder=course)
        run("nbgrader", "generate_assignment", "ps1", folder=course)
        for number in range(rounds * len(WAYS)):
            way = list(WAYS)[number % len(WAYS)]
            costs[way].append(measured(course, students, way))
    show({way: median(found) for way, found in costs.items()})


def show(costs: dict[str, Cost]) -> None:
    """Print the table."""
    first = costs[ALONE]
    print(f"{'seconds per student':22}    wall     cpu   times faster (wall, cpu)")
    for name, cost in costs.items():
        times = f"{first.wall / cost.wall:6.1f} {first.cpu / cost.cpu:6.1f}"
        print(f"{name:22} {cost.wall:7.3f} {cost.cpu:7.3f}   {times}")


def median(found: list[Cost]) -> Cost:
    """The middle of each."""
    walls, cpus = [cost.wall for cost in found], [cost.cpu for cost in found]
    return Cost(statistics.median(walls), statistics.median(cpus))


def measured(course: Path, students: int, way: str) -> Cost:
    """The cost of one further student."""
    config = course / "nbgrader_config.py"
    ours = way != ALONE
    config.write_text(config.read_text().replace(LINE, "") + LINE * ours)
    students *= 5 if ours else 1
    one = once(course, 1, *WAYS[way])
    return once(course, students, *WAYS[way]).per_student(one, students)


def once(course: Path, students: int, *command: str) -> Cost:
    """Grade a class of that size."""
    for name in ("submitted", "autograded", "grades"):
        shutil.rmtree(course / name, ignore_errors=True)
    for number in range(students):
        shutil.copytree(course / "source" / "ps1", course / "submitted" / f"s{number}" / "ps1")
    begun, before = time.monotonic(), children()
    run(*command, folder=course)
    return Cost(time.monotonic() - begun, children() - before)


def children() -> float:
    """Processor seconds of all programs that were started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(*command: str, folder: Path) -> None:
    """Run a program, and show what it said where it fails."""
    done = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


if __name__ == "__main__":
    main()
