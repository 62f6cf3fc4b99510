"""Is a part replaced wherever the student's code holds it, and whatever it is?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.results import CheckResult, Report, Status

Graded = Callable[..., Report]
Result = Callable[[Report, str], CheckResult]

IMPORT = "from .layers import *\n"
SHIFT = "def shift(x):\n    return x + 1\n"
PASSED = (Status.PASSED, ("shift",))


def outcome(result: CheckResult) -> tuple[Status, tuple[str, ...]]:
    return result.status, result.followed


@pytest.mark.parametrize(
    "wrong",
    [
        "def shift(x):\n    return x - 1\n",
        "def shift(x, by=-1, *, times=1):\n    return x + by * times\n",
        "shift = lambda x: x - 1\n",
        "def shift(x):\n    raise RuntimeError('not mine')\n",
        "def shift(x):\n    while True: pass\n",
        "def shift(x):\n    yield x\n",
        "def shift(x):\n    import os; os._exit(3)\n",
        "import functools\nshift = functools.partial(lambda by, x: x + by, -1)\n",
        "import functools\n@functools.cache\ndef shift(x):\n    return 1 / 0\n",
        "import numpy as np\nshift = np.vectorize(lambda x: x - 1)\n",
        "def made(by):\n    def moved(x):\n        return x + by\n    return moved\n"
        "shift = made(-1)\n",
        "def logged(f):\n    def inner(*args):\n        return f(*args)\n    return inner\n"
        "@logged\ndef shift(x):\n    return x - 1\n",
        "class Shift:\n    def __call__(self, x): return x - 1\nshift = Shift()\n",
        "shift = len\n",
    ],
)
def test_whatever_the_wrong_part_is(graded: Graded, result: Result, wrong: str) -> None:
    assert outcome(result(graded((SHIFT, wrong)), "chain")) == PASSED


@pytest.mark.parametrize(
    ("imported", "called"),
    [
        ("from .layers import shift, scale_forward, scale_backward, Layer\n", "(shift)(out)"),
        ("from .layers import *\nfrom .layers import shift as moved\n", "moved(out)"),
        ("from .layers import *\nfrom . import layers\n", "layers.shift(out)"),
        ("from .layers import *\nTABLE = {'s': [shift]}\n", "TABLE['s'][0](out)"),
        ("from .layers import *\ndef use(x, f=shift): return f(x)\n", "use(out)"),
        ("from .layers import *\nimport functools\nuse = functools.partial(shift)\n", "use(out)"),
        ("from .layers import *\nclass Has:\n    run = staticmethod(shift)\n", "Has.run(out)"),
    ],
)
def test_however_it_is_held(graded: Graded, result: Result, imported: str, called: str) -> None:
    wrong = (SHIFT, "def shift(x):\n    return x - 1\n")
    report = graded(wrong, (IMPORT, imported), ("return shift(out)", f"return {called}"))
    assert outcome(result(report, "chain")) == PASSED


@pytest.mark.parametrize(
    "wrong",
    [
        '        return x + self.params["w"]\n',
        "        raise RuntimeError('no')\n",
        '        self.meta = [x, "anything"]\n        return x * self.params["w"] + 1\n',
    ],
)
def test_methods_with_parameters_gradients_and_caches(
    graded: Graded, result: Result, wrong: str
) -> None:
    right = '        self.meta = x\n        return x * self.params["w"]\n'
    net = result(graded((right, wrong)), "net")
    assert (net.status, net.followed) == (Status.PASSED, ("layer",))


def test_an_inherited_method_is_replaced_in_the_class_that_is_meant(
    graded: Graded, result: Result
) -> None:
    own = "class Layer:\n    def __init__"
    base = (
        "class Base:\n    def forward(self, x):\n        return x\n\n\n"
        "class Layer(Base):\n    def __init__"
    )
    forward = (
        '    def forward(self, x):\n        self.meta = x\n        return x * self.params["w"]\n\n'
    )
    report = graded((own, base), (forward, ""))
    assert outcome(result(report, "net")) == (Status.PASSED, ("layer",))


def test_a_function_that_two_classes_share_is_replaced_in_one(
    graded: Graded, result: Result
) -> None:
    other = "    forward = run\n\n\nclass Other:\n    forward = run\n    params = {'w': 3.0}\n"
    run = 'def run(self, x):\n    return x - self.params["w"]\n\n\nclass Layer:\n    def __init__'
    forward = (
        '    def forward(self, x):\n        self.meta = x\n        return x * self.params["w"]\n'
    )
    backward = '        return dout * self.params["w"]\n'
    report = graded(
        ("class Layer:\n    def __init__", run),
        (forward, ""),
        (backward, backward + "\n" + other),
        (
            "    def step(self, x):\n",
            "    def step(self, x):\n        assert Other().forward(4) == 1\n",
        ),
    )
    assert outcome(result(report, "net")) == (Status.PASSED, ("layer",))


@pytest.mark.parametrize("wrong", ["def mean(x):\n    return x[0]", "mean = lambda x: 0", ""])
def test_functions_of_notebooks(graded: Graded, result: Result, wrong: str) -> None:
    right = "def mean(x):\\n    return sum(x) / len(x)"
    spread = result(graded((right, wrong.replace("\n", "\\n") or "pass")), "spread")
    assert (spread.status, spread.followed) == (Status.PASSED, ("mean",))
