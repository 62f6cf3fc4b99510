"""Reading MNIST and CIFAR: what is right is read exactly, whatever is wrong is named."""

from __future__ import annotations

import ast
import gzip
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.data import readers
from autograder.data.readers import (
    DataFormatError,
    Published,
    read_cifar10,
    read_cifar100,
    read_idx,
    read_mnist,
)

Files = dict[str, bytes]
AGAIN = "Download it again, or unpack it again from its archive."
FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def same(a: Published, b: Published) -> bool:
    parts = zip((*a.train, *a.test), (*b.train, *b.test), strict=True)
    return a.class_names == b.class_names and all(np.array_equal(x, y) for x, y in parts)


def test_this_file_can_be_copied_to_students() -> None:
    tree = ast.parse(Path(readers.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {getattr(node, "module", None) or node.names[0].name for node in imports}
    tops = {module.partition(".")[0] for module in modules}
    assert tops - {"numpy"} <= set(sys.stdlib_module_names)


# ---- IDX and MNIST ------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(0,), (3,), (2, 3), (2, 3, 4), (1, 2, 1, 2)])
@pytest.mark.parametrize("zipped", [False, True])
def test_idx_is_read_with_its_shape(tmp_path: Path, shape: tuple[int, ...], zipped: bool) -> None:
    array = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    header = bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
    content = header + array.tobytes()
    path = tmp_path / "some-idx"
    path.write_bytes(gzip.compress(content) if zipped else content)
    read = read_idx(path)
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, array, strict=True)
    read[...] = 0  # students may write to it


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "expected an IDX file of bytes, which starts with 00 00 08, found ''."),
        (
            b"\0\0\x0d\1\0\0\0\0",
            "expected an IDX file of bytes, which starts with 00 00 08, found '00 00 0d 01'.",
        ),
        (
            b"\0\0\x08\5",
            "expected an IDX file of bytes, which starts with 00 00 08, found '00 00 08 05'.",
        ),
        (b"\0\0\x08\2\0\0\0\1\0", "expected the length of each of 2 axes, found 5 bytes."),
        (b"\0\0\x08\1\0\0\0\3ab", "expected 3 = 3 bytes after the header, found 2."),
        (b"\0\0\x08\1\0\0\0\3abcd", "expected 3 = 3 bytes after the header, found more."),
        (
            b"\0\0\x08\2\xff\xff\xff\xff\xff\xff\xff\xff",
            "expected at most 1073741824 bytes, found 4294967295 x 4294967295 = "
            "18446744065119617025 bytes after the header.",
        ),
    ],
)
def test_wrong_idx_says_what_was_expected(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "train-labels-idx1-ubyte"
    path.write_bytes(content)
    with pytest.raises(DataFormatError) as caught:
        read_idx(path)
    assert str(caught.value) == f"{path}: {what} {AGAIN}"


def test_truncated_gzip_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(b"\0\0\x08\1\0\0\0\3abc")[:-4])
    with pytest.raises(DataFormatError) as caught:
        read_idx(path)
    assert str(caught.value) == (
        f"{path}: expected a whole file, found damage (EOFError: Compressed file ended before the "
        f"end-of-stream marker was reached). {AGAIN}"
    )


def test_wrong_gzip_sum_is_damage(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(b"\0\0\x08\1\0\0\0\3abc"))
    content[-8] ^= 1
    path = tmp_path / "images.gz"
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match=r"damage \(BadGzipFile: CRC check failed"):
        read_idx(path)


def test_missing_file_is_not_called_damage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_idx(tmp_path / "none")


@pytest.mark.parametrize("zipped", [False, True])
def test_mnist(
    files_of: Callable[[str], Files], unpacked: Callable[..., Path], zipped: bool
) -> None:
    files = files_of("mnist")
    if zipped:
        files = {f"{name}.gz": gzip.compress(content) for name, content in files.items()}
    mnist = read_mnist(unpacked(files))
    assert mnist.train.images.shape == mnist.test.images.shape == (40, 1, 28, 28)
    assert mnist.train.labels.tolist() == [k % 10 for k in range(40)]
    assert mnist.train.images.tobytes() == files_of("mnist")["train-images-idx3-ubyte"][16:]
    assert mnist.class_names == tuple("0123456789")


def test_mnist_without_a_file(
    files_of: Callable[[str], Files], unpacked: Callable[..., Path]
) -> None:
    files = files_of("mnist")
    del files["t10k-labels-idx1-ubyte"]
    folder = unpacked(files)
    message = (
        f"{folder}: expected t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz, found neither."
    )
    with pytest.raises(DataFormatError) as caught:
        read_mnist(folder)
    assert str(caught.value) == f"{message} {AGAIN}"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        (
            "train-images-idx3-ubyte",
            b"\0\0\x08\3\0\0\0\0\0\0\0\x08\0\0\0\x08",
            "expected images of shape (N, 28, 28), found (0, 8, 8).",
        ),
        (
            "train-labels-idx1-ubyte",
            b"\0\0\x08\1\0\0\0\2\0\1",
            "expected 40 labels, one for each image, found (2,).",
        ),
        (
            "t10k-labels-idx1-ubyte",
            b"\0\0\x08\1\0\0\0\x28" + bytes(39) + b"\x0a",
            "expected labels from 0 to 9, found 10.",
        ),
    ],
)
def test_mnist_with_a_wrong_file(
    files_of: Callable[[str], Files],
    unpacked: Callable[..., Path],
    name: str,
    content: bytes,
    what: str,
) -> None:
    folder = unpacked(files_of("mnist") | {name: content})
    with pytest.raises(DataFormatError) as caught:
        read_mnist(folder)
    assert str(caught.value) == f"{folder / name}: {what} {AGAIN}"


# ---- CIFAR --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cifar10", "cifar10 python"])
def test_cifar10(
    files_of: Callable[[str], Files],
    unpacked: Callable[..., Path],
    packed: Callable[..., Path],
    kind: str,
) -> None:
    files = files_of(kind)
    read = read_cifar10(packed(files))
    assert read.train.images.shape == (50, 3, 32, 32)
    assert read.test.images.shape == (10, 3, 32, 32)
    assert read.train.images.dtype == read.train.labels.dtype == np.uint8
    assert read.train.labels.tolist() == [k % 10 for k in (*range(20), *range(30))]
    assert read.class_names == tuple(f"class {k}" for k in range(10))
    assert same(read, read_cifar10(unpacked(files)))


def test_both_versions_hold_the_same_images(
    files_of: Callable[[str], Files], unpacked: Callable[..., Path]
) -> None:
    for kind, read in (("cifar10", read_cifar10), ("cifar100", read_cifar100)):
        binary = read(unpacked(files_of(kind), f"{kind} binary"))
        python = read(unpacked(files_of(f"{kind} python"), f"{kind} python"))
        assert same(binary, python)


def test_planes_are_red_green_blue(
    files_of: Callable[[str], Files], unpacked: Callable[..., Path]
) -> None:
    plane = bytes(range(256)) * 4
    record = b"\7" + plane + bytes(1024) + b"\xff" * 1024
    read = read_cifar10(unpacked(files_of("cifar10") | {"test_batch.bin": record}))
    assert read.test.labels.tolist() == [7]
    assert read.test.images[0, 0, :2].ravel().tolist() == list(range(64))
    assert (read.test.images[0, 1] == 0).all()
    assert (read.test.images[0, 2] == 255).all()


@pytest.mark.parametrize("kind", ["cifar100", "cifar100 python"])
def test_cifar100_fine_and_coarse(
    files_of: Callable[[str], Files], packed: Callable[..., Path], kind: str
) -> None:
    archive = packed(files_of(kind))
    fine, coarse = read_cifar100(archive), read_cifar100(archive, labels="coarse")
    assert fine.train.labels.tolist() == [k % 100 for k in range(200)]
    assert coarse.train.labels.tolist() == [k % 20 for k in range(200)]
    assert fine.class_names[99] == "fine 99"
    assert coarse.class_names == tuple(f"coarse {k}" for k in range(20))
    np.testing.assert_array_equal(fine.test.images, coarse.test.images, strict=True)


def test_cifar100_has_two_kinds_of_labels(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^read_cifar100\(labels='both'\): choose 'fine' or 'coa"):
        read_cifar100(tmp_path, labels="both")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("test_batch.bin", b"", "expected one or more records of 3073 bytes each, found 0 bytes."),
        (
            "data_batch_2.bin",
            bytes(3074),
            "expected one or more records of 3073 bytes each, found 3074 bytes.",
        ),
        ("data_batch_1.bin", b"\x0b" + bytes(3072), "expected labels from 0 to 9, found 11."),
        ("batches.meta.txt", b"cat\ndog\n", "expected 10 names of classes, found 2."),
    ],
)
def test_cifar_with_a_wrong_file(
    files_of: Callable[[str], Files],
    packed: Callable[..., Path],
    name: str,
    content: bytes,
    what: str,
) -> None:
    archive = packed(files_of("cifar10") | {name: content})
    with pytest.raises(DataFormatError) as caught:
        read_cifar10(archive)
    assert str(caught.value) == f"{archive}: {name}: {what} {AGAIN}"


def test_names_that_are_not_text(
    files_of: Callable[[str], Files], unpacked: Callable[..., Path]
) -> None:
    names = b"\n".join([b"\xff"] * 10)
    with pytest.raises(DataFormatError, match=r"batches\.meta\.txt: expected a whole file, found"):
        read_cifar10(unpacked(files_of("cifar10") | {"batches.meta.txt": names}))


@pytest.mark.parametrize("missing", ["data_batch_1.bin", "test_batch.bin", "batches.meta.txt"])
def test_cifar_without_a_file(
    files_of: Callable[[str], Files], unpacked: Callable[..., Path], missing: str
) -> None:
    files = files_of("cifar10")
    del files[missing]
    folder = unpacked(files)
    with pytest.raises(DataFormatError) as caught:
        read_cifar10(folder)
    there = ", ".join(sorted(files))
    assert str(caught.value) == f"{folder}: expected {missing}, found {there}. {AGAIN}"


def test_cifar_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataFormatError) as caught:
        read_cifar100(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: expected train.bin and test.bin and fine_label_names.txt, "
        f"found no file of this set. {AGAIN}"
    )


def test_cifar_archive_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "cifar-10-binary.tar.gz"
    path.write_bytes(b"<html>404</html>")
    with pytest.raises(DataFormatError, match=r"found damage \(BadGzipFile: Not a gzipped file"):
        read_cifar10(path)
    with pytest.raises(FileNotFoundError):
        read_cifar10(tmp_path / "none.tar.gz")


def test_nothing_is_unpacked_onto_the_disk(
    files_of: Callable[[str], Files], packed: Callable[..., Path], tmp_path: Path
) -> None:
    archive = packed(files_of("cifar10"))
    before = sorted(tmp_path.rglob("*"))
    read_cifar10(archive)
    assert sorted(tmp_path.rglob("*")) == before


# ---- Bytes that nobody meant --------------------------------------------------------------------


def only_format_errors(read: Callable[[Path], object], path: Path) -> None:
    """The reader may succeed or raise DataFormatError; any other exception fails the test."""
    try:
        read(path)
    except DataFormatError as error:
        assert str(path) in str(error)  # noqa: PT017  (success is allowed too)


READ: dict[str, Callable[[Path], object]] = {
    "idx": read_idx,
    "cifar10": read_cifar10,
    "cifar100": read_cifar100,
}


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("wrap", [bytes, gzip.compress], ids=["plain", "gzipped"])
@FUZZ
@given(content=st.binary(max_size=1500) | st.binary(max_size=99).map(lambda b: b"\0\0\x08" + b))
def test_random_bytes(
    tmp_path: Path, kind: str, wrap: Callable[[bytes], bytes], content: bytes
) -> None:
    path = tmp_path / "random"
    path.write_bytes(wrap(content))
    only_format_errors(READ[kind], path)


@pytest.mark.parametrize("kind", ["cifar10", "cifar10 python"])
@FUZZ
@given(data=st.data())
def test_damaged_archives(
    files_of: Callable[[str], Files], packed: Callable[..., Path], kind: str, data: st.DataObject
) -> None:
    """Cut short or with bytes changed, before or after compression."""
    path = packed(files_of(kind))
    zipped = data.draw(st.booleans())
    content = bytearray(path.read_bytes() if zipped else gzip.decompress(path.read_bytes()))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    path.write_bytes(content if zipped else gzip.compress(content, 1))
    only_format_errors(read_cifar10, path)


@pytest.mark.parametrize("kind", ["cifar10", "cifar10 python", "cifar100", "cifar100 python"])
@FUZZ
@given(content=st.binary(max_size=400), data=st.data())
def test_one_file_of_random_bytes(
    files_of: Callable[[str], Files],
    tmp_path: Path,
    kind: str,
    content: bytes,
    data: st.DataObject,
) -> None:
    files = files_of(kind)
    files[data.draw(st.sampled_from(sorted(files)))] = content
    folder = tmp_path / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, bytes_ in files.items():
        (folder / name).write_bytes(bytes_)
    only_format_errors(READ[kind.partition(" ")[0]], folder)
