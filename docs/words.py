"""Writes `words.md`, the reference of the words for checks, from docstrings. Judges nothing.

`python docs/words.py` writes the page anew; a test holds it to the docstrings.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder import judging

PAGE = Path(__file__).with_suffix(".md")
OPENING = """\
# Words for checks

What a hidden test may use, out of `autograder.judging`. This page is written by
`python docs/words.py` from the docstrings, and every example on it is run by the tests. How to put
the words together is in [write a check](write-a-check.md); what *judge*, *worker* and *finding*
mean is in the [glossary](glossary.md).

`got` is always what came back from the student: a plain value, or a `Remote`, which stands for an
object that stays in the worker until its value is fetched.
"""
_LISTED = re.compile(r"^    (\w+)? +([\w, ]+?)(?::.*)?$", re.MULTILINE)
_HEADING = re.compile(r"^(\w+)\n-+\n", re.MULTILINE)
_QUOTED = re.compile(r"(: |-> )'([^']*)'")  # annotations are strings, written out
_ENTRY = re.compile(r"(?P<name>[\w, ]+) : (?P<text>.*)", re.DOTALL)


def page() -> str:
    """The whole page, as Markdown."""
    parts = [OPENING, *(_room(module, names) for module, names in words().items())]
    return "\n".join(parts)


def words() -> dict[str, list[str]]:
    """The words by module, as the door of `autograder.judging` lists them."""
    found: dict[str, list[str]] = {}
    module = ""
    for named, listed in _LISTED.findall(judging.__doc__ or ""):
        module = named or module
        found.setdefault(module, []).extend(listed.split(", "))
    return found


def _room(name: str, words: Sequence[str]) -> str:
    """A section for one module: what it is for, and its words."""
    module = importlib.import_module(f"autograder.judging.{name}")
    about = _text(inspect.getdoc(module) or "")
    found = [_word(word, getattr(module, word)) for word in words]
    return "\n".join([f"## autograder.judging.{name}\n", f"{about}\n", *found])


def _word(name: str, thing: Any) -> str:
    """One word: its signature, and its docstring section by section."""
    body, *sections = _HEADING.split(inspect.getdoc(thing) or "")
    parts = [f"### `{name}`", _code(_signature(name, thing)), _text(body)]
    for heading, content in zip(sections[::2], sections[1::2], strict=True):
        parts.append(f"**{heading}**")
        parts.append(_section(heading, content.strip()))
    return "\n\n".join(parts) + "\n"


def _section(heading: str, content: str) -> str:
    if heading == "Examples":
        return _code(content)
    if heading == "Returns":
        return _text(content)
    return "\n".join(_entries(content))


def _entries(content: str) -> Iterator[str]:
    """`name : description` as a list; a description may go on in indented lines."""
    for entry in re.split(r"\n(?! )", content):
        match = _ENTRY.fullmatch(entry)
        assert match is not None, f"no `name : description`: {entry!r}"
        names = ", ".join(f"`{name}`" for name in match["name"].split(", "))
        yield f"- {names}: {_text(' '.join(match['text'].split()))}"


def _signature(name: str, thing: Any) -> str:
    """The call, on one line where it fits and with one parameter a line where not."""
    if inspect.isclass(thing) and issubclass(thing, Exception) and "__init__" not in vars(thing):
        return f"class {name}(Exception)"
    quoted = f"{name}{inspect.signature(thing)}"
    short = (
        _QUOTED.sub(r"\1\2", quoted)
        .replace("''", '""')
        .replace("<factory>", "...")
        .removesuffix(" -> None")
    )
    if len(short) <= 88:
        return short
    given, _, result = short.removeprefix(f"{name}(").rpartition(")")
    lines = [f"    {one}," for one in _split(given)]
    return "\n".join([f"{name}(", *lines, f"){result}"])


def _split(parameters: str) -> list[str]:
    """A list of parameters at the commas that are not within brackets."""
    found, depth = [""], 0
    for sign in parameters:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [one.strip() for one in found]


def _text(text: str) -> str:
    """Prose of a docstring in Markdown."""
    return text.strip().replace("``", "`")


def _code(text: str) -> str:
    return f"```python\n{text}\n```"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
