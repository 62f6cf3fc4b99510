"""Does the page of results say what was kept, and nothing that would name a machine?"""

from __future__ import annotations

import importlib
import platform
import sys
from pathlib import Path

import pytest


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(importlib.import_module("measured"), "FOLDER", tmp_path / "measured")
    return tmp_path / "measured"


def test_tables_are_aligned(kept: Path) -> None:
    measured = importlib.import_module("measured")
    table = measured.Table(header=("who", "ms"), rows=[("ours", "7"), ("a long name", "1234")])
    assert str(table) == "who            ms\nours            7\na long name  1234"
    assert table.markdown() == "| who | ms |\n| --- | ---: |\n| ours | 7 |\n| a long name | 1234 |"


def test_the_page_shows_what_was_kept(kept: Path) -> None:
    measured, results = map(importlib.import_module, ("measured", "results"))
    table = measured.Table(header=("", "class [s]"), rows=[["ours", "1.5"]])
    measured.keep("peers", "ten submissions", table, versions={"otter": "otter-grader==7.0.0"})
    page = results.page()
    assert "## Beside nbgrader and otter" in page
    assert "| ours | 1.5 |" in page
    assert f"Ten submissions. {measured.machine()}; python {platform.python_version()}, " in page
    assert "otter otter-grader==7.0.0" in page
    assert "## Growth" not in page
    assert platform.node() not in page


def test_nothing_kept_is_no_section(kept: Path) -> None:
    assert importlib.import_module("measured").read("peers") is None
    assert "##" not in importlib.import_module("results").page()


def test_cost_counts_what_a_command_starts(tmp_path: Path) -> None:
    cost = importlib.import_module("cost")
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7))'])"
    measured = cost.measure([sys.executable, "-c", busy], cwd=tmp_path, memory=True)
    assert min(measured.cpu, measured.seconds, measured.mib) > 0


def test_cost_waits_for_processes_that_have_lost_their_parent(tmp_path: Path) -> None:
    orphan = "import time; time.sleep(0.5); open('done', 'w')"
    lost = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {orphan!r}])"
    importlib.import_module("cost").measure([sys.executable, "-c", lost], cwd=tmp_path)
    assert (tmp_path / "done").exists()


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    cost = importlib.import_module("cost")
    with pytest.raises(Exception, match="returned non-zero exit status 3"):
        cost.measure([sys.executable, "-c", "raise SystemExit(3)"], cwd=tmp_path)
