"""A few attacks by every route, and what is said where a route has no result."""

from __future__ import annotations

import zipfile
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import load_assignment
from autograder.attacks import Attack, classes, load_corpus, sending, try_attack
from autograder.attacks.classes import classes_of
from autograder.attacks.corpus import SLUG, Expect
from autograder.attacks.handing_in import hand_in
from autograder.attacks.programs import NoResultError
from autograder.attacks.route_page import write_route
from autograder.attacks.sending import Arrival, Trip, send, takes
from autograder.attacks.trial import LIMITS, SEED, AttackEnd, AttackTrial
from autograder.reports.gradescope import gradescope_json, gradescope_results
from autograder.results import CheckResult, Report, Status
from autograder.route import SubmissionRoute

BY_NAME = {attack.name: attack for attack in load_corpus()}


@pytest.fixture
def report_of_ada() -> Report:
    """One check passed, one failed."""
    common = {"name": "It is right: always.", "max_score": 2.0}
    checks = (
        CheckResult(id="first", status=Status.PASSED, score=2.0, **common),
        CheckResult(
            id="second", status=Status.FAILED, score=0.0, help="It is transposed.", **common
        ),
    )
    return Report(assignment=SLUG, student="ada", score=2.0, max_score=4.0, sandbox="user",
                  seed=1, seconds=0.5, checks=checks)  # fmt: skip


OTHERS = [route for route in SubmissionRoute if route is not SubmissionRoute.DIRECT]


@pytest.mark.long
@pytest.mark.parametrize("route", OTHERS)
def test_an_attack_gains_nothing_by_another_route(route: SubmissionRoute) -> None:
    pytest.importorskip("distributed" if route is SubmissionRoute.CLUSTER else "nbgrader")
    assignment = load_assignment(SLUG)
    trial = try_attack(BY_NAME["markup_in_messages"], assignment, level="bubblewrap", route=route)
    assert trial.harms == ()
    assert trial.end is AttackEnd.HELD


@pytest.mark.long
@pytest.mark.parametrize("route", OTHERS)
def test_what_a_right_answer_earns_arrives_by_every_route(
    tmp_path: Path, route: SubmissionRoute
) -> None:
    pytest.importorskip("distributed" if route is SubmissionRoute.CLUSTER else "nbgrader")
    code = "\n\ndef affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b, None\n"
    honest = Attack(family="forging", covers=(), tries="", name="honest", code=code)
    (tmp_path / "in").mkdir()
    trip = Trip(assignment=load_assignment(SLUG), level="bubblewrap", seed=SEED, limits=LIMITS,
                place=tmp_path / "trip")  # fmt: skip
    trip.place.mkdir()
    arrival = send(route, hand_in(honest, trip.assignment, {}, tmp_path / "in"), trip)
    passed = [one.id for one in arrival.report.checks if one.status is Status.PASSED]
    assert "affine_forward" in passed
    assert arrival.report.score > 0
    assert arrival.odd == ()


def test_a_route_without_a_result_says_what_the_command_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "run_command", lambda *_, **__: "no course")
    monkeypatch.setattr(sending, "empty_gradebook", lambda: Path(__file__))
    monkeypatch.setattr(sending, "bundle_of", lambda *_: tmp_path)
    for route, command in (
        (SubmissionRoute.NBGRADER, "nbgrader autograde"),
        (SubmissionRoute.GRADESCOPE, "Gradescope"),
    ):
        folder = tmp_path / f"{route} in"
        folder.mkdir()
        trip = Trip(assignment=load_assignment(SLUG), level="user", seed=1, limits=LIMITS,
                    place=tmp_path / route)  # fmt: skip
        trip.place.mkdir()
        with pytest.raises(NoResultError) as raised:
            send(route, folder, trip)
        assert str(raised.value).startswith(f"{command} left no result: no course")


def test_a_gradebook_with_other_points_is_odd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report_of_ada: Report
) -> None:
    def kept(*_: object, **__: object) -> str:
        path = tmp_path / "course" / "grades" / SLUG / "mallory.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(report_of_ada.to_json())
        return ""

    monkeypatch.setattr(sending, "run_command", kept)
    monkeypatch.setattr(sending, "empty_gradebook", lambda: Path(__file__))
    monkeypatch.setattr(sending, "points_in", lambda path, student: 7.0)
    (tmp_path / "in").mkdir()
    trip = Trip(assignment=load_assignment(SLUG), level="user", seed=1, limits=LIMITS,
                place=tmp_path)  # fmt: skip
    odd = send(SubmissionRoute.NBGRADER, tmp_path / "in", trip).odd
    assert odd == ("nbgrader's gradebook has 7 points, and the report has 2",)


def test_a_results_json_is_read_as_what_it_was_made_of(report_of_ada: Report) -> None:
    plain = msgspec.json.decode(gradescope_json(gradescope_results(report_of_ada)))
    read = sending._reported(plain)
    statuses = {one.id: one.status for one in read.checks}  # causes come first there
    assert statuses == {one.id: one.status for one in report_of_ada.checks}
    assert (read.score, read.max_score) == (report_of_ada.score, report_of_ada.max_score)
    assert "It is transposed." in next(one for one in read.checks if one.id == "second").rationale


def test_a_zip_lies_in_the_folder_of_the_submission(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        archive.writestr("a.py", "")
    sending._hand_in(tmp_path / "work.zip", tmp_path / "submitted" / "ada")
    assert [path.name for path in (tmp_path / "submitted" / "ada").iterdir()] == ["work.zip"]


def test_what_exhausts_the_machine_is_tried_directly_alone() -> None:
    forks, linked = BY_NAME["forks"], BY_NAME["linked_submission"]
    assert [route for route in SubmissionRoute if takes(route, forks)] == [SubmissionRoute.DIRECT]
    assert [route for route in SubmissionRoute if takes(route, linked)] == [
        SubmissionRoute.DIRECT,
        SubmissionRoute.CLUSTER,
    ]
    assert all(takes(route, BY_NAME["network"]) for route in SubmissionRoute)


# --- many in one class -------------------------------------------------------------------------


def attack(name: str, **changes: object) -> Attack:
    return Attack(family="forging", covers=(), tries="", name=name, **changes)


def test_a_class_has_one_assignment_and_equal_limits() -> None:
    own = {"total_seconds": 5.0}
    attacks = [attack("a"), attack("b", limits=own), attack("c"), attack("d"),
               attack("e", second="@TOLD@"), attack("f", second="honest"),
               BY_NAME["adopted_pickles"]]  # fmt: skip
    made = [[one.name for one in group] for group in classes_of(attacks, 2)]
    assert made == [["a", "d"], ["c", "f"], ["b"], ["e"], ["adopted_pickles"]]


def test_each_of_a_class_is_a_student_with_its_friend_after_it(
    monkeypatch: pytest.MonkeyPatch, report_of_ada: Report
) -> None:
    sent: list[list[str]] = []

    def routed(route: SubmissionRoute, handed_in: dict, trip: Trip) -> dict:
        sent.append(sorted(handed_in))
        lost = NoResultError("it left no result")
        right = Arrival(report=report_of_ada)
        return {name: lost if name.endswith("2") else right for name in handed_in}

    monkeypatch.setattr(classes, "send_class", routed)
    expect = Expect(score=2)
    attacks = [attack("a", expect=expect), attack("b", second="honest", expect=expect), attack("c")]
    trials = classes.try_class(attacks, level="user", route=SubmissionRoute.CLUSTER)
    assert sent == [["mallory-000", "mallory-001", "mallory-001z", "mallory-002"]]
    assert [(one.attack, one.end, one.score) for one in trials] == [
        ("a", AttackEnd.HELD, 2), ("b", AttackEnd.HELD, 2), ("c", AttackEnd.GOT_THROUGH, 0),
    ]  # fmt: skip
    assert trials[2].harms == ("it left no result",)


def test_what_a_class_does_to_the_machine_is_looked_for_one_by_one(
    monkeypatch: pytest.MonkeyPatch, report_of_ada: Report
) -> None:
    monkeypatch.setattr(classes.Bait, "traces", lambda self: iter(["x was left on the host"]))
    everybody = lambda route, handed_in, trip: {  # noqa: E731
        name: Arrival(report=report_of_ada) for name in handed_in
    }
    monkeypatch.setattr(classes, "send_class", everybody)
    attacks = [attack("a", expect=Expect(score=2)), attack("b", expect=Expect(score=2))]
    ends = iter([AttackEnd.HELD, AttackEnd.GOT_THROUGH, AttackEnd.HELD, AttackEnd.HELD])

    def alone(one: Attack, assignment: object, **options: object) -> AttackTrial:
        end = next(ends)
        harms = ("it was this one",) if end is AttackEnd.GOT_THROUGH else ()
        return AttackTrial(attack=one.name, family=one.family, level="user", end=end, harms=harms)

    monkeypatch.setattr(classes, "try_attack", alone)
    tried = lambda: classes.try_class(  # noqa: E731
        attacks, level="user", route=SubmissionRoute.CLUSTER
    )
    assert [one.harms for one in tried()] == [(), ("it was this one",)]
    said = "one of the 2 that were graded together: x was left on the host"
    assert [(one.harms, one.expected) for one in tried()] == [((said,), False)] * 2


# --- the page ----------------------------------------------------------------------------------


def test_a_route_is_written_and_the_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "routes.md"

    def write(route: SubmissionRoute, end: AttackEnd) -> str:
        trial = AttackTrial(attack="network", family="escaping", level="user", route=route, end=end)
        write_route(page, [BY_NAME["network"], BY_NAME["forks"]], [trial])
        return page.read_text()

    write(SubmissionRoute.CLUSTER, AttackEnd.HELD)
    text = write(SubmissionRoute.NBGRADER, AttackEnd.GOT_THROUGH)
    head, nbgrader, cluster = text.split("\n## Through ")
    assert head.startswith("# Attacks by every route\n")
    assert nbgrader.startswith("nbgrader\n\nLevel `user`. 1 attacks tried: 0 held, 1 got through;")
    assert "1 left out.\n\n- **escaping**, 1 **got through**: `network`\n" in nbgrader
    assert cluster.endswith("- **escaping**, 1 held: `network`\n")
    assert "1 held, 0 got through" in write(SubmissionRoute.NBGRADER, AttackEnd.HELD)
