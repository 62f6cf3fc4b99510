"""From what a check raised to what a student reads: status, credit, rationale and help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.exhibit import Exhibit
from autograder.judging.check import Finding, InputChanged, NotAttempted, PersonNeeded
from autograder.results import Status
from autograder.sandbox.faults import (
    CodeRaised,
    Ended,
    Fault,
    NotDefined,
    NotPlain,
    OtherCount,
    OutOfTime,
    Unfit,
)
from autograder.sandbox.messages import Raised

from .problems import about
from .syntax_hints import missing_here, syntax_hint

MAX_TEXT = 600
_REMOVED = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "object": "object",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "alltrue": "np.all",
    "sometrue": "np.any",
    "row_stack": "np.vstack",
    "in1d": "np.isin",
    "trapz": "np.trapezoid",
}
_PYTHON_2 = {
    "xrange": "range",
    "raw_input": "input",
    "unicode": "str",
    "basestring": "str",
    "long": "int",
    "reduce": "functools.reduce",
}
OUR_BUG = "This is our bug, not yours; the score stays open until it is mended."
_FORM = "Is it of the type and the shape that are asked for, and are its numbers finite?"
_AS_ASKED = "Its docstring says what it returns, and in which order."


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a check ended; `credit` is the share of its points.

    Attributes
    ----------
    usable : whether what failed gives right values all the same, so that others may build on it.
    unanswered : why a part of the course that was put in place gave no value.
    followed : the failed checks whose parts the course's stood in for.
    exhibit : what a page shows of a check that failed.
    accuracy : what a check that passed has measured; None where it measures none.
    """

    status: Status
    credit: float = 0.0
    rationale: str = ""
    help: str = ""
    usable: bool = False
    unanswered: str = ""
    followed: tuple[str, ...] = ()
    exhibit: Exhibit | None = None
    accuracy: float | None = None


def outcome_of(error: Exception | None, problems: Sequence[str] = ()) -> Outcome:
    """The outcome of a check that raised `error`, or nothing.

    Parameters
    ----------
    problems : what went wrong while the submission was loaded; the first one is shown where it
        may explain that something is missing.
    """
    match error:
        case None:
            return Outcome(status=Status.PASSED, credit=1.0)
        case NotAttempted():
            return Outcome(status=Status.NOT_ATTEMPTED)
        case Finding():
            status = Status.PARTIAL if error.credit > 0 else Status.FAILED
            return Outcome(
                status=status,
                credit=error.credit,
                rationale=error.rationale,
                help=error.help,
                usable=isinstance(error, InputChanged),
            )
        case PersonNeeded():
            return Outcome(
                status=Status.PERSON,
                rationale=clean(str(error)),
                help="A person decides; until then it counts 0, and the score is not final.",
            )
        case Fault():
            rationale, help = _explain(error, problems)
            return Outcome(status=Status.FAILED, rationale=clean(rationale), help=clean(help))
    return Outcome(status=Status.ERROR, rationale=clean(failed_because(error)), help=OUR_BUG)


def failed_because(error: BaseException) -> str:
    """What a student may read of a failure of ours: no file, no line, no traceback."""
    return f"The grader failed: {type(error).__name__}: {error}"


def clean(text: str) -> str:
    """Text of the student's making without control characters, and not too long."""
    plain = "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    return plain if len(plain) <= MAX_TEXT else plain[: MAX_TEXT - 1] + "…"


def _explain(fault: Fault, problems: Sequence[str]) -> tuple[str, str]:
    match fault:
        case CodeRaised(action=action, error=error):
            place = f" ({error.file}, line {error.line}: `{error.text}`)" if error.file else ""
            said = f"`{_short(action)}` raised {error.name}: {error.message}{place}"
            return said, _undefined(error, problems) or _advice(error)
        case NotDefined(name=name, place=place):
            cause = about(name, problems) or (problems[0] if problems else "")
            help = cause or "Was it renamed, or is its cell missing?"
            return f"`{name}` is not defined in `{place}`.", help
        case NotPlain(label=label, kind=kind):
            return f"`{_short(label)}` gives {kind}; expected numbers in an array.", ""
        case OutOfTime(action=action):
            return (
                f"`{_short(action)}` did not finish in the time that this check allows.",
                "Is there a loop that never ends, or one over single numbers that NumPy could do?",
            )
        case Ended(action=action, reason=reason):
            return (
                f"While it ran `{_short(action)}`, {reason}.",
                "Does the code call exit, or need very much memory?",
            )
        case Unfit(action=action, reason=reason):
            return f"The test cannot work with what `{_short(action)}` gives: {reason}.", _FORM
        case OtherCount(count=count, expected=expected):
            return f"The function returns {count} values, expected {expected}.", _AS_ASKED
    return str(fault), ""


def _short(action: str) -> str:
    """An action without the name of the package before it."""
    function, bracket, arguments = action.partition("(")
    return f"{function.rsplit('.', 1)[-1]}{bracket}{arguments}" if bracket else action


def _undefined(error: Raised, problems: Sequence[str]) -> str:
    """Why a name is missing in the student's own code, where a cell that failed would define it."""
    name = re.match(r"name '(\w{1,80})' is not defined", error.message)
    return about(name[1], problems) if error.name == "NameError" and name else ""


def _advice(error: Raised) -> str:
    removed = re.search(r"module 'numpy' has no attribute '(\w{1,40})'", error.message)
    if removed and removed[1] in _REMOVED:
        return f"NumPy no longer has `np.{removed[1]}`; write `{_REMOVED[removed[1]]}`."
    missing = re.fullmatch(r"No module named '([\w.]{1,80})'", error.message)
    if error.name == "ModuleNotFoundError" and missing:
        return _missing_module(missing[1])
    renamed = re.match(r"name '(\w{1,40})' is not defined", error.message)
    if error.name == "NameError" and renamed and renamed[1] in _PYTHON_2:
        return f"This is Python 2; in Python 3, write `{_PYTHON_2[renamed[1]]}`."
    if error.is_a("SyntaxError"):
        return syntax_hint(error)
    if error.is_a("ImportError") or error.name == "AttributeError":
        return missing_here(error)
    if error.is_a("NotImplementedError"):
        return "A part that this one calls is still to be written."
    return ""


def _missing_module(name: str) -> str:
    if "." in name:
        return f"Was `{name.replace('.', '/')}.py` handed in, and is it called that?"
    return (
        f"`{name}` is not installed where submissions are graded: use NumPy and the course's own "
        "files, or hand in the file if it is yours."
    )
