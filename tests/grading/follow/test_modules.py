"""Does a module that cannot be imported cost its own points only?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.results import CheckResult, Report, Status

Graded = Callable[..., Report]
Lost = Callable[[Report], dict[str, float]]
Result = Callable[[Report, str], CheckResult]

LAYERS = {"scale_forward": 2, "scale_backward": 2, "scale_twice": 1, "shift": 1, "layer": 2}
CHAIN = {"chain": 3, "net": 2, "built": 1, "train": 2, "all_three": 1}
TOP = "\nimport numpy as np\n\n\ndef scale_forward"


@pytest.mark.parametrize(
    "line",
    [
        "def broken(:",
        "import no_such_module",
        "1 / 0",
        "raise SystemExit",
        "import os; os._exit(1)",
        "while True: pass",
        "    indented = 3",
        "\0",
    ],
)
def test_what_imports_it_is_marked_with_the_courses(
    graded: Graded, lost: Lost, result: Result, line: str
) -> None:
    report = graded((TOP, f"{line}\n{TOP}"))
    assert lost(report) == LAYERS | {"fixed": 1}
    net = result(report, "net")
    assert net.rationale == "Marked with the course's `nn.layers` in place of yours."
    assert net.followed[:2] == ("scale_forward", "shift")


def test_the_module_that_is_at_fault_is_the_one_that_is_replaced(
    graded: Graded, lost: Lost
) -> None:
    report = graded(("from .layers import *", "from .layers import *\nnonsense"))
    assert lost(report) == CHAIN | {"fixed": 1}


def test_two_modules_are_as_much_as_is_replaced(graded: Graded, lost: Lost, result: Result) -> None:
    report = graded((TOP, "1 / 0\n"), ("from .layers import *", "1 / 0"))
    assert lost(report) == LAYERS | CHAIN | {"fixed": 1}
    assert result(report, "spread").status is Status.PASSED


@pytest.mark.parametrize(
    "imported",
    ["from .layers import shift, scale_forward, scale_backward, Layer", "from .layers import *"],
)
def test_a_name_that_is_missing_costs_its_own_points(
    graded: Graded, lost: Lost, result: Result, imported: str
) -> None:
    report = graded(
        ("def shift(x):\n    return x + 1\n", ""), ("from .layers import *\n", f"{imported}  #\n")
    )
    assert lost(report) == {"shift": 1, "fixed": 1}
    assert result(report, "chain").rationale == (
        "Marked with the course's `shift` in place of yours."
    )


def test_a_class_that_is_missing_costs_its_own_points(graded: Graded, lost: Lost) -> None:
    assert lost(graded(("class Layer:", "class Lyer:"))) == {"layer": 2}


def test_another_mistake_is_found_all_the_same(graded: Graded, lost: Lost) -> None:
    report = graded((TOP, f"1 / 0\n{TOP}"), ("-= 0.1 *", "+= 0.1 *"))
    assert lost(report) == LAYERS | {"net": 2, "fixed": 1}


def test_with_no_share_it_is_as_it_was(graded: Graded, lost: Lost) -> None:
    assert lost(graded((TOP, f"1 / 0\n{TOP}"), share=0)) == LAYERS | CHAIN | {"fixed": 1}
