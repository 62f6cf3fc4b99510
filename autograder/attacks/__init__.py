"""The test bed of hostile submissions: what they try, whether they are held, and by which level.

It plants bait on this machine, grades each attack as an instructor would, and looks for harm. It
knows nothing of how the sandbox works.
"""

from .corpus import CORPUS, FAMILIES, Attack, CorpusError, load_corpus
from .run import run_corpus, verify_attacks
from .table import summary, table
from .trial import AttackTrial, try_attack

__all__ = [
    "CORPUS",
    "FAMILIES",
    "Attack",
    "AttackTrial",
    "CorpusError",
    "load_corpus",
    "run_corpus",
    "summary",
    "table",
    "try_attack",
    "verify_attacks",
]
