"""What a student's cells show, as outputs of an autograded notebook. Text and pictures, no HTML."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import nbformat
from nbgrader.utils import is_grade, is_solution  # type: ignore[import-untyped]

from autograder.adopt.showing import CellShown
from autograder.printable import encodable

_new_output: Any = nbformat.v4.new_output  # has no annotations


def cells_to_show(cells: list[Any]) -> dict[int, str]:
    """The code cells that are no test cells, by place."""
    return {
        place: cell.source
        for place, cell in enumerate(cells)
        if cell.cell_type == "code" and (is_solution(cell) or not is_grade(cell))
    }


def put_outputs(cells: list[Any], shown: dict[int, CellShown]) -> None:
    """Give cells the outputs that they have shown."""
    for place, one in shown.items():
        cells[place].outputs = list(_outputs(one))


def _outputs(shown: CellShown) -> list[Any]:
    found = []
    if shown.text:
        found.append(_new_output("stream", name="stdout", text=encodable(shown.text)))
    if shown.value:
        data = {"text/plain": encodable(shown.value)}
        found.append(_new_output("execute_result", data=data, execution_count=None))
    for picture in shown.pictures:
        data = {"image/png": b64encode(picture).decode()}
        found.append(_new_output("display_data", data=data))
    if shown.error:
        found.append(_new_output("stream", name="stderr", text=encodable(shown.error) + "\n"))
    return found
