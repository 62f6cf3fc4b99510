"""An answer in words that stands beside its cell is found there, and nothing else is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.grading.nearby_text import nearby_text

QUESTION = "Why does the loss fall?\nOne sentence."
OPEN = "*Write here.*"


def markdown(source: str, id: str = "") -> dict[str, Any]:
    marks = {"nbgrader": {"grade_id": id}} if id else {}
    return {"cell_type": "markdown", "metadata": marks, "source": source}


def cell(kind: str, source: str) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


def notebook(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"cells": list(cells)}).encode()


ANSWER, AFTER = markdown(OPEN, "why"), cell("code", "train()")
RELEASE = notebook(markdown(QUESTION), ANSWER, AFTER, markdown("The end."))
OWN = "The gradient points uphill."


@pytest.mark.parametrize(
    "new",
    [
        markdown(OWN),
        cell("raw", OWN),
        cell("code", OWN),
        cell("code", f"# {OWN}"),
        cell("code", f'"""{OWN}"""'),
    ],
    ids=["markdown", "raw", "no-python", "comment", "text"],
)
def test_a_new_cell_below_or_above_is_the_answer(new: dict[str, Any]) -> None:
    below = notebook(markdown(QUESTION), ANSWER, new, AFTER, markdown("The end."))
    above = notebook(markdown(QUESTION), new, ANSWER, AFTER, markdown("The end."))
    assert nearby_text(below, RELEASE, "why") == OWN
    assert nearby_text(above, RELEASE, "why") == OWN


def test_an_answer_in_the_cell_of_the_question() -> None:
    asked = markdown(f"{QUESTION}\n\n{OWN}")
    assert nearby_text(notebook(asked, ANSWER, AFTER), RELEASE, "why") == OWN


def test_several_cells_are_one_answer() -> None:
    found = notebook(markdown(QUESTION), ANSWER, markdown("One."), markdown("Two."), AFTER)
    assert nearby_text(found, RELEASE, "why") == "One.\n\nTwo."


@pytest.mark.parametrize(
    "cells",
    [
        (markdown(QUESTION), ANSWER, AFTER),
        (markdown(QUESTION), ANSWER, cell("code", "plot(losses)"), AFTER),
        (markdown(QUESTION), ANSWER, markdown(" \n"), AFTER),
        (markdown(QUESTION), ANSWER, AFTER, markdown("About something else.")),
        (markdown(QUESTION), AFTER, markdown(OWN)),
    ],
    ids=["nothing", "code", "blank", "behind-the-next-cell", "no-cell"],
)
def test_what_is_no_answer(cells: tuple[dict[str, Any], ...]) -> None:
    assert nearby_text(notebook(*cells), RELEASE, "why") == ""


def test_what_is_no_notebook() -> None:
    assert nearby_text(b"[[[[", RELEASE, "why") == nearby_text(b"{}", RELEASE, "why") == ""
