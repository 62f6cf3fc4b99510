"""The given files as students have them: the solved folder of `fully_connected_nets`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from autograder.assignment import load_assignment
from autograder.authoring import reference_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assignment's folder with its solutions."""
    folder = tmp_path_factory.mktemp("solved")
    for path, data in reference_files(load_assignment("fully_connected_nets")).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def nn(folder: Path) -> Iterator[ModuleType]:
    """The package `nn`, whose modules are imported by name where they are needed."""
    sys.path.insert(0, str(folder))
    for name in (
        "solver",
        "data_utils",
        "gradient_check",
        "vis_utils",
        "hand_in",
        "saved_state",
        "classifiers.fc_net",
    ):
        importlib.import_module(f"nn.{name}")
    yield importlib.import_module("nn")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "nn"]:
        del sys.modules[name]
