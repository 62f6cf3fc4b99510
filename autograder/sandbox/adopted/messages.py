"""The messages of the two sandboxes of an adopted notebook, and of the grader with each of them."""

from __future__ import annotations

import msgspec

from ..plain import Value

# --- to the student's code --------------------------------------------------------------------


class Do(msgspec.Struct, frozen=True, tag="do"):
    """Do one of the operations of `student`; `draws` is the state of the random generators."""

    op: str
    args: Value
    draws: Value | None = None


class BackAnswer(msgspec.Struct, frozen=True, tag="back answer"):
    """What a function of the test's gave, or the name of what it raised and the message."""

    value: Value
    draws: Value | None = None
    raised: str = ""


# --- from the student's code ------------------------------------------------------------------


class Did(msgspec.Struct, frozen=True, tag="did"):
    """It worked.

    `changed` are the arguments that a call has changed, by place; `same` is the place of the one
    that it returned, or -1.
    """

    value: Value
    printed: str = ""
    changed: list[tuple[int, Value]] = []
    same: int = -1


class DidRaise(msgspec.Struct, frozen=True, tag="did raise"):
    """The student's code raised: the names of the class and its bases, and the number of a class.

    `args` are the plain ones among the exception's arguments.
    """

    classes: list[str]
    number: int
    message: str
    args: Value
    printed: str = ""


class Back(msgspec.Struct, frozen=True, tag="back"):
    """The student's code calls a function of the test's, by its number. A `BackAnswer` follows."""

    number: int
    args: Value
    printed: str = ""


ToStudent = Do | BackAnswer
FromStudent = Did | DidRaise | Back

# --- of the grader and the judge --------------------------------------------------------------


class RunSolution(msgspec.Struct, frozen=True, tag="solution"):
    """Run a cell of the student's. `reference` is the course's: it says whose the names are."""

    source: str
    reference: str | None


class RunLocked(msgspec.Struct, frozen=True, tag="locked"):
    """Run a cell of the course's, in the judge and, where `both`, in the student's sandbox."""

    source: str
    both: bool


class RunTest(msgspec.Struct, frozen=True, tag="test"):
    """Run a test cell.

    `allowed` are the operations on what stays with the student that the reference solution needs,
    None where they are to be found out.
    """

    source: str
    allowed: list[str] | None
    hidden: list[str] = []


class Contract(msgspec.Struct, frozen=True, tag="contract"):
    """What holds for the whole notebook: names that solution and locked cells read."""

    read: list[str]
    needed: list[str]


class Verdict(msgspec.Struct, frozen=True, tag="verdict"):
    """How a cell ended.

    Attributes
    ----------
    passed : whether nothing was raised.
    score : the number that the cell ends with, if it does.
    error : the name of the exception.
    message : a sentence for the student, without anything of hidden tests.
    detail : the same for the instructor, who may read them.
    used : the operations on what stays with the student that were needed.
    lost : why the student's process has gone; empty where it has not.
    """

    passed: bool
    score: float | None = None
    error: str = ""
    message: str = ""
    detail: str = ""
    used: list[str] = []
    lost: str = ""


ToJudge = Contract | RunSolution | RunLocked | RunTest
FromJudge = Verdict
