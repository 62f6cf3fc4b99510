"""Whether time for a submission and memory stay flat as the class grows.

    python benchmarks/growth.py --counts 10 100 1000 10000 --keep

Each class is graded from nothing at two jobs, then once more, when every result is there already.
Memory is that of the whole tree (sampled, so that it costs a little time) and of the one process
that holds the class together.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import peers_class
from cost import measure
from measured import Table, keep

HERE = Path(__file__).parent
HEADER = (
    "submissions", "seconds", "each [ms]", "each [CPU ms]", "again, each [ms]", "tree [MiB]",
    "caller [MiB]",
)  # fmt: skip


def main() -> None:
    """Measure, print and perhaps keep the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="for the page in docs")
    options = parser.parse_args()
    rows = [_row(count, options.jobs) for count in options.counts]
    table = Table(header=HEADER, rows=rows)
    title = f"{options.jobs} jobs, one round"
    print(f"{title}\n{table}")
    if options.keep:
        keep("growth", title, table)


def _row(count: int, jobs: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        peers_class.write_submitted(place / "submitted", count)
        order = [sys.executable, HERE / "peers_ours.py", "submitted", "grades", f"--jobs={jobs}"]
        first = measure(order, cwd=place, memory=True)
        again = measure(order, cwd=place)
        caller = json.loads((place / "grades" / "scores.json").read_text())["judge"]
    print(f"{count}: {first.seconds:.1f} s", file=sys.stderr)
    return [
        f"{count:,}",
        f"{first.seconds:.1f}",
        f"{1000 * first.seconds / count:.0f}",
        f"{1000 * first.cpu / count:.0f}",
        f"{1000 * again.seconds / count:.1f}",
        f"{first.mib:.0f}",
        f"{caller:.0f}",
    ]


if __name__ == "__main__":
    main()
