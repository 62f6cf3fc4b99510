"""Whether a written answer is text with its backslashes whole."""

from __future__ import annotations

import re

# What "\alpha", "\beta", "\frac", "\vec", "\right" and "\top" begin with outside a raw string.
# A tab at the beginning of a line is somebody's indentation.
_EATEN = re.compile(r"[\a\b\f\v]|\r(?=[a-z])|(?<=\S)[ ]?\t(?=[a-z])")


def text_problem(name: str, answer: object) -> tuple[str, str]:
    """What keeps an answer from being read at all, and the way out; two empty texts if nothing.

    >>> text_problem("w", r"\\frac{1}{2}")
    ('', '')
    >>> text_problem("w", 3)[0]
    '`w` is a int, expected text.'
    """
    if not isinstance(answer, str):
        return (
            f"`{name}` is a {type(answer).__name__}, expected text.",
            f'Write it in quotes with an r before them: {name} = r"""$$ ... $$""".',
        )
    if _EATEN.search(answer):
        return (
            f"`{name}`: Python has taken a backslash for a control character.",
            f'Put an r before the quotes: {name} = r"""...""".',
        )
    return "", ""
