"""A class as its instructor has it: graded, overridden, regraded, exported and explained.

    python benchmarks/class_of_forty.py least_squares --folder class

Forty students: the reference, the skeleton, variants, known mistakes alone and in pairs, and files
as they are really handed in. Each step is the command that an instructor types, in a course made
by `autograder init` and `autograder copy`; what has to hold after it is asserted, and its seconds
are printed. The folder is left for looking at the pages.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import load_variants, mutant_files, reference_files, release_files
from autograder.course import read_course
from autograder.files import write_atomically
from autograder.judging.check import load_checks
from autograder.results import Report, Status
from autograder.solved import read_solved
from autograder.submission import file_stem

STUDENTS = 40
FAILED = (Status.FAILED, Status.PARTIAL)
BY, WHY = "jo", "Only a sign is missing"
COURSE_SETTINGS = "\n[feedback]\ntry_again = true\n"

Files = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Student:
    """Who hands in what, and what kind of submission that is."""

    name: str
    kind: str
    files: Files


class Instructor:
    """Types commands in a course, and says how long each took."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seconds: list[tuple[str, float]] = []

    def types(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `autograder` with these words; it has to end with `code`."""
        started = time.perf_counter()
        command = [str(Path(sys.executable).with_name("autograder")), *words]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        self.seconds.append((" ".join(words), time.perf_counter() - started))
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done


def main() -> None:
    """Make the class, walk through a term's work with it, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("slug", nargs="?", default="least_squares")
    parser.add_argument("--folder", type=Path, default=Path("class-of-forty"))
    parser.add_argument("--sandbox", default="")
    options = parser.parse_args()
    instructor = Instructor(options.folder.resolve())
    assignment = make_course(instructor, options.slug)
    students = list(make_class(assignment))
    for one in students:
        hand_in(instructor.root, one, options.slug)
    level = ("--sandbox", options.sandbox) if options.sandbox else ()
    for line in walk(instructor, assignment, students, level):
        print(line)
    for words, seconds in instructor.seconds:
        print(f"{seconds:7.1f} s  autograder {words}")


def make_course(instructor: Instructor, slug: str) -> Assignment:
    """A course of its own with one assignment."""
    root = instructor.root
    root.parent.mkdir(parents=True, exist_ok=True)
    instructor.root = root.parent
    instructor.types("init", root.name)
    instructor.root = root
    instructor.types("copy", slug)
    instructor.types("build", slug)
    with (root / "course.toml").open("a", encoding="utf-8") as file:
        file.write(COURSE_SETTINGS)
    return load_assignment(slug, read_course(root))


# The class ----------------------------------------------------------------------------------------


def make_class(assignment: Assignment, seed: int = 15) -> Iterator[Student]:
    """Forty submissions, the same for the same seed."""
    draw, right = random.Random(seed), reference_files(assignment)
    solved = read_solved(assignment)
    assert solved is not None
    long = {check.id for check in load_checks(assignment).values() if check.trains}
    mistakes = [one for one in solved.mistakes if not long & set(one.loses)]
    draw.shuffle(mistakes)
    kinds: list[tuple[str, Files]] = [("right", right), ("untouched", release_files(assignment))]
    kinds += [("intake", files) for files in intake(assignment, right)]
    variants = list(load_variants(assignment))
    kinds += [("variant", mutant_files(assignment, one)) for one in variants[:8]]
    for one, other in zip(mistakes[:6], mistakes[6:12], strict=True):
        try:
            kinds.append(("two mistakes", right | solved.with_mistakes(one, other)))
        except ValueError:  # both change the same lines
            kinds.append(("mistake", right | solved.with_mistakes(one)))
    kinds += [("mistake", right | solved.with_mistakes(one)) for one in mistakes[12:]]
    for number, (kind, files) in enumerate(kinds[:STUDENTS]):
        yield Student(name=f"student {number:02}", kind=kind, files=files)


def intake(assignment: Assignment, right: Files) -> Iterator[Files]:
    """The right files as students and platforms really hand them in."""
    notebook, module = assignment.notebooks[0], assignment.modules[-1]
    name = Path(module).name
    others = {path: data for path, data in right.items() if path != notebook}
    modules = {path: data for path, data in right.items() if path != module}
    yield {"submission.zip": zipped(right)}
    yield {f"hw/final/{path}": data for path, data in right.items()}
    stem = Path(notebook).stem
    released = (assignment.release / notebook).read_bytes()
    yield {**others, notebook: released, f"{stem} (1).ipynb": right[notebook]}
    yield {**modules, f"{module}.txt": right[module]}
    yield {**modules, name: b"\xef\xbb\xbf" + right[module].replace(b"\n", b"\r\n")}
    yield {**others, notebook: right[notebook][: len(right[notebook]) // 2]}
    yield {notebook: right[notebook]}
    yield {"essay.pdf": b"%PDF-1.4"}


def zipped(files: Files) -> bytes:
    """Files in a zip, as bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def hand_in(root: Path, student: Student, slug: str) -> Path:
    """Write what a student hands in as nbgrader collects it."""
    folder = root / "submitted" / student.name / slug
    for path, data in student.files.items():
        write_atomically(folder / path, data)
    return folder


# The work -----------------------------------------------------------------------------------------


def walk(
    instructor: Instructor,
    assignment: Assignment,
    students: Sequence[Student],
    level: Sequence[str],
) -> Iterator[str]:
    """Every step with what has to hold after it, and a line about each."""
    slug, root = assignment.slug, instructor.root
    grade = ("grade", slug, "submitted/", *level)
    instructor.types(*grade, "--format", "html", "--format", "csv", "--format", "gradescope")
    reports = read_reports(root / "grades" / slug)
    yield graded(students, reports)
    yield explained(instructor, slug, students, reports)
    chosen = next(one for one in reports.values() if any(c.status in FAILED for c in one.checks))
    check = next(one for one in chosen.checks if one.status in FAILED)
    half = check.max_score / 2
    override = (chosen.student, check.id, f"{half:g}")
    instructor.types("marks", slug, "--set", *override, "--why", WHY, "--by", BY)
    instructor.types(
        "marks", slug, "--set", chosen.student, "late", "1", "--why", "log", "--by", BY
    )
    instructor.types(*grade, "--format", "html")
    assert read_reports(root / "grades" / slug) == reports, "nothing changed, and results did"
    yield regraded(instructor, grade, students, slug)
    page = (root / "grades" / slug / f"{file_stem(chosen.student)}.html").read_text("utf-8")
    assert WHY in page, "the reason of a decision is on the student's page"
    yield exported(instructor, slug, students, root)
    index = (root / "grades" / slug / "index.html").stat().st_size
    yield f"class page: {index / 1024:.0f} KiB"


def read_reports(folder: Path) -> dict[str, Report]:
    """The results of everyone, by student."""
    found = (Report.from_json(path.read_bytes()) for path in folder.glob("student*.json"))
    return {report.student: report for report in found}


def graded(students: Sequence[Student], reports: Mapping[str, Report]) -> str:
    """Nobody is without a result, and each kind has the marks that it deserves."""
    assert reports.keys() == {one.name for one in students}
    assert not any(report.failed_to_grade for report in reports.values())
    for one in students:
        report = reports[one.name]
        full = report.score == report.max_score
        waits = not report.is_final
        assert full or waits or one.kind not in ("right", "variant"), (one, report.score)
        assert report.score > 0 or one.kind in ("untouched", "intake"), one.name
        assert not full or one.kind in ("right", "variant", "intake"), one.name
    kinds = {kind: sum(one.kind == kind for one in students) for kind in
             dict.fromkeys(one.kind for one in students)}  # fmt: skip
    return f"graded {len(students)}: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items())


def explained(
    instructor: Instructor, slug: str, students: Sequence[Student], reports: Mapping[str, Report]
) -> str:
    """Every call that can be printed differs, or raises, in the folder that was handed in."""
    printed, reasons, failed = 0, 0, 0
    for one in (one for one in students if "mistake" in one.kind):
        for check in (check for check in reports[one.name].checks if check.status in FAILED):
            failed += 1
            exhibit = check.exhibit
            if not getattr(exhibit, "tryout", ""):
                reasons += bool(getattr(exhibit, "no_tryout", ""))
                continue
            printed += 1
            if printed % 5 == 1:  # starting the command takes longest
                call = instructor.types("explain", slug, one.name, check.id).stdout
                instructor.seconds.pop()
                assert fails(instructor.root / "submitted" / one.name / slug, call), (one, check.id)
    return f"explained {printed} of {failed} failed checks by a call, {reasons} by a reason"


def fails(folder: Path, call: str) -> bool:
    """Whether the call raises, or prints something that differs."""
    done = subprocess.run(
        [sys.executable, "-"], cwd=folder, input=call, capture_output=True, text=True, check=False
    )
    last = done.stdout.splitlines()[-1:] or [""]
    same = last[0].startswith("largest difference") and float(last[0].split()[-1]) < 1e-9
    return done.returncode != 0 or not same


def regraded(
    instructor: Instructor, grade: Sequence[str], students: Sequence[Student], slug: str
) -> str:
    """Somebody hands in again; that one mark changes, and is said."""
    second = next(one for one in reversed(students) if one.kind == "mistake")
    right = next(one for one in students if one.kind == "right")
    hand_in(instructor.root, Student(name=second.name, kind="", files=right.files), slug)
    said = instructor.types(*grade, "--format", "html")
    text = said.stdout + said.stderr
    assert "Marks that this grading changed: 1 of" in text, text
    assert f"  {second.name}: " in text
    return f"regraded: {text.splitlines()[-1].strip()}"


def exported(instructor: Instructor, slug: str, students: Sequence[Student], root: Path) -> str:
    """A file for each platform has everyone once."""
    names = [one.name for one in students]
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{slug} (7)"]
    rows = [[name, str(n), name, name, "A", ""] for n, name in enumerate(names)]
    with (root / "canvas.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, ["Points Possible", "", "", "", "", "81"], *rows])
    for platform, roster in (
        ("canvas", ("--roster", "canvas.csv")),
        ("gradescope", ()),
        ("nbgrader", ()),
    ):
        out = f"{platform}-marks.csv"
        instructor.types("marks", slug, *roster, "--partial", "--export", platform, out)
        text = (root / out).read_text("utf-8-sig")
        assert all(text.count(name) >= 1 for name in names), platform
    return "exported for Canvas, Gradescope and nbgrader"


if __name__ == "__main__":
    main()
