"""One dask worker against two, on a class whose networks are trained in grading.

    python benchmarks/workers.py --students 16 --keep

A real scheduler and real worker processes on this machine, each with one thread, and
`autograder grade fully_connected_nets ... --scheduler`. Beside them the same class with `--jobs`.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from cost import measure
from measured import Table, keep

from autograder.assignment import load_assignment
from autograder.authoring import load_mutants, mutant_files, reference_files

SLUG = "fully_connected_nets"
COUNTS = (1, 2)
UP_SECONDS = 60


def main() -> None:
    """Measure, print and perhaps keep the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=16)
    parser.add_argument("--keep", action="store_true", help="for the page in docs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_class(place / "submitted", options.students)
        seconds = {("jobs", n): _graded(place, [f"--jobs={n}"]) for n in COUNTS}
        for count in COUNTS:
            with cluster(count, place) as address:
                seconds["dask workers", count] = _graded(place, [f"--scheduler={address}"])
    rows = [
        [kind, str(count), f"{spent:.1f}", f"{seconds[kind, 1] / spent:.2f}"]
        for (kind, count), spent in seconds.items()
    ]
    table = Table(header=("", "number", "class [s]", "times as fast as one"), rows=rows)
    title = f"{options.students} submissions of {SLUG}, training included; one round"
    print(f"{title}\n{table}")
    if options.keep:
        keep("workers", title, table)


def write_class(folder: Path, count: int) -> None:
    """The reference and its known mistakes by turns, one folder for each student."""
    assignment = load_assignment(SLUG)
    mutants = load_mutants(assignment)
    for number in range(count):
        mutant = mutants[number // 2 % len(mutants)]
        files = mutant_files(assignment, mutant) if number % 2 else reference_files(assignment)
        for path, data in files.items():
            target = folder / f"student{number:04}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


@contextlib.contextmanager
def cluster(workers: int, place: Path) -> Iterator[str]:
    """The address of a scheduler with so many workers of one thread, which end with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    here = ["--host=127.0.0.1", "--no-dashboard"]
    threads = ["--nthreads=1", "--nworkers=1", f"--local-directory={place}"]
    orders = [["scheduler", f"--port={port}", *here]]
    orders += [["worker", address, *here, *threads] for _ in range(workers)]
    with contextlib.ExitStack() as stack:
        for order in orders:
            stack.enter_context(_running(order))
        _await(address, workers)
        yield address


@contextlib.contextmanager
def _running(order: Sequence[str]) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *order], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _await(address: str, workers: int) -> None:
    from distributed import Client

    end = time.monotonic() + UP_SECONDS
    with Client(address, timeout=UP_SECONDS, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=end - time.monotonic())


def _graded(place: Path, options: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory(dir=place) as out:
        order = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", SLUG]
        cost = measure([*order, place / "submitted", f"--out={out}", *options], cwd=place)
    print(f"{' '.join(options)}: {cost.seconds:.1f} s", file=sys.stderr)
    return cost.seconds


if __name__ == "__main__":
    main()
