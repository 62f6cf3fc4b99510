"""`release.json`: what of an assignment grading has to know, so that it needs no source."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from autograder.assignment import SCHEMA, Part, Release

from .placeholders import whole_or_not
from .source import Source


def release_json(source: Source, files: Mapping[str, bytes]) -> bytes:
    """The content of `release.json` for the released `files`, which do not have it yet."""
    about = source.assignment
    release = Release(
        schema=SCHEMA,
        slug=about.slug,
        title=about.title,
        summary=about.summary,
        package=about.package,
        dataset=about.dataset,
        points=source.placeholders["total_points"],
        bonus_points=source.placeholders["bonus_points"],
        parts=tuple(_parts(source)),
        notebooks=about.notebooks,
        modules=about.modules,
        thresholds={name: dict(values) for name, values in about.thresholds.items()},
        training={name: dict(values) for name, values in about.training.items()},
        training_grades=about.training_grades,
        digests={path: hashlib.sha256(data).hexdigest() for path, data in files.items()},
    )
    return msgspec.json.format(msgspec.json.encode(release), indent=1) + b"\n"


def _parts(source: Source) -> list[Part]:
    checks = [
        Part(id=check.id, points=whole_or_not(check.points), bonus=check.bonus)
        for check in source.checks.values()
    ]
    manual = [
        Part(id=cell.manual, points=whole_or_not(cell.points), manual=True)
        for lesson in source.lessons
        for cell in lesson.cells
        if cell.manual
    ]
    return checks + manual
