"""Whether a written answer is text with its backslashes whole."""

from __future__ import annotations

from string import ascii_lowercase

# What "\alpha", "\beta", "\frac" and "\vec" begin with outside a raw string; "\right" and "\top"
# begin with what may stand in a text for itself.
_NEVER_MEANT = frozenset("\a\b\f\v")


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
    if any(_is_eaten(answer, place) for place, sign in enumerate(answer) if sign < " "):
        return (
            f"`{name}`: Python has taken a backslash for a control character.",
            f'Put an r before the quotes: {name} = r"""...""".',
        )
    return "", ""


def _is_eaten(text: str, place: int) -> bool:
    """Whether the control character there was a backslash and a letter once."""
    sign, following = text[place], text[place + 1 : place + 2]
    if sign in _NEVER_MEANT:
        return True
    if sign not in "\r\t" or not following or following not in ascii_lowercase:
        return False
    before = text[max(0, place - 2) : place].removesuffix(" ")[-1:]
    # A tab at the beginning of a line, or behind spaces, is somebody's indentation.
    return sign == "\r" or bool(before.strip())
