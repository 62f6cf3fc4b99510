"""Is the judge's own memory, time and status out of reach of what a student hands in?"""

from __future__ import annotations

import json

import numpy as np
import pytest

from autograder.judging import arrays, attempts
from autograder.judging.arrays import as_array, as_arrays, as_number, expect_close
from autograder.judging.attempts import code_cells, open_parts
from autograder.judging.check import Finding


def test_more_numbers_than_a_message_has_room_for_as_floats_are_not_converted(monkeypatch):
    monkeypatch.setattr(arrays, "MAX_NUMBERS", 10)
    as_array("out", np.zeros(10, dtype=np.uint8))
    with pytest.raises(Finding) as caught:
        as_array("out", np.zeros((1, 11), dtype=bool))
    assert caught.value.rationale == (
        "This gives `out` of shape (1, 11); more than 10 numbers are not looked at."
    )


@pytest.mark.parametrize("value", [3, [3.0], np.float32(3), np.full((1, 1), 3)])
def test_one_number_in_any_form(value):
    assert as_number("loss", value) == 3


@pytest.mark.parametrize("value", [[], np.zeros((0, 3)), [1.0, 2.0]])
def test_no_number_and_several_are_found_out(value):
    with pytest.raises(Finding, match=r"gives `loss` of shape .*, expected a single number"):
        as_number("loss", value)


def test_the_largest_floats_are_wrong_and_nothing_overflows():
    with pytest.raises(Finding, match=r"whose largest value is 6e\+307 times"):
        expect_close("out", np.full((2, 3), np.finfo(float).max), np.ones((2, 3)) * [1, 2, 3])


MODULE = b'def double(x):\n    raise NotImplementedError("TODO(double)")\n'


def test_a_source_too_long_for_a_tree_is_not_parsed():
    lines = attempts.MAX_SOURCE // len(b"x = 1\n")
    fits, longer = (MODULE + b"x = 1\n" * n for n in (lines - len(MODULE), lines))
    assert open_parts({"nn/a.py": MODULE}, {"nn/a.py": fits}) == {"double"}
    assert open_parts({"nn/a.py": MODULE}, {"nn/a.py": longer}) == frozenset()


def test_cells_together_have_a_bound_as_well(monkeypatch):
    monkeypatch.setattr(attempts, "MAX_FILE", 40)
    stub = {"cell_type": "code", "source": "raise NotImplementedError('TODO(a)')"}
    release = {"a.ipynb": json.dumps({"cells": [stub]}).encode()}
    early = {"cells": [stub, {"cell_type": "code", "source": "x = 12345678"}]}
    late = {"cells": [{"cell_type": "code", "source": "x = 12345678"}, stub]}
    assert open_parts(release, {"a.ipynb": json.dumps(early).encode()}) == {"a"}
    assert open_parts(release, {"a.ipynb": json.dumps(late).encode()}) == frozenset()


def test_no_more_cells_are_taken_than_a_notebook_can_have(monkeypatch):
    monkeypatch.setattr(attempts, "MAX_CELLS", 2)
    cells = [{"cell_type": "code", "source": str(n)} for n in range(3)]
    assert list(code_cells(json.dumps({"cells": cells}).encode())) == ["0", "1"]


def test_a_dictionary_of_arrays_is_read_whole() -> None:
    found = as_arrays("params", {"W1": [[1, 2]], "b1": np.float32(3)})
    assert {name: array.tolist() for name, array in found.items()} == {"W1": [[1, 2]], "b1": 3}


@pytest.mark.parametrize(
    ("got", "said"),
    [
        ([1.0], "This gives list for `params`, expected a dictionary of arrays."),
        ({1: 2.0}, "This gives dict for `params`, expected a dictionary of arrays."),
        ({"W1": None}, "This gives None for `params['W1']`, expected an array."),
        ({"W1": [[1], [2, 3]]}, "This gives list for `params['W1']`, expected numbers."),
        ({"W1": "abc"}, "This gives str for `params['W1']`, expected numbers."),
    ],
)
def test_what_is_no_dictionary_of_arrays_is_a_finding(got: object, said: str) -> None:
    with pytest.raises(Finding) as caught:
        as_arrays("params", got)
    assert caught.value.rationale == said
