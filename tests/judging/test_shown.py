"""What a finding lets a page draw is bounded, shows what differs, and survives a file."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from autograder.exhibit import MAX_SIDE, MAX_STEPS, ArrayPair, Curve
from autograder.judging.arrays import expect_close, expect_number
from autograder.judging.check import Finding, on
from autograder.judging.shown import Compared, confusion, curve, drawing
from autograder.judging.trained import TrainingRun, history_drawn
from autograder.judging.training import expect_accuracy, expect_falling


def finding(function, *arguments, **options) -> Finding:
    with pytest.raises(Finding) as caught:
        function(*arguments, **options)
    return caught.value


@pytest.mark.parametrize(
    ("shape", "index"),
    [((7,), (3,)), ((300,), (299,)), ((4, 5), (0, 4)), ((100, 90), (99, 0)), ((2, 3, 40, 50),
     (1, 2, 39, 49)), ((2, 30, 40, 3), (1, 29, 0, 2))],
)  # fmt: skip
def test_the_entry_that_differs_is_in_the_part_that_is_kept(shape, index):
    right = np.zeros(shape)
    wrong = right.copy()
    wrong[index] = 1
    pair = Compared(name="dx", got=wrong, right=right).kept()
    assert pair is not None
    assert pair.rows <= MAX_SIDE
    assert pair.columns <= MAX_SIDE
    assert pair.wrong == 1
    got = np.frombuffer(pair.got, "<f4").reshape(pair.rows, pair.columns)
    differs = np.unpackbits(np.frombuffer(pair.differs, np.uint8), count=got.size)
    assert differs.sum() == 1
    row, column = np.argwhere(got == 1)[0]
    leading = list(pair.leading)
    last = [leading.pop()] if pair.channels_last else []
    place = [*leading, pair.row + row, pair.column + column, *last]
    assert tuple(place[1:] if len(shape) == 1 else place) == index


def test_numbers_and_equal_arrays_have_no_picture():
    assert Compared(name="loss", got=np.ones(()), right=np.zeros(())).kept() is None
    assert Compared(name="dx", got=np.ones(3), right=np.ones(3)).kept() is None


def test_a_wrong_array_is_shown_with_whatever_the_finding_says():
    right = np.ones((2, 3))
    for wrong in (2 * right, np.full((2, 3), np.nan), right + np.eye(2, 3)):
        found = finding(expect_close, "dx", wrong, right)
        assert [type(one) for one in found.shown] == [Compared]
    assert finding(expect_close, "dx", np.ones((3, 2)), right).shown == ()
    assert len(finding(expect_number, "loss", 1.0, 2.0).shown) == 1


def test_what_is_shown_stays_when_the_kind_of_input_is_said():
    def check():
        with on("a batch of one row"):
            expect_close("dx", np.zeros(2), np.ones(2))

    assert len(finding(check).shown) == 1


def test_curves_are_bounded_and_keep_what_is_not_finite_as_none():
    history = np.linspace(2, 1, 1000)
    history[500:] = np.inf
    kept = curve("loss", history)
    assert len(kept.values) == MAX_STEPS
    assert kept.steps == 1000
    assert kept.values[-1] is None
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Curve) == kept


def test_training_that_fails_is_shown_as_curve_and_share():
    assert finding(expect_falling, "loss", [1.0, 1.0]).shown == (curve("loss", np.ones(2)),)
    share = finding(expect_accuracy, 0.3, 0.5, classes=10, of="of images").shown[0]
    assert (share.reached, share.needed, share.guess) == (0.3, 0.5, 0.1)
    assert finding(expect_accuracy, float("nan"), 0.5, classes=10, of="of images").shown == ()


def test_a_kept_pair_survives_a_file():
    pair = Compared(name="dx", got=np.full((3, 3), np.nan), right=np.eye(3)).kept()
    assert msgspec.json.decode(msgspec.json.encode(pair), type=ArrayPair) == pair


def test_confusions_of_many_or_of_unknown_classes_are_not_drawn():
    labels = np.arange(3)
    assert confusion(labels, labels, 3)[0].counts == ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    assert confusion(labels, labels, 21) == []
    assert confusion(labels + 1, labels, 3) == []
    assert confusion(np.array([], int), np.array([], int), 3) == []


@pytest.mark.parametrize("history", [lambda: [2.0], lambda: None, lambda: ..., lambda: "text"])
def test_a_history_that_is_none_is_not_drawn(history):
    assert history_drawn("loss", history) == []


def test_what_fails_in_drawing_costs_nothing(caplog):
    broken = TrainingRun(accuracy=0.2, shown=lambda: [1 / 0])
    assert broken.drawn() == ()
    assert "a training is not drawn" in caplog.text


def test_what_is_drawn_stands_beside_whatever_is_found():
    def check():
        with drawing("a", "b"):
            raise Finding("It is wrong.")

    assert finding(check).shown == ("a", "b")
