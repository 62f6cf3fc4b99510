"""The messages of the two sandboxes of an adopted notebook, and of the grader with each of them."""

from __future__ import annotations

import msgspec

from ..plain import Value

# --- to the student's code --------------------------------------------------------------------


class Do(msgspec.Struct, frozen=True, tag="do"):
    """Do one of the operations of `student`.

    `draws` is the state of the random generators, `changed` what the test has changed of the
    objects that both sides have, by number; where `is_new`, there are none yet.
    `given_back` are the numbers of the other side's objects that this one holds no more.
    """

    op: str
    args: Value
    draws: Value | None = None
    changed: list[tuple[int, Value]] = []
    is_new: bool = False
    given_back: list[int] = []


class BackAnswer(msgspec.Struct, frozen=True, tag="back answer"):
    """What a function of the test's gave, or the name of what it raised and the message."""

    value: Value
    draws: Value | None = None
    raised: str = ""
    changed: list[tuple[int, Value]] = []
    given_back: list[int] = []


# --- from the student's code ------------------------------------------------------------------


class Did(msgspec.Struct, frozen=True, tag="did"):
    """It worked. `changed` are the objects of both sides that are different now, by number."""

    value: Value
    printed: str = ""
    changed: list[tuple[int, Value]] = []
    given_back: list[int] = []


class DidRaise(msgspec.Struct, frozen=True, tag="did raise"):
    """The student's code raised: the names of the class and its bases, and the number of a class.

    `args` are the plain ones among the exception's arguments.
    """

    classes: list[str]
    number: int
    message: str
    args: Value
    printed: str = ""
    changed: list[tuple[int, Value]] = []
    given_back: list[int] = []


class Back(msgspec.Struct, frozen=True, tag="back"):
    """The student's code calls a function of the test's, by its number. A `BackAnswer` follows."""

    number: int
    args: Value
    printed: str = ""
    changed: list[tuple[int, Value]] = []
    given_back: list[int] = []


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
    None where they are to be found out. `keeps` says that objects of the test stay as they are
    where the reference solution changes none.
    """

    source: str
    allowed: list[str] | None
    hidden: list[str] = []
    keeps: bool = False


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
    is_doubtful : whether objects of the test were changed where the reference changes none.
    lost : why the student's process has gone; empty where it has not.
    """

    passed: bool
    score: float | None = None
    error: str = ""
    message: str = ""
    detail: str = ""
    used: list[str] = []
    is_doubtful: bool = False
    lost: str = ""


ToJudge = Contract | RunSolution | RunLocked | RunTest
FromJudge = Verdict
