"""Which submissions share code that others do not have: a hint at copied work. Runs none of it."""

from .pairs import SharedLines, SimilarPair, similar_pairs
from .sources import WrittenSource, written_sources

__all__ = ["SharedLines", "SimilarPair", "WrittenSource", "similar_pairs", "written_sources"]
