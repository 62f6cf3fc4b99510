"""The questions of written answers, read from files and prepared once. Knows no student.

A question is `checks/<slug>/written/<id>.toml`, in the engine's format with two more keys. An entry
of `wrong` may have `teach`, what to tell a student whose answer has the value of that entry.
`reveal_repair = true` lets students read the one edit that would make their answer right, which
gives the answer away: an instructor may want that after the deadline.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .mathematics import DeclarationError, KnownMistake, Question, checked, question


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A known wrong answer and what to tell a student whose answer has the same value."""

    answer: str
    teach: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """One question: `plain` for the engine, and the slips that have words of their own."""

    plain: Mapping[str, Any]
    slips: tuple[Slip, ...]
    reveal_repair: bool


@cache
def read_written(path: Path) -> Written:
    """Read a specification, strictly.

    Raises
    ------
    DeclarationError : with the file's name.
    """
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        reveal = plain.pop("reveal_repair", False)
        wrong = plain.get("wrong", [])
        slips = [Slip(answer=w["answer"], teach=w["teach"]) for w in wrong if "teach" in w]
        plain["wrong"] = [{k: v for k, v in w.items() if k != "teach"} for w in wrong]
        read = checked(plain)
    except (DeclarationError, tomllib.TOMLDecodeError) as error:
        raise DeclarationError(f"{path.name}: {error}") from error
    if read.get("id") != path.stem or not read.get("title"):
        raise DeclarationError(f'{path.name}: needs id = "{path.stem}" and a title')
    if not isinstance(reveal, bool):
        raise DeclarationError(f"{path.name}: reveal_repair is true or false, not {reveal!r}")
    return Written(plain=read, slips=tuple(slips), reveal_repair=reveal)


@cache
def asked_by(path: Path) -> Question:
    """The question of a file, with its data and reference values."""
    return question(read_written(path).plain)


def taught(path: Path, text: str) -> str:
    """What to say about a wrong answer that has the value of a slip; "" where it has none."""
    slips = read_written(path).slips
    return next((s.teach for s in slips if _mistake(path, s.answer).is_made_in(text)), "")


@cache
def _mistake(path: Path, answer: str) -> KnownMistake:
    return KnownMistake(asked_by(path), answer)
