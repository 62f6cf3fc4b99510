"""What a cell of the student's shows, for people to look at: text, its last value, its plots.

Runs beside the student's code, so whoever shows it believes none of it.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any

MAX_TEXT = 20_000
MAX_PICTURES = 8  # of one cell
PIXELS = 640  # the longer side of a picture
SHRINK = (1.0, 0.7, 0.45)  # sizes that are tried until a picture is small enough
MAX_PICTURE = 120_000  # bytes


def show_cell(shell: Any, source: str) -> list[Any]:
    """Run a cell: what it printed, its last value as text, its error, its plots as PNG."""
    values: list[str] = []
    hook = shell.displayhook
    hook.write_output_prompt = lambda: None
    hook.write_format_data = lambda data, metadata=None: values.append(str(data["text/plain"]))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        result = shell.run_cell(source, store_history=False)
    if source.rstrip().endswith(";"):  # as in Jupyter
        values.clear()
    error = result.error_before_exec or result.error_in_exec
    said = "" if error is None else f"{type(error).__name__}: {error}"
    text = [_text(one) for one in (printed.getvalue(), "\n".join(values), said)]
    return [*text, _pictures()]


def _text(text: str) -> str:
    return text[: MAX_TEXT + 1].encode("utf-8", "replace").decode()


def _pictures() -> list[bytes]:
    """The open figures, which are closed."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    found = []
    for number in pyplot.get_fignums()[:MAX_PICTURES]:
        with contextlib.suppress(Exception):
            found.append(_drawn(pyplot.figure(number)))
    pyplot.close("all")
    return [one for one in found if one]


def _drawn(figure: Any) -> bytes:
    side = max(*figure.get_size_inches(), 0.1)
    for part in SHRINK:
        data = io.BytesIO()
        figure.savefig(data, format="png", dpi=part * PIXELS / side)
        if data.tell() <= MAX_PICTURE:
            return data.getvalue()
    return b""
