"""From one submission to a `Report`, and from a class to many."""

from .many import grade_class, report_path, write_report
from .one import grade_submission
from .seeds import course_seed

__all__ = ["course_seed", "grade_class", "grade_submission", "report_path", "write_report"]
