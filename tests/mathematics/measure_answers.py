"""Two figures for a set of answers: python tests/mathematics/measure_answers.py fourth

How many answers are as meant, and how many are silent misreads: accepted though they are not right,
or told to be wrong though they are not. What is asked back, with a reason, is neither.
The set is a file `answers_<name>.json` here, or a path. Its entries are of one of two kinds:
`question` (a specification, or one of the file's own `questions`) with the `outcome` that is meant
("right", "wrong" or "refused"; `also` lists other fair ones), or `world` with what the answer
`means`. `mistakes` are wrong answers whose explanations are to be read. All that is not as
meant is printed; `--explain` prints the explanations, `--brief` the figures alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np

import autograder
from autograder.judging.mathematics import Derivation, Judgement, Question, judge, question
from autograder.judging.mathematics.computing.bank import instances
from autograder.judging.mathematics.computing.evaluate import evaluate
from autograder.judging.mathematics.reading.answers import final_answer
from autograder.judging.mathematics.reading.declare import declarations
from autograder.judging.mathematics.reading.errors import MathematicsError
from autograder.judging.mathematics.reading.markdown import answer_text
from autograder.judging.mathematics.reading.shapes import fitted
from autograder.judging.mathematics.reading.sizes import Shape
from autograder.judging.mathematics.reading.statements import formula
from autograder.judging.written_questions import asked_by, taught

HERE = Path(__file__).parent
CHECKS = Path(autograder.__file__).parent / "checks"
ASKED_BACK = frozenset(
    ("unreadable", "too_large", "empty", "ambiguous", "unknown_symbol", "unclear_size",
     "free_index", "implicit", "undecided")
)  # fmt: skip
Entry = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One answer: what was meant and what came of it, with the diagnosis and the words."""

    entry: Entry
    meant: Sequence[str]
    got: str
    says: str
    message: str

    @property
    def as_meant(self) -> bool:
        """Whether the outcome, or the diagnosis, is among those that are fair."""
        return self.got in self.meant or self.says in self.meant

    @property
    def silent(self) -> bool:
        """Whether the answer was read as another one, and nobody is told."""
        return not self.as_meant and self.got != "refused"

    def __str__(self) -> str:
        kind = "SILENT" if self.silent else "lost"
        head = f"{self.entry['id']} {kind}: {self.meant[0]} is meant, {self.got} ({self.says})"
        about = self.entry.get("question", self.entry.get("world"))
        return f"{head}\n  {about}: {self.entry['answer']!r}\n  {self.message!r}"


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One mistake, and what a student would be told."""

    entry: Entry
    message: str

    @property
    def named(self) -> bool:
        """Whether one of the words that name the mistake is said: a hint, no verdict."""
        return any(name.lower() in self.message.lower() for name in self.entry["names"])

    @property
    def false(self) -> bool:
        """Whether something is said that is known to be false."""
        return any(text in self.message for text in self.entry.get("never", []))

    def __str__(self) -> str:
        mark = "FALSE" if self.false else "named" if self.named else "generic"
        head = f"{self.entry['id']} {mark}: {self.entry['mistake']}"
        return f"{head}\n  {self.entry['question']}: {self.entry['answer']!r}\n  {self.message!r}"


class Corpus:
    """A set of answers from a file."""

    def __init__(self, path: Path) -> None:
        self.plain = json.loads(path.read_text(encoding="utf-8"))
        self.own = {
            name: question(plain) for name, plain in self.plain.get("questions", {}).items()
        }

    def measured(self) -> Iterator[Measured]:
        """Every answer, judged."""
        for entry in self.plain["answers"]:
            yield _of_a_world(entry) if "world" in entry else self._of_a_question(entry)

    def explained(self) -> Iterator[Explained]:
        """Every mistake, with what is said about it; "" where the answer is accepted."""
        for entry in self.plain.get("mistakes", []):
            said = judge(self._asked(entry), entry["answer"])
            yield Explained(entry=entry, message="" if said.is_right else _told(entry, said))

    def _asked(self, entry: Entry) -> Question:
        name = entry["question"]
        return self.own[name] if name in self.own else asked_by(_file(name))

    def _of_a_question(self, entry: Entry) -> Measured:
        meant = (entry["outcome"], *entry.get("also", []))
        got, says, message = _marked(self._asked(entry), entry)
        return Measured(entry=entry, meant=meant, got=got, says=says, message=message)


def _file(name: str) -> Path:
    slug, question = name.split("/")
    return CHECKS / slug / "written" / f"{question}.toml"


def _told(entry: Entry, said: Judgement) -> str:
    teach = taught(_file(entry["question"]), entry["answer"])
    return "\n".join([said.message(), teach] if teach else [said.message()])


def _marked(asked: Question, entry: Entry) -> tuple[str, str, str]:
    if entry.get("part") == "steps":
        mark = Derivation(asked).mark(entry["answer"])
        unread = mark.unread and not mark.false_link
        got = "right" if mark.points >= mark.max_points else "refused" if unread else "wrong"
        return got, f"{mark.points:g} of {mark.max_points:g}", mark.message()
    said = judge(asked, entry["answer"])
    got = "right" if said.is_right else "refused" if said.says in ASKED_BACK else "wrong"
    return got, said.says, said.message()


def _of_a_world(entry: Entry) -> Measured:
    meant = ("right", "refused") if entry.get("or_refuse") else ("right",)
    meant = meant if "means" in entry else ("refused",)
    try:
        right, says, message = _has_its_value(entry), "", ""
    except MathematicsError as error:
        return Measured(
            entry=entry, meant=meant, got="refused", says=error.says, message=str(error)
        )
    got = "right" if right else "wrong"
    return Measured(entry=entry, meant=meant, got=got, says=says, message=message)


def _has_its_value(entry: Entry) -> bool:
    """Whether the answer has the value that it means wherever both are defined."""
    world = json.loads((HERE / "worlds.json").read_text(encoding="utf-8"))[entry["world"]]
    declared = declarations(world)
    node = final_answer(formula(answer_text(entry["answer"]), declared)).node
    compared, failed = 0, None
    for instance in (i for i in instances(world, declared) if not i.edge):
        try:
            shape = _wanted(entry, declared, instance)
            values = evaluate(
                fitted(node, declared, instance.regime, expected=shape).node, instance
            )
        except MathematicsError as error:
            failed = error  # not defined in this regime, perhaps
            continue
        if "means" not in entry or not _close(entry, values, instance):
            return False
        compared += 1
    if failed and not compared:
        raise failed
    return True


def _wanted(entry: Entry, declared: Any, instance: Any) -> Shape | None:
    if "shape" not in entry:
        return None
    sizes = (*entry["shape"], "1", "1")[:2]
    return Shape(*(declared.size(size, instance.regime) for size in sizes))


def _close(entry: Entry, values: Any, instance: Any) -> bool:
    means = _meanings()
    for draw, value in enumerate(values):
        try:
            with np.errstate(all="ignore"):
                right = np.asarray(means.MEANINGS[entry["means"]](means.numbers(instance, draw)))
        except np.linalg.LinAlgError:
            continue
        right = right.reshape(1, 1) if right.ndim == 0 else right
        right = right[:, None] if right.ndim == 1 else right
        if right.shape != value.shape or not np.allclose(value, right, rtol=1e-7, atol=1e-9):
            return False
    return True


@cache
def _meanings() -> Any:
    spec = util.spec_from_file_location("mathematics_meanings", HERE / "meanings.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figures(measured: Sequence[Measured]) -> str:
    """The two figures in one line.

    >>> figures([])
    '0 of 0 as meant (0.0 %), 0 silent misreads'
    """
    meant, silent = sum(m.as_meant for m in measured), sum(m.silent for m in measured)
    share = 100 * meant / len(measured) if measured else 0.0
    misreads = "1 silent misread" if silent == 1 else f"{silent} silent misreads"
    return f"{meant} of {len(measured)} as meant ({share:.1f} %), {misreads}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of a set, and what is not as meant."""
    parser = argparse.ArgumentParser(description="Two figures for a set of answers.")
    parser.add_argument("name", help="sixty, first, ..., thirteenth, or a path")
    parser.add_argument("--explain", action="store_true", help="print what is said to mistakes")
    parser.add_argument("--brief", action="store_true", help="print the figures alone")
    options = parser.parse_args(arguments)
    path = Path(options.name)
    corpus = Corpus(path if path.suffix else HERE / f"answers_{options.name}.json")
    measured, explained = list(corpus.measured()), list(corpus.explained())
    if not options.brief:
        print(*(m for m in measured if not m.as_meant), sep="\n")
    if options.explain:
        print(*explained, sep="\n")
    print(figures(measured))
    if explained:
        named, false = sum(e.named for e in explained), sum(e.false for e in explained)
        print(f"{len(explained)} mistakes: {named} named, {false} with something false")


if __name__ == "__main__":
    main()
