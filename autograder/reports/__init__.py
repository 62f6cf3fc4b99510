"""Reports for people and other programs, each a function of plain results."""

from .csv import class_csv
from .html import overview_page, student_page, write_pages
from .text import class_table, report_table

__all__ = [
    "class_csv",
    "class_table",
    "overview_page",
    "report_table",
    "student_page",
    "write_pages",
]
