"""Reports show everything a reader needs, and nothing that a student made as code."""

import csv
import io
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder.grading.adopted import NOT_WRITTEN
from autograder.reports import (
    class_csv,
    class_page,
    class_table,
    report_table,
    student_page,
    write_pages,
)
from autograder.reports.progress import score_line
from autograder.reports.wording import LOOKS, number, verdict
from autograder.results import CheckResult, ManualPart, Report, Status


def result(status: Status = Status.PASSED, **changes: object) -> CheckResult:
    values = {
        "id": "relu_forward",
        "name": "relu_forward is max(0, x).",
        "status": status,
        "score": 2.0 if status is Status.PASSED else 0.0,
        "max_score": 2.0,
    }
    return CheckResult(**(values | changes))


def report(*checks: CheckResult, student: str = "ada", seed: int = 987654321) -> Report:
    return Report(
        assignment="two_layers",
        student=student,
        score=sum(check.score for check in checks),
        max_score=sum(check.max_score for check in checks),
        sandbox="bubblewrap",
        seed=seed,
        seconds=1.25,
        checks=checks,
    )


FAILED = result(
    Status.FAILED,
    id="softmax_loss",
    rationale="`softmax_loss(x, y)`: dx is 32 times ours.",
    help="Was the mean's 1/N kept?",
)
MIXED = report(result(), FAILED, result(Status.SKIPPED, id="net", rationale="It needs relu."))
BROKEN = report(result(Status.ERROR, rationale="The grader failed: OSError"), student="boris")

PLACED = "Marked with the course's `softmax_loss` in place of yours."
FOLLOWED = report(FAILED, result(id="net", rationale=PLACED, followed=("softmax_loss",)))


def on_terminal(renderable: object, width: int = 200) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True)
    console.print(renderable)
    return console.file.getvalue()


def plain(renderable: object) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    console.print(renderable)
    return console.file.getvalue()


# Words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submission", "sentence"),
    [
        (MIXED, "softmax_loss: `softmax_loss(x, y)`: dx is 32 times ours."),
        (report(result()), "Every check passed."),
        (report(result(Status.NOT_ATTEMPTED)), "Nothing was attempted."),
        (
            report(result(), result(Status.NOT_ATTEMPTED)),
            "Nothing is wrong so far; some checks are still open.",
        ),
        (
            report(FAILED, FAILED),
            "softmax_loss: `softmax_loss(x, y)`: dx is 32 times ours. (and 1 more)",
        ),
    ],
)
def test_the_verdict_names_what_was_found_first(submission, sentence):
    assert verdict(submission) == sentence


def test_every_status_has_a_look_of_its_own():
    assert set(LOOKS) == set(Status)
    assert len({look.sign for look in LOOKS.values()}) == len(Status)


@given(st.integers(0, 10_000))
def test_whole_scores_have_no_decimals(value):
    assert number(float(value)) == str(value)


# Terminal ---------------------------------------------------------------------------------------


def test_the_table_of_one_report_says_all():
    text = plain(report_table(MIXED, problems=["`nn/optim.py` was not handed in."]))
    assert "ada: 2 of 6 points (1 passed, 1 failed, 1 skipped)" in text
    assert "✗ failed" in text
    assert "dx is 32 times ours." in text
    assert "→ Was the mean's 1/N kept?" in text
    assert "Note: `nn/optim.py` was not handed in." in text


def test_every_report_says_what_stood_in():
    assert PLACED in plain(report_table(FOLLOWED))
    page = student_page(FOLLOWED, title="T")
    named = '<a href="#softmax_loss"><code>softmax_loss</code></a>'
    assert f"Marked with the course&#39;s {named} in place of yours." in page


def test_the_table_of_a_class_says_all():
    text = plain(class_table([MIXED, BROKEN], notes={"ada": "loss times N"}))
    assert re.search(r"ada .*loss times N .*2/6 .*softmax.*\n .* ✓1 ✗1 –1 ", text)
    assert re.search(r"boris .*0/2 not final .*\n .* !1 ", text)
    assert "✓ passed, ◐ partial, ✗ failed, ○ not attempted, – skipped, ! error" in text
    assert "handed in" not in plain(class_table([MIXED]))


def test_a_terminal_gets_no_markup_and_no_escapes_from_students():
    evil = result(Status.FAILED, rationale="[bold]x[/bold] \x1b[2J\u202e\x07", help="\x9b31m")
    submission = report(evil, student="\x1b]0;t\x07[red]")
    for table in (report_table(submission, problems=["\x1b[2J"]), class_table([submission])):
        text = on_terminal(table)
        assert "\x1b[2J" not in text
        assert not set("\x07\x9b\u202e") & set(text)
        assert "[bold]x[/bold]" in text
        assert "\\x1b]0;t\\x07[red]" in text


# CSV --------------------------------------------------------------------------------------------


def test_csv_has_a_column_per_check():
    assert class_csv([MIXED, BROKEN], problems={"ada": ("One.", "=Two.")}).decode() == (
        "student,score,max_score,final,notes,followed,relu_forward,softmax_loss,net\n"
        "ada,2,6,yes,One. =Two.,,2,0,0\n"
        "boris,0,2,no,,,error,,\n"
    )


def test_csv_says_which_checks_were_marked_with_the_courses_part():
    rows = list(csv.DictReader(io.StringIO(class_csv([FOLLOWED]).decode())))
    assert rows[0]["followed"] == "net"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x"])
def test_csv_gives_a_spreadsheet_no_formula(name):
    assert class_csv([report(result(), student=name)]).decode().splitlines()[1][:2] == "'" + name[0]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; =1", "a; '=1"),
        ("a|@SUM(A1)", "a|'@SUM(A1)"),
        (" =1", " '=1"),
        ("＝1", "'＝1"),
        ("a;b", "a;b"),
        ("Ada-Li", "Ada-Li"),
    ],
)
def test_csv_gives_no_formula_where_cells_are_parted_otherwise(name, written):
    assert class_csv([report(result(), student=name)]).decode().splitlines()[1].startswith(written)


@given(st.text(min_size=1))
def test_csv_of_any_name_is_one_line(name):
    rows = list(csv.reader(io.StringIO(class_csv([report(result(), student=name)]).decode())))
    assert len(rows) == 2
    assert len(rows[1]) == 7


# HTML -------------------------------------------------------------------------------------------

SCRIPT = "<script>alert(1)</script>"


def test_a_students_page_says_all():
    page = student_page(MIXED, title="Two layers", problems=["`nn/optim.py` was not handed in."])
    assert "<title>ada: Two layers</title>" in page
    assert "<strong>2</strong> of 6 points" in page
    assert "<code>softmax_loss(x, y)</code>: dx is 32 times ours." in page
    assert "Was the mean&#39;s 1/N kept?" in page
    assert "<code>nn/optim.py</code> was not handed in." in page
    assert all(f"{LOOKS[check.status].sign} {check.status}" in page for check in MIXED.checks)


def test_pages_do_not_tell_the_seed():
    pages = student_page(MIXED, title="T") + class_page([MIXED], title="T")
    assert str(MIXED.seed) not in pages


def test_pages_load_nothing_and_a_student_s_runs_nothing():
    for page in (student_page(MIXED, title="T"), class_page([MIXED], title="T")):
        assert "default-src 'none'" in page
        assert not re.search(r"<link|<img|src=|https?:|@import|url\(", page)
    assert "<script" not in student_page(MIXED, title="T")


def test_pages_escape_what_students_write():
    evil = result(Status.FAILED, id='"><b>', name=SCRIPT, rationale=f"`{SCRIPT}`", help=SCRIPT)
    submission = report(evil, student=SCRIPT + "\x1b\u202e")
    known = {submission.student: (SCRIPT,)}
    pages = student_page(submission, title=SCRIPT, problems=(SCRIPT,))
    assert "<script" not in pages
    pages += class_page([submission], title=SCRIPT, problems=known, notes={SCRIPT: SCRIPT})
    assert pages.count("<script") == 2  # the data, and what shows them
    assert '"><b>' not in pages
    assert not set("\x1b\u202e") & set(pages)


def test_the_grader_owns_its_failures():
    page = student_page(BROKEN, title="T")
    assert "That is not your fault, and the score is not final." in page
    page = class_page([MIXED, BROKEN], title="T")
    assert "The grader itself failed at some checks of boris; these scores are not final." in page


def test_pages_are_written_side_by_side(tmp_path):
    reports = [MIXED, report(result(), student="Ada"), report(result(), student="index")]
    index = write_pages(tmp_path / "two_layers", reports, title="T")
    assert index == tmp_path / "two_layers" / "index.html"
    links = re.findall(r'"page":"([^"]+)"', index.read_text("utf-8"))
    assert len(set(links)) == 3
    assert all((index.parent / link).is_file() for link in links)
    assert {path.name for path in index.parent.iterdir()} == {*links, "index.html"}


WHY = ManualPart(
    id="why",
    max_points=3,
    answered=True,
    suggested=2,
    summary="Suggested 2 of 3: found the sum (`a + b`); nothing found on <b>a reason</b>.",
)


def with_manual(*parts, student="ada"):
    return msgspec.structs.replace(report(result(), student=student), manual=parts)


def test_a_suggestion_is_for_whoever_marks_and_on_no_students_page():
    text = plain(report_table(with_manual(WHY)))
    assert "suggestions are no marks, and not in the score" in text
    assert "`why`, 3 points by hand. Suggested 2 of 3: found the sum" in text
    assert "Suggested" in class_page([with_manual(WHY)], title="Two layers")
    page = student_page(with_manual(WHY), title="Two layers")
    assert "uggest" not in page
    assert "found the sum" not in page
    assert "Up to 3 more points are still to come: a person marks <code>why</code>." in page
    assert page.index("still to come") < page.index("relu_forward is max(0, x).")
    assert "<code>why</code>: a person marks this, for up to 3 points." in page
    assert "<strong>2</strong> of 2 points" in page


def test_a_check_for_a_person_makes_no_score_final_and_is_no_error_of_the_grader():
    one = report(result(), result(Status.PERSON, id="close", rationale="Who knows?"))
    assert not one.is_final
    assert not one.failed_to_grade
    assert "not final" in plain(class_table([one]))
    assert "A person has to decide the checks marked" in student_page(one, title="t")
    page = class_page([one], title="t")
    assert "A person has to decide checks marked “for a person” of ada" in page
    [row] = csv.DictReader(io.StringIO(class_csv([one]).decode()))
    assert (row["final"], row["close"]) == ("no", "open")


def test_extra_credit_is_called_so_and_may_exceed_the_points():
    extra = result(id="label_noise", name="noisy_labels is extra.", bonus=True)
    one = msgspec.structs.replace(report(result(), extra), max_score=2.0)
    assert one.score == 4
    text = plain(report_table(one))
    assert "4 of 2 points, 2 of them extra credit" in text
    assert "2/2 extra" in text
    page = student_page(one, title="t")
    assert "<strong>4</strong> of 2 points, 2 of them extra credit" in page
    assert "/2 extra</span>" in page
    assert ">2 extra</td>" in class_page([one], title="t")
    assert "2 points are full marks; 2 more are extra credit." in class_page([one], title="t")
    table = plain(class_table([MIXED, one]))
    assert "4/2 (2 extra)" in table
    assert "2 points are full marks; 2 more are extra credit." in table
    assert score_line(one) == "ada: 4/2 (2 extra)"
    [row] = csv.DictReader(io.StringIO(class_csv([one]).decode()))
    assert (row["score"], row["max_score"], row["label_noise"]) == ("4", "2", "2")


def test_without_extra_credit_nothing_is_said_of_it():
    assert "extra" not in plain(class_table([MIXED]))
    assert "full marks" not in class_page([MIXED], title="t")
    assert "extra credit" not in student_page(MIXED, title="t")


@pytest.mark.parametrize("others", [(), (result(),)])
def test_the_verdict_says_that_files_could_not_be_read(others):
    unread = result(Status.NOT_ATTEMPTED, id="a", rationale="`a.ipynb` was not handed in.")
    sentence = "Files are missing or could not be read: see the notes."
    assert verdict(report(*others, unread)) == sentence


@pytest.mark.parametrize("said", ["`TODO(a)` is still to be written.", NOT_WRITTEN])
def test_a_part_that_nobody_has_written_is_no_missing_file(said):
    stub = result(Status.NOT_ATTEMPTED, id="a", rationale=said)
    skipped = result(Status.SKIPPED, id="b", rationale="It needs `a`, which did not pass.")
    assert verdict(report(result(), stub)).startswith("Nothing is wrong so far")
    assert verdict(report(stub)) == "Nothing was attempted."
    assert verdict(report(stub, skipped)) == "Nothing was attempted."
