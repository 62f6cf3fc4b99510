"""Is an `.npz` of saved weights read as it was meant, and no crafted one believed or obeyed?"""

from __future__ import annotations

import io
import re
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging import plain_arrays
from autograder.judging.plain_arrays import Unusable
from autograder.judging.weights import network_parameters, read_weights


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def member(header: str, data: bytes = b"", version: int = 1) -> bytes:
    """One array with a header of ours."""
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header.encode("latin-1") + data


def network(hidden: int = 7, **changes: np.ndarray) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = {"W1": (6, hidden), "b1": (hidden,), "W2": (hidden, 3), "b2": (3,)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()} | changes


def refused(data: bytes) -> str:
    with pytest.raises(Unusable) as found:
        read_weights(data)
    return str(found.value)


@pytest.mark.parametrize(
    "dtype", ["<f8", "<f4", "<f2", ">f8", ">f4", "<i8", "<i4", ">i2", "|i1", "|u1", "<u4"]
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_kind_of_plain_numbers_is_read(dtype: str, order: str) -> None:
    values = np.arange(12).reshape(3, 4)
    read = read_weights(npz(W1=np.array(values, dtype=dtype, order=order), b=np.array(3.0)))
    np.testing.assert_array_equal(read["W1"], values)
    assert read["W1"].dtype == np.float64
    assert read["b"].shape == ()


def test_compressed_and_empty_arrays_and_later_versions_are_read() -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **network())
    assert read_weights(buffer.getvalue()).keys() == {"W1", "b1", "W2", "b2"}
    assert read_weights(npz(W1=np.zeros((0, 4))))["W1"].shape == (0, 4)
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"
    data = zipped({"a.npy": member(header, np.array([1.0, 2.0]).tobytes(), version=2)})
    np.testing.assert_array_equal(read_weights(data)["a"], [1, 2])


class Bomb:
    """What runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('unpickled')",)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (np.array([Bomb()], dtype=object), "|O"),
        (np.array(["text"]), "<U4"),
        (np.array([1j]), "<c16"),
        (np.array([True]), "|b1"),
        (np.array(["2026-01-01"], dtype="datetime64[D]"), None),
        (np.zeros(2, dtype=[("a", "<f8")]), None),
        (np.array([b"ab"]), "|S2"),
    ],
    ids=["object", "text", "complex", "bool", "date", "record", "bytes"],
)
def test_nothing_is_unpickled_and_no_other_type_is_read(value: np.ndarray, dtype: str) -> None:
    said = refused(npz(W1=value))
    if dtype is None:
        assert said == "`W1` in `weights.npz` does not begin as an array does."
    else:
        assert said == (
            f"`W1` in `weights.npz` is an array of type {dtype!r}; only plain numbers are read, "
            "and nothing that would have to be unpickled."
        )


@pytest.mark.parametrize(
    "shape",
    ["(-1,)", "(-2, -2)", "(1e3,)", "(2,2", "__import__('os')", "((((2))))", "(9999999999,)"],
)
def test_a_header_is_matched_and_never_evaluated(shape: str) -> None:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    said = refused(zipped({"W1.npy": member(header, b"\0" * 32)}))
    assert said == "`W1` in `weights.npz` does not begin as an array does."


@pytest.mark.parametrize("shape", ["(999999999,)", "(999999999, 999999999)", "(2, 2, 2, 2, 2)"])
def test_a_huge_shape_needs_no_memory(shape: str) -> None:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    said = refused(zipped({"W1.npy": member(header)}))
    assert said == f"`W1` in `weights.npz` has shape {shape}; that is too large."


def test_numbers_have_to_be_as_many_as_the_shape_says() -> None:
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }"
    said = refused(zipped({"W1.npy": member(header, b"\0" * 40)}))
    assert said == ("`W1` in `weights.npz` has 40 bytes; its shape (3, 2) and type '<f8' need 48.")


def test_a_long_header_is_not_read() -> None:
    said = refused(zipped({"W1.npy": member("(" * 5000)}))
    assert said == "`W1` in `weights.npz` has a header of 5000 bytes."


@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", b"\x93NUMPY\x09\x00\x00\x00abcdefgh", b"print('hello')" * 9]
)
def test_what_is_no_array_is_refused(content: bytes) -> None:
    said = refused(zipped({"W1.npy": content}))
    assert said == "`W1` in `weights.npz` does not begin as an array does."


def test_what_is_no_zip_is_refused() -> None:
    damaged = "`weights.npz` is damaged or no zip: make the zip again and hand it in."
    assert refused(b"") == refused(b"PK\x03\x04") == refused(npz(W1=np.ones(3))[:-30]) == damaged


def test_an_empty_zip_and_a_large_file_are_refused() -> None:
    assert refused(zipped({})) == "`weights.npz` holds no arrays."
    assert refused(b"\0" * (plain_arrays.MAX_BYTES + 1)) == "`weights.npz` has more than 32 MiB."


def test_a_bomb_is_not_unpacked() -> None:
    one = zipped({"W1.npy": b"\0" * (8 << 20)})
    assert len(one) < 100_000
    assert refused(one) == (
        "`W1.npy` in the zip unpacks to more than 200 times its packed size, and was left out."
    )


def test_many_members_that_are_small_one_by_one_are_bounded_together() -> None:
    rng = np.random.default_rng(0)
    noise = np.repeat(rng.integers(0, 255, 1 << 18, dtype=np.uint8), 4)
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({noise.size},), }}"
    content = member(header, noise.tobytes())
    said = refused(zipped({f"W{n}.npy": content for n in range(40)}))
    assert said == "`weights.npz` unpacks to more than 32 MiB."


def test_a_table_of_contents_of_many_lines_is_not_read() -> None:
    said = refused(zipped({f"{n}.npy": b"" for n in range(65)}))
    assert said == "`weights.npz` holds more than 64 files and was not opened."


def test_a_size_that_is_a_lie_does_not_help() -> None:
    data = bytearray(zipped({"W1.npy": b"\0" * (6 << 20)}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)  # the size when unpacked
    assert "damaged" in refused(bytes(data)) or "does not begin" in refused(bytes(data))


def test_names_are_shown_safely() -> None:
    said = refused(zipped({"\x1b[31mred.npy": b"nothing"}))
    assert "\x1b" not in said


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_noise_in_a_good_file_is_refused_or_read(noise: bytes, place: int) -> None:
    data = bytearray(npz(**network()))
    data[place : place + len(noise)] = noise
    try:
        read = read_weights(bytes(data))
    except Unusable:
        return
    assert all(value.dtype == np.float64 for value in read.values())


# --- networks ---------------------------------------------------------------------------------


def unfit(arrays: dict[str, np.ndarray], **options: object) -> str:
    with pytest.raises(Unusable) as found:
        network_parameters(arrays, ends=(6, 3), **options)
    return str(found.value)


def test_any_number_of_layers_and_units_fits() -> None:
    one = {"W1": np.ones((6, 3)), "b1": np.ones(3)}
    three = network(b1=np.ones((1, 7)), W2=np.ones((7, 4)), b2=np.ones((4, 1)))
    three |= {"W3": np.ones((4, 3)), "b3": np.ones(3)}
    for arrays in (one, network(), network(hidden=50), three):
        params = network_parameters(arrays, ends=(6, 3))
        assert all(value.ndim == 1 for name, value in params.items() if name.startswith("b"))


def test_sizes_may_be_prescribed() -> None:
    assert network_parameters(network(), (6, 7, 3), ends=(6, 3)).keys() == network().keys()
    assert unfit(network(), sizes=(6, 8, 3)) == (
        "`weights.npz` holds the network 6-7-3; expected 6-8-3."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"W1": np.ones((5, 7))}, "`W1` in `weights.npz` has shape (5, 7); expected (6, units)."),
        ({"W1": np.ones(6)}, "`W1` in `weights.npz` has shape (6,); expected (6, units)."),
        ({"b1": np.ones(3)}, "`b1` in `weights.npz` has shape (3,); expected (7,)."),
        ({"W2": np.ones((4, 3))}, "`W2` in `weights.npz` has shape (4, 3); expected (7, 3)."),
        (
            {"W2": np.ones((7, 4)), "b2": np.ones(4)},
            "`weights.npz` gives 4 scores; there are 3 classes.",
        ),
        ({"b2": np.array([1, np.nan, 2])}, "`b2` in `weights.npz` holds NaN or infinity."),
        ({"W2": np.full((7, 3), np.inf)}, "`W2` in `weights.npz` holds NaN or infinity."),
        (
            {"gamma": np.ones(3)},
            "`weights.npz` holds W1, W2, b1, b2, gamma; expected W1, b1, W2, b2 and so on.",
        ),
    ],
    ids=["inputs", "vector", "biases", "chain", "classes", "nan", "infinity", "names"],
)
def test_what_is_no_such_network_is_said(changes: dict[str, np.ndarray], said: str) -> None:
    assert unfit(network(**changes)) == said


def test_a_huge_network_is_not_computed() -> None:
    said = unfit(network(hidden=5000))
    assert said == (
        "`weights.npz` holds the network 6-5000-3; up to 4096 units in a layer and 4,000,000 "
        "weights are read."
    )
    assert re.search(r"\b4096\b", said)
