"""The command that proves that an assignment grades as it should."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cores import available_cores
from autograder.course import Course, find_course
from autograder.logs import FAILURES, told
from autograder.route import SubmissionRoute

from .app import command
from .exits import DOES_NOT_HOLD, say
from .options import CourseFolder, Jobs, Level, Slugs
from .sources import sources

if TYPE_CHECKING:
    from autograder.assignment import Assignment

WHOLE = "--table is about everything that a mistake costs; leave --trainings out"


@command()
def verify(
    slugs: Slugs = None,
    jobs: Jobs = None,
    sandbox: Level = "bubblewrap",
    attacks: Annotated[
        bool, typer.Option("--attacks", help="Try every hostile submission of the corpus instead.")
    ] = False,
    through: Annotated[
        SubmissionRoute,
        typer.Option(help="With --attacks: how the submissions come to the grader."),
    ] = SubmissionRoute.DIRECT,
    family: Annotated[
        list[str] | None,
        typer.Option(
            help="With --attacks: only this family; may be given several times.", metavar="NAME"
        ),
    ] = None,
    mutate: Annotated[
        bool,
        typer.Option(
            "--mutate", help="Make small mistakes in the references; do hidden tests notice?"
        ),
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option(min=1, help="With --mutate: mistakes of each assignment; all by default."),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Run every exact check of all right solutions with so many seeds instead.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="With --mutate: of the sample and the inputs.")] = 0,
    table: Annotated[
        Path | None,
        typer.Option(
            help="Write what was found here. With --attacks: try all levels. With"
            " --data: with the seconds that it took."
        ),
    ] = None,
    diagnoses: Annotated[
        Path | None,
        typer.Option(help="Only write here what students are told of known mistakes."),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            help="Grade with this data set instead: the reference, and the known mistakes that"
            " training shows. `all` takes every data set of every assignment.",
            metavar="NAME",
        ),
    ] = None,
    combined: Annotated[
        int | None,
        typer.Option(
            min=0, help="How many pairs and triples of known mistakes to try of each assignment."
        ),
    ] = None,
    trainings: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Run checks that train for so many known mistakes of each assignment that none of"
            " them shows, a seeded sample; for all by default.",
        ),
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm",
            help="Grade every submission also with a process for each check, and compare.",
        ),
    ] = False,
    course: CourseFolder = None,
) -> None:
    """Prove that solved notebooks run and get all points, and known mistakes lose theirs."""
    from autograder import authoring
    from autograder.grading import grade_submission
    from autograder.grading.pool import GraderPool

    if attacks:
        _verify_attacks(slugs, family or (), jobs, sandbox, through, table)
        return
    if mutate:
        _verify_mutants(sources(slugs, find_course(course)), jobs, sample, seed, table)
        return
    if seeds is not None:
        _verify_seeds(sources(slugs, find_course(course)), jobs, seeds, table)
        return
    if data is not None:
        _verify_data(data, slugs, find_course(course), jobs=jobs, level=sandbox, table=table)
        return
    assignments = sources(slugs, find_course(course))
    if diagnoses:
        _verify_diagnoses(assignments, diagnoses)
        return
    if table and trainings is not None:
        raise typer.BadParameter(WHOLE)
    results = []
    with told(FAILURES), GraderPool(jobs or available_cores()) as executor:
        for result in authoring.verify_all(
            assignments,
            grade=partial(grade_submission, level=sandbox, confirm=float(confirm)),
            run=partial(authoring.run_notebook, level=sandbox),
            executor=executor,
            combined=authoring.COMBINED if combined is None else combined,
            trainings=trainings,
        ):
            typer.echo(str(result))
            results.append(result)
    if table:
        authoring.write_follow_table(table, {one.assignment: one.costs for one in results})
    if not all(result.holds for result in results):
        raise typer.Exit(DOES_NOT_HOLD)


def _verify_mutants(
    assignments: Sequence[Assignment],
    jobs: int | None,
    sample: int | None,
    seed: int,
    table: Path | None,
) -> None:
    from autograder import authoring
    from autograder.grading.pool import GraderPool
    from autograder.grading.trial import try_mutants

    scores = []
    with told(FAILURES), GraderPool(jobs or available_cores()) as executor:
        for score in authoring.mutation_scores(
            assignments,
            try_mutants=partial(try_mutants, seed=seed),
            executor=executor,
            sample=sample,
            seed=seed,
        ):
            typer.echo(str(score))
            scores.append(score)
    if table:
        authoring.write_mutation_table(table, scores)
    if not all(score.holds for score in scores):
        raise typer.Exit(DOES_NOT_HOLD)


def _verify_seeds(
    assignments: Sequence[Assignment], jobs: int | None, seeds: int, table: Path | None
) -> None:
    from autograder import authoring
    from autograder.grading import over_seeds
    from autograder.grading.pool import GraderPool

    results = []
    with told(FAILURES), GraderPool(jobs or available_cores()) as executor:
        for result in authoring.seed_results(assignments, over_seeds, executor, seeds=seeds):
            typer.echo(str(result))
            results.append(result)
    if table:
        authoring.write_seed_table(table, results)
    if not all(result.holds for result in results):
        raise typer.Exit(DOES_NOT_HOLD)


def _verify_diagnoses(assignments: Sequence[Assignment], page: Path) -> None:
    from autograder import authoring
    from autograder.authoring.confusion import MessageKind, counts
    from autograder.grading.without_sandbox import grade_without_sandbox

    messages = {}
    for one in assignments:
        messages[one.slug] = authoring.messages_of(one, grade=grade_without_sandbox)
        typer.echo(f"{one.slug}: {counts(messages[one.slug])}")
    authoring.write_confusion_table(page, messages)
    if any(row.kind is MessageKind.ANOTHERS for rows in messages.values() for row in rows):
        raise typer.Exit(DOES_NOT_HOLD)


def _verify_data(
    name: str,
    slugs: Sequence[str] | None,
    course: Course,
    *,
    jobs: int | None,
    level: str,
    table: Path | None,
) -> None:
    from autograder.authoring import with_data
    from autograder.data import MissingDataError
    from autograder.grading import grade_submission
    from autograder.grading.pool import GraderPool

    chosen = with_data.choices(sources(slugs, course), name, named=bool(slugs))
    results, missing = [], False
    with (
        told(FAILURES),
        tempfile.TemporaryDirectory() as folder,
        GraderPool(jobs or available_cores()) as executor,
    ):
        for assignment in chosen:
            try:
                result = with_data.verify_with_data(
                    assignment,
                    Path(folder),
                    grade=partial(grade_submission, level=level),
                    executor=executor,
                    tell=typer.echo,
                    kinds=("reference",) if table else ("reference", "mutant"),
                )
            except MissingDataError as error:  # of `all`; one that was named is refused before
                say(f"{assignment.slug}: {error}")
                missing = True
                continue
            typer.echo(result.verdict)
            results.append(result)
    if table:
        table.write_text(with_data.page(results), encoding="utf-8")
    if missing or not all(result.holds for result in results):
        raise typer.Exit(DOES_NOT_HOLD)


def _verify_attacks(
    slugs: Sequence[str] | None,
    families: Sequence[str],
    jobs: int | None,
    level: str,
    route: SubmissionRoute,
    table: Path | None,
) -> None:
    from autograder.attacks import FAMILIES, verify_attacks

    if slugs:
        raise typer.BadParameter("attacks have an assignment of their own; leave the names out")
    for family in families:
        if family not in FAMILIES:
            known = ", ".join(FAMILIES)
            raise typer.BadParameter(
                f"no family of attacks is called {family!r}; there are {known}"
            )
    if families and table:
        raise typer.BadParameter("--table is about all families; leave --family out")
    if not verify_attacks(
        level=level,
        route=route,
        families=tuple(families) or FAMILIES,
        page=table,
        jobs=jobs or available_cores(),
        echo=typer.echo,
    ):
        raise typer.Exit(DOES_NOT_HOLD)
