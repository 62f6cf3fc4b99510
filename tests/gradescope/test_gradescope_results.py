"""A report as Gradescope shows it: every check, no seed, and no zero that is ours."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.exhibit import (
    ArrayPair,
    Confusion,
    Curve,
    Exhibit,
    Factors,
    OwnCode,
    Reached,
    Understood,
)
from autograder.judging.shown import Compared, filters
from autograder.reports import show
from autograder.reports.elsewhere import MOST_CALL
from autograder.reports.gradescope import (
    NOT_YOUR_FAULT,
    gradescope_failure,
    gradescope_json,
    gradescope_results,
)
from autograder.reports.visibility import Visibility
from autograder.results import CheckResult, ManualPart, Report, Status
from autograder.submission import Submission, file_stem

SEED = 987654321


def check(id: str, status: Status, score: float = 0.0, **more: object) -> CheckResult:
    facts = {"name": f"{id} works.", "max_score": 2.0} | more
    return CheckResult(id=id, status=status, score=score, **facts)


def report(*checks: CheckResult, **more: object) -> Report:
    facts = {"student": "ada@example.com", "sandbox": "user", "seconds": 1.25} | more
    return Report(
        assignment="nets",
        score=sum(one.score for one in checks),
        max_score=sum(one.max_score for one in checks),
        seed=SEED,
        checks=checks,
        **facts,
    )


MIXED = report(
    check("relu", Status.PASSED, 2.0),
    check("loss", Status.PARTIAL, 1.0, rationale="Half is right.", help="Look at the mean."),
    check("net", Status.SKIPPED, rationale="It needs `loss`, which did not pass."),
    check("train", Status.NOT_ATTEMPTED, rationale="`TODO(train)` is still to be written."),
    check("why", Status.PERSON, rationale="A person decides."),
    manual=(ManualPart(id="essay", max_points=4.0, answered=True),),
)


def test_results_are_what_gradescope_reads(accepted):
    results = gradescope_results(MIXED, problems=["`a.py` was renamed."], group=["Ada", "Bo"])
    accepted(json.loads(gradescope_json(results)))
    assert results["score"] == 3.0
    assert results["execution_time"] == 1.25
    assert results["output"] == (
        "`a.py` was renamed.\n"
        "3 of 10 points: 1 passed, 1 partial, 1 not attempted, 1 skipped, 1 for a person.\n"
        "Start here: loss.\n"
        "essay: a person marks this, for up to 4 points."
    )
    assert results["extra_data"]["group"] == ["Ada", "Bo"]
    assert results["stdout_visibility"] == "hidden"


def test_every_check_is_a_test_causes_first():
    tests = gradescope_results(MIXED)["tests"]
    assert [(test["name"], test["score"], test["max_score"], test.get("status"))
            for test in tests] == [
        ("loss: loss works.", 1.0, 2.0, "failed"),
        ("train: train works.", 0.0, 2.0, "failed"),
        ("net: net works.", 0.0, 2.0, "failed"),
        ("why: why works.", 0.0, 2.0, None),
        ("relu: relu works.", 2.0, 2.0, "passed"),
    ]  # fmt: skip
    assert tests[0]["output"] == (
        "<p><b>(partial)</b></p>\n<p>Half is right.</p>\n"
        "<p><i>Where to look:</i> Look at the mean.</p>\n"
    )
    assert tests[1]["output"] == (
        "<p><b>(not attempted)</b></p>\n<p><code>TODO(train)</code> is still to be written.</p>\n"
    )
    assert tests[-1]["output"] == "<p>relu works.</p>\n"


def test_what_stood_in_is_said_and_is_data(accepted):
    said = "Marked with the course's `loss` in place of yours."
    net = check("net", Status.PASSED, 2.0, rationale=said, followed=("loss",))
    results = gradescope_results(report(check("loss", Status.FAILED), net))
    accepted(json.loads(gradescope_json(results)))
    shown = "<p>Marked with the course&#39;s <code>loss</code> in place of yours.</p>\n"
    assert results["tests"][1]["output"] == shown
    assert results["extra_data"]["followed"] == {"net": ["loss"]}


def test_extra_credit_is_beyond_the_maximum():
    bonus = check("extra", Status.PASSED, 2.0, bonus=True)
    results = gradescope_results(report(bonus))
    assert results["tests"][0]["max_score"] == 0.0
    assert "points, 2 of them extra credit: 1 passed." in results["output"]


def test_a_failure_of_the_grader_gives_no_score_at_all(accepted):
    failed = report(check("relu", Status.PASSED, 2.0), check("loss", Status.ERROR))
    results = gradescope_results(failed)
    accepted(json.loads(gradescope_json(results)))
    assert not {"score", "tests"} & results.keys()
    assert results["output"] == (
        f"{NOT_YOUR_FAULT}\nrelu: passed, 2/2\nloss: the grader failed here."
    )
    assert results["extra_data"]["grader_failed"] is True


def test_a_crash_gives_no_score_either(accepted):
    results = gradescope_failure("OSError: no space")
    accepted(results)
    assert not {"score", "tests"} & results.keys()
    assert NOT_YOUR_FAULT == (
        "The grader itself failed, and this is not your fault. You have no score yet, and lose "
        "none: your submission is kept, and your instructor can have it graded again."
    )


@pytest.mark.parametrize("status", list(Status))
def test_students_do_not_learn_the_seed(status):
    assert str(SEED) not in gradescope_json(gradescope_results(report(check("a", status)))).decode()


def test_a_students_words_are_text_and_no_markup(accepted):
    words = "<img src=x onerror=alert(1)> \x1b[31m \0 **bold** \u202e"
    code = OwnCode(path=words, start=1, text=f"x = 1\n</pre>{words}", marked=2)
    failed = check("a", Status.FAILED, rationale=words, help=words,
                   exhibit=Exhibit(code=code, tryout=f"</pre>{words}"))  # fmt: skip
    results = gradescope_results(report(failed), problems=[words], try_again=True)
    accepted(json.loads(gradescope_json(results)))
    (test,) = results["tests"]
    assert results["output_format"] == test["name_format"] == "text"
    assert test["output_format"] == "html"
    assert not set("\x1b\0\u202e") & set(results["output"] + test["output"])
    assert tags(test["output"]) <= {"p", "i", "b", "code", "pre", "details", "summary"}
    assert test["output"].count("&lt;img src=x onerror=alert(1)&gt;") == 5


def tags(page: str) -> set[str]:
    """The elements of a page; a `<` in a text is escaped."""
    return set(re.findall(r"<(\w+)", page))


# Pictures, code and the call ----------------------------------------------------------------------


def shown(**exhibit: object) -> str:
    failed = check("loss", Status.FAILED, rationale="It is wrong.", exhibit=Exhibit(**exhibit))
    return gradescope_results(report(failed), try_again=True)["tests"][0]["output"]


def pair(got: np.ndarray, right: np.ndarray) -> ArrayPair:
    return Compared(name="dx", got=got.astype(float), right=right.astype(float)).kept()


def test_a_small_array_is_a_table_in_which_what_differs_is_bold():
    right = np.arange(4.0).reshape(2, 2)
    page = shown(arrays=pair(right + np.array([[0, 0], [0, 6]]), right))
    assert tags(page) == {"p", "b", "code", "table", "tr", "td"}
    assert "1 of 4 entries differ." in page
    assert "What differs is bold." in page
    assert re.findall(r"<b>(.*?)</b>", page) == ["Yours", "9", "Right"]


def test_large_arrays_curves_and_weights_are_images_inside():
    noise = np.random.default_rng(0).standard_normal
    [weights] = filters("W1", noise((16, 3)), (1, 4, 4))
    page = shown(
        arrays=pair(noise((20, 30)), noise((20, 30))),
        curve=Curve(name="loss", steps=3, values=(2.0, None, 1.0)),
        accuracy=Reached(reached=0.3, needed=0.5, guess=0.1),
        filters=weights,
    )
    images = re.findall(
        r'<img alt="[^"<>]*" src="data:image/png;base64,([\w+/=]+)" width="\d+">', page
    )
    assert len(images) == page.count("<img") == 6
    assert "svg" not in page
    assert "style" not in page
    for image in images:
        assert base64.b64decode(image).startswith(b"\x89PNG")
    assert "Accuracy 0.300 (bar), needed 0.500 (solid line)" in page


def test_filter_factors_are_a_table_without_a_legend():
    page = shown(factors=Factors(sigma=(2.0,), got=(1.0,), right=(0.5,)))
    assert re.findall(r"<td align=\"right\">(.*?)</td>", page) == [
        "singular value", "yours", "right", "2", "<b>1</b>", "0.5",
    ]  # fmt: skip
    assert "Circles" not in page


def test_a_confusion_matrix_is_a_table_with_its_classes():
    page = shown(confusion=Confusion(counts=((5, 1), (0, 3))))
    assert re.findall(r"<td align=\"right\">(.*?)</td>", page) == [
        "", "0", "1", "0", "<b>5</b>", "1", "1", "0", "<b>3</b>",
    ]  # fmt: skip


def test_a_formula_is_shown_as_it_was_read():
    page = shown(understood=Understood(name="w", latex="a < b"))
    assert "<p>Your answer was read as <code>a &lt; b</code></p>" in page
    assert "<math" not in page


def test_the_call_is_there_where_the_course_hands_it_out_and_it_is_short():
    assert "<pre>print(1)</pre>" in shown(tryout="print(1)")
    assert "try_loss.py" in shown(tryout="print(1)")
    assert "details" not in shown(tryout="#" * (MOST_CALL + 1))
    failed = check("loss", Status.FAILED, exhibit=Exhibit(tryout="print(1)"))
    assert "print" not in gradescope_results(report(failed))["tests"][0]["output"]


def test_the_students_line_is_marked_and_counted():
    code = OwnCode(path="nn/a.py", start=9, text="def f(x):\n    return x", marked=10)
    page = shown(code=code)
    assert "<p>Your code: <code>nn/a.py</code>, line 10</p>" in page
    assert "   9   def f(x):\n  10 ▸ <b>    return x</b>\n" in page


def test_a_class_as_gradescope_reads_it(tmp_path, capsys, accepted):
    ada = Submission(student="ada@example.com", files={}, problems=("`a.py` was renamed.",))
    assignment = load_assignment("fully_connected_nets")
    show("gradescope", assignment, [ada], [MIXED], tmp_path)
    assert capsys.readouterr().out == f"{tmp_path}/gradescope\n"
    (path,) = (tmp_path / "gradescope").iterdir()
    assert path.stem == file_stem("ada@example.com")
    results = json.loads(path.read_bytes())
    accepted(results)
    assert results["output"].startswith("`a.py` was renamed.\n3 of 10 points: ")


# The leaderboard ----------------------------------------------------------------------------------

MEASURED = report(
    check("tuning", Status.PASSED, 2.0, accuracy=0.912345),
    check("training", Status.FAILED,
          exhibit=Exhibit(accuracy=Reached(reached=0.3, needed=0.5, guess=0.1))),
    check("built_on", Status.PASSED, 2.0, accuracy=0.9, followed=("training",)),
    check("relu", Status.PASSED, 2.0),
)  # fmt: skip


def test_a_leaderboard_has_the_students_own_accuracies(accepted):
    results = gradescope_results(MEASURED, leaderboard=True)
    accepted(json.loads(gradescope_json(results)))
    assert results["leaderboard"] == [
        {"name": "Accuracy: tuning", "value": 0.9123, "order": "desc"},
        {"name": "Accuracy: training", "value": 0.3, "order": "desc"},
    ]
    assert "leaderboard" not in gradescope_results(MEASURED)


def test_a_check_that_is_shown_later_is_on_no_leaderboard():
    later = Visibility(checks={"tuning": "after_published"})
    found = gradescope_results(MEASURED, leaderboard=True, visibility=later)["leaderboard"]
    assert [one["name"] for one in found] == ["Accuracy: training"]
