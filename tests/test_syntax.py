"""Can several threads parse at once?"""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder import syntax


def test_threads_do_not_disturb_each_other() -> None:
    source = Path(ast.__file__).read_text(encoding="utf-8")
    expected = ast.dump(ast.parse(source))
    with ThreadPoolExecutor(4) as threads:
        assert all(ast.dump(tree) == expected for tree in threads.map(syntax.parse, [source] * 12))


def test_what_is_not_python_raises() -> None:
    with pytest.raises(SyntaxError):
        syntax.parse("def f(:")
