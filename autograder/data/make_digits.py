"""Writes digits.npz from scikit-learn's copy of the UCI digits. Run once; nothing imports this.

    python -m autograder.data.make_digits

needs scikit-learn, which nothing else here does. The arrays are the same every time; the bytes
of the file also depend on the version of zlib.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograder.data.places import embedded


def make_digits(path: Path) -> None:
    """Write ``images`` uint8 (1797, 1, 8, 8) from 0 to 16 and ``labels`` uint8 (1797,)."""
    from sklearn.datasets import load_digits  # type: ignore[import-untyped, import-not-found, unused-ignore]

    digits = load_digits()
    images = digits.images.astype(np.uint8)[:, None]
    np.savez_compressed(path, images=images, labels=digits.target.astype(np.uint8))


if __name__ == "__main__":
    make_digits(embedded("digits.npz"))
