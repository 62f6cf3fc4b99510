"""How many test cells of real courses run outside, and agree with plain execution?

    python benchmarks/adoption/agreement.py FOLDER...

Each folder is a checkout of a repository that has source notebooks of nbgrader's, or master
notebooks of otter's. Every notebook with test cells and mostly written solutions is run as
`autograder adopt` does it: the reference and four kinds of broken solutions, with the tests in the
student's interpreter and outside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.adopt.gathering import course_of, outside_settings
from autograder.adopt.reading import read_source
from autograder.adopt.running import NotebookRun
from autograder.adopt.source import CellKind, SourceError, SourceNotebook, reference_steps
from autograder.adopt.survey import REFERENCE, Survey, alike, survey
from autograder.adopted import Route
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits

SKIPPED = re.compile(
    r"(^|/)(release|autograded|submitted|feedback|\.[^/]*)/|checkpoint|student\.ipynb"
)
STUB = re.compile(r"NotImplementedError|YOUR CODE HERE|VOTRE CODE|TU CÓDIGO|COMPLETAR")
MARKS = re.compile(rb'"nbgrader"|BEGIN QUESTION', re.IGNORECASE)
MOST_BYTES = 40 << 20
SOLVED = 0.6


@dataclass
class Counts:
    """What was found in one repository."""

    notebooks: int = 0
    cells: int = 0
    passing: int = 0
    outside: int = 0
    verdicts: int = 0
    equal: int = 0
    lenient: int = 0
    harsher: int = 0
    nothing: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Print a row for each folder, and the reasons of what does not run outside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=15, help="for one cell")
    parser.add_argument("--most", type=float, default=3600, help="seconds for one folder")
    parser.add_argument("--reasons", action="store_true", help="print why cells run inside")
    asked = parser.parse_args()
    print(f"{'repository':34} notebooks cells pass outside equal lenient harsher nothing")
    total = Counts()
    for folder in asked.folders:
        counts, end = Counts(), time.monotonic() + asked.most
        for path, notebook in notebooks(folder):
            if time.monotonic() > end:
                print(f"  {folder.name}: the rest was left out, for want of time")
                break
            try:
                measure(path, notebook, counts, asked.seconds)
            except Exception as error:
                print(f"  {path}: {type(error).__name__}: {error}", file=sys.stderr)
        if counts.notebooks:
            show(folder.name, counts)
        for reason, number in counts.reasons.items() if asked.reasons else ():
            print(f"    {number} x {reason[:260]}")
        add(total, counts)
    show("all", total)


def notebooks(folder: Path) -> Iterator[tuple[Path, SourceNotebook]]:
    """The source notebooks with solutions and test cells, each once."""
    seen = set()
    for path in sorted(folder.rglob("*.ipynb")):
        if SKIPPED.search(path.relative_to(folder).as_posix()):
            continue
        data = path.read_bytes()
        if not MARKS.search(data) or not _is_python(data):
            continue
        try:
            found = read_source(path.stem, data, _beside(path))
        except SourceError as error:
            print(f"  {error}", file=sys.stderr)
            continue
        tests = "\n".join(cell.source for cell in found.tests)
        digest = hashlib.sha256(tests.encode()).hexdigest()
        if tests.strip() and solved(found) and digest not in seen:
            seen.add(digest)
            yield path, found


def _is_python(data: bytes) -> bool:
    try:
        kernel = json.loads(data).get("metadata", {}).get("kernelspec", {})
    except ValueError:
        return False
    language = kernel.get("language", "python").lower()
    return language == "python" and kernel.get("name", "").lower() not in ("java", "ir", "bash")


def solved(notebook: SourceNotebook) -> bool:
    """Whether most solution cells are written, so that it is a source and no release."""
    own = [cell.source for cell in notebook.cells if cell.kind is CellKind.SOLUTION]
    own = [source for source in own if source.strip()]
    return bool(own) and sum(not STUB.search(one) for one in own) >= SOLVED * len(own)


def measure(path: Path, notebook: SourceNotebook, counts: Counts, seconds: float) -> None:
    """Run one notebook, and count."""
    course = course_of(_beside(path), "hidden", notebook)
    run = NotebookRun(
        course=replace(course, seconds=seconds),
        level=get_level("bubblewrap"),
        limits=Limits(),
        steps=reference_steps(notebook),
        end=time.monotonic() + 90,
    )
    count(notebook, survey(notebook, run), counts)


def _beside(path: Path) -> dict[str, bytes]:
    """The files of the notebook's folder, up to a size."""
    files, size = {}, 0
    for one in sorted(path.parent.rglob("*")):
        if one.is_file() and not one.is_symlink() and one.suffix != ".ipynb":
            size += one.stat().st_size
            if size < MOST_BYTES:
                files[one.relative_to(path.parent).as_posix()] = one.read_bytes()
    notebook = {path.name: path.read_bytes()}
    return files | outside_settings(path.parent, notebook)


def count(notebook: SourceNotebook, found: Survey, counts: Counts) -> None:
    """Count the cells of one notebook that pass in plain execution."""
    counts.notebooks += 1
    for cell, adopted in zip(notebook.tests, found.cells(notebook), strict=True):
        counts.cells += 1
        if not found.inside[REFERENCE].tests[cell.id].passed:
            continue
        counts.passing += 1
        counts.nothing += adopted.tests_nothing
        counts.outside += adopted.route is Route.OUTSIDE
        if adopted.reason:
            counts.reasons[f"{notebook.name}/{cell.id}: {adopted.reason}"] += 1
        for kind, outcomes in found.outside.items():
            plain, outside = found.inside[kind].tests[cell.id], outcomes.tests[cell.id]
            counts.verdicts += 1
            counts.equal += alike(plain, outside)
            counts.lenient += outside.passed and not plain.passed
            counts.harsher += plain.passed and not outside.passed


def add(total: Counts, more: Counts) -> None:
    """Add up."""
    for name in vars(total):
        setattr(total, name, getattr(total, name) + getattr(more, name))


def show(name: str, c: Counts) -> None:
    """Print one row; `equal`, `lenient` and `harsher` are of verdicts, the rest of cells."""
    share = f"{100 * c.outside / max(c.passing, 1):.1f} %"
    print(
        f"{name[:34]:34} {c.notebooks:9} {c.cells:5} {c.passing:4} {c.outside:4} {share:7}"
        f" {c.equal}/{c.verdicts} {c.lenient:7} {c.harsher:7} {c.nothing:7}",
        flush=True,
    )


if __name__ == "__main__":
    main()
