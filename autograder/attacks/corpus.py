"""What an attack is: a TOML file of the folder `corpus`, read strictly. Runs nothing.

In every text of an attack, words such as ``@ROOT@`` stand for what `bait.Bait.words` names: the
attacker is told where everything worth stealing lies, so that only the sandbox is in the way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from autograder.errors import UserError
from autograder.results import Status

CORPUS = Path(__file__).parent / "corpus"
SLUG = "fully_connected_nets"

NO_CORPUS = "There are no attacks in {folder}."
NOT_AN_ATTACK = "{path} is no attack: {reason}."

Family = Literal[
    "reading",
    "forging",
    "exhausting",
    "escaping",
    "detecting",
    "persisting",
    "follow_through",
    "adopted",
]
FAMILIES: tuple[Family, ...] = (
    "reading", "forging", "exhausting", "escaping", "detecting", "persisting", "follow_through",
    "adopted",
)  # fmt: skip

LEAST_STATUSES = (Status.FAILED, Status.NOT_ATTEMPTED, Status.SKIPPED)


class CorpusError(UserError, ValueError):
    """There is no corpus, or a file in it is no attack; the message says what to do."""


class AttackFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that the attacker hands in besides code: a file of any kind, or a zip's member.

    `text` is repeated `repeat` times. A `link` or `hard_link` leads to that path; `claims` is the
    size that a zip states for a member, whatever it holds.
    """

    path: str
    text: str = ""
    repeat: int = 1
    kind: Literal["file", "folder", "fifo", "socket", "device", "link", "hard link"] = "file"
    to: str = ""
    claims: int | None = None


class CellEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of the notebook at the cell of a `grade_id`, or at its ``start`` or ``end``."""

    at: str
    action: Literal["insert", "replace", "delete", "duplicate", "retype"]
    source: str = ""
    repeat: int = 1  # of the source's text
    copies: int = 1  # of the cell
    cell_type: str = "code"
    metadata: dict[str, Any] = {}


class Expect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has to be observed, besides that nothing on the machine has changed.

    `says` are texts of which each, or one of its parts between bars, has to be in what the student
    is told; `never` are texts that must not be there, `problems` texts among the remarks on the
    files. `lost` are checks that must not pass where the rest is honest work.
    """

    score: float = 0.0
    statuses: tuple[Status, ...] = LEAST_STATUSES
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    judge_mib: float = 128.0


class Attack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One hostile submission.

    Attributes
    ----------
    family, covers, tries : the heading, the words of the list it answers to, and one sentence.
    code : put at the end of the module `path`, or in the place of the solution of an adopted
        notebook. With `collects`, it fills the set `found` with
        what it got hold of, and the answer to the first check tells what is in it.
    second : code of a friend whose submission is graded next; it fills `found` as well. ``honest``
        is a harmless student, whose marks have to be what they are without the attack.
    again : the second is the same student's, and ``@TOLD@`` is what the first report told.
    beside : another grader runs beside this one, which was given its seed as an argument.
    base : what the rest of the submission is, the release or the reference solution.
    delivered : handed in as a folder, as a zip, or as a link to another student's folder.
    recipe : a strange archive or folder, made by `strange.RECIPES`.
    harmless : may run where nothing but its own good will holds it.
    open_at : the levels that are known not to stop it on some machine or on all: that it gets
        through there is no surprise, and everywhere else it is.
    """

    family: Family
    covers: tuple[str, ...]
    tries: str
    name: str = ""
    path: str = "nn/layers.py"
    code: str = ""
    collects: bool = False
    second: str = ""
    again: bool = False
    beside: bool = False
    base: Literal["release", "reference"] = "release"
    files: dict[str, str] = {}
    node: tuple[AttackFile, ...] = ()
    cell: tuple[CellEdit, ...] = ()
    delivered: Literal["folder", "zip", "link"] = "folder"
    recipe: str = ""
    harmless: bool = False
    open_at: tuple[str, ...] = ()
    limits: dict[str, float] = {}
    expect: Expect = Expect()


def load_corpus(folder: Path = CORPUS) -> tuple[Attack, ...]:
    """Every attack of a folder, in order of family and name. Raises `CorpusError`."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise CorpusError(NO_CORPUS.format(folder=folder))
    attacks = (_load(path) for path in paths)
    return tuple(sorted(attacks, key=lambda attack: (FAMILIES.index(attack.family), attack.name)))


def _load(path: Path) -> Attack:
    try:
        attack = msgspec.toml.decode(path.read_bytes(), type=Attack)
    except (ValueError, UnicodeDecodeError) as error:  # not TOML, or not these keys
        raise CorpusError(NOT_AN_ATTACK.format(path=path, reason=error)) from error
    return msgspec.structs.replace(attack, name=path.stem)
