"""The files in which courses hand out data of their own: ``.mat`` and CSV."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

import numpy as np
import pytest

from autograder.data.course_files import read_mat, read_mnist_csv
from autograder.data.readers import DataFormatError

# Written by SciPy 1.x with compression: digits uint8 (3, 4), labels float64 (3, 1), cube int16
# (2, 3, 4), x float32 (1, 1), and a text, a cell array and a complex number, which are left out.
SCIPY = base64.b64decode(
    """
TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IE1vbiBOb3YgMzAgMTQ6NTA6MjQgMjAy
NgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0PAAAAPAAAAHic42NgYPAA
YjYg5gBiTgYIYIXymYGYBYgZoWpSMtMzS4oZGJiAbB6QwoAFIilbNCpO2PTcAXEBoFcIQw8AAAA2AAAAeJzjY2BgCABiNiDm
gNIgwArlMwMxIxSD5HISk1JzihkYOIFsCQYY4HCA0B/sITSLAwCasATaDwAAAFMAAAB4nC3NCQ5AQBBE0cJgjN1JnIlIXMDp
Le1bOnlJp9JLI2lFBo+gr1JUiJHA/XlEN2/T8mQjdstlVjLT6jD/bjl1Oq1gtuZOr8sCdxp+DLoB/TwNFw8AAAAlAAAAeJzj
Y2BgMABiNiDmAGJ2BghghfIZ4ZiRoQIszwKStgcAGJkBJw8AAAAqAAAAeJzjY2BgMABiNiDmAGIWBghghfIZoWKMQDIvvyRV
AEiXpFaUAAApVQP3DwAAAEAAAAB4nONjYGBYAMRsQMwBxIwMEMCKxGcC0ywMyak5OXxAtgWSej4s6hmRzOFBMxek3gBJPwsB
/QJAViKQBgCWqAPMDwAAACkAAAB4nONjYGDwAGI2IOYA0SACCFihfEY4ZmSoAtKcUHEYQOV/sAcAOvECTw==
    """
)


@pytest.fixture
def mat(tmp_path: Path) -> Path:
    path = tmp_path / "digits.mat"
    path.write_bytes(SCIPY)
    return path


def test_the_numeric_arrays_of_a_matlab_file(mat: Path) -> None:
    found = read_mat(mat)
    assert sorted(found) == ["cube", "digits", "labels", "x"]
    np.testing.assert_array_equal(found["digits"], 20 * np.arange(12).reshape(3, 4))
    np.testing.assert_array_equal(found["labels"], [[3.0], [1.0], [2.5]])
    np.testing.assert_array_equal(found["cube"], np.arange(24).reshape(2, 3, 4) - 5)
    types = {name: str(array.dtype) for name, array in found.items()}
    assert types == {"digits": "uint8", "labels": "float64", "cube": "int16", "x": "float32"}


def test_big_endian_and_uncompressed(tmp_path: Path) -> None:
    def element(kind: int, content: bytes) -> bytes:
        return struct.pack(">II", kind, len(content)) + content + bytes(-len(content) % 8)

    values = np.array([[1, 2], [3, 4]], ">u2").tobytes(order="F")
    inner = (
        element(6, struct.pack(">II", 6, 0))
        + element(5, struct.pack(">ii", 2, 2))
        + struct.pack(">HH", 1, 1)  # a small element: one byte of int8, in the tag itself
        + b"A\0\0\0"
        + element(4, values)
    )
    # In big-endian files the length of a small element comes first as well.
    path = tmp_path / "old.mat"
    path.write_bytes(b" " * 116 + bytes(8) + struct.pack(">H", 0x0100) + b"MI" + element(14, inner))
    np.testing.assert_array_equal(read_mat(path)["A"], [[1.0, 2.0], [3.0, 4.0]])


def test_a_newer_or_another_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new.mat"
    path.write_bytes(b"MATLAB 7.3 MAT-file".ljust(124) + struct.pack("<H", 0x0200) + b"IM")
    with pytest.raises(
        DataFormatError, match=r"version 5, found one of version 7\.3, which is HDF5"
    ):
        read_mat(path)
    path.write_bytes(b"PK")
    with pytest.raises(DataFormatError, match=r"version 5, found something else\.$"):
        read_mat(path)
    with pytest.raises(FileNotFoundError):
        read_mat(tmp_path / "none.mat")


def test_damage_is_a_format_error_and_nothing_else(mat: Path) -> None:
    rng = np.random.default_rng(0)
    for cut in range(len(SCIPY)):
        mat.write_bytes(SCIPY[:cut])
        _read_or_refused(mat)
    for _ in range(300):
        data = bytearray(SCIPY)
        data[rng.integers(128, len(data))] = rng.integers(256)
        mat.write_bytes(data)
        _read_or_refused(mat)


def _read_or_refused(path: Path) -> None:
    try:
        read_mat(path)
    except DataFormatError as error:
        assert str(path) in str(error)  # noqa: PT017 - any outcome but another error is right


def line(label: int, pixel: object = 7) -> str:
    return ",".join([str(label), *["0"] * 783, str(pixel)])


@pytest.mark.parametrize("names", ["", "label," + ",".join(f"pixel{n}" for n in range(784)) + "\n"])
def test_digits_from_a_table(tmp_path: Path, names: str) -> None:
    path = tmp_path / "mnist.csv"
    path.write_text(names + line(3) + "\n" + line(9, 255) + "\n\n")
    found = read_mnist_csv(path)
    assert found.images.shape == (2, 1, 28, 28)
    assert found.images.dtype == found.labels.dtype == np.uint8
    assert found.labels.tolist() == [3, 9]
    assert found.images[:, 0, -1, -1].tolist() == [7, 255]
    assert found.images[:, 0].sum() == 262


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            line(3) + "\n" + "1,2,3",
            "expected 785 columns, the label and 784 pixels, found 3 in line 2",
        ),
        (line(10), "expected a label from 0 to 9 and pixels from 0 to 255, found others in line 1"),
        (line(1, 256), "expected a label from 0 to 9 and pixels from 0 to 255, found others in"),
        (line(1) + "\n" + line(1, "ink"), "expected numbers only, found other text in line 2"),
        (line(1, 0.5), "expected whole numbers only, found others in line 1"),
        (line(1, "nan"), "expected whole numbers only, found others in line 1"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mnist.csv"
    path.write_text(text)
    with pytest.raises(DataFormatError, match=said):
        read_mnist_csv(path)
