"""One student's files as bytes: found, unpacked safely, bounded. Runs none of them."""

from .find import find_submissions, one_student, take_in
from .intake import GivenPath, Intake
from .model import BOUNDS, Bounds, Provenance, Submission, SubmissionError
from .names import distinct, file_stem, folder_alias, folder_names
from .roster import Roster, RosterError, read_roster
from .which import assignment_of

__all__ = [
    "BOUNDS",
    "Bounds",
    "GivenPath",
    "Intake",
    "Provenance",
    "Roster",
    "RosterError",
    "Submission",
    "SubmissionError",
    "assignment_of",
    "distinct",
    "file_stem",
    "find_submissions",
    "folder_alias",
    "folder_names",
    "one_student",
    "read_roster",
    "take_in",
]
