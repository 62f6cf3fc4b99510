"""Master notebooks of `otter assign`, written for these tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Cell = tuple[str, str, str]  # kind, source, output


def raw(source: str) -> Cell:
    return "raw", source, ""


def code(source: str, output: str = "") -> Cell:
    return "code", source, output


def question(
    name: str, solution: str, tests: Sequence[Cell], more: str = "", prompt: str = ""
) -> list[Cell]:
    """A question with one solution cell."""
    asked = f"# BEGIN QUESTION\nname: {name}\n{more}"
    prompts = [raw("# BEGIN PROMPT"), code(prompt), raw("# END PROMPT")] if prompt else []
    tested = [raw("# BEGIN TESTS"), *tests, raw("# END TESTS")] if tests else []
    return [
        raw(asked),
        ("markdown", f"**Question {name}**", ""),
        *prompts,
        raw("# BEGIN SOLUTION"),
        code(solution),
        raw("# END SOLUTION"),
        *tested,
        raw("# END QUESTION"),
    ]


def notebook(cells: Sequence[Cell], language: str = "python") -> bytes:
    """The cells as a notebook."""
    metadata = {"kernelspec": {"name": language, "language": language, "display_name": language}}
    made = [_cell(*cell) for cell in cells]
    data = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(data).encode()


def _cell(kind: str, source: str, output: str) -> Mapping[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    if kind != "code":
        return cell
    shown: list[Any] = []
    if output:
        data = {"text/plain": output}
        shown = [{"output_type": "execute_result", "data": data, "metadata": {}}]
    return cell | {"outputs": shown, "execution_count": None}


CONFIG = raw("# ASSIGNMENT CONFIG\ngenerate: true\nfiles:\n    - data.csv")
SETUP = code("import numpy as np")
SQUARE = question(
    "q1",
    "def square(x):\n    return x**2  # SOLUTION",
    [
        code("square(3)", "9"),
        code("# HIDDEN\nsquare(7)", "49"),
        code("np.isclose(square(0.5), 0.25)", "True"),
    ],
    more="points: 3",
)
FIRST = question(
    "q2",
    "def first(xs):\n    # BEGIN SOLUTION\n    return xs[0]\n    # END SOLUTION\n",
    [
        code("assert first([5, 6]) == 5"),
        code(
            '""" # BEGIN TEST CONFIG\nhidden: true\nfailure_message: Any sequence has a first.\n'
            '""" # END TEST CONFIG\nassert first("otter") == "o"'
        ),
    ],
    more="points: 2\nall_or_nothing: true",
)
TOTAL = question(
    "q3",
    "total = sum(square(n) for n in range(4))  # SOLUTION",
    [code("print(total)\nprint(first([total]))", "")],
)
WHY = question("q4", "", [], more="manual: true\npoints: 4")
MASTER = [CONFIG, SETUP, *SQUARE, *FIRST, *WHY]
