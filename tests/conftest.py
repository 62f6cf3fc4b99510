"""Fixtures that several folders of tests share."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import settings

from autograder.assignment import (
    RELEASE,
    SCHEMA,
    Assignment,
    Release,
    TrainingGrades,
    load_assignment,
)
from autograder.cores import available_cores
from autograder.course import SETTINGS, VARIABLE, read_course
from autograder.files import write_atomically
from autograder.judging.attempts import all_parts
from autograder.judging.handed_in import Author, HandedIn
from autograder.sandbox.levels import LEVELS, get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.remote import Conversation, Student
from autograder.sandbox.session import Session

# The same examples on every run, however busy the machine; `--hypothesis-profile=explore` looks
# for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("repeatable")

# These run where nothing but the wheel, or nbgrader's own tests, is on the path; see tox.ini.
collect_ignore = ["wheel", "nbgrader_own"]


os.environ.pop(VARIABLE, None)  # tests name their course, or mean the one that is shipped


@pytest.fixture(autouse=True, scope="module")
def the_environment_stays_the_one_of_the_process() -> Iterator[None]:
    """Who holds `os.environ`, as rich does, sees nothing of a copy that takes its place."""
    ours = os.environ
    yield
    assert os.environ is ours, "a test has put another object in the place of os.environ"


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: many tests wait for something."""
    return available_cores() + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long modules start first, so that none is left when all others have ended."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files by their path from a folder; others stay."""
    for path, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        write_atomically(folder / path, data)


def write_release(
    root: Path, slug: str, files: Mapping[str, str | bytes], **settings: Any
) -> Assignment:
    """A made-up assignment as `autograder build` would release it, in the course of a folder.

    Students edit the notebooks and the modules that have a TODO; `settings` are fields of
    `Release` that are to be otherwise. The hidden tests are the caller's to write.
    """
    contents = {path: file.encode() if isinstance(file, str) else file
                for path, file in files.items()}  # fmt: skip
    edited = [path for path in sorted(contents) if all_parts({path: contents[path]})]
    about = {
        "schema": SCHEMA,
        "slug": slug,
        "title": slug.capitalize(),
        "summary": "Made up",
        "package": "nn",
        "dataset": "none",
        "points": 0.0,
        "bonus_points": 0.0,
        "parts": (),
        "notebooks": tuple(path for path in contents if path.endswith(".ipynb")),
        "modules": tuple(path for path in edited if path.endswith(".py")),
        "thresholds": {},
        "training": {},
        "training_grades": TrainingGrades(),
        "digests": {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()},
    }
    release = msgspec.json.encode(Release(**about | settings))
    write_files(root / "assignments" / slug, {**contents, RELEASE: release})
    (root / SETTINGS).touch()
    return load_assignment(slug, read_course(root))


@pytest.fixture(scope="session", name="write_release")
def _write_release() -> Callable[..., Assignment]:
    """See `write_release`."""
    return write_release


@pytest.fixture(scope="session", name="write_files")
def _write_files() -> Callable[..., None]:
    """See `write_files`."""
    return write_files


class InThisProcess(Author):
    """A student without a worker, whose parts are objects of this process."""

    def __init__(self, submitted: HandedIn, **parts: object) -> None:
        self._submitted = submitted
        vars(self).update(parts)

    def aside(self) -> contextlib.AbstractContextManager[None]:
        """Nobody listens here anyway."""
        return contextlib.nullcontext()


@pytest.fixture(scope="session")
def in_this_process() -> type[InThisProcess]:
    """See `InThisProcess`."""
    return InThisProcess


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Names that are no text, as some submissions have them, would end the whole run in xdist."""
    report = yield
    report.sections = [(_sendable(name), _sendable(text)) for name, text in report.sections]
    if report.longrepr is not None and not str(report.longrepr).isascii():
        with contextlib.suppress(UnicodeEncodeError):
            str(report.longrepr).encode()
            return report
        report.longrepr = _sendable(str(report.longrepr))
    return report


def _sendable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
