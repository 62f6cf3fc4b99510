"""A worker that lies: whatever comes over the wire, the judge raises what it says it raises."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograder.judging.answers import expect_choice, expect_interval
from autograder.judging.arrays import (
    expect_close,
    expect_number,
    expect_shape,
    expect_unchanged,
)
from autograder.judging.check import Finding, NotAttempted
from autograder.sandbox.faults import Fault
from autograder.sandbox.messages import (
    Call,
    Done,
    End,
    Fetch,
    Fetched,
    GetAttribute,
    GetItem,
    Keep,
    Kept,
    KeptMany,
    Raised,
    Refused,
    Reply,
    Request,
    SetItem,
    Unpack,
)
from autograder.sandbox.notebook import Notebooks
from autograder.sandbox.objects import Objects, guarded
from autograder.sandbox.plain import (
    Array,
    DType,
    EllipsisValue,
    Items,
    Pairs,
    Raw,
    Reference,
    Scalar,
)
from autograder.sandbox.remote import Conversation, Student, fetch
from autograder.sandbox.values import DTYPES, Packer, WireError, unpack
from autograder.sandbox.wire import Channel

FUZZ = settings.get_profile("fuzz")
ENCODE = msgspec.msgpack.Encoder().encode

# Numbers that fit, and numbers that do not.
sizes = st.sampled_from([0, 1, 2, 3, 4, 8, 16, 24, 32, 64]) | st.integers(-(2**63), 2**64 - 1)
dtypes = st.sampled_from(sorted(DTYPES)) | st.sampled_from(["|O", ">f8", "<U4", "<M8[s]", ""])
arrays = st.builds(Array, dtypes, st.lists(sizes, max_size=9).map(tuple), sizes, sizes)
fitting = st.sampled_from(
    [
        Array("<f8", (4,), 0, 32),
        Array("<f8", (2, 2), 8, 32),
        Array("<f4", (), 4, 4),
        Array("|b1", (16,), 0, 16),
        Array("<i8", (0, 3), 0, 0),
        Array("<c16", (2,), 0, 32),
    ]
)
leaves = (
    arrays
    | fitting
    | st.builds(Scalar, st.none() | st.booleans() | st.floats() | st.text(max_size=8))
    | st.builds(Scalar, st.integers(-(2**63), 2**64 - 1))
    | st.builds(Raw, st.binary(max_size=16))
    | st.builds(Reference, st.integers(-2, 6))
    | st.just(EllipsisValue())
    | st.builds(DType, st.sampled_from(["float32", "bool", "object", "str", "void", ""]))
)
kinds = st.sampled_from(["list", "tuple", "set", "frozenset", "dict", "type", ""])
values = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Items, kinds, st.lists(inner, max_size=4))
        | st.builds(Pairs, st.lists(st.tuples(inner, inner), max_size=3))
    ),
    max_leaves=12,
)
names = st.text(max_size=12) | st.sampled_from(["x" * 5000, "\x1b[31m", "`", "../../x", "\0"])
kept = st.builds(Kept, sizes.filter(lambda n: n < 2**63), names)
replies = (
    st.builds(Fetched, values)
    | kept
    | st.builds(KeptMany, st.lists(kept, max_size=4))
    | st.builds(Raised, names, names, names, st.integers(-(2**63), 2**63 - 1), names)
    | st.builds(Refused, st.sampled_from(["missing", "not plain", ""]) | names, names)
    | st.just(Done())
)
changes = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6)


def mutated(data: bytes, edits: list[tuple[float, int]]) -> bytes:
    """Each edit puts a byte somewhere; the place is a share of the length."""
    changed = bytearray(data)
    for place, byte in edits:
        if changed:
            changed[int(place * len(changed))] = byte
    return bytes(changed)


def frame(header: bytes, block: bytes = b"") -> bytes:
    return struct.pack(">II", len(header), len(block)) + header + block


def read(data: bytes, incoming: object) -> tuple[object, memoryview]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.close()
        return Channel(theirs, incoming).receive(time.monotonic() + 5)


@FUZZ
@given(data=st.binary(max_size=400))
def test_random_bytes_to_the_judge(case, data):
    with case(), contextlib.suppress(WireError):
        read(data, Reply)


@FUZZ
@given(reply=replies, block=st.binary(max_size=64), edits=changes, cut=st.integers(0, 40))
def test_mutated_frames_to_the_judge(case, reply, block, edits, cut):
    data = mutated(frame(ENCODE(reply), block), edits)
    assume(struct.unpack(">II", data[:8].ljust(8, b"\0"))[1] <= 64 or cut)
    with case(), contextlib.suppress(WireError):
        message, received = read(data[: len(data) - cut] if cut < 20 else data, Reply)
        assert isinstance(message, Reply.__args__)
        if isinstance(message, Fetched):
            unpack(message.value, received)


@FUZZ
@given(value=values, block=st.binary(min_size=64, max_size=64))
def test_hostile_values_are_plain_or_refused(case, value, block):
    with case(), contextlib.suppress(WireError):
        plain = unpack(value, memoryview(block))
        assert_plain(plain)


def assert_plain(value: object) -> None:
    allowed = int | float | str | bytes | np.ndarray | list | tuple | set | frozenset | dict
    assert value is None or value is ... or isinstance(value, allowed | type)
    if isinstance(value, np.ndarray):
        assert value.dtype.str in DTYPES
        assert value.dtype != bool or set(value.view(np.uint8).ravel().tolist()) <= {0, 1}
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            assert_plain(item)
    if isinstance(value, dict):
        for item in [*value, *value.values()]:
            assert_plain(item)


EXPECTATIONS = [
    lambda got: expect_close("dx", got, np.arange(4.0)),
    lambda got: expect_close("dx", got, np.eye(2), also_shapes=[(4,)]),
    lambda got: expect_number("loss", got, 2.5),
    lambda got: expect_shape("y", got, (2, 2), like="x"),
    lambda got: expect_unchanged("x", got, np.arange(4.0)),
    lambda got: expect_choice("q", got, {"a", "b"}, options={"a": "A", "b": "B", "c": "C"}),
    lambda got: expect_interval("i", got, 0.0, 1.0, help="See the lecture."),
]


@FUZZ
@given(value=values, block=st.binary(min_size=64, max_size=64), which=st.integers(0, 6))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_hostile_answers_are_judged(case, value, block, which):
    with case(), contextlib.suppress(WireError, Finding, NotAttempted):
        EXPECTATIONS[which](unpack(value, memoryview(block)))


def hostile(stream: socket.socket, answers: list[bytes]) -> None:
    """A worker that reads a little and answers whatever was prepared."""
    with stream, contextlib.suppress(OSError):
        for answer in answers:
            stream.recv(1 << 16)
            stream.sendall(answer)


def use(student: Student) -> None:
    """Everything that checks do with a student's work."""
    function = student.layers.affine_forward
    result = function(np.eye(2), [1, 2], flag=True)
    out, cache = result
    result.size = 3
    result[0, 1:2] = 4
    fetch(result[0])
    fetch(student.notebook().answer)
    student.read_file("a.txt")
    fetch(student.send(np.arange(3)))
    repr([out, cache, list(iter(out))])


@FUZZ
@given(
    answers=st.lists(
        st.tuples(kept | kept | replies, st.sampled_from([b"", bytes(64)]), st.just([]) | changes),
        max_size=12,
    )
)
def test_a_check_against_a_lying_worker(case, answers):
    ours, theirs = socket.socketpair()
    frames = [mutated(frame(ENCODE(reply), block), edits) for reply, block, edits in answers]
    liar = threading.Thread(target=hostile, args=(theirs, frames))
    liar.start()
    try:
        with case(), ours, contextlib.suppress(Fault, ValueError):
            use(Student(Conversation(Channel(ours, Reply), time.monotonic() + 5), "nn", ("l",)))
    finally:
        liar.join()


# The other direction: the worker must answer, whatever it is asked -------------------------------

attributes = st.sampled_from(["shape", "T", "real", "keys", "nothing", "__class__", "\0", ""])
requests = (
    st.builds(Keep, values)
    | st.builds(Fetch, st.integers(-2, 6))
    | st.builds(Unpack, st.integers(-2, 6))
    | st.builds(GetAttribute, st.integers(-2, 6), attributes)
    | st.builds(GetItem, st.integers(-2, 6), values)
    | st.builds(SetItem, st.integers(-2, 6), values, values)
    | st.builds(Call, st.integers(-2, 6), st.lists(values, max_size=2), st.just({}))
    | st.just(End())
)


@FUZZ
@given(asked=st.lists(requests, max_size=6), block=st.binary(min_size=64, max_size=64))
@pytest.mark.filterwarnings("ignore")
def test_a_worker_answers_whatever_it_is_asked(case, asked, block):
    objects = Objects(Notebooks("/nowhere"), "/nowhere")
    with case():
        for request in asked:
            packer = Packer()
            reply = guarded(objects, request, memoryview(block), packer)
            ENCODE(reply)


@FUZZ
@given(request=requests, block=st.binary(max_size=64), edits=changes)
def test_mutated_frames_to_the_worker(case, request, block, edits):
    data = mutated(frame(ENCODE(request), block), edits)
    with case(), contextlib.suppress(WireError):
        assert isinstance(read(data, Request)[0], Request.__args__)
