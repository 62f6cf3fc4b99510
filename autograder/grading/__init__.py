"""From one submission to a `Report`, and from a class to many."""

from .many import grade_class
from .one import grade_submission
from .seeds import course_seed
from .store import NotWrittenError, report_path, write_report

__all__ = [
    "NotWrittenError",
    "course_seed",
    "grade_class",
    "grade_submission",
    "report_path",
    "write_report",
]
