"""Every random draw of grading comes from here: the course's secret, the student, the check."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from pathlib import Path

import numpy as np

SEED_FILE = ".seed"


def course_seed(out: Path) -> int:
    """The seed of a folder of results: drawn once, then kept, so that grading can be repeated."""
    path = out / SEED_FILE
    if not path.is_file():
        _draw(path)
    try:
        return int(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise ValueError(f"{path} should hold one whole number; correct or delete it") from error


def _draw(path: Path) -> None:
    """Write a new seed, whole or not at all; of several graders that begin at once, one does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".seed-", dir=path.parent) as folder:
        drawn = Path(folder, "seed")
        drawn.write_text(f"{secrets.randbits(32)}\n", encoding="ascii")
        try:
            os.link(drawn, path)
        except FileExistsError:
            return
        except OSError:  # a file system without links
            os.replace(drawn, path)


def judge_rng(seed: int, student: str, check: str) -> np.random.Generator:
    """The generator of a check's inputs: unpredictable without the seed, repeatable with it."""
    return np.random.default_rng(_derive(seed, student, check, "judge"))


def worker_seed(seed: int, student: str, check: str) -> int:
    """What the student's own random numbers start from; tells nothing about the judge's."""
    return _derive(seed, student, check, "worker") >> 1


def _derive(*parts: object) -> int:
    text = "\0".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
