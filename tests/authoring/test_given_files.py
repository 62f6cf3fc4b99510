"""What `[given]` hands out: files, folders, folders as a zip, and what it refuses."""

from __future__ import annotations

import io
import os
import zipfile
from typing import Any

import pytest

import autograder
from autograder.authoring.build import build, release_files, stale
from autograder.authoring.errors import AuthoringError
from autograder.authoring.given import given_files

SETTINGS = "solutions/tiny/assignment.toml"
LINE = '"pkg/given.py" = "solutions/given/given.py"'


@pytest.fixture
def kit(tiny: Any) -> Any:
    """A folder `kit` of two files, one of them in a folder of its own, and litter."""
    kit = tiny.root / "solutions" / "given" / "kit"
    for name in ("__init__.py", "deep/two.py", "__pycache__/two.pyc", ".DS_Store"):
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        (kit / name).write_text(f"NAME = {name!r}\n")
    return kit


def given(tiny: Any, line: str) -> dict[str, bytes]:
    tiny.edit("assignment.toml", LINE, line)
    files = given_files(tiny.assignment)
    del files["data/numbers.npz"]
    return files


def error(tiny: Any, line: str) -> str:
    tiny.edit("assignment.toml", LINE, line)
    with pytest.raises(AuthoringError) as raised:
        release_files(tiny.assignment)
    return str(raised.value)


def test_a_folder_gives_every_file_of_it(tiny: Any, kit: Any) -> None:
    files = given(tiny, '"pkg/kit" = "solutions/given/kit"')
    assert list(files) == ["pkg/kit/__init__.py", "pkg/kit/deep/two.py"]
    assert files["pkg/kit/deep/two.py"] == b"NAME = 'deep/two.py'\n"


def test_a_folder_may_go_beside_what_students_write(tiny: Any, kit: Any) -> None:
    (kit / "__init__.py").unlink()
    tiny.edit("assignment.toml", LINE, f'"pkg" = "solutions/given/kit"\n{LINE}')
    assert {"pkg/work.py", "pkg/deep/two.py", "pkg/given.py"} <= set(release_files(tiny.assignment))


def test_a_folder_becomes_one_zip_that_holds_it(tiny: Any, kit: Any) -> None:
    files = given(tiny, '"pkg/kit.zip" = "solutions/given/kit"')
    assert list(files) == ["pkg/kit.zip"]
    with zipfile.ZipFile(io.BytesIO(files["pkg/kit.zip"])) as archive:
        assert archive.namelist() == ["kit/__init__.py", "kit/deep/two.py"]
        assert archive.read("kit/deep/two.py") == b"NAME = 'deep/two.py'\n"
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_zip_has_the_same_bytes_on_every_build(tiny: Any, kit: Any) -> None:
    first = given(tiny, '"pkg/kit.zip" = "solutions/given/kit"')
    for path in (kit / "__init__.py", kit / "deep" / "two.py"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
        path.chmod(0o600)
    assert given_files(tiny.assignment)["pkg/kit.zip"] == first["pkg/kit.zip"]
    build(tiny.assignment)
    assert stale(tiny.assignment) == ""
    (kit / "deep" / "two.py").write_text("NAME = 2\n")
    assert stale(tiny.assignment).startswith("Binary file pkg/kit.zip differs\n")


def test_a_zip_that_is_a_file_is_given_as_it_is(tiny: Any) -> None:
    (tiny.root / "solutions" / "given" / "own.zip").write_bytes(b"PK, not read")
    assert given(tiny, '"own.zip" = "solutions/given/own.zip"') == {"own.zip": b"PK, not read"}


def test_an_origin_in_the_package_is_found_wherever_it_is_installed(tiny: Any) -> None:
    files = given(tiny, '"pkg/syntax.py" = "autograder/syntax.py"')
    (folder,) = autograder.__path__
    with open(f"{folder}/syntax.py", "rb") as file:
        assert files == {"pkg/syntax.py": file.read()}


def test_a_solution_in_a_given_folder_is_a_leak(tiny: Any, kit: Any) -> None:
    (kit / "deep" / "two.py").write_text("twice_the_number = x + x\n")
    found = error(tiny, '"pkg/kit" = "solutions/given/kit"')
    assert "is in the release, in `pkg/kit/deep/two.py`: 'twice_the_number = x + x'" in found


def test_a_solution_in_a_given_zip_is_a_leak(tiny: Any, kit: Any) -> None:
    (kit / "deep" / "two.py").write_text("twice_the_number = x + x\n")
    found = error(tiny, '"pkg/kit.zip" = "solutions/given/kit"')
    assert "is in the release, in `pkg/kit.zip/kit/deep/two.py`: 'twice_the_number" in found


def test_a_module_in_a_zip_has_to_compile(tiny: Any, kit: Any) -> None:
    (kit / "deep" / "two.py").write_text("NAME = \n")
    assert error(tiny, '"pkg/kit.zip" = "solutions/given/kit"') == (
        "assignments/tiny/pkg/kit.zip/kit/deep/two.py:1: the released module does not compile: "
        "invalid syntax"
    )


@pytest.mark.parametrize("path", ["pkg/kit", "pkg/kit.zip"])
def test_an_empty_folder_is_refused(tiny: Any, path: str) -> None:
    (tiny.root / "solutions" / "given" / "empty" / "__pycache__").mkdir(parents=True)
    assert error(tiny, f'"{path}" = "solutions/given/empty"') == (
        f"{SETTINGS}:7: [given] {path!r}: the folder 'solutions/given/empty' has no files"
    )


@pytest.mark.parametrize("target", ["..", "nowhere"])
def test_a_link_to_a_folder_or_to_nothing_is_refused(tiny: Any, kit: Any, target: str) -> None:
    (kit / "deep" / "link").symlink_to(target)
    assert error(tiny, '"pkg/kit" = "solutions/given/kit"') == (
        f"{SETTINGS}:7: [given] 'pkg/kit': 'deep/link' is a link to a folder or to nothing; "
        "put the files themselves"
    )


def test_a_link_to_a_file_is_that_file(tiny: Any, kit: Any) -> None:
    (kit / "link.py").symlink_to("deep/two.py")
    files = given(tiny, '"pkg/kit" = "solutions/given/kit"')
    assert files["pkg/kit/link.py"] == b"NAME = 'deep/two.py'\n"


def test_two_lines_give_no_file_twice(tiny: Any, kit: Any) -> None:
    lines = '"kit" = "solutions/given/kit"\n"kit/deep/two.py" = "solutions/given/given.py"'
    assert error(tiny, lines) == (
        f"{SETTINGS}:8: [given] 'kit/deep/two.py': 'kit' gives 'kit/deep/two.py' already"
    )


def test_a_file_is_no_folder_as_well(tiny: Any, kit: Any) -> None:
    lines = '"kit" = "solutions/given/given.py"\n"kit/deep" = "solutions/given/kit/deep"'
    assert error(tiny, lines) == (
        f"{SETTINGS}:8: [given] 'kit/deep': 'kit' would be a file and a folder at once"
    )


def test_a_folder_does_not_write_over_a_module(tiny: Any, kit: Any) -> None:
    assert error(tiny, '"pkg" = "solutions/given/kit"') == (
        f"{SETTINGS}:7: [given] 'pkg/__init__.py' is made from a lesson, module or README already"
    )
