"""One row for each data set: what it is, and whether it is on this machine. Opens no file."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.data.places import locate
from autograder.data.registry import DATASETS, Dataset


@dataclass(frozen=True, kw_only=True)
class DatasetRow:
    """What `autograder data` prints of one data set; `shape` is channels, height, width."""

    name: str
    title: str
    available: bool
    where: str
    shape: tuple[int, int, int]
    classes: int
    licence: str


def describe() -> list[DatasetRow]:
    """A row for every data set, in the order of the registry."""
    return [_row(dataset) for dataset in DATASETS.values()]


def _row(dataset: Dataset) -> DatasetRow:
    available, where = _where(dataset)
    return DatasetRow(
        name=dataset.name,
        title=dataset.title,
        available=available,
        where=where,
        shape=dataset.shape,
        classes=dataset.classes,
        licence=dataset.licence,
    )


def _where(dataset: Dataset) -> tuple[bool, str]:
    if not dataset.downloads:
        return True, "embedded" if dataset.embedded else "drawn when loaded"
    path = locate(dataset)
    if path is not None:
        return True, str(path)
    megabytes = sum(file.size for file in dataset.downloads) / 1e6
    return False, f"`autograder data {dataset.name}` downloads {megabytes:.0f} MB"
