"""Takes secrets out of this process's command line, which every user of the machine may read.

Knows nothing of grading. What is left of a secret's life there is the time until `hide` is called.
"""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

_START, _END = 45, 46  # of the arguments, among the fields of stat that follow the program's name
_STAR = b"*"


def hide(option: str) -> bool:
    """Write stars over the value of an option, as in ``--seed 7`` or ``--Class.seed=7``.

    Returns
    -------
    Whether something was written over. Where the system does not tell where its arguments lie, as
    on other systems than Linux, nothing is.
    """
    try:
        said = Path("/proc/self/cmdline").read_bytes()
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        start, end = int(fields[_START]), int(fields[_END])
    except (OSError, IndexError, ValueError):
        return False
    if not start or end - start != len(said):
        return False
    places = _values(said, option)
    for first, last in places:
        ctypes.memset(start + first, ord(_STAR), last - first)
    return bool(places)


def _values(said: bytes, option: str) -> list[tuple[int, int]]:
    """Where the values of an option stand in a command line whose words end with NUL."""
    name = re.escape(option.encode())
    value = re.compile(rb"(?:^|\0)--(?:[\w.]+\.)?" + name + rb"[=\0]([^\0]+)")
    return [match.span(1) for match in value.finditer(said)]
