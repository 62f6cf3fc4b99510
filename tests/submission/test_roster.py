"""A roster of any platform: every name of a student leads to one id, and nobody is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.submission import Roster, RosterError, read_roster
from autograder.submission.roster import Match

CANVAS = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,hw1 (99)
    Points Possible,,,,,10.00
"Doe, Jane",12345,S001,jdoe,A,
"Roe, John",12346,S002,jroe,B,9
"Student, Test",999,,abc,A,
"""
PARTICIPANTS = (
    'First name,Last name,"Email address",Groups\nJane,Doe,jane@x.edu,"A, B"\nØystein,Ås,o@x.edu,\n'
)
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade\n"
    "Participant 1234567,Jane Doe,jane@x.edu,Submitted,\n"
    "Participant 1234568,Øystein Ås,o@x.edu,No submission,\n"
)
NBGRADER = "id,first_name,last_name,email,lms_user_id\njdoe,Jane,Doe,jane@x.edu,12345\nada,,,,\n"
GRADESCOPE = "First Name,Last Name,SID,Email,Section\nJane,Doe,0123,jane@x.edu,A\n"
GITHUB = "identifier,github_username,github_id,name\njane@x.edu,jane-gh,77,Jane Doe\n"
GERMAN = "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\nJane;Doe;4711;jane@x.edu\n"


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> Roster:
    return read_roster(written(tmp_path / "roster.csv", text, encoding))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (CANVAS, ("jdoe", "jroe")),
        (PARTICIPANTS, ("jane@x.edu", "o@x.edu")),
        (WORKSHEET, ("jane@x.edu", "o@x.edu")),
        (NBGRADER, ("jdoe", "ada")),
        (GRADESCOPE, ("0123",)),
        (GITHUB, ("jane@x.edu",)),
        (GERMAN, ("4711",)),
        ("Identifier,Grade\nParticipant 7,\n", ("Participant 7",)),
        ("\n\nUsername\tName\njdoe\tJane Doe\n\n", ("jdoe",)),
    ],
)
def test_the_ids_of_every_platform(tmp_path, text, ids):
    assert roster(tmp_path, text).ids == ids


@pytest.mark.parametrize(
    ("text", "keys", "wanted"),
    [
        (CANVAS, ("12345", "doejane"), "jdoe"),
        (CANVAS, ("doejane",), "jdoe"),
        (CANVAS, ("Jane Doe",), "jdoe"),
        (CANVAS, ("JDOE",), "jdoe"),
        (CANVAS, ("S002",), "jroe"),
        (WORKSHEET, ("1234568", "Øystein Ås"), "o@x.edu"),
        (WORKSHEET, ("999", "Jane Doe"), "jane@x.edu"),
        (PARTICIPANTS, ("O\u0308ystein A\u030as",), ""),
        (PARTICIPANTS, ("Øystein A\u030as",), "o@x.edu"),
        (NBGRADER, ("12345", "somebody else"), "jdoe"),
        (GRADESCOPE, ("jane@x.edu", "0123", "Jane"), "0123"),
        (GITHUB, ("Jane-GH",), "jane@x.edu"),
        (GITHUB, ("jane",), "jane@x.edu"),  # what stands before the @
        (CANVAS, ("eve",), ""),
        (CANVAS, ("999",), ""),  # the test student
    ],
)
def test_every_name_of_a_student_leads_to_the_id(tmp_path, text, keys, wanted):
    assert roster(tmp_path, text).find(keys) == Match(id=wanted)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_spreadsheet_saves_in_any_encoding(tmp_path, encoding):
    found = roster(tmp_path, "Username,Full name\nzm,Zoé Müller\n", encoding)
    assert found.find(["Zoé Müller"]) == Match(id="zm")


def test_a_name_that_two_share_is_nobodys(tmp_path):
    found = roster(tmp_path, "Username,Full name\njd1,Jane Doe\njd2,Jane Doe\n")
    assert found.find(["Jane Doe"]) == Match(
        warnings=(
            "`Jane Doe` may be `jd1` or `jd2` on the roster; the name of the file was kept as the"
            " id.",
        )
    )


def test_who_is_missing_comes_in_the_rosters_order(tmp_path):
    assert roster(tmp_path, CANVAS).missing({"jroe"}) == ("jdoe",)


def test_a_roster_without_ids_says_what_it_has(tmp_path):
    with pytest.raises(RosterError) as error:
        roster(tmp_path, "Gruppe,Note\nA,1\n")
    assert str(error.value) == (
        f"The roster {tmp_path}/roster.csv has no column with an id. Its columns are: Gruppe, Note."
        " Give the CSV of Canvas's gradebook, of Moodle's participants or grading worksheet, or one"
        " with the columns of nbgrader: id, first_name, last_name, email."
    )


@pytest.mark.parametrize(
    ("text", "said"), [("id\n", "has no students."), ("", "has no column with an id.")]
)
def test_an_empty_roster(tmp_path, text, said):
    with pytest.raises(RosterError, match=said):
        roster(tmp_path, text)


def test_a_roster_that_cannot_be_read(tmp_path):
    with pytest.raises(RosterError) as error:
        read_roster(tmp_path)
    assert str(error.value) == f"The roster {tmp_path} cannot be read: Is a directory."
