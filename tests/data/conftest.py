"""Small files in the publishers' formats, written afresh, and a machine without any data."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from autograder.data import DATASETS, download, places

REAL = Path(os.environ["AUTOGRADER_DATA"]) if os.environ.get("AUTOGRADER_DATA") else None
PIXELS = 3072
Files = dict[str, bytes]


@pytest.fixture(autouse=True)
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No data folder is named and the cache is an empty one, which is returned."""
    cache = tmp_path / "cache"
    monkeypatch.delenv(places.VARIABLE, raising=False)
    monkeypatch.setattr(places, "cache_folder", lambda: cache)
    monkeypatch.setattr(download, "cache_folder", lambda: cache)
    return cache


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def mnist_files(count: int = 40) -> Files:
    rng = np.random.default_rng(0)
    files = {}
    for part in ("train", "t10k"):
        images = rng.integers(0, 256, (count, 28, 28)).astype(np.uint8)
        files[f"{part}-images-idx3-ubyte"] = idx(images)
        files[f"{part}-labels-idx1-ubyte"] = idx(np.arange(count, dtype=np.uint8) % 10)
    return files


def records(count: int, *classes: int, seed: int = 0) -> bytes:
    rows = np.random.default_rng(seed).integers(0, 256, (count, PIXELS)).astype(np.uint8)
    labels = [(np.arange(count) % n).astype(np.uint8)[:, None] for n in classes]
    return np.hstack([*labels, rows]).tobytes()


def names(prefix: str, count: int) -> bytes:
    return "".join(f"{prefix} {k}\n" for k in range(count)).encode() + b"\n"


def cifar10_files() -> Files:
    return {
        "data_batch_1.bin": records(20, 10, seed=1),
        "data_batch_2.bin": records(30, 10, seed=2),
        "test_batch.bin": records(10, 10, seed=3),
        "batches.meta.txt": names("class", 10),
    }


def cifar100_files() -> Files:
    return {
        "train.bin": records(200, 20, 100, seed=1),
        "test.bin": records(100, 20, 100, seed=2),
        "coarse_label_names.txt": names("coarse", 20),
        "fine_label_names.txt": names("fine", 100),
    }


class _Python2(pickle._Pickler):  # type: ignore[name-defined,misc]
    """Writes bytes as Python 2 wrote its strings, which is what the official batches hold."""

    dispatch: ClassVar[dict[Any, Any]] = dict(pickle._Pickler.dispatch)  # type: ignore[attr-defined]

    def save_bytes(self, value: bytes) -> None:
        self.write(pickle.BINSTRING + struct.pack("<i", len(value)) + value)
        self.memoize(value)

    dispatch[bytes] = save_bytes


def python2_pickle(value: object) -> bytes:
    stream = io.BytesIO()
    _Python2(stream, protocol=2).dump(value)
    return stream.getvalue().replace(b"cnumpy._core.", b"cnumpy.core.")


def batch(count: int, seed: int, **labels: int) -> dict[bytes, Any]:
    data = np.random.default_rng(seed).integers(0, 256, (count, PIXELS)).astype(np.uint8)
    lists = {key.encode(): [k % n for k in range(count)] for key, n in labels.items()}
    return {b"data": data, b"filenames": [b"a.png"] * count, **lists}


def cifar10_python_files(dump: Callable[[object], bytes] = python2_pickle) -> Files:
    return {
        "data_batch_1": dump(batch(20, 1, labels=10)),
        "data_batch_2": dump(batch(30, 2, labels=10)),
        "test_batch": dump(batch(10, 3, labels=10)),
        "batches.meta": dump({b"label_names": [f"class {k}".encode() for k in range(10)]}),
    }


def cifar100_python_files(dump: Callable[[object], bytes] = python2_pickle) -> Files:
    meta = {
        b"fine_label_names": [f"fine {k}".encode() for k in range(100)],
        b"coarse_label_names": [f"coarse {k}".encode() for k in range(20)],
    }
    return {
        "train": dump(batch(200, 1, coarse_labels=20, fine_labels=100)),
        "test": dump(batch(100, 2, coarse_labels=20, fine_labels=100)),
        "meta": dump(meta),
    }


FILES: dict[str, Callable[[], Files]] = {
    "mnist": mnist_files,
    "cifar10": cifar10_files,
    "cifar10 python": cifar10_python_files,
    "cifar100": cifar100_files,
    "cifar100 python": cifar100_python_files,
}


@pytest.fixture
def files_of() -> Callable[[str], Files]:
    """The files of a kind of data set: file name -> content."""
    return lambda kind: FILES[kind]()


@pytest.fixture
def pickled() -> Callable[[object], bytes]:
    """A function that pickles as Python 2 did."""
    return python2_pickle


@pytest.fixture
def unpacked(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes files into a new folder."""

    def write(files: Files, name: str = "unpacked") -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        return folder

    return write


@pytest.fixture
def packed(tmp_path: Path) -> Callable[..., Path]:
    """A function that packs files into an archive under one folder, as the publishers do."""

    def write(files: Files, name: str = "packed.tar.gz") -> Path:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for file, content in files.items():
                member = tarfile.TarInfo(f"some-folder/{file}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        path = tmp_path / name
        path.write_bytes(gzip.compress(stream.getvalue(), mtime=0))
        return path

    return write


@pytest.fixture(params=["generated"] + (["real"] if REAL else []))
def data_folder(
    request: pytest.FixtureRequest, unpacked: Callable[..., Path], tmp_path: Path
) -> Path:
    """A folder with every downloadable data set: generated always, the real one where there is."""
    if request.param == "real":
        assert REAL is not None
        return REAL
    for kind in ("mnist", "cifar10", "cifar100"):
        unpacked(FILES[kind](), name=f"data/{kind}")
    return tmp_path / "data"


@pytest.fixture
def real_data() -> Path:
    """The folder that AUTOGRADER_DATA names; skips where it names none."""
    if REAL is None:
        pytest.skip("AUTOGRADER_DATA names no folder")
    return REAL


@pytest.fixture(params=[name for name, dataset in DATASETS.items() if dataset.downloads])
def downloadable(request: pytest.FixtureRequest) -> str:
    """The name of each data set that has to be downloaded."""
    name: str = request.param
    return name
