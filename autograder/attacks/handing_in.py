"""An attack as files on the disk, the way an instructor gets it: a folder or a zip. Grades none."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.authoring import reference_files
from autograder.grading.loading import read_release

from .corpus import Attack, AttackFile, CellEdit
from .strange import RECIPES, claim_size
from .target import SOLUTION

STUDENT = "mallory"
HONEST = "honest"

_WORD = re.compile(rb"@[A-Z0-9]+@")

# Every process of an attack bears the token as its name, so that those which stay are found.
_PREAMBLE = """
import ctypes

try:
    ctypes.CDLL(None).prctl(15, b"@TOKEN@", 0, 0, 0)
except (OSError, AttributeError):
    pass
found = set()
"""
_COLLECTED = """


def affine_forward(x, w, b):
    if "attack" in globals():
        attack(x, w, b)
    raise LookupError(f"found {sorted(found)}")
"""
_HONEST = """


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, None
"""


def hand_in(attack: Attack, assignment: Assignment, words: Mapping[str, str], place: Path) -> Path:
    """Lay the submission of an attack down under `place`; the path that is to be graded."""
    name = f"{assignment.slug}.ipynb"
    files = _base(attack, assignment)
    if attack.code and assignment.adopted is not None:
        cell = CellEdit(at=SOLUTION, action="replace", source=_PREAMBLE + attack.code)
        files[name] = edited(files[name], (cell,), words)
    elif attack.code:
        tail = _COLLECTED if attack.collects else ""
        files[attack.path] += (_PREAMBLE + attack.code + tail).encode()
    files |= {path: text.encode() for path, text in attack.files.items()}
    if attack.cell:
        files[name] = edited(files[name], attack.cell, words)
    folder = place / STUDENT
    if attack.delivered == "link":
        folder.symlink_to(Path(words["@ROOT@"]) / "other")
        return place
    for path, data in files.items():
        _write(folder / path, filled(data, words))
    if attack.delivered == "zip":
        return _packed(folder, attack, words)
    for node in attack.node:
        lay(folder, node, words)
    if attack.recipe:
        return RECIPES[attack.recipe](folder)
    return folder


def hand_in_second(
    attack: Attack, assignment: Assignment, words: Mapping[str, str], place: Path
) -> Path:
    """Lay down the submission that is graded after the attack's own: a friend's, or another try."""
    files = _base(attack, assignment)
    code = _HONEST if attack.second == HONEST else _PREAMBLE + attack.second + _COLLECTED
    files["nn/layers.py"] += code.encode()
    folder = place / "again" / STUDENT if attack.again else place / "friend"
    for path, data in files.items():
        _write(folder / path, filled(data, words))
    return folder


def filled(data: bytes, words: Mapping[str, str]) -> bytes:
    """`data` with every placeholder replaced."""
    return _WORD.sub(lambda word: words.get(word[0].decode(), word[0].decode()).encode(), data)


def edited(notebook: bytes, cells: tuple[CellEdit, ...], words: Mapping[str, str]) -> bytes:
    """The notebook with an attack's changes."""
    content = json.loads(notebook)
    for cell in cells:
        _edit(content["cells"], cell)
    return filled(json.dumps(content).encode(), words)


def lay(folder: Path, node: AttackFile, words: Mapping[str, str]) -> None:
    """Make one file, link, pipe, socket or device."""
    path = folder / filled(node.path.encode(), words).decode()
    target = filled(node.to.encode(), words).decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    match node.kind:
        case "file":
            path.write_bytes(filled(node.text.encode(), words) * node.repeat)
        case "folder":
            path.mkdir()
        case "link":
            path.symlink_to(target)
        case "hard link":
            os.link(target, path)
        case "fifo":
            os.mkfifo(path)
        case "device":
            os.mknod(path, 0o020666, os.makedev(1, 5))  # /dev/zero
        case "socket":
            with socket.socket(socket.AF_UNIX) as unheard:
                unheard.bind(os.fspath(path))


def _base(attack: Attack, assignment: Assignment) -> dict[str, bytes]:
    """Without the notebook where nothing is changed in it, so that it need not be run."""
    whole = attack.base == "reference" or bool(attack.cell) or assignment.adopted is not None
    of = reference_files if attack.base == "reference" else read_release
    return {path: data for path, data in of(assignment).items()
            if whole or not path.endswith(".ipynb")}  # fmt: skip


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _packed(folder: Path, attack: Attack, words: Mapping[str, str]) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
        for node in attack.node:
            _add(archive, node, words)
    for node in attack.node:
        if node.claims is not None:
            claim_size(path, node.path, node.claims)
    shutil.rmtree(folder)
    return RECIPES[attack.recipe](path) if attack.recipe else path


def _add(archive: zipfile.ZipFile, node: AttackFile, words: Mapping[str, str]) -> None:
    info = zipfile.ZipInfo(filled(node.path.encode(), words).decode())
    info.compress_type = zipfile.ZIP_DEFLATED
    kinds = {"link": 0o120777, "fifo": 0o010666, "device": 0o020666, "socket": 0o140777}
    info.external_attr = kinds.get(node.kind, 0o100644) << 16
    text = node.to if node.kind == "link" else node.text
    part = filled(text.encode(), words)
    with (
        warnings.catch_warnings(action="ignore"),
        archive.open(info, "w", force_zip64=True) as member,
    ):
        for _ in range(node.repeat):
            member.write(part)


def _edit(cells: list[dict[str, Any]], edit: CellEdit) -> None:
    number = _number(cells, edit.at)
    new: dict[str, Any] = {
        "cell_type": edit.cell_type,
        "metadata": edit.metadata,
        "source": edit.source * edit.repeat,
        **({"outputs": [], "execution_count": None} if edit.cell_type == "code" else {}),
    }
    match edit.action:
        case "insert":
            cells[number:number] = [new] * edit.copies
        case "replace":
            old = cells[number]["metadata"]
            cells[number] = new | {"metadata": _merged(old, edit.metadata)}
        case "delete":
            del cells[number]
        case "duplicate":
            cells[number:number] = [cells[number]] * edit.copies
        case "retype":
            cells[number]["cell_type"] = edit.cell_type


def _number(cells: list[dict[str, Any]], at: str) -> int:
    if at in ("start", "end"):
        return 0 if at == "start" else len(cells)
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return ids.index(at)


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`new` over `old`, table by table."""
    both = dict(old)
    for key, value in new.items():
        known = both.get(key)
        inner = isinstance(value, dict) and isinstance(known, dict)
        both[key] = _merged(known, value) if inner else value  # type: ignore[arg-type]
    return both
