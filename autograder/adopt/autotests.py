"""nbgrader's autotests: a line such as `### AUTOTEST f(2)` becomes the tests that it stands for.

nbgrader writes them when it generates an assignment, from what the reference solution gives, in a
kernel. `adopt` has nbgrader do the same, so that its tests are those that students get.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.errors import UserError

MARK = "AUTOTEST"
TEMPLATES = "autotests.yml"
SECONDS = 600.0  # for one notebook
TOO_LONG = f"it took more than {SECONDS:g} s"
NO_TEMPLATES = (
    "{path} has {mark} lines, and there is no {templates} in its folder or in {root}."
    " Copy nbgrader's there, as for `nbgrader generate_assignment`."
)
NOT_WRITTEN = (
    "nbgrader could not write the tests for the {mark} lines of {path} ({reason}). Does"
    " `nbgrader generate_assignment` work?"
)


class AutotestError(UserError, ValueError):
    """The tests that a line stands for cannot be had; the message says why."""


def written_tests(folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """The source of each test cell with such lines, by id, as nbgrader writes it.

    Parameters
    ----------
    folder : the source of the assignment, in which the kernel runs.

    Raises
    ------
    AutotestError : nbgrader cannot write them.
    """
    found: dict[str, str] = {}
    for path, data in files.items():
        if path.endswith(".ipynb") and "/" not in path and any(_marked(data)):
            found |= dict(_written(folder, path, data))
    return found


def with_written(files: Mapping[str, bytes], written: Mapping[str, str]) -> dict[str, bytes]:
    """The files with the tests that nbgrader has written in their notebooks."""
    return {
        path: with_tests(data, written) if written and path.endswith(".ipynb") else data
        for path, data in files.items()
    }


def with_tests(notebook: bytes, tests: Mapping[str, str]) -> bytes:
    """The notebook with those test cells in the place of its own."""
    found = json.loads(notebook.decode("utf-8-sig"))
    for cell in found["cells"]:
        name = _grade_id(cell)
        if name in tests:
            cell["source"] = tests[name]
    return json.dumps(found, ensure_ascii=False).encode()


def _written(folder: Path, path: str, data: bytes) -> Iterator[tuple[str, str]]:
    order = [str(_templates(folder, path)), str(folder), data.decode("utf-8-sig")]
    command = [sys.executable, "-m", "autograder.adopt.autotests"]
    said = {"mark": MARK, "path": folder / path}
    try:
        done = subprocess.run(
            command, input=json.dumps(order), capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise AutotestError(NOT_WRITTEN.format(**said, reason=TOO_LONG)) from error
    if done.returncode:
        reason = (done.stderr.strip() or "it ended").rpartition("\n")[2]
        raise AutotestError(NOT_WRITTEN.format(**said, reason=reason))
    marked = set(_marked(data))
    for cell in json.loads(done.stdout.rpartition("\n")[2])["cells"]:
        if _grade_id(cell) in marked:
            yield _grade_id(cell), "".join(cell["source"])


def _write() -> None:
    """Be the process in which nbgrader writes tests: its kernel ends with it in any case."""
    import nbformat
    from nbgrader.preprocessors import InstantiateTests  # type: ignore[import-untyped]

    reads: Any = nbformat.reads  # has no annotations
    templates, folder, text = json.load(sys.stdin)
    step = InstantiateTests(autotest_filename=templates)
    written, _ = step.preprocess(reads(text, as_version=4), {"metadata": {"path": folder}})
    print("\n" + json.dumps(written), end="", flush=True)


def _templates(folder: Path, path: str) -> Path:
    """nbgrader's file of templates: that of the assignment, or else that of the course."""
    root = folder.resolve().parent.parent
    for place in (folder.resolve(), root):
        if (place / TEMPLATES).is_file():
            return place / TEMPLATES
    said = {"path": folder / path, "mark": MARK, "templates": TEMPLATES, "root": root}
    raise AutotestError(NO_TEMPLATES.format(**said))


def _marked(notebook: bytes) -> Iterator[str]:
    """The ids of the cells that have such a line."""
    if MARK.encode() not in notebook:
        return
    try:
        cells = json.loads(notebook.decode("utf-8-sig"))["cells"]
    except (ValueError, KeyError, TypeError):  # said where it is read as a source
        return
    for cell in cells:
        source = "".join(cell.get("source", ""))
        if cell.get("cell_type") == "code" and MARK in source and _grade_id(cell):
            yield _grade_id(cell)


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str((cell.get("metadata", {}).get("nbgrader") or {}).get("grade_id") or "")


if __name__ == "__main__":
    _write()
