"""Loading: shapes, types, ranges, parts that never overlap, and classes in proportion."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.data import DATASETS, Split, load, standardise
from autograder.data.places import embedded
from autograder.data.splits import _balanced

PARTS = ("train", "val", "test")
HERE = ["digits", "mnist8k", "shapes", "shapes20"]


def part(split: Split, name: str) -> tuple[np.ndarray, np.ndarray]:
    return getattr(split, f"X_{name}"), getattr(split, f"y_{name}")


def check(split: Split) -> None:
    dataset = DATASETS[split.name]
    assert len(split.class_names) == dataset.classes
    for name in PARTS:
        X, y = part(split, name)
        assert X.dtype == np.float32
        assert y.dtype == np.int64
        assert X.shape == (len(y), *dataset.shape)
        assert X.min() >= 0
        assert 0.5 < X.max() <= 1
        assert set(y.tolist()) <= set(range(dataset.classes))


@pytest.mark.parametrize("name", HERE)
def test_what_needs_no_file(name: str) -> None:
    check(load(name))


def test_every_digit_is_in_one_part() -> None:
    digits = load("digits")
    assert [len(part(digits, name)[1]) for name in PARTS] == [1197, 300, 300]
    rows = np.concatenate([part(digits, name)[0].reshape(-1, 64) for name in PARTS])
    with np.load(embedded("digits.npz")) as file:
        original = file["images"].reshape(-1, 64) / np.float32(16)
    assert sorted(map(bytes, rows)) == sorted(map(bytes, original))


@pytest.mark.parametrize(
    ("name", "sizes"), [("mnist8k", [6000, 1000, 1000]), ("shapes", [4000, 500, 500])]
)
def test_sizes(name: str, sizes: list[int]) -> None:
    split = load(name)
    assert [len(part(split, each)[1]) for each in PARTS] == sizes


@pytest.mark.parametrize("name", HERE)
def test_classes_are_in_proportion(name: str) -> None:
    split = load(name)
    for each in PARTS:
        counts = np.bincount(part(split, each)[1])
        assert counts.max() - counts.min() <= 0.15 * counts.mean() + 2


@pytest.mark.parametrize("name", HERE)
def test_a_limit_keeps_classes_in_proportion(name: str) -> None:
    split = load(name, limit=100)
    for each in PARTS:
        counts = np.bincount(part(split, each)[1], minlength=DATASETS[name].classes)
        assert counts.sum() == 100
        assert counts.max() - counts.min() <= 4


def test_the_seed_decides_the_split() -> None:
    first, again, other = load("digits", seed=1), load("digits", seed=1), load("digits", seed=2)
    for name in PARTS:
        np.testing.assert_array_equal(part(first, name)[0], part(again, name)[0])
        assert not np.array_equal(part(first, name)[0], part(other, name)[0])


def test_a_limit_of_nothing() -> None:
    with pytest.raises(ValueError, match=r"^load\('digits', limit=0\): give a limit of at least 1"):
        load("digits", limit=0)


def test_downloadable_sets(
    data_folder: Path, downloadable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Generated files always, and the real ones where AUTOGRADER_DATA names them."""
    monkeypatch.setenv("AUTOGRADER_DATA", str(data_folder))
    split = load(downloadable, limit=500)
    check(split)
    assert len(split.y_train) <= 500


def test_a_published_test_part_stays(
    files_of: Callable[[str], dict[str, bytes]],
    unpacked: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = files_of("cifar10")
    monkeypatch.setenv("AUTOGRADER_DATA", str(unpacked(files)))
    split = load("cifar10")
    published = np.frombuffer(files["test_batch.bin"], np.uint8).reshape(-1, 3073)
    np.testing.assert_array_equal(split.y_test, published[:, 0])
    np.testing.assert_array_equal(
        split.X_test.reshape(10, -1), published[:, 1:].astype(np.float32) / 255
    )
    assert (len(split.y_train), len(split.y_val)) == (45, 5)
    assert np.all(np.diff(load("cifar10", limit=5).y_test) > 0), "still in the publisher's order"


def test_standardise_subtracts_the_mean_of_the_training_images() -> None:
    raw = load("digits")
    centred = standardise(raw)
    assert abs(centred.X_train.mean(axis=0)).max() < 1e-6
    mean = raw.X_train.mean(axis=0, dtype=np.float64)
    for name in PARTS:
        X, y = part(centred, name)
        assert X.dtype == np.float32
        np.testing.assert_allclose(X, part(raw, name)[0] - mean, atol=1e-6)
        np.testing.assert_array_equal(y, part(raw, name)[1])
    assert raw.X_train.min() == 0, "the original is as it was"


@settings(max_examples=50, deadline=None)
@given(labels=st.lists(st.integers(0, 4), min_size=1, max_size=200), seed=st.integers(0, 99))
def test_balanced_order_is_a_permutation_with_even_starts(labels: list[int], seed: int) -> None:
    array = np.array(labels, np.uint8)
    order = _balanced(array, np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(len(labels)))
    half = len(labels) // 2
    for label in set(labels):
        share = labels.count(label) * half / len(labels)
        assert abs(np.count_nonzero(array[order[:half]] == label) - share) <= 5
