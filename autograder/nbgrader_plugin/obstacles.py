"""Files that nbgrader would stumble over when it copies a submission. Opens none of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath


def obstacles(folder: Path, released: Iterable[str]) -> Iterator[Path]:
    """What nbgrader must not copy out of a student's folder, so that the student is not lost.

    These are links (dangling ones stop it, and others would copy what is not the student's),
    pipes and devices, unreadable files, and a file where the release has a folder or the other
    way round.

    Parameters
    ----------
    released : the relative paths of the released files.
    """
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if not stat.S_ISREG(path.lstat().st_mode) or not os.access(path, os.R_OK):
                yield path
    for relative in released:
        if (folder / relative).is_dir():
            yield folder / relative
        for parent in PurePosixPath(relative).parents[:-1]:
            if (folder / parent).is_file():
                yield folder / parent
