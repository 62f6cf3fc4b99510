"""Finding submissions: every shape in which students hand in, and none of them trusted."""

import io
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignment import Assignment
from autograder.submission import (
    Bounds,
    Submission,
    SubmissionError,
    distinct,
    file_stem,
    find_submissions,
)

SLUG = "two_layers"
LESSON = f"{SLUG}.ipynb"
NB = b'{"cells": [0]}'
SMALL = Bounds(file_bytes=1000, total_bytes=2000, files=5, seen=50, depth=4, ratio=50)
ALL = {LESSON: NB, "nn/layers.py": b"x = 1\n", "nn/optim.py": b"y = 2\n"}
EMPTY = b'{"cells": []}'


@pytest.fixture(scope="module")
def assignment(
    tmp_path_factory: pytest.TempPathFactory, write_release: Callable[..., Assignment]
) -> Assignment:
    root = tmp_path_factory.mktemp("course")
    write_release(root, "other", {"other.ipynb": EMPTY})
    modules = ("nn/layers.py", "nn/optim.py")
    return write_release(
        root, SLUG, {LESSON: EMPTY, **dict.fromkeys(modules, b"")}, modules=modules
    )


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def under(prefix: str, files: dict[str, bytes] = ALL) -> dict[str, bytes]:
    return {prefix + path: data for path, data in files.items()}


def only(path: Path, assignment: Assignment, bounds: Bounds = SMALL) -> Submission:
    (submission,) = find_submissions(path, assignment, bounds=bounds)
    return submission


def students(path: Path, assignment: Assignment) -> list[str]:
    return [found.student for found in find_submissions(path, assignment)]


# One student ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prefix", ["", "two_layers/", "Two-Layers homework/", "two_layers/two_layers/"]
)
def test_a_students_folder_may_be_nested(tmp_path, assignment, prefix):
    path = write(tmp_path / "ada", under(prefix))
    assert only(path, assignment) == Submission(student="ada", files=ALL)


@pytest.mark.parametrize("prefix", ["", "two_layers/", "my work/", "a/b/"])
def test_a_students_zip_may_be_nested(tmp_path, assignment, prefix):
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(under(prefix)))
    assert only(path, assignment) == Submission(student="ada", files=ALL)


@pytest.mark.parametrize("name", ["two_layers.zip", "submission (1).zip", "x/hand in.zip"])
def test_a_folder_that_holds_one_zip(tmp_path, assignment, name):
    write(tmp_path / "class" / "ada", {name: zipped(ALL)})
    wanted = Submission(student="ada", files=ALL)
    assert only(tmp_path / "class", assignment) == wanted
    if "/" not in name:
        assert only(tmp_path / "class" / "ada" / name, assignment) == wanted
        assert only(tmp_path / "class" / "ada", assignment) == wanted


@pytest.mark.parametrize("path", ["two_layers", f"two_layers/{LESSON}", "two_layers/nn/layers.py"])
def test_names_of_the_assignment_are_no_student_ids(tmp_path, assignment, path):
    write(tmp_path / "ada" / "two_layers", ALL)
    assert only(tmp_path / "ada" / path, assignment).student == "ada"


def test_a_single_module_goes_to_its_released_path(tmp_path, assignment):
    path = write(tmp_path / "ada", {"layers.py": b"x"}) / "layers.py"
    assert only(path, assignment) == Submission(
        student="ada",
        files={"nn/layers.py": b"x"},
        problems=(
            "`layers.py` was taken as `nn/layers.py`: that is where it belongs.",
            "`two_layers.ipynb` was not handed in.",
            "`nn/optim.py` was not handed in.",
        ),
        unread={
            "two_layers.ipynb": "`two_layers.ipynb` was not handed in.",
            "nn/optim.py": "`nn/optim.py` was not handed in.",
        },
    )


def test_a_single_notebook_is_named_after_its_file(tmp_path, assignment):
    path = write(tmp_path, {"ada.ipynb": NB}) / "ada.ipynb"
    submission = only(path, assignment)
    assert (submission.student, dict(submission.files)) == ("ada", {LESSON: NB})


@pytest.mark.parametrize("renamed", ["hw1.ipynb", "Lösung 1.ipynb", "deep/hw.ipynb"])
def test_the_only_notebook_is_the_lesson(tmp_path, assignment, renamed):
    files = {"nn/layers.py": b"1", "nn/optim.py": b"2", renamed: NB}
    submission = only(write(tmp_path / "ada", files), assignment)
    assert submission.files[LESSON] == NB
    note = f"`{renamed}` was taken as `two_layers.ipynb`: it is the only notebook."
    assert submission.problems == (note,)


def test_of_two_notebooks_the_right_name_wins(tmp_path, assignment):
    path = write(tmp_path / "ada", ALL | {"two_layers (1).ipynb": NB + b" "})
    submission = only(path, assignment)
    assert submission.files[LESSON] == NB
    assert submission.problems == (
        "Only `two_layers.ipynb` is graded; `two_layers (1).ipynb` was not used.",
    )


def test_without_the_right_name_the_latest_copy_is_taken(tmp_path, assignment):
    files = {f"two_layers ({n}).ipynb": b'{"cells": [%d]}' % n for n in (2, 10)}
    files["notes.ipynb"] = NB
    submission = only(write(tmp_path / "ada", files), assignment)
    assert submission.files[LESSON] == b'{"cells": [10]}'
    assert submission.problems[0] == (
        "`two_layers (10).ipynb` was taken as `two_layers.ipynb`: "
        "there is no file of the right name."
    )


def test_between_two_unknown_notebooks_nobody_guesses(tmp_path, assignment):
    files = {"nn/layers.py": b"", "nn/optim.py": b"", "a.ipynb": b"", "b.ipynb": b""}
    submission = only(write(tmp_path / "ada", files), assignment)
    assert LESSON not in submission.files
    assert submission.problems[0] == (
        "None of the notebooks `a.ipynb`, `b.ipynb` is called `two_layers.ipynb`: "
        "rename the right one and hand it in again."
    )


def test_a_notebook_beside_the_folder_of_modules_is_found(tmp_path, assignment):
    files = {LESSON: NB} | under("code/", {k: v for k, v in ALL.items() if k != LESSON})
    submission = only(write(tmp_path / "ada", files), assignment)
    assert submission == Submission(student="ada", files=ALL)


def test_extra_files_stay_and_litter_goes(tmp_path, assignment):
    kept = {"mine.py": b"1", "results.csv": b"2", "notes.md": b"3"}
    litter = {
        "__MACOSX/nn/._layers.py": b"",
        "._mine.py": b"",
        ".DS_Store": b"",
        ".ipynb_checkpoints/two_layers-checkpoint.ipynb": b"",
        "nn/__pycache__/layers.py": b"",
        ".git/hook.py": b"",
        "venv/lib/numpy.py": b"",
        "my_env/pyvenv.cfg": b"",
        "my_env/lib/scipy.py": b"",
        "picture.png": b"",
    }
    wanted = Submission(student="ada", files=ALL | kept)
    roomy = Bounds()
    assert only(write(tmp_path / "ada", ALL | kept | litter), assignment, roomy) == wanted
    (tmp_path / "ada.zip").write_bytes(zipped(ALL | kept | litter))
    assert only(tmp_path / "ada.zip", assignment, roomy) == wanted


def test_composed_and_decomposed_names_are_the_same(tmp_path, assignment):
    write(tmp_path / "Zoe\u0301", ALL | {"lo\u0308sung.py": b""})
    submission = only(tmp_path / "Zoe\u0301", assignment)
    assert submission.student == "Zo\u00e9"
    assert "l\u00f6sung.py" in submission.files


# Many students ----------------------------------------------------------------------------------


def test_a_class_of_folders_zips_and_notebooks(tmp_path, assignment):
    files = under("ada/") | under("boris/two_layers/") | under("carl/what ever/")
    files |= {"dora.zip": zipped(ALL), "erik/hand in.zip": zipped(under("x/"))}
    files |= {"fay.ipynb": NB, "grades.csv": b"", "empty/notes.pdf": b"", "gus.rar": b""}
    found = find_submissions(write(tmp_path / "class", files), assignment)
    assert [s.student for s in found] == [
        *("ada", "boris", "carl", "dora", "empty", "erik", "fay", "gus")
    ]
    assert all(s.files == ALL for s in found if s.student in ("ada", "boris", "carl", "dora"))
    by_name = {s.student: s for s in found}
    assert by_name["erik"].files == ALL
    nothing = (
        "There is nothing to grade here: hand in `two_layers.ipynb` and `nn/layers.py`, "
        "alone or in a zip."
    )
    assert by_name["empty"].problems == (nothing,)
    assert by_name["gus"].problems == (
        "`gus.rar` cannot be opened: hand in a .zip, or the files themselves.",
        nothing,
    )


@pytest.mark.parametrize("prefix", ["", "class/", "submitted/"])
def test_a_bulk_zip(tmp_path, assignment, prefix):
    files = under(prefix + "ada/") | under(prefix + "boris/two_layers/")
    (tmp_path / "all.zip").write_bytes(zipped(files))
    found = find_submissions(tmp_path / "all.zip", assignment)
    assert found == [Submission(student=name, files=ALL) for name in ("ada", "boris")]


def test_a_bulk_zip_of_zips(tmp_path, assignment):
    files = {"ada.zip": zipped(ALL), "boris.zip": b"no zip", "carl.ipynb": NB}
    (tmp_path / "all.zip").write_bytes(zipped(files))
    ada, boris, carl = find_submissions(tmp_path / "all.zip", assignment)
    assert (ada.files, list(carl.files)) == (ALL, [LESSON])
    assert boris.problems[0] == (
        "`boris.zip` is damaged or no zip: make the zip again and hand it in."
    )


@pytest.mark.parametrize("start", ["", "submitted"])
def test_nbgraders_tree(tmp_path, assignment, start):
    files = under("submitted/ada/two_layers/") | under("submitted/boris/two_layers/")
    files |= {"submitted/carl/other/other.ipynb": NB, "source/two_layers/x.ipynb": b""}
    write(tmp_path / "course", files)
    assert students(tmp_path / "course" / start, assignment) == ["ada", "boris"]


def test_one_student_of_nbgraders_tree(tmp_path, assignment):
    write(tmp_path / "submitted" / "ada", under("two_layers/") | {"other/other.ipynb": b""})
    assert only(tmp_path / "submitted" / "ada", assignment) == Submission(student="ada", files=ALL)


def test_an_id_given_twice_gets_a_number(tmp_path, assignment):
    write(tmp_path, under("ada/") | {"ada.ipynb": NB, "ada (2)/nn/layers.py": b""})
    found = find_submissions(tmp_path, assignment)
    assert [s.student for s in found] == ["ada", "ada (3)", "ada (2)"]
    assert found[1].problems[-1] == (
        "There is another submission by `ada`; this one is reported as `ada (3)`."
    )


def test_one_unreadable_student_does_not_stop_the_class(tmp_path, assignment, monkeypatch):
    write(tmp_path, under("ada/") | under("boris/"))
    real = os.scandir

    def scandir(path):
        if Path(path).name == "boris":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    ada, boris = find_submissions(tmp_path, assignment)
    assert ada.files == ALL
    assert boris == Submission(
        student="boris",
        files={},
        problems=("The folder cannot be read: Permission denied.",),
    )


# Nothing at all ---------------------------------------------------------------------------------


def test_a_path_that_does_not_exist(tmp_path, assignment):
    with pytest.raises(SubmissionError) as error:
        find_submissions(tmp_path / "ada", assignment)
    assert str(error.value) == (
        f"{tmp_path}/ada does not exist. Give a student's folder, a folder of a class, "
        "a notebook, a .py file or a .zip."
    )


def test_an_empty_folder(tmp_path, assignment):
    with pytest.raises(SubmissionError, match="holds no submission"):
        find_submissions(tmp_path, assignment)


@pytest.mark.parametrize("name", ["essay.pdf", "pipe.zip", "pipe.py"])
def test_a_file_of_another_kind(tmp_path, assignment, name):
    if name.startswith("pipe"):
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).touch()
    with pytest.raises(SubmissionError, match="is no submission"):
        find_submissions(tmp_path / name, assignment)


# Refused, with a sentence -----------------------------------------------------------------------


def test_links_devices_and_pipes_are_not_opened(tmp_path, assignment):
    secret = write(tmp_path / "elsewhere", {"secret.py": b"42"})
    ada = write(tmp_path / "class" / "ada", ALL)
    (ada / "stolen.py").symlink_to(secret / "secret.py")
    (ada / "folder.py").symlink_to(secret)
    os.mkfifo(ada / "pipe.py")
    (tmp_path / "class" / "boris").symlink_to(secret)
    (tmp_path / "class" / "carl.ipynb").symlink_to(secret / "secret.py")
    found = {s.student: s for s in find_submissions(tmp_path / "class", assignment)}
    left_out = "and was left out: hand in the file itself."
    assert found["ada"] == Submission(
        student="ada",
        files=ALL,
        problems=(
            f"`folder.py` is a symbolic link {left_out}",
            f"`pipe.py` is no ordinary file {left_out}",
            f"`stolen.py` is a symbolic link {left_out}",
        ),
    )
    assert (found["boris"].files, found["carl"].files) == ({}, {})
    assert found["boris"].problems[0] == f"`boris` is a symbolic link {left_out}"
    assert f"`carl.ipynb` is a symbolic link {left_out}" in found["carl"].problems


def test_a_link_in_place_of_the_assignments_folder_is_not_entered(tmp_path, assignment):
    secret = write(tmp_path / "elsewhere", ALL)
    write(tmp_path / "class" / "ada", {"notes.txt": b""})
    (tmp_path / "class" / "ada" / SLUG).symlink_to(secret)
    (ada,) = find_submissions(tmp_path / "class", assignment)
    assert not set(ada.files) & set(ALL)


def member(name: str, *, mode: int = 0, flags: int = 0, data: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("nn/layers.py", b"x = 1\n")
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, data)
        info.flag_bits |= flags
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "shown", "reason"),
    [
        (member("../x.py"), "../x.py", "has a path that leads out of the folder"),
        (member("/etc/x.py"), "/etc/x.py", "has a path that leads out of the folder"),
        (member("C:\\x.py"), "C:/x.py", "has a path that leads out of the folder"),
        (member("a\\..\\..\\x.py"), "a/../../x.py", "has a path that leads out of the folder"),
        (member("x.py", mode=stat.S_IFLNK | 0o777), "x.py", "is a symbolic link"),
        (member("x.py", mode=stat.S_IFIFO | 0o777), "x.py", "is no ordinary file"),
        (member("x.py", mode=stat.S_IFBLK | 0o777), "x.py", "is no ordinary file"),
        (member("x.py", flags=1), "x.py", "is protected by a password"),
    ],
)
def test_members_of_a_zip_that_are_refused(tmp_path, assignment, data, shown, reason):
    (tmp_path / "ada.zip").write_bytes(data)
    ada = only(tmp_path / "ada.zip", assignment)
    assert set(ada.files) == {"nn/layers.py"}
    assert ada.problems[0] == f"`{shown}` in the zip {reason}, and was left out."


def test_a_zip_bomb_is_not_unpacked(tmp_path, assignment):
    (tmp_path / "ada.zip").write_bytes(zipped(ALL | {"bomb.py": bytes(20 << 20)}))
    ada = only(tmp_path / "ada.zip", assignment)
    assert ada == Submission(
        student="ada",
        files=ALL,
        problems=(
            "`bomb.py` in the zip unpacks to more than 50 times its packed size, and was left out.",
        ),
    )


def test_a_zip_that_lies_about_a_size_is_cut_off(tmp_path, assignment):
    data = zipped(ALL | {"bomb.py": bytes(5000)})
    lie = data.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    (tmp_path / "ada.zip").write_bytes(lie)
    ada = only(tmp_path / "ada.zip", assignment)
    assert "bomb.py" not in ada.files
    assert ada.problems == ("`bomb.py` in the zip is damaged: make the zip again and hand it in.",)


def test_a_damaged_member_costs_that_member_only(tmp_path, assignment):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in ALL.items():
            archive.writestr(path, content)
    (tmp_path / "ada.zip").write_bytes(buffer.getvalue().replace(b"y = 2\n", b"y = 3\n"))
    ada = only(tmp_path / "ada.zip", assignment)
    assert set(ada.files) == {LESSON, "nn/layers.py"}
    assert ada.problems == (
        "`nn/optim.py` in the zip is damaged: make the zip again and hand it in.",
    )


def test_a_zip_of_too_many_files_is_not_opened(tmp_path, assignment):
    (tmp_path / "ada.zip").write_bytes(zipped({f"{n}.txt": b"" for n in range(60)}))
    ada = only(tmp_path / "ada.zip", assignment)
    assert ada.problems[0] == "`ada.zip` holds more than 50 files and was not opened."


def test_sizes_are_bounded(tmp_path, assignment):
    files = ALL | {"big.py": bytes(1001)} | {f"{n}.csv": bytes(900) for n in range(3)}
    bounds = Bounds(file_bytes=1000, total_bytes=2000)
    ada = only(write(tmp_path / "ada", files), assignment, bounds)
    assert set(ada.files) == {*ALL, "0.csv", "1.csv"}
    room = 2000 - sum(map(len, ALL.values())) - 1800
    cure = "Clear the outputs of a notebook, remove data, and hand it in again."
    assert ada.problems == (
        f"`2.csv` was left out: it has 900 bytes, and there is room for {room}. {cure}",
        f"`big.py` was left out: it has 1,001 bytes, and there is room for {room}. {cure}",
    )


def test_released_files_come_first_when_there_are_too_many(tmp_path, assignment):
    ada = only(write(tmp_path / "ada", ALL | {f"a{n}.py": b"" for n in range(20)}), assignment)
    assert set(ada.files) == {*ALL, "a0.py", "a1.py"}
    assert ada.problems == ("Only 5 files are kept; the rest was left out.",)


def test_looking_stops_somewhere(tmp_path, assignment):
    ada = only(write(tmp_path / "ada", ALL | {f"p/{n}.png": b"" for n in range(100)}), assignment)
    assert ada == Submission(
        student="ada",
        files=ALL,
        problems=("Only the first 50 files were looked at; there are more.",),
    )


def test_a_zip_is_entered_no_deeper_than_a_folder(tmp_path, assignment):
    (tmp_path / "ada.zip").write_bytes(zipped(under("a/" * 30)))
    ada = only(tmp_path / "ada.zip", assignment)
    assert ada.files == {}
    assert ada.problems[0].endswith("lies more than 4 folders deep.")


def test_remarks_of_one_student_of_a_zip_are_no_others(tmp_path, assignment):
    links = {f"boris/{n}.py": stat.S_IFLNK | 0o777 for n in range(3)}
    loose = {f"{n}.py": stat.S_IFLNK | 0o777 for n in range(30)}
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path, mode in (
            dict.fromkeys(under("ada/") | under("boris/"), 0) | links | loose
        ).items():
            info = zipfile.ZipInfo(path)
            info.external_attr = mode << 16
            archive.writestr(info, NB)
    ada, boris = find_submissions(tmp_path / "all.zip", assignment)
    assert len(ada.problems) == 20  # those that are about no folder stay with each, up to a number
    assert [text for text in boris.problems if text not in ada.problems] == [
        f"`{n}.py` in the zip is a symbolic link, and was left out.".replace("`", "`boris/", 1)
        for n in range(3)
    ]


def test_depth_is_bounded(tmp_path, assignment):
    ada = only(write(tmp_path / "ada", ALL | {"a/b/c/d/e/x.py": b""}), assignment)
    assert ada.problems == ("`a/b/c/d/` lies more than 4 folders deep and was left out.",)


def test_names_that_could_forge_a_report_are_refused(tmp_path, assignment):
    ada = only(write(tmp_path / "ada", ALL | {"\x1b[2J.py": b""}), assignment)
    assert ada.files == ALL
    assert ada.problems == ("`\\x1b[2J.py` has a name that cannot be shown: rename it.",)


def test_a_name_that_is_no_utf8(tmp_path, assignment):
    write(tmp_path / "ada", ALL)
    with open(os.fsencode(tmp_path / "ada") + b"/\xff.py", "wb"):
        pass
    ada = only(tmp_path / "ada", assignment)
    assert ada.files == ALL
    assert ada.problems == ("`\ufffd.py` has a name that cannot be shown: rename it.",)


def test_a_file_that_is_also_a_folder(tmp_path, assignment):
    (tmp_path / "ada.zip").write_bytes(zipped(ALL | {"a.py": b"", "a.py/b.py": b""}))
    ada = only(tmp_path / "ada.zip", assignment)
    assert set(ada.files) == {*ALL, "a.py/b.py"}
    assert ada.problems == ("`a.py` is a file and a folder at once: rename one.",)


# Student ids ------------------------------------------------------------------------------------


def test_stems_of_plain_ids_are_the_ids():
    assert [file_stem(name) for name in ("ada", "s-123_4.x")] == ["ada", "s-123_4.x"]


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "CON", "nul.txt", "index", "a" * 300])
def test_stems_of_other_ids_are_safe(name):
    assert file_stem(name).count("~") == 1
    assert "/" not in file_stem(name)
    assert len(file_stem(name)) < 100


@given(st.lists(st.text(max_size=8), unique=True, max_size=20))
def test_stems_are_unique_on_every_file_system(names):
    stems = {file_stem(name).casefold() for name in names}
    assert len(stems) == len(names)
    assert all(stem.isascii() and stem.isprintable() for stem in stems)


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "b"]), max_size=12))
def test_distinct_ids_are_distinct(names):
    found = distinct(Submission(student=name, files={}) for name in names)
    assert len({s.student for s in found}) == len(names)


# Anything at all --------------------------------------------------------------------------------

RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def survives(path: Path, assignment: Assignment) -> None:
    try:
        found = find_submissions(path, assignment, bounds=SMALL)
    except SubmissionError:
        return
    for submission in found:
        assert sum(map(len, submission.files.values())) <= SMALL.total_bytes
        for name in submission.files:
            assert not name.startswith("/")
            assert ".." not in name.split("/")
            name.encode()


@RELAXED
@given(data=st.binary(max_size=300))
def test_a_zip_of_random_bytes(tmp_path, assignment, data):
    (tmp_path / "ada.zip").write_bytes(data)
    survives(tmp_path / "ada.zip", assignment)


@RELAXED
@given(data=st.data())
def test_a_zip_with_random_bytes_changed(tmp_path, assignment, data):
    content = bytearray(zipped(under("ada/") | under("boris/")))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    (tmp_path / "ada.zip").write_bytes(content if cut % 2 else content[:cut])
    survives(tmp_path / "ada.zip", assignment)


PARTS = st.sampled_from(["nn", "layers.py", LESSON, "..", "", "/", "ada", "x.zip", "\\", "a (1)"])
NAMES = st.lists(PARTS | st.text(max_size=5), max_size=5).map("/".join)


@RELAXED
@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(names=st.lists(NAMES.filter(lambda n: n.encode("utf-8", "ignore").decode() == n)))
def test_a_zip_of_random_names(tmp_path, assignment, names):
    (tmp_path / "ada.zip").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"x")
    survives(tmp_path / "ada.zip", assignment)


@RELAXED
@given(data=st.binary(max_size=200), name=st.sampled_from([LESSON, "layers.py", "x.ipynb"]))
def test_a_file_of_random_bytes_is_legible_or_says_why(tmp_path, assignment, data, name):
    (tmp_path / name).write_bytes(data)
    submission = only(tmp_path / name, assignment)
    path = "nn/layers.py" if name == "layers.py" else LESSON
    assert (path in submission.files) != (path in submission.unread)
    assert all(data.decode() for data in submission.files.values())
    assert set(submission.unread.values()) <= set(submission.problems)


@RELAXED
@given(paths=st.lists(st.lists(PARTS | st.text(max_size=4), min_size=1, max_size=4), max_size=6))
def test_a_folder_of_random_names(tmp_path_factory, assignment, paths):
    folder = tmp_path_factory.mktemp("class")
    for parts in paths:
        kept = [part for part in parts if part.strip("./\\") and "/" not in part]
        try:
            write(folder, {"/".join(kept): b"x"} if kept else {})
        except (OSError, ValueError):
            continue  # no name for a file, or a file where a folder is needed
    survives(folder, assignment)
