"""The proof that an assignment grades as it should. Is given the grader; does not know it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from autograder.assignment import Assignment, load_assignment
from autograder.data import DATASETS
from autograder.data.places import official_files
from autograder.judging.check import Check
from autograder.results import CheckResult, Report, Status
from autograder.submission import Submission

from .build import reference_files, stale
from .cases import ProofCase, cases, combined_cases
from .confusion import ANOTHERS, MistakeMessage, counts, message_of, strangers
from .deviations import deviations
from .errors import AuthoringError
from .follow_table import MistakeCost, cost_of
from .hidden import stale_hidden
from .notebook_run import OFFICIAL, Run
from .proofs import prove_specifications
from .source import hidden_tests, read_source

Grade = Callable[..., Report]  # (assignment, submission), and `known` where checks do not run
RunNotebook = Callable[[Mapping[str, bytes], str], Run]

COMBINED, SEED = 8, 0
STALE = "the release is not what the source gives; run `autograder build {slug}`"


@dataclass(frozen=True, kw_only=True)
class VerifiedRow:
    """One submission that was graded for the proof, or one notebook that was run.

    `kind` is ``notebook``, ``reference``, ``skeleton``, ``variant``, ``mutant``, ``pair`` or
    ``triple``; `deviations` has one line for whatever did not end as it should, and is empty when
    all did. `result` is the score, or how far the notebook ran; `cost` is what a mutant cost, and
    `message` what the student is told of it.
    """

    kind: str
    name: str
    deviations: tuple[str, ...]
    result: str
    cost: MistakeCost | None = None
    message: MistakeMessage | None = None

    @property
    def ok(self) -> bool:
        """Whether every check ended as it should."""
        return not self.deviations

    @property
    def explanation(self) -> str:
        """The deviations, a line each."""
        return "\n".join(self.deviations)

    def __str__(self) -> str:
        title = " ".join(filter(None, (self.kind, self.name)))
        lines = (f"       {line}" for line in self.explanation.splitlines())
        return "\n".join((f"{'ok    ' if self.ok else 'BROKEN'} {title}: {self.result}", *lines))


@dataclass(frozen=True, kw_only=True)
class VerifyResult:
    """The rows of one assignment: notebooks, reference, skeleton, variants, mutants."""

    assignment: str
    rows: tuple[VerifiedRow, ...]

    @property
    def costs(self) -> list[MistakeCost]:
        """What each mutant cost."""
        return [row.cost for row in self.rows if row.cost is not None]

    @property
    def holds(self) -> bool:
        """Whether every row is as it should be."""
        return all(row.ok for row in self.rows)

    def __str__(self) -> str:
        broken = sum(not row.ok for row in self.rows)
        verdict = f"{broken} of {len(self.rows)} are not as they should be" if broken else "holds"
        said = f"       messages of the mistakes: {counts(self.messages)}"
        return "\n".join((f"{self.assignment}: {verdict}", *map(str, self.rows), said))

    @property
    def messages(self) -> tuple[MistakeMessage, ...]:
        """What students are told of the mutants."""
        return tuple(row.message for row in self.rows if row.message is not None)


def verify(
    assignment: Assignment,
    *,
    grade: Grade,
    run: RunNotebook | None = None,
    executor: Executor | None = None,
    combined: int = COMBINED,
) -> VerifyResult:
    """Grade what the author knows the grades of, and compare; run every solved notebook.

    The reference and every variant get full marks; the skeleton gets nothing, with every check
    `not attempted`; a mutant loses points on the checks in `loses`, and its `says` are said. What
    is built on these has full marks, with the course's part in the place of the wrong one, and is
    `skipped` where nothing can stand in; all others have full marks. A sample of pairs and triples
    of mutants costs what they cost one by one. Status `error` is never as it should be, nor is the
    diagnosis of a mistake that is not there.

    Parameters
    ----------
    grade : how one submission is graded.
    run : how a notebook is run, given the solved files; without it, none is.
    executor : grades several at a time; without one, each waits for the one before.
    combined : how many pairs and triples are tried.

    Raises
    ------
    AuthoringError : the source is wrong, a specification misgrades its own examples, or the release
        is not what the source gives.
    NotBuiltError : there is no release. Whatever `grade` and `run` raise is not caught.
    """
    results = verify_all([assignment], grade=grade, run=run, executor=executor, combined=combined)
    return next(results)


def verify_all(
    assignments: Sequence[Assignment],
    *,
    grade: Grade,
    run: RunNotebook | None = None,
    executor: Executor | None = None,
    combined: int = COMBINED,
    trainings: int | None = None,
) -> Iterator[VerifyResult]:
    """As `verify`, for several assignments in their order; an executor never waits between two.

    With a number of `trainings`, checks that train run for so many mutants of each assignment that
    lose none of them, a seeded sample.
    """
    for assignment in assignments:  # before anything is graded, for these would wait for that
        prove_specifications(assignment, executor=executor)
    begun = [
        (one.slug, _begun(one, grade, run, executor, combined, trainings)) for one in assignments
    ]
    return (VerifyResult(assignment=slug, rows=tuple(rows)) for slug, rows in begun)


def verify_training(
    assignment: Assignment,
    *,
    grade: Grade,
    executor: Executor | None = None,
    kinds: Collection[str] = ("reference", "mutant"),
) -> Iterator[tuple[VerifiedRow, Report]]:
    """Grade what a data set decides, of a release that is current: reference and some mutants.

    They are the mutants that lose a check which trains. Each row comes with what was graded.
    """
    checks = hidden_tests(assignment)
    trained = {check.id for check in checks.values() if check.trains}
    chosen = tuple(
        case
        for case in cases(assignment, checks)
        if case.kind in kinds
        and (case.kind != "mutant" or any(Status.FAILED in case.expected[id] for id in trained))
    )
    return _rows(chosen, assignment, grade, executor)


def _begun(
    assignment: Assignment,
    grade: Grade,
    run: RunNotebook | None,
    executor: Executor | None,
    combined: int,
    trainings: int | None,
) -> Iterator[VerifiedRow]:
    """Begin all that an assignment has to prove; the rows, as they are there."""
    if stale(assignment) or stale_hidden(assignment):
        folder = assignment.course.shown(assignment.release)
        raise AuthoringError(folder, 1, STALE.format(slug=assignment.slug))
    notebooks = _notebook_rows(assignment, run, executor) if run else iter(())
    checks = hidden_tests(assignment)
    together = combined_cases(assignment, checks, count=combined, seed=SEED)
    alone = cases(assignment, checks, trainings=trainings, seed=SEED)
    graded = _rows((*alone, *together), assignment, grade, executor)
    return chain(notebooks, (row for row, _ in graded))


def _notebook_rows(
    assignment: Assignment, run: RunNotebook, executor: Executor | None
) -> Iterator[VerifiedRow]:
    """Begin to run the notebooks; a row for each, as they end."""
    run_solved = partial(run, {**reference_files(assignment), **_official(assignment.dataset)})
    names = assignment.notebooks
    runs = executor.map(run_solved, names) if executor else map(run_solved, names)
    lessons = {f"{lesson.name}.ipynb": lesson for lesson in read_source(assignment).lessons}

    def row(name: str, ran: Run) -> VerifiedRow:
        lesson = lessons[name]
        said = f"{lesson.file}:{lesson.cells[ran.cell].line}: {ran.problem}"
        deviations = (said,) if ran.problem else ()
        return VerifiedRow(
            kind="notebook", name=lesson.name, deviations=deviations, result=str(ran)
        )

    return map(row, names, runs)


def _official(name: str) -> dict[str, bytes]:
    """The files that students have to get for themselves."""
    files = official_files(DATASETS[name]) if name in DATASETS else {}
    return {f"{OFFICIAL}/{path}": data for path, data in files.items()}


def _rows(
    proofs: Sequence[ProofCase], assignment: Assignment, grade: Grade, executor: Executor | None
) -> Iterator[tuple[VerifiedRow, Report]]:
    """Begin to grade; a row for each submission, as they are done."""
    run = partial(_graded, grade, _with_whole_points(assignment))
    checks = hidden_tests(assignment)
    submissions = [_submission(case, assignment) for case in proofs]
    known = [case.known for case in proofs]
    reports = (executor.map if executor else map)(run, submissions, known)

    diagnoses = dict.fromkeys(one.diagnosis for case in proofs for one in case.mutants)

    def row(case: ProofCase, report: Report) -> tuple[VerifiedRow, Report]:
        own = [mutant.diagnosis for mutant in case.mutants]
        others = (ANOTHERS.format(text=one) for one in strangers(report, diagnoses, own=own))
        return VerifiedRow(
            kind=case.kind,
            name=case.name,
            deviations=(*deviations(case, report), *others),
            result=_result(report),
            cost=_cost(case, report, checks),
            message=_message(case, diagnoses, report),
        ), report

    return map(row, proofs, reports)


def _result(report: Report) -> str:
    extra = f", {report.extra:g} extra" if report.extra else ""
    return f"{report.score:g} of {report.max_score:g}{extra}"


def _cost(case: ProofCase, report: Report, checks: Mapping[str, Check]) -> MistakeCost | None:
    """What one known mistake cost, and no other."""
    whole = len(case.mutants) == 1 and not case.known
    return cost_of(case.mutants[0].loses, report, checks) if whole else None


def _message(case: ProofCase, diagnoses: Collection[str], report: Report) -> MistakeMessage | None:
    """What the student is told who made one known mistake, and no other."""
    return message_of(case.mutants[0], diagnoses, report) if len(case.mutants) == 1 else None


def _graded(
    grade: Grade, assignment: Assignment, submission: Submission, known: Mapping[str, CheckResult]
) -> Report:
    return grade(assignment, submission, **({"known": known} if known else {}))


def _with_whole_points(assignment: Assignment) -> Assignment:
    """The assignment as it is graded, but that what follows through earns all of its points."""
    released = load_assignment(assignment.slug, assignment.course)
    share = 1.0 if released.course.follow_through else 0.0
    return replace(released, course=replace(released.course, follow_through=share))


def _submission(case: ProofCase, assignment: Assignment) -> Submission:
    """What is handed in: given files, among them data, are never taken from a submission."""
    files = {path: case.files[path] for path in assignment.editable}
    return Submission(student="-".join(filter(None, (case.kind, case.name))), files=files)
