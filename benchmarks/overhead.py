"""What grading costs over executing the same cells and hidden tests, in milliseconds of CPU.

    python benchmarks/overhead.py --students 60 --keep

Plainly executed is the notebook of the reference in one process: its cells and its check cells, by
`exec`, without any protection. A fresh process imports NumPy and matplotlib; a forked one starts
from a process that has them. Graded are two classes, a small one and a large one; the difference of
their costs, divided by that of their sizes, is what one more submission costs, starts left out.
The other way would be a sandbox for every submission, started before it is needed: what that alone
costs, with the imports and without any grading, is the last row.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import peers_class
from cost import Cost, measure
from measured import Table, keep
from peers import grade_ours

from autograder.authoring import reference_files

SMALL = 5
PLAIN = """
import json, sys
cells = json.loads(open(sys.argv[1]).read())
names = {}
for cell in cells:
    exec(compile(cell, "notebook", "exec"), names)
"""

BEGIN = """
import sys
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import Session
level = get_level("bubblewrap")
if sys.argv[1:]:
    with Session(level, Limits()):
        pass
"""


def main() -> None:
    """Measure, print and perhaps keep the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=60, help="in the large class")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="for the page in docs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        fresh = plain_fresh(place, options.rounds)
        forked = plain_forked(options.rounds)
        graded = marginal(place, options.students, options.rounds)
        started = own_sandbox(place, options.rounds)
    rows = [
        ["plain, fresh process", *_cells(fresh), ""],
        ["plain, forked", *_cells(forked), "0"],
        ["graded, one more submission", *_cells(graded), f"{1000 * (graded.cpu - forked.cpu):.0f}"],
        ["a sandbox of its own, started and ended", *_cells(started), f"{1000 * started.cpu:.0f}"],
    ]
    table = Table(header=("", "seconds [ms]", "CPU [ms]", "over plain, forked"), rows=rows)
    title = f"medians of {options.rounds} rounds; classes of {SMALL} and {options.students}"
    print(f"{title}\n{table}")
    if options.keep:
        keep("overhead", title, table)


def plain_fresh(place: Path, rounds: int) -> Cost:
    """A Python process that executes all cells and ends."""
    cells = place / "cells.json"
    cells.write_text(json.dumps(_cells_of_reference()))
    runs = [measure([sys.executable, "-c", PLAIN, cells], cwd=place) for _ in range(rounds)]
    return _middle(runs)


def plain_forked(rounds: int) -> Cost:
    """The same in a child of a process that has NumPy and matplotlib already."""
    import matplotlib.pyplot as plt  # imported before the fork, which is what is measured

    assert plt is not None
    codes = [compile(cell, "notebook", "exec") for cell in _cells_of_reference()]
    return _middle([_forked(lambda: _execute(codes)) for _ in range(rounds)])


def marginal(place: Path, students: int, rounds: int) -> Cost:
    """What one more submission costs us, in a class graded at one job."""
    small = [grade_ours(place, SMALL, 1, False).cost for _ in range(rounds)]
    large = [grade_ours(place, students, 1, False).cost for _ in range(rounds)]
    more = students - SMALL
    return Cost(
        seconds=(_middle(large).seconds - _middle(small).seconds) / more,
        cpu=(_middle(large).cpu - _middle(small).cpu) / more,
        mib=0.0,
    )


def own_sandbox(place: Path, rounds: int) -> Cost:
    """Starting and ending a sandbox that shares nothing with another; the imports left out."""
    begin = [sys.executable, "-c", BEGIN]
    without = _middle([measure(begin, cwd=place) for _ in range(rounds)])
    started = _middle([measure([*begin, "start"], cwd=place) for _ in range(rounds)])
    return Cost(seconds=started.seconds - without.seconds, cpu=started.cpu - without.cpu, mib=0.0)


def _cells_of_reference() -> list[str]:
    notebook = json.loads(reference_files(peers_class.assignment())[peers_class.NOTEBOOK])
    sources = ("".join(cell["source"]) for cell in notebook["cells"] if _is_code(cell))
    return ["\n".join(li for li in one.splitlines() if li[:1] != "%") for one in sources]


def _is_code(cell: dict[str, object]) -> bool:
    return cell["cell_type"] == "code"


def _execute(codes: list[object]) -> None:
    names: dict[str, object] = {}
    for code in codes:
        exec(code, names)  # type: ignore[arg-type]


def _forked(work: Callable[[], None]) -> Cost:
    started, before = time.perf_counter(), _children()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1]:
        raise SystemExit("the reference failed when it was plainly executed")
    return Cost(seconds=time.perf_counter() - started, cpu=_children() - before, mib=0.0)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _middle(costs: list[Cost]) -> Cost:
    return Cost(
        seconds=statistics.median(cost.seconds for cost in costs),
        cpu=statistics.median(cost.cpu for cost in costs),
        mib=0.0,
    )


def _cells(cost: Cost) -> list[str]:
    return [f"{1000 * cost.seconds:.0f}", f"{1000 * cost.cpu:.0f}"]


if __name__ == "__main__":
    main()
