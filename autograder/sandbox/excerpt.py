"""A student's exception as data: its type, its message and the student's own line."""

from __future__ import annotations

import traceback

from .messages import Raised

MAX_MESSAGE = 2000
MAX_LINE = 300
MAX_BASES = 10
_PLAIN = (SyntaxError, IndentationError, TabError)


def raised(error: BaseException, folder: str) -> Raised:
    """Describe `error` by the innermost frame of a file in `folder` or of a notebook cell."""
    file, line, text = _own_line(error, folder)
    name, *bases = (kind.__name__ for kind in type(error).__mro__[:MAX_BASES])
    return Raised(name, _message(error), file, line, text[:MAX_LINE], tuple(bases))


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and type(error) in _PLAIN and isinstance(error.msg, str):
        return error.msg[:MAX_MESSAGE]  # its text would name the place once more
    try:
        return str(error)[:MAX_MESSAGE]
    except Exception:  # a student's exception may define __str__ as it likes
        return "(its message cannot be shown)"


def _own_line(error: BaseException, folder: str) -> tuple[str, int, str]:
    if isinstance(error, SyntaxError) and error.filename:
        return _file(error.filename, folder), error.lineno or 0, (error.text or "").strip()
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_own(frame.filename, folder)]
    if not own:
        return "", 0, ""
    last = own[-1]
    return _file(last.filename, folder), last.lineno or 0, (last.line or "").strip()


def _is_own(filename: str, folder: str) -> bool:
    return filename.startswith(folder) or "ipython-input" in filename or "ipykernel" in filename


def _file(filename: str, folder: str) -> str:
    return filename[len(folder) :].lstrip("/") if filename.startswith(folder) else "a notebook cell"
