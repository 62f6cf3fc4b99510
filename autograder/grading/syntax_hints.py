"""Why Python cannot read a student's line: odd characters, and another Python than the grader's.

What is stated as a fact was looked up in the line itself; the rest asks.
"""

from __future__ import annotations

import re
import sys
import unicodedata

from autograder.sandbox.messages import Raised
from autograder.syntax import parse

HERE = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
UNREAD = "Python cannot read the {what}, so nothing in it counts until this line is mended."
PRINT = "This is Python 2; in Python 3, print is a function: `print(x)`."
EXEC = "This is Python 2; in Python 3, exec is a function: `exec(text)`."
INVISIBLE = (
    "There is an invisible character {place}: U+{code} ({name}). Delete it{instead}. Such"
    " characters come with text that was copied from a web page or a PDF."
)
ODD = (
    "Python cannot read the character `{char}` {place}: U+{code} ({name}). Type {instead} on the"
    " keyboard in its place."
)
AFTER, FIRST = "after `{before}`", "at the beginning of the line"
AT_AN_END = "at the beginning or the end of the line"  # where the line is shown without it
NEWER = (
    "This line needs Python {needed} or newer ({what}), and submissions are graded with {here}."
    " Write it so that {here} can read it."
)
F_STRINGS = "for the quotes, backslash or comment within the braces of an f-string"
F_STRING = (
    "Submissions are graded with {here}. Are there quotes, backslashes or a comment within the"
    " braces of an f-string? There, Python before 3.12 allows only other quotes than around it."
)
NOT_YET = "Submissions are graded with {here}, whose `{module}` has no `{name}`."

_CODE = re.compile(r"invalid (?:non-printable )?character .*?\(?U\+([0-9A-F]{4,6})\)?$")
_SPACES = {"Zs", "Zl", "Zp"}
_FOR = {
    **dict.fromkeys("−–—‐‑‒―﹣", "-"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′´`", "'"),
    "×": "*", "·": "*", "∗": "*", "⋅": "*", "÷": "/", "∕": "/", "…": "...",
    "≤": "<=", "≥": ">=", "≠": "!=", "²": "**2", "³": "**3", "→": "->",
}  # fmt: skip
_NEEDS = (
    ((3, 12), "type parameters", re.compile(r"(?:async\s+)?(?:def|class)\s+\w+\s*\[")),
    ((3, 12), "`type` statements", re.compile(r"type\s+\w+\s*(?:\[.*\]\s*)?=(?!=)")),
    ((3, 14), "template strings", re.compile(r".*?(?<![\w'\"])(?:t|rt|tr)(?P<q>['\"]).*(?P=q)")),
)
_WIDE = re.compile(r"(?i)(?<![\w'\"])(?:f|fr|rf)('''|\"\"\"|'|\")")


def syntax_hint(error: Raised, *, what: str = "file") -> str:
    """What to do about an error that came up while Python read a file or another source."""
    if error.message.startswith("Missing parentheses in call to 'print'"):
        return PRINT
    if error.message.startswith("Missing parentheses in call to 'exec'"):
        return EXEC
    if odd := _CODE.match(error.message):
        return _about_character(chr(int(odd[1], 16)), error.text)
    return _newer(error) or UNREAD.format(what=what)


def missing_here(error: Raised) -> str:
    """That a module of Python's own has no such name in the Python that grades; or nothing."""
    patterns = (
        r"cannot import name '(?P<name>\w{1,80})' from '(?P<module>[\w.]{1,80})'",
        r"module '(?P<module>[\w.]{1,80})' has no attribute '(?P<name>\w{1,80})'",
    )
    found = next((m for p in patterns if (m := re.match(p, error.message))), None)
    if found is None or found["module"].partition(".")[0] not in sys.stdlib_module_names:
        return ""
    return NOT_YET.format(here=HERE, module=found["module"], name=found["name"])


def _about_character(char: str, line: str) -> str:
    code = f"{ord(char):04X}"
    name = unicodedata.name(char, "a character without a name").lower()
    place = _place(char, line)
    if char.isprintable():
        ascii_form = _FOR.get(char) or unicodedata.normalize("NFKC", char)
        instead = f"`{ascii_form}`" if ascii_form.isascii() else "what you mean"
        return ODD.format(place=place, char=char, code=code, name=name, instead=instead)
    space = unicodedata.category(char) in _SPACES
    instead = ", and type an ordinary space if one is needed" if space else ""
    return INVISIBLE.format(place=place, code=code, name=name, instead=instead)


def _place(char: str, line: str) -> str:
    before, there, _ = line.partition(char)
    if not there:
        return AT_AN_END
    return AFTER.format(before=before[-30:].strip()) if before.strip() else FIRST


def _newer(error: Raised) -> str:
    """That a line is of a newer Python than the one that grades; or nothing."""
    for needed, what, pattern in _NEEDS:
        if sys.version_info < needed and pattern.match(error.text):
            version = ".".join(map(str, needed))
            return NEWER.format(here=HERE, what=what, needed=version)
    if sys.version_info < (3, 12) and _WIDE.search(error.text):
        if _reads(_without_fields(error.text)):
            return NEWER.format(here=HERE, what=F_STRINGS, needed="3.12")
        if error.message.startswith("f-string"):
            return F_STRING.format(here=HERE)
    return ""


def _without_fields(line: str) -> str:
    """The line with `{0}` for whatever stands in braces of an f-string, as Python 3.12 reads it.

    >>> _without_fields("return f'{d['a']} of {n}', f'{'\\\\n'.join(x)}'")
    "return f'{0} of {0}', f'{0}'"
    """
    done, place = [], 0
    while opening := _WIDE.search(line, place):
        quote, start = opening[1], opening.end()
        done.append(line[place:start])
        place = start
        while place < len(line) and not line.startswith(quote, place):
            if line[place] == "{" and not line.startswith("{{", place):
                place = _end_of_field(line, place)
                done.append("{0}")
            else:
                width = 2 if line.startswith(("{{", "}}", "\\"), place) else 1
                done.append(line[place : place + width])
                place += width
        done.append(line[place : place + len(quote)])
        place += len(quote)
    return "".join([*done, line[place:]])


def _end_of_field(line: str, start: int) -> int:
    """Where the braces end that begin at `start`, whatever quotes are in them."""
    depth = 0
    for place in range(start, len(line)):
        depth += (line[place] == "{") - (line[place] == "}")
        if not depth:
            return place + 1
    return len(line)


def _reads(line: str) -> bool:
    """Whether Python reads a line, which may open a block."""
    for ending in ("", "\n    pass"):
        try:
            parse(line + ending)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return True
    return False
