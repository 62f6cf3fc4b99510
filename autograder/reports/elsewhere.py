"""One check as HTML inside the pages of others: nbgrader's feedback, and Gradescope's tests.

Everything is escaped, and nothing runs. What each of them keeps of HTML decides how much is given.
"""

from __future__ import annotations

import msgspec

from autograder.exhibit import Exhibit
from autograder.results import CheckResult

from .rendering import embedded, render
from .student_checks import shown_check, tryout_name

MOST_CALL = 16_000  # characters of a call that is shown inside a page


def fragment(result: CheckResult, *, try_again: bool = False) -> str:
    """What stands beside a finding, for a page that shows HTML and SVG as they are; or nothing.

    The finding itself is left out: nbgrader shows it as text.

    Parameters
    ----------
    try_again : whether the call that failed is handed out.
    """
    exhibit, call = _exhibit(result), _call(result, try_again)
    pictures = msgspec.structs.replace(exhibit, tryout="", no_tryout="")
    if pictures == Exhibit() and not call:
        return ""
    return render(
        "fragment.html",
        check=shown_check(result),
        call=call,
        name=tryout_name(result.id),
        exhibit_style=embedded("exhibit.css"),
    )


def plain(result: CheckResult, *, state: str = "", try_again: bool = False) -> str:
    """The finding and what stands beside it, in HTML without style, script or inline SVG.

    Pictures are PNG or tables. A formula is LaTeX, for a typeset one would fall apart where its
    elements are removed.

    Parameters
    ----------
    state : how the check ended, where that has to be said.
    try_again : as for `fragment`.
    """
    understood = _exhibit(result).understood
    return render(
        "plain.html",
        check=shown_check(result),
        state=state,
        read=understood.latex if understood else "",
        call=_call(result, try_again),
        name=tryout_name(result.id),
    )


def _exhibit(result: CheckResult) -> Exhibit:
    return Exhibit() if result.exhibit is msgspec.UNSET else result.exhibit


def _call(result: CheckResult, try_again: bool) -> str:
    """The call that failed, where it is handed out and is no longer than a page can take."""
    call = _exhibit(result).tryout if try_again else ""
    return call if len(call) <= MOST_CALL else ""
