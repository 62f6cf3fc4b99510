"""One database engine for a run of nbgrader's, not one for every look at the gradebook.

nbgrader opens its gradebook some fifteen times for a student. Each time it makes a new engine, that
lists and checks all tables and compiles every query anew: more work than what it reads and writes.
Here the engine of the first time stays, with its compiled queries. Connections are closed as by
nbgrader, so that none is open while a student's code runs.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from nbgrader.api import Gradebook  # type: ignore[import-untyped]
from sqlalchemy.orm import scoped_session, sessionmaker

_Open = Callable[..., None]
_engines: ContextVar[dict[tuple[str, str], Any] | None] = ContextVar("engines", default=None)


@contextlib.contextmanager
def one_engine() -> Iterator[None]:
    """Within it, in this thread, a gradebook that was open before is opened with the same engine.

    Its tables and its course have been looked at when it was opened first, by nbgrader itself.
    """
    _let_gradebooks_share()
    token = _engines.set({})
    try:
        yield
    finally:
        _engines.reset(token)


@functools.cache
def _let_gradebooks_share() -> None:
    Gradebook.__init__ = _sharing(Gradebook.__init__)


def _sharing(open_anew: _Open) -> _Open:
    @functools.wraps(open_anew)
    def open_gradebook(
        self: Any, db_url: str, course_id: str = "default_course", authenticator: Any = None
    ) -> None:
        known = _engines.get()
        engine = known.get((db_url, course_id)) if known else None
        if engine is None:
            open_anew(self, db_url, course_id, authenticator)
            if known is not None:
                known[db_url, course_id] = self.engine
            return
        self.engine = engine
        self.db = scoped_session(sessionmaker(autoflush=True, bind=engine, future=True))
        self.course_id = course_id
        self.authenticator = authenticator

    return open_gradebook
