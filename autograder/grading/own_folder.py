"""Folders for temporary files that go with their process; what a killed one has left goes here.

A lock on the folder says that its process lives. The system lets go of it however that ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.sandbox.folders import remove_folder

PREFIX = "autograder-grader-"


@contextlib.contextmanager
def own_folder() -> Iterator[str]:
    """Put all temporary files of this process into one folder, which goes with it."""
    with locked_folder() as folder:
        os.chmod(folder, 0o711)  # a sandbox of another user has to get at its own
        before, tempfile.tempdir = tempfile.tempdir, folder
        try:
            yield folder
        finally:
            tempfile.tempdir = before


@contextlib.contextmanager
def locked_folder() -> Iterator[str]:
    """A new folder, which goes at the end or, if this process is killed, with the next grader."""
    remove_left_over()
    folder, lock = _locked()
    try:
        yield folder
    finally:
        remove_folder(folder)
        os.close(lock)


def remove_left_over() -> None:
    """Remove the folders of processes that are no more."""
    with contextlib.suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                _remove_if_left(str(folder))


def _remove_if_left(folder: str) -> None:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(lock).st_uid == os.geteuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove_folder(folder)
    finally:
        os.close(lock)


def _locked() -> tuple[str, int]:
    """A new folder and a descriptor that keeps it locked.

    Another grader may take it for one that was left, between its making and its locking; then it
    has gone, and another one is made.
    """
    while True:
        folder = tempfile.mkdtemp(prefix=PREFIX)
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        with contextlib.suppress(OSError):  # some file systems have no locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.isdir(folder):
            return folder, lock
        os.close(lock)
