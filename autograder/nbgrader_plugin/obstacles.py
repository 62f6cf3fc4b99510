"""Files and names that nbgrader must not copy or show. Opens no file.

nbgrader would stumble over some when it copies a submission. Others run in the browser of whoever
looks at it in formgrader, which serves what was copied as it is.
"""

from __future__ import annotations

import mimetypes
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from autograder.submission.names import MARKUP

# Documents that may carry scripts, by the type that formgrader's server tells the browser.
_RUNS = re.compile(r"html|xml|xsl|multipart|javascript")
# formgrader writes ids into attributes and scripts of its pages as they are.
_LEAVES_ITS_PLACE = re.compile(f"[{MARKUP}]")


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


def active_files(folder: Path) -> Iterator[Path]:
    """What a browser would run when an instructor follows a link to it in formgrader."""
    for place, _, names in os.walk(folder):
        for name in names:
            if _RUNS.search(mimetypes.guess_type(name)[0] or ""):
                yield Path(place, name)


def is_showable(student: str) -> bool:
    """Whether nbgrader's pages can show the id of a student as text.

    >>> is_showable("o'brien@example.edu"), is_showable("<img src=x onerror=alert(1)>")
    (True, False)
    """
    return not _LEAVES_ITS_PLACE.search(student)
