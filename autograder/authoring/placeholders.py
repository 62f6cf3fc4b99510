"""Placeholders in lessons: `[[= points["sgd"] ]]` is computed where it is shown. Writes no file."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import jinja2

from .errors import AuthoringError

OPENING = "[[="
FAILED = (
    "the placeholder cannot be computed ({reason}); it begins with `[[=` and ends with `]]` on "
    "the same line, and knows {names}"
)

_ONE_POINTS = re.compile(r"(?<![\d.,])1 points\b")  # the author writes the plural, and no number
_ENVIRONMENT = jinja2.Environment(
    variable_start_string=OPENING,
    variable_end_string="]]",
    block_start_string="[[%",
    block_end_string="%]]",
    comment_start_string="[[#",
    comment_end_string="#]]",
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # Markdown and Python, not HTML
)


def fill_in(text: str, values: Mapping[str, Any], *, file: str, first_line: int = 1) -> str:
    """The text with every ``[[= expression ]]`` replaced by its value.

    Raises
    ------
    AuthoringError : an expression is no expression, or asks for something that is not there.
    """
    return "\n".join(
        _fill_in_line(line, values, file, number) if OPENING in line else line
        for number, line in enumerate(text.split("\n"), start=first_line)
    )


@functools.lru_cache(maxsize=1024)  # every mutant has the lines of the reference
def _template(line: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(line)


def whole_or_not(number: float) -> float:
    """Points as people write them.

    >>> whole_or_not(2.0), whole_or_not(0.5)
    (2, 0.5)
    """
    return int(number) if number == int(number) else number


def _fill_in_line(line: str, values: Mapping[str, Any], file: str, number: int) -> str:
    try:
        return _ONE_POINTS.sub("1 point", _template(line).render(values))
    except (jinja2.TemplateError, ArithmeticError, TypeError, ValueError, LookupError) as error:
        names = ", ".join(f"`{name}`" for name in sorted(values))
        raise AuthoringError(file, number, FAILED.format(reason=error, names=names)) from error
