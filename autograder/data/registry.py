"""Which data sets there are, what they hold, their terms and their files: `registry.toml`, read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from autograder.course import shipped_course
from autograder.errors import UserError

REGISTRY = "registry.toml"


class UnknownDatasetError(UserError, LookupError):
    """No data set has that name."""


@dataclass(frozen=True, kw_only=True)
class File:
    """One published file: `digest` is ``algorithm:hexadecimal``, `size` is in bytes."""

    name: str
    digest: str
    size: int
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One data set.

    Attributes
    ----------
    name, title : what commands and people call it.
    shape : channels, height, width of one image.
    classes : how many.
    brightest : the largest value of a pixel; the smallest is 0.
    licence : under which terms, or that none are stated.
    home : the publisher's page.
    embedded : the file that comes with the package and holds the whole set, if there is one.
    downloads : the files that together are the whole set; empty if nothing is to be downloaded.
    archives : single files any one of which is enough, best first.
    superclasses : the data set that has the same images with coarser labels, if there is one.
    unpacked : lists of names; a folder with all files of one list (or .gz of each) is enough.
    folder : what students' loaders expect this folder to be called.
    """

    name: str
    title: str
    shape: tuple[int, int, int]
    classes: int
    brightest: int = 255
    licence: str
    home: str
    superclasses: str = ""
    embedded: File | None = None
    downloads: tuple[File, ...] = ()
    archives: tuple[File, ...] = ()
    unpacked: tuple[tuple[str, ...], ...] = ()
    folder: str = ""


class Registry(Mapping[str, Dataset]):
    """The data sets by name, in the registry's order. The file is read when it is first needed."""

    @cached_property
    def _datasets(self) -> dict[str, Dataset]:
        path = shipped_course().data / REGISTRY
        plain = msgspec.toml.decode(path.read_bytes())
        files = {file["name"]: msgspec.convert(file, File) for file in plain["file"]}
        return {one["name"]: _dataset(one, files) for one in plain["dataset"]}

    def __getitem__(self, name: str) -> Dataset:
        return self._datasets[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._datasets)

    def __len__(self) -> int:
        return len(self._datasets)


DATASETS = Registry()


def find_dataset(name: str) -> Dataset:
    """The data set of that name; raises `UnknownDatasetError` with the nearest known name."""
    if name in DATASETS:
        return DATASETS[name]
    near = difflib.get_close_matches(name, DATASETS, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(DATASETS)}."
    raise UnknownDatasetError(f"No data set is called {name!r}. {hint}")


def _dataset(plain: Mapping[str, Any], files: Mapping[str, File]) -> Dataset:
    """A data set of the registry, with its files in the place of their names."""
    named = {key: [files[name] for name in plain.get(key, ())] for key in ("downloads", "archives")}
    own = files[plain["embedded"]] if "embedded" in plain else None
    return msgspec.convert({**plain, **named, "embedded": own}, Dataset)
