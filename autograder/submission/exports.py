"""What is handed in where a notebook is missing: an export of it, or a link. Nothing can run it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.assignment import Assignment

from .arrange import copy_number, has_name
from .trees import Entry, UnreadableError, shown

EXPORT = (
    "`{path}` looks like an export of the notebook, which cannot be graded: hand in `{lesson}`"
    " itself."
)
LINK = (
    "`{path}` has a link, which the grader does not follow: download `{lesson}` (File > Download >"
    " Download .ipynb) and hand it in."
)
_PAGES = (".html", ".htm")  # nothing else that is handed in is saved as one
_EXPORTED = (*_PAGES, ".py", ".pdf", ".md", ".tex", ".rst", ".docx", ".txt")
_LINKS = (".txt", ".md", ".url", ".webloc", ".html", ".gdoc", ".rtf")
_HOSTS = (b"colab.research.google.com", b"drive.google.com", b"kaggle.com/code", b"deepnote.com")
_SCRIPT = (b"# In[", b"# %%", b"get_ipython(")
_SHORT = 4_000  # bytes of a file that is a link and nothing else
_LONG = 1 << 20


def instead_of(lesson: str, entries: Iterable[Entry], assignment: Assignment) -> str:
    """What was handed in in the place of a notebook that is missing, as a sentence, if anything."""
    others = [entry for entry in entries if not entry.path.endswith(assignment.editable)]
    exports = [entry for entry in others if _is_export(entry, lesson, assignment)]
    if exports:
        return EXPORT.format(path=shown(min(exports, key=_likelihood).path), lesson=lesson)
    links = [entry for entry in others if _is_link(entry)]
    return LINK.format(path=shown(links[0].path), lesson=lesson) if links else ""


def _is_export(entry: Entry, lesson: str, assignment: Assignment) -> bool:
    path = PurePosixPath(entry.path)
    suffix = path.suffix.casefold()
    if suffix not in _EXPORTED:
        return False
    as_notebook = path.with_suffix(".ipynb").as_posix()
    name = PurePosixPath(as_notebook).name
    if copy_number(name, PurePosixPath(lesson).name) is not None or has_name(name, lesson):
        return suffix != ".py" or _has(entry, _SCRIPT)
    only = len(assignment.notebooks) == 1
    return only and (suffix in _PAGES or (suffix == ".py" and _has(entry, _SCRIPT[:1])))


def _likelihood(entry: Entry) -> tuple[int, str]:
    return _EXPORTED.index(PurePosixPath(entry.path).suffix.casefold()), entry.path


def _is_link(entry: Entry) -> bool:
    suffix = PurePosixPath(entry.path).suffix.casefold()
    return suffix in _LINKS and entry.size <= _SHORT and _has(entry, _HOSTS)


def _has(entry: Entry, marks: tuple[bytes, ...]) -> bool:
    try:
        text = entry.read(_LONG)
    except UnreadableError:
        return False
    return any(mark in text for mark in marks)
