"""The hand-in cell: what is open, what is not graded as the student sees it, what is packed."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.assignment import load_assignment

NOTEBOOK, DEEP = "fully_connected_nets.ipynb", "training_deep_nets.ipynb"
Look = Callable[..., str]


def packed(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def edit(change: Callable[[list[Any]], None], path: str = NOTEBOOK) -> None:
    """Change the cells of a notebook."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    change(content["cells"])
    Path(path).write_text(json.dumps(content), encoding="utf-8")


def answer(cells: list[Any], id: str) -> Any:
    marks = ((cell, cell["metadata"].get("nbgrader", {}).get("grade_id")) for cell in cells)
    return next(cell for cell, grade_id in marks if grade_id == id)


@pytest.fixture
def look(
    nn: ModuleType,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Look:
    """Runs the hand-in cell in a copy of the solved folder; what it printed."""
    work = tmp_path / "work"
    shutil.copytree(folder, work, ignore=shutil.ignore_patterns("data", "__pycache__"))
    monkeypatch.chdir(work)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setattr(nn.hand_in, "ABOUT", work / "nn" / "hand_in.json")
    monkeypatch.setattr(nn.saved_state, "_RUN", {})

    def look(**options: Any) -> str:
        look.ready = nn.hand_in.check_and_zip(**options)  # type: ignore[attr-defined]
        return capsys.readouterr().out

    return look


def test_the_zip_has_exactly_what_is_graded_and_what_was_added(look: Look) -> None:
    Path("nn/my_own.py").write_text("x = 1\n")
    Path("weights.npz").write_bytes(b"PK")
    out = look(logs=["weights.npz", "missing.npz"])
    about = load_assignment("fully_connected_nets")
    added = {"nn/my_own.py", "weights.npz"}
    assert packed(Path("submission.zip")) == set(about.editable) | added
    assert out.splitlines()[-1].startswith("submission.zip: 13 files, ")
    assert out.splitlines()[-1].endswith("KiB; complete.")
    assert look.ready  # type: ignore[attr-defined]


def test_versions_and_the_last_save_are_said(look: Look) -> None:
    minutes_ago = time.time() - 125
    os.utime(NOTEBOOK, (minutes_ago, minutes_ago))
    out = look()
    assert f"and NumPy {np.__version__} here. Grading uses Python 3.11." in out
    clock = time.strftime("%H:%M:%S", time.localtime(minutes_ago))
    assert f"{NOTEBOOK}: saved at {clock}, 2 min ago." in out


def test_the_table_has_every_part_with_its_state(look: Look) -> None:
    layers = Path("nn/layers.py").read_text()
    stub = 'raise NotImplementedError("TODO(relu_forward)")'
    Path("nn/layers.py").write_text(layers.replace("out = np.maximum(0, x)", stub))

    def change(cells: list[Any]) -> None:
        answer(cells, "solution-vanishing_inputs")["source"] = ["# later\n"]
        answer(cells, "solution-train_test_gap")["source"] = "train_test_gap = ...\n"
        answer(cells, "depth_comparison")["source"] = ""
        cells.remove(answer(cells, "solution-predictions"))

    edit(change)
    said = look()
    rows = {
        line.split()[0]: line for line in said.splitlines() if ".ipynb  " in line or ".py " in line
    }
    states = {id: " ".join(line.split()[3:]) for id, line in rows.items()}
    assert {id: state for id, state in states.items() if state != "written"} == {
        "vanishing_inputs": "empty",
        "train_test_gap": "still open",
        "depth_comparison": "empty",
        "predictions": "cell is gone",
        "relu_forward": "still open",
    }
    assert len(states) == 35
    points = sum(float(row.split()[1]) for row in rows.values())
    assignment = load_assignment("fully_connected_nets")
    release = json.loads((assignment.release / "release.json").read_text(encoding="utf-8"))
    total = sum(part["points"] for part in release["parts"])
    assert (
        f"Each by itself, they give {points:g} of {total:g} points. The rest is for what they do"
        " together." in said
    )
    assert not look.ready  # type: ignore[attr-defined]


def test_what_python_cannot_read_is_named_with_its_place(look: Look) -> None:
    Path("nn/optim.py").write_text("def sgd(:\n")

    def change(cells: list[Any]) -> None:
        cells[0] = {**cells[0], "cell_type": "code", "source": ["%%time\n", "x = (\n"]}
        cells[1] = {**cells[1], "cell_type": "code", "source": ["!ls\n", "%time x\n", "x = (\n"]}

    edit(change)
    out = look()
    assert "- nn/optim.py, line 1: Python cannot read this (invalid syntax)." in out
    assert f"- {NOTEBOOK}, cell 2, line 3: Python cannot read this ('(' was never closed)." in out
    assert f"{NOTEBOOK}, cell 1," not in out
    assert [line.split()[-1] for line in out.splitlines() if line.startswith("sgd ")] == [
        "unreadable"
    ]


def test_a_given_file_that_was_changed_does_not_count(look: Look) -> None:
    with Path("nn/solver.py").open("a") as file:
        file.write("# mine\n")
    out = look()
    said = "- nn/solver.py is changed. That does not count: grading uses the file as handed out."
    assert said in out.splitlines()
    assert "0 parts to do, 1 thing to look at." in out


def test_a_file_that_is_missing_or_broken_is_named(look: Look) -> None:
    Path("nn/optim.py").unlink()
    Path(NOTEBOOK).write_text("{")
    out = look()
    assert "- nn/optim.py does not exist: run this cell from the assignment's folder." in out
    assert f"- {NOTEBOOK} is not a notebook any more: is it saved?" in out


def test_a_renamed_notebook_is_packed_under_its_name(look: Look) -> None:
    Path(NOTEBOOK).rename("homework (1).ipynb")
    out = look()
    assert f"- There is no {NOTEBOOK}; homework (1).ipynb has its cells and is packed as" in out
    assert NOTEBOOK in packed(Path("submission.zip"))
    assert "homework (1).ipynb" not in packed(Path("submission.zip"))


def test_a_later_copy_is_named_and_the_one_that_runs_is_packed(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = "fully_connected_nets-Copy1.ipynb"
    shutil.copy(NOTEBOOK, copy)
    edit(lambda cells: cells[0].update(source="# my copy"), copy)
    os.utime(NOTEBOOK, (1e9, 1e9))
    assert f"- {copy} is a copy that was saved later than {NOTEBOOK}, and is not packed." in look()
    monkeypatch.setenv("JPY_SESSION_NAME", f"/home/me/{copy}")
    assert f"- You work in {copy}; it is packed as {NOTEBOOK}." in look()
    with zipfile.ZipFile("submission.zip") as archive:
        assert b"# my copy" in archive.read(NOTEBOOK)
    monkeypatch.setenv("JPY_SESSION_NAME", f"/home/me/{NOTEBOOK}")
    assert "You work in" not in look()


def colab(answer: Any) -> SimpleNamespace:
    """Stands in for Colab's module that gives the running notebook."""

    def blocking_request(kind: str, request: str, timeout_sec: float) -> Any:
        assert (kind, request) == ("get_ipynb", "")
        assert timeout_sec > 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    return SimpleNamespace(blocking_request=blocking_request)


def test_in_colab_the_running_notebook_is_packed(
    nn: ModuleType, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads(Path(NOTEBOOK).read_text(encoding="utf-8"))
    content["cells"][0]["source"] = ["# as Colab shows it"]
    Path(NOTEBOOK).unlink()
    monkeypatch.setattr(nn.saved_state, "_colab", colab({"ipynb": content}))
    edit(lambda cells: cells[1].update(execution_count=1), DEEP)
    assert look().splitlines()[-1].endswith("KiB; complete.")
    with zipfile.ZipFile("submission.zip") as archive:
        assert json.loads(archive.read(NOTEBOOK)) == content
    assert not Path(NOTEBOOK).exists()


def test_in_colab_a_notebook_that_is_there_is_not_overwritten(
    nn: ModuleType, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(NOTEBOOK).read_bytes()
    content = json.loads(before)
    content["cells"][0]["source"] = ["# as Colab shows it"]
    monkeypatch.setattr(nn.saved_state, "_colab", colab({"ipynb": content}))
    edit(lambda cells: cells[1].update(execution_count=1), DEEP)
    assert look().splitlines()[-1].endswith("KiB; complete.")
    with zipfile.ZipFile("submission.zip") as archive:
        assert json.loads(archive.read(NOTEBOOK)) == content
    assert Path(NOTEBOOK).read_bytes() == before


@pytest.mark.parametrize(
    "answer", [None, {}, {"ipynb": {"cells": []}}, {"ipynb": 3}, TimeoutError("no answer")]
)
def test_where_colab_gives_no_notebook_the_cell_says_what_to_do(
    nn: ModuleType, look: Look, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    Path(NOTEBOOK).unlink()
    monkeypatch.setattr(nn.saved_state, "_colab", colab(answer))
    out = look()
    assert f"- {NOTEBOOK} is in your Drive, because Colab keeps no notebook beside these" in out
    assert "(File > Download > Download .ipynb), and hand it in together with the ZIP file." in out
    assert not look.ready  # type: ignore[attr-defined]


def test_in_colab_another_notebook_that_was_never_run_is_named(
    nn: ModuleType, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads(Path(NOTEBOOK).read_text(encoding="utf-8"))
    monkeypatch.setattr(nn.saved_state, "_colab", colab({"ipynb": content}))
    released = load_assignment("fully_connected_nets").release / DEEP
    shutil.copy(released, DEEP)
    out = look()
    assert f"- No cell of the {DEEP} in this folder was ever run: is it the copy that was" in out
    assert "upload it into this folder in place of this copy, and run this cell again." in out
    assert not look.ready  # type: ignore[attr-defined]
    edit(lambda cells: cells[1].update(execution_count=1), DEEP)
    assert "was ever run" not in look()
    monkeypatch.setattr(nn.saved_state, "_colab", None)
    shutil.copy(released, DEEP)
    assert "was ever run" not in look()


def test_in_colab_a_notebook_that_is_not_here_is_named_with_its_parts(
    nn: ModuleType, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads(Path(DEEP).read_text(encoding="utf-8"))
    Path(NOTEBOOK).unlink()
    monkeypatch.setattr(nn.saved_state, "_colab", colab({"ipynb": content}))
    out = look()
    assert f"- {NOTEBOOK} is in your Drive" in out
    assert f"{DEEP} is in your Drive" not in out
    assert re.search(r"^vanishing_inputs +2  fully_connected_nets.ipynb +no file$", out, re.M)
    assert "cell is gone" not in out


@pytest.mark.parametrize("slug", ["mnist_numpy", "modular_nets", "fully_connected_nets"])
def test_every_notebook_is_known_by_its_cells_when_it_is_renamed(
    nn: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    assignment = load_assignment(slug)
    (about,) = assignment.release.glob("*/hand_in.json")
    cells = {
        path: set(ids.split()) for path, ids in json.loads(about.read_bytes())["cells"].items()
    }
    assert set(cells) == set(assignment.notebooks)
    assert all(cells.values())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    for path in cells:
        shutil.copy(assignment.release / path, f"mine of {path}")
    for path, own in cells.items():
        file, remarks = nn.saved_state.chosen_notebook(path, own)
        assert (file, len(remarks)) == (f"mine of {path}", 1)


def test_cells_that_ran_after_the_last_save_in_another_form_are_unsaved(
    nn: ModuleType, look: Look
) -> None:
    edit(lambda cells: cells[0].update(id="first", cell_type="code", source="x = 1"))
    os.utime(NOTEBOOK, (1e9, 1e9))
    nn.saved_state._note(SimpleNamespace(cell_id="first", raw_cell="x = 1\n"))
    nn.saved_state._note(SimpleNamespace(cell_id=None, raw_cell="y = 1"))
    assert "is not saved" not in look()
    nn.saved_state._note(SimpleNamespace(cell_id="first", raw_cell="x = 2\n"))
    said = f"- {NOTEBOOK} is not saved: 1 of its cells ran in another form than the one in the file"
    assert said in look()
    os.utime(NOTEBOOK)  # saved since
    assert "is not saved" not in look()


def test_without_what_belongs_to_an_assignment_the_files_are_named(
    nn: ModuleType, tmp_path: Path, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nn.hand_in, "ABOUT", tmp_path / "none.json")
    Path("a.py").write_text('def f():\n    raise NotImplementedError("TODO(forward)")\n')
    out = look(target="w.zip", files=["a.py"])
    assert "- a.py: TODO(forward) is still to be written." in out
    assert packed(Path("w.zip")) == {"a.py"}
