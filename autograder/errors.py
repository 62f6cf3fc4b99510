"""What a user can mend, by one base class; and ends of the program that are none."""

from __future__ import annotations


class UserError(Exception):
    """Something outside of the grader is wrong; the message says what, and the way out.

    The command line prints the message alone and ends with exit code 2. Anything else that is
    raised is a bug of the grader.
    """


class GraderEnds(SystemExit):
    """The grader's own process was told to end; nothing in between may stop it."""


class ExitError(RuntimeError):
    """A hidden test, or its module, calls `sys.exit` or the like."""


def exit_error(error: SystemExit) -> ExitError:
    """What to raise instead of the end of the program, which would look as if all were well.

    It keeps the traceback, which leads to the line that is at fault.

    Raises
    ------
    GraderEnds : it was that, and goes on its way.
    """
    if isinstance(error, GraderEnds):
        raise error
    said = f"{error!r} would end the grader; a hidden test may not do that"
    return ExitError(said).with_traceback(error.__traceback__)
