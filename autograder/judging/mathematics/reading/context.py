"""What holds throughout one answer while it is read. Knows no grammar."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import nodes as n
from .declarations import Declarations

FREE_LETTERS = "ijlmpqtabcefghkorsuvwxyz"


@dataclass
class Context:
    """The declarations, the indices bound so far, and the parts that own names brought along."""

    declared: Declarations
    bound: list[str] = field(default_factory=list)
    depth: int = 0
    inserted: int = 0

    def free_letter(self, *nodes: n.Node) -> str:
        """A letter for an index that neither the question nor these expressions use."""
        used = {part.name for node in nodes for part in n.walk(node) if isinstance(part, NAMED)}
        free = (c for c in FREE_LETTERS if c not in used and not self.declared.kind(c))
        return next((c for c in free if c not in self.bound), "dots")


NAMED = (n.Symbol, n.Element, n.Index, n.Dimension)
