"""Is the list of words for hidden tests complete, and does every word in it exist?"""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

from autograder import checks, judging

LISTED = re.compile(r"^    (\w+)? +([\w, ]+?)(?::.*)?$", re.MULTILINE)


def words() -> dict[str, set[str]]:
    """The words in the list, by module."""
    found: dict[str, set[str]] = {}
    module = ""
    for named, listed in LISTED.findall(judging.__doc__ or ""):
        module = named or module
        found.setdefault(module, set()).update(listed.split(", "))
    return found


ALIASES = {"Inputs"}  # of a type, which has no docstring


def used() -> dict[str, set[str]]:
    """The words of `judging` that the course's own hidden tests import, by module."""
    found: dict[str, set[str]] = {}
    for path in Path(checks.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                package, _, module = node.module.rpartition(".")
                if package == "autograder.judging":
                    found.setdefault(module, set()).update(alias.name for alias in node.names)
    return found


def test_every_word_in_the_list_exists() -> None:
    assert len(words()) > 5
    for module, listed in words().items():
        there = vars(importlib.import_module(f"autograder.judging.{module}"))
        assert listed <= there.keys(), module


def test_no_word_is_missing_in_the_list() -> None:
    for module, imported in used().items():
        there = importlib.import_module(f"autograder.judging.{module}")
        public = {word for word in imported if callable(getattr(there, word))} - ALIASES
        assert public <= words().get(module, set()), module
