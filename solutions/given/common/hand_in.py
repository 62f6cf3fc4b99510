"""Looks through your work before you hand it in, and packs the files that are graded."""

import ast
import json
import re
import zipfile
from pathlib import Path

_OPEN = re.compile(
    r"""NotImplementedError\(\s*["']TODO\((\w+)\)|=\s*\.\.\.\s*\#\s*TODO\((\w+)\)""", re.VERBOSE
)
_OPEN_TEXT = re.compile(r"TODO\((\w+)\)")


def open_parts(path):
    """The names of the parts that are still to be written in a module or a notebook.

    Parameters
    ----------
    path : str or Path of a ``.py`` or ``.ipynb`` file
    """
    code, text = _contents(Path(path))
    return [first or second for first, second in _OPEN.findall(code)] + _OPEN_TEXT.findall(text)


def check_and_zip(target, files, logs=()):
    """Report what is missing or broken, then pack the files.

    Parameters
    ----------
    target : str or Path
        The ZIP file to write.
    files : sequence of paths, relative to the notebook's folder
        All of them are needed. Modules that you have added beside them are packed as well.
    logs : sequence of paths
        Packed where they exist.

    Returns
    -------
    ready : bool
        Whether nothing is missing. The ZIP file is written in any case: parts that are not
        attempted cost their own points only.
    """
    problems = [problem for path in files for problem in _problems(Path(path))]
    for problem in problems:
        print(problem)
    beside = sorted(module for path in files for module in Path(path).parent.glob("*.py"))
    named = dict.fromkeys(Path(path).as_posix() for path in (*files, *beside, *logs))
    packed = [path for path in named if Path(path).is_file()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in packed:
            archive.write(path)
    state = "complete" if not problems else f"{len(problems)} things to look at, listed above"
    print(f"{target}: {len(packed)} files, {Path(target).stat().st_size / 1024:.0f} KiB; {state}.")
    return not problems


def _problems(path):
    if not path.is_file():
        return [f"{path} does not exist: run this cell from the assignment's folder."]
    try:
        if path.suffix == ".py":
            ast.parse(_contents(path)[0])
        return [f"{path}: TODO({part}) is still to be written." for part in open_parts(path)]
    except SyntaxError as error:
        return [f"{path}, line {error.lineno}: Python cannot read this ({error.msg})."]
    except ValueError:
        return [f"{path} is not a notebook any more: is it saved?"]


def _contents(path):
    """The code of a file, and the text between it where the file is a notebook."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return content, ""
    cells = json.loads(content)["cells"]
    code = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    text = ("".join(cell["source"]) for cell in cells if cell["cell_type"] != "code")
    return "\n".join(code), "\n".join(text)
