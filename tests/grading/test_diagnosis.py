"""A mistake that is known is named by running it on the inputs of the check that failed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files
from autograder.course import shipped_course
from autograder.grading import diagnosis, grade_submission, replay
from autograder.grading.alike import alike, telling
from autograder.grading.diagnosis import Diagnoser
from autograder.grading.outcomes import Outcome, outcome_of
from autograder.grading.replay import FailedCheck, look
from autograder.grading.seeds import Draws
from autograder.grading.slips import ToldMistake, common
from autograder.grading.trusted import bench
from autograder.judging.check import Finding, check, load_checks
from autograder.judging.groups import all_needs, load_groups
from autograder.results import CheckResult, Report, Status
from autograder.sandbox.messages import Fetched
from autograder.sandbox.plain import Scalar
from autograder.sandbox.recording import MAX_BYTES, Recorder, unpacked
from autograder.sandbox.transports import Transport
from autograder.solved import Solved, Splice, WrongSolution, read_solved
from autograder.submission import Submission

ASSIGNMENT = load_assignment("fully_connected_nets", shipped_course())
CHECKS = load_checks(ASSIGNMENT)
GROUPS = load_groups(ASSIGNMENT)
FILES = reference_files(ASSIGNMENT)
LAYERS, NETS = "nn/layers.py", "nn/classifiers/fc_net.py"

Edit = tuple[str, str, str]


def solved() -> Solved:
    found = read_solved(ASSIGNMENT)
    assert found is not None
    return found


def edited(*edits: Edit) -> dict[str, bytes]:
    files = {path: FILES[path] for path in ASSIGNMENT.editable}
    for path, find, other in edits:
        assert files[path].count(find.encode()) >= 1, find
        files[path] = files[path].replace(find.encode(), other.encode(), 1)
    return files


def quick_of(assignment: Assignment) -> Mapping[str, CheckResult]:
    """Results for the checks that train, so that they do not run."""
    return {
        one.id: CheckResult(
            id=one.id, name="", status=Status.PASSED, score=one.points, max_score=one.points,
            bonus=False, rationale="", help="", seconds=0.0,
        )
        for one in load_checks(assignment).values() if not one.exact
    }  # fmt: skip


def graded(files: Mapping[str, bytes], level: str) -> Report:
    submission = Submission(student="ada", files=files)
    known = quick_of(ASSIGNMENT)
    return grade_submission(ASSIGNMENT, submission, level=level, seed=5, known=known)


def said_of(report: Report, id: str) -> tuple[str, str]:
    (result,) = (one for one in report.checks if one.id == id)
    return result.rationale, result.help


def failed_check(files: Mapping[str, bytes], id: str) -> FailedCheck:
    """A check run on the course's own code with an edit in it, as if it were a student's."""
    recorders: list[Recorder] = []

    def through(transport: Transport) -> Transport:
        recorders.append(Recorder(transport))
        return recorders[0]

    with bench(ASSIGNMENT) as place, place.holding(files) as code:
        error = code.run(CHECKS[id], Draws(seed=5, student="ada"), through=through)
    assert error is not None
    return FailedCheck(
        check=CHECKS[id],
        draws=Draws(seed=5, student="ada"),
        answers=unpacked(recorders[0].packed()),
        notebooks=recorders[0].notebooks,
    )


def looked(files: Mapping[str, bytes], id: str, *, seconds: float = 30.0) -> list[str]:
    failed = failed_check(files, id)
    with bench(ASSIGNMENT) as place:
        found = look(place, solved(), failed, CHECKS, GROUPS, seconds=seconds)
        return [slip.said for slip in found]


# --- what is named ----------------------------------------------------------------------------

MEAN = (LAYERS, "db = dout.sum(axis=0)", "db = dout.sum(axis=0) / len(dout)")
OTHER_HALF = (NETS, "np.sum(W1 * W1) + np.sum(W2 * W2)", "np.sum(W1 * W1)")


def test_a_known_mistake_in_other_words_is_named() -> None:
    assert looked(edited(MEAN), "affine_backward") == [
        "`db` is the mean over the rows; the gradient is their sum."
    ]


def test_two_known_mistakes_at_once_are_both_named() -> None:
    turned = (LAYERS, "dw = rows.T @ dout", "dw = rows.T @ (0 + dout)")
    assert looked(edited(MEAN, turned), "affine_backward") == looked(
        edited(MEAN), "affine_backward"
    )
    no_mean, set_to_one = (
        "    dx /= N\n    return loss, dx\n\n\ndef svm",
        "dx[np.arange(N), y] -= 1",
    )
    both = (
        (LAYERS, no_mean, no_mean.replace("/= N", "*= 1")),
        (LAYERS, set_to_one, "dx[np.arange(N), y] = 1"),
    )
    assert looked(edited(*both), "softmax_loss") == [
        "The entry of the right class is set to 1; 1 is subtracted from it.",
        "The gradient lacks the factor 1/N of the mean.",
    ]


def test_a_small_slip_that_nobody_wrote_down_is_told_by_its_kind() -> None:
    slip = (LAYERS, "return dout * (x > 0)", "return -dout * (x > 0)")
    said = ["`relu_backward`: this is the answer with `-dout` in place of `dout`."]
    assert looked(edited(slip), "relu_backward") == said
    mask = (LAYERS, "return dout * (x > 0)", "return dout * np.where(x > 0, x, 0)")
    assert looked(edited(mask), "relu_backward") == [
        "`relu_backward`: values stand where only a mask of 0 and 1 belongs."
    ]
    other = ("nn/optim.py", 'w = w - config["learning', 'w = w + w - config["learning')
    (said,) = looked(edited(other), "sgd")
    assert said == "`sgd`: a value is added where it should be set."


@pytest.mark.parametrize(
    ("slip", "id", "said"),
    [
        ((LAYERS, "rows @ w + b", "rows @ w.T + b"), "affine_forward", "transposed"),
        ((LAYERS, "rows @ w + b", "x @ w + b"), "affine_forward", "flattened"),
    ],
)
def test_the_same_exception_is_a_likely_mistake(slip: Edit, id: str, said: str) -> None:
    failed = failed_check(edited(slip), id)
    assert failed.raised
    assert not failed.sure
    assert said in " ".join(looked(edited(slip), id))


def test_an_exception_of_nobody_elses_is_left_alone() -> None:
    own = (LAYERS, "out = rows @ w + b", 'raise ValueError("shapes")\n    out = rows @ w + b')
    assert looked(edited(own), "affine_forward") == []


def test_what_a_check_needs_is_not_edited() -> None:
    """Dividing in the network what `affine_backward` gives is no mistake of `affine_backward`."""
    slip = (
        NETS,
        '        dhidden, grads["W2"]',
        '        dscores = dscores / len(X)\n        dhidden, grads["W2"]',
    )
    assert all("`affine" not in said for said in looked(edited(slip), "two_layer_loss"))


def told_of(function: str, exact: str, kind: str) -> ToldMistake:
    return ToldMistake(said=f"{function} {exact}", function=function, exact=exact, kind=kind)


def test_of_several_small_edits_what_they_share_is_told() -> None:
    one, two, three = (told_of("f", exact, "An index.") for exact in ("A.", "`b` is.", "C."))
    assert common([one, one]) == (one,)
    assert [both.said for both in common([one, two])] == ["`f`: a. Or `b` is."]
    assert [kind.said for kind in common([one, two, three])] == ["`f`: an index."]
    assert common([one, two, told_of("f", "D.", "A sign.")]) == ()
    assert common([one, told_of("g", "A.", "An index.")]) == ()
    assert common([ToldMistake(said="Known."), ToldMistake(said="Another.")]) == ()


def test_an_answer_of_nobody_elses_is_left_alone() -> None:
    own = (LAYERS, "db = dout.sum(axis=0)", "db = dout.sum(axis=0) * 1.3 + dout[0]")
    assert looked(edited(own), "affine_backward") == []


def test_where_time_is_up_nothing_is_said() -> None:
    assert looked(edited(MEAN), "affine_backward", seconds=0) == []


@pytest.mark.parametrize(
    "endless",
    [
        "while True: pass",
        "try:\n        while True: pass\n    except BaseException: return (dout, w, b)",
        "from time import process_time as t\n    e = t() + 30\n    while t() < e: dout @ w.T",
    ],
)
def test_a_mistake_that_never_ends_is_not_waited_for(
    endless: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "MISTAKE_SECONDS", 0.2)
    (mean,) = (one for one in solved().mistakes if one.name == "affine_backward_bias_mean")
    lines = solved().files[LAYERS].splitlines()
    at = lines.index("    " + MEAN[1])
    changes = {LAYERS: (Splice(at, at + 1, (f"    {endless}\n    {MEAN[1]}\n",)),)}
    stuck = WrongSolution(**{**_fields(mean), "name": "stuck", "changes": changes})
    both = Solved(**{**_fields(solved()), "mistakes": (stuck, mean)})
    failed = failed_check(edited(MEAN), "affine_backward")
    begun = time.process_time()
    with bench(ASSIGNMENT) as place:
        (found,) = look(place, both, failed, CHECKS, GROUPS, seconds=30)
    assert found.said == mean.diagnosis
    assert time.process_time() - begun < 10


def test_two_diagnoses_for_one_answer_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = {"diagnosis": "Something else.", "name": "twin"}
    (mean,) = (one for one in solved().mistakes if one.name == "affine_backward_bias_mean")
    both = (*solved().mistakes, WrongSolution(**{**_fields(mean), **twin}))
    failed = failed_check(edited(MEAN), "affine_backward")
    with bench(ASSIGNMENT) as place:
        ours = Solved(**{**_fields(solved()), "mistakes": both})
        assert look(place, ours, failed, CHECKS, GROUPS, seconds=30) == ()


def _fields(struct: object) -> dict[str, object]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}  # type: ignore[attr-defined]


# --- through the sandbox ----------------------------------------------------------------------


def test_the_student_reads_the_diagnosis_first(level_name: str) -> None:
    rationale, _ = said_of(graded(edited(MEAN), level_name), "affine_backward")
    assert rationale == (
        "`db` is the mean over the rows; the gradient is their sum. `affine_backward(dout, ...)` "
        "gives `db` that is 1/4 of the right value, and 4 is the number of rows."
    )


def test_what_is_only_likely_is_said_to_be(level_name: str) -> None:
    shift = (LAYERS, "shifted = x - x.max(axis=1, keepdims=True)", "shifted = 1.0 * x")
    rationale, help = said_of(graded(edited(shift), level_name), "softmax_stability")
    assert "not finite" in rationale
    assert help == (
        "Is there a log(0), an overflow in exp, or a division 0/0? "
        "A known mistake ends in the same way: `exp` is taken of the scores as they are, and "
        "overflows."
    )


def test_of_an_exception_the_mistake_is_only_likely(level_name: str) -> None:
    slip = (LAYERS, "rows @ w + b", "rows @ w.T + b")
    rationale, help = said_of(graded(edited(slip), level_name), "affine_forward")
    assert "raised ValueError: matmul" in rationale
    assert "end in the same way. One: The rows are multiplied by the transposed weights." in help


def test_a_right_answer_is_never_diagnosed(
    level_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Diagnoser, "_asked", _broken)
    assert graded(edited(), level_name).score == sum(one.points for one in CHECKS.values())


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("no diagnosis today")


def test_what_fails_in_here_changes_no_outcome(
    level_name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    named = graded(edited(MEAN), level_name)
    monkeypatch.setattr(Diagnoser, "_asked", _broken)
    with caplog.at_level(logging.WARNING, logger="autograder.grading.diagnosis"):
        plain = graded(edited(MEAN), level_name)
    assert "affine_backward is not diagnosed: no diagnosis today" in caplog.text
    assert plain.score == named.score
    rationale, _ = said_of(plain, "affine_backward")
    assert rationale.startswith("`affine_backward(dout, ...)` gives `db` that is 1/4")


def test_the_time_of_a_submission_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    class Slow:
        def ask(self, question: dict[str, float]) -> dict[str, list[str]]:
            asked.append(question["seconds"])
            return {"said": [], "seconds": 2.0}

    monkeypatch.setattr(diagnosis, "_process", Slow)
    diagnoser = Diagnoser(ASSIGNMENT, Draws(seed=1, student="ada"))
    error = Finding("wrong")
    for _ in range(4):
        recorder = diagnoser.recorder(CHECKS["sgd"], _Silent())
        outcome = diagnoser.named(outcome_of(error), error, CHECKS["sgd"], recorder)
        assert outcome == outcome_of(error)
    assert asked == [2.0, 2.0, 2.0]


class _Silent:
    def send(self, *_: object) -> None: ...

    def receive(self, deadline: float) -> tuple[object, memoryview]:
        return Fetched(Scalar(2.5)), memoryview(b"")


@pytest.mark.parametrize(
    "error", [None, ZeroDivisionError(), Finding("named", named=True), Finding("part", credit=0.5)]
)
def test_only_findings_without_a_name_are_asked_about(
    error: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Diagnoser, "_asked", _broken)
    diagnoser = Diagnoser(ASSIGNMENT, Draws(seed=1, student="ada"))
    outcome = outcome_of(error)
    recorder = diagnoser.recorder(CHECKS["sgd"], _Silent())
    assert diagnoser.named(outcome, error, CHECKS["sgd"], recorder) is outcome


def test_checks_that_train_are_not_recorded() -> None:
    silent = _Silent()
    assert (
        Diagnoser(ASSIGNMENT, Draws(seed=1, student="ada")).recorder(CHECKS["tuning"], silent)
        is silent
    )


# --- the words --------------------------------------------------------------------------------


def told(said: list[str], *, sure: bool = True, help: tuple[str, ...] = ()) -> tuple[str, str]:
    outcome = Outcome(status=Status.FAILED, rationale="`b1` does not start at 0.", help="Look.")
    found = diagnosis._told(outcome, {"said": said, "help": list(help), "sure": sure})
    return found.rationale, found.help


def test_the_words() -> None:
    first = "The biases are random."
    assert told([first]) == (f"{first} `b1` does not start at 0.", "Look.")
    assert told([first], help=("Which start?",))[1] == "Which start?"
    assert told(["`b1` does not start at 0."]) == ("`b1` does not start at 0.", "Look.")
    likely = f"Look. A known mistake ends in the same way: {first}"
    assert told([first], sure=False) == ("`b1` does not start at 0.", likely)
    two = diagnosis.SAME_ENDS.format(first, "They are ones.")
    assert two == (
        "Two known mistakes end in the same way. One: The biases are random. "
        "The other: They are ones."
    )


# --- answers ----------------------------------------------------------------------------------


def test_alike_is_up_to_rounding_and_strict_in_shape() -> None:
    one = {"W": np.array([[1.0, np.nan]]), "n": [3, "text", None]}
    assert alike(one, {"W": np.array([[1.00001, np.nan]], np.float32), "n": [3, "text", None]})
    for other in ({"W": np.array([1.0, np.nan])}, {**one, "n": [3, "text", 0]}, {"W": one["W"]}):
        assert not alike(one, other)
    assert not alike(np.array([1.0, np.inf]), np.array([1.0, 2.0]))
    assert not alike(np.array([1.0, np.inf]), np.array([1.0, np.nan]))
    assert not alike(True, "True")
    assert alike(..., ...)
    assert not alike(..., None)
    assert not alike([[1], [1, 2]], [1, 2])


def test_zeros_ones_and_few_whole_numbers_tell_nothing() -> None:
    for answer in ((0.5,), (None, {"a": np.array([0.0, 2.5])}), (np.arange(6),), (3, 4, 5, 6)):
        assert telling(answer)
    for answer in ((), ("text",), (np.zeros(9),), (np.eye(3),), (7,), (np.array([0.5, np.nan]),)):
        assert not telling(answer)


def test_a_recorder_keeps_what_it_has_room_for() -> None:
    class Large(_Silent):
        def receive(self, deadline: float) -> tuple[object, memoryview]:
            return Fetched(Scalar(2.5)), memoryview(bytes(MAX_BYTES // 2))

    recorder = Recorder(Large())  # type: ignore[arg-type]
    for kept in (1, 2, 0, 0):
        recorder.receive(0.0)
        assert len(unpacked(recorder.packed())) == kept


def test_nonsense_is_no_answer() -> None:
    from autograder.sandbox.plain import Array

    class Nonsense(_Silent):
        def receive(self, deadline: float) -> tuple[object, memoryview]:
            return Fetched(Array("float64", (9,), 0, 72)), memoryview(b"")

    recorder = Recorder(Nonsense())  # type: ignore[arg-type]
    recorder.receive(0.0)
    assert unpacked(recorder.packed()) == ()


def test_needs_are_followed_to_their_end() -> None:
    needs = set(all_needs(CHECKS["two_layer_loss"], CHECKS))
    assert {"two_layer_scores", "softmax_loss", "affine_forward"} <= needs
    assert "two_layer_loss" not in needs


Make = Callable[..., None]


def test_a_check_that_fails_for_nothing_it_fetched_is_not_diagnosed() -> None:
    @check("sgd", points=1)
    def moody(student: object, rng: np.random.Generator) -> None:
        """It fails whatever the answer is."""
        raise Finding("no")

    failed = FailedCheck(
        check=moody, draws=Draws(seed=1, student="ada"), answers=(2.5,), notebooks=False
    )
    with bench(ASSIGNMENT) as place:
        assert look(place, solved(), failed, CHECKS, GROUPS, seconds=5) == ()
    assert replay.NOTHING["said"] == []
