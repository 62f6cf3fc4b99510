"""What the words around the formulas of a cell say about each of them. Knows no mathematics.

They tell an answer (this gives $B$) from what explains the one before it (because $B$), and from
a formula of which they do not say what it is for (times $B$).
"""

from __future__ import annotations

from collections.abc import Sequence

ANSWER, REMARK, ASIDE, OPEN, CONTRAST = "answer", "remark", "aside", "open", "contrast"
NOTED = "noted"

EXPLAINING = {"because", "since", "as", "where", "whereby", "when", "whenever", "if", "given",
              "assuming", "provided", "unless", "while", "whereas", "although", "here", "holds",
              "noting", "recall", "using", "note", "iff", "until", "valid", "wherein", "wobei",
              "weil", "denn", "da", "car", "puisque"}  # fmt: skip
NOTING = {"note", "notice", "observe", "remark"}
RECOVERING = {"back", "recover", "recovers", "reduces", "simplifies", "becomes", "again", "usual"}
REASONS = {"because", "since", "whereas", "although", "provided", "assuming", "where", "if", "when"}
AROUND = {"mit", "avec", "für", "pour",
          "with", "for", "under", "in", "of", "on", "over", "at", "has", "from", "which", "called",
          "known", "without", "the", "a", "an", "that", "whose", "all", "every", "each", "any",
          "into", "between", "minimises", "minimizes", "maximises", "maximizes", "solves",
          "satisfies", "minimising", "minimizing", "solving", "shape", "size", "dimension",
          "dimensions", "eigenvalue", "eigenvalues", "rank", "variance", "hessian"}  # fmt: skip
CONTRASTS = ("instead of", "rather than", "not", "unlike", "compared to", "compared with",
             "in contrast to", "as opposed to")  # fmt: skip
CONSEQUENCES = {
    "so",
    "hence",
    "thus",
    "therefore",
    "then",
    "gives",
    "give",
    "giving",
    "get",
    "obtain",
    "obtaining",
    "yields",
    "yield",
    "yielding",
    "namely",
    "answer",
    "solution",
    "implies",
    "follows",
    "finally",
    "leads",
    "conclude",
    "daher",
    "somit",
    "donc",
    "result",
}
LEADING = CONSEQUENCES | {
    "is", "are", "be", "becomes", "become", "equals", "have", "find", "finds", "gets", "means",
    "reads", "write", "and", "or", "but", "also", "was", "were", "answers", "equation", "say",
    "choose", "take", "set", "i", "e", "ie", "now", "next", "to", "follow", "remains", "left",
    "simplifies", "minimiser", "minimizer",
}  # fmt: skip
LEADING_TWICE = {"given by", "found by", "obtained by", "given as", "found as", "written as",
                 "expressed as", "computed as", "rewritten as", "chosen as", "simplified as",
                 "obtained as", "solved by", "minimised by", "minimized by", "defined as",
                 "computed by", "attained by", "attained at", "solution of"}  # fmt: skip
VERBS = {"is", "are", "has", "have", "can", "cannot", "does", "denotes", "means", "exists",
         "holds", "must", "stands", "acts", "plays", "vanishes", "shrinks", "dominates", "becomes",
         "tends", "goes", "will", "would", "may", "depends", "corresponds"}  # fmt: skip
CONCLUDING = {
    "answer",
    "solution",
    "result",
    "minimiser",
    "minimizer",
    "gradient",
    "asked",
    "wanted",
}
FORMS = (["form"], ["notation"], ["short"], ["shorthand"], ["terms"])
OFFERING = {"or", "alternatively", "maybe", "perhaps", "otherwise", "else", "either", "possibly"}
SIGNS = set("=<>≤≥≈→∈≠≪≫∝≻≽")
COMMANDS = {"le", "leq", "leqslant", "ge", "geq", "geqslant", "lt", "gt", "to", "in", "ne", "neq",
            "ll", "gg", "approx", "sim", "rightarrow", "forall", "propto", "succ", "succeq", "prec",
            "preceq"}  # fmt: skip


def roles(gaps: Sequence[str], formulas: Sequence[str]) -> list[str]:
    """What each formula is, by the text in front of it; the last gap is the text behind all.

    "answer"; "remark" on one before; "aside", perhaps a remark; "contrast", what the answer is not;
    "open" where no word tells, "noted" in a sentence that begins with "note that".

    >>> roles(["", ", so we get ", " because ", "."], ["A = 0", "B", "C"])
    ['answer', 'answer', 'remark']
    >>> roles(["", " because each of the ", " points has ", ""], ["B", "n", "k"])
    ['answer', 'remark', 'remark']
    >>> roles(["", " times ", ""], ["A", "B"])
    ['answer', 'open']
    """
    found = [ANSWER] if formulas else []
    explaining = ""
    depth = 0
    for gap, text, behind in zip(gaps[1:-1], formulas[1:], gaps[2:], strict=True):
        clause, fresh = _clause(gap)
        depth = _depth(gap, depth)
        if fresh or _ends(clause, explaining):
            explaining = ""
        aside = depth > 0 and not offers_another(clause) and "i" not in _words(clause)  # i.e.
        said = (
            NOTED
            if explaining == NOTED
            else REMARK
            if explaining or aside
            else _role(clause, text, fresh=fresh)
        )
        if said == ANSWER and _is_subject(clause, fresh, text, behind):
            said = ASIDE  # $w = A$. $B$ is invertible.
        if said in {REMARK, ASIDE, CONTRAST} and not explaining and not aside:
            condition = "if" in _words(clause)
            explaining = "sentence" if fresh else "condition" if condition else "clause"
        explaining = NOTED if said == NOTED else explaining
        found.append(said)
    return found


def _depth(gap: str, before: int) -> int:
    """How many brackets are open behind the words, in which an explanation stands."""
    for sign in gap:
        before = max(0, before + (sign == "(") - (sign == ")"))
    return before


def _ends(clause: str, explaining: str) -> bool:
    """Whether the words lead out of a reason: by a consequence, or by the comma behind it."""
    leading = CONSEQUENCES - {"then"} if explaining == "condition" else CONSEQUENCES
    words = _words(clause)
    if words[-2:] == ["so", "that"]:
        return False  # Note that $a > 0$ is needed so that $B$ is invertible.
    if explaining == NOTED:
        led = not {"so", "hence", "thus", "therefore"}.isdisjoint(words)
        goes_on = clause.lstrip().startswith(",") and RECOVERING.isdisjoint(words)
        return led or (goes_on and not leading.isdisjoint(words))
    led = not leading.isdisjoint(words) or clause.rstrip().endswith(":")
    return led or (explaining == "sentence" and clause.rstrip().endswith(","))


def _role(clause: str, formula: str, *, fresh: bool) -> str:
    words = _words(clause)
    if clause.strip().endswith((":", "=")):
        return ANSWER
    if clause.strip() == "(":
        return REMARK
    if words[:1] == ["which"] and words[-1] in {"is", "are"}:
        return ASIDE
    if words[-1:] in FORMS and "in" in words:
        return ANSWER  # …, in matrix form $B$
    if words and words[0] in NOTING and fresh:
        return NOTED
    if not words or words[-1] in LEADING or " ".join(words[-2:]) in LEADING_TWICE:
        return ANSWER
    related = _is_related(formula)
    closed = clause.rstrip().endswith(",")  # Since X has full rank, $B$
    begins = not closed and (words[0] in EXPLAINING or not REASONS.isdisjoint(words))
    if " ".join(words).endswith(CONTRASTS):
        return CONTRAST
    if begins or words[-1] in EXPLAINING - {"as"}:
        return REMARK
    if words[-1] == "as" and (related or len(words) == 1):
        return REMARK
    if words[-1] in AROUND or (words[0] in AROUND and not closed):
        return REMARK if related else ASIDE
    return ANSWER if related else OPEN


def offers_another(gap: str) -> bool:
    """Whether words such as "or maybe" offer what follows beside what is before them."""
    return not OFFERING.isdisjoint(_words(gap.lower()))


def _is_subject(clause: str, fresh: bool, formula: str, behind: str) -> bool:
    """Whether a sentence begins with this formula and says something about it."""
    begins = fresh or clause.lstrip().startswith(",") or bool(_words(clause))
    following = _words(behind)
    spoken = behind.lstrip().startswith("=") or following[:1] in [[verb] for verb in VERBS]
    told = not CONCLUDING.isdisjoint(following[1:4])  # … $B$ is the answer.
    led = {"so", "hence", "thus", "therefore", "and", "i", "e"}.issuperset(_words(clause))
    return begins and spoken and not told and led and not _is_related(formula)


def begins_with(gap: str, words: Sequence[str]) -> bool:
    """Whether the last sentence of these words is a new one that begins like this."""
    clause, fresh = _clause(gap)
    said = " ".join(_words(clause)) + " "
    return fresh and any(said.startswith(word + " ") for word in words)


def _clause(gap: str) -> tuple[str, bool]:
    """The words behind the last end of a sentence or a paragraph, and whether there is one."""
    text = " formula ".join(gap.split("$")[::2]).lower()
    ends = [
        place + 1
        for place, sign in enumerate(text)
        if (sign in ".!?" and text[place + 1 : place + 2].isspace())
        or (sign == "\n" and _begins_block(text[place + 1 :]))
    ]
    return (text[ends[-1] :], True) if ends else (text, False)


def _begins_block(rest: str) -> bool:
    """Whether a line is blank or an item of a list."""
    line = rest.partition("\n")[0].strip() if "\n" in rest else "." + rest.strip()
    item = rest.lstrip()[:2]
    number = rest.lstrip().lstrip("0123456789")
    numbered = number != rest.lstrip() and number[:1] in {".", ")"}
    return not line or item in {"- ", "* ", "+ "} or numbered


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalpha() else " " for sign in text).split()


def _is_related(formula: str) -> bool:
    """Whether a formula says how two things are related."""
    commands = {_words(part + " ")[0] for part in formula.split("\\")[1:] if part[:1].isalpha()}
    return bool(SIGNS & set(formula) or COMMANDS & commands)
