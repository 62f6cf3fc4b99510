"""Where the files of a data set are on this machine. Reads none of them, downloads nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pooch  # type: ignore[import-untyped]

from autograder.course import shipped_course
from autograder.data.readers import DataFormatError
from autograder.data.registry import DATASETS, Dataset
from autograder.errors import UserError

VARIABLE = "AUTOGRADER_DATA"


class MissingDataError(UserError, LookupError):
    """The files of a data set are not on this machine. Says what to do."""


def embedded(name: str) -> Path:
    """The path of a data file that comes with the package."""
    return shipped_course().data / name


def cache_folder() -> Path:
    """Where downloads are kept, by the custom of this operating system."""
    return Path(pooch.os_cache("autograder"))


def locate(dataset: Dataset) -> Path | None:
    """The archive or folder that holds a data set, or None.

    Looks into the folder that ``AUTOGRADER_DATA`` names and its direct subfolders, then into the
    cache in the same way.

    Raises
    ------
    MissingDataError
        ``AUTOGRADER_DATA`` is set, and not to a folder.
    """
    for place in _places():
        for archive in dataset.archives:
            if (place / archive.name).is_file():
                return place / archive.name
        if any(_holds(place, names) for names in dataset.unpacked):
            return place
    return None


def require(dataset: Dataset) -> Path:
    """Like `locate`; raises `MissingDataError` if there is nothing, and checks a known archive.

    Raises
    ------
    DataFormatError
        An archive that has a published name, and not the published content.
    """
    path = locate(dataset)
    if path is None:
        raise MissingDataError(
            f"The data set {dataset.name} is not on this machine. Run `autograder data "
            f"{dataset.name}` to download it, or set {VARIABLE} to the folder that has its files."
        )
    if path.is_file():
        _check(path, dataset)
    return path


def official_files(dataset: Dataset) -> dict[str, bytes]:
    """The files of a data set by their path in a folder for ``AUTOGRADER_DATA``; none if embedded.

    Raises
    ------
    MissingDataError, DataFormatError : see `require`.
    """
    if not dataset.downloads:
        return {}
    place = require(dataset)
    if place.is_file():
        return {place.name: place.read_bytes()}
    wanted = {name for one in _alike(dataset) for names in one.unpacked for name in names}
    return {
        f"{dataset.folder}/{path.name}": path.read_bytes()
        for path in sorted(place.iterdir())
        if path.name.removesuffix(".gz") in wanted or path.name.startswith("data_batch_")
    }


def _alike(dataset: Dataset) -> list[Dataset]:
    """The data sets of the same archives, which have other labels."""
    return [dataset, *([DATASETS[dataset.superclasses]] if dataset.superclasses else [])]


def _places() -> Iterator[Path]:
    roots = [cache_folder()]
    if named := os.environ.get(VARIABLE):
        if not Path(named).is_dir():
            message = f"{VARIABLE} is set to {named}, which is not a folder. Correct or unset it."
            raise MissingDataError(message)
        roots.insert(0, Path(named))
    for root in roots:
        if root.is_dir():
            yield root
            yield from sorted(path for path in root.iterdir() if path.is_dir())


def _holds(place: Path, names: tuple[str, ...]) -> bool:
    return all((place / name).is_file() or (place / f"{name}.gz").is_file() for name in names)


def _check(path: Path, dataset: Dataset) -> None:
    expected = next(file.digest for file in dataset.archives if file.name == path.name)
    algorithm = expected.partition(":")[0]
    found = f"{algorithm}:{pooch.file_hash(str(path), alg=algorithm)}"
    if found != expected:
        raise DataFormatError(
            f"{path}: expected {expected} as published, found {found}. Remove it and run "
            f"`autograder data {dataset.name}`; if you changed it on purpose, unpack it there."
        )
