"""The given module that saves weights: what it writes is what grading reads."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from autograder.judging.plain_arrays import MAX_BYTES
from autograder.judging.weights import FILE, network_parameters, read_weights


@pytest.fixture
def saving(nn: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.chdir(tmp_path)
    return importlib.import_module("nn.weights")


def model(**changes: object) -> SimpleNamespace:
    params = {"W1": np.ones((4, 3), np.float32), "b1": np.arange(3.0)}
    return SimpleNamespace(params=params | changes)


def test_what_is_saved_is_what_grading_reads(
    saving: ModuleType, nn: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    net = importlib.import_module("nn.classifiers.fc_net").TwoLayerNet(5, 6, 3)
    saving.save_weights(net)
    read = network_parameters(read_weights(Path(FILE).read_bytes()), ends=(5, 3))
    for name, value in net.params.items():
        np.testing.assert_array_equal(read[name], value)
        np.testing.assert_array_equal(saving.load_weights()[name], value)
    saving.expect_weights(net)
    assert capsys.readouterr().out == (
        "weights.npz is there and can be read: W1 (5, 6), b1 (6,), W2 (6, 3), b2 (3,).\n"
    )


def test_a_dictionary_will_do_and_the_last_one_counts(saving: ModuleType) -> None:
    saving.save_weights(model())
    saving.save_weights({"W1": np.zeros(2)})
    assert saving.load_weights().keys() == {"W1"}


def test_bounds_and_names_are_those_of_grading(saving: ModuleType) -> None:
    assert (saving.WEIGHTS, saving.MOST_BYTES) == (FILE, MAX_BYTES)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.array([None]), "`b1` is an array of type object, not of numbers."),
        (np.array(["1"]), "`b1` is an array of type <U1, not of numbers."),
        (np.array([1, np.nan]), "`b1` holds NaN or infinity: did training diverge?"),
        (np.zeros(5 << 20), "The parameters have 40 MiB; 32 can be read."),
    ],
    ids=["object", "text", "nan", "large"],
)
def test_what_grading_could_not_read_is_not_saved(
    saving: ModuleType, value: np.ndarray, said: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        saving.save_weights(model(b1=value))
    assert not Path(FILE).exists()


def test_a_missing_broken_or_old_file_is_said(saving: ModuleType) -> None:
    def said() -> str:
        with pytest.raises(AssertionError) as found:
            saving.expect_weights(model())
        return str(found.value)

    assert said() == "There is no weights.npz: run `save_weights(model)`."
    Path(FILE).write_bytes(b"PK\x03\x04 and nothing else")
    assert said() == (
        "weights.npz cannot be read (it is no .npz file, or a part of one): save the weights again."
    )
    np.savez(FILE, W1=np.array([None]))
    assert said().startswith("weights.npz cannot be read (Object arrays cannot be loaded")
    saving.save_weights(model(b1=np.zeros(3)))
    assert said() == "weights.npz holds another b1 than the model: save it again."
    saving.save_weights({"W1": model().params["W1"]})
    assert said() == "weights.npz holds another b1 than the model: save it again."
