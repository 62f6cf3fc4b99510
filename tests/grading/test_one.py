"""Does every check of a submission get the result that it deserves?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import Assignment, NotBuiltError, load_assignment
from autograder.course import shipped_course
from autograder.grading import grade_submission
from autograder.results import Report, Status
from autograder.sandbox.memory_group import memory_bound
from autograder.sandbox.session import SandboxError
from autograder.submission import Submission

Grade = Callable[..., Report]


def notebook(*cells: str) -> str:
    import json

    made = [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells]
    return json.dumps({"cells": made})


def statuses(report: Report) -> dict[str, str]:
    return {result.id: result.status.value for result in report.checks}


def result(report: Report, id: str) -> tuple[str, str]:
    found = next(one for one in report.checks if one.id == id)
    return found.rationale, found.help


def test_a_right_submission_earns_everything(grade: Grade) -> None:
    report = grade()
    assert set(statuses(report).values()) == {"passed"}
    assert (report.score, report.max_score, report.seed) == (7, 7, 5)
    assert report.memory == memory_bound()


def test_an_untouched_submission_is_not_attempted(assignment: Assignment) -> None:
    files = {
        path.relative_to(assignment.release).as_posix(): path.read_bytes()
        for path in assignment.release.rglob("*")
        if path.is_file()
    }
    report = grade_submission(assignment, Submission(student="ada", files=files))
    assert set(statuses(report).values()) == {"not attempted"}
    assert report.score == 0
    assert result(report, "double_again") == ("`TODO(double)` is still to be written.", "")


def test_an_empty_submission_is_not_attempted(assignment: Assignment) -> None:
    report = grade_submission(assignment, Submission(student="ada", files={}))
    assert set(statuses(report).values()) == {"not attempted"}


def test_a_submission_that_could_not_be_read_says_why(assignment: Assignment) -> None:
    broken = Submission(student="ada", files={}, problems=("work.zip is damaged.",))
    report = grade_submission(assignment, broken)
    assert result(report, "double") == ("work.zip is damaged.", "")


def test_what_needs_a_failed_check_is_skipped(grade: Grade) -> None:
    report = grade({"nn/layers.py": "def double(x):\n    return x\n\ndef negate(x): return -x"})
    assert statuses(report) == {
        "double": "failed",
        "double_again": "skipped",
        "negate": "skipped",
        "answer": "passed",
    }
    assert result(report, "negate") == ("It needs `double`, which did not pass.", "")


def test_a_right_answer_above_a_forgotten_stub_counts(grade: Grade) -> None:
    source = """
def double(x):
    return x + x
    raise NotImplementedError("TODO(double)")

def negate(x):
    pass
"""
    report = grade({"nn/layers.py": source})
    assert statuses(report)["double"] == "passed"
    assert statuses(report)["negate"] == "not attempted"


def test_an_exception_names_the_students_line(grade: Grade) -> None:
    source = "def double(x):\n    return x @ x.T.T.T + undefined\n"
    rationale, _ = result(grade({"nn/layers.py": source}), "double")
    assert rationale == (
        "`double(array (3,))` raised NameError: name 'undefined' is not defined "
        "(nn/layers.py, line 2: `return x @ x.T.T.T + undefined`)"
    )


@pytest.mark.parametrize(
    ("source", "help"),
    [
        ("print 'hello'", "This is Python 2; in Python 3, print is a function: `print(x)`."),
        pytest.param(
            "import numpy as np\ndef double(x):\n    return np.product([2]) * x",
            "NumPy no longer has `np.product`; write `np.prod`.",
            marks=pytest.mark.skipif(np.__version__ < "2", reason="NumPy 1 has np.product"),
        ),
        (
            "import numpy as np\ndef double(x):\n    return np.float(2) * x",
            "NumPy no longer has `np.float`; write `float`.",
        ),
    ],
)
def test_leftovers_of_older_times_have_advice(grade: Grade, source: str, help: str) -> None:
    assert result(grade({"nn/layers.py": source}), "double")[1] == help


def test_an_endless_loop_costs_one_check(grade: Grade) -> None:
    source = "def double(x):\n    while True: pass\ndef negate(x):\n    return -x"
    report = grade({"nn/layers.py": source})
    assert result(report, "double") == (
        "`double(array (3,))` did not finish in the time that this check allows.",
        "Is there a loop that never ends, or one over single numbers that NumPy could do?",
    )
    assert statuses(report)["answer"] == "passed"


def test_a_crash_on_import_costs_what_needs_the_module(grade: Grade) -> None:
    report = grade({"nn/layers.py": "import os\nos._exit(0)"})
    assert statuses(report)["double"] == "failed"
    assert statuses(report)["answer"] == "passed"
    assert result(report, "double")[0] == "While it ran `nn.layers`, the process ended."


def test_a_cell_that_never_ends_is_left_out(grade: Grade) -> None:
    cells = ["answer = 41", "while True: pass", "answer += 1"]
    report = grade({"lesson.ipynb": notebook(*cells)})
    assert statuses(report) == dict.fromkeys(statuses(report), "passed")


def test_a_cell_that_ends_the_process_is_left_out(grade: Grade) -> None:
    report = grade({"lesson.ipynb": notebook("import os; os._exit(0)", "answer = 42")})
    assert statuses(report)["answer"] == "passed"


def test_many_such_cells_leave_the_modules(grade: Grade) -> None:
    report = grade({"lesson.ipynb": notebook(*["import os; os._exit(0)"] * 5, "answer = 42")})
    assert statuses(report)["double"] == "passed"
    assert statuses(report)["answer"] == "failed"


def test_a_missing_name_tells_which_cell_failed(grade: Grade) -> None:
    report = grade({"lesson.ipynb": notebook("1 / 0\nanswer = 42")})
    assert result(report, "answer") == (
        "`answer` is not defined in `lesson`.",
        "Code cell 1 of lesson.ipynb raised ZeroDivisionError: division by zero",
    )


def test_given_files_are_ours(grade: Grade) -> None:
    cells = ["from nn.given import WHOSE", "answer = 42 if WHOSE == 'ours' else 0"]
    report = grade({"nn/given.py": "WHOSE = 'mine'", "lesson.ipynb": notebook(*cells)})
    assert statuses(report)["answer"] == "passed"


def test_a_demonstration_does_not_run_and_a_changed_one_does(grade: Grade) -> None:
    cells = ["raise RuntimeError('demo')", "assert double(1) == 2", "answer = 42"]
    assert statuses(grade({"lesson.ipynb": notebook(*cells)}))["answer"] == "passed"
    changed = ["answer = 42  # was: raise RuntimeError('demo')"]
    assert statuses(grade({"lesson.ipynb": notebook(*changed)}))["answer"] == "passed"


@pytest.mark.parametrize("broken", ["", "not JSON", "[]", '{"cells": 1}', "\0\0", "{" * 10_000])
def test_a_broken_notebook_keeps_the_modules(grade: Grade, broken: str) -> None:
    report = grade({"lesson.ipynb": broken})
    assert statuses(report)["negate"] == "passed"
    assert statuses(report)["answer"] in ("failed", "not attempted")
    assert report.score == 6


def test_a_file_outside_is_not_written(grade: Grade, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    report = grade({f"../../../../../../../../{outside}": "", str(outside): "x = 1"})
    assert report.score == 7
    assert not outside.exists()


def test_the_submissions_time_is_bounded(grade: Grade) -> None:
    report = grade(total_seconds=0)
    assert result(report, "answer")[0] == "The submission has used up its 0 s."


def test_grading_again_gives_the_same_report(grade: Grade) -> None:
    source = "import numpy as np\ndef double(x):\n    return x * np.random.rand()"
    first, second = (grade({"nn/layers.py": source}) for _ in range(2))
    assert [c.rationale for c in first.checks] == [c.rationale for c in second.checks]


def test_a_sandbox_that_does_not_start_is_an_error(
    assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SandboxError("no more processes")

    monkeypatch.setattr("autograder.grading.loading.Session", fail)
    report = grade_submission(assignment, Submission(student="ada", files={}))
    assert {one.status for one in report.checks} == {Status.ERROR}
    assert report.failed_to_grade
    assert report.checks[0].rationale == "The grader failed: SandboxError: no more processes"


def test_a_release_that_is_not_as_it_was_built_is_said_to_be_so(assignment: Assignment) -> None:
    layers = assignment.release / "nn" / "layers.py"
    layers.write_text("")
    changed = f"{layers} is not the file that was built; run `autograder build tiny`."
    with pytest.raises(NotBuiltError) as raised:
        grade_submission(assignment, Submission(student="ada", files={}))
    assert str(raised.value) == changed
    layers.unlink()
    missing = f"{layers} is missing; run `autograder build tiny`."
    with pytest.raises(NotBuiltError) as raised:
        grade_submission(assignment, Submission(student="ada", files={}))
    assert str(raised.value) == missing


def test_nothing_fails_where_no_file_could_be_read() -> None:
    """Also what has no place of its own: the steps of a derivation that another check asks for."""
    nothing = Submission(student="eve", files={}, problems=("The notebook cannot be read.",))
    report = grade_submission(load_assignment("pca_kmeans", shipped_course()), nothing)
    assert {result.status for result in report.checks} == {Status.NOT_ATTEMPTED}
    assert {result.rationale for result in report.checks} == {"The notebook cannot be read."}
