"""Grades a long class in one run and looks for what is left behind. Run by `tox -e soak`.

    python tests/soak/many_submissions.py [--size 1000] [--jobs N]

A tenth of the class is hostile (`autograder/attacks/corpus`); the others are references, known
mistakes, untouched and broken submissions. Every hundred submissions a line is printed: memory,
open files and processes of the judges. The exit code is 1 when something leaked, memory grew, a
submission has no result, or a hostile one gained a point.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment, load_assignment
from autograder.attacks.bait import Bait
from autograder.attacks.corpus import SLUG, Attack, load_corpus
from autograder.attacks.handing_in import hand_in
from autograder.authoring import load_mutants, mutant_files, reference_files, release_files
from autograder.cores import available_cores, use_one_blas_thread
from autograder.grading import Conditions, Listener, Processes, grade_class
from autograder.results import Report
from autograder.sandbox.limits import Limits
from autograder.submission import Submission, find_submissions

LEVEL = "bubblewrap"
# Short, because attacks that exhaust something use up all the time they are given.
LIMITS = Limits(cell_seconds=5, load_seconds=10, total_seconds=20)
GROWTH = 1.25  # of a judge's memory, from the first tenth of the class to the last
MIB = 1 << 20
LAYERS = "nn/layers.py"
Files = Mapping[str, bytes]


def broken(released: Files, right: Files) -> Iterator[tuple[str, Files]]:
    """Submissions that are no attack and cannot be graded as they are."""
    notebook = f"{SLUG}.ipynb"
    yield "empty", {}
    yield "no json", {**released, notebook: b"this is my homework"}
    yield "half a notebook", {**released, notebook: released[notebook][:1000]}
    yield "python 2", {**released, LAYERS: right[LAYERS] + b"\nprint 'done'\n"}
    yield "nul bytes", {**released, LAYERS: b"\0" * 100}
    yield "missing module", {**released, LAYERS: b"import torch\n" + right[LAYERS]}
    yield "crash", {**released, LAYERS: b"import os\nos._exit(0)\n"}
    yield "endless", {**released, LAYERS: b"while True: pass\n"}


def ordinary(assignment: Assignment) -> Iterator[tuple[str, Files]]:
    """What honest students hand in, for ever; networks are trained by one in fifty only."""
    right, released = reference_files(assignment), release_files(assignment)
    mistakes = itertools.cycle(mutant_files(assignment, m) for m in load_mutants(assignment))
    damaged = itertools.cycle(broken(released, right))
    for number in itertools.count():
        if number % 50 == 0:
            yield "reference", right
        elif number % 5 == 0:
            yield next(damaged)
        elif number % 5 == 1:
            yield "untouched", released
        elif number % 5 == 2:
            yield "mistake", {**released, LAYERS: next(mistakes)[LAYERS]}
        else:
            yield "layers", {**released, LAYERS: right[LAYERS]}


def hostile(assignment: Assignment, bait: Bait, folder: Path) -> Iterator[tuple[str, Files]]:
    """The files of attacks, as they are taken from what was handed in; for ever."""
    attacks = [attack for attack in load_corpus() if may_run(attack)]
    for number, attack in enumerate(itertools.cycle(attacks)):
        place = folder / str(number)
        place.mkdir()
        path = hand_in(attack, assignment, bait.words(str(number)), place)
        found = find_submissions(path, assignment)
        yield f"attack {attack.name}", found[0].files


def may_run(attack: Attack) -> bool:
    """Whether the attack is one submission of its own, which is worth nothing."""
    alone = not attack.second and attack.delivered == "folder"
    worth_nothing = attack.base == "release" and attack.expect.score == 0
    return alone and worth_nothing and LEVEL not in attack.open_at


def make_class(assignment: Assignment, bait: Bait, folder: Path, size: int) -> list[Submission]:
    """`size` submissions; the student's name says what was handed in."""
    honest, bad = ordinary(assignment), hostile(assignment, bait, folder)
    kinds = (next(bad if number % 10 == 9 else honest) for number in range(size))
    return [
        Submission(student=f"{number:05} {kind}", files=files)
        for number, (kind, files) in enumerate(kinds)
    ]


def process_tree() -> set[int]:
    """This process and all that come from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(stat.parent.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def is_judge(number: int) -> bool:
    """Whether a process judges, and is not a sandbox."""
    with contextlib.suppress(OSError):
        return b"grading.grader" in Path(f"/proc/{number}/cmdline").read_bytes()
    return False


def own_memory(number: int) -> int:
    """Bytes that a process has for itself."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{number}/smaps_rollup").read_text()
        lines = (line.split() for line in text.splitlines() if line.startswith("Private_"))
        return sum(int(words[1]) for words in lines) * 1024
    return 0


def open_files(number: int) -> int:
    """How many files a process has open."""
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{number}/fd"))
    return 0


def cgroups() -> int:
    """How many control groups the machine has."""
    return sum(1 for _ in Path("/sys/fs/cgroup").rglob("cgroup.procs"))


@dataclass
class Watch:
    """Prints a line every `every` reports, and remembers the memory of the judges."""

    total: int
    every: int
    begun: float = field(default_factory=time.monotonic)
    done: int = 0
    largest: list[int] = field(default_factory=list)

    def __call__(self, report: Report) -> None:
        self.done += 1
        if self.done % self.every == 0 or self.done == self.total:
            members = process_tree()
            judges = [one for one in members if is_judge(one)] or [os.getpid()]
            self.largest.append(max(map(own_memory, judges)))
            print(
                f"{self.done:6} graded  {time.monotonic() - self.begun:7.0f} s"
                f"  judges: {self.largest[-1] / MIB:6.1f} MiB at most,"
                f" {max(map(open_files, judges)):4} files open"
                f"  this: {own_memory(os.getpid()) / MIB:6.1f} MiB,"
                f" {open_files(os.getpid()):4} files  processes: {len(members):4}",
                flush=True,
            )


def findings(
    reports: list[Report], watch: Watch, before: tuple[int, int], left: Callable[[], list[str]]
) -> Iterator[str]:
    """What is not as it should be, a line each."""
    for report in reports:
        if report.failed_to_grade:
            errors = [result for result in report.checks if result.status == "error"]
            yield f"{report.student}: the grader failed: {errors[0].rationale}"
        if " attack " in f" {report.student} " and report.score:
            yield f"{report.student}: gained {report.score:g} points"
    if members := process_tree() - {os.getpid()}:
        yield f"{len(members)} processes are left: {sorted(members)}"
    after = (open_files(os.getpid()), cgroups())
    for name, first, last in zip(("open files", "control groups"), before, after, strict=True):
        if last > first:
            yield f"{last - first} more {name} than before"
    yield from (f"left behind: {name}" for name in left())
    if len(watch.largest) > 2 and watch.largest[-1] > GROWTH * watch.largest[1]:
        yield f"a judge grew from {watch.largest[1] / MIB:.0f} to {watch.largest[-1] / MIB:.0f} MiB"


def main() -> int:
    """Make the class, grade it, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=max(available_cores(), 2))
    chosen = parser.parse_args()
    use_one_blas_thread()
    assignment = load_assignment(SLUG)
    watch = Watch(total=chosen.size, every=max(chosen.size // 10, 10))
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, Bait(assignment) as bait:
        handed_in, temporary = Path(folder, "submitted"), Path(folder, "temporary")
        handed_in.mkdir()
        temporary.mkdir()
        os.chmod(folder, 0o755)
        temporary.chmod(0o1777)
        submissions = make_class(assignment, bait, handed_in, chosen.size)
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        before = open_files(os.getpid()), cgroups()
        reports = grade_class(
            Conditions(assignment=assignment, level=LEVEL, seed=7, limits=LIMITS),
            submissions,
            out=Path(folder, "grades"),
            place=Processes(chosen.jobs),
            listener=Listener(graded=watch, notice=print),
        )

        def left() -> list[str]:
            told = " ".join(report.to_json().decode() for report in reports)
            return [path.name for path in temporary.iterdir()] + list(bait.harms(told))

        found = list(findings(reports, watch, before, left))
        written = len(list(Path(folder, "grades", SLUG).glob("*.json")))
        if written != chosen.size:
            found.append(f"{written} results for {chosen.size} submissions")
        tempfile.tempdir = None
    print(*found, f"{chosen.size} submissions, {len(found)} findings", sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
