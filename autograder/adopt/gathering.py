"""What belongs to one assignment: its notebooks, and the files that they need. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.errors import UserError

from .autotests import with_written, written_tests
from .otter.boundaries import named_settings
from .reading import read_source
from .source import CellKind, CourseFiles, SourceNotebook, cells_of

NO_SOURCE = (
    "{folder} has no notebook with a test cell, of nbgrader's or of otter's. Name the folder of the"
    " source, where solutions and tests are, not of what students get."
)
TEXT_NOTEBOOK = (
    "{path} is an R Markdown or Quarto file, and only notebooks (.ipynb) in Python are adopted. If"
    " its code is Python, convert it with `quarto convert {name}`, and adopt the notebook. An"
    " assignment in R stays with the grader that it has."
)
TEXT_NOTEBOOKS = (".rmd", ".qmd")
NO_SOLUTION = (
    "{name}.ipynb has test cells and no solution cell, so nothing says which names are a student's."
    " {advice}"
)
ADVICE_NBGRADER = (
    "Mark the cells that students write as `Autograded answer`, and write the solution there."
)
ADVICE_OTTER = "Put the solutions between `# BEGIN SOLUTION` and `# END SOLUTION`."
NOT_SOLVED = (
    "{name}.ipynb has no solution in its solution cells; they are as students get them. Adopt the"
    " source, with the solutions in it."
)
TWICE = (
    "Two test cells of {slug} are called {id!r}, in {one}.ipynb and in {other}.ipynb. Rename one:"
    " results are kept by that name."
)
TWICE_IN = "Two cells of {name}.ipynb are called {id!r}. Rename one: results are kept by that name."
NO_FILE = "{name}.ipynb names the file {path}, which is not there."
IGNORED = (".ipynb_checkpoints", "__pycache__", ".git")
_EMPTY = ("", "...", "raise NotImplementedError()", "# YOUR CODE HERE", "pass")


class NothingToAdoptError(UserError, ValueError):
    """There is no assignment that can be adopted; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """An assignment as it lies in a folder.

    Attributes
    ----------
    folder : where its notebooks are; the record is written beside it.
    files : everything that belongs to it, by path in the folder.
    outside : files elsewhere that configure otter's notebooks, by the path from the folder.
    written : by id, test cells that nbgrader has written from `AUTOTEST` lines.
    """

    slug: str
    folder: Path
    files: Mapping[str, bytes]
    notebooks: Sequence[SourceNotebook]
    outside: Mapping[str, bytes] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)


def gather(place: Path) -> Gathered:
    """The assignment in a folder, or that of one notebook of otter's.

    Raises
    ------
    UserError : it is none that can be adopted; the message says what to do.
    """
    folder = place if place.is_dir() else place.parent
    slug = folder.name if place.is_dir() else place.stem
    found = source_files(folder)
    if place.is_file():
        others = {path for path in found if path.endswith(".ipynb") and path != place.name}
        found = {path: data for path, data in found.items() if path not in others}
    outside = outside_settings(folder, found)
    written = written_tests(folder, found)
    notebooks = source_notebooks(slug, with_written(found, written), outside)
    if not any(notebook.tests for notebook in notebooks):
        texts = [path for path in sorted(found) if path.lower().endswith(TEXT_NOTEBOOKS)]
        if place.suffix.lower() in TEXT_NOTEBOOKS or texts:
            path = place if place.is_file() else folder / texts[0]
            raise NothingToAdoptError(TEXT_NOTEBOOK.format(path=path, name=path.name))
        raise NothingToAdoptError(NO_SOURCE.format(folder=place))
    for notebook in notebooks:
        _refuse_unsolved(notebook)
    if any(notebook.is_otter for notebook in notebooks):
        notebooks = [notebook for notebook in notebooks if notebook.is_otter]
        found = _named(notebooks, found)
    return Gathered(
        slug=slug,
        folder=folder,
        files=found,
        notebooks=notebooks,
        outside=outside,
        written=written,
    )


def source_files(folder: Path) -> dict[str, bytes]:
    """Every file of a source folder, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and not set(IGNORED) & set(relative.parts):
            found[relative.as_posix()] = path.read_bytes()
    return found


def outside_settings(folder: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What configures the notebooks of a folder and lies elsewhere: one file for a whole course."""
    found = {}
    for path, data in files.items():
        if not path.endswith(".ipynb") or "/" in path:
            continue
        for named in named_settings(cells_of(path.removesuffix(".ipynb"), data)):
            place = folder / named
            if named.startswith("../") and place.is_file():
                found[named] = place.read_bytes()
    return found


def source_notebooks(
    slug: str, files: Mapping[str, bytes], outside: Mapping[str, bytes]
) -> list[SourceNotebook]:
    """The notebooks of a source. Raises `UserError` where one cannot be read or a name is twice."""
    found = [
        read_source(path.removesuffix(".ipynb"), data, {**files, **outside})
        for path, data in files.items()
        if path.endswith(".ipynb") and "/" not in path
    ]
    seen: dict[str, str] = {}
    for notebook in found:
        _refuse_twice(notebook)
        for cell in notebook.tests:
            if cell.id in seen:
                said = {"slug": slug, "id": cell.id, "one": seen[cell.id], "other": notebook.name}
                raise NothingToAdoptError(TWICE.format(**said))
            seen[cell.id] = notebook.name
    return found


def course_of(files: Mapping[str, bytes], hidden: str, source: SourceNotebook) -> CourseFiles:
    """What both sides see when a notebook runs, and what the tests alone do.

    Parameters
    ----------
    hidden : the folder that only tests of nbgrader's see; otter's name their files.
    """
    shown = {
        path: data
        for path, data in files.items()
        if not path.endswith(".ipynb") and not path.startswith("../")
    }
    if source.is_otter:
        names = tuple(_mentions(source.hidden))
        below = {path: data for path, data in shown.items() if _is_among(path, source.hidden)}
    else:
        below = {path: data for path, data in shown.items() if path.startswith(f"{hidden}/")}
        names = (f"{hidden}/",) if below else ()
    return CourseFiles(
        files={path: data for path, data in shown.items() if path not in below},
        hidden=below,
        hidden_names=names if below else (),
    )


def _named(notebooks: Iterable[SourceNotebook], found: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that otter's notebooks name; the folder holds what otter has made as well."""
    chosen: dict[str, bytes] = {}
    for notebook in notebooks:
        inside = [path for path in notebook.settings if not path.startswith("../")]
        chosen[f"{notebook.name}.ipynb"] = found[f"{notebook.name}.ipynb"]
        for named in (*notebook.files, *notebook.hidden, *inside):
            below = {path: data for path, data in found.items() if _is_among(path, [named])}
            if not below:
                raise NothingToAdoptError(NO_FILE.format(name=notebook.name, path=named))
            chosen |= below
    return dict(sorted(chosen.items()))


def _is_among(path: str, named: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one.rstrip('/')}/") for one in named)


def _mentions(paths: Iterable[str]) -> Iterator[str]:
    """How a test may mention a file: by its path, or as a module."""
    for path in paths:
        yield path
        if path.endswith(".py"):
            yield PurePosixPath(path).stem


def _refuse_twice(notebook: SourceNotebook) -> None:
    seen = set()
    ids = [cell.id for cell in notebook.tests] + [cell.id for cell in notebook.manual]
    for id in ids:
        if id in seen:
            raise NothingToAdoptError(TWICE_IN.format(name=notebook.name, id=id))
        seen.add(id)


def _refuse_unsolved(notebook: SourceNotebook) -> None:
    """Raise where tests have no solution to be tried with."""
    if not notebook.tests:
        return
    solutions = [cell.source for cell in notebook.cells if cell.kind is CellKind.SOLUTION]
    if not solutions:
        advice = ADVICE_OTTER if notebook.is_otter else ADVICE_NBGRADER
        raise NothingToAdoptError(NO_SOLUTION.format(name=notebook.name, advice=advice))
    if all(_is_empty(source) for source in solutions):
        raise NothingToAdoptError(NOT_SOLVED.format(name=notebook.name))


def _is_empty(source: str) -> bool:
    return all(line.strip() in _EMPTY for line in source.split("\n"))
