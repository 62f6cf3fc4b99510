"""A file is written whole or not at all; a folder of results is not for everybody."""

import os
import stat
from pathlib import Path

import pytest

from autograder.files import is_private, make_private, write_atomically


def test_a_file_is_written_with_its_folder(tmp_path):
    write_atomically(tmp_path / "new" / "a.json", b"data")
    assert (tmp_path / "new" / "a.json").read_bytes() == b"data"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_others_may_read_it_as_the_umask_says(tmp_path):
    previous = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a.json", b"")
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o640


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o750), (0o000, 0o770), (0o077, 0o700)])
def test_a_private_folder_is_nobody_elses_with_all_that_was_missing(tmp_path, mask, mode):
    tmp_path.chmod(0o755)
    previous = os.umask(mask)
    try:
        make_private(tmp_path / "grades" / "nets")
    finally:
        os.umask(previous)
    for folder in (tmp_path / "grades", tmp_path / "grades" / "nets"):
        assert stat.S_IMODE(folder.stat().st_mode) == mode
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_folder_that_is_there_keeps_its_rights(tmp_path):
    (tmp_path / "grades").mkdir()
    (tmp_path / "grades").chmod(0o775)
    make_private(tmp_path / "grades")
    assert stat.S_IMODE((tmp_path / "grades").stat().st_mode) == 0o775


def test_a_folder_is_private_if_one_above_it_is(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    tmp_path.chmod(0o754)
    assert is_private(inner)
    assert is_private(inner / "not there yet")
    assert not is_private(Path("/usr/bin"))
