"""Does a rehearsal that fails stop the template, and one that works leave nothing printed?"""

from __future__ import annotations

import pytest

from autograder.sandbox import rehearsal


def test_it_works_here_and_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    rehearsal.rehearse()
    assert capsys.readouterr() == ("", "")


def test_a_cell_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "CELLS", (*rehearsal.CELLS, "1 / 0"))
    with pytest.raises(RuntimeError, match="raised ZeroDivisionError: division by zero"):
        rehearsal.rehearse()


def test_a_check_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "CELLS", rehearsal.CELLS[:1])
    with pytest.raises(RuntimeError, match=r"GetAttribute.*affine.* failed: missing affine"):
        rehearsal.rehearse()
