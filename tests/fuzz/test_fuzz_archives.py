"""Zips as no program makes them: bounded work, safe names, and nothing but `SubmissionError`."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.assignment import Assignment
from autograder.printable import printable
from autograder.submission import Bounds, SubmissionError, find_submissions

FUZZ = settings.get_profile("fuzz")
BOUNDS = Bounds(
    seen=200,
    files=6,
    file_bytes=4000,
    total_bytes=8000,
    archive_bytes=200_000,
    ratio=50,
    depth=5,
)
MODULES = ("nn/layers.py", "nn/optim.py")
RELEASED = {"nets.ipynb": b'{"cells": []}', **dict.fromkeys(MODULES, b"")}


@pytest.fixture(scope="module")
def assignment(
    tmp_path_factory: pytest.TempPathFactory, write_release: Callable[..., Assignment]
) -> Assignment:
    return write_release(tmp_path_factory.mktemp("course"), "nets", RELEASED, modules=MODULES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("submitted")


def survives(path: Path, assignment: Assignment) -> None:
    try:
        found = find_submissions(path, assignment, bounds=BOUNDS)
    except SubmissionError:
        return
    for submission in found:
        assert len(submission.files) <= BOUNDS.files
        assert sum(map(len, submission.files.values())) <= BOUNDS.total_bytes
        assert all(len(text) < 2000 for text in submission.problems)
        for name in submission.files:
            assert not name.startswith("/")
            assert ".." not in name.split("/")
            assert printable(name, keep="") == name


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file of a zip, with all that its two headers say of it."""

    name: bytes
    local_name: bytes
    data: bytes
    method: int
    flags: int
    mode: int
    crc: int
    size: int
    packed: int
    offset: int  # added to the true one
    extra: bytes


def written(members: list[Member], *, comment: bytes, shift: int, count: int) -> bytes:
    """A zip of these members, as their fields say, true or not."""
    out, table = io.BytesIO(), io.BytesIO()
    for m in members:
        offset = (out.tell() + m.offset) % (1 << 32)
        sizes = struct.pack("<III", m.crc, m.packed, m.size)
        head = struct.pack("<HHHHH", 20, m.flags, m.method, 0, 33)
        lengths = struct.pack("<HH", len(m.local_name), 0)
        out.write(b"PK\x03\x04" + head + sizes + lengths + m.local_name + m.data)
        lengths = struct.pack("<HHHHH", len(m.name), len(m.extra), 0, 0, 0)
        place = struct.pack("<II", m.mode << 16, offset)
        table.write(b"PK\x01\x02\x14\x03" + head + sizes + lengths + place + m.name + m.extra)
    start, length = out.tell(), table.tell()
    numbers = (count % (1 << 16), count % (1 << 16), length, (start + shift) % (1 << 32))
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, *numbers, len(comment)) + comment
    return out.getvalue() + table.getvalue() + end


def packed(data: bytes) -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    return pack.compress(data) + pack.flush()


NAMES = [
    *(b"nets.ipynb", b"nn/layers.py", b"nn/optim.py", b"ada/nn/layers.py", b"bo/nets.ipynb"),
    *(b"../x.py", b"/etc/x.py", b"C:\\x.py", b"nn\\layers.py", b"nn/../../x.py", b"a//b.py"),
    *(b"", b"/", b"nn/", b"nn/layers.py/x.py", b"\xff\xfe.py", b"x\0y.py", b"a" * 300 + b".py"),
    *(b"a/b/c/d/e/f/g/x.py", b"__MACOSX/._x.py", b".DS_Store", b"x.zip", b"nets.zip"),
    *("é.py".encode(), b"e\xcc\x81.py", b"NN/Layers.py", b"v/pyvenv.cfg", b"pipe.py"),
]
CONTENTS = [b"", b"x = 1\n", b"{}", bytes(50), b"y" * 5000, bytes(3 << 20)]
MODES = [0, stat.S_IFREG | 0o644, stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFCHR]
names = st.sampled_from(NAMES) | st.binary(max_size=12)
numbers = st.sampled_from([0, 1, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1)


@st.composite
def members(draw: st.DrawFn) -> Member:
    """Mostly a proper member; now and then one field is a lie."""
    name = draw(names)
    content = draw(st.sampled_from(CONTENTS))
    method = draw(st.sampled_from([0, 8, 8]))
    data = content if method == 0 else packed(content)
    member = Member(
        name=name,
        local_name=name,
        data=data,
        method=method,
        flags=0,
        mode=draw(st.sampled_from(MODES)),
        crc=zlib.crc32(content),
        size=len(content),
        packed=len(data),
        offset=0,
        extra=b"",
    )
    lies = {
        "local_name": names,
        "method": st.sampled_from([1, 9, 12, 14, 93, 99, 65535]),
        "flags": st.integers(0, 2**16 - 1),
        "crc": numbers,
        "size": numbers,
        "packed": numbers,
        "offset": st.integers(-200, 200) | numbers,
        "extra": st.binary(max_size=30) | st.just(struct.pack("<HHQQQ", 1, 24, 2**63, 2**63, 9)),
        "data": st.binary(max_size=40),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(lies)), max_size=2, unique=True))
    return replace(member, **{field: draw(lies[field]) for field in chosen})


zips = st.builds(
    lambda parts, comment, shift, more: written(
        parts, comment=comment, shift=shift, count=len(parts) + more
    ),
    st.lists(members(), max_size=5),
    st.just(b"") | st.binary(max_size=30) | st.just(b"PK\x05\x06" + bytes(18)),
    st.just(0) | st.integers(-60, 60) | numbers,
    st.just(0) | st.integers(-2, 3),
)
edits = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8)


def edited(data: bytes, changes: list[tuple[float, int]]) -> bytes:
    changed = bytearray(data)
    for place, byte in changes:
        if changed:
            changed[int(place * len(changed))] = byte
    return bytes(changed)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


WORK = {"nets.ipynb": b"{}", "nn/layers.py": b"x = 1\n", "nn/optim.py": b"y = 2\n"}
VALID = [
    zipped(WORK),
    zipped(WORK, zipfile.ZIP_STORED),
    zipped({f"ada/{path}": data for path, data in WORK.items()}),
    zipped({"ada.zip": zipped(WORK), "bo.zip": zipped(WORK)}),
    zipped({"nets.zip": zipped({"nets.zip": zipped(WORK)})}),
    zipped(WORK, zipfile.ZIP_BZIP2),
    zipped(WORK, zipfile.ZIP_LZMA),
]


@FUZZ
@given(data=st.binary(max_size=400))
def test_random_bytes_as_a_zip(case, folder, assignment, data):
    (folder / "ada.zip").write_bytes(data)
    with case():
        survives(folder / "ada.zip", assignment)


@FUZZ
@given(data=st.sampled_from(VALID), changes=edits, cut=st.integers(0, 300))
def test_a_zip_with_bytes_changed(case, folder, assignment, data, changes, cut):
    mutated = edited(data, changes)
    (folder / "ada.zip").write_bytes(mutated[: len(mutated) - cut] if cut < 150 else mutated)
    with case():
        survives(folder / "ada.zip", assignment)


@FUZZ
@given(data=zips, changes=edits)
def test_a_zip_that_lies(case, folder, assignment, data, changes):
    (folder / "ada.zip").write_bytes(edited(data, changes[:2]))
    with case():
        survives(folder / "ada.zip", assignment)


@FUZZ
@given(data=zips, name=st.sampled_from(["nets.zip", "ada/nets.zip", "ada/x.zip", "ada/a/b.zip"]))
def test_a_zip_that_lies_inside_of_another(case, folder, assignment, data, name):
    (folder / "class.zip").write_bytes(zipped({name: data, "bo/nets.ipynb": b"{}"}))
    with case():
        survives(folder / "class.zip", assignment)


@FUZZ
@given(data=zips)
def test_a_large_zip_that_lies(case, folder, assignment, data):
    """Larger than `archive_bytes`, so that it is read from the file instead of from memory."""
    (folder / "large.zip").write_bytes(bytes(BOUNDS.archive_bytes + 1) + data)
    with case():
        survives(folder / "large.zip", assignment)
