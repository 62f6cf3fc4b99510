"""Reports for people and other programs, each a function of plain results."""

from .csv import class_csv
from .html import overview_page, student_page, write_pages
from .json import class_json
from .progress import progress
from .text import class_table, print_reports, report_table

__all__ = [
    "class_csv",
    "class_json",
    "class_table",
    "overview_page",
    "print_reports",
    "progress",
    "report_table",
    "student_page",
    "write_pages",
]
