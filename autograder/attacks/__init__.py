"""The test bed of hostile submissions: what they try, whether they are held, and by which level.

It plants bait on this machine, grades each attack as an instructor would, and looks for harm. It
knows nothing of how the sandbox works.
"""

from .corpus import CORPUS, Attack, CorpusError, load_corpus
from .run import run_corpus
from .table import stale_table, summary, table, write_table
from .trial import Trial, try_attack

__all__ = [
    "CORPUS",
    "Attack",
    "CorpusError",
    "Trial",
    "load_corpus",
    "run_corpus",
    "stale_table",
    "summary",
    "table",
    "try_attack",
    "write_table",
]
