"""Every random draw of grading comes from here: the course's secret, the submission, the check.

Each use of the secret has a key of its own, made by HMAC-SHA256, so that whoever learns one draw
learns nothing of the secret and nothing of another draw. What the student's process starts from
is made of no secret at all.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.files import make_private
from autograder.submission import Submission

from .contents import digest

SEED_FILE = ".seed"
BITS = 160  # of a seed that is drawn
LEAST = 1 << 64  # a smaller one can be searched for
PLAIN = 1 << 53  # beyond it, a number of JSON is not exact everywhere

NO_SEED = "{path} should hold one whole number; correct or delete it"
SHORT = (
    "The seed in {path} is short enough to be searched for. Delete the file to have a new one"
    " drawn; everything is then graded again with other inputs."
)


def course_seed(out: Path) -> int:
    """The seed of a folder of results: drawn once, then kept, so that grading can be repeated."""
    path = out / SEED_FILE
    if not path.is_file():
        _draw(path)
    try:
        return read_seed(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise ValueError(NO_SEED.format(path=path)) from error


def short_seed(out: Path) -> str:
    """A sentence for the instructor where the kept seed is one of an earlier version's, or ""."""
    return SHORT.format(path=out / SEED_FILE) if course_seed(out) < LEAST else ""


def read_seed(text: str) -> int:
    """A seed as a person, a file or a result has it: decimal, or hexadecimal after ``0x``.

    Raises
    ------
    ValueError : it is no whole number, or negative.

    Examples
    --------
    >>> read_seed("7"), read_seed("0xff")
    (7, 255)
    """
    seed = int(text, 0) if text.strip().lower().startswith("0x") else int(text)
    if seed < 0:
        raise ValueError(f"{text.strip()} is negative")
    return seed


def written_seed(seed: int) -> int | str:
    """A seed as results hold it: a number where JSON keeps it exact, else hexadecimal digits.

    >>> written_seed(7), written_seed(1 << 100)
    (7, '0x10000000000000000000000000')
    """
    return seed if seed < PLAIN else hex(seed)


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Where the random draws of one submission's checks come from.

    Parameters
    ----------
    seed : the course's secret.
    student : whose submission it is.
    content : a digest of its files. Whoever hands in other files gets other inputs, so that what a
        report tells of the inputs is of no use the next time.
    """

    seed: int
    student: str
    content: str = ""

    @classmethod
    def of(cls, submission: Submission, *, seed: int) -> Draws:
        """Those of a submission: the same files of the same student have the same draws."""
        files = submission.files
        parts = [part for path in sorted(files) for part in (path, files[path])]
        return cls(seed=seed, student=submission.student, content=digest(*parts))

    def inputs(self, check: str) -> np.random.Generator:
        """The generator of a check's inputs: unpredictable without the seed, repeatable with it."""
        return np.random.default_rng(self._secret("inputs", self.content, check))

    def lot(self, part: str) -> float:
        """A number in [0, 1) that decides whether a part is trained again.

        It does not depend on the files: nobody draws another one by handing in again.
        """
        return (self._secret("lot", part) >> 203) / PLAIN

    def worker_seed(self, check: str) -> int:
        """What the student's own random numbers start from. No secret is in it: they read it."""
        told = json.dumps([self.student, self.content, check]).encode()
        return int.from_bytes(hashlib.sha256(told).digest()[:8], "big") >> 1

    def _secret(self, purpose: str, *parts: str) -> int:
        about = json.dumps([self.student, *parts]).encode()
        return int.from_bytes(hmac.digest(key(self.seed, purpose), about, "sha256"), "big")


def key(seed: int, purpose: str) -> bytes:
    """The key of one use of the secret; tells neither the seed nor another key."""
    return hmac.digest(hex(seed).encode(), purpose.encode(), "sha256")


def _draw(path: Path) -> None:
    """Write a new seed, whole or not at all; of several graders that begin at once, one does."""
    make_private(path.parent)
    with tempfile.TemporaryDirectory(prefix=".seed-", dir=path.parent) as folder:
        drawn = Path(folder, "seed")
        drawn.write_text(f"{secrets.randbits(BITS):#x}\n", encoding="ascii")
        drawn.chmod(0o640)  # not for every user of the machine
        try:
            os.link(drawn, path)
        except FileExistsError:
            return
        except OSError:  # a file system without links
            os.replace(drawn, path)
