"""Which data sets there are, what they hold, their terms and their files. Opens no file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class UnknownDatasetError(LookupError):
    """No data set has that name."""


@dataclass(frozen=True, kw_only=True)
class File:
    """One published file: `digest` is ``algorithm:hexadecimal``, `size` is in bytes."""

    name: str
    digest: str
    size: int
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One data set.

    Attributes
    ----------
    name, title : what commands and people call it.
    shape : channels, height, width of one image.
    classes : how many.
    brightest : the largest value of a pixel; the smallest is 0.
    licence : under which terms, or that none are stated.
    home : the publisher's page.
    embedded : the file beside this module that holds the whole set, if there is one.
    downloads : the files that together are the whole set; empty if nothing is to be downloaded.
    archives : single files any one of which is enough, best first.
    unpacked : lists of names; a folder with all files of one list (or .gz of each) is enough.
    """

    name: str
    title: str
    shape: tuple[int, int, int]
    classes: int
    brightest: int = 255
    licence: str
    home: str
    embedded: File | None = None
    downloads: tuple[File, ...] = ()
    archives: tuple[File, ...] = ()
    unpacked: tuple[tuple[str, ...], ...] = ()


def find_dataset(name: str) -> Dataset:
    """The data set of that name; raises `UnknownDatasetError` with the nearest known name."""
    if name in DATASETS:
        return DATASETS[name]
    near = difflib.get_close_matches(name, DATASETS, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(DATASETS)}."
    raise UnknownDatasetError(f"No data set is called {name!r}. {hint}")


def _mnist_file(name: str, sha256: str, size: int) -> File:
    mirrors = (
        "https://ossci-datasets.s3.amazonaws.com/mnist",
        "https://storage.googleapis.com/cvdf-datasets/mnist",
    )
    urls = tuple(f"{mirror}/{name}" for mirror in mirrors)
    return File(name=name, digest=f"sha256:{sha256}", size=size, urls=urls)


def _cifar_file(name: str, md5: str, size: int) -> File:
    url = f"https://www.cs.toronto.edu/~kriz/{name}"
    return File(name=name, digest=f"md5:{md5}", size=size, urls=(url,))


_MNIST = (
    _mnist_file(
        "train-images-idx3-ubyte.gz",
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        9_912_422,
    ),
    _mnist_file(
        "train-labels-idx1-ubyte.gz",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        28_881,
    ),
    _mnist_file(
        "t10k-images-idx3-ubyte.gz",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        1_648_877,
    ),
    _mnist_file(
        "t10k-labels-idx1-ubyte.gz",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        4_542,
    ),
)
_MNIST_TERMS = "CC BY-SA 3.0; Y. LeCun and C. Cortes, derived from NIST's sets"
_MNIST_HOME = "http://yann.lecun.com/exdb/mnist/"
MNIST8K = File(  # made by make_mnist8k.py
    name="mnist8k.npz",
    digest="sha256:9fd578405c50cb87b78cd28ca76ef37f3748e0d5049e31b197aa68e44c3d6b60",
    size=1_300_662,
)
_DIGITS = File(  # made by make_digits.py
    name="digits.npz",
    digest="sha256:1e601fad312d6f3a6ba211d3c823fc72732cecc1abf59c91346ea95e5a4ca645",
    size=45_398,
)
# The md5 sums are those that the publisher's page states beside each archive.
_CIFAR10 = _cifar_file("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530", 170_052_171)
_CIFAR10_PYTHON = _cifar_file(
    "cifar-10-python.tar.gz", "c58f30108f718f92721af3b95e74349a", 170_498_071
)
_CIFAR100 = _cifar_file("cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8", 168_513_733)
_CIFAR100_PYTHON = _cifar_file(
    "cifar-100-python.tar.gz", "eb9058c3a382ffc7106e4002c42a8d85", 169_001_437
)
# Class-balanced subsets in the binary format, 20,000 images to train and 2,000 to test.
_CIFAR10_20K = File(
    name="cifar-10-binary-20k.tar.gz",
    digest="sha256:2599400819de20a4e1555da9e4ff6f016caf362930ea7c450cacc810dc501d09",
    size=62_161_712,
)
_CIFAR100_20K = File(
    name="cifar-100-binary-20k.tar.gz",
    digest="sha256:491ce3a7ea922bbb25bb2ae6efbca28d78d1ef95c1f2d8e6e73af7c773b7b1ce",
    size=61_664_664,
)
_CIFAR_TERMS = "no licence stated; the publisher asks to cite Krizhevsky, 2009"


def _shapes(name: str, classes: int) -> Dataset:
    return Dataset(
        name=name,
        title=f"Textured shapes, {classes} classes, drawn from a seed",
        shape=(3, 32, 32),
        classes=classes,
        licence="that of this project: no image is taken from anywhere",
        home="datasets/shapes.py",
    )


def _cifar100(name: str, title: str, classes: int, names_file: str) -> Dataset:
    return Dataset(
        name=name,
        title=title,
        shape=(3, 32, 32),
        classes=classes,
        licence=_CIFAR_TERMS,
        home="https://www.cs.toronto.edu/~kriz/cifar.html",
        downloads=(_CIFAR100,),
        archives=(_CIFAR100, _CIFAR100_PYTHON, _CIFAR100_20K),
        unpacked=(("train.bin", "test.bin", names_file), ("train", "test", "meta")),
    )


_ALL = (
    Dataset(
        name="digits",
        title="Optical recognition of handwritten digits (8 x 8), test part",
        shape=(1, 8, 8),
        classes=10,
        brightest=16,
        licence="CC BY 4.0; E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998",
        home="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
        embedded=_DIGITS,
    ),
    Dataset(
        name="mnist8k",
        title="MNIST, 800 training images of each digit",
        shape=(1, 28, 28),
        classes=10,
        licence=_MNIST_TERMS,
        home=_MNIST_HOME,
        embedded=MNIST8K,
    ),
    Dataset(
        name="mnist",
        title="MNIST handwritten digits",
        shape=(1, 28, 28),
        classes=10,
        licence=_MNIST_TERMS,
        home=_MNIST_HOME,
        downloads=_MNIST,
        unpacked=(tuple(file.name.removesuffix(".gz") for file in _MNIST),),
    ),
    Dataset(
        name="cifar10",
        title="CIFAR-10 photographs",
        shape=(3, 32, 32),
        classes=10,
        licence=_CIFAR_TERMS,
        home="https://www.cs.toronto.edu/~kriz/cifar.html",
        downloads=(_CIFAR10,),
        archives=(_CIFAR10, _CIFAR10_PYTHON, _CIFAR10_20K),
        unpacked=(
            ("data_batch_1.bin", "test_batch.bin", "batches.meta.txt"),
            ("data_batch_1", "test_batch", "batches.meta"),
        ),
    ),
    _cifar100("cifar100", "CIFAR-100 photographs", 100, "fine_label_names.txt"),
    _cifar100("cifar100_coarse", "CIFAR-100, its 20 superclasses", 20, "coarse_label_names.txt"),
    _shapes("shapes", 10),
    _shapes("shapes20", 20),
)
DATASETS: Mapping[str, Dataset] = MappingProxyType({dataset.name: dataset for dataset in _ALL})
