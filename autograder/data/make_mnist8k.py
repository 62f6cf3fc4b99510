"""Draws mnist8k.npz from the official training images of MNIST. Nothing imports this but its test.

    python -m autograder.data.make_mnist8k            writes the file
    python -m autograder.data.make_mnist8k --check    compares it with MNIST and with the registry

MNIST is found as everywhere, see `places`. The 10,000 official test images are not touched: a
network that was trained on this file can still be tried on all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from autograder.data.places import embedded, require
from autograder.data.readers import ImageSet, read_mnist
from autograder.data.registry import DATASETS, File

PER_CLASS = 800
SEED = 0
NAME = "mnist8k"
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say


def draw(train: ImageSet) -> ImageSet:
    """800 images of each digit, drawn without replacement, in the order of the original."""
    rng = np.random.default_rng(SEED)
    rows = [
        rng.choice(np.flatnonzero(train.labels == digit), PER_CLASS, replace=False)
        for digit in range(10)
    ]
    chosen = np.sort(np.concatenate(rows))
    return ImageSet(train.images[chosen], train.labels[chosen])


def write_npz(path: Path, images: ImageSet) -> None:
    """Write ``images`` uint8 (8000, 1, 28, 28) and ``labels`` uint8 (8000,).

    `np.savez_compressed` writes the time into the file; here the same arrays give the same bytes,
    with the same version of zlib.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in images._asdict().items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _DATE)
            archive.writestr(entry, member.getvalue(), zipfile.ZIP_DEFLATED, 9)


def differences(path: Path, drawn: ImageSet) -> list[str]:
    """What is wrong with a file, one sentence each; empty if nothing is."""
    found = []
    expected, got = _embedded().digest, digest(path)
    if got != expected:
        found.append(f"{path.name}: expected {expected} as in the registry, found {got}.")
    with np.load(path, allow_pickle=False) as file:
        for name, array in drawn._asdict().items():
            if not np.array_equal(file[name], array):
                found.append(f"{path.name}: the {name} are not those that seed {SEED} draws.")
    return found


def digest(path: Path) -> str:
    """The checksum of a file, as the registry writes it."""
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _embedded() -> File:
    """What the registry says of the file."""
    file = DATASETS[NAME].embedded
    assert file is not None
    return file


def main() -> int:
    """Write the file, or say how it differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    drawn = draw(read_mnist(require(DATASETS["mnist"])).train)
    path = embedded(_embedded().name)
    if not parser.parse_args().check:
        write_npz(path, drawn)
        print(f"{digest(path)}, {path.stat().st_size:,} bytes")
        return 0
    found = differences(path, drawn)
    print("\n".join(found) or f"{path.name} is what seed {SEED} draws from MNIST.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
