"""Which notebook is yours, and whether it is saved as you see it. Knows no assignment."""

import json
import os
import time
from pathlib import Path

try:
    from IPython import get_ipython
except ImportError:  # hand-in outside of Jupyter

    def get_ipython():
        """No shell."""


try:
    from google.colab import _message as _colab  # has no public way to the notebook
except ImportError:
    _colab = None

_PATIENCE = 20  # seconds for Colab to answer
_NEVER_RUN = (
    "No cell of the {path} in this folder was ever run: is it the copy that was handed out? Colab"
    " keeps your own in your Drive. If you have worked in it, download it there (File > Download >"
    " Download .ipynb), upload it into this folder in place of this copy, and run this cell again."
)
_RUN = {}  # id of a cell -> when it was last run, and in which form


def watch():
    """Note from here on which cell of the notebook was run when, and in which form."""
    events = getattr(get_ipython(), "events", None)
    if events is None or _RUN:
        return
    _RUN[""] = (0.0, "")
    events.register("pre_run_cell", _note)


def _note(info):
    if getattr(info, "cell_id", None):
        _RUN[info.cell_id] = (time.time(), info.raw_cell)


def read_notebook(path):
    """A notebook's content, with the source of each cell as a list of lines; None if it is none."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        for cell in content["cells"]:
            cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return content


def code_of(cell):
    """The Python of a code cell: without magics and commands of the shell."""
    if cell["source"] and cell["source"][0].startswith("%%"):
        return ""
    lines = ("\n" if line.lstrip().startswith(("%", "!")) else line for line in cell["source"])
    return "".join(lines)


def chosen_notebook(path, cells):
    """The file that holds a notebook's answers, and remarks where that is not plain.

    A notebook that was renamed or copied is found by the cells in it. The one in which this runs
    is taken, and else the one with the right name.

    Parameters
    ----------
    path : str
        The name that grading expects.
    cells : set of grade ids that it has to hold
    """
    given = _from_colab(path, cells)
    if given:
        return given, []
    if in_colab() and path.endswith(".ipynb") and Path(path).is_file():
        return path, [] if _was_run(path) else [_NEVER_RUN.format(path=path)]
    others = [name for name in _alike(path, cells) if name != path]
    running = _running_notebook()
    if running in others:
        return running, [f"You work in {running}; it is packed as {path}."]
    if not Path(path).is_file() and others:
        newest = max(others, key=lambda name: Path(name).stat().st_mtime)
        return newest, [f"There is no {path}; {newest} has its cells and is packed as {path}."]
    later = [name for name in others if Path(name).stat().st_mtime > _saved(path)]
    return path, [
        f"{name} is a copy that was saved later than {path}, and is not packed. If your work is in "
        "it, run this cell there."
        for name in later
    ]


def in_colab():
    """Whether this runs in Colab, which has the notebook in Drive and not among these files."""
    return _colab is not None


def _from_colab(path, cells):
    """The file that holds the notebook as Colab shows it now; empty where Colab gives none.

    It is written beside the one of the right name, which is never overwritten.
    """
    if not (in_colab() and path.endswith(".ipynb")):
        return ""
    try:
        answer = _colab.blocking_request("get_ipynb", request="", timeout_sec=_PATIENCE)
        content = answer["ipynb"]
        if not _holds(content, cells):
            return ""
        file = Path(path).with_suffix(".colab.ipynb")
        file.write_text(json.dumps(content), encoding="utf-8")
    except Exception:  # whatever Colab's own, undocumented way does; the cell then says what to do
        return ""
    return file.as_posix()


def unsaved(path):
    """What was run in another form than the one in the file, since the file was saved."""
    saved = {cell.get("id"): "".join(cell["source"]) for cell in read_notebook(path)["cells"]}
    changed = [
        source
        for id, (when, source) in _RUN.items()
        if id in saved and when > _saved(path) and source.strip() != saved[id].strip()
    ]
    if not changed:
        return []
    first = changed[0].strip().splitlines()[0][:60]
    return [
        f"{path} is not saved: {len(changed)} of its cells ran in another form than the one in the "
        f"file, such as `{first}`. Save (Ctrl+S) and run this cell again."
    ]


def saved_at(path):
    """When a file was saved, in words."""
    clock = time.strftime("%H:%M:%S", time.localtime(_saved(path)))
    return f"{path}: saved at {clock}, {(time.time() - _saved(path)) / 60:.0f} min ago."


def _saved(path):
    return Path(path).stat().st_mtime if Path(path).is_file() else 0.0


def _alike(path, cells):
    """The notebooks in the same folder that hold at least half of some cells."""
    if not cells or not path.endswith(".ipynb"):
        return
    for other in sorted(Path(path).parent.glob("*.ipynb")):
        if _holds(read_notebook(other) or {"cells": []}, cells):
            yield other.as_posix()


def _was_run(path):
    """Whether some cell of the notebook was run before it was saved."""
    cells = (read_notebook(path) or {"cells": []})["cells"]
    return any(cell.get("execution_count") or cell.get("outputs") for cell in cells)


def _holds(content, cells):
    """Whether a notebook has at least half of some cells."""
    marks = [cell.get("metadata", {}).get("nbgrader", {}) for cell in content["cells"]]
    return 2 * len(cells & {mark.get("grade_id") for mark in marks}) >= len(cells)


def _running_notebook():
    """The name of the notebook in which this runs, where Jupyter or VS Code say so."""
    shell = get_ipython()
    own = getattr(shell, "user_ns", {}).get("__vsc_ipynb_file__") if shell else None
    session = own or os.environ.get("JPY_SESSION_NAME", "")
    return Path(session).name if str(session).endswith(".ipynb") else ""
