"""The registry is complete and consistent, and the embedded sets are what it says."""

from __future__ import annotations

import hashlib
import string
from pathlib import Path

import numpy as np
import pytest

from autograder import data as datasets
from autograder.data import DATASETS, Dataset, UnknownDatasetError
from autograder.data.make_digits import make_digits
from autograder.data.make_mnist8k import differences, digest, draw, write_npz
from autograder.data.places import embedded, require
from autograder.data.readers import ImageSet, read_mnist
from autograder.data.registry import find_dataset

ALL = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
DIGITS, PATH = embedded("digits.npz"), embedded("mnist8k.npz")
MNIST8K = DATASETS["mnist8k"].embedded


def test_exports() -> None:
    assert datasets.__all__ == sorted(datasets.__all__)
    assert all(hasattr(datasets, name) for name in datasets.__all__)


@ALL
def test_every_data_set_says_its_terms(dataset: Dataset) -> None:
    assert dataset.title
    assert dataset.licence
    assert dataset.home
    assert len(dataset.shape) == 3
    assert dataset.classes > 1


@ALL
def test_digests_and_addresses(dataset: Dataset) -> None:
    embedded = [dataset.embedded] if dataset.embedded else []
    for file in (*embedded, *dataset.downloads, *dataset.archives):
        algorithm, _, digest = file.digest.partition(":")
        assert len(digest) == 2 * hashlib.new(algorithm).digest_size
        assert set(digest) <= set(string.hexdigits.lower())
        assert file.size > 0
        assert all(url.endswith(f"/{file.name}") for url in file.urls)
    assert all(file.urls for file in dataset.downloads)


def test_unknown_names() -> None:
    with pytest.raises(UnknownDatasetError) as caught:
        find_dataset("cifar1O")
    assert str(caught.value) == "No data set is called 'cifar1O'. Did you mean cifar10?"
    with pytest.raises(UnknownDatasetError) as caught:
        datasets.load("imagenet")
    assert str(caught.value) == (
        "No data set is called 'imagenet'. There are: digits, mnist8k, mnist, cifar10, "
        "cifar100, cifar100_coarse, shapes, shapes20."
    )


EMBEDDED = [dataset for dataset in DATASETS.values() if dataset.embedded]


@pytest.mark.parametrize("dataset", EMBEDDED, ids=lambda dataset: dataset.name)
def test_embedded_files_are_those_of_the_registry(dataset: Dataset) -> None:
    path = embedded(dataset.embedded.name)
    assert (digest(path), path.stat().st_size) == (dataset.embedded.digest, dataset.embedded.size)


def test_embedded_digits() -> None:
    with np.load(DIGITS, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    assert images.shape == (1797, 1, 8, 8)
    assert labels.shape == (1797,)
    assert images.dtype == labels.dtype == np.uint8
    assert images.max() == DATASETS["digits"].brightest == 16
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert DIGITS.stat().st_size < 100_000


def test_embedded_digits_are_made_by_the_script(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    make_digits(tmp_path / "digits.npz")
    with np.load(tmp_path / "digits.npz") as new, np.load(DIGITS) as old:
        assert new.files == old.files
        assert all(np.array_equal(new[name], old[name]) for name in old.files)


def test_embedded_mnist() -> None:
    assert MNIST8K.digest == (
        "sha256:9fd578405c50cb87b78cd28ca76ef37f3748e0d5049e31b197aa68e44c3d6b60"
    )
    assert MNIST8K.size <= 2_000_000
    with np.load(PATH, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    assert images.shape == (8000, 1, 28, 28)
    assert images.dtype == labels.dtype == np.uint8
    assert images.max() == DATASETS["mnist8k"].brightest == 255
    assert np.bincount(labels).tolist() == [800] * 10
    assert len({image.tobytes() for image in images}) == 8000


def test_embedded_mnist_is_drawn_by_the_script(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_DATA", str(real_data))
    published = read_mnist(require(DATASETS["mnist"]))
    drawn = draw(published.train)
    assert differences(PATH, drawn) == []
    unseen = {image.tobytes() for image in published.test.images}
    assert not unseen & {image.tobytes() for image in drawn.images}


@pytest.fixture
def some_digits() -> ImageSet:
    """9,000 images like those of MNIST: each holds its own number."""
    images = np.zeros((9000, 1, 28, 28), np.uint8)
    images[:, 0, 0, :2] = np.arange(9000, dtype=">u2").view(np.uint8).reshape(-1, 2)
    return ImageSet(images, (np.arange(9000) % 10).astype(np.uint8))


def test_the_script_draws_as_many_of_each_digit_in_order(some_digits: ImageSet) -> None:
    drawn = draw(some_digits)
    numbers = drawn.images[:, 0, 0, :2].copy().view(">u2")[:, 0]
    assert np.bincount(drawn.labels).tolist() == [800] * 10
    assert (np.diff(numbers.astype(int)) > 0).all()
    assert (numbers % 10 == drawn.labels).all()


def test_the_script_writes_the_same_bytes_again(some_digits: ImageSet, tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        write_npz(tmp_path / name, some_digits)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as file:
        assert file.files == ["images", "labels"]
        np.testing.assert_array_equal(file["images"], some_digits.images)


def test_the_script_says_what_differs(some_digits: ImageSet, tmp_path: Path) -> None:
    path, drawn = tmp_path / "mnist8k.npz", draw(some_digits)
    write_npz(path, drawn._replace(labels=drawn.labels[::-1]))
    assert differences(path, drawn) == [
        f"mnist8k.npz: expected {MNIST8K.digest} as in the registry, found {digest(path)}.",
        "mnist8k.npz: the labels are not those that seed 0 draws.",
    ]
