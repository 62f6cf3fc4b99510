"""A solution cell of an otter assignment as students get it, and as the course runs it."""

from __future__ import annotations

import re

_LEFT_OUT = ("# SOLUTION NO PROMPT", "# BEGIN PROMPT", "# END PROMPT", "# SEED")
_BEGIN = re.compile(r"^(\s*)# BEGIN SOLUTION( NO PROMPT)?")
_END = "# END SOLUTION"
_ASSIGNED = re.compile(
    r"^(\s*[A-Za-z_][\w.]*(?:\[[^=]*\])?(?:\s*,\s*[A-Za-z_][\w.]*(?:\[[^=]*\])?)*"
    r"\s*(?::[^=]+)?=)(?!=).*# ?SOLUTION\s*$"
)
_LINE = re.compile(r"^(\s*).*# ?SOLUTION\s*$")
_MARK = re.compile(r"# ?(BEGIN |END )?SOLUTION\b")
_IGNORE_BLOCK = re.compile(r"^\s*#\s*BEGIN\s+IGNORE\b", re.IGNORECASE)
PROMPT = "..."


def is_marked(source: str) -> bool:
    """Whether a part of the cell is marked as a solution."""
    return any(_MARK.search(line) for line in source.split("\n"))


def as_handed_out(source: str) -> str:
    """The cell with `...` in the place of solutions, by otter's rules."""
    lines: list[str] = []
    inside = False
    for line in source.split("\n"):
        bare = line.rstrip()
        if bare.rstrip(";").rstrip().endswith(_LEFT_OUT):
            continue
        if bare.endswith(_END):
            inside = False
            continue
        begin = _BEGIN.match(line)
        if begin and not inside:
            inside = True
            lines += [] if begin[2] else [f"{begin[1]}{PROMPT}"]
        elif not inside:
            lines.append(_without_solution(line))
    return "\n".join(lines)


def without_ignored(source: str) -> str:
    """The cell without the lines that are in none of the notebooks that otter makes."""
    lines: list[str] = []
    inside = False
    for line in source.split("\n"):
        bare = line.rstrip()
        if bare.upper().endswith("# END IGNORE"):
            inside = False
        elif inside or bare.upper().endswith("# IGNORE"):
            continue
        elif _IGNORE_BLOCK.match(line):
            inside = True
        else:
            lines.append(line)
    return "\n".join(lines)


def _without_solution(line: str) -> str:
    assigned = _ASSIGNED.match(line)
    if assigned:
        return f"{assigned[1]} {PROMPT}"
    found = _LINE.match(line)
    return f"{found[1]}{PROMPT}" if found else line
