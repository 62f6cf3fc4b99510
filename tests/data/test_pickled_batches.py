"""The Python version of CIFAR: plain data is read, and nothing in a pickle is ever run."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.data.readers import DataFormatError, read_cifar10

Files = dict[str, bytes]
Write = Callable[..., Path]


@pytest.fixture
def read_with(files_of: Callable[[str], Files], unpacked: Write) -> Callable[[bytes], Any]:
    """A function that reads CIFAR-10 with these bytes as its test batch."""
    return lambda content: read_cifar10(
        unpacked(files_of("cifar10 python") | {"test_batch": content})
    )


def batch(**changes: Any) -> dict[bytes, Any]:
    plain = {"data": np.zeros((2, 3072), np.uint8), "labels": [3, 4]}
    return {key.encode(): value for key, value in (plain | changes).items()}


@pytest.mark.parametrize("protocol", [0, 2, 3, 4])
def test_batches_pickled_by_this_python(
    read_with: Callable[[bytes], Any], protocol: int, pickled: Callable[[object], bytes]
) -> None:
    content = batch(data=np.arange(6144).reshape(2, 3072).astype(np.uint8))
    data = pickled(content) if protocol < 3 else pickle.dumps(content, protocol)
    test = read_with(data).test
    assert test.labels.tolist() == [3, 4]
    np.testing.assert_array_equal(test.images.reshape(2, 3072), content[b"data"], strict=True)


def test_arrays_in_column_order(
    read_with: Callable[[bytes], Any], pickled: Callable[[object], bytes]
) -> None:
    data = np.asfortranarray(np.arange(6144).reshape(2, 3072).astype(np.uint8))
    test = read_with(pickled(batch(data=data))).test
    np.testing.assert_array_equal(test.images.reshape(2, 3072), data)


class Malicious:
    """Unpickling it would make a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_a_malicious_pickle_runs_nothing(
    read_with: Callable[[bytes], Any], tmp_path: Path, protocol: int
) -> None:
    target = tmp_path / "made by the pickle"
    content = pickle.dumps({"data": Malicious(target)}, protocol)
    with pytest.raises(DataFormatError) as caught:
        read_with(content)
    assert "posix.mkdir is more than plain data needs" in str(caught.value) or (
        "nt.mkdir is more than plain data needs" in str(caught.value)
    )
    assert not target.exists()
    pickle.loads(content)  # it does work where it is let
    assert target.is_dir()


@pytest.mark.parametrize(
    "name",
    [
        "builtins\neval",
        "builtins\ngetattr",
        "os\nsystem",
        "numpy\nload",
        "numpy.core.multiarray\nfromfile",
        "numpy._core.multiarray\nscalar",
        "numpy\nndarray.tofile",
        "_codecs\nencode",
        "copyreg\n_reconstructor",
    ],
)
def test_only_four_names_can_be_called(read_with: Callable[[bytes], Any], name: str) -> None:
    with pytest.raises(DataFormatError, match="is more than plain data needs"):
        read_with(b"c" + name.encode() + b"\n.")


def test_a_pickle_cannot_change_the_reader_for_the_next(
    read_with: Callable[[bytes], Any], files_of: Callable[[str], Files], unpacked: Write
) -> None:
    """It sets the attribute ``__setstate__`` of the class that stands for arrays."""
    attack = b"cnumpy\nndarray\n(N}(U\x0c__setstate__cnumpy\ndtype\nutb."
    with pytest.raises(DataFormatError):
        read_with(attack)
    assert len(read_cifar10(unpacked(files_of("cifar10 python"), "again")).test.labels) == 10


def test_a_huge_memo_is_refused_before_it_is_made(read_with: Callable[[bytes], Any]) -> None:
    with pytest.raises(DataFormatError) as caught:
        read_with(b"\x80\x02Nr\xff\xff\xff\x7f.")
    assert "test_batch: expected at most 1048576 places in a pickle's memo, found 2147483647." in (
        str(caught.value)
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ([1, 2], "expected a pickled dictionary, found list."),
        (batch(data=[1, 2]), "expected 'data', an array of shape (N, 3072), found none."),
        (
            batch(data=np.zeros((0, 3072), np.uint8)),
            "expected 'data', an array of shape (N, 3072), found (0, 3072).",
        ),
        (
            batch(data=np.zeros((2, 28), np.uint8)),
            "expected 'data', an array of shape (N, 3072), found (2, 28).",
        ),
        (batch(labels=b"34"), "expected 'labels', a list of 2 numbers, found none."),
        (batch(labels=[1]), "expected 'labels', a list of 2 numbers, found 1."),
        (batch(labels=[1, 10]), "expected labels from 0 to 9, found 10."),
        (batch(labels=[1, -1]), "expected labels from 0 to 9, found something else."),
        (batch(labels=[1, 2.0]), "expected labels from 0 to 9, found something else."),
    ],
)
def test_wrong_batches(
    read_with: Callable[[bytes], Any],
    pickled: Callable[[object], bytes],
    tmp_path: Path,
    content: object,
    what: str,
) -> None:
    with pytest.raises(DataFormatError) as caught:
        read_with(pickled(content))
    assert str(caught.value) == (
        f"{tmp_path / 'unpacked'}: test_batch: {what} "
        "Download it again, or unpack it again from its archive."
    )


def test_arrays_of_another_type(
    read_with: Callable[[bytes], Any], pickled: Callable[[object], bytes]
) -> None:
    with pytest.raises(DataFormatError, match="UnpicklingError: an array that is not uint8"):
        read_with(pickled(batch(data=np.zeros((2, 3072)))))


def test_too_few_names(
    files_of: Callable[[str], Files], unpacked: Write, pickled: Callable[[object], bytes]
) -> None:
    meta = {"batches.meta": pickled({b"label_names": [b"cat"]})}
    with pytest.raises(DataFormatError, match=r"batches\.meta: expected 10 names of classes, foun"):
        read_cifar10(unpacked(files_of("cifar10 python") | meta))


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_changed_pickles_raise_nothing_else(
    pickled: Callable[[object], bytes], data: st.DataObject
) -> None:
    from autograder.data.readers import _read_batch

    content = bytearray(pickled(batch(filenames=[b"a.png", b"b.png"])))
    near_the_ends = st.integers(0, 120) | st.integers(len(content) - 120, len(content) - 1)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(near_the_ends)] = data.draw(st.integers(0, 255))
    try:
        _read_batch(bytes(content), "a file", key="labels", classes=10)
    except DataFormatError as error:
        assert str(error).startswith("a file: expected ")  # noqa: PT017  (success is allowed too)
