"""A student's slip, made in the solved notebook, and what the visible checks say of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from autograder.assignment import load_assignment
from autograder.authoring import reference_files, run_notebook

NOTEBOOKS = {
    "least_squares": "least_squares.ipynb",
    "linearized_features": "linearized_features.ipynb",
    "pca_kmeans": "pca_kmeans.ipynb",
    "fully_connected_nets": "fully_connected_nets.ipynb",
    "mnist_numpy": "mnist_numpy.ipynb",
    "modular_nets": "mlp.ipynb",
}


@dataclass(frozen=True)
class Slip:
    """A mistake by two texts of a released module, the check that catches it, and its words."""

    name: str
    assignment: str
    module: str
    right: str
    wrong: str
    check: str
    says: str
    never: tuple[str, ...] = ()
    notebook: str = ""


def expect_named(slip: Slip) -> None:
    """The check that it names catches the slip, and says so."""
    files = dict(_solved(slip.assignment))
    text = files[slip.module].decode()
    assert text.count(slip.right) == 1
    files[slip.module] = text.replace(slip.right, slip.wrong).encode()
    notebook = slip.notebook or NOTEBOOKS[slip.assignment]
    ran = run_notebook(files, notebook)
    cell = json.loads(files[notebook])["cells"][ran.cell]
    assert cell["metadata"]["nbgrader"]["grade_id"] == slip.check, ran.problem
    assert slip.says in ran.problem
    assert not [text for text in slip.never if text in ran.problem]


@cache
def _solved(slug: str) -> dict[str, bytes]:
    return reference_files(load_assignment(slug))
