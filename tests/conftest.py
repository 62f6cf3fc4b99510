"""Fixtures that several folders of tests share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import settings

from autograder.cores import available_cores
from autograder.sandbox.levels import LEVELS, get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.remote import Conversation, Student
from autograder.sandbox.session import Session

# The same examples on every run, however busy the machine; `--hypothesis-profile=explore` looks
# for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("repeatable")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: many tests wait for something."""
    return available_cores() + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long modules start first, so that none is left when all others have ended."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


AVAILABLE = [level.name for level in LEVELS if not level.why_not()]
Open = Callable[[Mapping[str, str]], Student]


@pytest.fixture(params=AVAILABLE)
def level_name(request: pytest.FixtureRequest) -> str:
    """Every sandbox level that this machine has, one after the other."""
    name: str = request.param
    return name


@pytest.fixture
def session(level_name: str) -> Iterator[Session]:
    """An empty worker."""
    with Session(get_level(level_name), Limits()) as session:
        yield session


@pytest.fixture
def student_of(session: Session) -> Iterator[Open]:
    """A function that writes modules into the worker and opens a check on them."""
    stack = []

    def open_check(files: Mapping[str, str]) -> Student:
        deadline = time.monotonic() + 20
        session.write_files({path: text.encode() for path, text in files.items()}, deadline)
        check = session.check(seed=1)
        stack.append(check)
        return Student(Conversation(check.__enter__(), time.monotonic() + 5), "nn", ("lesson",))

    yield open_check
    for check in stack:
        check.__exit__(None, None, None)
