"""The door of the room: a freshly forked child becomes the student's side, or the judge."""

from __future__ import annotations

import os
import socket
import traceback
from collections.abc import Sequence
from typing import NoReturn

from ..notebook import Notebooks
from .judge import serve_judge
from .student import serve_student


def serve_adopted(streams: Sequence[socket.socket], notebooks: Notebooks) -> NoReturn:
    """Serve until the other side closes: one stream is the student's side, two are the judge's."""
    os.environ["NBGRADER_EXECUTION"] = "autograde"  # as by nbgrader; a cell may ask
    try:
        if len(streams) == 1:
            serve_student(streams[0], notebooks)
        else:
            serve_judge(*streams)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)
