"""Looks through your work before you hand it in, and packs the files that are graded.

What belongs to the assignment stands in ``hand_in.json`` beside this file.
"""

import ast
import hashlib
import json
import platform
import re
import zipfile
from pathlib import Path

import numpy as np

from .saved_state import chosen_notebook, code_of, in_colab, read_notebook, saved_at, unsaved, watch

ABOUT = Path(__file__).resolve().parent / "hand_in.json"
OPEN, GONE, EMPTY, BROKEN, WRITTEN = "still open", "cell is gone", "empty", "unreadable", "written"
MISSING = "no file"
_NO_FILE = "{path} does not exist: run this cell from the assignment's folder."
TOGETHER = (
    "Each by itself, they give {alone:g} of {total:g} points. "
    "The rest is for what they do together."
)
_IN_COLAB = (
    "{path} is in your Drive, because Colab keeps no notebook beside these files. Download it "
    "(File > Download > Download .ipynb), and hand it in together with the ZIP file."
)
_OPEN = re.compile(
    r"""NotImplementedError\(\s*["']TODO\((\w+)\)|=\s*\.\.\.\s*\#\s*TODO\((\w+)\)""", re.VERBOSE
)
_PLACEHOLDER = re.compile(r"^\w+\s*=\s*\.\.\.\s*(#.*)?$", re.MULTILINE)
_OPEN_TEXT = re.compile(r"TODO\((\w+)\)")

watch()  # from here on: which cell was run, in which form


def check_and_zip(target="submission.zip", files=None, logs=()):
    """Report what is missing or broken, show a table of all parts, then pack the files.

    Parameters
    ----------
    target : str or Path
        The ZIP file to write.
    files : sequence of paths, relative to the notebook's folder
        What is graded; by default what ``hand_in.json`` names. Modules that you have added beside
        them are packed as well.
    logs : sequence of paths
        Packed where they exist.

    Returns
    -------
    ready : bool
        Whether nothing is missing. The ZIP file is written in any case: parts that are not
        attempted cost their own points only.
    """
    about = json.loads(ABOUT.read_text(encoding="utf-8")) if ABOUT.is_file() else {}
    graded = files or [*about["notebooks"], *about["modules"]]
    sources, problems = {}, []
    for path in graded:
        source, remarks = chosen_notebook(path, _cells_of(about, path))
        sources[path] = source
        problems += [*remarks, *_problems(path, Path(source), about)]
    problems += _changed(about)
    print(f"Python {platform.python_version()} and NumPy {np.__version__} here.", end=" ")
    print(f"Grading uses Python {about['python']}." if about else "")
    for source in sources.values():
        if source.endswith(".ipynb") and Path(source).is_file():
            print(saved_at(source))
    table = _table(about, sources)
    still = sum(state != WRITTEN for *_, state in table)
    _show(table, about.get("points", 0))
    for problem in problems:
        print(f"- {problem}")
    packed = _pack(target, sources, logs, about.get("given", ()))
    ready = not problems and not still
    looks = f"{_count(still, 'part')} to do, {_count(len(problems), 'thing')} to look at"
    size = Path(target).stat().st_size / 1024
    state = "complete" if ready else looks
    print(f"{target}: {_count(len(packed), 'file')}, {size:.0f} KiB; {state}.")
    return ready


def open_parts(path):
    """The names of the parts that are still to be written in a module or a notebook.

    Parameters
    ----------
    path : str or Path of a ``.py`` or ``.ipynb`` file
    """
    code, text = _contents(Path(path))
    return [first or second for first, second in _OPEN.findall(code)] + _OPEN_TEXT.findall(text)


def _cells_of(about, path):
    """The grade ids of the answers and checks that a notebook has to hold."""
    return set(about.get("cells", {}).get(path, "").split())


def _count(number, word):
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _pack(target, sources, logs, given):
    """Write the ZIP file, each source under the name that grading expects, and list its files."""
    beside = sorted(module for path in sources for module in Path(path).parent.glob("*.py"))
    named = {Path(path).as_posix(): source for path, source in sources.items()}
    for path in (*beside, *logs):
        if Path(path).as_posix() not in given:
            named.setdefault(Path(path).as_posix(), path)
    packed = [path for path, source in named.items() if Path(source).is_file()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in packed:
            archive.write(named[path], path)
    return packed


def _problems(path, source, about):
    """What keeps a file from being read, or makes it another than you see."""
    if not source.is_file():
        known = in_colab() and path.endswith(".ipynb")
        return [(_IN_COLAB if known else _NO_FILE).format(path=path)]
    version = tuple(int(number) for number in about.get("python", "3.11").split("."))
    found = (
        []
        if about
        else [f"{path}: TODO({part}) is still to be written." for part in _open_in(source)]
    )
    for where, code in _pieces(source):
        try:
            ast.parse(code)
            ast.parse(code, feature_version=version)
        except SyntaxError as error:
            found.append(f"{where}, line {error.lineno}: Python cannot read this ({error.msg}).")
        except ValueError:
            found.append(f"{where} holds characters that Python cannot read.")
    if source.suffix == ".ipynb":
        if read_notebook(source) is None:
            return [f"{path} is not a notebook any more: is it saved?"]
        found += unsaved(source)
    return found


def _pieces(source):
    """The pieces of code in a file, each with the words that say where it is."""
    if source.suffix != ".ipynb":
        yield str(source), source.read_text(encoding="utf-8", errors="replace")
        return
    for number, cell in enumerate((read_notebook(source) or {"cells": []})["cells"], start=1):
        if cell["cell_type"] == "code":
            yield f"{source}, cell {number}", code_of(cell)


def _open_in(source):
    try:
        return open_parts(source)
    except (OSError, ValueError):
        return []


def _table(about, sources):
    """A row for each part: its name, points, file and state."""
    opened = {path: _state_of_file(Path(source)) for path, source in sources.items()}
    rows = []
    for part in about.get("parts", ()):
        todo, states = opened.get(part["file"], ((), {}))
        state = states.get(part["cell"], GONE) if part["cell"] else states.get("", WRITTEN)
        state = OPEN if part["id"] in todo else state
        state = state if Path(sources.get(part["file"], "")).is_file() else MISSING
        rows.append((part["id"], part["points"], part["file"], state))
    return rows


def _state_of_file(source):
    """The open parts of a file, and what state each of its answers is in."""
    if source.suffix == ".py":
        try:
            ast.parse(source.read_text(encoding="utf-8"))
        except (OSError, SyntaxError, ValueError):
            return _open_in(source), {"": BROKEN}
        return _open_in(source), {"": WRITTEN}
    cells = (read_notebook(source) or {"cells": []})["cells"]
    marks = ((cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"), cell) for cell in cells)
    states = {id: _state_of_cell(cell) for id, cell in marks if id}
    return _open_in(source), states


def _state_of_cell(cell):
    code = code_of(cell) if cell["cell_type"] == "code" else "".join(cell["source"])
    lines = [line.strip() for line in code.splitlines()]
    if not [line for line in lines if line and not line.startswith("#")]:
        return EMPTY
    placeholder = cell["cell_type"] == "code" and _PLACEHOLDER.search(code)
    return OPEN if placeholder else WRITTEN


def _show(table, total):
    """Print the table, and that checks of several parts together give the rest of all points."""
    if not table:
        return
    width = max(len(id) for id, *_ in table)
    place = max(len(file) for _, _, file, _ in table)
    print(f"\n{'part':{width}}  points  {'where':{place}}  state")
    for id, points, file, state in table:
        print(f"{id:{width}}  {points:6g}  {file:{place}}  {state}")
    alone = sum(points for _, points, *_ in table)
    if total > alone:
        print(TOGETHER.format(alone=alone, total=total))
    print()


def _changed(about):
    """The given files that are other than they were handed out."""
    for path, digest in about.get("given", {}).items():
        if Path(path).is_file() and hashlib.sha256(Path(path).read_bytes()).hexdigest() != digest:
            yield f"{path} is changed. That does not count: grading uses the file as handed out."


def _contents(path):
    """The code of a file, and the text between it where the file is a notebook."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return content, ""
    cells = json.loads(content)["cells"]
    code = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    text = ("".join(cell["source"]) for cell in cells if cell["cell_type"] != "code")
    return "\n".join(code), "\n".join(text)
