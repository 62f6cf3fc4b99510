"""Which passage of a text is marked: whole commands with their braces. Knows no errors."""

from __future__ import annotations

MARGIN = 18
LONGEST = 24  # no command is longer


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    r"""The passage from `start` to `end`, widened so that no command and no brace is cut.

    >>> text = r"\mathbf{w} + \vec x"
    >>> [text[slice(*whole(text, *place))] for place in ((8, 9), (14, 17), (18, 19))]
    ['\\mathbf{w}', '\\vec', '\\vec x']
    """
    while True:
        wider = _one_step(text, start, end)
        if wider == (start, end):
            return start, end
        start, end = wider


def _one_step(text: str, start: int, end: int) -> tuple[int, int]:
    if _is_letter(text[start : start + 1]) and (inside := _command_start(text, start)) < start:
        return inside, end
    if _is_letter(text[end : end + 1]) and _command_start(text, end) < end:
        return start, _letters_end(text, end)
    passage = text[start:end]
    if passage.count("{") > passage.count("}") and (closing := text.find("}", end)) >= 0:
        return start, closing + 1
    if passage.count("}") > passage.count("{") and (opening := text.rfind("{", 0, start)) >= 0:
        return opening, end
    return _with_command(text, start, end)


def _with_command(text: str, start: int, end: int) -> tuple[int, int]:
    """With the command whose whole argument the passage is: \\mathbf{w}, \\vec x."""
    before = text[:start].rstrip(" ")
    if before.endswith("{") and text[end : end + 1] == "}":
        command = _command_start(text, len(before) - 1)
        if text[command + 1 : len(before) - 1] in TAKES:
            return command, end + 1
    takes = _command_start(text, len(before))
    name = text[takes + 1 : len(before)]
    return (takes, end) if takes < len(before) and name in TAKES else (start, end)


TAKES = {"mathbf", "vec", "hat", "bar", "tilde", "boldsymbol", "bm", "mathbb", "mathrm", "mathcal",
         "mathit", "dot", "bold", "widehat", "overline", "underline", "text"}  # fmt: skip


def _is_letter(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _command_start(text: str, at: int) -> int:
    """Where the command begins whose name ends at or goes on behind `at`; `at` for none."""
    place = at
    while place and at - place < LONGEST and _is_letter(text[place - 1]):
        place -= 1
    return place - 1 if place and text[place - 1] == "\\" and place < at + 1 else at


def _letters_end(text: str, at: int) -> int:
    while _is_letter(text[at : at + 1]):
        at += 1
    return at


def surroundings(text: str, start: int, end: int) -> tuple[int, int]:
    r"""How far the text around a passage is shown: a few characters, and commands as a whole.

    >>> text = r"\left(X^TX + \lambda I\right)^{-1} X^T y"
    >>> first, last = surroundings(text, 24, 33)
    >>> text[first:24], text[33:last]
    ('X^TX + \\lambda I\\r', '} X^T y')
    """
    first, last = max(0, start - MARGIN), min(len(text), end + MARGIN)
    begun = _command_start(text, first) if _is_letter(text[first : first + 1]) else first
    ended = _letters_end(text, last) if _command_start(text, last) < last else last
    return begun, ended
