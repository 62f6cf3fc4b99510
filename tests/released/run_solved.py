"""Run every solved notebook where only NumPy, matplotlib and Jupyter are installed.

Usage: run_solved.py FOLDER, a folder that `write_solved.py` has written. Needs nothing of ours,
and refuses to run beside the grader: students do not have it.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOT_FOR_STUDENTS = ("autograder", "datasets", "nbgrader", "jupytext", "msgspec", "scipy")


def main(folder: Path) -> None:
    present = [name for name in NOT_FOR_STUDENTS if importlib.util.find_spec(name)]
    if present:
        sys.exit(f"{', '.join(present)} can be imported here; students do not have that")
    notebooks = sorted(folder.glob("*/*.ipynb"))
    if not notebooks:
        sys.exit(f"{folder} holds no notebooks; run write_solved.py first")
    with ProcessPoolExecutor() as executor:
        for path, seconds in zip(notebooks, executor.map(run, notebooks), strict=True):
            print(f"{path.relative_to(folder)}: {seconds:.0f} s")


def run(path: Path) -> float:
    """Run one notebook in its folder; the seconds that it took. Raises what a cell raised."""
    begun = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": path.parent}}).execute()
    return time.monotonic() - begun


if __name__ == "__main__":
    main(Path(sys.argv[1]))
