"""Is nothing graded twice, and nothing taken over that no longer holds?"""

from __future__ import annotations

import hmac
import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.data import places
from autograder.grading import (
    Conditions,
    Listener,
    Processes,
    contents,
    grade_class,
    report_path,
    runs,
    task,
    write_report,
)
from autograder.grading.contents import NOT_GRADING, PACKAGE, fingerprint
from autograder.grading.seeds import key
from autograder.grading.store import LATER
from autograder.judging.check import check_modules
from autograder.results import Report, Status
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

FUNCTIONS = "checks/tiny/functions.py"


class Class:
    """A class of one or more, its folder of results, and what of it was really run."""

    def __init__(
        self, assignment: Assignment, right: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.assignment = assignment
        self.files = {path: text.encode() for path, text in right.items()}
        self.out = assignment.course.root / "grades"
        self.ran: list[str] = []
        self.reused: list[str] = []
        self.notices: list[str] = []
        run = runs.Runs.run

        def noted(runner: runs.Runs, check: Any, parts: Any = ()) -> Any:
            self.ran.append(check.id)
            return run(runner, check, parts)

        monkeypatch.setattr(runs.Runs, "run", noted)

    def grade(
        self,
        *students: str,
        files: Any = None,
        fresh: bool = False,
        graded: Callable[[Report], None] = lambda report: None,
        **conditions: Any,
    ) -> list[Report]:
        """Grade students with equal files; forgets what was noted before."""
        self.ran, self.reused, self.notices = [], [], []
        found = [
            Submission(student=name, files=self.files if files is None else files)
            for name in students or ["ada"]
        ]
        return grade_class(
            Conditions(assignment=self.assignment, **{"seed": 3, **conditions}),
            found,
            out=self.out,
            place=Processes(1),
            listener=Listener(
                graded=graded,
                reused=lambda report: self.reused.append(report.student),
                notice=self.notices.append,
            ),
            fresh=fresh,
        )

    @property
    def path(self) -> Path:
        return report_path(self.out, "tiny", "ada")

    def keep(self, report: Report) -> None:
        """Put a report into the folder of results, as the grader would."""
        write_report(report, self.out, seed=3)

    def edit(self, path: str, old: str, new: str, forget: Callable[[], None]) -> None:
        """Change a file of the assignment, and let it be read by a new process, as it were."""
        file = self.assignment.course.root / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        forget()


@pytest.fixture
def course(assignment: Assignment, right: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Class:
    return Class(assignment, right, monkeypatch)


ALL = ["double", "double_again", "negate", "answer"]


def test_a_submission_that_has_not_changed_is_not_graded_twice(course: Class) -> None:
    first = course.grade("ada", "boris")
    assert course.ran == ALL * 2
    before = course.path.stat().st_mtime_ns
    assert course.grade("ada", "boris") == first
    assert (course.ran, course.reused) == ([], ["ada", "boris"])
    assert course.path.stat().st_mtime_ns == before


def test_no_sandbox_starts_for_it(course: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    course.grade()
    monkeypatch.setattr(runs, "loaded", None)
    assert course.grade()[0].score == 7


def test_it_is_when_the_instructor_insists(course: Class) -> None:
    first = course.grade()
    again = course.grade(fresh=True)
    assert (course.ran, course.reused) == (ALL, [])
    assert [result.status for result in again[0].checks] == [r.status for r in first[0].checks]


@pytest.mark.parametrize(
    "options",
    [{"seed": 4}, {"level": "process"}, {"limits": Limits(total_seconds=899)}],
    ids=["seed", "level", "limits"],
)
def test_other_conditions_are_another_result(course: Class, options: dict[str, Any]) -> None:
    course.grade()
    course.grade(**options)
    assert course.ran == ALL


def test_another_file_is_another_submission(course: Class) -> None:
    course.grade()
    for change in ({"nn/layers.py": b"def double(x): return x\n"}, {"notes.txt": b"."}):
        course.grade(files=course.files | change)
        assert course.ran[0] == "double"
    course.grade(files=course.files)
    assert course.ran == ALL


def test_the_problems_of_an_empty_submission_are_part_of_it(course: Class) -> None:
    damaged = Submission(student="ada", files={}, problems=("work.zip is damaged.",))
    empty = replace(damaged, problems=("There is nothing to grade here.",))
    for one_of_them in (damaged, empty):
        (report,) = grade_class(
            Conditions(assignment=course.assignment, seed=1),
            [one_of_them],
            out=course.out,
            place=Processes(1),
        )
        assert report.checks[0].rationale == one_of_them.problems[0]


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        ({"nn/given.py": "WHOSE = 'still ours'\n"}, {}),
        ({}, {"thresholds": {"none": {"first": 0.5}}}),
    ],
    ids=["file", "settings"],
)
def test_a_changed_release_is_another_assignment(
    course: Class,
    released: dict[str, str],
    write_release: Callable[..., Assignment],
    file: dict[str, str],
    settings: dict[str, Any],
) -> None:
    course.grade()
    root = course.assignment.course.root
    course.assignment = write_release(root, "tiny", released | file, **settings)
    course.grade()
    assert course.ran == ALL


def test_another_share_of_follow_through_is_another_result(course: Class) -> None:
    course.grade()
    shared = replace(course.assignment.course, follow_through=0.5)
    course.assignment = replace(course.assignment, course=shared)
    course.grade()
    assert course.ran == ALL


def test_a_data_set_in_place_of_another(
    course: Class, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    course.assignment = replace(course.assignment, dataset="cifar10")
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("AUTOGRADER_DATA", str(data))
    monkeypatch.setattr(places, "cache_folder", lambda: tmp_path / "cache")
    images = bytes(3073)  # a label and the pixels of one image
    for name in ("data_batch_1.bin", "test_batch.bin"):
        (data / name).write_bytes(images)
    (data / "batches.meta.txt").write_text("".join(f"class {n}\n" for n in range(10)))
    course.grade()
    course.grade()
    assert course.ran == []
    (data / "data_batch_1.bin").write_bytes(2 * images)
    course.grade()
    assert course.ran == ALL


# One check changes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "ran"),
    [
        (
            FUNCTIONS,
            '"out", student.layers.negate',
            '"negative", student.layers.negate',
            ["negate"],
        ),
        (FUNCTIONS, "double doubles.", "It doubles.", ["double", "double_again", "negate"]),
        (FUNCTIONS, "points=1,", "points=2,", ["double_again"]),
        (FUNCTIONS, "ONE = 1.0", "ONE = 1.00", ["double", "double_again", "negate"]),
        ("checks/tiny/formulas.py", "2 * x", "x + x", ["double", "double_again", "negate"]),
        ("checks/tiny/answers.py", "json.loads(", "json.loads( ", ["answer"]),
        ("checks/tiny/values/answer.json", "42.0", "42.00", ["answer"]),
        ("checks/tiny/__init__.py", "functions, answers)", "functions, answers, )", []),
    ],
    ids=["own", "needed", "points", "shared", "imported", "other module", "data", "list of parts"],
)
def test_a_change_runs_what_depends_on_it(
    course: Class, forget: Callable[[], None], path: str, old: str, new: str, ran: list[str]
) -> None:
    course.grade()
    course.edit(path, old, new, forget)
    (report,) = course.grade()
    assert course.ran == ran
    assert course.reused == ([] if ran else ["ada"])
    expected = 8 if "points" in old else 7
    assert (report.score, report.max_score) == (expected, expected)
    course.grade()
    assert (course.ran, course.reused) == ([], ["ada"])


def test_a_check_that_calls_another_changes_with_it(
    course: Class, forget: Callable[[], None]
) -> None:
    call = "negate.run(student, rng); expect_number('again', student.layers.double(-1.0), -2.0)"
    course.edit(FUNCTIONS, 'expect_number("out", student.layers.double(-1.0), -2.0)', call, forget)
    course.grade()
    course.edit(FUNCTIONS, "negate negates.", "negate changes the sign.", forget)
    course.grade()
    assert course.ran == ["double_again", "negate"]


@pytest.mark.parametrize("code", ["FOLDER.glob('*')", "FOLDER / ('answer' + '.json')"])
def test_checks_that_may_read_any_file_change_with_any(
    course: Class, forget: Callable[[], None], code: str
) -> None:
    (course.assignment.course.root / "checks/tiny/values/unused.json").write_text("1")
    course.edit("checks/tiny/answers.py", "\n\n\n@check", f"\nFILES = {code}\n\n\n@check", forget)
    course.grade()
    course.edit("checks/tiny/values/unused.json", "1", "2", forget)
    course.grade()
    assert "answer" in course.ran


def test_checks_without_a_source_are_always_graded(
    course: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.grade()
    functions, _ = check_modules(course.assignment)
    monkeypatch.setattr(functions, "__file__", None)
    (report,) = course.grade()
    assert course.ran == ["double", "double_again", "negate"]
    assert (report.key, [bool(result.key) for result in report.checks]) == (
        "",
        [False] * 3 + [True],
    )


# What is in the folder ---------------------------------------------------------------------------


def test_an_error_is_never_taken_over(course: Class) -> None:
    (report,) = course.grade()
    failed = msgspec.structs.replace(report.checks[2], status=Status.ERROR, score=0.0)
    checks = (*report.checks[:2], failed, report.checks[3])
    course.keep(msgspec.structs.replace(report, checks=checks, score=4.0))
    assert course.grade()[0].score == 7
    assert course.ran == ["negate"]


def test_a_report_out_of_time_is_taken_whole_or_not_at_all(
    course: Class, forget: Callable[[], None]
) -> None:
    (report,) = course.grade()
    slow = msgspec.structs.replace(report, seconds=Limits().total_seconds)
    course.keep(slow)
    assert course.grade() == [slow]
    course.edit(FUNCTIONS, "negate negates.", "negate changes the sign.", forget)
    course.grade()
    assert course.ran == ALL


@pytest.mark.parametrize(
    ("change", "notice"),
    [
        (lambda json: json[:100], "{path} is not a result that can be read ("),
        (lambda json: b"", "{path} is not a result that can be read ("),
        (lambda json: b'{"a": 1}', "{path} is not a result that can be read (Object missing"),
        (
            lambda json: json.replace(b'"student": "ada"', b'"student": "eve"'),
            "{path} is the result of eve in tiny, not of ada in tiny. It is kept as ada.json",
        ),
        (
            lambda json: json.replace(b'"score": 7.0', b'"score": 9.0'),
            "{path} was changed after the grader wrote it (the checks have 7 points, the score",
        ),
        (
            lambda json: json.replace(b'"score": 2.0', b'"score": 3.0'),
            "{path} was changed after the grader wrote it (double has 3 of 2 points). It is",
        ),
        (
            lambda json: json.replace(b'"score": 2.0', b'"score": 1.0'),
            "{path} was changed after the grader wrote it (double passed with 1 of 2 points).",
        ),
        (
            lambda json: json.replace(b'"rationale": ""', b'"rationale": "well done"', 1),
            "{path} was changed after the grader wrote it (its signature is not that of this",
        ),
        (
            lambda json: json.replace(b'"seed": 3', b'"seed": 4'),
            "{path} was changed after the grader wrote it (its signature is not that of this",
        ),
        (
            lambda json: json.replace(b'"signature": "', b'"signature": "0'),
            "{path} was changed after the grader wrote it (its signature is not that of this",
        ),
        (
            lambda json: json.replace(b'"signature": ', b'"unsigned": '),
            "{path} was changed after the grader wrote it (its signature is not that of this",
        ),
    ],
    ids=[
        "torn",
        "empty",
        "foreign",
        "another student",
        "total",
        "too many points",
        "too few",
        "words",
        "another seed",
        "signature",
        "no signature",
    ],
)
def test_a_damaged_result_is_graded_again_with_a_notice(
    course: Class, change: Callable[[bytes], bytes], notice: str
) -> None:
    (report,) = course.grade()
    changed = change(course.path.read_bytes())
    course.path.write_bytes(changed)
    (again,) = course.grade()
    assert course.ran == ALL
    assert course.path.with_name("ada.json.changed").read_bytes() == changed
    assert course.notices[0].endswith(
        " It is kept as ada.json.changed, and the submission is graded again."
    )
    assert len(course.notices) == 1
    assert course.notices[0].startswith(notice.format(path=course.path))
    assert again.score == report.score == Report.from_json(course.path.read_bytes()).score


def test_every_file_that_was_changed_is_kept(course: Class) -> None:
    for _ in range(3):
        course.grade()
        course.path.write_bytes(
            course.path.read_bytes().replace(b'"problems": []', b'"problems": ["x"]')
        )
    course.grade()
    names = sorted(path.name for path in course.path.parent.glob("ada*"))
    assert names == ["ada.json", "ada.json.changed", "ada.json.changed1", "ada.json.changed2"]


def test_a_file_that_is_only_laid_out_otherwise_still_holds(course: Class) -> None:
    course.grade()
    course.path.write_bytes(msgspec.json.format(course.path.read_bytes(), indent=0))
    course.grade()
    assert (course.reused, course.notices) == (["ada"], [])


def test_a_result_of_an_earlier_version_or_another_seed_is_read(course: Class) -> None:
    (report,) = course.grade()
    course.path.write_bytes(msgspec.structs.replace(report, schema=1).to_json())
    course.grade()
    assert (course.reused, course.notices) == (["ada"], [])
    course.grade(seed=1 << 100)
    assert (course.ran, course.notices) == (ALL, [])
    assert b'"seed": "0x10000000000000000000000000"' in course.path.read_bytes()
    course.grade(seed=1 << 100)
    assert (course.reused, course.notices) == (["ada"], [])


def test_a_result_from_before_there_was_a_field_is_no_changed_file(course: Class) -> None:
    """As an earlier grader signed it: over the file as it was, without what came later."""
    course.grade()
    fields = json.loads(Report.from_json(course.path.read_bytes()).to_json())
    signature = fields.pop("signature")
    assert all(fields.pop(name) == [] for name in LATER)
    said = msgspec.json.format(msgspec.json.encode(fields | {"signature": ""}), indent=2) + b"\n"
    assert hmac.digest(key(3, "results"), said, "sha256").hex() == signature
    course.path.write_bytes(msgspec.json.encode(fields | {"signature": signature}))
    course.grade()
    assert (course.reused, course.notices) == (["ada"], [])


def test_notes_are_signed_where_there_are_any(course: Class) -> None:
    course.grade()
    text = course.path.read_bytes()
    course.path.write_bytes(text.replace(b'"notes": []', b'"notes": ["x"]'))
    course.grade()
    assert len(course.notices) == 1


def test_a_failure_of_ours_does_not_take_the_place_of_a_score(
    course: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.grade()
    kept = course.path.read_bytes()

    def broken(*_: object, **__: object) -> Report:
        raise OSError("no sandbox")

    monkeypatch.setattr(task, "grade_submission", broken)
    (failed,) = course.grade(files={**course.files, "new.py": b""})
    assert failed.failed_to_grade
    assert course.path.read_bytes() == kept
    assert course.notices == [
        f"ada: the grader failed, so the result of an earlier run stays in {course.path}. It "
        "may be of an earlier submission; the same command grades again."
    ]
    monkeypatch.undo()
    assert course.grade()[0].score == 7


def test_what_a_killed_grader_had_begun_to_write_is_removed_later(course: Class) -> None:
    course.grade()
    old, new = course.path.with_name(".old.part"), course.path.with_name(".new.part")
    for path in (old, new):
        path.write_bytes(b"{")
    os.utime(old, (0, 0))
    course.grade()
    assert (old.exists(), new.exists(), course.path.exists()) == (False, True, True)


def test_long_submissions_begin_first(course: Class) -> None:
    for report in course.grade("ada", "boris", "clara", "deniz"):
        seconds = {"ada": 1.0, "boris": 5.0, "clara": 3.0, "deniz": 5.0}[report.student]
        course.keep(msgspec.structs.replace(report, seconds=seconds))
    begun: list[str] = []
    names = ("ada", "boris", "clara", "emil", "deniz")
    reports = course.grade(*names, fresh=True, graded=lambda r: begun.append(r.student))
    assert begun == ["boris", "emil", "deniz", "clara", "ada"]
    assert tuple(report.student for report in reports) == names


# What keys are made of ---------------------------------------------------------------------------


def test_grading_imports_nothing_that_its_fingerprint_leaves_out() -> None:
    import subprocess

    program = """
import sys
import autograder.grading
from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.judging.check import load_checks
for slug in shipped_course().slugs:
    load_checks(load_assignment(slug, shipped_course()))
print(*(name for name in sys.modules if name.startswith("autograder.")))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = {name.split(".")[1] for name in done.stdout.split()}
    assert loaded, done.stderr
    assert loaded & {name.removesuffix(".py") for name in NOT_GRADING} == set()


def test_rooms_outside_the_fingerprint_exist() -> None:
    only_in_a_wheel = ["shipped"]
    missing = [name for name in NOT_GRADING if not (PACKAGE / name).exists()]
    assert missing in ([], only_in_a_wheel)


def test_a_change_while_grading_leaves_no_key(
    course: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "fingerprint", lambda _: replaced)
    replaced = msgspec.structs.replace(fingerprint(course.assignment), code="other")
    (report,) = course.grade()
    assert course.notices == [
        "The grader's own files were changed while it ran. The results of ada and others may mix"
        " old and new; run the same command again to grade those anew."
    ]
    assert report.key == ""
    monkeypatch.undo()
    importlib.invalidate_caches()


def test_differences_are_named(assignment: Assignment) -> None:
    ours = fingerprint(assignment)
    assert ours.differences(ours) == {}
    theirs = msgspec.structs.replace(ours, python="2.7", data="")
    assert ours.differences(theirs) == {"python": (ours.python, "2.7"), "data": (ours.data, "")}


def test_digests_tell_the_boundaries_of_their_parts() -> None:
    lists = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ()]
    assert len({contents.digest(*parts) for parts in lists}) == len(lists)
