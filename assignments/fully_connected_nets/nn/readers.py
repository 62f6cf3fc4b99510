"""Reads MNIST and CIFAR files as their publishers give them. NumPy and the standard library only.

Knows nothing of where files come from, and trusts nothing in them: whatever is wrong raises
`DataFormatError`. Of pickles only arrays, text, numbers, lists and dictionaries are read.
"""

from __future__ import annotations

import gzip
import io
import math
import pickle
import pickletools
import re
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple, NoReturn, cast

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

_LARGEST = 1 << 30  # bytes in one file; the largest official one has 0.16 billion
_PIXELS = 3 * 32 * 32
_MEMO = 1 << 20  # places for what a pickle repeats: more than a batch needs, and little memory
# What gzip, tarfile, struct and pickle raise for bytes that are not what they should be.
_DAMAGE = (
    *(ArithmeticError, AttributeError, EOFError, ImportError, LookupError, MemoryError, OSError),
    *(RecursionError, TypeError, ValueError, pickle.UnpicklingError, struct.error),
    *(tarfile.TarError, zlib.error),
)


class DataFormatError(ValueError):
    """A file is not what its name promises: which file, what was expected, what was found."""


class ImageSet(NamedTuple):
    """Images uint8 of shape (N, channels, height, width) and labels uint8 of shape (N,)."""

    images: Bytes
    labels: Bytes


class Published(NamedTuple):
    """A data set as its publisher divides it, and the name of each class in order of label."""

    train: ImageSet
    test: ImageSet
    class_names: tuple[str, ...]


def read_idx(path: str | Path) -> Bytes:
    """Read one IDX file of unsigned bytes, gzipped or plain.

    The format (yann.lecun.com/exdb/mnist): two zero bytes, the type 08, the number of axes, the
    length of each axis as a big-endian 32-bit integer, then the bytes in row-major order.

    Returns
    -------
    uint8 array of one to four axes, with the shape that the file states

    Raises
    ------
    DataFormatError
        Another format, or more or fewer bytes than the header promises.
    FileNotFoundError
        No such file.
    """
    path = Path(path)
    with _opened(path) as file, _damage_in(path):
        head = file.read(4)
        if head[:3] != b"\0\0\x08" or head[3:] not in (b"\1", b"\2", b"\3", b"\4"):
            _wrong(path, "an IDX file of bytes, which starts with 00 00 08", repr(head.hex(" ")))
        sizes = file.read(4 * head[3])
        if len(sizes) < 4 * head[3]:
            _wrong(path, f"the length of each of {head[3]} axes", f"{len(sizes)} bytes")
        return _array(file, path, struct.unpack(f">{head[3]}I", sizes))


def _array(file: IO[bytes], path: Path, shape: tuple[int, ...]) -> Bytes:
    size = math.prod(shape)
    expected = f"{' x '.join(map(str, shape))} = {size} bytes after the header"
    if size > _LARGEST:
        _wrong(path, f"at most {_LARGEST} bytes", expected)
    data = file.read(size + 1)  # one more than there should be; gzip checks its sum at the end
    if len(data) != size:
        _wrong(path, expected, "more" if len(data) > size else str(len(data)))
    return np.frombuffer(bytearray(data), np.uint8).reshape(shape)


def read_mnist(folder: str | Path) -> Published:
    """Read the four files of MNIST, each plain or with ``.gz``, from one folder.

    Returns
    -------
    Published
        Images (N, 1, 28, 28); the full set has 60,000 to train and 10,000 to test.

    Raises
    ------
    DataFormatError
        A file is missing or wrong, or images and labels differ in number.
    """
    train, test = _read_mnist_part(Path(folder), "train"), _read_mnist_part(Path(folder), "t10k")
    return Published(train, test, tuple("0123456789"))


def _read_mnist_part(folder: Path, part: str) -> ImageSet:
    image_file = _plain_or_gzipped(folder, f"{part}-images-idx3-ubyte")
    label_file = _plain_or_gzipped(folder, f"{part}-labels-idx1-ubyte")
    images, labels = read_idx(image_file), read_idx(label_file)
    if images.ndim != 3 or images.shape[1:] != (28, 28):
        _wrong(image_file, "images of shape (N, 28, 28)", str(images.shape))
    if labels.shape != images.shape[:1]:
        _wrong(label_file, f"{len(images)} labels, one for each image", str(labels.shape))
    return ImageSet(images[:, None], _in_range(labels, 10, label_file))


def _plain_or_gzipped(folder: Path, name: str) -> Path:
    there = [path for path in (folder / f"{name}.gz", folder / name) if path.is_file()]
    if not there:
        _wrong(folder, f"{name} or {name}.gz", "neither")
    return there[0]


def read_cifar10(source: str | Path) -> Published:
    """Read CIFAR-10, binary or Python version, from its ``.tar.gz`` or its unpacked folder.

    Returns
    -------
    Published
        Images (N, 3, 32, 32), planes red, green, blue; the full set has 50,000 and 10,000.

    Raises
    ------
    DataFormatError
        A file is missing, damaged, of the wrong size, or has a label that is not 0 to 9.
    FileNotFoundError
        Nothing is at `source`.
    """
    read = partial(_read_records, classes=(10,), column=0)
    names = partial(_read_lines, count=10)
    binary = _Layout("data_batch_#.bin", "test_batch.bin", "batches.meta.txt", read, names)
    read = partial(_read_batch, key="labels", classes=10)
    names = partial(_read_pickled_names, key="label_names", count=10)
    pickled = _Layout("data_batch_#", "test_batch", "batches.meta", read, names)
    return _read_cifar(Path(source), (binary, pickled))


def read_cifar100(source: str | Path, *, labels: Literal["fine", "coarse"] = "fine") -> Published:
    """Read CIFAR-100 as `read_cifar10` reads CIFAR-10.

    Parameters
    ----------
    source : its ``.tar.gz`` or its unpacked folder.
    labels : ``"fine"`` for the 100 classes, ``"coarse"`` for the 20 superclasses.
    """
    if labels not in ("fine", "coarse"):
        raise ValueError(f"read_cifar100(labels={labels!r}): choose 'fine' or 'coarse'.")
    count, column = (100, 1) if labels == "fine" else (20, 0)
    read = partial(_read_records, classes=(20, 100), column=column)
    names = partial(_read_lines, count=count)
    binary = _Layout("train.bin", "test.bin", f"{labels}_label_names.txt", read, names)
    read = partial(_read_batch, key=f"{labels}_labels", classes=count)
    names = partial(_read_pickled_names, key=f"{labels}_label_names", count=count)
    return _read_cifar(Path(source), (binary, _Layout("train", "test", "meta", read, names)))


class _Layout(NamedTuple):
    """How one version of CIFAR names its files, and reads them from bytes and a name to show."""

    train: str  # a # stands for 1, 2, 3 and so on
    test: str
    names: str
    read: Callable[[bytes, str], ImageSet]
    read_names: Callable[[bytes, str], tuple[str, ...]]

    def wants(self, name: str) -> bool:
        pattern = re.escape(self.train).replace(r"\#", "[1-9][0-9]*")
        return name in (self.test, self.names) or bool(re.fullmatch(pattern, name))

    def assemble(self, files: Mapping[str, bytes], source: Path) -> Published:
        """Read the files, once it is known that none is missing."""
        batches = len(files.keys() - {self.test, self.names})
        numbers = range(1, max(batches, 1) + 1)
        trains = list(dict.fromkeys(self.train.replace("#", str(number)) for number in numbers))
        missing = [name for name in (*trains, self.test, self.names) if name not in files]
        if missing:
            _wrong(source, " and ".join(missing), ", ".join(sorted(files)) or "no file of this set")
        read = {name: self.read(files[name], f"{source}: {name}") for name in (*trains, self.test)}
        columns = zip(*(read[name] for name in trains), strict=True)
        train = ImageSet(*(np.concatenate(column) for column in columns))
        test = ImageSet(*(column.copy() for column in read[self.test]))
        return Published(train, test, self.read_names(files[self.names], f"{source}: {self.names}"))


def _read_cifar(source: Path, layouts: tuple[_Layout, ...]) -> Published:
    read = _read_folder if source.is_dir() else _read_archive
    files = read(source, lambda name: any(layout.wants(name) for layout in layouts))
    layout = next((layout for layout in layouts if layout.test in files), layouts[0])
    return layout.assemble({n: data for n, data in files.items() if layout.wants(n)}, source)


def _read_folder(folder: Path, wants: Callable[[str], bool]) -> dict[str, bytes]:
    paths = [path for path in folder.iterdir() if path.is_file() and wants(path.name)]
    return {path.name: path.read_bytes() for path in paths}


def _read_archive(path: Path, wants: Callable[[str], bool]) -> dict[str, bytes]:
    files = {}
    with path.open("rb") as raw, _damage_in(path), gzip.open(raw) as stream:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                name = member.name.rpartition("/")[2]
                if member.isfile() and member.size <= _LARGEST and wants(name):
                    file = archive.extractfile(member)
                    files[name] = file.read() if file else b""
        while stream.read(1 << 20):  # gzip checks its sum only at the end
            pass
    return files


def _read_records(data: bytes, file: str, *, classes: tuple[int, ...], column: int) -> ImageSet:
    """Records of one byte for each kind of label, then three planes of 32 x 32 bytes."""
    size = len(classes) + _PIXELS
    if not data or len(data) % size:
        _wrong(file, f"one or more records of {size} bytes each", f"{len(data)} bytes")
    rows = np.frombuffer(data, np.uint8).reshape(-1, size)
    labels = [_in_range(rows[:, k], count, file) for k, count in enumerate(classes)]
    return ImageSet(rows[:, len(classes) :].reshape(-1, 3, 32, 32), labels[column])


def _read_lines(data: bytes, file: str, *, count: int) -> tuple[str, ...]:
    return _names([line.strip() for line in data.splitlines() if line.strip()], count, file)


def _read_batch(data: bytes, file: str, *, key: str, classes: int) -> ImageSet:
    content = _unpickle(data, file)
    images, labels = getattr(content.get("data"), "array", None), content.get(key)
    if not isinstance(images, np.ndarray) or images.shape[1:] != (_PIXELS,) or not len(images):
        found = str(getattr(images, "shape", "none"))
        _wrong(file, f"'data', an array of shape (N, {_PIXELS})", found)
    if not isinstance(labels, list) or len(labels) != len(images):
        found = str(len(labels)) if isinstance(labels, list) else "none"
        _wrong(file, f"'{key}', a list of {len(images)} numbers", found)
    if not all(type(label) is int and 0 <= label < 256 for label in labels):
        _wrong(file, f"labels from 0 to {classes - 1}", "something else")
    small = _in_range(np.array(labels, np.uint8), classes, file)
    return ImageSet(images.reshape(-1, 3, 32, 32), small)


def _read_pickled_names(data: bytes, file: str, *, key: str, count: int) -> tuple[str, ...]:
    return _names(_unpickle(data, file).get(key), count, file)


def _names(names: object, count: int, file: str) -> tuple[str, ...]:
    """Class names as text; Python 2 wrote them as bytes."""
    if not isinstance(names, list) or len(names) != count:
        found = str(len(names)) if isinstance(names, list) else "none"
        _wrong(file, f"{count} names of classes", found)
    with _damage_in(file):
        return tuple(_text(name) for name in names)


def _text(value: object) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def _in_range(labels: Bytes, classes: int, file: object) -> Bytes:
    if labels.size and labels.max() >= classes:
        _wrong(file, f"labels from 0 to {classes - 1}", str(labels.max()))
    return labels


def _wrong(file: object, expected: str, found: str, cause: Exception | None = None) -> NoReturn:
    cure = "Download it again, or unpack it again from its archive."
    raise DataFormatError(f"{file}: expected {expected}, found {found}. {cure}") from cause


@contextmanager
def _damage_in(file: object) -> Iterator[None]:
    try:
        yield
    except DataFormatError:
        raise
    except _DAMAGE as error:
        _wrong(file, "a whole file", f"damage ({type(error).__name__}: {error})", error)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, through gzip if the file starts like one."""
    with path.open("rb") as raw:
        zipped = raw.peek(2)[:2] == b"\x1f\x8b"
        with gzip.open(raw) if zipped else nullcontext(raw) as file:
            yield cast(IO[bytes], file)


def _unpickle(data: bytes, file: str) -> dict[str, Any]:
    with _damage_in(file):
        for opcode, argument, _ in pickletools.genops(data):
            if "PUT" in opcode.name and not 0 <= int(cast(int, argument)) < _MEMO:
                _wrong(file, f"at most {_MEMO} places in a pickle's memo", str(argument))
        content = _PlainUnpickler(io.BytesIO(data), encoding="bytes").load()
        if isinstance(content, dict):
            return {_text(key): value for key, value in content.items()}
    _wrong(file, "a pickled dictionary", type(content).__name__)


class _PlainUnpickler(pickle.Unpickler):
    """Unpickles numbers, text, lists, dictionaries and uint8 arrays, and calls nothing else.

    Even NumPy's own pieces are replaced by ones that only note what they are given: NumPy's were
    not written for arguments from an enemy. They are made anew for each file, so that a pickle
    which sets attributes on them changes nothing for the next.
    """

    def __init__(self, file: IO[bytes], *, encoding: str) -> None:
        super().__init__(file, encoding=encoding)
        self._pieces = _numpy_pieces()

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._pieces:
            raise pickle.UnpicklingError(f"{module}.{name} is more than plain data needs")
        return self._pieces[module, name]


def _numpy_pieces() -> dict[tuple[str, str], Any]:
    class Dtype:
        def __init__(self, code: object, *_: object) -> None:
            self.code = code

        def __setstate__(self, state: object) -> None:
            """Byte order and fields: uint8 has none."""

    class PickledArray:
        def __setstate__(self, state: Any) -> None:
            _, shape, dtype, by_column, data = state
            if type(dtype) is not Dtype or dtype.code not in (b"u1", "u1"):
                raise pickle.UnpicklingError("an array that is not uint8")
            array = np.frombuffer(data, np.uint8)
            self.array = array.reshape(shape, order="F" if by_column else "C")

    return {
        ("numpy", "ndarray"): PickledArray,
        ("numpy", "dtype"): Dtype,
        ("numpy.core.multiarray", "_reconstruct"): lambda *_: PickledArray(),  # NumPy 1
        ("numpy._core.multiarray", "_reconstruct"): lambda *_: PickledArray(),  # NumPy 2
    }
