"""Files that are given up stay given up, also for children; and what is left is enough to work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.sandbox import landlock, visible

needs = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")

RESTRICTED = """
import os, subprocess, sys
from autograder.sandbox import kernel, landlock
kernel.forbid_new_privileges()
kernel.drop_capabilities()
landlock.restrict({readable!r}, {writable!r}, {listable!r})

def told(do, *args):
    try:
        do(*args)
        return "done"
    except OSError as error:
        return type(error).__name__
{program}
"""


def restricted(
    program: str,
    *,
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    listable: Sequence[Path] = (),
) -> list[str]:
    """What a program prints that may use only these paths, and Python."""
    python = [*map(str, visible.python_folders()), "/usr", "/lib", "/lib64", "/etc/ld.so.cache"]
    text = RESTRICTED.format(
        program=program,
        readable=[*python, *map(str, readable)],
        writable=[*map(str, writable)],
        listable=[*map(str, listable)],
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", text], text=True, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@needs
def test_only_what_is_named_can_be_opened(tmp_path: Path) -> None:
    for name in ("shown", "own", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    printed = restricted(
        f"""
for name in ("shown", "own", "secret"):
    path = {str(tmp_path)!r} + "/" + name
    print(name, told(open, path + "/file"), told(open, path + "/file", "a"), told(os.listdir, path))
print(told(open, {str(tmp_path)!r} + "/own/new", "w"), told(os.mkdir, {str(tmp_path)!r} + "/new"))
print(told(os.rename, {str(tmp_path)!r} + "/own/file", {str(tmp_path)!r} + "/own/other"))
print(subprocess.run(["cat", {str(tmp_path)!r} + "/secret/file"], stderr=-3).returncode)
""",
        readable=[tmp_path / "shown"],
        writable=[tmp_path / "own", tmp_path / "not there", Path("/dev/null")],
    )
    assert printed == [
        "shown done PermissionError done",
        "own done done done",
        "secret PermissionError PermissionError PermissionError",
        "done PermissionError",
        "done",
        "1",
    ]


@needs
def test_devices_cannot_be_made_even_in_ones_own_folder(tmp_path: Path) -> None:
    make = f"print(told(os.mknod, {str(tmp_path)!r} + '/null', 0o20666, os.makedev(1, 3)))"
    assert restricted(make, writable=[tmp_path]) == ["PermissionError"]


@pytest.mark.skipif(landlock.version() < 6, reason="the kernel cannot hold back signals")
def test_other_processes_cannot_be_signalled() -> None:
    printed = restricted(f"print(told(os.kill, {os.getpid()}, 0), told(os.kill, os.getpid(), 0))")
    assert printed == ["PermissionError done"]


def test_hidden_tests_beside_the_libraries_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installed, the package lies among the libraries that everybody has to read."""
    for name in ("numpy", "autograder/sandbox", "autograder/checks", "solutions", "IPython"):
        (tmp_path / "lib" / name).mkdir(parents=True)
    monkeypatch.setattr(visible, "PACKAGE", tmp_path / "lib" / "autograder")
    monkeypatch.setattr(visible, "python_folders", lambda: [tmp_path])
    found = visible.readable()
    shown = [path for path in found.files if path.startswith(str(tmp_path))]
    names = ("IPython", "numpy", "autograder/__init__.py", "autograder/sandbox")
    assert shown == [str(tmp_path / "lib" / name) for name in names]
    assert found.names == [str(tmp_path)]


@needs
def test_what_is_beside_hidden_tests_can_still_be_imported(tmp_path: Path) -> None:
    for name in ("allowed", "hidden"):
        (tmp_path / f"{name}.py").write_text("found = 1")
    program = f"""
sys.path.insert(0, {str(tmp_path)!r})
import allowed
print(allowed.found, sorted(os.listdir({str(tmp_path)!r})))
try:
    import hidden
except PermissionError:
    print("hidden")
"""
    printed = restricted(program, readable=[tmp_path / "allowed.py"], listable=[tmp_path])
    assert printed == ["1 ['allowed.py', 'hidden.py']", "hidden"]
