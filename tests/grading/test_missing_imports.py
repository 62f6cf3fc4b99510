"""A missing import at the top of a cell costs its own names, and the rest of the cell runs."""

from __future__ import annotations

import json

import pytest

from autograder.grading.loading import loaded
from autograder.grading.missing_imports import after_import
from autograder.grading.planning import plan
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.messages import Raised
from autograder.submission import Submission

TORCH = Raised("ModuleNotFoundError", "No module named 'torch'")
BATCHED = Raised("ImportError", "cannot import name 'batched' from 'itertools' (unknown location)")


@pytest.mark.parametrize(
    ("source", "raised", "failed", "rest"),
    [
        ("import torch\nx = 1", TORCH, "import torch", "x = 1"),
        ("import torch.nn as nn\nx = 1", TORCH, "import torch.nn as nn", "x = 1"),
        (
            "from torch import (\n  a,\n  b,\n)\nx",
            TORCH,
            "from torch import a",
            "from torch import b\nx",
        ),
        (
            "%time\nimport torch; import math  # two\ny",
            TORCH,
            "import torch",
            "import math  # two\ny",
        ),
        ("import os, torch as t, re", TORCH, "import torch as t", "import re"),
        ("import torch  # for later\n!ls", TORCH, "import torch", "!ls"),
        (
            "from itertools import chain, batched, count",
            BATCHED,
            "from itertools import batched",
            "from itertools import count",
        ),
    ],
)
def test_what_is_left(source: str, raised: Raised, failed: str, rest: str) -> None:
    found = after_import(source, raised)
    assert found is not None
    assert (found.failed, found.rest) == (failed, rest)


@pytest.mark.parametrize(
    ("source", "raised"),
    [
        ("import torchvision", TORCH),
        ("from nn import layers", TORCH),
        ("def f():\n    import torch\nf()", TORCH),
        ("import torch", Raised("NameError", "name 'torch' is not defined")),
        ("import torch = 1", TORCH),
        ("import torch", None),
    ],
    ids=["another", "inside-a-module", "in-a-function", "no-import", "no-python", "nothing"],
)
def test_other_failures_leave_nothing(source: str, raised: Raised | None) -> None:
    assert after_import(source, raised) is None


def test_the_cell_goes_on(level_name: str) -> None:
    source = (
        "before = 1\nimport no_such_a, math, no_such_b\nfrom no_such_c import d\nafter = before"
    )
    cells = [source, "assert (before, after, math.pi > 3) == (1, 1, True)", "no_such_b.f()"]
    notebook = json.dumps(
        {"cells": [{"cell_type": "code", "metadata": {}, "source": one} for one in cells]}
    ).encode()
    release = {"lesson.ipynb": b'{"cells": []}'}
    steps = plan(release, Submission(student="ada", files={"lesson.ipynb": notebook}))
    with loaded(get_level(level_name), Limits(), steps) as result:
        found = list(result.problems)
    rest = "The rest of the cell ran without it."
    first = "Code cell 1 of lesson.ipynb raised ModuleNotFoundError: No module named"
    assert found == [
        f"{first} 'no_such_a'. {rest}",
        f"{first} 'no_such_b'. {rest}",
        f"{first} 'no_such_c'. {rest}",
        f"Code cell 3 of lesson.ipynb raised NameError: name 'no_such_b' is not defined. "
        f"{found[1]}",
    ]
