"""What students are told of known mistakes: the right one, nothing in particular, another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from autograder.assignment import Assignment, load_assignment
from autograder.files import write_atomically
from autograder.results import Report, Status
from autograder.submission import Submission

from .mutants import Mutant, load_mutants, mutant_files
from .source import hidden_tests

Grade = Callable[[Assignment, Submission], Report]

ANOTHERS = "the message names a mistake that is not there: {text!r}"

_TITLE = """\
# What students are told of known mistakes

Written by `autograder verify --diagnoses docs/diagnoses.md`, which runs every known wrong
solution (`mutants/*.toml`) as a student's. A message *names it* where it has its diagnosis, or
every text that its author wants read (`says`). It is *generic* where it states what was found and
names no mistake. It is *another's* where it has the diagnosis of another mistake; `verify`
does not hold then, nor where a right solution is told any. Mistakes that only training shows are
left out here.
"""
_LOST = (Status.FAILED, Status.PARTIAL)
_SHOWN = 300


class MessageKind(StrEnum):
    """What a message does for the student who made a mistake."""

    NAMES_IT = "names it"
    GENERIC = "generic"
    ANOTHERS = "another's"


@dataclass(frozen=True, kw_only=True)
class MistakeMessage:
    """What is said of one known mistake; `texts` are the messages of the checks that it failed."""

    name: str
    description: str
    kind: MessageKind
    texts: tuple[str, ...]


def messages_of(assignment: Assignment, *, grade: Grade) -> tuple[MistakeMessage, ...]:
    """What students are told of every mutant that a check finds which does not train.

    Parameters
    ----------
    grade : how one submission is graded.

    Raises
    ------
    AuthoringError : a mutant is wrong.
    """
    checks, mutants = hidden_tests(assignment), load_mutants(assignment)
    released = load_assignment(assignment.slug, assignment.course)
    diagnoses = [mutant.diagnosis for mutant in mutants]
    return tuple(
        message_of(mutant, diagnoses, grade(released, _submission(released, mutant)))
        for mutant in mutants
        if any(checks[id].exact for id in mutant.loses)
    )


def _submission(assignment: Assignment, mutant: Mutant) -> Submission:
    files = mutant_files(assignment, mutant)
    own = {path: files[path] for path in assignment.editable}
    return Submission(student=f"mutant-{mutant.name}", files=own)


def message_of(mutant: Mutant, diagnoses: Collection[str], report: Report) -> MistakeMessage:
    """What a report says of a mutant.

    Parameters
    ----------
    diagnoses : those of all mutants of the assignment.
    """
    texts = _texts(report)
    if strangers(report, diagnoses, own=[mutant.diagnosis]):
        kind = MessageKind.ANOTHERS
    elif _said(mutant.diagnosis, texts) or (
        mutant.says and all(_said(text, texts) for text in mutant.says)
    ):
        kind = MessageKind.NAMES_IT
    else:
        kind = MessageKind.GENERIC
    return MistakeMessage(
        name=mutant.name, description=mutant.description, kind=kind, texts=tuple(texts.values())
    )


def strangers(
    report: Report, diagnoses: Collection[str], *, own: Collection[str] = ()
) -> tuple[str, ...]:
    """The diagnoses in a report's messages that are not its own."""
    texts = _texts(report)
    others = (text for text in dict.fromkeys(diagnoses) if not any(text in one for one in own))
    return tuple(text for text in others if _said(text, texts))


def counts(messages: Sequence[MistakeMessage]) -> str:
    """How many messages are of each kind, in one line."""
    found = Counter(message.kind for message in messages)
    return ", ".join(f"{found[kind]} {kind}" for kind in MessageKind)


def confusion_table(messages: Mapping[str, Sequence[MistakeMessage]]) -> str:
    """The page: a table of assignments and kinds, then a section for each assignment."""
    parts = [_TITLE, "\n".join(_overview(messages))]
    parts += ["\n".join(_section(slug, rows)) for slug, rows in messages.items()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def write_confusion_table(path: Path, messages: Mapping[str, Sequence[MistakeMessage]]) -> None:
    """Write the page."""
    write_atomically(path, confusion_table(messages).encode())


def _overview(messages: Mapping[str, Sequence[MistakeMessage]]) -> Iterator[str]:
    yield f"| assignment | mistakes | {' | '.join(MessageKind)} |"
    yield "|---" * (2 + len(MessageKind)) + "|"
    every = [message for rows in messages.values() for message in rows]
    for slug, rows in [*((f"`{slug}`", rows) for slug, rows in messages.items()), ("all", every)]:
        found = Counter(message.kind for message in rows)
        numbers = " | ".join(str(found[kind]) for kind in MessageKind)
        yield f"| {slug} | {len(rows)} | {numbers} |"


def _section(slug: str, messages: Sequence[MistakeMessage]) -> Iterator[str]:
    yield from (f"## `{slug}`", "", "| mistake | | what the student reads |", "|---|---|---|")
    for message in messages:
        said = "<br>".join(_cell(text) for text in message.texts)
        yield f"| {_cell(message.description)} | {message.kind} | {said} |"


def _cell(text: str) -> str:
    """Text in a table: on one line, not too long, and without the signs that end a cell."""
    plain = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    for sign in ("\\", "|", "<", "$"):
        plain = plain.replace(sign, f"\\{sign}" if sign != "<" else "&lt;")
    return plain.replace("`", "") if plain.count("`") % 2 else plain


def _texts(report: Report) -> dict[str, str]:
    """The messages of the checks that were lost, by id, each on one line."""
    return {
        result.id: " ".join(f"{result.rationale} {result.help}".split())
        for result in report.checks
        if result.status in _LOST
    }


def _said(text: str, texts: Mapping[str, str]) -> bool:
    wanted = " ".join(text.split())
    return bool(wanted) and any(wanted in told for told in texts.values())
