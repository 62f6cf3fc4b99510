"""What of a submission its student wrote, as plain sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.judging.attempts import code_cells


@dataclass(frozen=True, kw_only=True)
class WrittenSource:
    """A file of code, or the code cells of a notebook, one after the other."""

    path: str
    text: str


def written_sources(
    files: Mapping[str, bytes], released: Mapping[str, bytes] | None = None
) -> list[WrittenSource]:
    """The code in `files`, by path; of a notebook the cells that are not as `released`."""
    handed_out = released or {}
    found = []
    for path in sorted(files):
        if path.endswith(".py"):
            found.append(WrittenSource(path=path, text=_text(files[path])))
        elif path.endswith(".ipynb"):
            old = {cell.strip() for cell in code_cells(handed_out.get(path, b""))}
            cells = [cell for cell in code_cells(files[path]) if cell.strip() not in old]
            found.append(WrittenSource(path=path, text="\n\n".join(cells)))
    return found


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
