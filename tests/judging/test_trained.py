"""Does saved training count where it should, and is it kept honest by training again?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from autograder.assignment import TrainingGrades, load_assignment
from autograder.course import shipped_course
from autograder.grading.seeds import Draws
from autograder.judging.check import Finding, PersonNeeded
from autograder.judging.handed_in import Author, HandedIn, assignment_of
from autograder.judging.plain_arrays import Unusable
from autograder.judging.training import Goal, expect_trained, share_right
from autograder.judging.weights import FILE
from autograder.sandbox.remote import Student

GOAL = Goal(part="tuning", needed=0.9, classes=10, rows=400, help="Look at the loss.")
READABLE = b"PK\x05\x06" + b"\0" * 18  # an empty zip: `saved` below decides what is in it


class Trainer:
    """Training that reaches an accuracy, and remembers whether it was run."""

    def __init__(self, reaches: float) -> None:
        self.reaches = reaches
        self.runs = 0

    def __call__(self) -> float:
        self.runs += 1
        return self.reaches


Handing = Callable[..., Author]
ASSIGNMENT = load_assignment("mnist_numpy", shipped_course())


@pytest.fixture
def student(in_this_process: Callable[[HandedIn], Author]) -> Handing:
    """Hands in a file of weights, in a course that grades training in one way or the other."""

    def hand_in(
        file: bytes | None,
        *,
        share: float = 0.0,
        grades: str = "weights",
        stub: bool = False,
        seed: int = 0,
    ) -> Author:
        chosen = TrainingGrades(grades=grades, retrain_share=share)
        submitted = HandedIn(
            assignment=replace(ASSIGNMENT, training_grades=chosen),
            files={} if file is None else {FILE: file},
            release={"part.py": b"raise NotImplementedError('TODO(tuning)')"} if stub else {},
            lot=Draws(seed=seed, student="ada").lot,
        )
        return in_this_process(submitted)

    return hand_in


@pytest.fixture(autouse=True)
def read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read elsewhere; here every one that is there holds something."""
    monkeypatch.setattr("autograder.judging.training.read_weights", lambda data: {"W1": data})


def judge(who: Author, train: Trainer, saved: float | str) -> None:
    def accuracy(arrays: object) -> float:
        if isinstance(saved, str):
            raise Unusable(saved)
        return saved

    expect_trained(who, GOAL, saved=accuracy, train=train)


def said(judged: Callable[[], None]) -> tuple[str, str]:
    with pytest.raises(Finding) as found:
        judged()
    return found.value.rationale, found.value.help


def test_training_again_is_the_default_and_looks_at_no_file(student: Handing) -> None:
    train = Trainer(0.95)
    judge(student(READABLE, grades="retrain"), train, saved=0.1)
    assert train.runs == 1
    assert said(lambda: judge(student(None, grades="retrain"), Trainer(0.8), 1.0)) == (
        "Accuracy 0.800 on images that were not trained on; needed 0.900; a constant guess has "
        "about 0.10.",
        "Look at the loss.",
    )


def test_saved_weights_count_without_training(student: Handing) -> None:
    train = Trainer(0.1)
    judge(student(READABLE), train, saved=0.9)
    assert train.runs == 0


def test_saved_weights_that_are_not_good_enough_fail_without_training(student: Handing) -> None:
    train = Trainer(1.0)
    assert said(lambda: judge(student(READABLE), train, saved=0.12)) == (
        "Accuracy 0.120 with the weights in `weights.npz` on images held back; needed 0.900; a "
        "constant guess has about 0.10.",
        "Look at the loss.",
    )
    assert train.runs == 0


def test_a_missing_file_costs_nothing_but_time(student: Handing) -> None:
    train = Trainer(0.95)
    judge(student(None), train, saved=0.0)
    assert train.runs == 1
    assert said(lambda: judge(student(None), Trainer(0.5), 0.0)) == (
        "Accuracy 0.500 on images that were not trained on; needed 0.900; a constant guess has "
        "about 0.10.",
        "`weights.npz` was not handed in. So your code was trained instead. Look at the loss.",
    )


def test_a_file_that_cannot_be_used_costs_nothing_but_time(student: Handing) -> None:
    judge(student(READABLE), Trainer(0.95), saved="`W1` is a poem.")
    _, help = said(lambda: judge(student(READABLE), Trainer(0.5), "`W1` is a poem."))
    assert help == "`W1` is a poem. So your code was trained instead. Look at the loss."


def test_a_share_is_trained_again_and_the_same_one_every_time(student: Handing) -> None:
    def trained(share: float) -> list[int]:
        runs = []
        for seed in range(300):
            train = Trainer(0.95)
            judge(student(READABLE, share=share, seed=seed), train, saved=0.95)
            runs.append(train.runs)
        return runs

    assert trained(0.0) == [0] * 300
    assert trained(1.0) == [1] * 300
    tenth = trained(0.1)
    assert tenth == trained(0.1)
    assert 10 <= sum(tenth) <= 50
    assert all(more >= fewer for more, fewer in zip(trained(0.3), tenth, strict=True))


def open_to_a_person(who: Author, train: Trainer) -> str:
    with pytest.raises(PersonNeeded) as found:
        judge(who, train, 0.97)
    return str(found.value)


def test_weights_that_the_code_does_not_give_are_left_to_a_person(student: Handing) -> None:
    assert GOAL.chance == pytest.approx(0.045)
    assert open_to_a_person(student(READABLE, share=1.0), Trainer(0.2)) == (
        "The weights in `weights.npz` have accuracy 0.970. Trained again, your code reaches 0.200; "
        "needed 0.900, less 0.045 for chance. The code that was handed in does not give these "
        "weights; was it changed after saving?"
    )


def test_chance_costs_an_honest_student_nothing(student: Handing) -> None:
    judge(student(READABLE, share=1.0), Trainer(0.86), saved=0.91)


def test_nothing_passes_that_is_not_a_number(student: Handing) -> None:
    assert "nan" in open_to_a_person(student(READABLE, share=1.0), Trainer(np.nan))


def test_a_part_that_is_still_a_stub_is_always_trained(student: Handing) -> None:
    train = Trainer(0.1)
    assert "does not give these" in open_to_a_person(student(READABLE, stub=True), train)
    assert train.runs == 1


def test_the_file_is_found_in_another_folder_too() -> None:
    def found(**files: bytes) -> bytes | None:
        return HandedIn(assignment=ASSIGNMENT, files=files).find(FILE)

    assert found(**{"hw/weights.npz": b"x"}) == b"x"
    assert found(**{"a/weights.npz": b"x", "b/weights.npz": b"y"}) is None
    assert found(**{"a/weights.npz": b"x", FILE: b"y"}) == b"y"


def test_of_a_worker_alone_no_submission_is_known() -> None:
    known = Student(None, "nn", ())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="only a worker is known of this student"):
        assignment_of(known)


def test_shares_are_counted_over_all_batches() -> None:
    X = np.random.default_rng(0).standard_normal((1203, 4))
    y = X.argmax(axis=1)
    y[:3] = (y[:3] + 1) % 4
    assert share_right(lambda rows: rows, X, y) == pytest.approx(1200 / 1203)
