"""Pages with a row for each assignment: who proves one keeps the rows of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_ROW = re.compile(r"^\| (\w+) \|.*\|$", re.MULTILINE)
_HEADING = "assignment"


def with_kept_rows(path: Path, rows: Mapping[str, str]) -> list[str]:
    """These rows by assignment, and those of other assignments that a page has already, sorted."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    kept = {match[1]: match[0] for match in _ROW.finditer(old) if match[1] != _HEADING}
    every = kept | dict(rows)
    return [every[slug] for slug in sorted(every)]
