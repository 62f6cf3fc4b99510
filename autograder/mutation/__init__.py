"""Small wrong edits of right code, for whoever wants to know what tests notice.

Source text in, mutants out: each is the source with one edit and keeps every other character. Knows
nothing of assignments, grading or students, and runs no code.
"""

from .kinds import KINDS, Kind
from .mutants import CodeMutant, mutants_of
from .written import CodeText, texts_of, with_text, written_lines

__all__ = [
    "KINDS",
    "CodeMutant",
    "CodeText",
    "Kind",
    "mutants_of",
    "texts_of",
    "with_text",
    "written_lines",
]
