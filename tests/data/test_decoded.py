"""Large sets are unpacked once, and later graders map the copy. Made-up files in real formats."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.data import DATASETS, load_all, load_published, places, sample, splits
from autograder.data.readers import Published

KINDS = {
    "mnist": ("mnist", 80, 40),
    "cifar10": ("cifar10", 60, 50),
    "cifar10 python": ("cifar10", 60, 50),
    "cifar100": ("cifar100", 300, 200),
    "cifar100 python": ("cifar100_coarse", 300, 200),
}


@pytest.fixture(params=list(KINDS))
def there(
    request: pytest.FixtureRequest,
    files_of: Callable[..., dict[str, bytes]],
    unpacked: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """The kind of a data set whose files are there."""
    kind: str = request.param
    monkeypatch.setenv("AUTOGRADER_DATA", str(unpacked(files_of(kind)).parent))
    return kind


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What has been read by the readers."""
    seen: list[Path] = []

    def noting(read: Callable[[Path], Published]) -> Callable[[Path], Published]:
        return lambda path: seen.append(path) or read(path)  # type: ignore[func-returns-value]

    for name, read in splits._READERS.items():
        monkeypatch.setitem(splits._READERS, name, noting(read))
    return seen


def test_files_are_read_once(there: str, reads: list[Path]) -> None:
    name, count, _ = KINDS[there]
    whole = [load_all(name) for _ in range(3)]
    assert len(reads) == 1
    assert isinstance(whole[2].images, np.memmap)
    for one in whole:
        assert one.images.shape == (count, *DATASETS[name].shape)
        np.testing.assert_array_equal(one.images, whole[0].images)
        np.testing.assert_array_equal(one.labels, whole[0].labels)


def test_a_copy_is_what_was_read(there: str) -> None:
    name, _, train = KINDS[there]
    read = splits._READERS[name](places.require(DATASETS[name]))
    for found in (load_published(name), load_published(name)):
        assert found.class_names == read.class_names
        assert len(found.train.labels) == train
        for part, right in ((found.train, read.train), (found.test, read.test)):
            np.testing.assert_array_equal(part.images, right.images)
            np.testing.assert_array_equal(part.labels, right.labels)


def test_files_that_have_changed_are_read_again(there: str, reads: list[Path]) -> None:
    name = KINDS[there][0]
    load_all(name)
    folder = places.locate(DATASETS[name])
    assert folder
    for path in folder.iterdir():
        os.utime(path, ns=(1, 1))
    load_all(name)
    assert len(reads) == 2


def test_a_copy_that_is_damaged_is_passed_over(
    there: str, reads: list[Path], no_data: Path
) -> None:
    name = KINDS[there][0]
    load_all(name)
    (about,) = no_data.rglob("about.json")
    about.write_text("{")
    assert len(load_all(name).labels) == KINDS[there][1]
    assert len(reads) == 2


def test_without_a_place_for_the_copy_images_are_in_memory(
    there: str, reads: list[Path], no_data: Path
) -> None:
    name = KINDS[there][0]
    no_data.write_text("a file where the cache should be")
    assert [len(load_all(name).labels) for _ in range(2)] == [KINDS[there][1]] * 2
    assert len(reads) == 2


def test_nothing_is_left_of_a_copy_that_failed(
    there: str, no_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "save", full)
    load_all(KINDS[there][0])
    assert list((no_data / "unpacked").iterdir()) == []


def test_a_sample_has_every_class_and_no_test_image(there: str) -> None:
    name = KINDS[there][0]
    published = load_published(name)
    with np.load(io.BytesIO(sample(name)), allow_pickle=False) as file:
        few = dict(file)
    assert set(few["labels"].tolist()) == set(range(DATASETS[name].classes))
    assert few["images"].dtype == np.uint8
    assert set(map(bytes, few["images"])) <= set(map(bytes, published.train.images))
    assert tuple(few["class_names"]) == published.class_names
    if name == "cifar100":
        assert few["coarse_labels"].max() == 19
        assert few["coarse_names"][3] == "coarse 3"


def test_a_sample_is_small(there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splits, "SAMPLE", 30)
    with np.load(io.BytesIO(sample(KINDS[there][0]))) as file:
        assert len(file["images"]) == 30
