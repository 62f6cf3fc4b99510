"""Tables of measurements: printed, kept as JSON with the machine described, read again.

`benchmarks/results.py` makes the page in `docs/` of what is kept. Knows no benchmark.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "measured"
LIBRARIES = ("numpy", "ipython", "msgspec")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Text cells under a header; the first column is aligned to the left, the others right."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        lines = [list(self.header), *map(list, self.rows)]
        widths = [max(len(line[n]) for line in lines) for n in range(len(self.header))]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if number == 0 else cell.rjust(width)
                for number, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        )

    def markdown(self) -> str:
        """The table as Markdown."""
        rule = ["---", *(["---:"] * (len(self.header) - 1))]
        lines = (self.header, rule, *self.rows)
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One table that was kept, and on what and when it was measured."""

    title: str
    table: Table
    day: str
    machine: str
    versions: Mapping[str, str]


def machine() -> str:
    """Cores, processor, memory and system, and no name of the machine."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores of {_processor()}, {gib:.0f} GiB of memory, {platform.system()}"


def keep(name: str, title: str, table: Table, versions: Mapping[str, str] | None = None) -> Path:
    """Write one table to ``benchmarks/measured/NAME.json``."""
    ours = {one: importlib.metadata.version(one) for one in LIBRARIES}
    content = {
        "title": title,
        "header": list(table.header),
        "rows": [list(row) for row in table.rows],
        "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "machine": machine(),
        "versions": {"python": platform.python_version(), **ours, **(versions or {})},
    }
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(content, indent=1) + "\n")
    return path


def read(name: str) -> Kept | None:
    """What was kept under a name, if anything was."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        return None
    content = json.loads(path.read_text())
    return Kept(
        title=content["title"],
        table=Table(header=content["header"], rows=content["rows"]),
        day=content["day"],
        machine=content["machine"],
        versions=content["versions"],
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
