"""One student's files as bytes: found, unpacked safely, bounded. Runs none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One student's files.

    `files` maps a relative POSIX path, as released (``nn/layers.py``,
    ``fully_connected_nets.ipynb``), to its content. `problems` are sentences for the student and
    the instructor about files that could not be taken as they are.
    """

    student: str
    files: Mapping[str, bytes]
    problems: tuple[str, ...] = ()
