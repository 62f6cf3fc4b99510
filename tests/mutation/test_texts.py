"""The texts of Python in files."""

from __future__ import annotations

import json

from autograder.mutation import CodeText, texts_of, with_text

NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "markdown", "source": ["# Title"]},
            {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
            {"cell_type": "code", "source": "c = 3"},
        ]
    }
).encode()


def test_a_module_is_one_text() -> None:
    (text,) = texts_of("nn/layers.py", b"a = 1\n")
    assert text == CodeText(path="nn/layers.py", cell=None, text="a = 1\n")
    assert text.name == "nn/layers.py"
    assert with_text(b"a = 1\n", text, "a = 2\n") == b"a = 2\n"


def test_a_notebook_has_a_text_for_each_code_cell() -> None:
    first, second = texts_of("n.ipynb", NOTEBOOK)
    assert (first.name, first.text) == ("n.ipynb[1]", "a = 1\nb = 2")
    assert (second.name, second.text) == ("n.ipynb[2]", "c = 3")


def test_a_cell_is_put_in_its_place() -> None:
    first, second = texts_of("n.ipynb", NOTEBOOK)
    changed = with_text(NOTEBOOK, second, "c = 4\nd = 5")
    assert [text.text for text in texts_of("n.ipynb", changed)] == [first.text, "c = 4\nd = 5"]


def test_other_files_have_no_text() -> None:
    assert list(texts_of("data.npz", b"\0")) == []
