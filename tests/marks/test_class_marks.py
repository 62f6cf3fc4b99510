"""Results and marks.csv become marks: each part counts once, and what is wrong is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.marks.compute import class_marks
from autograder.marks.sheet import MarksError
from autograder.results import Status
from autograder.submission import read_roster

FULL = {"affine": 4, "relu": 2}


@pytest.fixture
def marks(assignment, tmp_path):
    """The marks by student; the roster is the text of a CSV file."""

    def of(roster: str = ""):
        known = None
        if roster:
            (tmp_path / "roster.csv").write_text(roster)
            known = read_roster(tmp_path / "roster.csv")
        return class_marks(assignment, Path("grades"), roster=known).by_student

    return of


def refused(marks, *arguments) -> str:
    with pytest.raises(MarksError) as caught:
        marks(*arguments)
    return str(caught.value)


def test_without_decisions_a_mark_is_the_automatic_one_and_waits_for_a_person(keep, marks):
    keep("ada", FULL)
    (mark,) = marks().values()
    assert (mark.automatic, mark.automatic_max, mark.max_points) == (6, 6, 10)
    assert (mark.final, mark.so_far, mark.waiting) == (None, 6, ("why",))


def test_a_question_without_an_answer_waits_for_nobody(keep, marks):
    keep("ada", FULL, answered=False)
    assert marks()["ada"].final == 6


def test_points_of_a_person_and_an_override_count_once_each(keep, marks, marks_csv):
    keep("ada", {"affine": 1, "relu": 2})
    marks_csv("ada,why,3.5,jo,good\nada,affine,4,jo,tolerance\n")
    mark = marks()["ada"]
    assert (mark.automatic, mark.by_person, mark.overridden, mark.final) == (3, 3.5, 3, 9.5)


def test_the_results_stay_what_they_are(keep, marks, marks_csv, tmp_path):
    keep("ada", FULL)
    before = (tmp_path / "grades/nets/ada.json").read_bytes()
    path = marks_csv("ada,affine,0,jo,copied\n")
    rows = path.read_bytes()
    assert marks()["ada"].so_far == 2
    assert (tmp_path / "grades/nets/ada.json").read_bytes() == before
    assert path.read_bytes() == rows


def test_bonus_and_deduction_come_on_top_and_no_mark_is_negative(keep, marks, marks_csv):
    keep("ada", FULL, answered=False)
    keep("boris", {}, answered=False)
    marks_csv("ada,bonus,1.5,jo,found a mistake\nada,deduction,0.5,jo,style\nboris,deduction,3,j,x")
    found = marks()
    assert (found["ada"].adjustment, found["ada"].final) == (1, 7)
    assert found["boris"].final == 0


def test_extra_credit_counts_and_its_maximum_does_not(keep, marks, marks_csv):
    keep("ada", FULL | {"extra": 3}, answered=False)
    assert (marks()["ada"].final, marks()["ada"].max_points) == (9, 10)
    marks_csv("ada,extra,1,jo,half of it\n")
    assert marks()["ada"].final == 7


def test_of_several_rows_the_last_one_counts_and_both_are_known(keep, marks, marks_csv):
    keep("ada", FULL, answered=False)
    marks_csv("ada,affine,1,jo,first\nada,relu,0,jo,so\nADA ,Affine,3,kim,second\n")
    decided = marks()["ada"].decided
    assert marks()["ada"].final == 3
    assert decided.counts["affine"].line == 4
    assert [(old.line, new.line) for old, new in decided.replaced] == [(2, 4)]


def test_a_row_can_be_taken_back(keep, marks, marks_csv):
    keep("ada", FULL, answered=False)
    marks_csv("ada,affine,0,jo,copied\nada,affine,auto,jo,it was the other way round\n")
    assert marks()["ada"].final == 6
    assert marks()["ada"].overridden == 0


@pytest.mark.parametrize("status", [Status.ERROR, Status.PERSON])
def test_what_the_grader_could_not_decide_waits_until_a_person_has(keep, marks, marks_csv, status):
    keep("ada", {"affine": 4}, answered=False, statuses={"relu": status})
    assert (marks()["ada"].final, marks()["ada"].waiting) == (None, ("relu",))
    marks_csv("ada,relu,1,jo,looked at it\n")
    assert marks()["ada"].final == 5


def test_everyone_of_a_group_has_its_result_and_may_have_own_decisions(keep, marks, marks_csv):
    keep("ada@x.edu + boris@x.edu", FULL, answered=False)
    marks_csv("ada@x.edu + boris@x.edu,affine,3,jo,both\nboris@x.edu,bonus,1,jo,gave the talk\n")
    assert {student: mark.final for student, mark in marks().items()} == {
        "ada@x.edu": 5,
        "boris@x.edu": 6,
    }


# Students of a roster ---------------------------------------------------------------------------

ROSTER = "id,first_name,last_name,email\nada,Ada,Byron,ada@x.edu\nbob,Bob,Ross,bob@x.edu\n"


def test_who_has_handed_in_nothing_has_no_mark_rather_than_a_zero(keep, marks):
    keep("ada", FULL)
    mark = marks(ROSTER)["bob"]
    assert (mark.handed_in, mark.so_far, mark.final, mark.max_points) == (False, None, None, 10)


def test_points_for_a_student_who_has_handed_in_nothing(keep, marks, marks_csv):
    keep("ada", FULL)
    marks_csv("bob,affine,2,jo,on paper\n")
    mark = marks(ROSTER)["bob"]
    assert (mark.handed_in, mark.final, mark.waiting) == (False, 2, ())


def test_an_extension_or_a_withdrawn_row_alone_makes_no_mark(keep, marks, marks_csv):
    keep("ada", FULL)
    marks_csv("bob,due,2026-04-01,jo,ill\nbob,affine,auto,jo,mistake\n")
    assert marks(ROSTER)["bob"].so_far is None


def test_a_name_of_the_roster_leads_to_its_student(keep, marks, marks_csv):
    keep("Ada Byron", FULL, answered=False)
    marks_csv("ada@x.edu,affine,0,jo,so\n")
    found = marks(ROSTER)
    assert list(found) == ["ada", "bob"]
    assert (found["ada"].result, found["ada"].final) == ("Ada Byron", 2)


# Rows that are wrong ----------------------------------------------------------------------------

BEFORE = "grades/nets/marks.csv, line 2: "


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("bbo,affine,1,jo,so", "`bbo` has no result here and is on no roster. Did you mean `bob`?"
         " Correct the name, or give the roster with --roster FILE if the student takes part."),
        (",affine,1,jo,so", "no student is named; write one in the column student, or remove the"
         " row."),
        ("ada,afine,1,jo,so", "no part of nets is called `afine`. Did you mean `affine`? Write the"
         " id of a check or of a question that a person marks, or one of: `bonus`, `deduction`,"
         " `due`, `submitted`, `late`."),
        ("ada,affine,5,jo,so", "`affine` gives at most 4 points, and 5 are written. Write at most"
         " 4, and give what comes on top in a row `bonus`."),
        ("ada,affine,1,jo,", "no reason is given; say in the column why what the points are for."),
        ("ada,affine,1,,so", "nobody is named; say in the column by who has decided this."),
        ("ada,affine,,jo,so", "there are no points; write a number, or `auto` where the automatic"
         " result is to count again."),
        ("ada,affine,2/4,jo,so", "`2/4` is not a number of points; write one such as 2 or 1.5."),
        ("ada,affine,nan,jo,so", "`nan` is not a number of points; write one such as 2 or 1.5."),
        ("ada,affine,1e9,jo,so", "`1e9` is not a number of points; write one such as 2 or 1.5."),
        ("ada,affine,٣,jo,so", "`٣` is not a number of points; write one such as 2 or 1.5."),
        ('ada,bonus,"1,000",jo,so', "`1,000` may be read in two ways; write it without a separator"
         " of thousands."),
        ("ada,bonus,-1,jo,so", "`-1` is negative; take points off with a row `deduction` and a"
         " positive number."),
        ("ada,affine,−1,jo,so", "`−1` is negative; take points off with a row `deduction` and a"
         " positive number."),
        ("ada,due,3/4/2026,jo,so", "`3/4/2026` is not a date and time; write one such as"
         " 2026-03-14 23:59 in the column points."),
        ("ada,due,2026-02-30,jo,so", "`2026-02-30` is not a date and time; write one such as"
         " 2026-03-14 23:59 in the column points."),
        ("ada,late,1.5,jo,so", "`1.5` is not a number of late days; write a whole number, 0 for in"
         " time."),
    ],
)  # fmt: skip
def test_a_wrong_row_names_line_and_remedy(keep, marks, marks_csv, row, said):
    keep("ada", FULL)
    keep("bob", FULL)
    marks_csv(f"{row}\n")
    assert refused(marks) == BEFORE + said


def test_all_wrong_rows_are_said_at_once_up_to_ten(keep, marks, marks_csv):
    keep("ada", FULL)
    marks_csv("ada,relu,9,jo,so\n" * 12)
    lines = refused(marks).splitlines()
    assert len(lines) == 11
    assert lines[1].startswith("grades/nets/marks.csv, line 3: ")
    assert lines[-1] == "2 more rows are wrong."


@pytest.mark.parametrize("points", ["1.5", '"1,5"', "0.125", "+1", "'+1", " 2 "])
def test_numbers_as_people_write_them(keep, marks, marks_csv, points):
    keep("ada", FULL)
    marks_csv(f"ada,affine,{points},jo,so\n")
    value = float(points.strip("\"' ").replace(",", "."))
    assert marks()["ada"].by_person == 0
    assert marks()["ada"].so_far == value + 2


# Results that are none --------------------------------------------------------------------------


def test_a_result_that_was_edited_is_left_out_and_said(keep, assignment, tmp_path):
    keep("ada", FULL)
    keep("bob", {"relu": 2})
    path = tmp_path / "grades/nets/bob.json"
    path.write_bytes(path.read_bytes().replace(b'"student": "bob"', b'"student": "bobo"'))
    (tmp_path / "grades/nets/odd.json").write_text("[]")
    found = class_marks(assignment, Path("grades"))
    assert [mark.student for mark in found.marks] == ["ada"]
    assert [sentence.partition(" (")[0] for sentence in found.left_out] == [
        "grades/nets/bob.json was changed after the grader wrote it",
        "grades/nets/odd.json is not a result that can be read; it is left out. Grade that student"
        " again.",
    ]  # fmt: skip


def test_a_row_about_a_student_whose_result_is_left_out_says_both(keep, marks, marks_csv, tmp_path):
    keep("ada", FULL)
    (tmp_path / "grades/nets/ada.json").write_text("[]")
    marks_csv("ada,affine,3,jo,so\n")
    lines = refused(marks).splitlines()
    assert lines[0].startswith("grades/nets/marks.csv, line 2: `ada` has no result here")
    assert lines[1].startswith("grades/nets/ada.json is not a result that can be read")


def test_several_results_of_one_student_are_said(keep, assignment, tmp_path):
    keep("ada", FULL)
    keep("Ada Byron", {"relu": 2})
    (tmp_path / "roster.csv").write_text(ROSTER)
    found = class_marks(assignment, Path("grades"), roster=read_roster(tmp_path / "roster.csv"))
    assert found.people.clashes == {"ada": ("Ada Byron", "ada")}
    assert found.by_student["ada"].result == "ada"
