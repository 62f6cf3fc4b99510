"""What is read about marks: a student the own decisions and reasons, the instructor all of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from autograder.marks.compute import class_marks
from autograder.marks.sentences import in_class, told
from autograder.reports import student_page, write_pages

FULL = {"affine": 4, "relu": 2}


def said(assignment) -> dict[str, tuple[str, ...]]:
    return told(class_marks(assignment, Path("grades")).marks)


def test_decisions_are_told_with_reasons_and_without_names(keep, assignment, marks_csv):
    keep("ada", {"relu": 2})
    marks_csv(
        "ada,affine,3,jo,Only the sign is wrong\nada,bonus,1,jo,=You found a mistake!\n"
        "ada,deduction,0.5,jo,style\nada,late,2,jo,was ill\nada,due,2026-01-01,jo,private\n"
    )
    assert said(assignment) == {
        "ada": (
            "Your mark: 5.5 of 10 points so far; 4 points to come.",
            "`affine`: 3 of 4 points, instead of 0. Only the sign is wrong.",
            "Bonus: 1 point. =You found a mistake!",
            "Deduction: 0.5 points. style.",
            "Handed in 2 days late.",
        )
    }


def test_nothing_is_told_where_nobody_has_decided(keep, assignment):
    keep("ada", FULL)
    assert said(assignment) == {"ada": ()}


def test_late_days_are_told_with_their_cost(keep, assignment, marks_csv, settings):
    settings("[late]\nfree_days = 1\npercent_per_day = 10\ncut_off_days = 3\n")
    keep("ada", FULL, answered=False)
    keep("bob", FULL, answered=False)
    marks_csv("ada,late,2,jo,x\nbob,late,4,jo,x\n")
    from autograder.course import read_course

    fresh = type(assignment)(**assignment.__dict__ | {"course": read_course(Path())})
    assert said(fresh)["ada"][1:] == (
        "Handed in 2 days late, of which 1 free: 0.6 points taken off.",
    )
    assert said(fresh)["bob"] == (
        "Your mark: 0 of 10 points.",
        "Handed in 4 days late, which is too late to count.",
    )


def test_the_shared_page_of_a_group_tells_nothing_that_is_one_persons(keep, assignment, marks_csv):
    keep("ada + bob", FULL)
    keep("cy + dan", FULL)
    marks_csv("ada,affine,3,jo,so\ncy + dan,affine,3,jo,so\n")
    assert set(said(assignment)) == {"cy + dan"}


def test_the_page_shows_it_and_escapes_it(keep, assignment, marks_csv):
    made = keep("ada", FULL)
    marks_csv("ada,affine,3,jo,<b>so</b>\n")
    page = student_page(made, title="Nets", mark=said(assignment)["ada"])
    assert "<h2>Your mark</h2>" in page
    assert "<code>affine</code>: 3 of 4 points, instead of 4. &lt;b&gt;so&lt;/b&gt;." in page
    assert "<h2>Your mark</h2>" not in student_page(made, title="Nets")


def of_class(assignment) -> dict[str, tuple[float, tuple[str, ...]]]:
    return in_class(class_marks(assignment, Path("grades")).marks)


def test_the_instructor_reads_who_decided_what_and_why(keep, assignment, marks_csv):
    keep("ada", FULL)
    keep("bob", FULL)
    marks_csv(
        "ada,affine,3,jo,Only the sign\nada,due,2026-01-01,kim,was ill\nada,bonus,1,jo,Slip!\n"
    )
    assert of_class(assignment) == {
        "ada": (
            6.0,
            (
                "affine 4 → 3, by jo: Only the sign.",
                "due 2026-01-01 23:59, by kim: was ill.",
                "bonus +1, by jo: Slip!",
            ),
        )
    }


def test_the_page_of_the_class_has_the_marks_and_the_decisions(keep, assignment, marks_csv):
    reports = [keep("ada", FULL), keep("bob", FULL)]
    marks_csv("ada,affine,3,jo,<b>so</b>\n")
    path = write_pages(Path("grades/nets"), reports, title="Nets", decided=of_class(assignment))
    page = path.read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    ada, bob = json.loads(found[1])["students"]
    assert (ada["mark"], ada["said"]) == (5, ["affine 4 → 3, by jo: <b>so</b>."])
    assert "mark" not in bob
    assert "said" not in bob
    assert '<option value="-mark">' in page
    assert "<b>so</b>" not in page.replace("\\u003c", "<").replace(found[1], "")


def test_without_decisions_there_is_no_order_by_mark(keep, assignment):
    path = write_pages(Path("grades/nets"), [keep("ada", FULL)], title="Nets")
    assert "mark, highest first" not in path.read_text("utf-8")


def test_the_page_of_similar_submissions_is_linked_where_there_is_one(keep, assignment):
    made, folder = keep("ada", FULL), Path("grades/nets")
    link = '<a href="index.similar.html">Similar submissions</a>'
    assert link not in write_pages(folder, [made], title="Nets").read_text("utf-8")
    (folder / "index.similar.html").write_text("pairs")
    assert link in write_pages(folder, [made], title="Nets").read_text("utf-8")
