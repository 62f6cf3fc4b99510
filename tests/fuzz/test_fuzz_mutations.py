"""Valid frames, zips and sources with bytes changed, fifty for each seed that hypothesis draws.

The other modules draw every byte of a case, which finds small examples and takes its time; here
a generator changes valid ones, which is a hundred times faster.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import socket
import struct
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.planning import plan
from autograder.judging.attempts import open_parts
from autograder.nbgrader_plugin.reading import BrokenNotebookError, read_notebook
from autograder.printable import printable
from autograder.sandbox.messages import (
    Call,
    Fetched,
    GetAttribute,
    Keep,
    Kept,
    KeptMany,
    Raised,
    Refused,
    Reply,
    Request,
)
from autograder.sandbox.values import Packer, WireError, unpack
from autograder.sandbox.wire import Channel
from autograder.submission import Bounds, Submission, SubmissionError, find_submissions
from autograder.submission.legible import IllegibleError, legible

PROFILE = settings.get_profile("fuzz")
FUZZ = settings(PROFILE, max_examples=max(2, PROFILE.max_examples // 20))
CASES = 50
SEEDS = st.integers(0, 2**64 - 1)
BOUNDS = Bounds(files=6, file_bytes=4000, total_bytes=8000, archive_bytes=200_000, depth=5)
TOLD = [b"\0", b"\xff", b"\xff\xff\xff\xff", b"\0\0\0\x80", b"PK\x01\x02", b"PK\x05\x06", b"../"]
TOLD += [b'"', b"[", b"]", b"{", b"}", b"\\", b"\xc0", b"\xdf\xff\xff\xff\xff", b"\xc6", b"1e999"]


def mutated(valid: Sequence[bytes], rng: random.Random) -> bytes:
    """One of them after one to six edits: a byte, some that tell something, a cut, a doubling."""
    data = bytearray(rng.choice(valid))
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(data) + 1)
        end = min(len(data), place + rng.randint(1, 40))
        match rng.randrange(6):
            case 0 | 1:
                data[place:end] = bytes([rng.randrange(256)])
            case 2:
                told = rng.choice(TOLD)
                data[place : place + len(told)] = told
            case 3:
                del data[place:end]
            case 4:
                data[place:place] = data[place:end] * rng.randint(1, 3)
            case 5:
                other = rng.choice(valid)
                data[place:] = other[rng.randrange(len(other) + 1) :]
    return bytes(data)


def frame(message: msgspec.Struct, packer: Packer | None = None) -> bytes:
    header = msgspec.msgpack.encode(message)
    block = b"".join(bytes(part) for part in (packer.blocks if packer else []))
    return struct.pack(">II", len(header), len(block)) + header + block


def with_value(make: Callable[[object], msgspec.Struct], value: object) -> bytes:
    packer = Packer()
    return frame(make(packer.value(value)), packer)


VALUES = [
    {"W1": np.eye(3), "b1": [1.5, None, ..., True], (1, "x"): b"raw"},
    (np.arange(6, dtype=np.float32).reshape(2, 3), np.bool_(True), np.float32, {1, 2}),
]
REPLIES = [
    *(with_value(Fetched, value) for value in VALUES),
    frame(Kept(3, "array of shape (2, 3)")),
    frame(KeptMany([Kept(1, "int"), Kept(2, "None")])),
    frame(Raised("ValueError", "wrong", "nn/layers.py", 3, "x")),
    frame(Refused("missing", "relu")),
]
REQUESTS = [
    *(with_value(Keep, value) for value in VALUES),
    with_value(lambda value: Call(1, [value, value], {"reg": value}), [0.5]),
    frame(GetAttribute(0, "layers")),
]


def received(data: bytes, incoming: object) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, contextlib.suppress(WireError):
        ours.sendall(data)
        ours.close()
        message, block = Channel(theirs, incoming).receive(time.monotonic() + 5)
        if isinstance(message, Fetched | Keep):
            unpack(message.value, block)


@FUZZ
@given(seed=SEEDS)
@pytest.mark.parametrize("direction", ["to the judge", "to the worker"])
def test_frames(case, direction, seed):
    rng = random.Random(seed)
    valid, incoming = (REPLIES, Reply) if direction == "to the judge" else (REQUESTS, Request)
    for _ in range(CASES):
        data = mutated(valid, rng)
        with case():
            received(data, incoming)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "é\n"], "id": "a"},
        {"cell_type": "code", "metadata": {}, "source": "answer = 42", "outputs": [], "id": "b"},
    ],
    "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
MODULE = b"# -*- coding: utf-8 -*-\ndef relu(x):\n    return x * (x > 0)\n"
WORK = {"nets.ipynb": json.dumps(NOTEBOOK).encode(), "nn/layers.py": MODULE}
ZIPS = [
    zipped(WORK),
    zipped(WORK, zipfile.ZIP_STORED),
    zipped({f"{who}/{path}": data for path, data in WORK.items() for who in ("ada", "bo")}),
    zipped({"ada.zip": zipped(WORK), "bo.ipynb": WORK["nets.ipynb"]}),
    zipped({"nets.zip": zipped({"nets.zip": zipped(WORK)})}),
]
MODULES = ("nn/layers.py",)
RELEASED = {"nets.ipynb": b'{"cells": []}', **dict.fromkeys(MODULES, b"")}


@pytest.fixture(scope="module")
def course(tmp_path_factory, write_release):
    return write_release(tmp_path_factory.mktemp("course"), "nets", RELEASED, modules=MODULES)


def found(path: Path, course) -> None:
    with contextlib.suppress(SubmissionError):
        for submission in find_submissions(path, course, bounds=BOUNDS):
            assert sum(map(len, submission.files.values())) <= BOUNDS.total_bytes
            for name in submission.files:
                assert not name.startswith("/")
                assert ".." not in name.split("/")
                assert printable(name, keep="") == name


@FUZZ
@given(seed=SEEDS)
def test_zips(case, course, seed):
    rng = random.Random(seed)
    path = course.course.root / "ada.zip"
    for _ in range(CASES):
        path.write_bytes(mutated(ZIPS, rng))
        with case():
            found(path, course)


TEXT = json.dumps(NOTEBOOK, ensure_ascii=False, indent=1)
NOTEBOOKS = [TEXT.encode(name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1")]
MODULES = [MODULE, MODULE.decode().encode("utf-16"), b"\xef\xbb\xbf" + MODULE, MODULE + bytes(9)]
RELEASE = {
    "nets.ipynb": TEXT.replace("42", "...  # TODO(answer)").encode(),
    "nn/layers.py": b'def relu(x):\n    raise NotImplementedError("TODO(relu)")\n',
}


@FUZZ
@given(seed=SEEDS)
@pytest.mark.parametrize("path", ["nets.ipynb", "nn/layers.py"])
@pytest.mark.filterwarnings("ignore")
def test_sources(case, path, seed):
    rng = random.Random(seed)
    for _ in range(CASES):
        data = mutated(NOTEBOOKS if path == "nets.ipynb" else MODULES, rng)
        with case(), contextlib.suppress(IllegibleError, BrokenNotebookError):
            read = legible(path, data).data
            submission = Submission(student="ada", files={path: read})
            open_parts(RELEASE, submission.files)
            for _, source in plan(RELEASE, submission).cells:
                source.encode()
            if path == "nets.ipynb":
                read_notebook(read)
