"""What the README of `fully_connected_nets` says of a course's own files."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from autograder.assignment import load_assignment


def test_digits_of_a_csv_table_become_the_data_of_the_notebook(
    nn: ModuleType, tmp_path: Path
) -> None:
    readme = (load_assignment("fully_connected_nets").release / "README.md").read_text("utf-8")
    call = 'split_and_scale(*read_mnist_csv("mnist_train.csv"), 4000, 1000, 3000)'
    assert call in readme
    files = importlib.import_module("nn.course_files")
    utils = importlib.import_module("nn.data_utils")
    table = tmp_path / "mnist_train.csv"
    table.write_text("".join(f"{n % 10}" + f",{n}" * 784 + "\n" for n in range(10)))
    data = utils.split_and_scale(*files.read_mnist_csv(table), 5, 3, 2)
    assert data["X_train"].shape == (5, 1, 28, 28)
    assert data["X_val"].shape == (3, 1, 28, 28)
    assert sorted([*data["y_train"], *data["y_val"], *data["y_test"]]) == list(range(10))
