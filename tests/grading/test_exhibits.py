"""What is kept of a failed check: the student's lines, and the call, which really fails again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest

from autograder.exhibit import MAX_LINES, Exhibit, OwnCode
from autograder.grading.exhibits import TRAINS, exhibit_of
from autograder.grading.literals import Literals
from autograder.grading.own_code import own_code
from autograder.grading.store import signed, why_not_ours
from autograder.grading.traced_calls import leading_to
from autograder.grading.tryout import NO_CALL, TOO_LARGE
from autograder.judging.check import Finding, check
from autograder.results import Report
from autograder.sandbox.messages import (
    Call,
    Callback,
    CallbackAnswer,
    Fetch,
    Fetched,
    GetAttribute,
    Kept,
    Raised,
)
from autograder.sandbox.plain import EllipsisValue
from autograder.sandbox.tracing import MAX_LARGE, LargeArray, Tracer, bounded_array, large_in
from autograder.sandbox.values import MAX_BLOCK, Packer, unpack

Grade = Callable[..., Report]
HALVED = "def double(x):\n    return x / 2\n\n\ndef negate(x):\n    return -x\n"
RAISING = "def double(x):\n    y = 2 * x\n    return y[99]\n\n\ndef negate(x):\n    return -x\n"


def exhibit(report: Report, id: str = "double") -> Exhibit:
    found = next(one for one in report.checks if one.id == id).exhibit
    assert isinstance(found, Exhibit)
    return found


def run(folder: Path, files: Mapping[str, str], text: str) -> subprocess.CompletedProcess[str]:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    (folder / "try_it.py").write_text(text)
    return subprocess.run(
        [sys.executable, "try_it.py"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_call_that_failed_fails_again_in_the_folder_that_was_handed_in(
    grade: Grade, tmp_path: Path
) -> None:
    shown = exhibit(grade({"nn/layers.py": HALVED}))
    files = {"nn/__init__.py": "", "nn/layers.py": HALVED}
    done = run(tmp_path / "handed_in", files, shown.tryout)
    assert done.stderr == ""
    assert float(done.stdout.split()[-1]) > 0
    again = run(tmp_path / "mended", {**files, "nn/layers.py": HALVED.replace("/ 2", "* 2")},
                shown.tryout)  # fmt: skip
    assert again.stdout.splitlines()[-1] == "largest difference 0.0"


def test_the_lines_and_the_arrays_are_the_students(grade: Grade) -> None:
    shown = exhibit(grade({"nn/layers.py": HALVED}))
    assert shown.code == OwnCode(
        path="nn/layers.py", start=1, text="def double(x):\n    return x / 2"
    )
    assert shown.arrays is not None
    assert (shown.arrays.name, shown.arrays.shape, shown.arrays.wrong) == ("out", (3,), 3)
    got, right = (np.frombuffer(data, "<f4") for data in (shown.arrays.got, shown.arrays.right))
    assert np.allclose(4 * got, right)


def test_the_line_that_raised_is_marked(grade: Grade, tmp_path: Path) -> None:
    shown = exhibit(grade({"nn/layers.py": RAISING}))
    assert shown.code is not None
    assert shown.code.marked == 3
    assert shown.arrays is None
    done = run(tmp_path / "own", {"nn/__init__.py": "", "nn/layers.py": RAISING}, shown.tryout)
    assert done.returncode == 1
    assert "IndexError" in done.stderr


def test_an_answer_without_a_call_shows_no_right_value(grade: Grade, notebook_file) -> None:
    shown = exhibit(grade({"lesson.ipynb": notebook_file("answer = 41")}), "answer")
    assert (shown.tryout, shown.no_tryout, shown.arrays) == ("", NO_CALL, None)


def test_what_passes_keeps_nothing_and_reads_as_before(grade: Grade) -> None:
    report = grade()
    assert all(one.exhibit is msgspec.UNSET for one in report.checks)
    assert b"exhibit" not in report.to_json()
    assert Report.from_json(report.to_json()) == report


def test_a_result_with_exhibits_is_signed_and_read_again(grade: Grade) -> None:
    report = signed(grade({"nn/layers.py": HALVED}), seed=5)
    again = Report.from_json(report.to_json())
    assert again == report
    assert why_not_ours(again, seed=5) == ""
    checks = tuple(
        msgspec.structs.replace(one, exhibit=Exhibit(tryout="print()"))
        if isinstance(one.exhibit, Exhibit) else one for one in again.checks
    )  # fmt: skip
    assert why_not_ours(msgspec.structs.replace(again, checks=checks), seed=5)


# The student's own lines --------------------------------------------------------------------------

LONG = "def double(x):\n" + '    """Doubles.\n\n    At length.\n    """\n' + "    x = x + 0\n" * 100
RELEASED = {"a.py": b'def double(x):\n    raise NotImplementedError("TODO(double)")\n'}


def lines(source: str, raised: Raised | None = None, called: str = "") -> OwnCode:
    found = own_code(
        "double", raised, called, release=RELEASED, submitted={"a.py": source.encode()}
    )
    assert found is not None
    return found


def test_long_functions_are_cut_and_docstrings_left_out() -> None:
    code = lines(LONG + "    return x\n")
    assert code.text.splitlines()[:2] == ["def double(x):", "    x = x + 0"]
    assert len(code.text.splitlines()) == MAX_LINES
    assert (code.before_gap, code.gap, code.more) == (1, 4, True)


def test_the_marked_line_is_among_those_that_are_kept() -> None:
    source = LONG + "    return y\n"
    last = len(source.splitlines())
    code = lines(source, Raised("NameError", "y", "a.py", last, "return y"))
    assert code.marked == last
    shown = code.text.splitlines()
    assert shown[last - code.start - code.gap if code.before_gap else last - code.start] == (
        "    return y"
    )


def test_the_last_definition_counts_and_no_python_has_none() -> None:
    assert lines("def double(x): return 1\ndef double(x): return 2\n").start == 2
    assert own_code("double", None, "", release=RELEASED, submitted={"a.py": b"def ("}) is None


def test_a_line_of_a_cell_is_found_in_its_cell(notebook_file) -> None:
    cells = notebook_file("x = 1", "def f():\n    return 1 / 0\nf()").encode()
    raised = Raised("ZeroDivisionError", "", "a notebook cell", 2, "return 1 / 0")
    code = own_code("f", raised, "", release={}, submitted={"a.ipynb": cells})
    assert code == OwnCode(
        path="a.ipynb", start=1, text="def f():\n    return 1 / 0", marked=2, cell=2
    )


# Requests -----------------------------------------------------------------------------------------


class Student:
    """A conversation in which every request is kept under a new number."""

    def __init__(self) -> None:
        self.tracer = Tracer(self)
        self._next = 0

    def send(self, message, packer, deadline) -> None:
        pass

    def receive(self, deadline):
        self._next += 1
        return Kept(self._next, "thing"), memoryview(b"")


def test_what_may_have_changed_the_answer_is_made_again_and_nothing_else() -> None:
    from autograder.sandbox.remote import Conversation
    from autograder.sandbox.remote import Student as Asked

    student = Student()
    asked = Asked(Conversation(student.tracer, 0.0), "nn", ())
    network, other = asked.net.Net(3), asked.net.Net(4)
    network.params["W1"] = np.ones(2)
    other.params["W1"] = np.zeros(2)
    network.backward(np.ones(3))
    network.forward(np.ones(1))
    names = [getattr(one.what, "name", "") for one in leading_to(student.tracer.requests)]
    assert names.count("Net") == 1
    assert "backward" in names
    assert names.count("params") == 1


def test_too_large_inputs_are_not_kept() -> None:
    from autograder.sandbox.remote import Conversation
    from autograder.sandbox.remote import Student as Asked

    assert MAX_BLOCK > 1 << 20
    student = Student()
    asked = Asked(Conversation(student.tracer, 0.0), "nn", ())
    asked.send(np.zeros(1 << 17))
    assert student.tracer.whole
    [request] = student.tracer.requests
    assert request.args == (LargeArray(shape=(1 << 17,), dtype="float64", low=0.0, high=0.0),)
    for _ in range(MAX_LARGE):
        asked.send(np.zeros(1 << 17))
    assert not student.tracer.whole
    assert student.tracer.requests == []


class Answering:
    """A worker whose replies are known beforehand."""

    def __init__(self, *replies: object) -> None:
        self._replies = list(replies)

    def send(self, message, packer, deadline) -> None:
        pass

    def receive(self, deadline):
        return self._replies.pop(0), memoryview(b"")


def test_what_the_courses_part_asks_meanwhile_is_no_call_of_the_check() -> None:
    callback = Callback(0, [], {}, {}, [])
    tracer = Tracer(Answering(Kept(1, "f"), callback, Fetched(EllipsisValue()), Kept(2, "out")))
    for message in (
        GetAttribute(0, "f"),
        Call(1, [], {}),
        Fetch(7),
        CallbackAnswer(EllipsisValue()),
    ):
        tracer.send(message, None, 0.0)
        tracer.receive(0.0)
    assert [(type(one.what), one.results) for one in tracer.requests] == [
        (GetAttribute, (1,)),
        (Call, (2,)),
    ]


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "uint8", "bool"])
def test_numbers_at_random_take_the_place_of_large_arrays(dtype) -> None:
    array = (np.arange(6_000).reshape(60, 100) % 10).astype(dtype)
    packer = Packer()
    value = packer.value([np.zeros(0), array, np.ones(3)])
    [none, kept, few] = unpack(value, packer.unjoined, arrays=bounded_array)
    assert (none.size, few.tolist()) == (0, [1.0, 1.0, 1.0])
    assert large_in({"X": [kept]})
    assert not large_in(few)
    drawn = eval(Literals(lambda handle: "").written(kept), {"np": np})
    assert (drawn.shape, drawn.dtype) == (array.shape, array.dtype)
    if array.dtype.kind in "iu":
        assert set(np.unique(drawn)) == set(range(10))


def test_what_goes_wrong_here_costs_nothing(caplog) -> None:
    @check("a", points=1)
    def a(student, rng):
        """It is right."""

    assert exhibit_of(a, Finding("It is wrong."), None, submitted=None) is None
    assert "nothing is kept of its failure" in caplog.text


@pytest.mark.parametrize(
    "value",
    [1, 2.5, float("inf"), -float("inf"), "it's", None, True, (1,), [], {"a": [1, (2, 3)]}, {1, 2},
     np.arange(6).reshape(2, 3), np.ones((2, 1), np.float32), np.zeros((0, 3)), np.array(True),
     np.linspace(0, 1, 1000).reshape(10, 10, 10), np.array([1 + 2j]), np.float32, ...],
)  # fmt: skip
def test_literals_give_the_value_again(value) -> None:
    literals = Literals(lambda handle: "")
    text = literals.written(value)
    names: dict = {"np": np}
    exec("import base64, io\n" + literals.unpacking(), names)
    again = eval(text, names)
    if isinstance(value, np.ndarray):
        assert again.dtype == value.dtype
        assert np.array_equal(again, value)
    else:
        assert again == value


def test_the_reasons_are_sentences() -> None:
    for reason in (NO_CALL, TOO_LARGE, TRAINS):
        assert reason.endswith(".")
