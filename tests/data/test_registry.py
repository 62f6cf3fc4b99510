"""The registry is complete and consistent, and the embedded digits are what it says."""

from __future__ import annotations

import hashlib
import string
from pathlib import Path

import numpy as np
import pytest

from autograder import data as datasets
from autograder.data import DATASETS, Dataset, UnknownDatasetError
from autograder.data.make_digits import make_digits
from autograder.data.places import embedded
from autograder.data.registry import find_dataset

ALL = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
DIGITS = embedded("digits.npz")


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
    for file in (*dataset.downloads, *dataset.archives):
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
        "No data set is called 'imagenet'. There are: digits, mnist, cifar10, cifar100, "
        "cifar100_coarse, shapes, shapes20."
    )


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
