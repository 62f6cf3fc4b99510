"""Logs that students saved: every format in which they come, and nothing that unpickles."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.judging.histories import MAX_TEXT, read_history
from autograder.judging.plain_arrays import Unusable

LOSSES, ACCURACIES = [2.5, 1.25, 0.5], [0.1, 0.75]
UNEQUAL = "has rows of unequal length, or numbers too large."
ROWS = ["epoch,loss", *(f"{epoch},{loss}" for epoch, loss in enumerate(LOSSES))]


class Bomb:
    """Unpickled, it would end the test."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return pytest.exit, ("a log was unpickled",)


def saved(save: Callable[..., None], *arrays: object, **named: object) -> bytes:
    file = io.BytesIO()
    save(file, *arrays, **named)
    return file.getvalue()


def refused(data: bytes, path: str) -> str:
    with pytest.raises(Unusable) as reason:
        read_history(data, path)
    return str(reason.value)


def test_what_the_solver_saves_is_read() -> None:
    data = saved(np.savez, loss_history=LOSSES, val_acc_history=ACCURACIES)
    history = read_history(data, "logs/two_layer.npz")
    assert history["loss_history"].tolist() == LOSSES
    assert history["val_acc_history"].tolist() == ACCURACIES
    packed = saved(np.savez_compressed, loss=np.float32(LOSSES))
    assert read_history(packed, "a.NPZ")["loss"].tolist() == LOSSES


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("logs/loss.npy", saved(np.save, LOSSES)),
        ("logs/loss.json", json.dumps(LOSSES).encode()),
        ("any.json", json.dumps({"loss": LOSSES, "seconds": 4}).encode()),
        ("any.csv", "\n".join(ROWS).encode()),
        ("any.csv", "\r\n".join([*ROWS, "", ""]).encode("utf-8-sig")),
    ],
)
def test_every_format_gives_the_same_numbers(path: str, data: bytes) -> None:
    assert read_history(data, path)["loss"].tolist() == LOSSES


def test_rows_and_numbers_that_are_not_finite_are_read() -> None:
    assert read_history(b"[[1, 2], [3, 4]]", "a.json")["a"].shape == (2, 2)
    assert np.isnan(read_history(b"[NaN, 1]", "a.json")["a"][0])
    assert np.isinf(read_history(b"loss\ninf", "a.csv")["loss"][0])
    assert read_history(b"loss", "a.csv")["loss"].size == 0


@pytest.mark.parametrize("path", ["logs/a.npy", "a.npz", "a.pkl", "a.json", "a.csv"])
def test_a_pickle_is_never_loaded(path: str) -> None:
    objects = np.array([Bomb(), None], dtype=object)
    for data in (
        pickle.dumps(Bomb()),
        saved(np.save, objects, allow_pickle=True),
        saved(np.savez, loss=objects),
    ):
        assert f"`{path}`" in refused(data, path)


def test_an_array_of_objects_is_named() -> None:
    data = saved(np.savez, loss=np.array([Bomb()], dtype=object))
    assert refused(data, "logs/a.npz") == (
        "`loss` in `logs/a.npz` is an array of type '|O'; only plain numbers are read, and nothing "
        "that would have to be unpickled."
    )


@pytest.mark.parametrize(
    ("path", "data", "says"),
    [
        ("a.txt", b"1", "`a.txt` is not read as a log; save it as .npz, .npy, .json or .csv."),
        ("a.npy", b"", "`a.npy` does not begin as an array does."),
        ("a.npz", b"", "`a.npz` is damaged or no zip: make the zip again and hand it in."),
        ("a.json", b"{", "`a.json` is not JSON."),
        ("a.json", b"[" * 100_000, "`a.json` is not JSON."),
        ("a.json", b"\xff", "`a.json` is not UTF-8 text."),
        ("a.json", b'{"loss": ["2"]}', "`loss` in `a.json` holds something else than numbers."),
        ("a.json", b"[true]", "`a` in `a.json` holds something else than numbers."),
        ("a.json", b"[[[1]]]", "`a` in `a.json` holds something else than numbers."),
        (
            "a.json",
            b"[[1], [2, 3]]",
            "`a` in `a.json` has rows of unequal length, or numbers too large.",
        ),
        ("a.csv", b"", "`a.csv` does not begin with a line of up to 64 different names."),
        ("a.csv", b"x,x", "`a.csv` does not begin with a line of up to 64 different names."),
        ("a.csv", b"x,y\n1", "`a.csv` has 2 names and a line with 1 values."),
        ("a.csv", b"x\n=cmd()", "`x` in `a.csv` holds something else than numbers."),
        ("a.csv", b" " * (MAX_TEXT + 1), "`a.csv` has more than 4 MiB."),
    ],
)
def test_what_cannot_be_read_is_said(path: str, data: bytes, says: str) -> None:
    assert refused(data, path) == says


def test_too_many_histories_are_refused() -> None:
    many = json.dumps({str(number): [1] for number in range(65)}).encode()
    assert refused(many, "a.json") == "`a.json` holds more than 64 histories."
