"""Runs a command as in a container that grants no namespaces, to try the level `user` there.

Usage (as root): python tests/sandbox/container.py [OPTION] COMMAND…

The command works in a copy of this checkout which only root can read. Python and its libraries
can be read by every user, and a filter refuses new namespaces and mounts, as Docker's does. With
the option `--with-namespaces` it refuses nothing, with `--without-landlock` that as well.
"""

from __future__ import annotations

import compileall
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from autograder.sandbox import kernel
from autograder.sandbox.seccomp import filter_program

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("autograder", "datasets", "assignments", "solutions", "tests")

# What a container leaves to a program, of all that we take from a submission.
SPARED = ("socket", "shmget", "semget", "msgget", "mq_open", "memfd_create", "memfd_secret")
LANDLOCK = "landlock_create_ruleset"


def main() -> int:
    """Run the command; its exit code."""
    if os.getuid() != 0:
        print("Only root can play a container; run this with sudo.", file=sys.stderr)
        return 2
    kernel.unshare(kernel.CLONE_NEWNS)
    run("mount", "--make-rprivate", "/")
    with tempfile.TemporaryDirectory(prefix="container-") as name:
        open_to_all(python_folders(), Path(name, "kept"))
        checkout = Path(name, "checkout")
        for folder in COPIED:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / folder, checkout / folder, ignore=ignored)
        for file in ("course.toml", "pyproject.toml"):
            shutil.copy(ROOT / file, checkout)
        # No process in there may write it, and each would compile the grader anew.
        compileall.compile_dir(checkout / "autograder", quiet=2, workers=0)
        for folder in (*COPIED, ".git"):  # the original, which everybody may be able to read
            if (ROOT / folder).is_dir():  # in a worktree `.git` is a file, and leads elsewhere
                run("mount", "-t", "tmpfs", "-o", "mode=700", "tmpfs", str(ROOT / folder))
        words = sys.argv[1:]
        option = words.pop(0) if words[0].startswith("--") else ""
        environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            words,
            cwd=checkout,
            env=environment,
            preexec_fn=FILTERS[option],
            check=False,
        )
        return done.returncode


def forbid_namespaces(*spared: str) -> None:
    program = filter_program(spared=(*SPARED, *spared))
    assert program is not None
    kernel.forbid_new_privileges()
    kernel.install_filter(program)


def python_folders() -> set[Path]:
    """Where Python and the libraries are."""
    folders = {Path(sys.prefix), Path(sys.base_prefix)}
    for name in ("numpy", "IPython", "matplotlib", "msgspec"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        folders.add(Path(spec.origin).parent.parent)
    return folders


def open_to_all(folders: Iterable[Path], kept: Path) -> None:
    """Let every user pass the closed folders above `folders`, in this mount namespace only."""
    for closed, inside in closed_above(folders).items():
        for number, folder in enumerate(inside):
            (kept / str(number)).mkdir(parents=True, exist_ok=True)
            run("mount", "--bind", str(folder), str(kept / str(number)))
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(closed))
        for number, folder in enumerate(inside):
            folder.mkdir(parents=True)
            run("mount", "--bind", str(kept / str(number)), str(folder))
            run("umount", str(kept / str(number)))


def closed_above(folders: Iterable[Path]) -> dict[Path, list[Path]]:
    """The outermost folders that others cannot pass -> those of `folders` which are inside."""
    found: dict[Path, list[Path]] = {}
    for folder in sorted(folders):
        above = [parent for parent in folder.parents if not parent.stat().st_mode & 0o001]
        inside = found.setdefault(above[-1], []) if above else []
        if above and not any(folder.is_relative_to(outer) for outer in inside):
            inside.append(folder)
    return found


def run(*command: str) -> None:
    subprocess.run(command, check=True)


FILTERS: dict[str, Callable[[], None] | None] = {
    "": partial(forbid_namespaces, LANDLOCK),
    "--without-landlock": forbid_namespaces,
    "--with-namespaces": None,
}

if __name__ == "__main__":
    sys.exit(main())
