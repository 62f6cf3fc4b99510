"""Student ids that are not file names: each has files of its own, and none leaves the folder."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.grading import Conditions, Processes, grade_class
from autograder.reports import write_pages
from autograder.sandbox.levels import LEVELS
from autograder.submission import Submission, file_stem, find_submissions
from autograder.submission.names import student_name

LEVEL = next(level.name for level in LEVELS if not level.why_not())
COMPOSED = unicodedata.normalize("NFC", "Zoé")
IDS = [
    *("a/b", "a\\b", "/etc/passwd", "..", ".", "../../x", "~root", "-rf", "", " ", "a\nb", "a\0b"),
    *("CON", "nul.txt", "com1", "index", "grades", ".seed", "Ada", "ada", "ADA", "ada.", "ada "),
    *(COMPOSED, unicodedata.normalize("NFD", COMPOSED), "学生", "😀", "a" * 5000),
]


def test_every_id_has_its_own_files_in_the_folder(tiny, tmp_path):
    class_ = [Submission(student=id, files={}) for id in IDS]
    reports = grade_class(
        Conditions(assignment=tiny, level=LEVEL), class_, out=tmp_path / "out", place=Processes(1)
    )
    assert [report.student for report in reports] == IDS
    write_pages(tmp_path / "out" / "tiny", reports, title="Tiny")
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent for path in made} <= {tmp_path / "out" / "tiny", tmp_path / "out"}
    written = [path for path in made if path.suffix == ".json"]
    names = {json.loads(path.read_bytes())["student"] for path in written}
    assert len(written) == len({path.name.casefold() for path in written}) == len(IDS)
    assert names == set(IDS)
    pages = [path.stem.casefold() for path in made if path.suffix == ".html"]
    assert len(set(pages)) == len(pages) == len(IDS) + 1  # and the overview


def bulk(names: list[str], content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(f"{name}/nn/layers.py", content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ada", "ada"),
        ("x" * 130 + "1", "x" * 130 + "2"),
        ("ada", "ada\u200e"),
        *(("ada", f"a{char}da") for char in "\u200b\u200d\u2060\u00ad\ufe0f\u3164\u2800"),
        ("CON", "con"),
    ],
)
def test_ids_that_are_nearly_equal_stay_apart(tiny, tmp_path, first, second):
    (tmp_path / "class.zip").write_bytes(bulk([first, second], b"x = 1\n"))
    found = find_submissions(tmp_path / "class.zip", tiny)
    assert len({one.student for one in found}) == 2
    assert all(len(one.student) <= 120 for one in found)
    assert all(one.files == {"nn/layers.py": b"x = 1\n"} for one in found)


def test_two_spellings_of_one_id_are_told_apart_by_a_number(tiny, tmp_path):
    decomposed = unicodedata.normalize("NFD", COMPOSED)
    for name in (COMPOSED, decomposed):
        folder = tmp_path / "class" / name / "nn"
        folder.mkdir(parents=True)
        (folder / "layers.py").write_text("x = 1\n")
    found = find_submissions(tmp_path / "class", tiny)
    assert [one.student for one in found] == [COMPOSED, f"{COMPOSED} (2)"]
    assert found[1].problems[-1] == (
        f"There is another submission by `{COMPOSED}`; this one is reported as `{COMPOSED} (2)`."
    )


def test_read_only_files_and_folders_are_graded(tiny, tmp_path, right):
    folder = tmp_path / "class" / "ada"
    for path, data in right.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        (folder / path).chmod(0o444)
    for locked in (folder / "nn", folder, folder.parent):
        locked.chmod(0o555)
    words = ["grade", "tiny", str(folder.parent), f"--out={tmp_path / 'out'}", "--jobs=1"]
    words += [f"--course={tiny.course.root}"]
    done = CliRunner().invoke(cli.app, [*words, f"--sandbox={LEVEL}", "--format=json"])
    for locked in (folder.parent, folder, folder / "nn"):
        locked.chmod(0o755)  # pytest is going to remove them
    assert done.exit_code == 0, done.output
    assert [report["score"] for report in json.loads(done.stdout)] == [10]


@pytest.mark.parametrize(
    "char", ["\u200b", "\u200d", "\u2060", "\xad", "\ufe0f", "\u3164", "\u2800"]
)
def test_what_shows_nothing_is_written_out_in_an_id(char):
    assert student_name(f"an{char}a") == f"an{char.encode('unicode_escape').decode()}a"


@pytest.mark.parametrize(
    "name", ["می\u200cرود", "क्\u200dष", "👩\u200d💻", "❤\ufe0f", "Zoé", "学生"]
)
def test_joiners_stay_where_they_belong_to_the_writing(name):
    assert student_name(name) == unicodedata.normalize("NFC", name)


def test_nobody_finds_two_ids_of_one_file():
    assert len(file_stem("Ada").partition("~")[2]) == 32  # 128 bits
    assert len(student_name("x" * 300).partition("~")[2]) == 32
