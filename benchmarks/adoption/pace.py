"""How much faster is an adopted assignment graded than by nbgrader alone? On its own example.

    python benchmarks/adoption/pace.py [STUDENTS]

Makes nbgrader's quickstart course with a class of copies of its solutions, and grades it three
ways, one after another: by nbgrader alone, by nbgrader with our line in its config, and by
`autograder grade`. What each costs per student is the difference of a class and of one student.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LINE = "\nfrom autograder.nbgrader_plugin import configure; configure(get_config())\n"
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
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as place:
        course = Path(place, "course101")
        run("nbgrader", "quickstart", "course101", folder=Path(place))
        run("autograder", "adopt", "source/ps1", folder=course)
        run("nbgrader", "generate_assignment", "ps1", folder=course)
        config = course / "nbgrader_config.py"
        plain = config.read_text()
        costs = {"nbgrader alone": measured(course, students, "nbgrader", "autograde", "ps1")}
        config.write_text(plain + LINE)
        costs["nbgrader, adopted"] = measured(course, students, "nbgrader", "autograde", "ps1")
        grade = ("autograder", "grade", "ps1", "submitted", "--jobs", "1")
        costs["autograder grade"] = measured(course, students, *grade)
    first = costs["nbgrader alone"]
    print(f"{'seconds per student':22}    wall     cpu   times faster (wall, cpu)")
    for name, cost in costs.items():
        times = f"{first.wall / cost.wall:6.1f} {first.cpu / cost.cpu:6.1f}"
        print(f"{name:22} {cost.wall:7.2f} {cost.cpu:7.2f}   {times}")


def measured(course: Path, students: int, *command: str) -> Cost:
    """The cost of one further student."""
    one = once(course, 1, *command)
    return once(course, students, *command).per_student(one, students)


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
