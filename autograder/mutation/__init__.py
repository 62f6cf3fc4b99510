"""Small wrong edits of right code, for whoever wants to know what tests notice.

Source text in, mutants out: each is the source with one edit and keeps every other character. Knows
nothing of assignments, grading or students, and runs no code.
"""

from .everywhere import mutants_everywhere
from .kinds import KINDS, Kind
from .mutants import OF_STUDENTS, CodeMutant, mutants_of
from .texts import CodeText, texts_of, with_text

__all__ = [
    "KINDS",
    "OF_STUDENTS",
    "CodeMutant",
    "CodeText",
    "Kind",
    "mutants_everywhere",
    "mutants_of",
    "texts_of",
    "with_text",
]
