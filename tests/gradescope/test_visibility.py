"""When students see which check on Gradescope, and that nothing tells of the others before."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import load_assignment, read_release_file
from autograder.course import CourseError, read_course, shipped_course
from autograder.gradescope.settings import Settings
from autograder.reports import show
from autograder.reports.gradescope import gradescope_json, gradescope_results
from autograder.reports.visibility import Visibility, read_leaderboard, read_visibility
from autograder.results import CheckResult, Report, Status
from autograder.submission import Submission


def check(id: str, status: Status = Status.PASSED, **more: object) -> CheckResult:
    score = 2.0 if status is Status.PASSED else 0.0
    return CheckResult(id=id, name=f"{id}.", status=status, score=score, max_score=2.0, **more)


def report(*checks: CheckResult, student: str = "ada") -> Report:
    return Report(
        assignment="nets", student=student, score=sum(one.score for one in checks),
        max_score=2.0 * len(checks), sandbox="user", seed=1, seconds=1, checks=checks,
    )  # fmt: skip


CHECKS = (
    check("relu"),
    check("loss", Status.FAILED, rationale="Half of it."),
    check("net", Status.SKIPPED, rationale="It needs `loss`, which did not pass."),
    check("train", followed=("loss",)),
)
LATER = Visibility(checks={"loss": "after_published", "train": "after_due_date"})


def test_each_check_has_its_moment_and_what_follows_from_it_too(accepted):
    results = gradescope_results(report(*CHECKS), visibility=LATER)
    accepted(json.loads(gradescope_json(results)))
    assert {test["name"].partition(":")[0]: test["visibility"] for test in results["tests"]} == {
        "relu": "visible",
        "loss": "after_published",
        "net": "after_published",
        "train": "after_published",
    }
    assert results["score"] == 4
    assert results["visibility"] == "visible"


def test_what_is_read_at_once_tells_nothing_of_the_others():
    output = gradescope_results(report(*CHECKS), visibility=LATER)["output"]
    assert output == "2 of 2 points: 1 passed.\n3 more checks are not shown yet."


def test_where_nothing_is_shown_no_score_is_said():
    hidden = Visibility(all="after_due_date")
    results = gradescope_results(report(check("relu")), visibility=hidden)
    assert results["output"] == "1 more check is not shown yet."
    assert results["tests"][0]["visibility"] == "after_due_date"


def test_a_failure_of_the_grader_tells_nothing_of_hidden_checks_either():
    broken = report(*CHECKS, check("last", Status.ERROR))
    output = gradescope_results(broken, visibility=LATER)["output"]
    assert "relu: passed" in output
    assert "loss" not in output


def test_one_check_may_be_shown_before_the_others():
    first = Visibility(all="after_published", checks={"relu": "visible"})
    tests = gradescope_results(report(*CHECKS), visibility=first)["tests"]
    assert [test["name"] for test in tests if test["visibility"] == "visible"] == ["relu: relu."]
    assert sum(test["visibility"] == "after_published" for test in tests) == 3


# The settings -----------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path, write_release):
    """What is read from a `course.toml`."""
    write_release(tmp_path, "nets", {"nets.ipynb": '{"cells": []}'})

    def read(text: str) -> Visibility:
        (tmp_path / "course.toml").write_text(text)
        return read_visibility(read_course(tmp_path), "nets", ["relu", "loss"])

    return read


def test_without_settings_all_is_seen_at_once(settings):
    assert settings("") == Visibility(all="visible", checks={})


def test_settings_of_a_course(settings):
    assert settings(
        '[gradescope]\nvisibility = "after_due_date"\n[gradescope.checks.nets]\nrelu = "visible"\n'
    ) == Visibility(all="after_due_date", checks={"relu": "visible"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[gradescope]\nvisible = "x"', "unknown key 'visible' in [gradescope]; there are:"
         " visibility, checks, leaderboard."),
        ('[gradescope]\nvisibility = "later"', "[gradescope] visibility is 'later'; give one of:"
         " visible, after_due_date, after_published, hidden."),
        ("[gradescope]\nvisibility = []", "[gradescope] visibility is []; give one of: visible,"
         " after_due_date, after_published, hidden."),
        ('[gradescope.checks]\nrelu = "hidden"', "[gradescope.checks] should have a table for each"
         " assignment, such as [gradescope.checks.nets]."),
        ('[gradescope.checks.net]\nrelu = "hidden"', "[gradescope.checks] names 'net', and no"
         " assignment is called that. Did you mean nets?"),
        ('[gradescope.checks.nets]\nrely = "hidden"', "[gradescope.checks.nets] names 'rely', and"
         " no check is called that. Did you mean relu?"),
        ('[gradescope.checks.nets]\nrelu = "no"', "[gradescope] checks.nets.relu is 'no'; give one"
         " of: visible, after_due_date, after_published, hidden."),
    ],
)  # fmt: skip
def test_wrong_settings_name_key_and_remedy(settings, tmp_path, text, said):
    with pytest.raises(CourseError) as caught:
        settings(text)
    assert str(caught.value) == f"{tmp_path}/course.toml: {said}"


def test_a_leaderboard_is_asked_for_by_the_course(tmp_path):
    def read(text: str) -> bool:
        (tmp_path / "course.toml").write_text(text)
        return read_leaderboard(read_course(tmp_path))

    assert not read("")
    assert read("[gradescope]\nleaderboard = true\n")
    with pytest.raises(CourseError) as caught:
        read('[gradescope]\nleaderboard = "yes"\n')
    assert str(caught.value) == (
        f"{tmp_path}/course.toml: [gradescope] leaderboard is 'yes'; give true to show accuracies"
        " on Gradescope's leaderboard, or false."
    )


def test_the_settings_on_the_page_are_read(tmp_path):
    page = Path(__file__).parents[2] / "docs" / "gradescope.md"
    text, leaderboard = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert leaderboard == "[gradescope]\nleaderboard = true\n"
    (tmp_path / "course.toml").write_text(text)
    course = replace(shipped_course(), gradescope=read_course(tmp_path).gradescope)
    slug = "fully_connected_nets"
    parts = read_release_file(course.assignments / slug, slug).parts
    found = read_visibility(course, slug, [part.id for part in parts if not part.manual])
    assert sorted(found.checks.values()) == ["after_due_date", "after_published"]


def test_the_upload_for_gradescope_carries_them(settings, tmp_path, monkeypatch):
    settings('[gradescope]\nvisibility = "after_published"\n')
    asked = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "autograder.gradescope.bundle.write_bundle",
        lambda assignment, settings, path: asked.append(settings) or SimpleNamespace(advice=""),
    )
    assert CliRunner().invoke(cli.app, ["gradescope", "nets"]).exit_code == 0
    sent = msgspec.json.decode(msgspec.json.encode(asked[0]), type=Settings)
    assert sent.visibility == Visibility(all="after_published")


def test_a_class_that_is_graded_here_has_the_same_moments(settings, tmp_path, capsys):
    settings('[gradescope.checks.nets]\nloss = "hidden"\n')
    made = report(*CHECKS[:2])
    submission = Submission(student="ada", files={})
    assignment = load_assignment("nets", read_course(tmp_path))
    show("gradescope", assignment, [submission], [made], tmp_path / "out")
    results = json.loads((tmp_path / "out" / "gradescope" / "ada.json").read_text())
    assert [test["visibility"] for test in results["tests"]] == ["hidden", "visible"]
    assert results["output"] == "2 of 2 points: 1 passed.\n1 more check is not shown yet."
