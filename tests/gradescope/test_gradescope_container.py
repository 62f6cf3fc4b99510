"""The upload laid out as Gradescope does, and its scripts run there."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files, release_files
from autograder.course import shipped_course
from autograder.gradescope.bundle import requirements, write_bundle
from autograder.gradescope.container import UNKNOWN, read_author
from autograder.gradescope.settings import Settings
from autograder.judging.check import load_checks
from autograder.reports.gradescope import NOT_YOUR_FAULT

pytestmark = pytest.mark.long

SLUG = "fully_connected_nets"
USERS = [
    {"id": 2, "email": "bo@example.com", "name": "Bo Li"},
    {"id": 1, "email": "ada@example.com", "name": "Ada Lovelace"},
]


@pytest.fixture(scope="module")
def upload(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("upload") / "nets.zip"
    settings = Settings(slug=SLUG, seed=5, sandbox="process")
    write_bundle(load_assignment(SLUG), settings, path)
    return path


@pytest.mark.parametrize("slug", shipped_course().slugs)
def test_every_assignment_has_an_upload_without_its_solutions(slug: str, tmp_path: Path) -> None:
    assignment = load_assignment(slug)
    write_bundle(assignment, Settings(slug=slug, seed=5), tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as upload:
        content = {name: upload.read(name) for name in upload.namelist()}
    assert f"checks/{slug}/__init__.py" in content
    solved = reference_files(assignment)
    released = release_files(assignment)
    open_ones = {path for path, data in solved.items() if data != released[path]}
    assert open_ones
    assert not {solved[path] for path in open_ones} & set(content.values())


@dataclass
class Container:
    """The folder `/autograder`, somewhere else."""

    root: Path
    venv: Path

    def submit(self, files: dict[str, bytes], users: object = USERS) -> None:
        for path, data in files.items():
            target = self.root / "submission" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        metadata = {"id": 1, "users": users, "previous_submissions": [{"score": 1.0}]}
        (self.root / "submission_metadata.json").write_text(json.dumps(metadata))

    def run(self, script: str = "run_autograder", path: str = "") -> Any:
        environment = {
            "PATH": f"{path}:/usr/bin:/bin" if path else "/usr/bin:/bin",
            "AUTOGRADER_ROOT": str(self.root),
            "AUTOGRADER_VENV": str(self.venv),
        }
        return subprocess.run(
            ["bash", str(self.root / script)], env=environment, capture_output=True, text=True
        )

    def results(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / "results" / "results.json").read_bytes())
        return found


@pytest.fixture
def container(tmp_path, upload) -> Container:
    """The container of `upload`."""
    return container_of(upload, tmp_path)


def container_of(upload: Path, tmp_path: Path) -> Container:
    """Built from an upload, with this Python in place of the one that setup.sh makes."""
    root, venv = tmp_path / "autograder", tmp_path / "venv"
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(upload) as archive:
        archive.extractall(root / "source")
    (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
    script(venv / "bin" / "python", f'exec {sys.executable} "$@"')
    return Container(root, venv)


def script(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


# What is in the upload --------------------------------------------------------------------------


def test_no_solution_and_no_other_assignments_tests_are_in_it(upload):
    with zipfile.ZipFile(upload) as archive:
        names = archive.namelist()
    folders = {name.split("/")[0] for name in names if "/" in name}
    assert folders == {"autograder", "checks", "assignments", "data"}
    assert in_folder(names, "checks") == {"__init__.py", SLUG, f"{SLUG}.solved.json"}
    assert in_folder(names, "assignments") == {SLUG}
    assert not in_folder(names, "autograder") & {
        *("attacks", "authoring", "checks", "demo.py", "nbgrader_plugin", "shipped")
    }
    others = [name for name in names if not name.startswith("autograder/adopt/")]
    assert not [name for name in others if re.search("solutions|mutants/|tests", name)]


def in_folder(names: list[str], folder: str) -> set[str]:
    return {name.split("/")[1] for name in names if name.startswith(f"{folder}/")}


CHECKS = """
from autograder.judging.arrays import expect_number
from autograder.judging.check import check

from .common import NUMBER


@check("double", points=2)
def double(student, rng):
    'double doubles.'
    expect_number("out", student.layers.double(NUMBER), 2 * NUMBER)
"""
STUB = "def double(x):\n    raise NotImplementedError('TODO(double)')\n"


@pytest.fixture
def tiny(tmp_path, write_files, write_release) -> Assignment:
    """One of three assignments in a course that has nothing of ours."""
    checks = {"tiny.py": CHECKS, "common.py": "NUMBER = 21.0\n"}
    others = {"other/__init__.py": "NOT_FOR_TINY = 1\n", "another.py": "NOT_FOR_TINY = 2\n"}
    write_files(tmp_path / "checks", checks | others)
    write_files(tmp_path / "solutions", {"tiny/lessons/tiny.py": "NOT_FOR_TINY = 3\n"})
    for slug in ("other", "another"):
        write_release(tmp_path, slug, {})
    return write_release(tmp_path, "tiny", {"nn/__init__.py": "", "nn/layers.py": STUB})


def test_another_course_is_uploaded_and_graded_like_ours(tiny, tmp_path, accepted):
    settings = Settings(slug="tiny", seed=5, sandbox="process")
    path = write_bundle(tiny, settings, tmp_path / "tiny.zip").path
    with zipfile.ZipFile(path) as archive:
        assert in_folder(archive.namelist(), "checks") == {"tiny.py", "common.py"}
        assert in_folder(archive.namelist(), "assignments") == {"tiny"}
        assert not any(b"NOT_FOR_TINY" in archive.read(name) for name in archive.namelist())
    container = container_of(path, tmp_path)
    container.submit({"nn/layers.py": b"def double(x):\n    return x + x\n"})
    done = container.run()
    assert done.returncode == 0, done.stdout + done.stderr
    accepted(container.results())
    assert container.results()["score"] == 2


def test_the_scripts_are_executable_and_the_rest_is_for_root(upload):
    with zipfile.ZipFile(upload) as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert {name for name, mode in modes.items() if mode & 0o111} == {"setup.sh", "run_autograder"}
    assert {mode & 0o077 for name, mode in modes.items() if name.startswith("autograder/")} == {0}


def test_equal_content_gives_an_equal_zip(upload, tmp_path):
    settings = Settings(slug=SLUG, seed=5, sandbox="process")
    again = write_bundle(load_assignment(SLUG), settings, tmp_path / "again.zip")
    assert again.path.read_bytes() == upload.read_bytes()


def test_libraries_are_pinned_and_only_those_of_grading():
    lines = requirements().splitlines()
    assert {"numpy", "msgspec", "ipython"} <= {line.split("==")[0] for line in lines}
    assert not [line for line in lines if re.match("nbgrader|jupytext|pytest", line)]


# Grading ----------------------------------------------------------------------------------------


def test_a_right_submission_of_a_group_has_full_marks(container, accepted):
    container.submit(reference_files(load_assignment(SLUG)))
    done = container.run()
    assert done.returncode == 0, done.stdout + done.stderr
    results = container.results()
    accepted(results)
    points = sum(check.points for check in load_checks(load_assignment(SLUG)).values())
    assert results["score"] == points
    assert {test["status"] for test in results["tests"]} == {"passed"}
    assert results["extra_data"]["student"] == "ada@example.com + bo@example.com"
    assert results["extra_data"]["group"] == ["Ada Lovelace", "Bo Li"]
    assert "ada@example.com + bo@example.com: " in done.stdout


def test_an_untouched_submission_in_a_zip_with_litter_has_no_points(container, accepted):
    files = {f"hw/{path}": data for path, data in release_files(load_assignment(SLUG)).items()}
    container.submit({"hw.zip": zipped(files | {"__MACOSX/hw/nn/._layers.py": b"\0\5"})})
    assert container.run().returncode == 0
    results = container.results()
    accepted(results)
    assert results["score"] == 0
    said = "<p><b>(not attempted)</b></p>\n<p><code>TODO(affine_forward)</code> is still"
    assert said in results["tests"][0]["output"]


def test_nothing_handed_in_is_said(container, accepted):
    container.submit({"essay.pdf": b"%PDF"})
    assert container.run().returncode == 0
    accepted(container.results())
    assert container.results()["output"].startswith("There is nothing to grade here: hand in ")


def test_other_users_can_read_neither_names_nor_results(container):
    container.submit({})
    container.run()
    for name in ("results", "source", "submission", "submission_metadata.json"):
        assert not (container.root / name).stat().st_mode & 0o077


# When the grader fails --------------------------------------------------------------------------


def failed(container: Container, done: Any, accepted: Any) -> str:
    """The reason for the instructor, after a failure that costs nobody anything."""
    assert done.returncode == 3
    results = container.results()
    accepted(results)
    assert not {"score", "tests"} & results.keys()
    assert results["output"] == NOT_YOUR_FAULT
    assert results["extra_data"]["grader_failed"] is True
    reason: str = results["extra_data"]["reason"]
    return reason


def test_a_grader_that_crashes(container, accepted):
    container.submit({})
    (container.root / "source" / "checks" / SLUG / "__init__.py").write_text("1/0")
    done = container.run()
    assert failed(container, done, accepted) == "ZeroDivisionError: division by zero"
    assert "ZeroDivisionError" in done.stderr


def test_a_level_that_is_not_there(container, accepted):
    container.submit({})
    path = container.root / "source" / "gradescope.json"
    path.write_text(json.dumps({"slug": SLUG, "seed": 1, "sandbox": "castle"}))
    reason = failed(container, container.run(), accepted)
    assert reason.startswith("UnknownLevelError: No sandbox level is called 'castle'.")


@pytest.mark.parametrize("python", ["exit 1", "kill -9 $$", "rm -- $0; exec $0"])
def test_a_python_that_does_not_start_or_is_killed(container, accepted, python):
    container.submit({})
    script(container.venv / "bin" / "python", python)
    (container.root / "results" / "results.json").write_text('{"score": 100}')  # of an earlier run
    reason = failed(container, container.run(), accepted)
    assert reason == "the grader did not start, or was killed"


# Who hands in -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "student", "names"),
    [
        (None, UNKNOWN, ()),
        (b"", UNKNOWN, ()),
        (b"\xff{", UNKNOWN, ()),
        (b'{"users": 7}', UNKNOWN, ()),
        (b"{}", UNKNOWN, ()),
        (b'{"users": [{"id": 7, "email": "", "name": "Zo\\u00e9"}]}', "7", ("Zoé",)),
        (b'{"users": [{"name": "../a/b"}]}', "../a/b", ("../a/b",)),
        (b'{"users": [{"email": "b@x"}, {"email": "a@x"}]}', "a@x + b@x", ("a@x", "b@x")),
    ],
)
def test_metadata_of_every_kind(tmp_path, content, student, names):
    path = tmp_path / "submission_metadata.json"
    if content is not None:
        path.write_bytes(content)
    author = read_author(path)
    assert (author.student, author.names) == (student, names)


# Building the container -------------------------------------------------------------------------


def python_stub(folder: Path) -> None:
    """A Python that makes environments whose pip and python do nothing, and says so."""
    make = 'mkdir -p "$3/bin"; for n in pip python; do echo "#!/bin/bash" >"$3/bin/$n"; '
    make += 'echo "echo $n \\$@" >>"$3/bin/$n"; chmod 755 "$3/bin/$n"; done'
    script(folder / f"python3.{sys.version_info.minor}", f'[ "$1" = -c ] || {{ {make}; }}')


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, other than those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def test_setup_keeps_the_hidden_tests_for_root(container, tmp_path, open_folder):
    python_stub(tmp_path / "stubs")
    container.venv = open_folder / "venv"
    source = container.root / "source"
    for path in source.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    done = container.run("source/setup.sh", path=str(tmp_path / "stubs"))
    assert done.returncode == 0, done.stderr
    assert f"pip install -q --no-cache-dir -r {source}/requirements.txt" in done.stdout
    assert not [path for path in (source, *source.rglob("*")) if path.stat().st_mode & 0o077]
    assert container.venv.joinpath("bin").stat().st_mode & 0o005 == 0o005


@pytest.mark.skipif(os.getuid() != 0, reason="only root can try to be another user")
def test_setup_refuses_a_python_that_other_users_cannot_use(container, tmp_path, open_folder):
    python_stub(tmp_path / "stubs")
    container.venv = open_folder / "venv"
    open_folder.chmod(0o700)
    done = container.run("source/setup.sh", path=str(tmp_path / "stubs"))
    assert done.returncode == 1
    assert "Other users cannot use " in done.stderr
    assert done.stderr.endswith(": install Python where everybody may read.\n")


# The command ------------------------------------------------------------------------------------


def run(*words: object) -> Any:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_the_command_says_what_to_do_next(tmp_path):
    done = run("gradescope", SLUG, "--out", tmp_path / "here")
    assert done.exit_code == 0, done.output
    points = sum(check.counted for check in load_checks(load_assignment(SLUG)).values())
    size = (tmp_path / "here" / f"{SLUG}.zip").stat().st_size / 1e6
    assert done.stdout == (
        f"{tmp_path}/here/{SLUG}.zip ({size:.1f} MB)\n"
        f"On Gradescope, make a programming assignment of {points:g} autograder points and upload "
        "this file at Configure Autograder.\n"
        "In its settings choose a container with at least 2 GB of memory, and the time limit that "
        "`--minutes` says.\n"
    )
    with zipfile.ZipFile(tmp_path / "here" / f"{SLUG}.zip") as archive:
        settings = json.loads(archive.read("gradescope.json"))
    assert settings["seed"] == (tmp_path / "here" / ".seed").read_text().strip()
    assert (settings["slug"], settings["sandbox"], settings["minutes"]) == (SLUG, "user", 10.0)


def test_the_zip_may_be_named(tmp_path):
    assert run("gradescope", SLUG, "--out", tmp_path / "up.zip", "--seed=3").exit_code == 0
    assert os.listdir(tmp_path) == ["up.zip"]


def test_an_unknown_level_is_wrong_usage(tmp_path):
    done = run("gradescope", SLUG, "--out", tmp_path, "--sandbox=castle")
    assert done.exit_code == 2
    assert "No sandbox level is called 'castle'" in done.stderr
