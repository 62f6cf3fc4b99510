"""Does a warm-up that fails stop the template, and one that works leave nothing printed?"""

from __future__ import annotations

import pytest

from autograder.sandbox import warm_up


def test_it_works_here_and_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    warm_up.warm_up()
    assert capsys.readouterr() == ("", "")


def test_a_cell_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_up, "CELLS", (*warm_up.CELLS, "1 / 0"))
    with pytest.raises(RuntimeError, match="raised ZeroDivisionError: division by zero"):
        warm_up.warm_up()


def test_a_check_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_up, "CELLS", warm_up.CELLS[:1])
    with pytest.raises(RuntimeError, match=r"GetAttribute.*affine.* failed: missing affine"):
        warm_up.warm_up()
