"""Which student has which files, for every layout in which a class may come."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.layout import Layout
from autograder.submission import Intake, SubmissionError, find_submissions, take_in

SLUG = "two_layers"
LESSON = f"{SLUG}.ipynb"
EMPTY = b'{"cells": [0]}'


def work(name: str) -> dict[str, bytes]:
    """One student's files, with the name in each, so that a stranger's file would be seen."""
    said = f"<<{name}>>"
    return {
        LESSON: json.dumps({"cells": [said]}).encode(),
        "nn/layers.py": f"# {said}\n".encode(),
        "nn/optim.py": f"# {said}, too\n".encode(),
    }


@pytest.fixture(scope="module")
def assignment(
    tmp_path_factory: pytest.TempPathFactory, write_release: Callable[..., Assignment]
) -> Assignment:
    root = tmp_path_factory.mktemp("course")
    modules = ("nn/layers.py", "nn/optim.py")
    return write_release(
        root, SLUG, {LESSON: EMPTY, **dict.fromkeys(modules, b"")}, modules=modules
    )


@pytest.fixture(scope="module")
def three(
    tmp_path_factory: pytest.TempPathFactory, write_release: Callable[..., Assignment]
) -> Assignment:
    """An assignment with three notebooks and no module."""
    lessons = ("cnn.ipynb", "convolution_maths.ipynb", "mlp.ipynb")
    return write_release(tmp_path_factory.mktemp("course"), "nets", dict.fromkeys(lessons, EMPTY))


Files = Mapping[str, bytes]


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def under(prefix: str, files: Files) -> dict[str, bytes]:
    return {prefix + path: data for path, data in files.items()}


def folder(root: Path, files: Files, name: str = "class") -> Path:
    for path, data in files.items():
        place = root / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return root / name


def archive(root: Path, files: Files, name: str = "class.zip") -> Path:
    (root / name).write_bytes(zipped(files))
    return root / name


BOTH = pytest.mark.parametrize("packed", [folder, archive], ids=["folder", "zip"])


def whose(intake: Intake) -> dict[str, set[str]]:
    """For each student the names that are written into the files."""
    return {
        one.student: set(re.findall("<<(.*?)>>", b" ".join(one.files.values()).decode()))
        for one in intake.submissions
    }


def complete(intake: Intake, assignment: Assignment) -> bool:
    return all(set(assignment.editable) <= set(one.files) for one in intake.submissions)


def facts(intake: Intake) -> dict[str, tuple[str, ...]]:
    return {one.student: one.origin.facts for one in intake.submissions}


def flat(prefix: str, files: Files, first: int = 678001) -> dict[str, bytes]:
    """Uploaded singly: no folders, and Canvas's number of each file in its name."""
    names = {path.rpartition("/")[2]: data for path, data in files.items()}
    return {f"{prefix}{first + n}_{name}": names[name] for n, name in enumerate(names)}


# Canvas -----------------------------------------------------------------------------------------

CANVAS = flat("doejane_12345_", work("jane")) | flat("roejohn_LATE_12346_", work("john"), 678006)


@BOTH
def test_canvas_files_uploaded_singly(tmp_path, assignment, packed):
    found = take_in([packed(tmp_path, CANVAS)], assignment)
    assert found.given[0].layout is Layout.CANVAS
    assert whose(found) == {"doejane": {"jane"}, "roejohn": {"john"}}
    assert complete(found, assignment)
    assert facts(found) == {
        "doejane": ("Canvas's number: 12345",),
        "roejohn": ("Canvas's number: 12346", "Canvas marks it as LATE"),
    }
    assert [one.problems for one in found.submissions] == [(), ()]
    assert found.all_warnings == ()


def test_canvas_names_of_a_second_upload_lose_their_number(tmp_path, assignment):
    again = {name.replace(".py", "-1.py"): data for name, data in CANVAS.items()}
    again["doejane_12345_678009_notes-1.txt"] = b"jane"
    found = take_in([archive(tmp_path, again)], assignment)
    assert complete(found, assignment)
    assert "notes-1.txt" in found.submissions[0].files  # not a released file: its own name


def test_canvas_of_two_files_of_one_name_the_later_upload_counts(tmp_path, assignment):
    twice = CANVAS | {"doejane_12345_699999_layers-2.py": b"# <<jane>>\nx = 2\n"}
    found = take_in([archive(tmp_path, twice)], assignment)
    assert found.submissions[0].files["nn/layers.py"] == b"# <<jane>>\nx = 2\n"
    assert facts(found)["doejane"][1] == "`nn/layers.py` is there 2 times; the later upload counts"


def test_canvas_zips_text_entries_and_anonymous_students(tmp_path, assignment):
    files = {
        "doejane_12345_678910_submission.zip": zipped(work("jane")),
        "doejane_12345_text.html": b"<p>Hello</p>",
        "anon_Ab3dE_678911_my work.zip": zipped(under("hw/", work("anon"))),
        "LATE_anon_Zz9yX_678912_two_layers.zip": zipped(work("late")),
        "poesam_12399_link.html": b"<a>",
    }
    found = take_in([archive(tmp_path, files, "submissions.zip")], assignment)
    assert whose(found) == {
        "anon_Ab3dE": {"anon"},
        "anon_Zz9yX": {"late"},
        "doejane": {"jane"},
        "poesam": set(),
    }
    assert facts(found)["anon_Zz9yX"] == ("Canvas marks it as LATE",)
    assert facts(found)["doejane"][1] == (
        "text that was typed into Canvas is not graded: `doejane_12345_text.html`"
    )


def test_a_canvas_zip_with_one_student(tmp_path, assignment):
    files = {"doejane_12345_678910_submission.zip": zipped(work("jane"))}
    found = take_in([archive(tmp_path, files, "submissions.zip")], assignment)
    assert whose(found) == {"doejane": {"jane"}}


def test_canvas_zips_that_were_unpacked(tmp_path, assignment):
    files = under("doejane_12345_678910_submission/", work("jane"))
    files |= under("roejohn_12346_678911_hw/two_layers/", work("john"))
    found = take_in([folder(tmp_path, files)], assignment)
    assert whose(found) == {"doejane": {"jane"}, "roejohn": {"john"}}
    assert complete(found, assignment)


def test_two_people_of_one_name_are_told_apart_by_their_numbers(tmp_path, assignment):
    files = flat("doejane_11_", work("one")) | flat("doejane_22_", work("two"), 700000)
    found = take_in([archive(tmp_path, files)], assignment)
    assert whose(found) == {"doejane_11": {"one"}, "doejane_22": {"two"}}
    assert found.all_warnings == (
        "`doejane` is the name of 2 people. They are told apart by Canvas's numbers: `doejane_11`,"
        " `doejane_22`.",
    )


def test_three_notebooks_uploaded_singly_are_one_students(tmp_path, three):
    lessons = dict.fromkeys(three.notebooks, EMPTY)
    files = flat("doejane_12345_", lessons) | flat("roejohn_12346_", lessons, 679000)
    found = take_in([archive(tmp_path, files)], three)
    assert [one.student for one in found.submissions] == ["doejane", "roejohn"]
    assert complete(found, three)


def test_three_notebooks_of_ones_own_names_are_one_students(tmp_path, three):
    files = {f"hw1_{name.removesuffix('.ipynb')}_jdoe.ipynb": EMPTY for name in three.notebooks}
    assert [one.student for one in find_submissions(folder(tmp_path, files, "jdoe"), three)] == [
        "jdoe"
    ]
    assert [
        one.student for one in find_submissions(archive(tmp_path, files, "jdoe.zip"), three)
    ] == ["jdoe"]


def test_one_notebook_of_each_of_three_students_is_a_class(tmp_path, three):
    files = {f"mlp_{name}.ipynb": EMPTY for name in ("ada", "boris", "carl")}
    found = take_in([folder(tmp_path, files)], three)
    assert [one.student for one in found.submissions] == ["mlp_ada", "mlp_boris", "mlp_carl"]


def test_a_students_own_names_are_no_platforms(tmp_path, assignment):
    own = work("ada") | {
        "run_12_345_a.py": b"",
        "plots_2024_1200_b.py": b"",
        "a - 2024 1005.py": b"",
    }
    found = take_in([folder(tmp_path, own, "ada")], assignment)
    assert [one.student for one in found.submissions] == ["ada"]
    assert found.given[0].layout is Layout.STUDENT


def test_files_of_nobody_in_a_download(tmp_path, assignment):
    files = CANVAS | {"fay.ipynb": EMPTY, "solution.py": b"", LESSON: EMPTY, "grades.csv": b""}
    found = take_in([archive(tmp_path, files)], assignment)
    assert [one.student for one in found.submissions] == ["doejane", "fay", "roejohn"]
    assert found.given[0].aside == ("grades.csv",)
    assert found.all_warnings == (
        "`solution.py`, `two_layers.ipynb` belong to no student and were not graded.",
        "`fay.ipynb` is not called as Canvas calls files; it was taken as `fay`'s.",
    )


# Moodle -----------------------------------------------------------------------------------------

MOODLE = {
    "Jane Doe_1234567_assignsubmission_file_/submission.zip": zipped(work("jane")),
    **under("Øystein Ås_1234568_assignsubmission_file_/", work("oystein")),
    "Sam Poe_1234569_assignsubmission_onlinetext_/onlinetext.html": b"<p>Hello</p>",
    "Sam Poe_1234569_assignsubmission_file_/hw.zip": zipped(under("x/", work("sam"))),
}


@BOTH
def test_moodle(tmp_path, assignment, packed):
    found = take_in([packed(tmp_path, MOODLE)], assignment)
    assert whose(found) == {"Jane Doe": {"jane"}, "Sam Poe": {"sam"}, "Øystein Ås": {"oystein"}}
    assert complete(found, assignment)
    assert facts(found)["Sam Poe"] == (
        "Moodle's number: 1234569",
        "text that was typed into Moodle is not graded: "
        "`Sam Poe_1234569_assignsubmission_onlinetext_`",
    )
    assert found.all_warnings == ()


@pytest.mark.parametrize("tail", ["_", ""])
def test_moodle_without_folders_of_its_own(tmp_path, assignment, tail):
    singly = {path.rpartition("/")[2]: data for path, data in work("jane").items()}
    files = under("Jane Doe_11_assignsubmission_file_", singly)
    files |= under(f"Roe John_12_assignsubmission_file{tail}/", work("john"))
    files["Jane Doe_11_assignsubmission_onlinetext_onlinetext.html"] = b""
    found = take_in([archive(tmp_path, files)], assignment)
    assert whose(found) == {"Jane Doe": {"jane"}, "Roe John": {"john"}}
    assert complete(found, assignment)


def test_moodle_blind(tmp_path, assignment):
    files = under("Participant_11_assignsubmission_file_/", work("a"))
    files |= under("Participant_12_assignsubmission_file_/", work("b"))
    found = take_in([archive(tmp_path, files)], assignment)
    assert whose(found) == {"Participant 11": {"a"}, "Participant 12": {"b"}}
    assert found.all_warnings == ()


def test_only_text_is_a_student_with_nothing_to_grade(tmp_path, assignment):
    files = MOODLE | {"Eve_13_assignsubmission_onlinetext_/onlinetext.html": b"here it is"}
    found = take_in([archive(tmp_path, files)], assignment)
    (eve,) = (one for one in found.submissions if one.student == "Eve")
    assert eve.problems[0].startswith("There is nothing to grade here")


# Blackboard, and what nbgrader's zip_collect expects --------------------------------------------


def attempt(user: str, when: str, files: Files, title: str = "Homework 1") -> dict[str, bytes]:
    head = f"{title}_{user}_attempt_{when}"
    names = {path.rpartition("/")[2]: data for path, data in files.items()}
    return {f"{head}.txt": b"Name: x", **under(f"{head}_", names)}


@BOTH
def test_blackboard_of_attempts_the_last_counts(tmp_path, assignment, packed):
    files = attempt("jdoe", "2024-02-01-10-00-00", work("old"))
    files |= attempt("jdoe", "2024-02-11-10-00-00", work("new"))
    files |= attempt("jroe", "2024-02-01-11-00-00", {"submission.zip": zipped(work("jroe"))})
    found = take_in([packed(tmp_path, files)], assignment)
    assert whose(found) == {"jdoe": {"new"}, "jroe": {"jroe"}}
    assert complete(found, assignment)
    assert facts(found)["jdoe"] == (
        "2 attempts: the last with files, of 2024-02-11-10-00-00, is graded; not graded:"
        " 2024-02-01-10-00-00",
        "handed in 2024-02-11 10:00:00",
    )
    assert found.all_warnings == ()


def test_blackboard_an_attempt_without_files_does_not_hide_the_one_before(tmp_path, assignment):
    files = attempt("jdoe", "2024-02-01-10-00-00", work("jdoe"))
    files |= attempt("jdoe", "2024-02-02-10-00-00", {})
    found = take_in([archive(tmp_path, files)], assignment)
    assert whose(found) == {"jdoe": {"jdoe"}}
    assert found.all_warnings == (
        "The attempt of 2024-02-02-10-00-00 by `jdoe` has no file; the one of 2024-02-01-10-00-00"
        " was graded.",
    )


@pytest.mark.parametrize("title", ["ps1", "Problem_Set_1", "HW 1_part_2"])
def test_blackboard_users_and_titles_with_underscores(tmp_path, assignment, title):
    when = "2016-01-30-15-00-00"
    files = attempt("j_doe", when, work("a"), title) | attempt("roe", when, work("b"), title)
    found = take_in([archive(tmp_path, files)], assignment)
    assert whose(found) == {"j_doe": {"a"}, "roe": {"b"}}


def test_what_zip_collect_has_unpacked(tmp_path, assignment):
    head = "ps1_bitdiddle_attempt_2016-01-30-15-00-00_problem1"
    files = under(f"{head}/", work("ben")) | {"ps1_hacker_attempt_2016-01-30-15-30-10_x.zip": b""}
    found = take_in([folder(tmp_path, files, "extracted")], assignment)
    assert whose(found) == {"bitdiddle": {"ben"}, "hacker": set()}


# Brightspace ------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("numbers", ["39786-640693 - ", ""])
def test_brightspace(tmp_path, assignment, packed, numbers):
    files = under(f"HW 1/{numbers}Jane Doe - Oct 10, 2025 1022 AM/", work("old"))
    files |= under(f"HW 1/{numbers}Jane Doe - Oct 10, 2025 115 PM/", work("new"))
    files |= under("HW 1/39787-640694 - John O'Roe - 9 October, 2025 1130 PM/", work("john"))
    files |= {"HW 1/index.html": b"<html>"}
    found = take_in([packed(tmp_path, files)], assignment)
    assert whose(found) == {"Jane Doe": {"new"}, "John O'Roe": {"john"}}
    assert found.given[0].aside == ("index.html",)
    assert facts(found)["Jane Doe"][-2:] == (
        "2 attempts: the last with files, of Oct 10, 2025 115 PM, is graded; not graded:"
        " Oct 10, 2025 1022 AM",
        "handed in 2025-10-10 13:15:00",
    )
    assert found.all_warnings == ()


def test_brightspace_without_folders(tmp_path, assignment):
    singly = {path.rpartition("/")[2]: data for path, data in work("jane").items()}
    files = under("1-2 - Jane Doe - Oct 2, 2019 512 PM - ", singly)
    files |= {"1-3 - John Roe - Oct 2, 2019 512 PM - a - b.zip": zipped(work("john"))}
    found = take_in([archive(tmp_path, files)], assignment)
    assert whose(found) == {"Jane Doe": {"jane"}, "John Roe": {"john"}}


def test_dates_that_cannot_be_read_are_said(tmp_path, assignment):
    files = under("Jane Doe - 2 oct. 2019 1012/", work("a"))
    files |= under("Jane Doe - 3 oct. 2019 1012/", work("b"))
    found = take_in([archive(tmp_path, files)], assignment)
    assert whose(found) == {"Jane Doe": {"b"}}
    assert found.all_warnings == (
        "The dates of 2 attempts by `Jane Doe` cannot be read (2 oct. 2019 1012; 3 oct. 2019 1012)."
        " The one of 3 oct. 2019 1012 was graded; check that it is the last.",
    )


# Gradescope -------------------------------------------------------------------------------------

METADATA = b"""---
submission_1:
  :submitters:
  - :name: Ada "L" Lovelace
    :sid: '012'
    :email: ada@x.edu
  :created_at: 2024-01-01 10:00:00.000000000 Z
  :results:
    output: |
      submission_9:
        :submitters:
        - :name: eve
submission_2:
  :submitters:
  - :name: Zoe
    :email: zoe@x.edu
  - :name: "\\u00D8ystein"
    :sid: 0123
"""
EXPORT = {
    "submission_metadata.yml": METADATA,
    **under("submission_1/", work("ada")),
    **under("submission_2/hw/", work("group")),
}


@BOTH
@pytest.mark.parametrize("prefix", ["", "assignment_12_export/"])
def test_gradescope_export(tmp_path, assignment, packed, prefix):
    found = take_in([packed(tmp_path, under(prefix, EXPORT), "export.zip")], assignment)
    assert whose(found) == {"0123 + zoe@x.edu": {"group"}, "ada@x.edu": {"ada"}}
    assert complete(found, assignment)
    assert facts(found)["ada@x.edu"] == (
        'Gradescope: name Ada "L" Lovelace, SID 012, email ada@x.edu',
        "handed in 2024-01-01 10:00:00+00:00",
    )
    assert found.all_warnings == ()


@pytest.mark.parametrize("metadata", [b"\xff\x00{", b"- a\n- b", b"submission_1: [", b""])
def test_gradescope_export_with_metadata_that_says_nothing(tmp_path, assignment, metadata):
    files = EXPORT | {"submission_metadata.yml": metadata}
    found = take_in([archive(tmp_path, files)], assignment)
    assert whose(found) == {"submission_1": {"ada"}, "submission_2": {"group"}}
    assert found.all_warnings == tuple(
        f"`submission_metadata.yml` does not say whose `submission_{n}` is." for n in (1, 2)
    )


# GitHub Classroom -------------------------------------------------------------------------------


def test_github_classroom(tmp_path, assignment):
    files = under("hw1-ada-l/", work("ada-l")) | under("hw1-ada-m/two_layers/", work("ada-m"))
    files |= under("hw1-boris/", {"README.md": b"boris"})
    found = take_in([folder(tmp_path, files, "hw1-submissions")], assignment)
    assert found.given[0].layout is Layout.GITHUB
    assert {key: value for key, value in whose(found).items() if key != "boris"} == {
        "ada-l": {"ada-l"},
        "ada-m": {"ada-m"},
    }


def test_github_classroom_called_after_the_assignment(tmp_path, assignment):
    files = under("two-layers-ada/", work("ada")) | under("two-layers-boris/", work("boris"))
    found = take_in([folder(tmp_path, files)], assignment)
    assert whose(found) == {"ada": {"ada"}, "boris": {"boris"}}


def test_folders_of_a_class_are_not_cut_because_they_begin_alike(tmp_path, assignment):
    files = under("smith-ada/", work("ada")) | under("smith-boris/", work("boris"))
    found = take_in([folder(tmp_path, files)], assignment)
    assert whose(found) == {"smith-ada": {"ada"}, "smith-boris": {"boris"}}


# Sections ---------------------------------------------------------------------------------------

SECTIONS = {
    **under("A/ada/", work("ada")),
    **under("A/boris/two_layers/", work("boris")),
    **under("B/carl/", work("carl")),
    "B/dora/hw.zip": zipped(work("dora")),
    **under("B/erik/", {"layers.py": b"# <<erik>>"}),
}


@pytest.mark.parametrize("prefix", ["", "2024/"])
def test_sections(tmp_path, assignment, prefix):
    found = take_in([folder(tmp_path, under(prefix, SECTIONS))], assignment)
    assert whose(found) == {name: {name} for name in ("ada", "boris", "carl", "dora", "erik")}
    assert facts(found)["carl"] == ("section B",)
    assert found.all_warnings == ()


def test_sections_in_a_zip(tmp_path, assignment):
    found = take_in([archive(tmp_path, SECTIONS)], assignment)
    assert set(whose(found)) == {"ada", "boris", "carl", "dora", "erik"}


def test_sections_of_sections(tmp_path, assignment):
    files = under("Mon/", SECTIONS) | under("Tue/A/", under("fay/", work("fay")))
    files |= under("Tue/A/gus/", work("gus"))
    found = take_in([folder(tmp_path, files)], assignment)
    assert set(whose(found)) == {"ada", "boris", "carl", "dora", "erik", "fay", "gus"}
    assert facts(found)["fay"] == ("section Tue/A",)


def test_a_section_of_one_student_is_guessed_and_said(tmp_path, assignment):
    files = {path: data for path, data in SECTIONS.items() if "dora" not in path}
    files = {path: data for path, data in files.items() if "erik" not in path}
    found = take_in([folder(tmp_path, files)], assignment)
    assert set(whose(found)) == {"ada", "boris", "carl"}
    assert found.all_warnings == (
        "The folders in `class` are taken for sections, because of 2 students in `A`."
        " `--layout sections` or `--layout class` settles it.",
    )
    asked = take_in([tmp_path / "class"], assignment, layout=Layout.SECTIONS)
    assert (set(whose(asked)), asked.all_warnings) == ({"ada", "boris", "carl"}, ())


def test_sections_that_are_downloads_still_packed(tmp_path, assignment):
    a = flat("doejane_12345_", work("jane")) | flat("roejohn_12346_", work("john"), 700000)
    files = {"A.zip": zipped(a), "B.zip": zipped(MOODLE)}
    found = take_in([folder(tmp_path, files)], assignment)
    assert set(whose(found)) == {"Jane Doe", "Sam Poe", "doejane", "roejohn", "Øystein Ås"}
    assert facts(found)["doejane"] == ("section A", "Canvas's number: 12345")


def test_one_download_in_a_folder_still_packed(tmp_path, assignment):
    found = take_in([folder(tmp_path, {"submissions.zip": zipped(CANVAS)}, "hw1")], assignment)
    assert set(whose(found)) == {"doejane", "roejohn"}


def test_one_id_in_two_sections_is_two_people(tmp_path, assignment):
    files = under("A/doe/", work("a")) | under("A/ada/", work("ada"))
    files |= under("B/doe/", work("b")) | under("B/carl/", work("carl"))
    found = take_in([folder(tmp_path, files)], assignment)
    assert whose(found) == {"ada": {"ada"}, "carl": {"carl"}, "doe (A)": {"a"}, "doe (B)": {"b"}}
    assert found.all_warnings == (
        "`doe` is the id of 2 submissions: `class/A/doe`, `class/B/doe`.",
    )


def test_versions_of_ones_own_are_no_sections_and_no_students(tmp_path, assignment):
    files = under("ada/old/", work("ada")) | under("ada/new/", work("ada"))
    files |= under("boris/v1/", work("boris")) | under("boris/v2/", work("boris"))
    found = take_in([folder(tmp_path, files)], assignment)
    assert whose(found) == {"ada": {"ada"}, "boris": {"boris"}}


def test_a_folder_of_several_students_that_is_graded_as_one_is_said(tmp_path, assignment):
    files = under("ada/", work("ada")) | under("B/boris/", work("boris"))
    files |= under("B/carl/", work("carl"))
    found = take_in([folder(tmp_path, files)], assignment)
    assert set(whose(found)) == {"B", "ada"}
    assert found.all_warnings == (
        "`B` has the assignment's files in 2 places (`boris`, `carl`) and is graded as one student,"
        " from one of them. If they are several students': `--layout sections`, or `--layout class`"
        " for that folder alone.",
    )


def test_a_zip_of_several_students_in_a_class_is_said(tmp_path, assignment):
    files = under("ada/", work("ada")) | {
        "B.zip": zipped(under("x/", work("x")) | under("y/", work("y")))
    }
    files["C.zip"] = zipped(CANVAS)
    found = take_in([folder(tmp_path, files)], assignment)
    assert set(whose(found)) == {"B", "C", "ada"}
    assert found.all_warnings[0].startswith("`B` has the assignment's files in 2 places (`x`, `y`)")
    assert found.all_warnings[1] == (
        "`C` has files of 2 people in Canvas's form and is graded as one student. If it is a"
        " section: `--layout sections`."
    )


# One student, or a class ------------------------------------------------------------------------


def test_the_instructors_notebook_beside_the_students_folders(tmp_path, assignment):
    files = under("ada/", work("ada")) | under("boris/", work("boris")) | {LESSON: EMPTY}
    found = take_in([folder(tmp_path, files)], assignment)
    assert whose(found) == {"ada": {"ada"}, "boris": {"boris"}}
    assert found.all_warnings == (
        "`class` is taken for a class, because 2 folders in it have the assignment's files; it has"
        " such files itself, too. `--layout class` or `--layout student` settles it.",
        "`two_layers.ipynb` belongs to no student and was not graded.",
    )


def test_a_students_folder_with_a_backup_stays_one_students(tmp_path, assignment):
    files = work("ada") | under("backup/", work("old")) | under("old version/", work("older"))
    found = take_in([folder(tmp_path, files, "ada")], assignment)
    assert whose(found)["ada"] >= {"ada"}
    assert found.all_warnings == ()


def test_a_zip_of_folders_is_a_class_and_that_is_said(tmp_path, assignment):
    files = under("ada/", work("ada")) | under("boris/", work("boris"))
    found = take_in([archive(tmp_path, files, "eve.zip")], assignment)
    assert whose(found) == {"ada": {"ada"}, "boris": {"boris"}}
    assert found.all_warnings == (
        "`eve.zip` is taken for a class, because 2 of the folders and files in it hold work; a zip"
        " by one student may look the same. `--layout class` or `--layout student` settles it.",
    )
    assert {one.origin.guessed for one in found.submissions} == {"class"}
    asked = take_in([tmp_path / "eve.zip"], assignment, layout=Layout.STUDENT)
    assert [one.student for one in asked.submissions] == ["eve"]
    asked = take_in([tmp_path / "eve.zip"], assignment, layout=Layout.CLASS)
    assert (set(whose(asked)), asked.all_warnings) == ({"ada", "boris"}, ())
    assert {one.origin.guessed for one in asked.submissions} == {""}


@pytest.mark.parametrize("name", ["submissions.zip", "all.zip", "CS1 class export.zip"])
def test_a_class_zip_with_one_student_by_the_name_of_the_zip(tmp_path, assignment, name):
    found = take_in([archive(tmp_path, under("ada/", work("ada")), name)], assignment)
    assert whose(found) == {"ada": {"ada"}}
    assert found.all_warnings == (
        f"`{name}` is taken for a class of one, `ada`, because of what the two are called."
        " `--layout class` or `--layout student` settles it.",
    )


@BOTH
@pytest.mark.parametrize(
    "inside",
    [
        {"hw1.zip": zipped(work("ada")), "hw1_final.zip": zipped(work("ada"))},
        under("old/", work("ada")) | under("new/", work("ada")),
        under("my work/", work("ada")),
        {"hw1.zip": zipped(work("ada")), **under("drafts/", work("ada"))},
    ],
    ids=["two zips", "two versions", "one folder", "a zip and a folder"],
)
def test_what_is_called_like_parts_of_ones_work_is_one_students(
    tmp_path, assignment, packed, inside
):
    found = take_in([packed(tmp_path, inside, f"ada{'.zip' * (packed is archive)}")], assignment)
    assert [one.student for one in found.submissions] == ["ada"]
    assert found.given[0].layout is Layout.STUDENT


def test_a_folder_in_a_folder_may_be_a_class_of_one(tmp_path, assignment):
    found = take_in([folder(tmp_path, under("boris/", work("boris")), "ada")], assignment)
    assert whose(found) == {"boris": {"boris"}}
    assert found.all_warnings == (
        "`ada` is taken for a class of one, `boris`, because of what the two are called."
        " `--layout class` or `--layout student` settles it.",
    )


def test_one_zip_is_one_student(tmp_path, assignment):
    found = take_in([archive(tmp_path, under("ada/", work("eve")), "eve.zip")], assignment)
    assert whose(found) == {"eve": {"eve"}}
    assert [one.origin.guessed for one in found.submissions] == [""]


# Asked for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layout", "title", "example"),
    [
        (Layout.CANVAS, "Canvas", "doejane_12345_678910_nn.py"),
        (Layout.MOODLE, "Moodle", "Jane Doe_12345_assignsubmission_file_"),
        (Layout.GRADESCOPE, "Gradescope", "submission_metadata.yml"),
    ],
)
def test_a_layout_that_is_not_there(tmp_path, assignment, layout, title, example):
    path = folder(tmp_path, under("ada/", work("ada")))
    with pytest.raises(SubmissionError) as error:
        take_in([path], assignment, layout=layout)
    assert str(error.value) == (
        f"class is no download of {title}: nothing in it is called like `{example}`. Leave --layout"
        " out, or choose another; `autograder inspect` shows what is found."
    )


def test_canvas_of_a_small_school_has_to_be_asked_for(tmp_path, assignment):
    files = flat("doe_1_", work("jane"), 1) | flat("roe_2_", work("john"), 11)
    asked = take_in([folder(tmp_path, files)], assignment, layout=Layout.CANVAS)
    assert whose(asked) == {"doe": {"jane"}, "roe": {"john"}}


def test_github_asked_for_takes_what_the_names_begin_with(tmp_path, assignment):
    files = under("lab-1-ada/", work("ada")) | under("lab-1-boris/", work("boris"))
    asked = take_in([folder(tmp_path, files)], assignment, layout=Layout.GITHUB)
    assert whose(asked) == {"ada": {"ada"}, "boris": {"boris"}}


# Paths that a shell lists ------------------------------------------------------------------------


def test_files_of_a_download_that_are_given_one_by_one(tmp_path, assignment):
    root = folder(tmp_path, CANVAS | {"index.html": b""}, "download")
    found = take_in(sorted(root.iterdir()), assignment)
    assert whose(found) == {"doejane": {"jane"}, "roejohn": {"john"}}
    assert complete(found, assignment)
    assert found.given[0].place == "download"


def test_one_file_of_a_download(tmp_path, assignment):
    files = {"doejane_12345_678910_submission.zip": zipped(work("jane"))} | CANVAS
    root = folder(tmp_path, files, "download")
    found = take_in([root / "doejane_12345_678910_submission.zip"], assignment)
    assert whose(found) == {"doejane": {"jane"}}


def test_folders_of_a_download_beside_a_students(tmp_path, assignment):
    root = folder(tmp_path, MOODLE | under("ada/", work("ada")), "download")
    found = take_in([*sorted(root.iterdir()), folder(tmp_path, work("eve"), "eve")], assignment)
    assert set(whose(found)) == {"Jane Doe", "Sam Poe", "ada", "eve", "Øystein Ås"}


def test_repositories_given_one_by_one(tmp_path, assignment):
    files = under("hw1-ada/", work("ada")) | under("hw1-boris/", work("boris"))
    root = folder(tmp_path, files, "hw1-submissions")
    assert set(whose(take_in(sorted(root.iterdir()), assignment))) == {"ada", "boris"}
    root = folder(tmp_path, files, "two-layers-submissions")
    assert set(whose(take_in([root], assignment))) == {"hw1-ada", "hw1-boris"}


def test_one_path_twice_is_said(tmp_path, assignment):
    root = folder(tmp_path, work("ada"), "ada")
    assert take_in([root, root], assignment).all_warnings == (
        "`ada` is the id of 2 submissions: `ada`, `ada`.",
    )


# Names ------------------------------------------------------------------------------------------


def test_names_that_are_no_text_lose_nobody(tmp_path, assignment):
    root = folder(tmp_path, under("ada/", work("ada")))
    for path, data in work("odd").items():
        place = Path(str(root / "zo\udce9"), path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (root / "b\udcff_12345_678001_x.ipynb").write_bytes(EMPTY)
    found = take_in([root], assignment)
    assert whose(found)["zo\ufffd"] == {"odd"}
    assert len(found.submissions) == 3
    for one in found.submissions:
        (one.student + one.origin.place + "".join(one.problems)).encode()


def test_a_zip_with_one_name_that_is_no_text_keeps_the_others(tmp_path, assignment):
    data = zipped(under("ada/", work("ada")) | under("b\u00f6ris/", work("boris")))
    (tmp_path / "class.zip").write_bytes(data.replace("b\u00f6ris".encode(), b"b\xff\xferis"))
    found = take_in([tmp_path / "class.zip"], assignment)
    assert len(found.submissions) == 2
    assert {"ada"} in whose(found).values()
    assert {"boris"} in whose(found).values()


def test_a_deep_attachment_loses_nobody(tmp_path, assignment):
    deep = "/".join("d" * 60) + "/x.py"
    files = MOODLE | {
        f"Jane Doe_1234567_assignsubmission_file_/{deep}": b"",
        "a" * 900 + ".py": b"",
    }
    found = take_in([archive(tmp_path, files)], assignment)
    assert {"Jane Doe", "Sam Poe", "Øystein Ås"} <= set(whose(found))
