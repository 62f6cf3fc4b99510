"""What was an ordinary file or folder when it was listed, and is a link when it is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.submission.model import Bounds
from autograder.submission.trees import Folder, UnreadableError, file_entry

pytestmark = pytest.mark.skipif(
    os.open not in os.supports_dir_fd, reason="this system opens no file within an open folder"
)
BOUNDS = Bounds(seen=100, files=100, file_bytes=100, depth=9)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A folder with what another student has written."""
    (tmp_path / "secret" / "nn" / "deep").mkdir(parents=True)
    for place in ("nn/layers.py", "nn/deep/more.py"):
        (tmp_path / "secret" / place).write_text("somebody else's")
    return tmp_path / "secret"


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """The class's folder, in which ada handed in two files."""
    (tmp_path / "class" / "ada" / "nn" / "deep").mkdir(parents=True)
    for place in ("nn/layers.py", "nn/deep/more.py"):
        (tmp_path / "class" / "ada" / place).write_text("own")
    return tmp_path / "class"


@pytest.mark.parametrize(
    ("exchanged", "entered"),
    [
        ("ada/nn/layers.py", True),
        ("ada/nn/layers.py", False),
        ("ada/nn", True),
        ("ada/nn", False),
        ("ada", True),  # a folder that was given is the instructor's word
    ],
)
def test_a_link_that_came_after_the_listing_is_not_followed(
    secret: Path, handed_in: Path, exchanged: str, entered: bool
) -> None:
    folder = Folder(handed_in).enter("ada") if entered else Folder(handed_in / "ada")
    entries = {entry.path: entry for entry in folder.scan(BOUNDS).entries}
    path = handed_in / exchanged
    path.rename(path.with_name("aside"))
    path.symlink_to(secret / Path(exchanged).relative_to("ada"))
    with pytest.raises(UnreadableError) as caught:
        entries["nn/layers.py"].read(100)
    kind = "symbolic link" if exchanged.endswith(".py") else "not a directory"
    assert kind in str(caught.value)


def test_a_folder_in_the_middle_is_not_followed_either(secret: Path, handed_in: Path) -> None:
    entry = next(e for e in Folder(handed_in).scan(BOUNDS).entries if e.path.endswith("more.py"))
    (handed_in / "ada/nn").rename(handed_in / "ada/aside")
    (handed_in / "ada/nn").symlink_to(secret / "nn")
    with pytest.raises(UnreadableError):
        entry.read(100)


def test_what_the_instructor_gives_may_be_a_link(secret: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(secret)
    entries = Folder(tmp_path / "link").scan(BOUNDS).entries
    assert {entry.read(100) for entry in entries} == {b"somebody else's"}
    assert file_entry(tmp_path / "link/nn/layers.py", "layers.py").read(4) == b"some"


def test_no_descriptor_stays_open(secret: Path, handed_in: Path) -> None:
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    entries = Folder(handed_in).scan(BOUNDS).entries
    assert [entry.read(9) for entry in entries] == [b"own"] * 2
    (handed_in / "ada/nn").rename(handed_in / "ada/aside")
    for entry in entries:
        with pytest.raises(UnreadableError):
            entry.read(9)
    after = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    assert before == after


def test_a_folder_that_vanishes_costs_nobody_else_anything(handed_in: Path) -> None:
    gone = Folder(handed_in).enter("ada")
    (handed_in / "ada").rename(handed_in.parent / "aside")
    assert (gone.folders(), gone.files(), gone.has("nn/layers.py")) == ([], [], False)
    (remark,) = gone.scan(BOUNDS).remarks
    assert remark.text == "`.` could not be read: no such file or directory."
