"""Does loading end in time, whatever is loaded?"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from autograder.grading.loading import MAX_PROBLEMS, Loaded, loaded
from autograder.grading.outcomes import outcome_of
from autograder.grading.planning import Plan
from autograder.grading.runs import Runs
from autograder.results import Status
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import LostError


def test_cells_that_never_end_leave_time_for_modules(level_name):
    planned = Plan(
        files={"nn/__init__.py": b"", "nn/layers.py": b"x = 1"},
        cells=tuple(("lesson", "while True: pass") for _ in range(20)),
        modules=("nn.layers",),
    )
    limits = Limits(load_seconds=1.0, cell_seconds=0.6)
    with loaded(get_level(level_name), limits, planned) as result:
        assert result.problems[0].startswith("Code cell 1 of lesson.ipynb was left out: it ran out")
        assert "Code cell 20 of lesson.ipynb was left out: loading took too long." in (
            result.problems
        )
        assert not [problem for problem in result.problems if "nn.layers" in problem]


def test_nobody_reads_more_than_the_first_problems():
    result = Loaded(session=None)  # type: ignore[arg-type]
    for number in range(1000):
        result.add(str(number))
    assert result.problems == [str(number) for number in range(MAX_PROBLEMS)]


def test_any_other_value_error_is_ours():
    assert outcome_of(ValueError("no such thing")).status is Status.ERROR


def test_code_that_cannot_be_loaded_anew_is_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch):
    """After a check has ended the worker, the question which modules are missing loads it again."""

    def lost(self: Runs) -> Loaded:
        raise LostError("it ran out of time")

    monkeypatch.setattr(Runs, "_loaded", lost)
    case = SimpleNamespace(assignment=SimpleNamespace(notebooks=()), student="ada")
    runs = Runs(case, None, None, None)  # type: ignore[arg-type]
    assert runs.not_imported() == {}
