"""Kills the grader at random moments and resumes it. Run by `tox -e soak`.

    python tests/soak/kill_the_grader.py [--kills 100] [--size 60] [--seed 1]

A class is graded once without disturbance. Then it is graded again and again while the whole
grader gets SIGKILL at random moments; whenever it is complete, it is compared and begun anew. The
exit code is 1 when a result is torn, graded twice, missing or different, or something runs on.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.assignment import load_assignment
from autograder.authoring import load_mutants, mutant_files, reference_files, release_files
from autograder.results import Report

SLUG = "linearized_features"
PROGRAM = "from autograder.cli import main; main()"
MOST_RESULTS = 6  # that a run may write before it is killed
LONGEST = 1.5  # seconds after the last of them
STARTING = 6.0  # seconds, where it is killed before the first
PATIENCE = 30.0


def hand_in(folder: Path, size: int) -> None:
    """A class of references, known mistakes and untouched submissions."""
    assignment = load_assignment(SLUG)
    mistakes = (mutant_files(assignment, mutant) for mutant in load_mutants(assignment))
    kinds = itertools.cycle([reference_files(assignment), release_files(assignment), *mistakes])
    for number, files in enumerate(itertools.islice(kinds, size)):
        for path, data in files.items():
            target = folder / f"student{number:03}" / SLUG / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


class Runs:
    """The folder of a class, its results, and the command that grades it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.temporary = root / "temporary"
        self.temporary.mkdir()
        self.temporary.chmod(0o1777)

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """Begin to grade, with at least two jobs, each a process."""
        words = ["grade", SLUG, "submitted", "--seed=7", "--jobs=2", *options]
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.root,
            env=os.environ | {"TMPDIR": str(self.temporary)},
        )

    def results(self) -> dict[str, bytes]:
        """The files of results by name."""
        return {path.name: path.read_bytes() for path in self.root.glob(f"grades/{SLUG}/*.json")}

    def forget(self) -> None:
        """Remove all results."""
        for path in self.root.glob(f"grades/{SLUG}/*.json"):
            path.unlink()


def process_tree(pid: int) -> set[int]:
    """A process and all that have come from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def are_gone(numbers: set[int]) -> bool:
    """Whether the processes end within a while."""
    end = time.monotonic() + PATIENCE
    while alive := [one for one in numbers if Path(f"/proc/{one}").exists()]:
        if time.monotonic() > end:
            print(f"still running: {alive}")
            return False
        time.sleep(0.05)
    return True


def content(result: bytes) -> Report:
    """What a result says, without seconds. Raises `msgspec.DecodeError` for a torn file."""
    report = Report.from_json(result)
    checks = tuple(msgspec.structs.replace(check, seconds=0.0) for check in report.checks)
    return msgspec.structs.replace(report, checks=checks, seconds=0.0, signature="")


def kill_one(runs: Runs, draw: random.Random) -> Iterator[str]:
    """Grade until some moment, and kill; what is wrong after that.

    Seconds alone would not do: on a busy machine they would all go by before the first result.
    """
    before = runs.results()
    process = runs.start()
    wanted = draw.randint(0, MOST_RESULTS)
    while process.poll() is None and len(runs.results()) < len(before) + wanted:
        time.sleep(0.005)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(draw.uniform(0, LONGEST if wanted else STARTING))
    everyone = process_tree(process.pid)
    process.kill()
    process.wait()
    if not are_gone(everyone):
        yield "processes outlived the grader"
    after = runs.results()
    yield from (f"{name} was graded twice" for name in before if after.get(name) != before[name])
    for name, result in after.items():
        try:
            content(result)
        except msgspec.DecodeError as error:
            yield f"{name} is torn: {error}"


def compare(runs: Runs, expected: dict[str, Report]) -> Iterator[str]:
    """What differs from a run that was not disturbed."""
    found = {name: content(result) for name, result in runs.results().items()}
    yield from (f"{name} is missing" for name in expected.keys() - found.keys())
    for name in found.keys() & expected.keys():
        if found[name] != expected[name]:
            yield f"{name} differs: {_difference(found[name], expected[name])}"


def _difference(found: Report, expected: Report) -> str:
    """The checks that came out otherwise, or the fields of the report."""
    checks = zip(found.checks, expected.checks, strict=False)
    told = [
        f"{one.id} is {one.status} ({one.rationale}) in place of {other.status} ({other.rationale})"
        for one, other in checks
        if one != other
    ]
    names = Report.__struct_fields__
    fields = [name for name in names if getattr(found, name) != getattr(expected, name)]
    return "; ".join([*told, f"fields {', '.join(fields)}"])


def soak(runs: Runs, kills: int, size: int, draw: random.Random) -> Iterator[str]:
    """Kill so many times, then let the last run end."""
    if runs.start().wait() != 0 or len(runs.results()) != size:
        yield "the undisturbed run failed"
        return
    expected = {name: content(result) for name, result in runs.results().items()}
    runs.forget()
    rounds = 0
    for number in range(1, kills + 1):
        yield from kill_one(runs, draw)
        if number % 10 == 0:
            print(f"{number} kills, {len(runs.results())} results, {rounds} rounds", flush=True)
        if len(runs.results()) == size:
            yield from compare(runs, expected)
            runs.forget()
            rounds += 1
    if runs.start().wait() != 0:
        yield "the last run failed"
    yield from compare(runs, expected)
    yield from (f"left behind: {path.name}" for path in runs.temporary.iterdir())
    print(f"the class was complete {rounds + 1} times")


def main() -> int:
    """Run the soak and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--size", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        os.chmod(folder, 0o755)
        hand_in(Path(folder, "submitted"), chosen.size)
        found = list(
            soak(Runs(Path(folder)), chosen.kills, chosen.size, random.Random(chosen.seed))
        )
    print(*found, f"{chosen.kills} kills, {len(found)} findings", sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
