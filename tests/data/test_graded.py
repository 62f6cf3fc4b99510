"""An assignment is graded with data in the publishers' formats that the student does not have here.

The sets are made up and small. What is graded comes from them; the notebook gets a few images.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import Assignment
from autograder.data import DATASETS, MissingDataError
from autograder.data.places import official_files
from autograder.gradescope.bundle import _data
from autograder.grading import grade_submission
from autograder.judging.images import _digest, _given, held_back_images
from autograder.results import Report
from autograder.submission import Submission

ROOT = Path(__file__).parents[2]
CHECKS = '''\
"""Hidden tests of a made-up assignment."""

import numpy as np

from autograder.data import DATASETS
from autograder.judging.arrays import as_array, expect_number
from autograder.judging.check import Finding, check
from autograder.judging.handed_in import assignment_of
from autograder.judging.images import draw_images, for_student


@check("size", points=1)
def size(student, rng):
    """The answer is how many numbers an image has."""
    answer = student.notebook().answer
    expect_number("answer", answer, float(np.prod(DATASETS[assignment_of(student).dataset].shape)))


@check("classes", points=1)
def classes(student, rng):
    """Training gets images of the data set, and none of those that are held back."""
    data = draw_images(assignment_of(student).dataset, {"num_train": 30, "num_val": 4,
                                                        "num_test": 4}, rng)
    found = as_array("classes", student.notebook().classes(student.send(for_student(data), "data")))
    if not np.array_equal(found, np.unique(data["y_train"])):
        raise Finding("Other classes.")
'''
CELLS = {
    "choice": "DATASET = {dataset!r}",
    "imports": "import numpy as np\nfrom nn.{loader} import load_data",
    "data": "data = load_data(DATASET, num_train=2000, num_val=300, num_test=300)\n"
    "SIZE = data.get('X_train', data.get('data_train'))[0].size",
    "answer": "answer = SIZE",
    "classes": "def classes(data):\n    return np.unique(data['y_train'])",
}
STUBS = {
    "answer": "answer = ...  # TODO(size)",
    "classes": "def classes(data):\n    raise NotImplementedError('TODO(classes)')",
}
KINDS = {
    "mnist": ("mnist", "data_utils"),
    "cifar10": ("cifar10", "data_utils"),
    "cifar10 python": ("cifar10", "data_utils"),
    "cifar100": ("cifar100", "colour_images"),
    "cifar100 python": ("cifar100", "colour_images"),
}

Grade = Callable[..., Report]


def notebook(cells: dict[str, str]) -> str:
    made = [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells.values()]
    return json.dumps({"cells": made})


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    """A data set, in one of its formats."""
    name: str = request.param
    return name


@pytest.fixture
def photos(kind: str, tmp_path: Path, write_release: Callable[..., Assignment]) -> Assignment:
    """An assignment that is graded with this data set."""
    dataset, loader = KINDS[kind]
    cells = {name: text.format(dataset=dataset, loader=loader) if name in ("choice", "imports")
             else text for name, text in {**CELLS, **STUBS}.items()}  # fmt: skip
    given = {
        "nn/__init__.py": b"",
        **{
            f"nn/{name}.py": (ROOT / "solutions" / "given" / f"{name}.py").read_bytes()
            for name in (loader, "missing", "settings")
        },
        "nn/readers.py": (ROOT / "autograder" / "data" / "readers.py").read_bytes(),
        "nn/shapes.py": (ROOT / "autograder" / "data" / "shapes.py").read_bytes(),
    }
    folder = tmp_path / "checks" / "photos"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(CHECKS)
    files = {**given, "photos.ipynb": notebook(cells)}
    return write_release(tmp_path, "photos", files, dataset=dataset)


@pytest.fixture
def grade(photos: Assignment, kind: str, level_name: str) -> Grade:
    """Grade a right submission, with some cells otherwise."""
    dataset, loader = KINDS[kind]

    def graded(**changed: str) -> Report:
        cells = {**CELLS, **changed}
        right = {
            name: text.replace("{dataset!r}", repr(dataset)).replace("{loader}", loader)
            for name, text in cells.items()
        }
        submission = Submission(student="ada", files={"photos.ipynb": notebook(right).encode()})
        return grade_submission(photos, submission, level=level_name)

    return graded


@pytest.fixture
def here(
    kind: str,
    files_of: Callable[..., dict[str, bytes]],
    unpacked: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The data set is on the instructor's machine."""
    monkeypatch.setenv("AUTOGRADER_DATA", str(unpacked(files_of(kind)).parent))


@pytest.mark.usefixtures("here")
def test_a_right_submission_earns_everything(grade: Grade) -> None:
    assert [check.rationale for check in grade().checks] == ["", ""]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "changed",
    [
        {"choice": "DATASET = 'shapes'"},
        {"data": "data = np.load('/home/ada/photos.npy')\nSIZE = data[0].size"},
    ],
)
def test_other_data_cost_nothing(grade: Grade, changed: dict[str, str]) -> None:
    report = grade(**changed)
    assert [check.rationale for check in report.checks] == ["", ""]


def test_without_the_data_nobody_is_graded(grade: Grade, kind: str) -> None:
    name = KINDS[kind][0]
    with pytest.raises(MissingDataError) as raised:
        grade()
    assert str(raised.value) == (
        f"The data set {name} is not on this machine. Run `autograder data {name}` to download it,"
        " or set AUTOGRADER_DATA to the folder that has its files."
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("kind", ["mnist", "cifar10", "cifar10 python"])
def test_saved_weights_are_judged_on_what_a_notebook_keeps_for_the_end(
    photos: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    official = official_files(DATASETS[photos.dataset])
    counts = {"num_train": 20, "num_val": 5, "num_test": 9}
    X, y = held_back_images(photos, counts, np.random.default_rng(0))
    for path, data in official.items():
        target = tmp_path / "home" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path / "home"))
    given = _given(photos.release / "nn", _digest(photos))
    data = given.load_data(photos.dataset, **counts)
    np.testing.assert_array_equal(X, data["X_test"])
    np.testing.assert_array_equal(y, data["y_test"])


@pytest.mark.usefixtures("here")
def test_a_gradescope_bundle_has_all_files_of_the_data_set(photos: Assignment) -> None:
    official = official_files(DATASETS[photos.dataset])
    assert dict(_data(photos)) == {f"downloaded/{path}": official[path] for path in official}
    assert len(official) >= 3
