"""Run before nbgrader's own tests: are our settings in front of those of each course there?"""

from pathlib import Path

import pytest
from nbgrader.tests import run_nbgrader

from autograder.nbgrader_plugin.converters import UNPROTECTED


def test_our_settings_are_in_front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our warning is in the log, though the course has no settings of its own."""
    monkeypatch.chdir(tmp_path)
    log = run_nbgrader(["autograde", "ps1"], retcode=1)
    assert UNPROTECTED % "ps1" in log
    assert "No notebooks were matched" in log
