"""Whole downloads through `autograder inspect` and `autograder grade`: who gets which marks."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import Assignment
from autograder.gradescope.container import read_submission
from autograder.grading.origins import NOT_REPLACED
from autograder.nbgrader_plugin import SubmissionExporter
from autograder.sandbox.levels import LEVELS
from autograder.submission import find_submissions

LEVEL = next(level.name for level in LEVELS if not level.why_not())
Run = Callable[..., Any]


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def singly(prefix: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    names = (path.rpartition("/")[2] for path in files)
    return {
        f"{prefix}{678001 + number}_{name}": data
        for number, (name, data) in enumerate(zip(names, files.values(), strict=True))
    }


def under(prefix: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {prefix + path: data for path, data in files.items()}


@pytest.fixture
def run(tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")

    def run(command: str, *words: object) -> Any:
        given = [command, *map(str, words), f"--course={tiny.course.root}"]
        if command == "grade":
            given += ["--seed=1", "--jobs=1", f"--sandbox={LEVEL}"]
        return CliRunner().invoke(cli.app, given)

    return run


def hand_in(files: Mapping[str, bytes], name: str) -> Path:
    Path(name).write_bytes(zipped(files))
    return Path(name)


def folder(files: Mapping[str, bytes], name: str) -> Path:
    for path, data in files.items():
        (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
        (Path(name) / path).write_bytes(data)
    return Path(name)


def reports(out: str = "grades") -> dict[str, dict[str, Any]]:
    found = [json.loads(path.read_bytes()) for path in Path(out, "tiny").glob("*.json")]
    return {one["student"]: one for one in found}


def scores() -> dict[str, float]:
    return {student: one["score"] for student, one in reports().items()}


# The cases of the issue, and what is like them --------------------------------------------------


def test_canvas_files_uploaded_singly(run, right):
    files = singly("doejane_12345_", right) | singly("roejohn_LATE_12346_", right)
    done = run("grade", "tiny", hand_in(files, "submissions.zip"), "--strict")
    assert done.exit_code == 0, done.output
    assert scores() == {"doejane": 10, "roejohn": 10}
    assert done.stderr.splitlines() == [
        "submissions.zip: 2 students, in a download of Canvas (by the names in it).",
        "  doejane: all 3 files; Canvas's number: 12345",
        "  roejohn: all 3 files; Canvas's number: 12346; Canvas marks it as LATE",
        "[1/2] doejane: 10/10",
        "[2/2] roejohn: 10/10",
    ]
    report = reports()["roejohn"]
    assert report["facts"] == ["Canvas's number: 12346", "Canvas marks it as LATE"]
    assert report["place"] == (
        "submissions.zip/roejohn_LATE_12346_678001_layers.py and 2 more files"
    )


def test_a_class_zip_of_one(run, right):
    files = {"doejane_12345_678910_submission.zip": zipped(right)}
    assert run("grade", "tiny", hand_in(files, "submissions.zip")).exit_code == 0
    assert scores() == {"doejane": 10}


def test_moodle_with_online_text(run, right):
    files = {
        "Jane Doe_1234567_assignsubmission_file_/submission.zip": zipped(right),
        "Øystein Ås_1234568_assignsubmission_file_/submission.zip": zipped(right),
        "Sam Poe_1234569_assignsubmission_onlinetext_/onlinetext.html": b"<p>Hi</p>",
        "Sam Poe_1234569_assignsubmission_file_/submission.zip": zipped(right),
    }
    done = run("grade", "tiny", hand_in(files, "CS101-Homework 1-9876.zip"), "--strict")
    assert done.exit_code == 0, done.output
    assert scores() == {"Jane Doe": 10, "Øystein Ås": 10, "Sam Poe": 10}


def test_attempts_of_one_student(run, right):
    head = "Homework 1_jdoe_attempt_2024-02-0"
    files = {
        f"{head}1-10-00-00.txt": b"Name: jdoe",
        f"{head}1-10-00-00_submission.zip": zipped({"tiny.ipynb": right["tiny.ipynb"]}),
        f"{head}2-10-00-00.txt": b"Name: jdoe",
        f"{head}2-10-00-00_submission.zip": zipped(right),
    }
    assert run("grade", "tiny", hand_in(files, "gradebook_CS1_Homework.zip")).exit_code == 0
    assert scores() == {"jdoe": 10}
    assert reports()["jdoe"]["facts"] == [
        "2 attempts: the last with files, of 2024-02-02-10-00-00, is graded; not graded:"
        " 2024-02-01-10-00-00",
        "handed in 2024-02-02 10:00:00",
    ]


def test_sections_are_not_one_student_with_full_marks(run, right):
    files = under("A/ada/", right) | under("A/boris/", {"nn/layers.py": right["nn/layers.py"]})
    files |= under("B/carl/", right) | under("B/dora/", {"tiny.ipynb": right["tiny.ipynb"]})
    assert run("grade", "tiny", folder(files, "course"), "--strict").exit_code == 0
    assert scores() == {"ada": 10, "boris": 5, "carl": 10, "dora": 3}
    assert reports()["carl"]["facts"] == ["section B"]


def test_a_gradescope_export_has_the_ids_of_gradescope(run, right):
    metadata = (
        b"submission_7:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n    :email: a@x.edu\n"
    )
    files = under("export/", {"submission_metadata.yml": metadata} | under("submission_7/", right))
    assert run("grade", "tiny", hand_in(files, "assignment_1_export.zip")).exit_code == 0
    assert scores() == {"a@x.edu": 10}


LATE = "2020-01-01 00:01:00"
STAMPS = {
    "bom": (b"\xef\xbb\xbf" + LATE.encode(), [f"handed in {LATE}"]),
    "utf-16": (LATE.encode("utf-16"), [f"handed in {LATE}"]),
    "words": (b"handed in late, sorry", []),
    "binary": (bytes(range(128, 256)), []),
}


@pytest.mark.parametrize("kind", STAMPS)
def test_a_timestamp_of_any_form_loses_nobody(run, right, kind):
    stamp, facts = STAMPS[kind]
    folder(right | {"timestamp.txt": stamp}, "submitted/ana/tiny")
    done = run("grade", "tiny", Path("submitted"), "--strict")
    assert done.exit_code == 0, done.output
    assert scores() == {"ana": 10}
    assert reports()["ana"].get("facts", []) == facts


CANVAS_NAMES = "Canvas's names, of a student who handed in what Canvas gave back"
ODD = {
    CANVAS_NAMES: (lambda work: singly("doejane_12345_", work), 10),
    "a folder of somebody else": (lambda work: under("ada/", work), 10),
    "a folder of the assignment, and a module beside it": (
        lambda work: (
            under("tiny/", {path: data for path, data in work.items() if "loss" not in path})
            | {"loss.py": work["nn/loss.py"]}
        ),
        10,
    ),
    "Moodle's folder of two": (
        lambda work: (
            under("A_1_assignsubmission_file_/", work) | under("B_2_assignsubmission_file_/", work)
        ),
        10,
    ),
}


@pytest.mark.parametrize("kind", ODD)
def test_one_students_folder_is_the_same_here_in_nbgrader_and_on_gradescope(run, right, tiny, kind):
    make, wanted = ODD[kind]
    place = folder(make(right), "submitted/eve/tiny")
    assert run("grade", "tiny", Path("submitted")).exit_code == 0
    assert scores() == {"eve": wanted}
    (here,) = find_submissions(Path("submitted"), tiny)
    assert read_submission(place, "eve", tiny) == here
    exporter = SimpleNamespace(_latest=None, _folder=lambda student: str(place), assignment=tiny)
    assert SubmissionExporter.submission(exporter, "eve") == here


# Not certain ------------------------------------------------------------------------------------

SEVERAL = (
    "`B` has the assignment's files in 2 places (`carl`, `dora`) and is graded as one student, from"
    " one of them. If they are several students': `--layout sections`, or `--layout class` for that"
    " folder alone."
)


def test_what_is_not_certain_is_said_first_stays_in_the_report_and_is_strict(run, right):
    files = under("ada/", right) | under("B/carl/", right) | under("B/dora/", right)
    files |= {"solution.py": b"x = 1\n"}
    nobody = "`solution.py` belongs to no student and was not graded."
    path = folder(files, "course")
    done = run("grade", "tiny", path, "--format=html", "--format=csv", "--format=text")
    assert done.exit_code == 0
    assert done.stderr.splitlines()[:6] == [
        "course: 2 students, each with a folder, zip or notebook.",
        "  B: all 3 files",
        "  ada: all 3 files",
        "Look at this:",
        f"  ! {nobody}",
        f"  ! {SEVERAL}",
    ]
    assert reports()["B"]["warnings"] == [SEVERAL]
    assert reports()["ada"]["warnings"] == []
    results = Path("grades", "tiny")
    record = " ".join((results / "handed-in.txt").read_text("utf-8").split())
    assert nobody in record
    assert SEVERAL in record
    overview = (results / "index.html").read_text("utf-8")
    assert "belongs to no student" in overview
    assert "is graded as one student" in overview
    assert "is graded as one student" not in (results / "ada.html").read_text("utf-8")
    assert "is graded as one student" in (results / "grades.csv").read_text("utf-8")
    assert "is graded as one student" in done.stdout
    again = run("grade", "tiny", path, "--strict")
    assert again.exit_code == 1
    assert again.stderr.splitlines()[-1] == "--strict: 2 things to look at, see above."


def test_a_folder_with_the_students_page_says_nothing_of_others(run, right):
    files = under("ada/", right) | {"ada.zip": zipped(right)}
    done = run("grade", "tiny", folder(files, "course"), "--format=html", "--strict")
    assert done.exit_code == 1
    assert scores() == {"ada": 10, "ada (2)": 10}
    assert reports()["ada"]["warnings"] == [
        "`ada` is the id of 2 submissions: `course/ada`, `course/ada.zip`."
    ]


def test_a_fault_of_the_grader_weighs_more_than_strict(run, right, monkeypatch):
    from autograder.grading import many

    files = under("ada/", right) | under("boris/", right) | {"layers.py": b""}
    real = many.failed_report
    monkeypatch.setattr("autograder.grading.task.grade_submission", lambda *args, **options: 1 / 0)
    done = run("grade", "tiny", folder(files, "course"), "--strict")
    assert (done.exit_code, real) == (3, many.failed_report)


def test_layout_decides(run, right):
    files = under("ada/", right) | under("B/carl/", right) | under("B/dora/", right)
    path = folder(files, "course")
    assert run("grade", "tiny", path / "B", "--layout=class", "--strict").exit_code == 0
    assert set(scores()) == {"carl", "dora"}
    assert run("grade", "tiny", path, "--layout=student", "--out=one").exit_code == 0
    assert list(reports("one")) == ["course"]


def test_a_layout_that_is_not_there_is_a_mistake_of_the_command(run, right):
    done = run("grade", "tiny", folder(under("ada/", right), "course"), "--layout=moodle")
    assert done.exit_code == 2
    assert done.stderr.startswith("course is no download of Moodle: nothing in it is called like")


def test_more_than_ten_students_are_left_to_inspect(run, right):
    files = {f"s{number:02}/nn/loss.py": right["nn/loss.py"] for number in range(12)}
    path = folder(files, "course")
    done = run("grade", "tiny", path)
    lines = done.stderr.splitlines()
    assert lines[1] == "  s00: 1 of 3 files, without tiny.ipynb, nn/layers.py"
    assert lines[11] == "  … and 2 more; `autograder inspect` shows them all."
    assert lines[12].startswith("[1/12] ")


def test_many_paths_of_one_student_each_share_a_line(run, right):
    paths = [folder({"nn/loss.py": right["nn/loss.py"]}, name) for name in ("ada", "boris")]
    done = run("grade", "tiny", *paths)
    assert done.stderr.splitlines()[:2] == [
        "2 paths, each with one student's files.",
        "  ada: 1 of 3 files, without tiny.ipynb, nn/layers.py",
    ]


# Only a class is a class ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "layout", "inside"),
    [
        ("eve.zip", "class", lambda work: under("ada/", work) | under("eve/", work)),
        ("eve.zip", "canvas", lambda work: singly("ada_12345_", work)),
        ("eve.zip", "moodle", lambda work: under("ada_1_assignsubmission_file_/", work)),
        ("eve (1).zip", "github", lambda work: under("tiny-ada/", work) | under("tiny-eve/", work)),
        ("all.zip", "class", lambda work: under("ada/", work)),
    ],
)
def test_a_zip_graded_alone_does_not_replace_anothers_result(run, right, name, layout, inside):
    class_ = folder(under("ada/", right) | under("boris/", right), "class")
    assert run("grade", "tiny", class_).exit_code == 0
    before = Path("grades/tiny/ada.json").read_bytes()
    path = hand_in(inside({"nn/loss.py": b"x = 1\n", "tiny.ipynb": right["tiny.ipynb"]}), name)
    done = run("grade", "tiny", path)
    assert done.exit_code == 2
    said = NOT_REPLACED.format(root=name, students="ada (from class/ada)", layout=layout)
    assert done.stderr.splitlines()[-1] == said
    assert Path("grades/tiny/ada.json").read_bytes() == before
    assert set(scores()) == {"ada", "boris"}
    assert run("grade", "tiny", path, f"--layout={layout}").exit_code == 0
    assert scores()["ada"] < 10


BAD = {"nn/loss.py": b"x = 1\n"}


@pytest.mark.parametrize(
    "files",
    [
        under("ada/", BAD) | under("me/", BAD),
        {"ada - loss.py": b"x = 1\n", "me - loss.py": b"x = 1\n"},
        under("A/ada/", BAD) | under("B/me/", BAD),
    ],
    ids=["folders", "names-before-files", "sections-of-one"],
)
def test_a_folder_graded_alone_does_not_replace_anothers_result(run, right, files):
    class_ = folder(under("ada/", right) | under("eve/", right), "class")
    assert run("grade", "tiny", class_).exit_code == 0
    eve = folder(files, "late/eve")
    done = run("grade", "tiny", eve)
    assert done.exit_code == 2
    assert "would replace results of files that came from elsewhere: ada" in done.stderr
    assert scores() == {"ada": 10, "eve": 10}


def test_one_folder_in_a_zip_is_the_zips_owner(run, right):
    assert run("grade", "tiny", folder(under("ada/", right), "class")).exit_code == 0
    path = hand_in(under("ada/", {"nn/loss.py": b"x = 1\n"}), "eve.zip")
    assert run("grade", "tiny", path).exit_code == 0
    assert scores() == {"ada": 10, "eve": 0}


def test_a_further_download_of_the_same_class_replaces(run, right):
    first = hand_in(singly("ada_12345_", {"nn/loss.py": b"x = 1\n"}), "submissions.zip")
    assert run("grade", "tiny", first).exit_code == 0
    more = singly("ada_12345_", right) | singly("boris_12346_", right)
    assert run("grade", "tiny", hand_in(more, "submissions (1).zip")).exit_code == 0
    assert scores() == {"ada": 10, "boris": 10}


def test_what_has_not_changed_may_come_from_anywhere(run, right):
    class_ = folder(under("ada/", right) | under("boris/", right), "class")
    assert run("grade", "tiny", class_).exit_code == 0
    path = hand_in(under("ada/", right) | under("boris/", right), "copy.zip")
    done = run("grade", "tiny", path)
    assert done.exit_code == 0
    assert "2 of 2 were reused" in done.stderr
    assert reports()["ada"]["place"] == "copy.zip/ada"


# The roster -------------------------------------------------------------------------------------

ROSTER = (
    "Student,ID,SIS Login ID\n,,\n"
    '"Doe, Jane",12345,jdoe\n"Roe, John",12346,jroe\n"Poe, Sam",12347,spoe\n'
)


def test_a_roster_gives_the_ids_and_says_who_is_missing(run, right):
    Path("canvas.csv").write_text(ROSTER)
    files = singly("doejane_12345_", right) | singly("whoever_99999_", right)
    path = hand_in(files, "submissions.zip")
    done = run("grade", "tiny", path, "--roster=canvas.csv", "--strict")
    assert done.exit_code == 1
    assert scores() == {"jdoe": 10, "whoever": 10}
    lines = done.stderr.splitlines()
    assert "  ! `whoever` is not on the roster." in lines
    assert "2 of 3 on the roster handed in nothing: jroe, spoe." in lines
    record = Path("grades/tiny/handed-in.txt").read_text("utf-8")
    assert "2 of 3 on the roster handed in nothing: jroe, spoe." in record


def test_one_student_graded_again_leaves_the_record_of_the_class(run, right):
    Path("canvas.csv").write_text(ROSTER)
    files = singly("doejane_12345_", right) | singly("whoever_99999_", right)
    run("grade", "tiny", hand_in(files, "submissions.zip"), "--roster=canvas.csv")
    record = Path("grades/tiny/handed-in.txt")
    first = record.read_text("utf-8")
    alone = hand_in(singly("stranger_77777_", right), "alone.zip")
    for _ in range(2):
        assert run("grade", "tiny", alone, "--roster=canvas.csv").exit_code == 0
        both = record.read_text("utf-8")
        assert both.startswith(first)
        assert both.count("`stranger` is not on the roster.") == 1
    everyone = hand_in(files | singly("stranger_77777_", right), "all.zip")
    run("grade", "tiny", everyone, "--roster=canvas.csv")
    assert record.read_text("utf-8").count("all.zip:") == 1
    assert "submissions.zip" not in record.read_text("utf-8")


def test_everybody_has_handed_in(run, right):
    Path("ids.csv").write_text("id,first_name,last_name,email\nada,,,\n")
    done = run("inspect", "tiny", folder(under("ada/", right), "class"), "--roster=ids.csv")
    assert "Everybody on the roster has handed in something." in done.stdout


def test_a_roster_that_cannot_be_used_is_a_mistake_of_the_command(run, right):
    Path("ids.csv").write_text("Note\n1\n")
    done = run("grade", "tiny", folder(under("ada/", right), "class"), "--roster=ids.csv")
    assert (done.exit_code, Path("grades/tiny").exists()) == (2, False)
    assert "has no column with an id" in done.stderr


# inspect ----------------------------------------------------------------------------------------


def test_inspect_shows_who_has_what_and_why(run, right):
    files = singly("doejane_12345_", right) | {"index.html": b"", "solution.py": b""}
    done = run("inspect", hand_in(files, "submissions.zip"))
    assert done.exit_code == 0
    assert [line.rstrip() for line in done.stdout.splitlines()] == [
        "tiny: Tiny",
        "submissions.zip: 1 student, in a download of Canvas (by the names in it).",
        "  Left aside, no work in it: index.html",
        "",
        "  doejane  has    all 3 files",
        "           files  nn/layers.py, nn/loss.py, tiny.ipynb",
        "           in     submissions.zip/doejane_12345_678001_layers.py and 2 more files",
        "           known  Canvas's number: 12345",
        "Look at this:",
        "  ! `solution.py` belongs to no student and was not graded.",
    ]
    assert not Path("grades").exists()
    assert run("inspect", "tiny", "submissions.zip", "--strict").exit_code == 1


def test_inspect_says_what_was_done_about_files(run, right):
    files = {"layers.py": right["nn/layers.py"]}
    done = run("inspect", folder(files, "ada"))
    assert "note   `layers.py` was taken as `nn/layers.py`" in done.stdout
    assert done.stdout.rstrip().endswith("Nothing is ambiguous.")


def test_inspect_of_what_names_no_assignment(run):
    done = run("inspect", hand_in({"a/x.py": b""}, "submissions.zip"))
    assert done.exit_code == 2
    assert done.stderr == (
        "The names of the files do not say which assignment this is. Name it first: autograder"
        " inspect SLUG PATH. There are: tiny.\n"
    )


def test_inspect_of_nothing(run):
    assert run("inspect", "elsewhere.zip").stderr == "elsewhere.zip does not exist.\n"
    assert run("inspect", "tiny").exit_code == 2
