"""Is the reference of the words for checks what the docstrings give?"""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_current() -> None:
    spec = importlib.util.spec_from_file_location("words", DOCS / "words.py")
    assert spec is not None
    assert spec.loader is not None
    words = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(words)
    page = (DOCS / "words.md").read_text(encoding="utf-8")
    assert words.page() == page, "docs/words.md is old: run `python docs/words.py`"
