"""`verify` runs every solved notebook from top to bottom, with what students have and no more."""

from __future__ import annotations

import pytest

from autograder.authoring import reference_files, run_notebook
from autograder.commands.exits import DOES_NOT_HOLD

FIRST = "# %%\n# %matplotlib inline\nimport nn.layers\n"


def problem(tiny, level: str = "bubblewrap") -> str:
    return run_notebook(reference_files(tiny.source), "lesson.ipynb", level=level).problem


def with_first_cell(tiny, code: str) -> None:
    tiny.edit("solutions/tiny/lessons/lesson.py", FIRST, f"# %%\n{code}\n\n{FIRST}")
    tiny.build()


def test_a_right_notebook_runs_to_its_end(tiny, level_name):
    ran = run_notebook(reference_files(tiny.source), "lesson.ipynb", level=level_name)
    assert (ran.cells, ran.problem) == (5, "")
    assert str(ran) == f"5 code cells in {ran.seconds:.1f} s"


def test_verify_has_a_row_for_it(tiny):
    done = tiny.run("verify", "--jobs=1")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == "tiny: holds"
    assert done.stdout.splitlines()[1].startswith("ok     notebook lesson: 5 code cells in ")


def test_a_cell_that_raises_is_broken_with_cell_error_and_file(tiny):
    with_first_cell(tiny, "import torch_of_nobody")
    done = tiny.run("verify", "--jobs=1")
    assert done.exit_code == DOES_NOT_HOLD
    lines = done.stdout.splitlines()
    assert lines[0] == "tiny: 1 of 3 are not as they should be"
    assert lines[1].startswith("BROKEN notebook lesson: 0 code cells in ")
    assert lines[2].strip() == (
        "solutions/tiny/lessons/lesson.py:4: code cell 1 of lesson.ipynb raised"
        " ModuleNotFoundError: No module named 'torch_of_nobody' (a notebook cell, line 1:"
        " `import torch_of_nobody`)"
    )


def test_an_error_in_a_released_module_names_its_line(tiny):
    tiny.edit("solutions/tiny/modules/nn/__init__.py", "", "import numpy\n\nnumpy.nothing()\n")
    tiny.build()
    assert problem(tiny) == (
        "code cell 1 of lesson.ipynb raised AttributeError: module 'numpy' has no attribute"
        " 'nothing' (nn/__init__.py, line 3: `numpy.nothing()`)"
    )


@pytest.mark.parametrize("name", ["autograder", "autograder.sandbox.wire", "msgspec"])
def test_students_do_not_have_the_grader(tiny, name):
    with_first_cell(tiny, f"import {name}")
    assert problem(tiny).startswith(
        f"code cell 1 of lesson.ipynb raised ModuleNotFoundError: import of {name.split('.')[0]}"
    )


def test_visible_tests_and_demonstrations_run_too(tiny):
    tiny.edit("solutions/tiny/lessons/lesson.py", "plt.show()", "plt.show()\n1 / 0")
    tiny.build()
    assert problem(tiny).startswith("code cell 5 of lesson.ipynb raised ZeroDivisionError")
    tiny.edit("solutions/tiny/lessons/lesson.py", "assert answer > 1", "assert answer > 100")
    tiny.build()
    assert problem(tiny).startswith("code cell 4 of lesson.ipynb raised AssertionError")


def test_a_cell_that_ends_the_process(tiny):
    with_first_cell(tiny, "import os\n\nos._exit(0)")
    assert problem(tiny).startswith(
        "code cell 1 of lesson.ipynb did not end: the submission's process ended"
    )
