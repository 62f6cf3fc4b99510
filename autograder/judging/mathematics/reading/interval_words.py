"""Intervals in words and as touching parts: between 0 (excluded) and 1, (0, 1] ∪ [1, 2]. No values.

What leaves open whether an end belongs to it is refused.
"""

from __future__ import annotations

from .errors import Ambiguous
from .interval_values import INTERVAL_HELP, Interval

OUT = {"excluded", "exclusive", "excl", "open"}
IN = {"included", "inclusive", "incl", "closed"}
UNIONS = ("\\cup", "∪")


def with_brackets(text: str) -> str:
    """The text with "between 0 (excluded) and 1 (included)" in brackets; others as they are.

    >>> with_brackets("between 0 (excluded) and 1/4 (included)")
    '(0, 1/4]'

    Raises `Ambiguous` for ends that may belong to it or not.
    """
    words, both = _both_ends(text.strip().rstrip(".").split())
    places = {word.lower(): k for k, word in enumerate(words)}
    for first, second in (("between", "and"), ("from", "to")):
        begin, middle = places.get(first, -1), places.get(second, -1)
        if 0 <= begin < middle - 1 and middle < len(words) - 1:
            low, before = _end(words[begin + 1 : middle])
            high, after = _end(words[middle + 1 :])
            before, after = before or both, after or both
            if low and high and before and after:
                left, right = "[" if before == "in" else "(", "]" if after == "in" else ")"
                return f"{left}{low}, {high}{right}"
            if low and high and " " not in low + high:
                raise Ambiguous(
                    f"“{first} {low} {second} {high}” does not say whether the ends belong to it.",
                    help=INTERVAL_HELP,
                )
    return text


def _both_ends(words: list[str]) -> tuple[list[str], str]:
    """The words without those that say of both ends whether they belong to it, "in" or "out"."""
    bare = [word.strip("(),").lower() for word in words]
    if "strictly" in bare:
        place = bare.index("strictly")
        return words[:place] + words[place + 1 :], "out"
    last = bare[-1] if bare else ""
    said = "in" if last in IN else "out" if last in OUT else ""
    start = next((k for k, word in enumerate(bare) if k and word in {"both", "ends"}), -1)
    if said and start > 0:
        return [*words[: start - 1], words[start - 1].rstrip(",(")], said
    if last in {"inclusive", "exclusive"} and not (IN | OUT) & {*bare[:-1]}:
        return [*words[:-2], words[-2].rstrip(",")], said
    return words, ""


def _end(words: list[str]) -> tuple[str, str]:
    """The number at an end, and whether it is "in" or "out"; ("", "") for other words."""
    last = words[-1].strip("(),").lower() if len(words) > 1 else ""
    said = "in" if last in IN else "out" if last in OUT else ""
    number = " ".join(words[:-1] if said else words).strip(",")
    numeric = any(sign.isdigit() or sign == "∞" for sign in number)
    return (number, said) if numeric and not any(w.isalpha() for w in number.split()) else ("", "")


def parts(text: str) -> list[str]:
    """The intervals of a union, one for a text without one."""
    for sign in UNIONS:
        text = text.replace(sign, "∪")
    return text.split("∪")


def merged(found: list[Interval]) -> Interval | None:
    """One interval for parts that touch or overlap, None where a gap is left."""
    found = sorted(found, key=lambda one: (one.low, not one.low_closed))
    whole = found[0]
    for one in found[1:]:
        joined = one.low < whole.high or (
            one.low == whole.high and (one.low_closed or whole.high_closed)
        )
        if not joined:
            return None
        further = (one.high, one.high_closed) > (whole.high, whole.high_closed)
        last = one if further else whole
        whole = Interval(whole.low, last.high, whole.low_closed, last.high_closed)
    return whole
