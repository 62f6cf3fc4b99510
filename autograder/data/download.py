"""Downloads a data set into the cache, with checksums and a progress bar. Only when asked to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.data.places import VARIABLE, cache_folder, locate
from autograder.data.registry import Dataset, File, find_dataset

if TYPE_CHECKING:
    from rich.progress import Progress

_CHUNK = 1 << 16
_SECONDS = 30  # without a byte from the server


class DownloadError(OSError):
    """A file could not be had from any of its addresses, or was not what was published."""


def fetch(name: str, *, progress: bool = True) -> Path | None:
    """Make sure that a data set is on this machine; download it if it is not.

    A file gets its name in the cache only after its checksum was found right, so a broken
    download never leaves half a data set.

    Returns
    -------
    Path or None
        The archive or folder that holds it; None for a set that needs no file of its own.

    Raises
    ------
    UnknownDatasetError
        No data set has that name.
    DownloadError
        A file could not be had. Says what each address answered and what to do.
    """
    dataset = find_dataset(name)
    if not dataset.downloads:
        return None
    there = locate(dataset)
    return there if there else download(dataset, cache_folder(), progress=progress)


def download(dataset: Dataset, folder: Path, *, progress: bool) -> Path | None:
    """Download every file of a data set into a subfolder of `folder`, with its name."""
    target = folder / dataset.name
    for file in dataset.downloads:
        _download(file, target, progress=progress)
    return target / dataset.downloads[0].name if dataset.archives else target


def _download(file: File, folder: Path, *, progress: bool) -> None:
    troubles = []
    for url in file.urls:
        try:
            with _shown(file, progress) as bar:
                _retrieve(url, file, folder, bar)
            return
        except (OSError, ValueError) as error:  # requests' errors are OSErrors
            troubles.append(f"{url}: {error}")
    raise DownloadError(
        f"{file.name} could not be downloaded. {' '.join(troubles)} Try again later, or get the "
        f"file by other means and set {VARIABLE} to its folder."
    )


def _retrieve(url: str, file: File, folder: Path, bar: _Bar | None) -> None:
    import pooch  # type: ignore[import-untyped]  # slow, and graders never need it

    getter = pooch.HTTPDownloader(progressbar=bar, chunk_size=_CHUNK, timeout=_SECONDS)
    pooch.retrieve(url, known_hash=file.digest, fname=file.name, path=folder, downloader=getter)


@contextmanager
def _shown(file: File, progress: bool) -> Iterator[_Bar | None]:
    if not progress:
        yield None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn()) as display:
        yield _Bar(display, file)


class _Bar:
    """What pooch asks of a progress bar, said to rich."""

    def __init__(self, display: Progress, file: File) -> None:
        self.total = file.size  # pooch writes what the server says; the published size is as good
        self._display = display
        self._task = display.add_task(file.name, total=file.size)

    def update(self, count: int) -> None:
        self._display.advance(self._task, count)

    def reset(self) -> None:
        self._display.update(self._task, completed=0)

    def close(self) -> None:
        self._display.refresh()
