"""Measures nbgrader, otter-grader and us on one class: equal notebook, equal hidden tests.

    python benchmarks/peers.py --students 40 --rounds 3 --cache /tmp/peers --keep

`nbgrader autograde`, otter's `grade_submission` in a loop, and our `grade_class`, each as a command
whose start counts, at one job and at two. Neither peer has jobs of its own: two commands share the
class. Both are installed into environments in the cache folder when they are not there yet. The
scores of all three have to agree, or nothing is printed.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import peers_class
from cost import Cost, measure
from measured import Table, keep

HERE = Path(__file__).parent
PEERS = {"nbgrader": "nbgrader==0.9.6", "otter": "otter-grader==7.0.0"}
JOBS = (1, 2)
HEADER = (
    "grader", "jobs", "one [s]", "class [s]", "each [ms]", "each [CPU ms]", "peak [MiB]",
    "x nbgrader", "x its CPU",
)  # fmt: skip
Scores = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One grading of a class."""

    cost: Cost
    scores: Scores


# A grader: (folder to work in, students, jobs, whether memory is sampled) -> a run.
Grader = Callable[[Path, int, int, bool], Run]


def main() -> None:
    """Measure, compare scores, print and perhaps keep the table."""
    options = _options()
    graders: dict[str, Grader] = {
        "nbgrader": _Nbgrader(environment("nbgrader", options.cache)),
        "otter": _Otter(environment("otter", options.cache)),
        "ours": grade_ours,
    }
    chosen = {name: graders[name] for name in options.graders}
    rows = [
        _row(name, grader, jobs, options.students, options.rounds)
        for jobs in JOBS
        for name, grader in chosen.items()
    ]
    _compare([row.scores for row in rows])
    table = Table(header=HEADER, rows=[row.cells(_base(rows, row)) for row in rows])
    title = f"{options.students} submissions, median of {options.rounds} rounds"
    print(f"{title}\n{table}")
    if options.keep:
        keep("peers", title, table, versions={name: PEERS[name] for name in PEERS})


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured for one grader at one number of jobs."""

    grader: str
    jobs: int
    one: Cost
    whole: Cost
    mib: float
    students: int
    scores: Scores

    def cells(self, base: Row) -> list[str]:
        """The cells of the table; `base` is the row to compare with, at as many jobs."""
        each = self.whole.seconds / self.students
        times = [base.whole.seconds / self.whole.seconds, base.whole.cpu / self.whole.cpu]
        return [
            self.grader,
            str(self.jobs),
            f"{self.one.seconds:.2f}" if self.jobs == 1 else "",
            f"{self.whole.seconds:.2f}",
            f"{1000 * each:.0f}",
            f"{1000 * self.whole.cpu / self.students:.0f}",
            f"{self.mib:.0f}",
            *(f"{ratio:.1f}" for ratio in times),
        ]


def _row(name: str, grader: Grader, jobs: int, students: int, rounds: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        one = [grader(place, 1, 1, False).cost for _ in range(rounds if jobs == 1 else 1)]
        runs = [grader(place, students, jobs, False) for _ in range(rounds)]
        sampled = grader(place, students, jobs, True)
    _compare([run.scores for run in (*runs, sampled)])
    print(f"{name}, {jobs}: {[round(run.cost.seconds, 2) for run in runs]} s", file=sys.stderr)
    return Row(
        grader=name,
        jobs=jobs,
        one=middle(one),
        whole=middle([run.cost for run in runs]),
        mib=sampled.cost.mib,
        students=students,
        scores=runs[0].scores,
    )


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians of several runs."""
    return Cost(
        seconds=statistics.median(cost.seconds for cost in costs),
        cpu=statistics.median(cost.cpu for cost in costs),
        mib=max(cost.mib for cost in costs),
    )


def _base(rows: Sequence[Row], row: Row) -> Row:
    """nbgrader's row at as many jobs; the row itself where nbgrader was left out."""
    found = [one for one in rows if (one.grader, one.jobs) == ("nbgrader", row.jobs)]
    return found[0] if found else row


def _compare(all_scores: Sequence[Scores]) -> None:
    for scores in all_scores:
        if scores != all_scores[0]:
            differing = {s for s in scores if scores[s] != all_scores[0].get(s)}
            raise SystemExit(f"the graders do not agree about {sorted(differing)[:5]}")


# --- the graders ------------------------------------------------------------------------------


def environment(name: str, cache: Path) -> Path:
    """The folder of an environment's programs; made and filled when it is not there."""
    folder = cache / name
    if not (folder / "complete").is_file():
        venv.create(folder, with_pip=True, clear=True)
        same = [f"{one}=={importlib.metadata.version(one)}" for one in ("numpy", "matplotlib")]
        wanted = [PEERS[name], "ipykernel", *same]
        pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", *wanted]
        subprocess.run(pip, check=True)
        (folder / "complete").touch()
    return folder / "bin"


class _Nbgrader:
    """`nbgrader autograde`; the assignment is made beforehand, which is not measured."""

    def __init__(self, programs: Path) -> None:
        self._program = programs / "nbgrader"
        self._path = f"{programs}:/usr/bin:/bin"

    def __call__(self, place: Path, students: int, jobs: int, memory: bool) -> Run:
        course = place / "course"
        peers_class.write_course(course, students)
        self._run(course, "generate_assignment", peers_class.SLUG)
        order = [self._program, "autograde", peers_class.SLUG]
        # On one gradebook two commands race unless they have students of their own.
        parts = [["--student=a*"], ["--student=b*"]] if jobs == 2 else [[]]
        cost = measure(
            *([*order, *part] for part in parts), cwd=course, memory=memory, PATH=self._path
        )
        self._run(course, "export", "--to=grades.csv")
        with (course / "grades.csv").open() as file:
            scores = {line["student_id"]: float(line["score"]) for line in csv.DictReader(file)}
        shutil.rmtree(course)
        return Run(cost=cost, scores=scores)

    def _run(self, course: Path, *words: str) -> None:
        order = [self._program, *words]
        subprocess.run(order, cwd=course, env={"PATH": self._path}, check=True, capture_output=True)


class _Otter:
    """otter's own function in a loop: quicker than one `otter run` for each submission."""

    def __init__(self, programs: Path) -> None:
        self._python = programs / "python"

    def __call__(self, place: Path, students: int, jobs: int, memory: bool) -> Run:
        configuration = peers_class.write_otter(place / "otter")
        paths = peers_class.write_submitted(place / "submitted", students)
        parts = [paths[number::jobs] for number in range(jobs)]
        targets = [place / f"otter_{number}.json" for number in range(jobs)]
        cost = measure(
            *(
                [self._python, HERE / "peers_otter.py", configuration, target, *part]
                for target, part in zip(targets, parts, strict=True)
            ),
            cwd=place,
            memory=memory,
        )
        scores: Scores = {}
        for target in targets:
            scores |= json.loads(target.read_text())
        return Run(cost=cost, scores=scores)


def grade_ours(place: Path, students: int, jobs: int, memory: bool) -> Run:
    """Our `grade_class`."""
    peers_class.write_submitted(place / "submitted", students)
    out = place / "grades"
    shutil.rmtree(out, ignore_errors=True)
    order = [sys.executable, HERE / "peers_ours.py", "submitted", out, f"--jobs={jobs}"]
    cost = measure(order, cwd=place, memory=memory)
    scores = json.loads((out / "scores.json").read_text())["scores"]
    return Run(cost=cost, scores=scores)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--graders", nargs="+", default=["nbgrader", "otter", "ours"])
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "peers")
    parser.add_argument("--keep", action="store_true", help="for the page in docs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
