"""Late days: counted from due dates, free ones first, over all assignments of a course."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autograder.course import CourseError, read_course
from autograder.marks.compute import class_marks
from autograder.marks.late import LatePolicy, late_policy, lateness
from autograder.submission.when import fact_of

FULL = {"affine": 4, "relu": 2}
DUE = "\n[late.due]\nnets = 2026-03-14T23:59:00\n"
POLICY = "[late]\nfree_days = 2\npercent_per_day = 10\ncut_off_days = 4\n" + DUE


def at(text: str) -> tuple[str, ...]:
    return (fact_of(datetime.fromisoformat(text)),)


@pytest.fixture
def late(assignment, tmp_path):
    """How late a student is, and with which mark."""

    def of(student: str = "ada"):
        fresh = read_course(tmp_path)
        found = class_marks(
            assignment.__class__(**assignment.__dict__ | {"course": fresh}), tmp_path / "grades"
        )
        mark = found.by_student[student]
        return mark.lateness.days, mark.lateness.free, mark.final

    return of


@pytest.mark.parametrize(
    ("time", "days", "free", "mark"),
    [
        ("2026-03-14 23:59:00", 0, 0, 6),
        ("2026-03-14 23:59:01", 1, 1, 6),
        ("2026-03-16 23:59:00", 2, 2, 6),
        ("2026-03-17 00:00:00", 3, 2, 5.4),
        ("2026-03-18 23:59:00", 4, 2, 4.8),
        ("2026-03-19 00:00:00", 5, 0, 0),
    ],
)
def test_days_that_have_begun_cost_once_the_free_ones_are_spent(
    keep, settings, late, time, days, free, mark
):
    settings(POLICY)
    keep("ada", FULL, answered=False, facts=at(time))
    assert late() == (days, free, pytest.approx(mark))


def test_without_a_policy_or_a_time_nothing_is_late(keep, settings, late):
    keep("ada", FULL, answered=False, facts=at("2030-01-01 00:00:00"))
    assert late() == (0, 0, 6)
    settings(POLICY)
    keep("ada", FULL, answered=False)
    assert late() == (0, 0, 6)


def test_a_platform_that_says_late_and_not_when_leaves_the_mark_open(
    keep, settings, late, marks_csv
):
    settings(POLICY)
    keep("ada", FULL, answered=False, facts=("Canvas marks it as LATE",))
    assert late() == (None, 0, None)
    marks_csv("ada,late,3,jo,by the log of Canvas\n")
    assert late() == (3, 2, pytest.approx(5.4))


def test_an_extension_and_a_time_that_a_person_states_count(keep, settings, late, marks_csv):
    settings(POLICY)
    keep("ada", FULL, answered=False, facts=at("2026-03-17 12:00:00"))
    marks_csv("ada,due,2026-03-20 12:00,jo,ill\n")
    assert late() == (0, 0, 6)
    marks_csv("ada,due,17.03.2026,jo,ill\nada,submitted,2026-03-18 08:00,jo,by mail\n")
    assert late() == (1, 1, 6)


def test_grace_and_a_bound_on_each_assignment(keep, settings, late):
    settings(
        "[late]\nfree_days = 9\nfree_days_each = 1\npercent_per_day = 50\ngrace_minutes = 5\n" + DUE
    )
    keep("ada", FULL, answered=False, facts=at("2026-03-15 00:04:00"))
    assert late() == (0, 0, 6)
    keep("ada", FULL, answered=False, facts=at("2026-03-16 00:05:00"))
    assert late() == (2, 1, 3)


def test_free_days_are_spent_in_the_order_of_due_dates(
    keep, settings, late, tmp_path, write_release, parts
):
    write_release(tmp_path, "first", {"first.ipynb": '{"cells": []}'}, parts=parts)
    settings(POLICY + "first = 2026-02-01T12:00:00\n")
    keep("ada", FULL, slug="first", facts=at("2026-02-02 12:00:00"))
    keep("ada", FULL, answered=False, facts=at("2026-03-16 12:00:00"))
    assert late() == (2, 1, pytest.approx(5.4))


def test_a_bonus_is_not_reduced_and_late_days_are_never_paid_with_it(
    keep, settings, late, marks_csv
):
    settings(POLICY)
    keep("ada", FULL, answered=False, facts=at("2026-04-01 00:00:00"))
    marks_csv("ada,bonus,2,jo,so\n")
    assert late() == (18, 0, 2)


def test_times_with_zones_are_compared_as_such(keep, settings, late):
    settings('[late]\ntimezone = "America/Los_Angeles"\n' + DUE)
    keep("ada", FULL, answered=False, facts=at("2026-03-15 06:59:00+00:00"))
    assert late()[0] == 0
    keep("ada", FULL, answered=False, facts=at("2026-03-15 06:59:01+00:00"))
    assert late()[0] == 1


def test_a_zone_that_nobody_knows_is_asked_for(keep, settings, late, tmp_path):
    settings(POLICY)
    keep("ada", FULL, answered=False, facts=at("2026-03-15 06:59:00+00:00"))
    with pytest.raises(CourseError) as caught:
        late()
    assert str(caught.value) == (
        "The time 2026-03-15 06:59:00+00:00 has a time zone and 2026-03-14 23:59:00 has none. Say"
        f' in {tmp_path}/course.toml which zone is meant: [late] timezone = "Europe/Berlin".'
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("free_day = 1", "unknown key 'free_day' in [late]; there are: timezone, free_days,"
         " free_days_each, percent_per_day, cut_off_days, grace_minutes, due."),
        ("free_days = -1", "[late] free_days is -1; give a whole number of days, 0 or more."),
        ("free_days = true", "[late] free_days is True; give a whole number of days, 0 or more."),
        ("percent_per_day = 101", "[late] percent_per_day is 101; give a percentage from 0 to"
         " 100."),
        ('timezone = "Berlin"', "[late] timezone is 'Berlin', and this machine knows no such zone;"
         ' give one such as "Europe/Berlin" or "America/Los_Angeles".'),
        ("due = 3", "[late] due should be a table: the assignment and its due date."),
        ("due = { net = 2026-03-14 }", "[late.due] names 'net', and no assignment is called that."
         " There are: nets."),
        ('due = { nets = "soon" }', "[late.due] nets is 'soon'; give a date and time without"
         " quotes, such as 2026-03-14T23:59:00."),
    ],
)  # fmt: skip
def test_a_wrong_policy_names_key_and_remedy(settings, tmp_path, table, said):
    settings(f"[late]\n{table}\n")
    with pytest.raises(CourseError) as caught:
        late_policy(read_course(tmp_path))
    assert str(caught.value) == f"{tmp_path}/course.toml: {said}"


def test_a_date_alone_is_the_end_of_that_day(settings, tmp_path):
    settings("[late.due]\nnets = 2026-03-14\n")
    policy = late_policy(read_course(tmp_path))
    assert policy.due == {"nets": datetime(2026, 3, 14, 23, 59, 59)}
    assert policy.days_late(datetime(2026, 3, 15), policy.due["nets"]) == 1


def test_the_cost_is_never_more_than_everything():
    assert lateness(LatePolicy(percent_per_day=30), 9, left=1).cost == 1
    assert lateness(LatePolicy(), 9, left=0).cost == 0
    assert lateness(LatePolicy(cut_off_days=0), 1, left=5).free == 0
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert LatePolicy().days_late(now, now) == 0
