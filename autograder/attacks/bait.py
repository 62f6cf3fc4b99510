"""What an attacker would want, planted on the host, and how one sees that it was touched.

Another student's file, results, secrets in the environment and in memory, sockets that listen:
each carries a text that occurs nowhere else, and is looked at after the attack.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from autograder.assignment import Assignment
from autograder.files import make_private
from autograder.sandbox.level import PACKAGE

from .target import secret_files

ENVIRONMENT = "AUTOGRADER_BAIT"
PATIENCE = 3.0  # seconds that killed processes may take to vanish
_FOLDERS = ("/tmp", "/dev/shm", "/var/tmp")
_GRADER = f"""
import sys
sys.path.insert(0, {str(PACKAGE.parent)!r})
from autograder.arguments import hide
hide("seed")
print(flush=True)
sys.stdin.read()
"""
_SYSTEM_V = ("shm", "sem", "msg")


class Bait:
    """A context in which the bait lies out. `harms` says what happened to it."""

    def __init__(self, assignment: Assignment, *, beside: bool = False) -> None:
        self._beside = beside
        self._assignment = assignment
        self._stack = contextlib.ExitStack()
        self.token = f"atk{secrets.token_hex(5)}"  # short enough for a process's name
        self._key = secrets.randbits(30) | 1
        self._secrets: dict[str, str] = {}
        self._listeners: dict[str, socket.socket] = {}
        self._before: dict[str, str] = {}
        self._memory = f"memory-{secrets.token_hex(12)}".encode()

    def __enter__(self) -> Self:
        self.root = Path(tempfile.mkdtemp(prefix="bait-"))
        self._stack.callback(shutil.rmtree, self.root, ignore_errors=True)
        self.root.chmod(0o755)
        self._secrets = self._plant()
        if self._beside:
            self._secrets["another grader's seed"] = self._stack.enter_context(_grader_beside())
        self._listeners = {
            name: self._stack.enter_context(listener)
            for name, listener in _listeners(self.root, self.token)
        }
        self._before = _contents(self.root)
        return self

    def __exit__(self, *_: object) -> None:
        os.environ.pop(ENVIRONMENT, None)
        self._stack.close()

    def words(self, student: str) -> Mapping[str, str]:
        """What the attacker is told, who hands in as `student`: placeholder -> text."""
        return {
            "@STUDENT@": student,
            "@TOKEN@": self.token,
            "@KEY@": str(self._key),
            "@ROOT@": str(self.root),
            "@OTHER@": str(self.root / "other/nn/layers.py"),
            "@GRADES@": str(self.root / "grades"),
            "@OPEN@": str(self.root / "open"),
            "@JUDGE@": str(os.getpid()),
            "@ADDRESS@": str(id(self._memory) + bytes.__basicsize__ - 1),
            "@ENVIRONMENT@": ENVIRONMENT,
            **{word: str(path) for word, path in secret_files(self._assignment).items()},
            "@PORT@": str(_port(self._listeners["TCP 127.0.0.1"])),
            "@PORT6@": str(_port(self._listeners.get("TCP ::1"))),
            "@UDP@": str(_port(self._listeners["UDP 127.0.0.1"])),
            "@UNIX@": str(self.root / "open/socket"),
        }

    def harms(self, told: str) -> Iterator[str]:
        """What has happened to the bait. `told` is all that came back from the submission."""
        yield from self.secrets_in(told)
        yield from self.traces()

    def secrets_in(self, told: str) -> Iterator[str]:
        """Which secrets came back from a submission."""
        for name, secret in self._secrets.items():
            if secret in told:
                yield f"the report tells {name}"

    def traces(self) -> Iterator[str]:
        """What was changed, reached and left on this machine."""
        for name, listener in self._listeners.items():
            if _was_reached(listener):
                yield f"a message arrived at {name}"
        yield from _differences(self._before, _contents(self.root))
        yield from self._left_behind()

    def _plant(self) -> dict[str, str]:
        os.environ[ENVIRONMENT] = f"environment-{secrets.token_hex(12)}"
        files = {"other/nn/layers.py": "another student's file", "grades/other.json": "a grade"}
        planted = {"a variable of the environment": os.environ[ENVIRONMENT]}
        planted |= {"the judge's memory": self._memory.decode()}
        make_private(self.root / "grades")  # as that of results is
        for path, name in files.items():
            planted[name] = f"{name.replace(' ', '-')}-{secrets.token_hex(12)}"
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(f"# {planted[name]}\n", encoding="utf-8")
        (self.root / "open").mkdir()
        (self.root / "open").chmod(0o777)
        words = {"a hidden test": "@CHECKS@", "the solution": "@SOLUTION@"}
        places = secret_files(self._assignment)
        return planted | {name: telling_line(places[word]) for name, word in words.items()}

    def _left_behind(self) -> Iterator[str]:
        for folder in map(Path, _FOLDERS):
            for path in folder.glob(f"*{self.token}*"):
                yield f"{path} was left on the host"
                path.unlink(missing_ok=True)
        for kind in _SYSTEM_V:
            with contextlib.suppress(FileNotFoundError), open(f"/proc/sysvipc/{kind}") as table:
                if any(line.split()[0] == str(self._key) for line in table):
                    yield f"a System V {kind} was left on the host"
        with open("/proc/net/unix", encoding="utf-8", errors="replace") as sockets:
            if any(f"@{self.token}-left" in line for line in sockets):
                yield "an abstract socket was left on the host"
        survivors = _survivors(self.token)
        for pid in survivors:  # ours by the name that this attack has given itself
            yield f"process {pid} outlived its submission"
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def telling_line(path: Path) -> str:
    """The longest line that looks the same in JSON: whoever shows it has read the file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return max((line.strip() for line in lines if not {'"', "\\", "'"} & set(line)), key=len)


@contextlib.contextmanager
def _grader_beside() -> Iterator[str]:
    """A process that was given a seed as an argument, and has begun as every command of ours."""
    seed = str(secrets.randbits(100) | 1 << 100)
    command = [sys.executable, "-P", "-c", _GRADER, "--seed", seed, f"--GradeInSandbox.seed={seed}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as grader:
        assert grader.stdout is not None
        grader.stdout.readline()  # now it has hidden what it was told
        try:
            yield seed
        finally:
            grader.kill()


def _listeners(root: Path, token: str) -> Iterator[tuple[str, socket.socket]]:
    yield "TCP 127.0.0.1", _bound(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
    yield "UDP 127.0.0.1", _bound(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
    yield "an abstract socket", _bound(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{token}-judge")
    path = str(root / "open/socket")
    yield "a socket in a folder", _bound(socket.AF_UNIX, socket.SOCK_STREAM, path)
    os.chmod(path, 0o777)
    with contextlib.suppress(OSError):  # machines without IPv6
        yield "TCP ::1", _bound(socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0))


def _bound(family: int, kind: int, address: tuple[str, int] | str) -> socket.socket:
    listener = socket.socket(family, kind)
    try:
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _port(listener: socket.socket | None) -> int:
    return 9 if listener is None else int(listener.getsockname()[1])


def _was_reached(listener: socket.socket) -> bool:
    try:
        if listener.type == socket.SOCK_DGRAM:
            return bool(listener.recv(1))
        connection, _ = listener.accept()
        connection.close()
    except BlockingIOError:
        return False
    return True


def _contents(root: Path) -> dict[str, str]:
    """Every path under `root` with its mode and a hash of what it holds."""
    found = {}
    for path in sorted(root.rglob("*")):
        mode = oct(path.lstat().st_mode)
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[path.relative_to(root).as_posix()] = f"{mode} {hashlib.sha256(data).hexdigest()}"
    return found


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            what = "made" if path not in before else "removed" if path not in after else "changed"
            yield f"the host's `{path}` was {what}"


def _survivors(token: str) -> list[int]:
    """Processes of that name which are still there when the killed ones have gone."""
    end = time.monotonic() + PATIENCE
    while (found := list(_named(token))) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def _named(token: str) -> Iterator[int]:
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                name = Path("/proc", entry, "comm").read_text(encoding="utf-8", errors="replace")
                if name.startswith(token):
                    yield int(entry)
