"""Written mathematics, marked: matrix answers, derivations, free texts. Knows no assignment.

The door of the room; nobody outside imports what is behind it. A specification is plain data:
`checked` reads it, `self_test` proves it by its own examples, and `public` is what students may
see of it. A `question` made of one judges any text: `judge` says a `Judgement` and never raises.
`Derivation` marks the steps to an answer, `CodeQuestion` draws calls of a function with the values
that are right for them, `RubricQuestion` looks for what a person wants to find in a free text, and
`KnownMistake` recognises one wrong answer in every form.

Behind it, each room knows the ones before it: `reading` (text to expression; students have it as
well), `computing` (data and values), `explaining` (what is said), `kinds` (one class for each kind
of answer), `texts` (derivations and rubrics).
"""

from .explaining.judgement import Judgement, Question
from .kinds.code import CodeCall, CodeQuestion
from .known_mistakes import KnownMistake
from .proving import self_test
from .questions import judge, question
from .reading.declarations import DeclarationError
from .reading.raw_text import text_problem
from .specification import checked, public
from .texts.derivations import Derivation
from .texts.rubrics import RubricQuestion

__all__ = [
    "CodeCall",
    "CodeQuestion",
    "DeclarationError",
    "Derivation",
    "Judgement",
    "KnownMistake",
    "Question",
    "RubricQuestion",
    "checked",
    "judge",
    "public",
    "question",
    "self_test",
    "text_problem",
]
