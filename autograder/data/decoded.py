"""Images of downloaded sets, unpacked once and then mapped: graders share one copy of them.

An archive takes a second to unpack and up to 184 MB; of a mapped file, only what is looked at is
read, and every process on the machine shares it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from autograder.data import places
from autograder.data.places import locate, require
from autograder.data.readers import ImageSet, Published
from autograder.data.registry import Dataset

Reader = Callable[[Path], Published]

FOLDER = "unpacked"
_FORMAT = "1"
_ENDS = ("", ".gz")


def decoded(dataset: Dataset, read: Reader) -> Published:
    """What `read` makes of the files of a data set, read from the disk only once.

    The unpacked copy lies in the cache, under a name made of the state of the files. Where it
    cannot be written, the images are read into memory.

    Raises
    ------
    MissingDataError, DataFormatError : see `require` and `readers`.
    """
    place = locate(dataset)
    copy = (
        places.cache_folder() / FOLDER / f"{dataset.name}-{_state(dataset, place)}"
        if place
        else None
    )
    if copy and copy.is_dir():
        try:
            return _mapped(copy)
        except (OSError, ValueError, KeyError):  # cut off, or edited
            shutil.rmtree(copy, ignore_errors=True)
    published = read(require(dataset))
    if copy:
        with contextlib.suppress(OSError):
            _keep(published, copy)
            return _mapped(copy)
    return published


def together(published: Published) -> ImageSet:
    """The images of both parts, those to train on first; without a copy where they are mapped."""
    whole = [part.base for part in (published.train.images, published.test.images)]
    labels = np.concatenate([published.train.labels, published.test.labels])
    if isinstance(whole[0], np.memmap) and whole[0] is whole[1] and len(whole[0]) == len(labels):
        return ImageSet(whole[0], labels)
    return ImageSet(np.concatenate([published.train.images, published.test.images]), labels)


def _state(dataset: Dataset, place: Path) -> str:
    """Changes when the files of a data set do."""
    named = [
        place / f"{name}{end}" for names in dataset.unpacked for name in names for end in _ENDS
    ]
    files = [place] if place.is_file() else [path for path in named if path.is_file()]
    stats = [(str(path.resolve()), path.stat()) for path in files]
    said = [_FORMAT, *(f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in stats)]
    return hashlib.blake2b("\n".join(said).encode(), digest_size=8).hexdigest()


def _keep(published: Published, folder: Path) -> None:
    """Write the unpacked copy; it gets its name when it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".part-"))
    try:
        np.save(part / "images.npy", together(published).images)
        np.save(part / "labels.npy", together(published).labels)
        about = {"train": len(published.train.labels), "class_names": published.class_names}
        (part / "about.json").write_text(json.dumps(about), encoding="utf-8")
        os.rename(part, folder)
    except OSError:  # no room, or another grader was quicker
        shutil.rmtree(part, ignore_errors=True)
        if not folder.is_dir():
            raise


def _mapped(folder: Path) -> Published:
    images = np.load(folder / "images.npy", mmap_mode="r", allow_pickle=False)
    labels = np.load(folder / "labels.npy", allow_pickle=False)
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    train = slice(about["train"])
    test = slice(about["train"], None)
    return Published(
        ImageSet(images[train], labels[train]),
        ImageSet(images[test], labels[test]),
        tuple(about["class_names"]),
    )
