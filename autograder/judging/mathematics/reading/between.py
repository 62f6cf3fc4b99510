"""What the words between two formulas say about the second. Knows words and no mathematics.

`role` tells an answer (gives $B$) from what only explains the one before it (because $B$), and from
a formula of which the words do not say what it is for (times $B$).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

EXPLAINING = {"because", "since", "as", "where", "whereby", "when", "whenever", "if", "given",
              "assuming", "provided", "unless", "while", "whereas", "although", "here", "holds",
              "noting", "recall", "using", "note", "iff", "until", "valid", "wherein"}  # fmt: skip
AROUND = {"with", "for", "under", "in", "of", "on", "over", "at", "has", "from", "which", "called",
          "known", "without", "the", "a", "an", "that", "whose", "all", "every", "each", "any",
          "into", "between"}  # fmt: skip
CONTRASTS = ("instead of", "rather than", "not", "unlike", "compared to", "compared with",
             "in contrast to", "as opposed to")  # fmt: skip
LEADING = {
    "so", "hence", "thus", "therefore", "then", "is", "are", "be", "gives", "give", "giving", "get",
    "obtain", "obtaining", "yields", "yield", "yielding", "becomes", "become", "equals", "namely",
    "answer", "solution", "implies", "follows", "finally", "have", "find", "finds", "gets", "leads",
    "means", "result", "conclude", "reads", "write", "and", "or", "but", "also", "was", "were",
    "answers", "equation", "say", "choose", "take", "set", "i", "e", "ie", "now", "next",
    "to", "follow", "remains", "left", "simplifies", "minimiser", "minimizer",
}  # fmt: skip
LEADING_TWICE = {"given by", "found by", "obtained by", "given as", "found as", "written as",
                 "expressed as", "computed as", "rewritten as", "chosen as", "simplified as",
                 "obtained as", "solved by", "minimised by", "minimized by", "defined as",
                 "computed by", "attained by", "attained at", "solution of"}  # fmt: skip
RELATION = re.compile(
    r"[=<>≤≥≈→∈≠≪≫∝]|\\(?:le|leq|leqslant|ge|geq|geqslant|lt|gt|to|in|ne|neq|ll|gg|approx|sim"
    r"|rightarrow|forall|propto)(?![a-zA-Z])"
)
INLINE = re.compile(r"\$[^$]*\$")
CLAUSE = re.compile(r"(?:[.!?]\s|\n\s*\n|\n\s*(?:[-*+]|\d+[.)])\s)")


def role(gap: str, formula: str) -> str:
    """What a formula is, by the words between the one before it and itself.

    "answer"; "remark" on the one before; "aside", perhaps a remark; "" where the words do not tell.

    >>> role(", so we get ", "B"), role(" because ", "B = C"), role(" for all ", "n")
    ('answer', 'remark', 'aside')
    >>> role(" times ", "B")
    ''
    """
    clause = CLAUSE.split(INLINE.sub(" formula ", gap))[-1].lower()
    words = re.findall(r"[^\W\d_]+", clause)
    if clause.strip().endswith((":", "=")):
        return "answer"
    if clause.strip() == "(":
        return "remark"
    if not words or words[-1] in LEADING or " ".join(words[-2:]) in LEADING_TWICE:
        return "answer"
    related = RELATION.search(formula) is not None
    closed = clause.rstrip().endswith(",")  # Since X has full rank, $B$
    begins = words[0] in EXPLAINING and not closed
    if _contrasts(words) or begins or words[-1] in EXPLAINING - {"as"}:
        return "remark"
    if words[-1] == "as" and (related or len(words) == 1):
        return "remark"
    around = words[-1] in AROUND or (words[0] in AROUND and not closed)
    if around:
        return "remark" if related else "aside"
    return "answer" if related else ""


def _contrasts(words: Sequence[str]) -> bool:
    """Whether what follows is said not to be the answer."""
    said = " ".join(words)
    return said.endswith(CONTRASTS)
