"""Data is found in the named folder, then in the cache; otherwise the way out is told."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.data import (
    DATASETS,
    DataFormatError,
    File,
    MissingDataError,
    describe,
    load,
    places,
)
from autograder.data.places import locate, official_files, require

Files = dict[str, bytes]


@pytest.fixture
def name_folder(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    return lambda folder: monkeypatch.setenv("AUTOGRADER_DATA", str(folder))


def test_nothing_is_here(downloadable: str) -> None:
    assert locate(DATASETS[downloadable]) is None
    with pytest.raises(MissingDataError) as caught:
        load(downloadable)
    assert str(caught.value) == (
        f"The data set {downloadable} is not on this machine. Run `autograder data {downloadable}`"
        " to download it, or set AUTOGRADER_DATA to the folder that has its files."
    )


def test_named_folder_that_is_none(
    tmp_path: Path, name_folder: Callable[[Path], None], downloadable: str
) -> None:
    name_folder(tmp_path / "none")
    with pytest.raises(MissingDataError) as caught:
        load(downloadable)
    assert str(caught.value) == (
        f"AUTOGRADER_DATA is set to {tmp_path / 'none'}, which is not a folder. "
        "Correct or unset it."
    )
    assert load("digits", limit=1).X_train.shape == (1, 1, 8, 8), "which needs no folder"


@pytest.mark.parametrize("kind", ["mnist", "cifar10", "cifar10 python", "cifar100"])
@pytest.mark.parametrize("below", ["", "some set"])
def test_unpacked_files_in_the_folder_or_one_below(
    files_of: Callable[[str], Files],
    unpacked: Callable[..., Path],
    name_folder: Callable[[Path], None],
    tmp_path: Path,
    kind: str,
    below: str,
) -> None:
    folder = unpacked(files_of(kind), f"data/{below}")
    name_folder(tmp_path / "data")
    name = kind.partition(" ")[0]
    assert locate(DATASETS[name]) == folder
    assert load(name).X_train.shape[1:] == DATASETS[name].shape


def test_the_named_folder_comes_before_the_cache(
    files_of: Callable[[str], Files],
    unpacked: Callable[..., Path],
    name_folder: Callable[[Path], None],
    no_data: Path,
    tmp_path: Path,
) -> None:
    cached = unpacked(files_of("mnist"), "cache/mnist")
    assert locate(DATASETS["mnist"]) == cached
    named = unpacked(files_of("mnist"), "data")
    name_folder(named)
    assert locate(DATASETS["mnist"]) == named
    assert cached.parent == no_data


def test_an_incomplete_folder_is_not_taken(
    files_of: Callable[[str], Files], unpacked: Callable[..., Path]
) -> None:
    files = files_of("mnist")
    del files["t10k-images-idx3-ubyte"]
    unpacked(files, "cache/mnist")
    assert locate(DATASETS["mnist"]) is None


def test_an_archive_is_known_by_its_checksum(
    files_of: Callable[[str], Files], packed: Callable[..., Path], no_data: Path
) -> None:
    no_data.mkdir()
    archive = packed(files_of("cifar10"), "cache/cifar-10-binary-20k.tar.gz")
    cifar10 = DATASETS["cifar10"]
    with pytest.raises(DataFormatError) as caught:
        require(cifar10)
    published = cifar10.archives[2].digest
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert str(caught.value) == (
        f"{archive}: expected {published} as published, found sha256:{found}. Remove it and run "
        "`autograder data cifar10`; if you changed it on purpose, unpack it there."
    )
    known = File(name=archive.name, digest=f"sha256:{found}", size=archive.stat().st_size)
    assert require(dataclasses.replace(cifar10, archives=(known,))) == archive


def test_overview_of_an_empty_machine() -> None:
    rows = {row.name: row for row in describe()}
    assert list(rows) == list(DATASETS)
    for name in ("digits", "mnist8k"):
        assert (rows[name].available, rows[name].where) == (True, "embedded")
    assert (rows["shapes"].available, rows["shapes"].where) == (True, "drawn when loaded")
    assert not rows["mnist"].available
    assert rows["mnist"].where == "`autograder data mnist` downloads 12 MB"
    assert rows["cifar10"].where == "`autograder data cifar10` downloads 170 MB"
    assert (rows["cifar100"].shape, rows["cifar100"].classes) == ((3, 32, 32), 100)


def test_overview_of_what_is_here(
    data_folder: Path, name_folder: Callable[[Path], None], downloadable: str
) -> None:
    name_folder(data_folder)
    row = next(row for row in describe() if row.name == downloadable)
    assert row.available
    assert row.where == str(locate(DATASETS[downloadable]))
    assert row.licence == DATASETS[downloadable].licence


@pytest.mark.parametrize("kind", ["mnist", "cifar10", "cifar10 python", "cifar100"])
def test_official_files_are_those_that_given_loaders_find(
    kind: str,
    files_of: Callable[[str], dict[str, bytes]],
    unpacked: Callable[..., Path],
    name_folder: Callable[[Path], None],
) -> None:
    files, dataset = files_of(kind), DATASETS[kind.split()[0]]
    name_folder(unpacked(files))
    assert official_files(dataset) == {f"{dataset.folder}/{n}": files[n] for n in files}


def test_an_archive_is_an_official_file(
    files_of: Callable[[str], dict[str, bytes]],
    packed: Callable[..., Path],
    name_folder: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive = packed(files_of("cifar10"), name="cifar-10-binary.tar.gz")
    name_folder(archive.parent)
    monkeypatch.setattr(places, "_check", lambda path, dataset: None)
    assert official_files(DATASETS["cifar10"]) == {archive.name: archive.read_bytes()}


def test_what_is_embedded_has_no_official_files() -> None:
    assert official_files(DATASETS["digits"]) == {}
