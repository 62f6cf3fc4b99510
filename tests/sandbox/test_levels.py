"""Do the levels hold where they are meant for: ordinary users, containers without namespaces?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox.levels import LEVELS, diagnose
from autograder.sandbox.without_namespaces import User, open_to_all

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
CONTAINER = [sys.executable, str(ROOT / "tests/sandbox/container.py")]
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can play a container")

TRY = """
import time
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.remote import Conversation, Student, fetch
from autograder.sandbox.session import Session
{before}
with Session(get_level("bubblewrap"), Limits(processes=20)) as session:
    lost = session.run_cell("lesson", '''{cell}''', time.monotonic() + 20)
    assert lost is None, lost
    with session.check(1) as channel:
        student = Student(Conversation(channel, time.monotonic() + 20), "nn", ())
        assert fetch(student.send(3)) == 3
"""


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_user_who_is_not_root_has_the_best_level() -> None:
    cell = "import os, subprocess\nassert os.getuid() == 65534 and os.getpid() == 1"
    program = TRY.format(cell=cell, before="import os; assert os.getuid() == 1000")
    python = [sys.executable, "-c", program]
    run("unshare", "--user", "--map-user=1000", "--map-group=1000", *python)


def test_python_may_be_in_a_temporary_folder() -> None:
    """As it is for a clone that is tested in /tmp; the worker's own /tmp must not hide it."""
    with tempfile.TemporaryDirectory(prefix="with a space ", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        Path(folder, "only_here.py").write_text("found = 1")
        before = f"""
from pathlib import Path
from autograder.sandbox import bubblewrap
known = bubblewrap.python_folders()
bubblewrap.python_folders = lambda: sorted([*known, Path({folder!r})])
"""
        cell = f"""
import sys
sys.path.append({folder!r})
import only_here
try: open({folder + "/new"!r}, "w")
except OSError as error: assert error.errno == 30, error
else: raise AssertionError("it can be written to")
open("/tmp/mine", "w").close()
"""
        run(sys.executable, "-c", TRY.format(cell=cell, before=before))


@as_root
def test_processes_are_bounded_for_the_whole_submission() -> None:
    cell = """
import subprocess
try:
    for started in range(21): subprocess.Popen(["sleep", "50"])
except OSError:
    assert started == 19, started
else:
    raise AssertionError("as many as it likes")
"""
    run(sys.executable, "-c", TRY.format(cell=cell, before=""))


@as_root
def test_the_level_user_stands_the_same_tests_where_namespaces_are_forbidden() -> None:
    tests = ["tests/sandbox/test_session.py", "tests/grading/test_one.py"]
    pytest_ = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-k", "user"]
    said = run(*CONTAINER, *pytest_, *tests)
    passed = re.search(r"(\d+) passed", said)
    assert passed is not None, said
    assert int(passed[1]) >= 40, said
    assert "skipped" not in said


@as_root
def test_the_doctor_explains_a_container_without_namespaces() -> None:
    program = "from autograder.sandbox.levels import diagnose\nfor one in diagnose(): print(*one)"
    bubblewrap, user, process = run(*CONTAINER, sys.executable, "-c", program).splitlines()
    assert bubblewrap.startswith("bubblewrap False bwrap cannot start")
    assert user == f"user True protects {User.protects}"
    assert process.startswith("process True")
    _, user, process = run(
        *CONTAINER, "--without-landlock", sys.executable, "-c", program
    ).splitlines()
    assert user.startswith("user True protects files that other users cannot read")
    assert process.endswith("not files, not other processes")


def test_readable_secrets_are_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "autograder"
    package.mkdir(mode=0o755)
    monkeypatch.setattr("autograder.sandbox.without_namespaces.PACKAGE", package)
    monkeypatch.setattr("autograder.sandbox.landlock.version", lambda: 0)
    monkeypatch.setattr("autograder.sandbox.without_namespaces.open_to_all", lambda path: True)
    monkeypatch.setattr("autograder.sandbox.without_namespaces.os.getuid", lambda: 0)
    assert User().why_not() == (
        f"every user can read the hidden tests; run `chmod -R o-rwx {package}`"
    )


def test_libraries_that_others_cannot_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.sandbox.without_namespaces.open_to_all", lambda path: False)
    monkeypatch.setattr("autograder.sandbox.without_namespaces.os.getuid", lambda: 0)
    assert re.fullmatch(
        r"other users cannot read .*os.py; install Python where everybody may read",
        User().why_not(),
    )


def test_only_root_can_give_out_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.sandbox.without_namespaces.os.getuid", lambda: 1000)
    assert User().why_not() == "only root on Linux can give each submission a user of its own"


def test_one_closed_folder_above_is_enough(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    file.parent.mkdir()
    file.touch(mode=0o644)
    tmp_path.chmod(0o700)
    assert not open_to_all(file)


def test_every_level_is_tried_before_it_is_called_available() -> None:
    found = diagnose()
    assert [name for name, _, _ in found] == [level.name for level in LEVELS]
    assert found[-1][1:] == (True, f"protects {LEVELS[-1].protects}")
