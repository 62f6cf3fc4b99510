"""What a submission is, how large it may be, and what it is never made of. Reads no file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.errors import UserError

MIB = 1 << 20


class SubmissionError(UserError, ValueError):
    """The path that was given leads to no submission at all; the message says what to give."""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a submission was found, and what is known of that; for the instructor.

    Attributes
    ----------
    place : the file or folder, seen from what the grader was given.
    facts : what a platform has written about it, such as its number of the student.
    warnings : what has to be looked at, because another layout is possible.
    guessed : the layout, where names in what was given are all that speaks for it, for a student
        may have chosen them; empty where it is certain.
    section : the folder of the section, where a class has several.
    """

    place: str = ""
    facts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    guessed: str = ""
    section: str = ""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One student's files.

    `files` maps a relative POSIX path, as released (``nn/layers.py``,
    ``fully_connected_nets.ipynb``), to its content. `problems` are sentences for the student and
    the instructor about files that could not be taken as they are. `unread` maps each released
    file that is not among `files`, though students edit it, to the reason. `origin` says where
    they were found; two submissions with the same files are equal wherever that was.
    """

    student: str
    files: Mapping[str, bytes]
    problems: tuple[str, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    origin: Provenance = field(default=Provenance(), compare=False)


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much of one submission is read. Sizes in bytes.

    The outputs of a notebook count for `notebook_bytes` alone, because they are dropped. What is
    left stays below what the sandbox lets a submission write.

    Attributes
    ----------
    seen : files and folders that are looked at before the rest is ignored.
    files : files that are kept; released ones come first.
    file_bytes, total_bytes : size of one file, and of all that are kept.
    notebook_bytes : size of a notebook with its outputs.
    archive_bytes : size of a zip that lies in a folder or in another zip.
    ratio : how many times larger than its packed form a zip member above 1 MiB may be.
    depth, name_bytes : folders in a path, and UTF-8 bytes in one of its parts.
    """

    seen: int = 20_000
    files: int = 500
    file_bytes: int = 32 * MIB
    total_bytes: int = 64 * MIB
    notebook_bytes: int = 64 * MIB
    archive_bytes: int = 128 * MIB
    ratio: int = 200
    depth: int = 16
    name_bytes: int = 200


BOUNDS = Bounds()

CODE = (".py", ".ipynb")
# What a student's code may have written and read again. Only the sandbox opens any of it.
DATA = (
    ".npz", ".npy", ".json", ".pkl", ".pickle", ".csv", ".tsv", ".txt", ".dat", ".bin", ".mat",
    ".h5", ".hdf5", ".joblib", ".yaml", ".yml", ".toml", ".ini", ".pt", ".pth",
)  # fmt: skip
KEPT = (*CODE, *DATA, ".md")
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
ARCHIVES = (".zip", *OTHER_ARCHIVES)

VIRTUAL_ENVIRONMENT = "pyvenv.cfg"  # the file that marks the folder of one

_LITTER = {
    "__macosx",
    "__pycache__",
    ".ds_store",
    ".git",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "desktop.ini",
    "env",
    "node_modules",
    "site-packages",
    "thumbs.db",
    "venv",
    "virtualenv",
}


def stem(name: str) -> str:
    """The name of a file without its suffix, and of an archive without both.

    >>> stem("ada.tar.gz"), stem("ada.lovelace.zip"), stem("hw.ipynb")
    ('ada', 'ada.lovelace', 'hw')
    """
    first = PurePosixPath(name).stem
    packed = name.casefold().endswith(ARCHIVES) and first.casefold().endswith(ARCHIVES)
    return PurePosixPath(first).stem if packed else first


def is_litter(name: str) -> bool:
    """Whether a file or folder of that name comes from a tool and never from a student.

    >>> is_litter("__MACOSX"), is_litter("._layers.py"), is_litter("layers.py")
    (True, True, False)
    """
    folded = name.casefold()
    return folded in _LITTER or bool(re.match(r"\._|\.nfs|~\$", folded))
