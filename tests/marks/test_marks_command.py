"""`autograder marks`: the table, rows that are added, and the files for platforms."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

FULL = {"affine": 4, "relu": 2}
MARKS = Path("grades/nets/marks.csv")
CANVAS = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Other (5),Neural nets (98765)
    Points Possible,,,,,10,10
"Byron, Ada",11,S1,ada,A,3,
"=Ross, Bob",12,S2,bob,A,,
"Student, Test",13,,abc,A,,
"""
WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 11,Ada Byron,ada@x.edu,Submitted for grading - ,,10.00,Yes,-,-,
Participant 12,Bob Ross,bob@x.edu,No submission - ,,10.00,Yes,-,-,
"""


@pytest.fixture
def roster(tmp_path):
    def write(text: str) -> Path:
        (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
        return Path("roster.csv")

    return write


@pytest.fixture
def exported(run, tmp_path):
    """The rows of an export, and what was said."""

    def of(platform: str, *words: object):
        said = run("marks", "nets", "--export", platform, "out.csv", *words)
        assert said.code == 0
        text = (tmp_path / "out.csv").read_text(encoding="utf-8")
        return list(csv.reader(io.StringIO(text))), said

    return of


# The table --------------------------------------------------------------------------------------


def test_the_table_shows_what_a_mark_is_made_of(run, keep, marks_csv, settings):
    settings("[late]\npercent_per_day = 10\n")
    keep("ada", {"affine": 1, "relu": 2})
    keep("boris", FULL, answered=False)
    marks_csv("ada,why,3,jo,good\nada,affine,2,jo,a half\nada,affine,4,kim,all of it\n"
              "boris,late,1,jo,by mail\nboris,bonus,1,jo,helped\n")  # fmt: skip
    said = run("marks", "nets")
    assert (said.code, said.err) == (0, "")
    assert [" ".join(line.split()) for line in said.out.splitlines()[4:]] == [
        "ada 3/6 3/4 +3 9/10",
        "boris 6/6 0/4 +1 1 day −0.6 6.4/10",
        "",
        "Decisions of people, in grades/nets/marks.csv:",
        "ada: why 3, by jo: good (line 2)",
        "ada: affine 1 → 4, by kim: all of it (line 4)",
        "ada: affine 1 → 2, by jo: a half (line 3, replaced by line 4)",
        "boris: late 1 day, by jo: by mail (line 5)",
        "boris: bonus +1, by jo: helped (line 6)",
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal(run, keep, marks_csv, settings, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    settings("[late]\nfree_days = 1\npercent_per_day = 10\n")
    keep("Wolfeschlegelsteinhausenbergerdorff", FULL)
    marks_csv("Wolfeschlegelsteinhausenbergerdorff,late,12,jo,x\n")
    lines = run("marks", "nets").out.splitlines()
    assert max(len(line.rstrip()) for line in lines[:8]) <= width


def test_what_is_open_is_said_under_the_table(run, keep, roster):
    keep("ada", FULL)
    keep("eve", FULL, answered=False, facts=("Canvas marks it as LATE",))
    said = run("marks", "nets", "--roster", roster(CANVAS))
    assert "Waiting for a person: why (1 student): ada.\n" in said.out
    assert "No result (1): bob.\n" in said.out
    assert "Not on the roster (1): eve.\n" in said.out


def test_late_without_a_date_and_late_without_a_cost_are_said(run, keep, settings, marks_csv):
    settings("[late.due]\nnets = 2026-03-14\n")
    keep("ada", FULL, answered=False, facts=("Canvas marks it as LATE",))
    keep("bob", FULL, answered=False)
    marks_csv("bob,late,1,jo,x\n")
    said = run("marks", "nets").out
    assert (
        "A platform marks these as late and does not say when they were handed in: ada. Add a row"
        " with `late` and the number of days, or with `submitted` and the date.\n" in said
    )
    assert (
        "Late, and it costs nothing, for [late] in course.toml has no percent_per_day: bob.\n"
        in said
    )


def test_a_students_escapes_reach_no_terminal(run, keep, marks_csv):
    keep("ada\x1b[31m", FULL)
    marks_csv("ada\x1b[31m,bonus,1,jo,\x1b]0;so\x07\n")
    assert "\x1b" not in run("marks", "nets").out


def test_without_results_the_way_out_is_said(run, assignment):
    said = run("marks", "nets")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "There are no results of nets in grades. Grade first (autograder grade nets PATH), or name"
        " the folder of results with --out.\n"
    )


def test_a_wrong_row_is_said_with_its_line(run, keep, marks_csv):
    keep("ada", FULL)
    marks_csv("ada,relu,3,jo,so\n")
    said = run("marks", "nets")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("grades/nets/marks.csv, line 2: `relu` gives at most 2 points")


# Rows that are added ----------------------------------------------------------------------------


def test_set_adds_a_row_and_says_the_mark(run, keep):
    keep("ada", {"relu": 2}, answered=False)
    said = run("marks", "nets", "--set", "ada", "affine", "2.5", "--why", "so, there", "--by", "jo")
    assert (said.code, said.err) == (0, "")
    assert said.out == "ada: 4.5 of 10 points. Written to grades/nets/marks.csv, line 2.\n"
    assert MARKS.read_text() == 'student,check,points,by,why\nada,affine,2.5,jo,"so, there"\n'


def test_set_says_who_is_at_the_machine(run, keep, monkeypatch):
    keep("ada", FULL)
    monkeypatch.setenv("LOGNAME", "kim")
    run("marks", "nets", "--set", "ada", "why", "4", "--why", "so")
    assert MARKS.read_text().splitlines()[1] == "ada,why,4,kim,so"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "ada", "affine", "2"], "--set needs --why TEXT: the reason stays with the mark,"
         " and the student reads it.\n"),
        (["--set", "ada", "affine", "-2", "--why", "x"], "Nothing was written."
         " grades/nets/marks.csv, line 2: `-2` is negative; take points off with a row"
         " `deduction` and a positive number.\n"),
        (["--set", "adda", "affine", "2", "--why", "x"], "Nothing was written."
         " grades/nets/marks.csv, line 2: `adda` has no result here and is on no roster. Did you"
         " mean `ada`? Correct the name, or give the roster with --roster FILE if the student"
         " takes part.\n"),
        (["--why", "x"], "--why belongs to --set STUDENT CHECK POINTS.\n"),
        (["--by", "x"], "--by belongs to --set STUDENT CHECK POINTS.\n"),
    ],
)  # fmt: skip
def test_set_writes_nothing_that_is_wrong(run, keep, words, said):
    keep("ada", FULL)
    result = run("marks", "nets", *words)
    assert (result.code, result.out, result.err) == (2, "", said)
    assert not MARKS.exists()


def test_set_adds_nothing_to_a_file_that_is_wrong(run, keep, marks_csv):
    keep("ada", FULL)
    before = marks_csv("ada,relu,9,jo,so\n").read_bytes()
    said = run("marks", "nets", "--set", "ada", "affine", "2", "--why", "x")
    assert said.code == 2
    assert said.err.startswith("Nothing was written. grades/nets/marks.csv, line 2: `relu` gives")
    assert MARKS.read_bytes() == before


def test_nobody_at_the_machine_has_to_be_named(run, keep, monkeypatch):
    def nobody() -> str:
        raise KeyError

    keep("ada", FULL)
    monkeypatch.setattr("getpass.getuser", nobody)
    said = run("marks", "nets", "--set", "ada", "why", "4", "--why", "so")
    assert said.err == "--set needs --by NAME here: the system does not say who you are.\n"


# Exports ----------------------------------------------------------------------------------------


def test_canvas(keep, exported, roster, marks_csv):
    keep("ada", FULL)
    marks_csv("ada,why,3.5,jo,good\n")
    rows, said = exported("canvas", "--roster", roster(CANVAS))
    assert rows == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Neural nets (98765)"],
        ["    Points Possible", "", "", "", "", "10"],
        ["Byron, Ada", "11", "S1", "ada", "A", "9.5"],
        ["'=Ross, Bob", "12", "S2", "bob", "A", ""],
    ]
    assert said.out == "out.csv: 2 students, with the columns of canvas.\n"
    assert said.err == "No result, so the cell is empty (1): bob.\n"


def test_canvas_without_a_column_of_the_assignment(keep, exported, roster):
    keep("ada", FULL, answered=False)
    rows, said = exported("canvas", "--roster", roster(CANVAS.replace("Neural nets (9", "x (9")))
    assert rows[0][-1] == "Neural nets"
    assert said.err.startswith(
        "The roster has no column of this assignment. Canvas will ask which assignment `Neural"
        " nets` is, or make a new one.\n"
    )


def test_moodle_has_its_worksheet_back(keep, exported, roster, marks_csv):
    keep("ada@x.edu", FULL)
    marks_csv(
        "ada@x.edu,why,3,jo,You name the cause; and no effect\nada@x.edu,due,2026-04-01,j,ill"
    )
    rows, said = exported("moodle", "--roster", roster(WORKSHEET))
    assert rows[0] == WORKSHEET.splitlines()[0].split(",")
    assert rows[1] == [
        "Participant 11", "Ada Byron", "ada@x.edu", "Submitted for grading -", "9", "10.00", "Yes",
        "-", "-", "Your mark: 9 of 10 points. `why`: 3 of 4 points. You name the cause; and no"
        " effect.",
    ]  # fmt: skip
    assert rows[2][:5] == ["Participant 12", "Bob Ross", "bob@x.edu", "No submission -", ""]
    assert said.err == "No result, so the cell is empty (1): bob@x.edu.\n"


def test_moodle_of_another_maximum_is_said(keep, exported, roster):
    keep("ada@x.edu", FULL)
    _, said = exported("moodle", "--roster", roster(WORKSHEET.replace("10.00", "100.00")))
    assert said.err.startswith(
        "Moodle's maximum is 100.00, and the assignment has 10 points. Set it to 10 in Moodle"
        " first: the points are not scaled.\n"
    )


def test_moodle_in_german_keeps_its_columns(keep, exported, roster):
    keep("ada@x.edu", FULL, answered=False)
    head = (
        "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Feedback als Kommentar"
    )
    rows, _ = exported(
        "moodle", "--roster", roster(f"{head}\nTeilnehmer/in11,Ada B,ada@x.edu,,,10,\n")
    )
    assert rows[0] == head.split(",")
    assert rows[1][4] == "6"


def test_moodle_of_a_list_of_participants_goes_by_the_email_address(keep, exported, roster):
    keep("ada@x.edu", FULL, answered=False)
    people = "First name,Last name,Email address\nAda,Byron,ada@x.edu\n"
    rows, said = exported("moodle", "--roster", roster(people))
    assert rows[0] == WORKSHEET.splitlines()[0].split(",")
    assert rows[1][:6] == ["", "Ada Byron", "ada@x.edu", "", "6", "10"]
    assert "Grades > Import > CSV file, by the email address.\n" in said.err


def test_gradescope(keep, exported, roster, marks_csv):
    keep("ada@x.edu", FULL, answered=False, facts=("handed in 2026-03-14 10:00:00",))
    people = (
        "First Name,Last Name,SID,Email,Section\nAda,Byron,01,ada@x.edu,A\nBob,Ross,02,b@x.edu,\n"
    )
    marks_csv("01,bonus,1,jo,so\n")
    rows, _ = exported("gradescope", "--roster", roster(people))
    assert rows == [
        ["First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points",
         "Status", "Submission ID", "Submission Time", "Lateness (H:M:S)"],
        ["Ada", "Byron", "01", "ada@x.edu", "A", "7", "10", "Graded", "", "2026-03-14 10:00:00",
         ""],
        ["Bob", "Ross", "02", "b@x.edu", "", "", "10", "Missing", "", "", ""],
    ]  # fmt: skip


def test_nbgrader(keep, exported, roster, marks_csv, settings):
    keep("ada", FULL, answered=False)
    marks_csv("ada,late,1,jo,so\n")
    settings("[late]\npercent_per_day = 50\n[late.due]\nnets = 2026-03-14T12:00:00\n")
    people = "id,first_name,last_name,email\nada,Ada,Byron,ada@x.edu\nbob,,,\n"
    rows, _ = exported("nbgrader", "--roster", roster(people))
    assert rows == [
        ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
         "raw_score", "late_submission_penalty", "score", "max_score"],
        ["nets", "2026-03-14 12:00:00", "", "ada", "Byron", "Ada", "ada@x.edu", "6", "3", "3",
         "10"],
        ["nets", "2026-03-14 12:00:00", "", "bob", "", "", "", "", "", "", "10"],
    ]  # fmt: skip


def test_marks_that_are_not_final_are_empty_unless_they_are_asked_for(keep, exported):
    keep("ada", FULL)
    rows, said = exported("nbgrader")
    assert rows[1][-2] == ""
    assert said.err == (
        "Not final, so the cell is empty (1): ada. Decide what is open, or export the points so far"
        " with --partial.\n"
    )
    rows, said = exported("nbgrader", "--partial")
    assert rows[1][-2] == "6"
    assert said.err == "Not final, exported as they stand (1): ada.\n"


def test_who_is_not_on_the_roster_is_said_and_left_out(keep, exported, roster):
    keep("eve", FULL, answered=False)
    rows, said = exported("canvas", "--roster", roster(CANVAS))
    assert "eve" not in str(rows)
    assert "Not on the roster, and so not in the file (1): eve.\n" in said.err


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        ("canvas", "--export canvas needs --roster FILE: Canvas finds students by its own columns,"
         " and these stand in the CSV that Grades > Export gives.\n"),
        ("moodle", "--export moodle needs --roster FILE: Moodle finds students by its own columns,"
         " and these stand in the grading worksheet of the assignment.\n"),
    ],
)  # fmt: skip
def test_some_platforms_need_their_roster(run, keep, platform, said):
    keep("ada", FULL)
    result = run("marks", "nets", "--export", platform, "out.csv")
    assert (result.code, result.err) == (2, said)
    assert not Path("out.csv").exists()


def test_an_unknown_platform_is_a_mistake_in_the_command(run, keep):
    keep("ada", FULL)
    assert run("marks", "nets", "--export", "ilias", "out.csv").code == 2
