"""What students read has the field's terms, and plurals that agree."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from autograder.course import shipped_course

RELEASES = shipped_course().assignments
READ = sorted(path for path in RELEASES.rglob("*") if path.suffix in (".ipynb", ".md", ".py"))
AVOIDED = re.compile(
    r"(?<![\d.,])1 points\b|\b(?:[2-9]|\d\d) point\b|learn(?:s|ed)? by heart"
    r"|(?:other|same) beginnings?|something bent|decided wrongly|images held back|bad luck"
    r"|restart the kernel and run",
    re.IGNORECASE,
)
LONGEST = 120  # characters of a line of code that is shown


def cells(path: Path) -> list[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return [("text", text)]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]


@pytest.mark.parametrize("path", READ, ids=lambda path: path.relative_to(RELEASES).as_posix())
def test_the_words_are_those_of_the_field(path: Path) -> None:
    assert [found[0] for _, text in cells(path) for found in AVOIDED.finditer(text)] == []


@pytest.mark.parametrize("path", sorted(RELEASES.glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_no_line_of_code_is_too_long_to_read(path: Path) -> None:
    lines = [line for kind, text in cells(path) if kind == "code" for line in text.splitlines()]
    assert max(map(len, lines)) <= LONGEST
