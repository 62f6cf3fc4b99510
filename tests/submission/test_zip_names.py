"""A zip in which a name is no text: everything else in it can be read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.zip_names import with_legible_names


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return buffer.getvalue()


def content(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return [opened.read(info) for info in opened.infolist()]


@pytest.mark.parametrize("before", [b"", b"#!/bin/sh\n", b"PK\x05\x06" + bytes(18)])
def test_every_member_can_be_read(before):
    inner = archive(ö=b"inner").replace("\u00f6".encode(), b"\xff\xfe")
    whole = archive(**{"\u00f6\u00e4": b"one", "plain": b"two", "in.zip": inner})
    broken = before + whole.replace("\u00f6\u00e4".encode(), b"\xf6\xe4\xff\xfe")
    with pytest.raises(UnicodeDecodeError):
        zipfile.ZipFile(io.BytesIO(broken))
    assert content(with_legible_names(broken)) == [b"one", b"two", inner]


def test_a_zip_without_such_names_stays_as_it_is():
    whole = archive(ö=b"one", plain=b"two")
    assert with_legible_names(whole) == whole


@given(data=st.data())
def test_nothing_that_is_damaged_raises(data):
    content = bytearray(archive(ö=b"x" * 50, b=b""))
    for _ in range(data.draw(st.integers(1, 9))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    assert len(with_legible_names(bytes(content[:cut]))) == cut
