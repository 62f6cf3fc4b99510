"""What a user can mend: the one base of every error whose message says what to do."""

from __future__ import annotations


class UserError(Exception):
    """Something outside of the grader is wrong; the message says what, and the way out.

    The command line prints the message alone and ends with exit code 2. Anything else that is
    raised is a bug of the grader.
    """
