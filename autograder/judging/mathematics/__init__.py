"""Written mathematics, marked: matrix answers, derivations, proofs. Knows no assignment."""

from .judgement import Judgement
from .questions import Question, judge, question
from .specification import load, public

__all__ = ["Judgement", "Question", "judge", "load", "public", "question"]
