"""marks.csv as spreadsheets and people write it: read with its lines, or refused with a remedy."""

from __future__ import annotations

import contextlib
import csv
import io
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.marks.sheet import MarksError, append_row, read_sheet, sheet_of, with_row
from autograder.tables import harmless

PATH = Path("grades/nets/marks.csv")
HEAD = "student,check,points,by,why\n"
ROW = {"student": "ada", "check": "relu", "points": "1.5", "by": "jo", "why": "it holds"}


def read(text: str, encoding: str = "utf-8"):
    return sheet_of(text.encode(encoding), PATH)


def only(text: str, encoding: str = "utf-8"):
    (row,) = read(text, encoding).rows
    return row


def refused(text: str) -> str:
    with pytest.raises(MarksError) as caught:
        read(text)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_write_is_read(encoding, separator, newline):
    cells = ["jürgen", "relu", '"1,5"', "jo", "so"]
    lines = [separator.join(("Student", "Check", "Points", "By", "Why")), separator.join(cells)]
    row = only(newline.join([*lines, ""]), encoding)
    assert (row.line, row.student, row.points) == (2, "jürgen", "1,5")


def test_columns_may_stand_in_any_order_with_others_between():
    row = only("Why,date,BY , points,Check,student\nso,1 May,jo,2,relu,ada\n")
    assert (row.student, row.check, row.points, row.by, row.why) == ("ada", "relu", "2", "jo", "so")


def test_spaces_around_cells_and_rows_without_anything_do_not_count():
    sheet = read(f"\n{HEAD}\n  ada , relu ,2, jo ,so it is \n,,,,\n\n")
    assert [(row.line, row.student, row.why) for row in sheet.rows] == [(4, "ada", "so it is")]


def test_the_line_is_that_in_which_a_row_begins():
    rows = read(HEAD + 'ada,relu,1,jo,"one\ntwo\nthree"\nboris,relu,1,jo,so\n').rows
    assert [(row.line, row.student) for row in rows] == [(2, "ada"), (5, "boris")]
    assert rows[0].why == "one\ntwo\nthree"


def test_excel_may_say_what_parts_cells():
    assert only("sep=;\nstudent;check;points;by;why\nada;relu;1,5;jo;a, b\n").points == "1,5"


def test_no_file_and_an_empty_one_have_no_rows(tmp_path):
    assert read_sheet(tmp_path / "marks.csv").rows == ()
    assert read("").rows == read("\ufeff\n\n").rows == ()


def test_a_missing_column_is_named():
    assert refused("student;check;point;by;why\n") == (
        "grades/nets/marks.csv, line 1: there is no column `points`. The first line has to name"
        " the columns student, check, points, by and why."
    )


def test_a_column_that_is_there_twice_is_refused():
    text = refused("student,check,points,by,why,Points\n")
    assert text == "grades/nets/marks.csv, line 1: there are two columns `points`. Remove one."


def test_a_text_with_the_separator_needs_quotes():
    assert refused(HEAD + "ada,relu,1,5,jo,so\n") == (
        "grades/nets/marks.csv, line 2: there are 6 cells, and 5 columns. Put a text that has a"
        " `,` in it between double quotes."
    )


def test_a_quote_that_is_not_closed_names_the_line_where_it_opens():
    text = refused(HEAD + 'ada,relu,1,jo,so\nboris,relu,1,jo,"so\n\nclara,relu,1,jo,so\n')
    assert text.startswith("grades/nets/marks.csv, line 3: unexpected end of data. Put a text")
    assert refused(HEAD + 'a,relu,1,jo,"so" it\n').startswith("grades/nets/marks.csv, line 2: ")


def test_a_folder_in_its_place_is_said(tmp_path):
    (tmp_path / "marks.csv").mkdir()
    with pytest.raises(MarksError, match=r"marks\.csv cannot be read: Is a directory\."):
        read_sheet(tmp_path / "marks.csv")


# Rows that are added ----------------------------------------------------------------------------


def test_a_row_is_added_to_a_new_file(tmp_path):
    path = tmp_path / "grades" / "marks.csv"
    assert append_row(path, ROW) == 2
    assert path.read_text() == HEAD + "ada,relu,1.5,jo,it holds\n"


@pytest.mark.parametrize(
    ("before", "added"),
    [
        (b"student,check,points,by,why\nb,relu,1,jo,so", b"\nada,relu,1.5,jo,it holds\n"),
        (b"Student;Check;Points;By;Why\r\n", b"ada;relu;1,5;jo;it holds\r\n"),
        (b"\xef\xbb\xbfwhy,date,points,student,by,check\n", b"it holds,,1.5,ada,jo,relu\n"),
        ("student\tcheck\tpoints\tby\twhy\n".encode("utf-16"),
         "ada\trelu\t1.5\tjo\tit holds\n".encode("utf-16-le")),
    ],
)  # fmt: skip
def test_a_row_is_added_as_the_others_are_written(tmp_path, before, added):
    path = tmp_path / "marks.csv"
    path.write_bytes(before)
    append_row(path, ROW)
    assert path.read_bytes() == before + added
    assert read_sheet(path).rows[-1].student == "ada"


def test_a_character_that_the_encoding_lacks_is_refused_and_nothing_is_written(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_bytes(before := (HEAD + "jürgen,relu,1,jo,so\n").encode("cp1252"))
    with pytest.raises(MarksError, match=r"encoding cp1252, which has no 'Č'\. Save it as UTF-8"):
        append_row(path, ROW | {"why": "Čapek"})
    assert path.read_bytes() == before


def test_formulas_are_neutralised(tmp_path):
    path = tmp_path / "marks.csv"
    append_row(path, ROW | {"why": '=HYPERLINK("http://x")', "by": "@jo"})
    (row,) = read_sheet(path).rows
    assert (row.by, row.why) == ("'@jo", '\'=HYPERLINK("http://x")')


def test_two_people_who_add_at_once_both_have_their_rows(tmp_path):
    path = tmp_path / "marks.csv"
    people = [
        threading.Thread(target=append_row, args=(path, ROW | {"student": f"s{number}"}))
        for number in range(20)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(row.student for row in read_sheet(path).rows) == sorted(
        f"s{number}" for number in range(20)
    )


# Whatever is in it ------------------------------------------------------------------------------

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    for content in (data, HEAD.encode() + data, b"\xef\xbb\xbf" + HEAD.encode() + data):
        with contextlib.suppress(MarksError):
            sheet_of(content, PATH)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=6),
    separator=st.sampled_from(",;\t"),
    mark=st.booleans(),
)
def test_what_was_written_is_read_with_lines_that_are_right(rows, separator, mark):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["student", "check", "points", "by", "why"])
    starts = []
    for row in rows:
        starts.append(len(io.StringIO(buffer.getvalue(), newline="").readlines()) + 1)
        writer.writerow(row)
    found = read(buffer.getvalue(), "utf-8-sig" if mark else "utf-8").rows
    expected = [
        (line, *(cell.strip() for cell in row))
        for line, row in zip(starts, rows, strict=True)
        if any(cell.strip() for cell in row)
    ]
    assert [(one.line, one.student, one.check, one.points, one.by, one.why) for one in found] == (
        expected
    )


@given(cells=st.tuples(CELLS, CELLS, CELLS), before=st.sampled_from(["", HEAD, HEAD.rstrip()]))
def test_any_row_can_be_added_and_reads_as_meant(cells, before):
    student, by, why = (cell.strip() for cell in cells)
    row = {"student": student or "s", "check": "relu", "points": "1", "by": by, "why": why}
    data = with_row(before.encode(), PATH, row)
    assert data.startswith(before.encode())
    (found,) = sheet_of(data, PATH).rows
    assert found.why == harmless(why, keep="\n\t").strip()
