"""What do dishonest solutions win, where test cells run outside, and where they run inside?

    python benchmarks/adoption/dishonest.py

Runs every dishonest solution of `tests/adopt/test_dishonest.py` both ways. Inside, a win that the
twins of the cell give away is left to a person.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from autograder.adopt.running import NotebookRun  # noqa: E402
from autograder.adopt.twins import failing, passing_anyway  # noqa: E402
from tests.adopt.conftest import case  # noqa: E402
from tests.adopt.test_dishonest import CELLS, DISHONEST  # noqa: E402


def main() -> None:
    """Print a row for each solution that wins anything, and the sums."""
    reference = case(CELLS).outside()
    watched = failing(case(CELLS), reference.tests)
    used = {name: verdict.used for name, verdict in reference.tests.items()}
    sums = [0, 0, 0]
    print(f"{'solution':40} outside  inside  given away")
    for name, solution in DISHONEST.items():
        run = replace(case(CELLS, solution, allowed=used), end=time.monotonic() + 60)
        row = wins(run, watched)
        sums = [one + more for one, more in zip(sums, row, strict=True)]
        if any(row):
            print(f"{name:40} {row[0]:7} {row[1]:7} {row[2]:11}", flush=True)
    tried = f"{len(DISHONEST)} solutions of {len(used)} cells each"
    print(f"{tried:40} {sums[0]:7} {sums[1]:7} {sums[2]:11}")


def wins(run: NotebookRun, watched: dict[str, tuple[int, ...]]) -> tuple[int, int, int]:
    """How many cells pass outside, how many inside, and how many of these are given away."""
    outside = sum(verdict.passed for verdict in run.outside().tests.values())
    run = replace(run, end=time.monotonic() + 60)
    inside = {id for id, verdict in run.inside().tests.items() if verdict.passed}
    return outside, len(inside), len(passing_anyway(run, {id: watched[id] for id in inside}))


if __name__ == "__main__":
    main()
