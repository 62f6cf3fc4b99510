"""Proves that a specification grades its own examples rightly. Run when an assignment is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .explaining.judgement import Judgement, Question
from .questions import judge, question
from .reading.declarations import DeclarationError
from .texts.rubrics import RubricQuestion


def self_test(plain: Mapping[str, Any]) -> Question:
    """The question, once every `right` example passes and every `wrong` one fails as declared.

    Raises `DeclarationError` that lists each example that is misgraded and what was said to it.
    """
    asked = question(plain)
    problems = [*_misjudged_right(asked, plain), *_misjudged_wrong(asked, plain)]
    if isinstance(asked, RubricQuestion):
        problems += asked.misjudged()
    elif not plain.get("right"):
        problems.insert(0, "right: at least one right answer is needed")
    if problems:
        raise DeclarationError(f"{plain.get('id', '?')}: " + "; ".join(problems))
    return asked


def _misjudged_right(asked: Question, plain: Mapping[str, Any]) -> Iterator[str]:
    for answer in plain.get("right", []):
        said = judge(asked, answer)
        if not said.is_right:
            yield f"right answer {answer!r} is refused: {said.says} ({said.rationale})"


def _misjudged_wrong(asked: Question, plain: Mapping[str, Any]) -> Iterator[str]:
    for entry in plain.get("wrong", []):
        said = judge(asked, entry["answer"])
        if said.is_right:
            yield f"wrong answer {entry['answer']!r} passes"
        elif not _says(said, entry):
            yield (
                f"wrong answer {entry['answer']!r} is called {said.says}"
                f"{'/' + said.edit if said.edit else ''}, not {entry['says']}: "
                f"{said.message(reveal=True)!r}"
            )


def _says(said: Judgement, entry: Mapping[str, Any]) -> bool:
    named = entry["says"] in {said.says, said.edit}
    return named and entry.get("mentions", "") in said.message(reveal=True)
