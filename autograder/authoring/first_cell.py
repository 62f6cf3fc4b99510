"""The cell with which a notebook fetches its files where it is alone, as on Colab. Reads no lesson.

A lesson has it as ``# [[= first_cell ]]`` in a code cell.
"""

from __future__ import annotations

from collections.abc import Collection

from autograder.assignment import Assignment

_CELL = """\
Colab, JupyterLite, or a notebook on its own: this puts the files beside it that belong to it.
# There, change a module by a cell that holds all of it, below the line
# `%%writefile {module}`.
{imports}import zipfile
from pathlib import Path

if not Path("{sign}").is_file():
    archive = Path("{slug}.zip")
{download}    if not archive.is_file():
        raise FileNotFoundError(
            "The files that belong to this notebook are not here. Upload {slug}.zip, "
            "which your course hands out, into the notebook's folder, and run this cell again."
        )
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            path = Path(name.removeprefix("{slug}/"))
            if not name.endswith("/") and not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(files.read(name))"""
_DOWNLOAD = """\
    if not archive.is_file():
        urllib.request.urlretrieve("{address}", archive)
"""


def first_cell(assignment: Assignment, given: Collection[str]) -> str:
    """The cell's text behind its first ``# ``.

    It looks for one given file. Where that is missing it opens ``<slug>.zip`` beside the notebook,
    or the one at the address that ``course.toml`` names, and replaces no file that is there.

    Parameters
    ----------
    given : the released paths that students do not edit
    """
    inside = sorted(path for path in given if path.startswith(f"{assignment.package}/"))
    address = assignment.course.files.replace("{slug}", assignment.slug)
    modules = [path for path in assignment.modules if not path.endswith("__init__.py")]
    return _CELL.format(
        module=(modules or [f"{assignment.package}/__init__.py"])[0],
        sign=(inside or [f"{assignment.package}/__init__.py"])[0],
        slug=assignment.slug,
        imports="import urllib.request\n" if address else "",
        download=_DOWNLOAD.format(address=address) if address else "",
    )
