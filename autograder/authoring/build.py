"""`solutions/<slug>/` → `assignments/<slug>/`, and the solved submission of the same source."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from autograder.assignment import RELEASE, Assignment
from autograder.files import write_atomically

from .audit import audit
from .given import LITTER
from .handed_in import as_json, handed_in
from .lesson import Cell, Lesson
from .markers import Marked
from .notebook import notebook
from .placeholders import fill_in
from .proofs import prove_specifications
from .release import release_json
from .source import README, Change, Source, read_source

QUESTIONS = "written/questions.json"
SETTINGS = "settings.json"  # in the package that students complete
HAND_IN = "hand_in"  # likewise


def build(assignment: Assignment, *, destination: Path | None = None) -> list[Path]:
    """Write the release and return its files in order of path.

    Without `destination` it goes where students get it, ``assignments/<slug>/``, and whatever
    else lies there is removed. In any other folder nothing is removed. Each file is written whole
    or not at all, and nothing is written unless everything is right.

    Raises
    ------
    AuthoringError : the source is wrong, a specification misgrades its own examples, or the
        release would hold a part of a solution.
    """
    files = release_files(assignment)
    prove_specifications(assignment)
    folder = assignment.release if destination is None else destination
    if destination is None:
        _remove_others(folder, files)
    for path, data in files.items():
        target = folder / path
        if not target.is_file() or target.read_bytes() != data:
            write_atomically(target, data)
    return [folder / path for path in files]


def stale(assignment: Assignment) -> str:
    """How the release on disk differs from what `build` would write: a unified diff, or ``""``.

    Raises `AuthoringError` as `build` does.
    """
    wanted = release_files(assignment)
    prove_specifications(assignment)
    found = {
        path: (assignment.release / path).read_bytes() for path in _present(assignment.release)
    }
    return "".join(
        _difference(path, found.get(path), wanted.get(path))
        for path in sorted(wanted.keys() | found.keys())
    )


def release_files(assignment: Assignment) -> dict[str, bytes]:
    """What `build` writes: path from the released folder -> content, in order of path.

    Raises `AuthoringError`.
    """
    source = read_source(assignment)
    files = dict(sorted(_files(source, _Released()).items()))
    audit(source, files)
    return dict(sorted({**files, RELEASE: release_json(source, files)}.items()))


def reference_files(assignment: Assignment, edits: Sequence[Change] = ()) -> dict[str, bytes]:
    """The solved submission by the same paths, after the edits of a mutant or variant.

    Raises `AuthoringError`.
    """
    return dict(sorted(_files(read_source(assignment, edits), _Solved()).items()))


class _Released:
    """The texts that students get."""

    def module(self, marked: Marked) -> str:
        return marked.released()

    def cell(self, cell: Cell) -> str:
        return cell.marked.released(cell.stub)


class _Solved:
    """The texts of somebody who got everything right."""

    def module(self, marked: Marked) -> str:
        return marked.solved()

    def cell(self, cell: Cell) -> str:
        return cell.marked.solved()


def _files(source: Source, texts: _Released | _Solved) -> dict[str, bytes]:
    values = source.placeholders
    readme = fill_in(source.readme, values, file=source.readme_file)
    files = {module.path: texts.module(module.marked).encode() for module in source.modules}
    for lesson in source.lessons:
        files[f"{lesson.name}.ipynb"] = _notebook(lesson, source, texts)
    made = {**_questions(source), **_settings(source), **_handed_in(source)}
    return {**files, README: readme.encode(), **source.given, **made}


def _questions(source: Source) -> dict[str, bytes]:
    """What students may know of the written questions, for `show` to read answers with."""
    folder = source.assignment.written
    if not folder.is_dir():
        return {}
    from autograder.judging.written import public_questions  # slow, and many have no such question

    return {QUESTIONS: public_questions(folder)}


def _settings(source: Source) -> dict[str, bytes]:
    """Goals and settings of training as a file, so that no notebook has to show all of them."""
    about = source.assignment
    if not about.training:
        return {}
    content = {
        "thresholds": {name: dict(values) for name, values in about.thresholds.items()},
        "training": {name: dict(values) for name, values in about.training.items()},
        "weights_count": about.training_grades.uses_weights,
    }
    return {f"{about.package}/{SETTINGS}": as_json(content)}


def _handed_in(source: Source) -> dict[str, bytes]:
    """What the hand-in cell has to know, where its module is handed out."""
    package = source.assignment.package
    if f"{package}/{HAND_IN}.py" not in source.given:
        return {}
    return {f"{package}/{HAND_IN}.json": as_json(handed_in(source))}


def _notebook(lesson: Lesson, source: Source, texts: _Released | _Solved) -> bytes:
    values = source.placeholders

    def text_of(cell: Cell) -> str:
        # Once as authored, for then an error has its right line.
        fill_in(cell.source, values, file=lesson.file, first_line=cell.first_line)
        return fill_in(texts.cell(cell), values, file=lesson.file)

    return notebook(lesson, text_of, source.counted)


def _present(folder: Path) -> list[str]:
    """The files in a folder by relative path; a link counts as a file and is not followed."""
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[str]:
    for parent, names, files in os.walk(folder):
        linked = [name for name in names if (Path(parent) / name).is_symlink()]
        names[:] = [name for name in names if name not in LITTER and name not in linked]
        for name in [*files, *linked]:
            if name not in LITTER:
                yield (Path(parent) / name).relative_to(folder).as_posix()


def _remove_others(folder: Path, files: Collection[str]) -> None:
    for path in _present(folder):
        if path not in files:
            (folder / path).unlink()
    for parent, _, _ in os.walk(folder, topdown=False):
        if parent != str(folder) and not any(Path(parent).iterdir()):
            Path(parent).rmdir()


def _difference(path: str, found: bytes | None, wanted: bytes | None) -> str:
    if found == wanted:
        return ""
    before, after = _lines(found), _lines(wanted)
    if before is None or after is None:
        return f"Binary file {path} differs\n"
    left = f"released/{path}" if found is not None else "/dev/null"
    right = f"built/{path}" if wanted is not None else "/dev/null"
    lines = list(difflib.unified_diff(before, after, left, right))
    return "".join(lines) or f"File {path} is {'missing' if found is None else 'left over'}\n"


def _lines(data: bytes | None) -> list[str] | None:
    try:
        text = (data or b"").decode("utf-8")
    except UnicodeDecodeError:
        return None
    if text and not text.endswith("\n"):
        text += "\n\\ No newline at end of file\n"
    return text.splitlines(keepends=True)
