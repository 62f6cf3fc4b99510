"""Mistakes in students' own words: what is each student told, and is it right?

    python benchmarks/unseen_mistakes.py first
    python benchmarks/unseen_mistakes.py second --assignment pca_kmeans --keep

`mistakes/<set>/<assignment>.toml` has them: functions and methods that stand in the place of the
reference's, with one mistake each. They were written before anybody looked at the known mistakes,
and are no part of what grading knows. Whether a message is right, a person says, in
`mistakes/verdicts.json`; a verdict counts as long as the message is the one that was read.
"""

from __future__ import annotations

import argparse
import ast
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files
from autograder.course import shipped_course
from autograder.grading import grade_submission
from autograder.judging.check import load_checks
from autograder.results import CheckResult, Report, Status
from autograder.submission import Submission

FOLDER = Path(__file__).parent / "mistakes"
VERDICTS = FOLDER / "verdicts.json"
SEED = 11
KINDS = ("right", "generic", "wrong", "unread")
NOT_FOUND = "(passes every check)"


@dataclass(frozen=True, kw_only=True)
class StudentMistake:
    """Code with a mistake, and the file that it belongs to."""

    name: str
    mistake: str
    path: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a student with a mistake reads, by check, and a person's verdict on it."""

    key: str
    mistake: str
    texts: tuple[str, ...]
    verdict: str


def main() -> None:
    """Print what was asked for, and the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", choices=sorted(one.name for one in FOLDER.iterdir() if one.is_dir()))
    parser.add_argument("--assignment", action="append")
    parser.add_argument("--level", default="bubblewrap")
    parser.add_argument("--keep", action="store_true", help="keep the messages to be judged")
    options = parser.parse_args()
    files = sorted((FOLDER / options.set).glob("*.toml"))
    wanted = [one for one in files if options.assignment in (None, [one.stem])]
    told: list[Told] = []
    for file in wanted:
        rows = list(told_of(file, level=options.level))
        print("\n".join(line(one) for one in rows), flush=True)
        told += rows
    if options.keep:
        keep(told)
    print(figures(told))


def told_of(file: Path, *, level: str) -> Iterator[Told]:
    """What each student of one file reads."""
    assignment = load_assignment(file.stem, shipped_course())
    verdicts = read_verdicts()
    for mistake in read_mistakes(file):
        report = graded(assignment, mistake, level=level)
        key = f"{file.parent.name}/{file.stem}/{mistake.name}"
        texts = tuple(
            f"{one.id}: {' '.join(f'{one.rationale} {one.help}'.split())}"
            for one in report.checks
            if one.status in (Status.FAILED, Status.PARTIAL)
        )
        known = verdicts.get(key, {})
        verdict = known.get("verdict", "") if known.get("texts") == list(texts) else ""
        yield Told(key=key, mistake=mistake.mistake, texts=texts, verdict=verdict or "unread")


def read_mistakes(file: Path) -> tuple[StudentMistake, ...]:
    """The mistakes of one file."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))["mistakes"]
    return tuple(StudentMistake(**table) for table in tables)


def graded(assignment: Assignment, mistake: StudentMistake, *, level: str) -> Report:
    """The report of a student who has everything right but this; checks that train are left out."""
    files = {path: reference_files(assignment)[path] for path in assignment.editable}
    files[mistake.path] = with_code(files[mistake.path], mistake)
    left_out = {
        one.id: CheckResult(
            id=one.id, name="", status=Status.PASSED, score=one.points, max_score=one.points,
            bonus=False, rationale="", help="", seconds=0.0,
        )
        for one in load_checks(assignment).values() if not one.exact
    }  # fmt: skip
    submission = Submission(student="sam", files=files)
    return grade_submission(assignment, submission, level=level, seed=SEED, known=left_out)


def with_code(content: bytes, mistake: StudentMistake) -> bytes:
    """A module or notebook in which functions and methods are replaced by those of a student."""
    code = ast.parse(mistake.code)
    if not mistake.path.endswith(".ipynb"):
        return replaced(content.decode(), mistake.code, code).encode()
    notebook = json.loads(content)
    names = {node.name for node in code.body if isinstance(node, ast.FunctionDef)}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and any(f"def {name}(" in source for name in names):
            cell["source"] = replaced(source, mistake.code, code)
    return json.dumps(notebook).encode()


def replaced(text: str, other: str, code: ast.Module) -> str:
    """The text with the functions and methods of `code`, whose text is `other`, in it.

    Raises
    ------
    KeyError : it has no such function.
    """
    lines = text.splitlines(keepends=True)
    places = dict(_functions(ast.parse(text).body))
    changes = [(places[name], node) for name, node in _functions(code.body)]
    for old, new in sorted(changes, key=lambda one: -one[0].lineno):
        source = other.splitlines(keepends=True)[new.lineno - 1 : new.end_lineno]
        lines[old.lineno - 1 : old.end_lineno] = source
    return "".join(lines)


def _functions(body: Sequence[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node


def read_verdicts() -> dict[str, dict[str, object]]:
    """The messages that were read, and what was thought of them."""
    found: dict[str, dict[str, object]] = json.loads(VERDICTS.read_text(encoding="utf-8"))
    return found


def keep(told: Sequence[Told]) -> None:
    """Write the messages down, with the verdicts that still count."""
    verdicts = read_verdicts()
    for one in told:
        verdict = "" if one.verdict == "unread" else one.verdict
        verdicts[one.key] = {"verdict": verdict, "texts": list(one.texts)}
    text = json.dumps(dict(sorted(verdicts.items())), indent=1, ensure_ascii=False)
    VERDICTS.write_text(text + "\n", encoding="utf-8")


def line(told: Told) -> str:
    """One mistake: the verdict, the mistake, and what was said."""
    said = "".join(f"\n      {text}" for text in told.texts or (NOT_FOUND,))
    return f"[{told.verdict}] {told.key}: {told.mistake}{said}"


def figures(told: Sequence[Told]) -> str:
    """How many messages are of each kind, for each assignment and for all."""
    slugs = dict.fromkeys(one.key.split("/")[1] for one in told)
    rows: Mapping[str, list[Told]] = {
        **{slug: [one for one in told if one.key.split("/")[1] == slug] for slug in slugs},
        "all": list(told),
    }
    counts = ((name, Counter(one.verdict for one in group)) for name, group in rows.items())
    lines = (f"{name:24}" + "".join(f"{found[kind]:9}" for kind in KINDS) for name, found in counts)
    return "\n".join([" " * 24 + "".join(f"{kind:>9}" for kind in KINDS), *lines])


if __name__ == "__main__":
    main()
