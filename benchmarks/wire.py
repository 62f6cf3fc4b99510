"""What one call over the wire of our own assignments costs, in this checkout and in others.

    git worktree add ../before 76c325a
    python benchmarks/wire.py --against ../before

Checkouts take turns, each in a process of its own, so that a busy machine slows all of them.
Printed are the medians of the rounds in microseconds a call, and the ratio to this checkout.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
CALLS = """
import json, time
import numpy as np
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.remote import Conversation, Student, fetch
from autograder.sandbox.session import Session

SOURCE = b"def same(x):\\n    return x\\ndef fails(x):\\n    raise ValueError(x)\\n"
CASES = {
    "a number": (1.5, 400),
    "a dictionary of lists": ({"a": [1, 2, 3], "b": ["x"] * 20}, 200),
    "an array of 100 kB": (np.zeros(12_500), 200),
    "an array of 4 MB": (np.zeros(500_000), 20),
}


def soon():
    return time.monotonic() + 100


found = {}
with Session(get_level("bubblewrap"), Limits()) as session:
    session.write_files({"nn/__init__.py": b"", "nn/code.py": SOURCE}, soon())
    with session.check(1) as channel:
        code = Student(Conversation(channel, soon()), "nn", ()).code
        fetch(code.same(1))
        for name, (value, times) in CASES.items():
            begun = time.perf_counter()
            for _ in range(times):
                fetch(code.same(value))
            found[name] = 1e6 * (time.perf_counter() - begun) / times
    begun = time.perf_counter()
    for number in range(20):
        with session.check(number) as channel:
            fetch(Student(Conversation(channel, soon()), "nn", ()).code.same(1))
    found["a check of one call"] = 1e6 * (time.perf_counter() - begun) / 20
print(json.dumps(found))
"""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", type=Path, nargs="*", default=[], help="other checkouts")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    places = [HERE, *(place.resolve() for place in options.against)]
    rounds = [[measured(place) for place in places] for _ in range(options.rounds)]
    names = [place.name for place in places]
    print(f"{'microseconds a call':24}" + "".join(f"{name[:14]:>15}" for name in names) + "  ratio")
    for case in rounds[0][0]:
        medians = [statistics.median(row[n][case] for row in rounds) for n in range(len(places))]
        ratios = (f"{medians[0] / other:7.2f}" for other in medians[1:])
        print(f"{case:24}" + "".join(f"{one:15.0f}" for one in medians) + "".join(ratios))


def measured(place: Path) -> dict[str, float]:
    """The costs in a checkout."""
    one = {"PYTHONPATH": str(place), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CALLS], env=os.environ | one, cwd="/", capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
