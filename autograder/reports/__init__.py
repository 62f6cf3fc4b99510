"""Reports for people and other programs, each a function of plain results."""

from .adoption import adopted_notes, adopted_table, forgeable
from .adoption_page import adoption_page
from .class_page import class_page
from .class_record import keep_class
from .csv import class_csv
from .handed_in import first_lines, print_intake
from .handed_in import record as handed_in_record
from .html import student_page, write_pages
from .json import class_json
from .lists import assignment_table, data_table, print_table
from .progress import progress
from .show import show
from .text import class_table, print_reports, report_table

__all__ = [
    "adopted_notes",
    "adopted_table",
    "adoption_page",
    "assignment_table",
    "class_csv",
    "class_json",
    "class_page",
    "class_table",
    "data_table",
    "first_lines",
    "forgeable",
    "handed_in_record",
    "keep_class",
    "print_intake",
    "print_reports",
    "print_table",
    "progress",
    "report_table",
    "show",
    "student_page",
    "write_pages",
]
