"""Which files of the machine a submission may see, at every level that can hide the others."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .level import PACKAGE, SECRETS

LIBRARIES = ("numpy", "IPython", "matplotlib", "msgspec")
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")  # in /, beside /usr
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime", "passwd")
DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts", "shm")
# Where a folder of Python's has libraries: itself, as `pip install --target` makes it, or below.
LIBRARY_FOLDERS = (
    "", "lib*/python3*/site-packages/", "lib/python3*/dist-packages/",
    "local/lib/python3*/dist-packages/", "local/lib*/python3*/site-packages/",
    "envs/*/lib/python3*/site-packages/",
)  # fmt: skip
OWN = ("__init__.py", "sandbox")  # what of this package the worker runs


def python_folders() -> list[Path]:
    """Python with its libraries, as far as it is not in /usr; outermost folders only."""
    folders = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent}
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folders.add(Path(spec.origin).parent.parent)
    outer = {folder for folder in folders if not folder.is_relative_to("/usr")}
    return sorted(f for f in outer if not any(f != g and f.is_relative_to(g) for g in outer))


def secrets_below(shown: Sequence[Path]) -> list[Path]:
    """The folders with hidden tests and solutions that are inside of what is shown.

    A copy of this package that is installed there counts, whichever copy is running: a course of
    ours comes with each. Paths are those by which they are shown, also where a link leads there.
    """
    found: dict[Path, Path] = {}
    for folder in shown:
        place = folder.resolve()
        own = (PACKAGE.parent / name for name in SECRETS)
        secrets = [folder / one.relative_to(place) for one in own if one.is_relative_to(place)]
        secrets += [one for below in LIBRARY_FOLDERS for one in folder.glob(below + PACKAGE.name)]
        found |= {one.resolve(): one for one in secrets if one.is_dir()}
    return sorted(found.values())


def exposed(folders: Iterable[Path]) -> list[Path]:
    """Those of some folders that a submission could read, because they lie in what is shown."""
    shown = [Path("/usr"), *python_folders()]
    hidden = [one.resolve() for one in secrets_below(shown)]
    resolved = ((folder, folder.resolve()) for folder in folders)
    return [
        folder
        for folder, place in resolved
        if any(place.is_relative_to(one.resolve()) for one in shown)
        and not any(place.is_relative_to(one) for one in hidden)
    ]


class Readable(NamedTuple):
    """What a submission may read besides its own folder, and what it may only list."""

    files: list[str]
    names: list[str]


def readable() -> Readable:
    """Where nothing can be mounted over the rest; the names are what imports have to look up."""
    shown = [Path("/usr"), *python_folders()]
    secrets = secrets_below(shown)
    parts = [part for folder in shown for part in _around(folder, secrets)]
    others = [
        *(Path("/", name) for name in SYSTEM),
        *(Path("/etc", name) for name in ETC),
        *(PACKAGE / name for name in OWN),
        Path("/proc"),
        Path("/sys/devices/system/cpu"),
    ]
    split = {str(folder) for folder in shown if folder not in parts}
    return Readable([str(path) for path in (*parts, *others)], sorted(split))


def _around(folder: Path, secrets: Sequence[Path]) -> Iterator[Path]:
    """The folder, or its parts but for the secrets in it."""
    if folder in secrets:
        return
    if not any(secret.is_relative_to(folder) for secret in secrets):
        yield folder
        return
    for part in sorted(folder.iterdir()):
        yield from _around(part, secrets)
