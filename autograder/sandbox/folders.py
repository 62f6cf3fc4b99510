"""Folders that student code has made: measured and removed, however deep they lie in one another.

A path has at most 4,096 bytes, and Python functions call each other a thousand times at most. So
both go from folder to folder by file descriptor. Runs outside of the sandboxes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Iterator
from secrets import token_hex

MAX_NESTED = 64  # no homework has as many folders in one another
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class UnmeasuredError(Exception):
    """What files take cannot be told; the message says what was done, for the student."""


def sizes(place: str) -> Iterator[int]:
    """The bytes of a file, or of everything in a folder; links are not followed.

    Raises
    ------
    UnmeasuredError : folders are nested too deeply, or one of them may not be looked into.
    """
    opened: list[tuple[int, list[str]]] = []
    try:
        status = os.lstat(place)
        if not stat.S_ISDIR(status.st_mode):
            yield _size(status)
            return
        top = _open(place, None)
        if top is None:
            return
        opened.append((top, []))
        yield from _inside(opened[-1])
        while opened:
            folder, waiting = opened[-1]
            if not waiting:
                os.close(opened.pop()[0])
                continue
            if len(opened) > MAX_NESTED:
                raise UnmeasuredError(f"it nested more than {MAX_NESTED} folders")
            below = _open(waiting.pop(), folder)
            if below is not None:
                opened.append((below, []))
                yield from _inside(opened[-1])
    except FileNotFoundError:
        return
    finally:
        for folder, _ in opened:
            os.close(folder)


def remove_folder(path: str) -> None:
    """Remove a folder with all that is in it; what cannot be removed stays.

    Folders in folders are brought to the top one after the other, so depth does not matter.
    Nobody else may change anything there meanwhile.
    """
    top = _open(path, None, suppress=True)
    if top is None:
        return
    try:
        _empty(top)
    finally:
        os.close(top)
    with contextlib.suppress(OSError):
        os.rmdir(path)


def _open(name: str, folder: int | None, *, suppress: bool = False) -> int | None:
    """A descriptor of a folder; None where it has gone or is none."""
    try:
        return os.open(name, _FOLDER, dir_fd=folder)
    except PermissionError as error:
        if suppress:
            return None
        raise UnmeasuredError("it closed a folder to the grader") from error
    except OSError:
        return None


def _inside(opened: tuple[int, list[str]]) -> Iterator[int]:
    """The sizes of the files in an open folder, whose folders are added to those that wait."""
    folder, waiting = opened
    yield 4096
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.name)
                else:
                    yield _size(entry.stat(follow_symlinks=False))


def _size(status: os.stat_result) -> int:
    """What a file takes, or would take once what it promises is written."""
    return max(status.st_blocks * 512, status.st_size)


def _empty(top: int) -> None:
    names = (f".{token_hex(8)}-{number}" for number in itertools.count())  # nobody's own
    removed = True
    while removed and (listed := os.listdir(top)):
        done = [_is_removed(name, top, names) for name in listed]
        removed = any(done)


def _is_removed(name: str, top: int, names: Iterator[str]) -> bool:
    """Remove one name from the top; a folder's own folders take its place, by new names."""
    with contextlib.suppress(OSError):
        if not stat.S_ISDIR(os.stat(name, dir_fd=top, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=top)
            return True
        os.chmod(name, 0o700, dir_fd=top)  # its owner may have closed it
        folder = os.open(name, _FOLDER, dir_fd=top)
        try:
            _bring_up(folder, top, names)
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=top)
        return True
    return False


def _bring_up(folder: int, top: int, names: Iterator[str]) -> None:
    """Remove the files of a folder, and move its folders to the top."""
    with os.scandir(folder) as entries:
        listed = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in listed:
        with contextlib.suppress(OSError):
            if is_folder:
                os.chmod(name, 0o700, dir_fd=folder)  # moving it changes what its `..` is
                os.rename(name, next(names), src_dir_fd=folder, dst_dir_fd=top)
            else:
                os.unlink(name, dir_fd=folder)
