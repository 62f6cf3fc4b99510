"""What an author is told: one error with its file and line. Knows nothing of ours."""

from __future__ import annotations

from autograder.errors import UserError


class AuthoringError(UserError, ValueError):
    """Something in a source is wrong; `str` gives ``file:line: message``.

    >>> print(AuthoringError("solutions/a/lessons/a.py", 3, "a cell has no body"))
    solutions/a/lessons/a.py:3: a cell has no body
    """

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(file, line, message)
        self.file = file
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"
