"""What a result depends on besides the submission, as digests: our code, release, data, versions.

Two machines with equal fingerprints grade alike. Knows neither students nor stored results.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

import autograder
from autograder.assignment import RELEASE, Assignment
from autograder.course import PACKAGE
from autograder.data import DATASETS, Dataset
from autograder.data.places import embedded, locate
from autograder.judging.check import load_checks

# Rooms that no grading imports (a test proves it); the checks have digests of their own.
NOT_GRADING = (
    "attacks", "authoring", "checks", "cli.py", "commands", "demo.py", "marks", "nbgrader_plugin",
    "reports", "shipped", "similarity",
)  # fmt: skip
_LIBRARIES = ("numpy", "ipython", "matplotlib", "msgspec")
_ENDS = ("", ".gz")  # of an unpacked data set's files
_BYTES = 1 << 20


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True):
    """Everything but the submission that decides a grade; each part is short text.

    `checks` covers the hidden tests of the assignment as a whole; see `keys` for one of them.
    """

    autograder: str
    python: str
    libraries: str
    code: str
    checks: str
    release: str
    data: str

    def differences(self, other: Fingerprint) -> dict[str, tuple[str, str]]:
        """Part -> what it is here and there, for the parts that differ."""
        ours, theirs = msgspec.structs.asdict(self), msgspec.structs.asdict(other)
        return {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}


def fingerprint(assignment: Assignment) -> Fingerprint:
    """The fingerprint of this machine for one assignment.

    Code and checks are read once per process, because a process imports them once; release
    and data are looked at anew.

    Raises
    ------
    NotBuiltError, MissingDataError : see `load_assignment` and `autograder.data.places`.
    """
    load_checks(assignment)  # before its source is read, not after
    return Fingerprint(
        autograder=autograder.__version__,
        python=".".join(map(str, sys.version_info[:2])),
        libraries=_versions(),
        code=_code(),
        checks=_checks(assignment.course.checks),
        release=_released(assignment),
        data=_data(frozenset({assignment.dataset}) | _named_data(assignment.checks_folder)),
    )


def _released(assignment: Assignment) -> str:
    """The digest of what knows all released files."""
    if assignment.adopted is not None:
        return digest(msgspec.json.encode(assignment.adopted))
    return digest((assignment.release / RELEASE).read_bytes())


def digest(*parts: bytes | str) -> str:
    """32 hexadecimal digits that tell lists of texts apart.

    >>> digest("a", "bc") == digest("ab", "c")
    False
    """
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big") + data)
    return state.hexdigest()


def own_files(folder: Path) -> list[Path]:
    """The files of a folder of ours, without what Python or an editor leaves there."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    ]


def files_digest(root: Path, paths: Iterable[Path]) -> str:
    """The digest of files with their paths from `root`."""
    return digest(*_flat((path.relative_to(root).as_posix(), path.read_bytes()) for path in paths))


def _flat(pairs: Iterable[tuple[str, bytes]]) -> Iterator[bytes | str]:
    for name, data in pairs:
        yield name
        yield data


@cache
def _versions() -> str:
    return " ".join(f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES)


@cache
def _code() -> str:
    graders = [p for p in own_files(PACKAGE) if p.relative_to(PACKAGE).parts[0] not in NOT_GRADING]
    return files_digest(PACKAGE, graders)


@cache
def _checks(folder: Path) -> str:
    # Checks may import from those of another assignment, so all of them count here.
    return files_digest(folder, own_files(folder))


@cache
def _named_data(folder: Path) -> frozenset[str]:
    """Data sets that the checks call by name, beside the one of the assignment."""
    module = folder.with_suffix(".py")
    sources = [*own_files(folder), *([module] if module.is_file() else [])]
    trees = (ast.parse(path.read_bytes()) for path in sources if path.suffix == ".py")
    constants = (n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant))
    texts = (value for value in constants if isinstance(value, str))
    return frozenset(text for text in texts if text in DATASETS)


def _data(names: Iterable[str]) -> str:
    """The digest of the files of data sets; one that is drawn has none."""
    known = [DATASETS[name] for name in sorted(names) if name in DATASETS]
    return digest(*(f"{one.name} {_data_set(one)}" for one in known if _is_file(one)))


def _is_file(dataset: Dataset) -> bool:
    return bool(dataset.downloads) or dataset.embedded is not None


def _data_set(dataset: Dataset) -> str:
    place = embedded(dataset.embedded.name) if dataset.embedded else locate(dataset)
    if place is None:
        return "missing"
    if place.is_file():
        return _file(place, *_stamp(place))
    files = [
        place / f"{name}{end}" for names in dataset.unpacked for name in names for end in _ENDS
    ]
    return digest(*(f"{one.name} {_file(one, *_stamp(one))}" for one in files if one.is_file()))


def _stamp(path: Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns


@cache
def _file(path: Path, size: int, changed: int) -> str:
    """The digest of a large file, taken once for each state that it is seen in."""
    state = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while part := file.read(_BYTES):
            state.update(part)
    return state.hexdigest()
