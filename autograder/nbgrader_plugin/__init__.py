"""Our sandbox and our checks behind `nbgrader autograde`. Knows nbgrader; holds no hidden test.

    from autograder.nbgrader_plugin import configure

    configure(get_config())

as a course's `nbgrader_config.py` is all that is needed.
"""

from autograder.nbgrader_plugin.course import configure
from autograder.nbgrader_plugin.exporter import SubmissionExporter
from autograder.nbgrader_plugin.preprocessors import (
    GradeInSandbox,
    GraderFailedError,
    LeaveToPeople,
    RestoreCells,
)

__all__ = [
    "GradeInSandbox",
    "GraderFailedError",
    "LeaveToPeople",
    "RestoreCells",
    "SubmissionExporter",
    "configure",
]
