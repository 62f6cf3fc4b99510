"""Runs a solved notebook from top to bottom, as a student would, in the sandbox. Grades nothing.

Every code cell runs, also those that grading leaves out: visible tests and demonstrations. The
notebook has what students have: the released files, and the libraries, but nothing of ours.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.messages import Raised
from autograder.sandbox.session import LostError, Session

CELL_SECONDS = 600.0
NOTEBOOK_SECONDS = 1800.0
GENEROUS = Limits(cpu_seconds=3600, file_size=256 * MIB, disk=512 * MIB)  # CIFAR-10 has 170 MB
OFFICIAL = "official"  # the folder of the official files of a data set, as students have one
# The worker's own; students have neither.
_WITHOUT = f"""\
import os, sys
os.environ["AUTOGRADER_DATA"] = os.path.abspath("{OFFICIAL}")
sys.modules.update(dict.fromkeys(("autograder", "msgspec")))
"""

RAISED = "code cell {number} of {notebook} raised {name}: {message}{place}"
LOST = "code cell {number} of {notebook} did not end: {reason}"


@dataclass(frozen=True, kw_only=True)
class Run:
    """How far a notebook ran: `problem` is empty where it ran to its end.

    `cell` is the index of the cell at fault, of any type; `cells` counts the code cells that ran.
    """

    cells: int
    seconds: float
    cell: int = 0
    problem: str = ""

    def __str__(self) -> str:
        return f"{self.cells} code cells in {self.seconds:.1f} s"


def run_notebook(files: Mapping[str, bytes], notebook: str, *, level: str = "bubblewrap") -> Run:
    """Run one notebook of a solved submission, until its end or its first error.

    Raises
    ------
    UnknownLevelError, UnavailableLevelError, SandboxError : it cannot be run here.
    """
    with Session(get_level(level), GENEROUS) as session:
        begun, number = time.monotonic(), 0
        session.write_files(files, begun + CELL_SECONDS)
        session.run_cell("", _WITHOUT, begun + CELL_SECONDS)
        for number, (index, source) in enumerate(_code_cells(files[notebook]), start=1):
            problem = _problem(session, notebook, number, source, begun + NOTEBOOK_SECONDS)
            if problem:
                seconds = time.monotonic() - begun
                return Run(cells=number - 1, seconds=seconds, cell=index, problem=problem)
        return Run(cells=number, seconds=time.monotonic() - begun)


def _code_cells(notebook: bytes) -> Iterator[tuple[int, str]]:
    for index, cell in enumerate(json.loads(notebook)["cells"]):
        if cell["cell_type"] == "code":
            yield index, "".join(cell["source"])


def _problem(session: Session, notebook: str, number: int, source: str, end: float) -> str:
    """What is wrong with a cell, or an empty string."""
    deadline = min(end, time.monotonic() + CELL_SECONDS)
    try:
        raised = session.run_cell(PurePosixPath(notebook).stem, source, deadline)
    except LostError as lost:
        return LOST.format(number=number, notebook=notebook, reason=lost.reason)
    if raised is None:
        return ""
    name, message = raised.name, raised.message
    return RAISED.format(
        number=number, notebook=notebook, name=name, message=message, place=_place(raised)
    )


def _place(raised: Raised) -> str:
    return f" ({raised.file}, line {raised.line}: `{raised.text}`)" if raised.file else ""
