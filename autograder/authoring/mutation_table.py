"""Mutation scores as Markdown, out of mutants that were really tried. Nothing by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.files import write_atomically

from .kept_rows import with_kept_rows
from .mutation_score import MutationScore

_TITLE = """\
# Small mistakes, and whether the hidden tests notice them

Written by `autograder verify --mutate --table docs/mutation.md`, which makes the small mistakes of
`autograder/mutation`, one at a time, in what the reference solutions have in place of the students'
gaps: another sign, axis or name, a factor or an argument left out, a value kept from the call
before. A mutant is *noticed* when a hidden test does not pass or when its process does not end. It
is *equivalent* when it still does what the task asks for; those stand with their reasons in
`solutions/<slug>/equivalent.toml`. The score is the share of the others that are noticed. Settings
and code whose check trains a network are left out: they are judged by what comes of them.
"""
_HEADER = (
    "| assignment | mutants | noticed | equivalent | survive | score |",
    "|---|---:|---:|---:|---:|---:|",
)


def write_mutation_table(path: Path, scores: Sequence[MutationScore]) -> None:
    """Write the page, a row for each assignment; those of others that it has already stay."""
    rows = with_kept_rows(path, {one.assignment: _row(one) for one in scores})
    write_atomically(path, "\n".join((_TITLE, *_HEADER, *rows, "")).encode())


def _row(one: MutationScore) -> str:
    return (
        f"| {one.assignment} | {one.tried} | {one.noticed} | {one.equivalent} "
        f"| {len(one.survivors)} | {one.score:.1%} |"
    )
