"""Points that people have given in formgrader count in final marks, and each part once."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.assignment import Part
from autograder.grading.store import write_report
from autograder.marks.compute import class_marks
from autograder.nbgrader_plugin.formgrader import GradebookError, points_of_people
from autograder.reports.marks import open_lines
from autograder.results import CheckResult, ManualPart, Report, Status
from autograder.submission import folder_alias

PARTS = (Part(id="relu", points=2), Part(id="why", points=4, manual=True))


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """One student, whose answer to `why` has 3 points by a person; `relu` is automatic."""
    path = tmp_path_factory.mktemp("course") / "gradebook.db"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own
        with Gradebook(f"sqlite:///{path}") as book:
            book.add_assignment("nets")
            book.add_student("ada")
            book.add_notebook("nets", "nets")
            for part in PARTS:
                kind = "markdown" if part.manual else "code"
                book.add_grade_cell(part.id, "nets", "nets", max_score=part.points, cell_type=kind)
            book.add_submission("nets", "ada")
            book.find_grade("relu", "nets", "nets", "ada").auto_score = 2
            book.find_grade("why", "nets", "nets", "ada").manual_score = 3
            book.db.commit()
    return path


@pytest.fixture
def gradebook(template, tmp_path) -> Path:
    return Path(shutil.copy(template, tmp_path / "gradebook.db"))


@pytest.fixture
def graded(tmp_path, monkeypatch, write_release):
    """The assignment, of which one student has a result."""
    monkeypatch.chdir(tmp_path)
    assignment = write_release(tmp_path, "nets", {"nets.ipynb": '{"cells": []}'}, parts=PARTS)
    check = CheckResult(id="relu", name="relu", status=Status.PASSED, score=2, max_score=2)

    def by(student: str):
        made = Report(
            assignment="nets", student=student, score=2, max_score=2, sandbox="process", seed=7,
            seconds=1, checks=(check,), manual=(ManualPart(id="why", max_points=4, answered=True),),
        )  # fmt: skip
        write_report(made, tmp_path / "grades", seed=7)
        return assignment

    return by


@pytest.fixture
def marks(tmp_path, graded, gradebook):
    assignment = graded("ada")

    def of(rows: str = ""):
        head = "student,check,points,by,why\n"
        (tmp_path / "grades" / "nets" / "marks.csv").write_text(head + rows)
        held = points_of_people(gradebook, "nets")
        return class_marks(assignment, Path("grades"), formgrader=held)

    return of


def test_only_points_of_people_are_read(gradebook):
    assert points_of_people(gradebook, "nets") == {"ada": {"why": 3}}


def test_points_of_formgrader_count_once(marks):
    (mark,) = marks().marks
    assert (mark.automatic, mark.by_person, mark.overridden, mark.final) == (2, 3, 0, 5)


def test_who_is_a_folder_of_another_name_in_nbgrader_keeps_the_points(gradebook, graded):
    held = {folder_alias("2024/0123"): points_of_people(gradebook, "nets")["ada"]}
    (mark,) = class_marks(graded("2024/0123"), Path("grades"), formgrader=held).marks
    assert (mark.student, mark.by_person, mark.final) == ("2024/0123", 3, 5)


def test_a_row_comes_before_formgrader_and_the_difference_is_said(marks):
    found = marks("ada,why,1,jo,so\n")
    assert found.marks[0].final == 3
    assert (
        "ada: why has 3 in formgrader and another value in marks.csv, line 2. The row of marks.csv"
        " counts."
    ) in list(open_lines(found))


def test_the_same_value_in_both_is_no_difference(marks):
    found = marks("ada,why,3,jo,so\n")
    assert found.marks[0].final == 5
    assert not list(open_lines(found))


def test_a_row_that_was_taken_back_leaves_formgraders_points(marks):
    assert marks("ada,why,1,jo,so\nada,why,auto,jo,no\n").marks[0].final == 5


def test_a_check_that_was_changed_in_formgrader_is_an_override(marks, gradebook):
    with Gradebook(f"sqlite:///{gradebook}") as book:
        book.find_grade("relu", "nets", "nets", "ada").manual_score = 0.5
        book.db.commit()
    (mark,) = marks().marks
    assert (mark.automatic, mark.overridden, mark.final) == (2, -1.5, 3.5)
    assert marks("ada,relu,auto,jo,so\n").marks[0].final == 5


@pytest.mark.parametrize(
    ("file", "slug", "said"),
    [
        ("none.db", "nets", "There is no gradebook none.db. Name the gradebook.db of the course"
         " directory."),
        ("gradebook.db", "net", "The gradebook gradebook.db has no assignment net."),
        ("odd.db", "nets", "odd.db is not a gradebook of nbgrader ("),
    ],
)  # fmt: skip
def test_what_is_no_gradebook_is_said(gradebook, tmp_path, monkeypatch, file, slug, said):
    monkeypatch.chdir(tmp_path)
    Path("odd.db").write_bytes(b"no database" * 100)
    with pytest.raises(GradebookError) as caught:
        points_of_people(Path(file), slug)
    assert str(caught.value).startswith(said)
    assert not Path("none.db").exists()
