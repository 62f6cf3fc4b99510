"""From one submission to a `Report`, and from a class to many."""

from .keys import Conditions
from .many import Listener, grade_class
from .one import grade_submission
from .places import Lent, Place, Processes, Scheduler
from .seeds import course_seed, short_seed, written_seed
from .store import NotWrittenError, grade_or_reuse, report_path, stored_class, write_report

__all__ = [
    "Conditions",
    "Lent",
    "Listener",
    "NotWrittenError",
    "Place",
    "Processes",
    "Scheduler",
    "course_seed",
    "grade_class",
    "grade_or_reuse",
    "grade_submission",
    "report_path",
    "short_seed",
    "stored_class",
    "write_report",
    "written_seed",
]
