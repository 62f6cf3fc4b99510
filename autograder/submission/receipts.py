"""Whose a Blackboard download is, by the receipts in it: its names do not say where an id begins.

In ``HW_1_j_doe_attempt_…`` either part may have a ``_``. A receipt is a text that Blackboard adds
to each attempt, and begins with ``Name: Jane Doe (j_doe)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .platforms import Names
from .trees import Tree, UnreadableError

_ATTEMPT = "_attempt_"
_FIRST_LINE = 500
_USER = re.compile(r"[^\n]*:[^\n]*\(([^()\n]+)\)\s*")


def by_receipts(tree: Tree, names: Names) -> Names:
    """The same names, with the id of the receipt wherever the name ends with it."""
    users = dict(_users(tree, names))
    return {
        name: replace(named, person=users.get(_head(name), named.person))
        for name, named in names.items()
    }


def _users(tree: Tree, names: Names) -> Iterator[tuple[str, str]]:
    for name, named in names.items():
        match = _USER.fullmatch(_first_line(tree, name)) if named.text else None
        if match and _head(name).endswith(f"_{match[1]}"):
            yield _head(name), match[1]


def _head(name: str) -> str:
    return name.partition(_ATTEMPT)[0]


def _first_line(tree: Tree, name: str) -> str:
    try:
        text = tree.entry(name).read(_FIRST_LINE).decode("utf-8-sig", "replace")
    except UnreadableError:
        return ""
    return next(iter(text.splitlines()), "")
