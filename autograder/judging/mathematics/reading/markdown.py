"""Where the formulas are in a Markdown cell full of prose. Knows no question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .between import ANSWER, ASIDE, OPEN, REMARK, begins_with, offers_another, roles
from .errors import Empty, TooLarge, Unreadable

MAX_CELL = 20_000
OPENERS = (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("```", "```"), ("`", "`"), ("$", "$"))
ENVIRONMENTS = ("equation", "align", "aligned", "gather", "eqnarray", "multline", "split")
LISTS = {",", ";", "and", "or", ", or", ", and", "or also", "or else"}
REASON_WORDS = {"because", "since", "as", "where", "for", "with", "if", "when"}
REASONS = ("because", "since", ", as", "; as")  # what follows one of these explains
SPOKEN = ("answer:", "solution:", "answer is", "therefore", "hence", "so")


@dataclass(frozen=True, slots=True)
class Passage:
    """A formula in a cell; `displayed` tells it from one inside a sentence.

    `start` and `end` are where it stands in the cell, with the marks around it.
    """

    text: str
    displayed: bool
    start: int = -1
    end: int = -1


def passages(cell: str) -> list[Passage]:
    """All formulas of a cell in order; a cell without any mark of one is a formula itself.

    >>> [p.text for p in passages("So $a$ and $$b = c$$ hold.")]
    ['a', 'b = c']
    """
    if len(cell) > MAX_CELL:
        raise TooLarge(
            f"This cell has {len(cell)} characters; at most {MAX_CELL} are read.",
            help="Keep only the final formula, as in $w = X^T y$.",
        )
    found = [p for p in _marked(cell) if p.text.strip()]
    if found or not cell.strip():
        return found
    return [Passage(_last_line(cell), True, 0, len(cell))]


def _marked(cell: str) -> Iterator[Passage]:
    at = 0
    while at < len(cell):
        if cell.startswith("\\$", at):
            at += 2
            continue
        opener, closer = _opening(cell, at)
        if not opener:
            at += 1
            continue
        begin = at + len(opener)
        stop = cell.find(closer, begin)
        if stop < 0:
            raise Unreadable(
                f"The {opener} opened here is never closed.",
                start=at,
                end=begin,
                help=f"Close the formula with {closer}.",
            )
        whole = opener.startswith("\\begin")
        text = cell[at : stop + len(closer)] if whole else cell[begin:stop]
        if opener == "```" and "\n" in text:
            text = text.partition("\n")[2]
        start, at = at, stop + len(closer)
        yield Passage(text, opener not in {"$", "\\(", "`"}, start, at)


def _opening(cell: str, at: int) -> tuple[str, str]:
    for opener, closer in OPENERS:
        unfinished = opener == "\\(" and closer not in cell[at:]  # MATLAB's A\\(b + c)
        if cell.startswith(opener, at) and not unfinished:
            return opener, closer
    if cell.startswith("\\begin{", at):
        for name in ENVIRONMENTS:
            for starred in (name, name + "*"):
                if cell.startswith(f"\\begin{{{starred}}}", at) and not cell[:at].strip():
                    return f"\\begin{{{starred}}}", f"\\end{{{starred}}}"
                if cell.startswith(f"\\begin{{{starred}}}", at) and "\n" in cell[at - 1 : at]:
                    return f"\\begin{{{starred}}}", f"\\end{{{starred}}}"
    return "", ""


def _last_line(cell: str) -> str:
    """The formula of a cell in plain text: all of it, without a spoken beginning."""
    text = cell.strip()
    for mark in ("**", "__"):
        if len(text) > 4 and text.startswith(mark) and text.endswith(mark):
            text = text[2:-2].strip()  # bold in Markdown
    for spoken in SPOKEN:
        if text.lower().startswith(spoken) and not text[len(spoken) : len(spoken) + 1].isalnum():
            return text[len(spoken) :].lstrip(" :,")
    title, colon, rest = text.partition(":")
    return rest.strip() if colon and rest.strip() and _is_title(title) else text


def _is_title(text: str) -> bool:
    """Whether words such as "Minimum depth" stand here, and no name and no "not"."""
    words = text.split()
    spoken = all(word.replace("-", "").isalpha() and len(word) > 2 for word in words)
    return bool(words) and spoken and "\n" not in text and not {"not", "wrong"} & set(words)


def boxed(text: str) -> str:
    """The content of the last \\boxed{...}, "" where there is none."""
    at = text.rfind("\\boxed{")
    if at < 0:
        return ""
    begin, depth = at + len("\\boxed{"), 1
    for place in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:  # \\boxed{w} = … frames the name only
            return "" if text[place + 1 :].lstrip().startswith("=") else text[begin:place]
    return ""


def answer_text(cell: str) -> str:
    """The formula that counts: the last boxed one, else the last displayed one, else the last.

    Raises `Empty` for a cell without a formula.
    """
    found = passages(cell)
    if not found:
        raise Empty(
            "There is no formula here yet.",
            help="Write your answer as a formula, as in $w = X^T y$.",
        )
    inside = [boxed(p.text) for p in found]
    if any(inside):
        return next(text for text in reversed(inside) if text)
    return _kept(cell, _candidates(found))[-1].text


def _candidates(found: Sequence[Passage]) -> list[Passage]:
    return [p for p in found if p.displayed] or list(found)


def _kept(cell: str, found: Sequence[Passage]) -> list[Passage]:
    """The formulas without those at the end that only explain what is before them."""
    said = _roles(cell, found)
    last = max(k for k, role in enumerate(said) if role in {ANSWER, OPEN})
    return listed(cell, found[: last + 1])


def _roles(cell: str, found: Sequence[Passage]) -> list[str]:
    gaps = [cell[before.end : after.start] for before, after in pairwise(found)]
    return roles(["", *gaps, cell[found[-1].end :]], [p.text for p in found])


@dataclass(frozen=True, slots=True)
class SetAside:
    """The last formula of a cell, where no word says that it is the answer, and the one before.

    `is_remark` tells one that explains, by these words, from one that nothing is said about.
    """

    before: str
    text: str
    is_remark: bool


def offered(cell: str) -> list[str]:
    """The formulas of a cell that its words may offer beside the one that counts.

    Those behind it that are no contrast to it, and those in front with an "or" behind them.
    """
    found = passages(cell)
    if not found or any(boxed(p.text) for p in found):
        return []
    candidates = _candidates(found)
    said = _roles(cell, candidates)
    last = max(k for k, role in enumerate(said) if role in {ANSWER, OPEN})
    before = [
        one.text
        for one, other in pairwise(candidates[: last + 1])
        if offers_another(cell[one.end : other.start])
    ]
    behind = [p.text for p, r in zip(candidates, said, strict=True) if r in {REMARK, ASIDE}]
    return before + behind


def is_of_its_own(cell: str, text: str) -> bool:
    """Whether a formula says something about the one before, as in: Its trace is $d$.

    >>> is_of_its_own("$H = A$. Its trace is $d$.", "d"), is_of_its_own("$H = A$. So $d$.", "d")
    (True, False)
    """
    found = passages(cell)
    gaps = [
        cell[before.end : after.start] for before, after in pairwise(found) if after.text == text
    ]
    return any(begins_with(gap, ("its", "the variance", "the covariance")) for gap in gaps)


def text_before(cell: str) -> str:
    """A formula in plain text in front of the first marked one, as in 10, since $A < B$; or "".

    >>> text_before("10 (because $9$ is too small)"), text_before("We know that $A$ is symmetric.")
    ('10', '')
    """
    found = passages(cell)
    words = cell[: found[0].start].split() if found and found[0].start > 0 else []
    stops = [k for k, word in enumerate(words) if k and word.strip("(,;").lower() in REASON_WORDS]
    text = " ".join(words[: stops[0]] if stops else words).rstrip(" ,;(")
    return text if any(sign in text for sign in "0123456789^_=+*/") or len(text) == 1 else ""


def set_aside(cell: str) -> SetAside | None:
    """The formula that the words do not lead to as an answer; None where they do."""
    found = passages(cell)
    if not found or any(boxed(p.text) for p in found):
        return None
    candidates = _candidates(found)
    said = _roles(cell, candidates)
    if said[-1] == ANSWER:
        return None
    if said[-1] == OPEN:
        before = _kept(cell, candidates[:-1])[-1].text
        return SetAside(before, candidates[-1].text, is_remark=False)
    kept = _kept(cell, candidates)[-1].text
    last = max(k for k, role in enumerate(said) if role in {ANSWER, OPEN})
    remark = ASIDE not in said[last + 1 :] and said[last] == ANSWER
    return SetAside(kept, candidates[-1].text, is_remark=remark)


def answer_passages(cell: str) -> list[str]:
    """The formulas among which the answer is, where words between them may say which.

    One where a formula is boxed or displayed or the cell is plain text, else all of them.
    """
    found = passages(cell)
    if not found or any(p.displayed for p in found) or any(boxed(p.text) for p in found):
        return [answer_text(cell)] if found else []
    return [p.text for p in listed(cell, _without_reasons(cell, found))]


def _without_reasons(cell: str, found: Sequence[Passage]) -> list[Passage]:
    """The formulas without a last one that gives the reason, as in $A$, because $B = C$."""
    kept = list(found)
    while len(kept) > 1 and cell[kept[-2].end : kept[-1].start].lower().rstrip().endswith(REASONS):
        kept.pop()
    return kept


def listed(cell: str, found: Sequence[Passage]) -> list[Passage]:
    """The formulas of a cell, with those joined that stand in one list, as in $A$ or $B$.

    >>> [p.text for p in listed("$9$ or $10$", passages("$9$ or $10$"))]
    ['9 or 10']
    """
    done: list[Passage] = []
    for passage in found:
        gap = cell[done[-1].end : passage.start] if done else "."
        between = gap.strip().lower()
        if between == "or" or (between in LISTS and not passage.displayed):
            before = done.pop()
            text = before.text + gap + passage.text
            passage = Passage(text, passage.displayed, before.start, passage.end)
        done.append(passage)
    return done
