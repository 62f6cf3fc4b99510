"""Choices with a yes or a no behind each: a: yes, b: no, or a ✓ b ✗. Knows no question."""

from __future__ import annotations

from collections.abc import Collection

from .enumerations import words_of

YES = {"yes", "true", "right", "correct", "ja", "wahr", "richtig", "oui", "vrai"}
NO = {"no", "false", "wrong", "incorrect", "untrue", "nein", "falsch", "non", "faux"}
MARKS = {"✓": " yes ", "✔": " yes ", "☑": " yes ", "✅": " yes ",
         "✗": " no ", "✘": " no ", "✕": " no ", "×": " no ", "❌": " no ",
         "☒": " no ", "☐": " no "}  # fmt: skip
FILLING = {"is", "are", "and", "both", "und", "et", "option", "statement"}
FEWEST = 2


def by_verdict(text: str, names: Collection[str]) -> tuple[str, ...]:
    """The choices with a yes, where every word is a name, a verdict or joins them; else none.

    >>> by_verdict("a: yes, b: no, c: yes", "abc"), by_verdict("a ✓ b ✗", "ab")
    (('a', 'c'), ('a',))
    >>> by_verdict("a and c", "abc")
    ()
    """
    for mark, meant in MARKS.items():
        text = text.replace(mark, meant)
    known = {name.lower() for name in names}
    waiting: list[str] = []
    said: dict[str, bool] = {}
    verdicts = 0
    for word in words_of(text):
        if word.text in known:
            waiting.append(word.text)
        elif word.text in YES | NO and waiting:
            if said.keys() & set(waiting):
                return ()
            said |= dict.fromkeys(waiting, word.text in YES)
            waiting, verdicts = [], verdicts + 1
        elif word.text not in FILLING:
            return ()
    if waiting or verdicts < FEWEST:
        return ()
    return tuple(name for name, chosen in said.items() if chosen)
