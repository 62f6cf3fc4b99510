"""One student's files as bytes: found, unpacked safely, bounded. Runs none of them."""

from .find import find_submissions
from .model import BOUNDS, Bounds, Submission, SubmissionError
from .names import distinct, file_stem

__all__ = [
    "BOUNDS",
    "Bounds",
    "Submission",
    "SubmissionError",
    "distinct",
    "file_stem",
    "find_submissions",
]
