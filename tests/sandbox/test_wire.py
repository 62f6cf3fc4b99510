"""Do values survive the way across, and does nothing else?"""

from __future__ import annotations

import os
import socket
import struct
import time

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.sandbox.messages import Begin, Done, Fetched, Reply, Request
from autograder.sandbox.plain import Array, Items, Pairs, Scalar
from autograder.sandbox.values import (
    MAX_BLOCK,
    MAX_DEPTH,
    NotPlainError,
    Packer,
    WireError,
    unpack,
    unpack_array,
)
from autograder.sandbox.wire import (
    MAX_HEADER,
    Channel,
    ClosedError,
    receive_descriptors,
    send_descriptors,
)

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
arrays = npst.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex128]),
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)


def across(value: object) -> object:
    """Pack a value, send it through a real socket, and unpack it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        packer = Packer()
        message = Fetched(packer.value(value))
        Channel(ours, Reply).send(message, packer)
        reply, block = Channel(theirs, Reply).receive(time.monotonic() + 5)
    return unpack(reply.value, block)


@given(plain)
def test_plain_values_arrive_as_they_were(value: object) -> None:
    assert across(value) == value


@given(arrays)
def test_arrays_arrive_bit_by_bit(array: np.ndarray) -> None:
    arrived = across(array)
    assert isinstance(arrived, np.ndarray)
    assert arrived.dtype == array.dtype
    assert arrived.shape == array.shape
    assert arrived.tobytes() == array.tobytes()
    assert arrived.flags.writeable


def test_a_view_in_fortran_order_arrives_with_its_values() -> None:
    array = np.asfortranarray(np.arange(12.0).reshape(3, 4))[:, ::2]
    np.testing.assert_array_equal(across(array), array)


def test_big_endian_arrays_arrive_with_their_values() -> None:
    np.testing.assert_array_equal(across(np.arange(4, dtype=">f8")), np.arange(4.0))


def test_an_integer_beyond_64_bits_becomes_a_float() -> None:
    assert across(1 << 70) == float(1 << 70)
    assert across(10**400) == float("inf")


@pytest.mark.parametrize(
    "value",
    [
        {np.int64(1), np.int64(3)},
        {np.float32(0.5): "a", np.int8(2): "b"},
        frozenset({np.str_("a"), np.bool_(True)}),
        {(np.int64(1), np.int64(2))},
        [np.float64(np.inf), np.longdouble(0.5), np.uint64(7), np.bytes_(b"a")],
    ],
)
def test_numpy_scalars_arrive_as_pythons_own_also_in_sets_and_as_keys(value: object) -> None:
    arrived = across(value)
    assert arrived == value
    assert not any(isinstance(item, np.generic | np.ndarray) for item in arrived)


def test_a_complex_number_cannot_travel_in_a_set() -> None:
    assert across(np.complex128(1j)) == 1j
    with pytest.raises(NotPlainError, match="a complex128 in a set or as a key"):
        Packer().value({np.complex128(1j)})


@pytest.mark.parametrize(
    "value",
    [object(), len, np.array([object()]), np.array(["text"]), {"key": object()}, [socket.socket]],
    ids=["object", "function", "object array", "text array", "in a dict", "a class in a list"],
)
def test_what_is_not_plain_stays_where_it_is(value: object) -> None:
    with pytest.raises(NotPlainError):
        Packer().value(value)


def test_a_list_that_contains_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(NotPlainError, match=f"deeper than {MAX_DEPTH}"):
        Packer().value(loop)


def test_a_very_long_list_is_refused() -> None:
    with pytest.raises(NotPlainError, match="more than 100,000 values"):
        Packer().value([0] * 200_000)


@pytest.mark.parametrize("count", [2, 50_000])
def test_arrays_that_share_their_bytes_are_refused(count: int) -> None:
    value = Items("list", [Array("<f8", (3,), 0, 24)] * count)
    with pytest.raises(WireError, match="arrays that share the bytes of their frame"):
        unpack(value, memoryview(bytes(24)))


def test_arrays_in_a_deep_value_are_counted_without_end() -> None:
    value: Items | Array = Array("<f8", (3,), 0, 24)
    for _ in range(500):
        value = Items("list", [value, value])
    with pytest.raises(WireError):
        unpack(value, memoryview(bytes(24)))


def test_a_truth_value_is_true_or_false_whatever_its_byte() -> None:
    array = unpack_array(Array("|b1", (4,), 0, 4), memoryview(b"\x00\x01\x02\xff"))
    assert array.view(np.uint8).tolist() == [0, 1, 1, 1]


@pytest.mark.parametrize(
    "array",
    [
        Array("<f8", (0, MAX_BLOCK, MAX_BLOCK, MAX_BLOCK), 0, 0),
        Array("<f8", (3,), 0, 23),
        Array("<f8", (3,), 8, 24),
        Array("<f8", (3,), -8, 24),
        Array("<f8", (-3,), 0, 24),
        Array("|O", (3,), 0, 24),
        Array("<U6", (1,), 0, 24),
        Array(">f8", (3,), 0, 24),
        Array("<f8", (MAX_BLOCK, MAX_BLOCK), 0, 24),
        Array("<f8", (1,) * 9, 0, 8),
        Array("not a dtype", (3,), 0, 24),
    ],
)
def test_an_array_that_does_not_fit_its_frame_is_refused(array: Array) -> None:
    with pytest.raises(WireError):
        unpack_array(array, memoryview(bytes(24)))


def test_an_unhashable_key_is_refused() -> None:
    value = Pairs([(Items("list", []), Scalar(1))])
    with pytest.raises(WireError, match="unhashable"):
        unpack(value, memoryview(b""))


def test_an_unknown_container_is_refused() -> None:
    with pytest.raises(WireError, match="means nothing"):
        unpack(Items("deque", []), memoryview(b""))


def receive(data: bytes) -> object:
    """What a judge's channel makes of these bytes."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.close()
        return Channel(theirs, Reply).receive(time.monotonic() + 5)[0]


def frame(header: bytes, block: bytes = b"") -> bytes:
    return struct.pack(">II", len(header), len(block)) + header + block


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_wire_error(data: bytes) -> None:
    with pytest.raises(WireError):
        receive(data)


@given(st.binary(max_size=300), st.binary(max_size=50))
def test_any_frame_is_a_message_or_a_wire_error(header: bytes, block: bytes) -> None:
    try:
        message = receive(frame(header, block))
    except WireError:
        return
    assert isinstance(message, msgspec.Struct)


def test_a_well_formed_frame_is_read() -> None:
    assert receive(frame(msgspec.msgpack.encode(Done()))) == Done()


def test_a_frame_that_claims_to_be_huge_is_refused_before_it_is_read() -> None:
    with pytest.raises(WireError, match=f"{MAX_HEADER + 1}"):
        receive(struct.pack(">II", MAX_HEADER + 1, 0))
    with pytest.raises(WireError, match=f"{MAX_BLOCK + 1}"):
        receive(struct.pack(">II", 1, MAX_BLOCK + 1))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(WireError):
        receive(frame(b"\x91" * 100_000))


def test_the_end_of_the_stream_is_told_from_nonsense() -> None:
    with pytest.raises(ClosedError):
        receive(b"\x00")


@pytest.mark.parametrize("ahead", [0, 1, 1 << 16])
def test_messages_that_come_together_are_read_one_by_one(ahead: int) -> None:
    ours, theirs = socket.socketpair()
    values: list[object] = ["one", np.arange(3.0), None, np.ones((20, 50)), "last"]
    with ours, theirs:
        for value in values:
            packer = Packer()
            Channel(ours, Reply).send(Fetched(packer.value(value)), packer)
        ours.shutdown(socket.SHUT_WR)
        channel = Channel(theirs, Reply, ahead=ahead)
        for value in values:
            reply, block = channel.receive(time.monotonic() + 5)
            np.testing.assert_array_equal(unpack(reply.value, block), value)
        with pytest.raises(ClosedError):
            channel.receive(time.monotonic() + 5)


def test_open_files_come_with_their_message_where_nothing_is_read_ahead() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, open(__file__, encoding="utf-8") as here:
        for _ in range(2):
            Channel(ours, Request).send(Begin(seed=1))
            send_descriptors(ours, here.fileno())
        channel = Channel(theirs, Request, ahead=0)
        for _ in range(2):
            assert channel.receive(time.monotonic() + 5)[0] == Begin(seed=1)
            (descriptor,) = receive_descriptors(theirs, 1)
            with open(descriptor, encoding="utf-8") as there:
                assert os.fstat(there.fileno()).st_ino == os.stat(__file__).st_ino


def test_silence_ends_at_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        Channel(theirs, Reply).receive(time.monotonic() + 0.05)


def test_a_side_that_does_not_read_is_not_waited_for() -> None:
    ours, theirs = socket.socketpair()
    packer = Packer()
    message = Fetched(packer.value(np.zeros(1 << 20)))
    with ours, theirs, pytest.raises(TimeoutError):
        Channel(ours, Reply).send(message, packer, time.monotonic() + 0.05)


def test_one_byte_at_a_time_does_not_move_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"\x00" * 7)
        with pytest.raises(TimeoutError):
            Channel(theirs, Reply).receive(time.monotonic() + 0.05)
