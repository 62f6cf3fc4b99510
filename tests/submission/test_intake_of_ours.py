"""Real assignments as students hand them in: each case keeps the marks that its work deserves.

Made from the reference solutions, so they follow the assignments.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import load_assignment, parts_of
from autograder.authoring import reference_files, release_files
from autograder.sandbox.levels import LEVELS

pytestmark = pytest.mark.long

LEVEL = next(level.name for level in LEVELS if not level.why_not())
Files = dict[str, bytes]
Edit = Callable[[list[dict[str, Any]]], object]


def edited(notebook: bytes, edit: Edit) -> bytes:
    """A notebook after a change of its list of cells."""
    data = json.loads(notebook)
    for cell in data["cells"]:
        cell["source"] = "".join(cell["source"])
    edit(data["cells"])
    return json.dumps(data).encode()


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def cell(cells: list[dict[str, Any]], text: str) -> dict[str, Any]:
    """The first cell that has a text in it."""
    return next(cell for cell in cells if text in cell["source"])


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, dict[str, Files]], Any]:
    """Grade students of one assignment by the command: student -> what its JSON says."""

    def grade(slug: str, students: dict[str, Files]) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp("class")
        for student, files in students.items():
            for path, data in files.items():
                (folder / student / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / student / path).write_bytes(data)
        words = ["grade", slug, str(folder), f"--out={folder}-grades", f"--sandbox={LEVEL}"]
        result = CliRunner().invoke(cli.app, [*words, "--jobs=1", "--seed=1"])
        assert result.exit_code == 0, result.output
        out = Path(f"{folder}-grades") / slug
        found = {name: json.loads((out / f"{name}.json").read_bytes()) for name in students}
        return found | {"": result.stdout}

    return grade


def result(report: Any, check: str) -> Any:
    return next(found for found in report["checks"] if found["id"] == check)


def test_linearized_features(graded) -> None:
    slug, name = "linearized_features", "linearized_features.ipynb"
    assignment = load_assignment(slug)
    right, released = reference_files(assignment), release_files(assignment)
    own = {path: right[path] for path in assignment.editable}
    modules = {path: data for path, data in own.items() if path != name}
    handed_out = edited(released[name], len)
    open_answer = next(
        found["source"]
        for found in json.loads(handed_out)["cells"]
        if found["metadata"].get("nbgrader", {}).get("grade_id") == "what_changed"
    )

    def answer_below(cells: list[dict[str, Any]]) -> None:
        place = next(
            place
            for place, found in enumerate(cells)
            if found["metadata"].get("nbgrader", {}).get("grade_id") == "what_changed"
        )
        text = cells[place]["source"].removeprefix(open_answer)
        cells.insert(place + 1, {"cell_type": "markdown", "metadata": {}, "source": text})
        cells[place]["source"] = open_answer

    def many_outputs(cells: list[dict[str, Any]]) -> None:
        first = next(found for found in cells if found["cell_type"] == "code")
        text = ["x" * 1000 + "\n"] * 40_000
        first["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]

    found = graded(
        slug,
        {
            "zip-beside": {name: own[name], "submission.zip": zipped(own)},
            "copy-beside": modules | {name: released[name], name.replace(".", " (1)."): own[name]},
            "text-below": modules | {name: edited(own[name], answer_below)},
            "40-megabytes": modules | {name: edited(own[name], many_outputs)},
            "40-megabytes-zipped": {
                "all.zip": zipped(modules | {name: edited(own[name], many_outputs)})
            },
        },
    )
    scores = {student: report["score"] for student, report in found.items() if student}
    assert scores == dict.fromkeys(scores, 36.0)
    (part,) = found["text-below"]["manual"]
    (usual,) = found["zip-beside"]["manual"]
    assert (part["answered"], part["beside"]) == (True, True)
    assert part["suggested"] == usual["suggested"] == 3
    assert part["summary"] == (
        "The answer stands beside its own cell, which is as it was handed out. " + usual["summary"]
    )


def test_fully_connected_nets(graded) -> None:
    slug, name = "fully_connected_nets", "fully_connected_nets.ipynb"
    right = reference_files(load_assignment(slug))
    own = {path: right[path] for path in load_assignment(slug).editable}

    def missing(cells: list[dict[str, Any]]) -> None:
        imports = cell(cells, "import matplotlib.pyplot as plt")
        imports["source"] = (
            "import torch\nimport pandas as pd\nfrom tqdm.notebook import tqdm\n"
            "import itertools, collections.abc\n" + imports["source"]
        )
        solved = cell(cells, "train_test_gap =")
        solved["source"] += "\nassert itertools and collections"

    def sets(cells: list[dict[str, Any]]) -> None:
        choice = cell(cells, "train_test_gap =")
        choice["source"] += "\ntrain_test_gap = {np.int64(one) for one in train_test_gap}"

    def switched(cells: list[dict[str, Any]]) -> None:
        choice = cell(cells, '\nDATASET = "')
        choice["source"] = re.sub(r'\nDATASET = ".*"', '\nDATASET = "mnist"', choice["source"])

    script = "".join(f"# In[1]:\n\n{one['source']}\n" for one in json.loads(own[name])["cells"][:1])
    modules = {path: data for path, data in own.items() if path != name}
    odd = own["nn/layers.py"].replace(b"import numpy", b"import\xc2\xa0numpy", 1)
    found = graded(
        slug,
        {
            "missing-imports": own | {name: edited(own[name], missing)},
            "numpy-in-sets": own | {name: edited(own[name], sets)},
            "other-data": own | {name: edited(own[name], switched)},
            "exported": modules | {name.replace("ipynb", "py"): script.encode()},
            "odd-space": own | {"nn/layers.py": odd},
        },
    )
    full = sum(part.points for part in parts_of(load_assignment(slug)) if not part.manual)
    for student in ("missing-imports", "numpy-in-sets", "other-data"):
        assert found[student]["score"] == full, student
    assert result(found["exported"], "tuning")["rationale"] == (
        f"`{name}` was not handed in. `fully_connected_nets.py` looks like an export of the "
        f"notebook, which cannot be graded: hand in `{name}` itself."
    )
    assert result(found["odd-space"], "affine_forward")["help"] == (
        "There is an invisible character after `import`: U+00A0 (no-break space). Delete it, and "
        "type an ordinary space if one is needed. Such characters come with text that was copied "
        "from a web page or a PDF."
    )
    assert "Python 2" not in json.dumps(found["odd-space"])


def test_mnist_numpy(graded) -> None:
    slug, name = "mnist_numpy", "mnist_numpy.ipynb"
    assignment = load_assignment(slug)
    right, released = reference_files(assignment), release_files(assignment)
    own = {path: right[path] for path in assignment.editable}
    array = io.BytesIO()
    np.save(array, np.ones(3))
    starts = b'\n\nSTART = np.load("start.npy")\nassert START.sum() == 3\n'
    newer = b'\n\ndef shown(found):\n    return f"{found["loss"]}"\n'

    def with_modules(cells: list[dict[str, Any]]) -> None:
        for path in assignment.modules:
            source = own[path].decode()
            code = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
            cells.insert(1, code | {"execution_count": None})

    in_notebook = {path: released[path] for path in assignment.editable}
    network, training = own["mnist_net/network.py"], own["mnist_net/training.py"]
    found = graded(
        slug,
        {
            "own-data": own
            | {"mnist_net/network.py": network + starts, "start.npy": array.getvalue()},
            "newer-python": own | {"mnist_net/training.py": training + newer},
            "in-the-notebook": in_notebook | {name: edited(released[name], with_modules)},
        },
    )
    assert found["own-data"]["score"] == 35.0
    assert found["in-the-notebook"]["score"] == 0.0
    told = result(found["in-the-notebook"], "cross_entropy")
    assert (told["rationale"], told["help"]) == (
        "`TODO(cross_entropy)` is still to be written.",
        "`cross_entropy` is written in `mnist_numpy.ipynb`, and it belongs in "
        "`mnist_net/network.py`: move it there.",
    )
    if sys.version_info < (3, 12):
        here = ".".join(map(str, sys.version_info[:2]))
        assert result(found["newer-python"], "training_runs")["help"] == (
            "This line needs Python 3.12 or newer (for the quotes, backslash or comment within the "
            f"braces of an f-string), and submissions are graded with Python {here}. Write it so "
            f"that Python {here} can read it."
        )
    else:
        assert found["newer-python"]["score"] == 35.0


def test_modular_nets(graded) -> None:
    slug = "modular_nets"
    assignment = load_assignment(slug)
    right = reference_files(assignment)
    files = {path: right[path] for path in assignment.modules}
    for path in assignment.notebooks:
        files[f"hw1_{path.removesuffix('.ipynb')}_jdoe.ipynb"] = right[path]
    found = graded(slug, {"renamed": files})
    assert found["renamed"]["score"] == 123.0
    for path in assignment.notebooks:
        note = f"`hw1_{path.removesuffix('.ipynb')}_jdoe.ipynb` was taken as `{path}`: its name"
        assert note in " ".join(found[""].split())
