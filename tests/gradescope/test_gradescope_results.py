"""A report as Gradescope shows it: every check, no seed, and no zero that is ours."""

from __future__ import annotations

import json

import pytest

from autograder.assignment import load_assignment
from autograder.reports import show
from autograder.reports.gradescope import (
    NOT_YOUR_FAULT,
    gradescope_failure,
    gradescope_json,
    gradescope_results,
)
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
        "essay: a person marks this, for up to 4 points."
    )
    assert results["extra_data"]["group"] == ["Ada", "Bo"]
    assert results["stdout_visibility"] == "hidden"


def test_every_check_is_a_test(accepted):
    tests = gradescope_results(MIXED)["tests"]
    assert [(test["score"], test["max_score"], test.get("status")) for test in tests] == [
        (2.0, 2.0, "passed"),
        (1.0, 2.0, "failed"),
        (0.0, 2.0, "failed"),
        (0.0, 2.0, "failed"),
        (0.0, 2.0, None),
    ]
    assert tests[0]["name"] == "relu: relu works."
    assert tests[0]["output"] == "relu works."
    assert tests[1]["output"] == "(partial)\nHalf is right.\n→ Look at the mean."
    assert tests[3]["output"] == "(not attempted)\n`TODO(train)` is still to be written."


def test_what_stood_in_is_said_and_is_data(accepted):
    said = "Marked with the course's `loss` in place of yours."
    net = check("net", Status.PASSED, 2.0, rationale=said, followed=("loss",))
    results = gradescope_results(report(check("loss", Status.FAILED), net))
    accepted(json.loads(gradescope_json(results)))
    assert results["tests"][1]["output"] == said
    assert results["extra_data"]["followed"] == {"net": ["loss"]}


def test_extra_credit_is_beyond_the_maximum():
    bonus = check("extra", Status.PASSED, 2.0, bonus=True)
    assert gradescope_results(report(bonus))["tests"][0]["max_score"] == 0.0


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
    results = gradescope_results(
        report(check("a", Status.FAILED, rationale=words, help=words)), problems=[words]
    )
    accepted(json.loads(gradescope_json(results)))
    (test,) = results["tests"]
    assert results["output_format"] == test["output_format"] == test["name_format"] == "text"
    assert not set("\x1b\0\u202e") & set(results["output"] + test["output"])


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
