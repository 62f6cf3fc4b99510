"""The words of the visible checks: each says what it found, and names only what it has computed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.course import shipped_course

NOTEBOOKS = sorted(shipped_course().assignments.glob("*/*.ipynb"))
SPEAKS = {"passed", "expect_close", "expect_near", "expect_accuracy", "expect_true",
          "expect_options", "expect_intervals", "expect_form", "expect_steps",
          "measure_convolution"}  # fmt: skip


@pytest.fixture
def expect(nn: ModuleType) -> ModuleType:
    import nn.expect  # type: ignore[import-not-found]

    return nn.expect  # type: ignore[no-any-return]


def fails(function: Callable[..., object], *arguments: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as found:
        function(*arguments, **options)
    return str(found.value)


# --- called -----------------------------------------------------------------------------------


def doubled(x: np.ndarray) -> np.ndarray:
    return 2 * x


def doubled_in_place(x: np.ndarray) -> np.ndarray:
    x *= 2
    return x


def test_called_gives_what_the_function_returns(expect: ModuleType) -> None:
    assert expect.called(doubled, np.ones(2)).tolist() == [2, 2]
    assert expect.called(lambda x, y: (x, y), np.ones(1), 3, gives=2)[1] == 3
    assert expect.called(lambda x, *, rate: rate * x, np.ones(1), rate=3).tolist() == [3]
    assert expect.called(doubled_in_place, np.ones(1), may_change=("x",)).tolist() == [2]


@pytest.mark.parametrize(
    ("function", "gives", "says"),
    [
        (doubled_in_place, 1, "doubled_in_place changes its input `x` in place."),
        (lambda x: None, 1, "gives None. Does it end with `return`?"),
        (lambda x: (x, x, x), 2, "returns 3 values; expected are 2 values."),
        (lambda x: 5.0, 2, "returns one value, a float; expected are 2 values."),
        (lambda x: (x, None), 2, "returns None as value 2 of 2."),
    ],
)
def test_called_says_what_a_function_does_not_keep_to(
    expect: ModuleType, function: Callable[..., object], gives: int, says: str
) -> None:
    assert says in fails(expect.called, function, np.ones(2), gives=gives)


def test_an_array_that_is_given_by_name_must_stay_too(expect: ModuleType) -> None:
    assert "changes its input `x` in place" in fails(expect.called, doubled_in_place, x=np.ones(2))


def scale_first(params: dict[str, Any]) -> float:
    params["W1"] *= 2
    return 0.0


def replace_first(params: dict[str, Any]) -> float:
    params["W1"] = 2 * params["W1"]
    return 0.0


@pytest.mark.parametrize("changes", [scale_first, replace_first, dict.clear])
def test_the_arrays_in_a_dictionary_must_stay(
    expect: ModuleType, changes: Callable[..., Any]
) -> None:
    def predict(params: dict[str, Any]) -> float:
        changes(params)
        return 0.0

    says = fails(expect.called, predict, {"W1": np.ones(2), "rate": 0.1})
    assert 'predict changes its input `params["W1"]` in place. Work on a new array' in says
    assert expect.called(predict, {"W1": np.ones(2)}, may_change=("params",)) == 0.0


def test_a_shape_alone_can_be_required(expect: ModuleType, capsys: Any) -> None:
    expect.expect_shape("loss(X)", np.ones((6, 3)), (6, 3))
    assert capsys.readouterr().out == "loss(X) has shape (6, 3) ✓\n"
    says = "loss(X) has shape (3, 6), expected (6, 3)."
    assert says in fails(expect.expect_shape, "loss(X)", np.ones((3, 6)), (6, 3))
    both = (0.5, {"W1": np.ones(2)})
    assert "loss(X) is a tuple, expected numbers." in fails(
        expect.expect_shape, "loss(X)", both, (6, 3)
    )


def test_what_the_function_raises_is_left_to_the_student(expect: ModuleType) -> None:
    def broken(x: object) -> object:
        raise NotImplementedError("TODO(broken)")

    with pytest.raises(NotImplementedError, match=r"TODO\(broken\)"):
        expect.called(broken, np.ones(2))


# --- expect_close -----------------------------------------------------------------------------


def test_a_pass_says_the_error_found(expect: ModuleType, capsys: Any) -> None:
    expect.expect_close("dx", [1.0, 2.0 + 6e-9], [1.0, 2.0])
    expect.expect_close("dw", [0.5], [0.5])
    expect.expect_near("the loss", 2.31, 2.3, 0.1)
    expect.expect_accuracy(0.9, 0.85, "on new images")
    expect.expect_true(True, "2 of 2 are there", "2 are missing.")
    assert capsys.readouterr().out.splitlines() == [
        "dx: largest relative error 3e-09 ✓",
        "dw: exact ✓",
        "the loss: 2.31, expected about 2.3 ✓",
        "Accuracy 0.900 on new images; needed 0.850 ✓",
        "2 of 2 are there ✓",
    ]


RIGHT = [[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]]
DIAGNOSES = [
    (np.multiply(2, RIGHT), "Every value is 2 times the expected one."),
    (np.negative(RIGHT), "Every value has the wrong sign."),
    (np.add(RIGHT, 0.5), "Every value is 0.5 too large."),
    (np.subtract(RIGHT, 0.5), "Every value is 0.5 too small."),
    (RIGHT[::-1], "The values are right, and in another order."),
    (np.transpose(RIGHT), "has shape (3, 2), expected (2, 3). It is the transpose."),
]


@pytest.mark.parametrize(("got", "says"), DIAGNOSES, ids=[says for _, says in DIAGNOSES])
def test_a_relation_to_the_right_values_is_computed(
    expect: ModuleType, got: Any, says: str
) -> None:
    assert says in fails(expect.expect_close, "dx", got, RIGHT)


def test_a_square_transpose_is_seen(expect: ModuleType) -> None:
    said = fails(expect.expect_close, "dx", [[1, 3], [2, 4]], [[1, 2], [3, 4]])
    assert "It is the transpose of the expected array." in said


@pytest.mark.parametrize("got", [[1.0, 2.5, 0.0], [0.0, 0.0, 0.0], [1.0, 2.0, 0.1]])
def test_nothing_is_named_that_does_not_hold(expect: ModuleType, got: list[float]) -> None:
    said = fails(expect.expect_close, "db", got, [2.0, 4.0, 0.0], mistakes={"A mean.": [7, 7, 7]})
    assert re.fullmatch(r"db is \S+, expected \S+ at \(\d,\), \d of 3 differ \(.*\)\.", said)


def test_a_known_mistake_is_named_in_place_of_the_hint(expect: ModuleType) -> None:
    mistakes = {"It is a mean.": [1.0, 2.0], "It overflows.": np.nan, "A log(0).": np.inf}
    said = fails(expect.expect_close, "db", [1.0, 2.0], [2.0, 4.0], 1e-6, "A sum.", mistakes)
    assert said.endswith("It is a mean.")
    said = fails(expect.expect_close, "loss", np.nan, 1.0, 1e-6, "Is it?", mistakes)
    assert said == "loss is nan. It overflows."
    said = fails(expect.expect_close, "loss", np.inf, 1.0, 1e-6, "Is it?", mistakes)
    assert said == "loss is inf. A log(0)."


def test_without_a_known_mistake_a_number_that_is_none_asks(expect: ModuleType) -> None:
    said = fails(expect.expect_close, "loss", [1.0, np.nan], [1.0, 2.0])
    assert said == "loss is nan at (1,). Is there a log(0), a 0/0 or an overflow in exp?"


@pytest.mark.parametrize(
    ("got", "says"),
    [
        (None, "dx is None. Does the function end with `return`?"),
        ("text", "dx is a str, expected numbers."),
        ([[1.0], [1.0, 2.0]], "dx is a list, expected numbers."),
        ({"dx": 1}, "dx is a dict, expected numbers."),
    ],
)
def test_what_is_no_array_is_said(expect: ModuleType, got: object, says: str) -> None:
    assert fails(expect.expect_close, "dx", got, [1.0]) == says


def test_jupyter_shows_the_finding_alone(expect: ModuleType) -> None:
    assert expect.CheckError("dx is 1.")._render_traceback_() == ["dx is 1."]


# --- the cells --------------------------------------------------------------------------------


def check_cells() -> Iterator[Any]:
    for notebook in NOTEBOOKS:
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] == "code" and marks.get("grade"):
                yield pytest.param("".join(cell["source"]), id=marks["grade_id"])


def names_called(source: str) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {call.func.id for call in calls if isinstance(call.func, ast.Name)}


@pytest.mark.parametrize("source", list(check_cells()))
def test_every_check_says_what_it_found(source: str) -> None:
    assert names_called(source) & SPEAKS
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]


@pytest.mark.parametrize("source", list(check_cells()))
def test_no_check_takes_an_answer_apart_before_it_knows_that_there_is_one(source: str) -> None:
    given = {"train_net", "zip", "np", "called"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            value = node.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                assert value.func.id in given, ast.unparse(node)
