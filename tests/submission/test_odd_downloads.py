"""Downloads as platforms, clouds and computers make them besides: whose files are whose."""

from __future__ import annotations

import io
import json
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.assignment import Assignment
from autograder.course import read_course
from autograder.gradescope.container import read_submission
from autograder.nbgrader_plugin import SubmissionExporter
from autograder.submission import Intake, take_in

SLUG = "tiny"
NB, LAYERS, LOSS = "tiny.ipynb", "nn/layers.py", "nn/loss.py"
Files = Mapping[str, bytes]


def work(name: str) -> dict[str, bytes]:
    """One student's files, with the name in each, so that a stranger's file would be seen."""
    said = f"# {name}".encode()
    return {NB: json.dumps({"cells": [name]}).encode(), LAYERS: said, LOSS: said}


@pytest.fixture(scope="module")
def assignment(
    tmp_path_factory: pytest.TempPathFactory, write_release: Callable[..., Assignment]
) -> Assignment:
    root = tmp_path_factory.mktemp("course")
    write_release(root, "other", {"other.ipynb": b'{"cells": [0]}'})
    modules = (LAYERS, LOSS)
    files = {NB: b'{"cells": [0]}', **dict.fromkeys(modules, b"")}
    return write_release(root, SLUG, files, modules=modules)


def under(prefix: str, files: Files) -> dict[str, bytes]:
    return {prefix + path: data for path, data in files.items()}


def singly(prefix: str, files: Files) -> dict[str, bytes]:
    return {prefix + path.rpartition("/")[2]: data for path, data in files.items()}


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def unmarked(data: bytes) -> bytes:
    """The same zip without the flag that says that its names are UTF-8."""
    made = bytearray(data)
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = made.find(mark)
        while place >= 0:
            struct.pack_into("<H", made, place + offset, 0)
            place = made.find(mark, place + 4)
    return bytes(made)


def folder(root: Path, name: str, files: Files) -> Path:
    for path, data in files.items():
        (root / name / path).parent.mkdir(parents=True, exist_ok=True)
        (root / name / path).write_bytes(data)
    return root / name


def whose(intake: Intake) -> dict[str, str]:
    """Each student with the name in the files; a student without all three has no name."""
    return {
        one.student: (one.files[LAYERS].decode()[2:] if len(one.files) == 3 else "")
        for one in intake.submissions
    }


def canvas(person: str, number: int, name: str) -> dict[str, bytes]:
    files = work(name).items()
    return {f"{person}_{number}_{number}00{n}_{path.rpartition('/')[2]}": data
            for n, (path, data) in enumerate(files)}  # fmt: skip


def blackboard(user: str, name: str) -> dict[str, bytes]:
    head = f"Homework 1_{user}_attempt_2024-02-01-10-00-00"
    receipt = f"Name: Jane Doe ({user})\nAssignment: Homework 1\n".encode()
    return {f"{head}.txt": receipt, **singly(f"{head}_", work(name))}


def sakai(person: str, name: str) -> dict[str, bytes]:
    return {
        **under(f"HW 1/{person}/Submission attachment(s)/", work(name)),
        **under(f"HW 1/{person}/Feedback Attachment(s)/", {NB: b"{}"}),
        f"HW 1/{person}/timestamp.txt": b"20240201101010000",
    }


MAC = unicodedata.normalize("NFD", "müllerzoé")
QUIZ = {
    f"doejane_12345_question_{90 + n}_101{n}_{path.rpartition('/')[2]}": data
    for n, (path, data) in enumerate(work("jane").items())
}
DATES = {
    "underscores": ("Oct 10, 2025 10_22 AM", "Oct 9, 2025 11_30 PM"),
    "colons": ("Oct 10, 2025 10:22 AM", "Oct 9, 2025 11:30 PM"),
    "French": ("1 févr. 2024 10 h 22", "9 mars 2024 9h30"),
}
CERTAIN = {
    "canvas-on-a-mac": (canvas(MAC, 12, "zoe") | canvas("roejohn", 34, "john"),
                        {"müllerzoé": "zoe", "roejohn": "john"}),
    "canvas-quiz": (QUIZ | canvas("roejohn", 34, "john"), {"doejane": "jane", "roejohn": "john"}),
    "moodle-blind-with-two-numbers": (
        under("Participant 11_4711_assignsubmission_file_/", work("a"))
        | under("Teilnehmer/in 12_4712_assignsubmission_file_/".replace("/in", "in"), work("b")),
        {"Participant 11": "a", "Teilnehmerin 12": "b"},
    ),
    "blackboard-of-one": (blackboard("j_doe", "jane"), {"j_doe": "jane"}),
    "blackboard-ids-that-begin-alike": (blackboard("a_doe", "doe") | blackboard("a_roe", "roe"),
                                        {"a_doe": "doe", "a_roe": "roe"}),
    **{
        f"brightspace-{name}": (
            under(f"101-640693 - Jane Doe - {first}/", work("jane"))
            | under(f"102-640694 - Jean-Luc Roe - {second}/", work("luc")),
            {"Jane Doe": "jane", "Jean-Luc Roe": "luc"},
        )
        for name, (first, second) in DATES.items()
    },
    "gradescope-without-its-list": (
        under("submission_218447601/", work("a")) | under("submission_218447602/", work("b")),
        {"submission_218447601": "a", "submission_218447602": "b"},
    ),
    "github-download-zip": (
        {f"tiny-{name}-main.zip": zipped(under(f"tiny-{name}-main/", work(name)))
         for name in ("ada", "boris")},
        {"ada": "ada", "boris": "boris"},
    ),
    "google-name-before-file": (
        singly("Jane Doe - ", work("jane")) | singly("John Roe - ", work("john")),
        {"Jane Doe": "jane", "John Roe": "john"},
    ),
    "sakai": (sakai("Doe, Jane(jdoe)", "jane") | sakai("Roe, John(jroe)", "john"),
              {"Doe, Jane(jdoe)": "jane", "Roe, John(jroe)": "john"}),
    "teams-versions": (
        under("Jane Doe/HW 1/Version 2/", work("old")) | under("Jane Doe/HW 1/Version 10/",
        work("new")) | under("John Roe/HW 1/Version 1/", work("john")),
        {"Jane Doe": "new", "John Roe": "john"},
    ),
    "drafts-and-final": (
        under("ada/draft/", work("old")) | under("ada/final/", work("new"))
        | under("boris/", work("boris")),
        {"ada": "new", "boris": "boris"},
    ),
    "what-a-platform-keeps-for-itself": (
        {**under("Jane Doe/", work("jane")), "Jane Doe/.cg-info/.cg-grade": b"1",
         ".cg-info/info.json": b"{}", ".idea/workspace.xml": b"<x/>", ".dvc/config": b"[core]",
         **under("John Roe/", work("john")), **under(".kim/", work("kim"))},
        {"Jane Doe": "jane", "John Roe": "john", ".kim": "kim"},
    ),
    "nbgrader-inbound": (
        under("jdoe+tiny+2024-02-01 10:10:10.000000 UTC+aGVsbG8/", work("old"))
        | under("jdoe+tiny+2024-02-02 10:10:10.000000 UTC+d29ybGQ/", work("jane"))
        | under("j.roe@x.edu+tiny+2024-02-01 11:10:10.000000 UTC/", work("john")),
        {"jdoe": "jane", "j.roe@x.edu": "john"},
    ),
    "nbgrader-inbound-on-windows": (
        under("jdoe+tiny+2024-02-01 10_10_10.000000 UTC+aGVsbG8/", work("jane"))
        | under("jroe+tiny+2024-02-01 11_10_10.000000 UTC+eHh4/", work("john"))
        | under("jroe+tiny+2024-01-31 11_10_10.000000 UTC+eHh5/", work("old")),
        {"jdoe": "jane", "jroe": "john"},
    ),
    "ilias": (
        under("HW/Doe_Jane_jdoe_4711/", work("jane")) | under("HW/Roe_Jo_jroe_4712/", work("john")),
        {"Doe_Jane_jdoe_4711": "jane", "Roe_Jo_jroe_4712": "john"},
    ),
    "olat": (
        under("jdoe_Doe/2_submissions/", work("jane")) | under("jdoe_Doe/3_returned/", work("ta"))
        | under("jroe_Roe/2_submissions/", work("john")),
        {"jdoe_Doe": "jane", "jroe_Roe": "john"},
    ),
    "artemis": (
        under("fop-hw1-25-student-repo-ge12abc/", work("jane"))
        | under("fop-hw1-26-student-repo-ge13xyz/", work("john")),
        {"fop-hw1-25-student-repo-ge12abc": "jane", "fop-hw1-26-student-repo-ge13xyz": "john"},
    ),
    "tar-and-7z": ({"ada.tar.gz": b"x", "boris.7z": b"x", "carl.zip": zipped(work("carl"))},
                   {"ada": "", "boris": "", "carl": "carl"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CERTAIN)
def test_whose_is_what(tmp_path: Path, assignment: Assignment, name: str) -> None:
    files, wanted = CERTAIN[name]
    found = take_in([folder(tmp_path, "class", files)], assignment)
    assert whose(found) == wanted
    assert found.all_warnings == ()


@pytest.mark.parametrize("name", [name for name in CERTAIN if name != "tar-and-7z"])
def test_the_same_in_a_zip_whose_names_are_not_marked_as_utf_8(
    tmp_path: Path, assignment: Assignment, name: str
) -> None:
    files, wanted = CERTAIN[name]
    (tmp_path / "submissions.zip").write_bytes(unmarked(zipped(files)))
    found = take_in([tmp_path / "submissions.zip"], assignment)
    assert whose(found) == wanted
    assert found.all_warnings == ()


PERHAPS_ONE = (
    "{} may be of one student, and each was graded as a student of its own. Keep the one that"
    " counts, or rename them."
)
ONE = (
    "`{}` is taken for a class of one, `{}`, because of what the two are called. `--layout class`"
    " or `--layout student` settles it."
)
SECTIONS_OF_ONE = (
    "The folders in `course` are taken for sections of one student each, because of what they are"
    " called. `--layout sections` or `--layout class` settles it."
)
SEVERAL = (
    "`{}` has the assignment's files in 2 places ({}) and is graded as one student, from one of"
    " them. If they are several students': `--layout sections`, or `--layout class` for that"
    " folder alone."
)
BORIS = under("boris/", work("boris"))
INBOUND = "ada+hw1+2024-01-0{} 10:00:00 UTC"
UNCERTAIN = {
    "downloaded-twice": (
        "class",
        {"ada.zip": zipped(work("old")), "ada (1).zip": zipped(work("new"))} | BORIS,
        ["ada", "ada (1)", "boris"],
        PERHAPS_ONE.format("`ada`, `ada (1)`"),
    ),
    "copied": (
        "class",
        under("ada/", work("new")) | under("ada - Copy/", work("old")) | BORIS,
        ["ada", "ada - Copy", "boris"],
        PERHAPS_ONE.format("`ada`, `ada - Copy`"),
    ),
    "versions": (
        "class",
        {"ada_v1.zip": zipped(work("old")), "ada_final.zip": zipped(work("new"))} | BORIS,
        ["ada_final", "ada_v1", "boris"],
        PERHAPS_ONE.format("`ada_final`, `ada_v1`"),
    ),
    "nbgraders-exchange": (
        "inbound",
        under(INBOUND.format(1) + "/", work("old")) | under(INBOUND.format(2) + "/", work("new")),
        [INBOUND.format(1), INBOUND.format(2)],
        PERHAPS_ONE.format(f"`{INBOUND.format(1)}`, `{INBOUND.format(2)}`"),
    ),
    "sections-of-one": (
        "course",
        under("Section A/ada/", work("a")) | under("Section B/boris/", work("b")),
        ["ada", "boris"],
        SECTIONS_OF_ONE,
    ),
    "sections-of-one-by-letters": (
        "course",
        under("A/ada/", work("a")) | under("B/boris/", work("b")),
        ["ada", "boris"],
        SECTIONS_OF_ONE,
    ),
    "two-students-in-a-folder-called-like-homework": (
        "class",
        under("x/HW1/ada/", work("a")) | under("x/HW1/boris/", work("b")) | BORIS,
        ["boris", "x"],
        SEVERAL.format("x", "`HW1/ada`, `HW1/boris`"),
    ),
    "a-notebook-alone": (
        "ada",
        {"Untitled7.ipynb": b'{"cells": []}'},
        ["Untitled7"],
        ONE.format("ada", "Untitled7"),
    ),
    "in-another-assignments-folder": (
        "class",
        under("ada/other/", work("a")) | under("boris/tiny/", work("b")),
        ["boris"],
        "`ada` has `tiny.ipynb` in the folder of `other`, where it is not graded as `tiny`. If it"
        " was handed in for `tiny`, move it to a folder of that name.",
    ),
    "the-template-beside-googles-names": (
        "HW1",
        singly("Jane Doe - ", work("jane")) | singly("Roe - ", work("john")) | {NB: b"{}"},
        ["Jane Doe", "Roe"],
        "`tiny.ipynb` belongs to no student and was not graded.",
    ),
    "a-final-folder-beside-the-assignments": (
        "class",
        under("ada/tiny/", work("old")) | under("ada/tiny_final/", work("new")) | BORIS,
        ["ada", "boris"],
        SEVERAL.format("ada", "`tiny`, `tiny_final`"),
    ),
    "half-an-export": (
        "export",
        under("submission_1/", work("a"))
        | {
            "submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :email: a@x.edu\n"
            b"submission_2:\n  :submitters:\n  - :email: b@x.edu\n"
        },
        ["a@x.edu"],
        "`submission_metadata.yml` names `b@x.edu` with `submission_2`, which is not there: nothing"
        " of that was graded. Was the whole export unpacked?",
    ),
}


@pytest.mark.parametrize("name", ["google-name-before-file", "sakai", "teams-versions"])
def test_the_same_where_each_is_given_by_itself(
    tmp_path: Path, assignment: Assignment, name: str
) -> None:
    files, wanted = CERTAIN[name]
    place = folder(tmp_path, "class", files)
    found = take_in(sorted((place / "HW 1" if name == "sakai" else place).iterdir()), assignment)
    assert whose(found) == wanted
    assert found.all_warnings == ()


@pytest.mark.parametrize("name", ["downloaded-twice", "copied", "versions"])
def test_several_of_one_student_given_by_themselves(
    tmp_path: Path, assignment: Assignment, name: str
) -> None:
    place, files, students, warning = UNCERTAIN[name]
    found = take_in(sorted(folder(tmp_path, place, files).iterdir()), assignment)
    assert sorted(one.student for one in found.submissions) == students
    assert found.all_warnings == (warning,)


@pytest.mark.parametrize("name", UNCERTAIN)
def test_what_is_not_certain_is_said(tmp_path: Path, assignment: Assignment, name: str) -> None:
    place, files, students, warning = UNCERTAIN[name]
    found = take_in([folder(tmp_path, place, files)], assignment)
    assert [one.student for one in found.submissions] == students
    assert found.all_warnings == (warning,)


@pytest.mark.parametrize(
    "name",
    ["HW1-20240201T101010Z-001.zip", "OneDrive_1_2-1-2024.zip", "bulk_download.zip", "takeout.zip"],
)
def test_a_clouds_zip_with_one_student_is_a_class(
    tmp_path: Path, assignment: Assignment, name: str
) -> None:
    (tmp_path / name).write_bytes(zipped(under("HW 1/Jane Doe/", work("jane"))))
    found = take_in([tmp_path / name], assignment)
    assert whose(found) == {"Jane Doe": "jane"}
    assert found.all_warnings == (ONE.format(name, "Jane Doe"),)


@pytest.mark.parametrize("kind", ["ada/my_hw", "ada/numpy stuff", "anna/ada"])
def test_a_folder_of_ones_own_in_each_folder_is_no_section(
    tmp_path: Path, assignment: Assignment, kind: str
) -> None:
    files = under(f"{kind}/", work("ada")) | under("boris/bits/", work("boris"))
    found = take_in([folder(tmp_path, "class", files)], assignment)
    assert whose(found) == {kind.partition("/")[0]: "ada", "boris": "boris"}
    assert found.all_warnings == ()


def test_a_module_of_another_version_is_named(tmp_path: Path, assignment: Assignment) -> None:
    files = under("ada/v1/", work("ada")) | {"ada/v2/nn/layers.py": b"# changed"} | BORIS
    files |= {"ada/v3/nn/loss.py": work("ada")[LOSS]}  # the same
    found = take_in([folder(tmp_path, "class", files)], assignment)
    assert [one.problems for one in found.submissions] == [
        ("`v2/nn/layers.py` lies outside of `v1/` and was not used.",),
        (),
    ]


def test_renamed_notebooks_of_three_come_through_every_door(
    tmp_path: Path, write_release: Callable[..., Assignment]
) -> None:
    def lesson(part: str) -> bytes:
        return json.dumps({"cells": [{"cell_type": "code", "source": f"{part} = 1"}]}).encode()

    names = ("cnn", "convolution_maths", "mlp")
    nets = write_release(tmp_path, "nets", {f"{name}.ipynb": lesson(name) for name in names})
    own = {f"hw1_{name}_jdoe.ipynb": lesson(f"{name}_done") for name in names}
    place = folder(tmp_path, "submitted/ana/nets", own)
    (here,) = take_in([tmp_path / "submitted"], nets).submissions
    assert here.files == {f"{name}.ipynb": lesson(f"{name}_done") for name in names}
    assert read_submission(place, "ana", nets) == here
    exporter = SimpleNamespace(_latest=None, _folder=lambda student: str(place), assignment=nets)
    assert SubmissionExporter.submission(exporter, "ana") == here


def test_one_notebooks_name_in_two_assignments_is_in_its_place(
    tmp_path: Path, write_release: Callable[..., Assignment]
) -> None:
    cells = b'{"cells": [0]}'
    write_release(tmp_path, "other", {"notebook.ipynb": cells})
    tiny = write_release(tmp_path, SLUG, {"notebook.ipynb": cells})
    assert read_course(tmp_path).slugs == ("other", SLUG)
    files = {"ada/other/notebook.ipynb": cells, "boris/tiny/notebook.ipynb": cells}
    found = take_in([folder(tmp_path, "class", files)], tiny)
    assert [one.student for one in found.submissions] == ["boris"]
    assert found.all_warnings == ()
