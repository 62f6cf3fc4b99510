"""What a course's `nbgrader_config.py` calls. Grades nothing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from autograder.arguments import hide
from autograder.course import Course, course_around, find_course
from autograder.nbgrader_plugin.converters import lead_ours_aside

UNSAFE = (
    "nbgrader was stopped, because without the settings in nbgrader_config.py it would run"
    " students' code outside the sandbox. What went wrong there: {error}"
)


def configure(config: Any, *, course: Path | None = None) -> None:
    """Set up a course directory: `configure(get_config())` in its `nbgrader_config.py`.

    `course` is the folder that has the `course.toml`; by default it is found from the folder of
    the config file upwards, or else as by every command. Only its assignments take another way,
    whatever else the file says before or after this call: they are released from its folder of
    assignments, and graded in the sandbox. `c.GradeInSandbox` has the settings of that, for
    instance ``c.GradeInSandbox.level = "process"``.

    Raises
    ------
    SystemExit : whatever goes wrong. nbgrader merely logs an ordinary exception in a config file
        and goes on with its own settings, which run students' notebooks without a sandbox.
    """
    try:
        caller = sys._getframe(1).f_globals.get("__file__")  # nbgrader may run anywhere
        beside = course_around(Path(caller).resolve().parent) if caller and not course else None
        _configure(config, beside or find_course(course))
    except Exception as error:
        raise SystemExit(UNSAFE.format(error=error)) from error


def _configure(config: Any, course: Course) -> None:
    hide("seed")
    _put_alembic_on_path()
    config.OurAssignments.course = str(course.root)
    lead_ours_aside()


def _put_alembic_on_path() -> None:
    # nbgrader makes a new gradebook by calling `alembic` by name, which fails with a bare
    # FileNotFoundError when nbgrader was started from an environment that is not activated.
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
