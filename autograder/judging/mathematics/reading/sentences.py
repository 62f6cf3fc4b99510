"""The one formula of a sentence without marks: "It pulls the mean to r/(m+1), which grows."

Words that could change what the formula says ("half of", "not", "times") refuse it. Knows names
but no values.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .called_names import FUNCTIONS
from .declarations import ONE_BY_ONE, Declarations
from .errors import Ambiguous
from .spoken import ALTERNATIVES, CONSEQUENCES, REMARKS
from .spoken_lines import SpokenWord, words_of

SHORTEST = 4
COMPARING = {"less", "fewer", "more", "than", "below", "above", "under", "over", "between", "from",
             "least", "most", "until", "nearly", "around", "approximately", "approx", "to",
             "before", "lower", "higher", "smaller", "larger", "plus"}  # fmt: skip
CONCLUDING = CONSEQUENCES | {"total", "altogether", "overall", "rounded"}
SMALL = {"px", "in", "of", "is", "are", "as", "at", "on", "for", "if", "and", "the", "it", "we",
         "so", "all", "per"}  # fmt: skip
ABOUT = {"about", "approximately", "roughly", "approx", "around"}
PREFIXES = ("kilo", "mega", "giga", "milli", "micro", "nano", "centi")
SCALES = {"thousand", "thousands", "million", "millions", "billion", "hundred", "hundreds",
          "dozen", "dozens", "percent", "seconds", "second", "minutes", "minute", "hours", "hour",
          "days", "weeks", "years", "bytes", "degrees", "radians", "metres", "meters", "nats",
          "decibel", "decibels"}  # fmt: skip
VOWELS = set("aeiouy")
MARKS = ("$", "\\[", "\\(", "`", "\\begin")
SIGNS = set("=^_*/+-@≤≥<>≈·√²³⁻⁺ᵀ†")
LEADING = {"is", "are", "be", "becomes", "become", "equals", "equal", "gives", "give", "get",
           "gets", "obtain", "obtains", "yields", "that", "find", "have", "towards", "toward",
           "at", "answer", "namely", "exactly", "so", "hence", "thus", "therefore", "then",
           "write", "reads"}  # fmt: skip
BEFORE_TO = {"equal", "converges", "converge", "tends", "tend", "goes", "go", "simplifies",
             "simplify", "reduces", "reduce", "leads", "amounts", "comes", "mean", "equals",
             "moves", "shrinks", "grows", "changes", "corresponds", "evaluates"}  # fmt: skip
BEFORE_BY = {"given", "found", "obtained", "expressed", "described", "minimised", "minimized",
             "attained"}  # fmt: skip
CHANGING = {"not", "never", "no", "nor", "neither", "or", "instead", "unlike", "wrong", "false",
            "half", "twice", "double", "thrice", "times", "plus", "minus", "squared", "inverse",
            "transposed", "negative", "reciprocal", "per", "cannot", "isnt", "doesnt", "almost",
            "negated", "normalised", "normalized", "scaled", "multiplied", "divided", "doubled",
            "halved", "opposite", "except", "excluding", "about", "roughly", "maybe",
            "perhaps", "would", "incorrect"}  # fmt: skip


def is_sentence(cell: str, declared: Declarations) -> bool:
    """Whether a cell is plain text with at least two words that no formula has.

    One is enough behind a number, as in 246 observations.
    """
    if any(mark in cell for mark in MARKS):
        return False
    words = words_of(cell)
    spoken = _spoken(words, declared)
    counted = spoken[-1:] == [True] and sum(spoken) == 1 and _is_number(words[:-1], declared)
    return sum(spoken) > 1 or counted


def spoken_formula(cell: str, declared: Declarations) -> str:
    """The only formula of a sentence, "" where none is clear; raises `Ambiguous` for several."""
    words = _before_about(words_of(_without_asides(cell, declared)), declared)
    runs = [run for run in _runs(words, declared) if _says_something(run)]
    runs = runs[:1] + [run for run in runs[1:] if not _explains(words, runs[0], run)]
    runs, words = _concluding(runs, words, declared)
    if len(runs) > 1:
        shown = " and ".join(f"“{_text(cell, run)}”" for run in runs[:2])
        raise Ambiguous(
            f"This sentence holds several formulas: {shown}.",
            help="Put your answer alone between $$ and $$, as in $$a = b$$.",
        )
    said = {"".join(c for c in word.text.lower() if c.isalpha()) for word in words}
    if not runs or said & CHANGING:
        return ""
    (run,) = runs
    first, last = words.index(run[0]), words.index(run[-1])
    counted = _is_number(run, declared) and not said & (COMPARING - _allowed(said))
    counted = counted and not any(map(_is_scale, words[last + 1 : last + 2]))
    if not counted and not (_leads(words[:first]) and _ends(run[-1], words[last + 1 :])):
        return ""
    return _text(cell, run)


def _allowed(said: Collection[str]) -> set[str]:
    return {"to"} if "rounded" in said else set()


def _without_asides(cell: str, declared: Declarations) -> str:
    """The text with blanks for words in brackets, as in 145 (144 weights and a bias)."""
    at = cell.find(" (")
    while at >= 0:
        stop = cell.find(")", at) + 1
        inside = words_of(cell[at + 2 : stop - 1])
        texts = {word.text.lower() for word in inside}
        if stop and sum(_spoken(inside, declared)) and not texts & ALTERNATIVES:
            cell = cell[:at] + " " * (stop - at) + cell[stop:]
        at = cell.find(" (", at + 1)
    return cell


def _before_about(words: list[SpokenWord], declared: Declarations) -> list[SpokenWord]:
    """The words up to the rounded value behind another one, as in 12/19, about 63 %."""
    for place, word in enumerate(words):
        begins = word.text.lower() in ABOUT and place and words[place - 1].stops
        if begins and any(map(_says_something, _runs(words[:place], declared))):
            return words[:place]
    return words


def _concluding(
    runs: list[list[SpokenWord]], words: list[SpokenWord], declared: Declarations
) -> tuple[list[list[SpokenWord]], list[SpokenWord]]:
    """The last formula with the words from its "so" or its name on; all where none stands there."""
    for before, run in zip(runs[-2:-1], runs[-1:], strict=False):
        start, stop = words.index(before[-1]) + 1, words.index(run[0])
        if _is_named(run, declared) and not any(_is_named(one, declared) for one in runs[:-1]):
            return [run], words[stop - 1 :]
    for before, run in zip(runs[-2:-1], runs[-1:], strict=False):
        start, stop = words.index(before[-1]) + 1, words.index(run[0])
        between = [word.text.lower() for word in words[start:stop]]
        leading = [k for k, word in enumerate(between) if word in CONCLUDING]
        if leading:
            return [run], words[start + leading[-1] :]
    return runs, words


def _is_number(run: Sequence[SpokenWord], declared: Declarations) -> bool:
    """Whether a run has numbers alone and one is asked for."""
    text = "".join(word.text for word in run)
    digits = any(sign.isdigit() for sign in text)
    return declared.shape == ONE_BY_ONE and digits and not any(sign.isalpha() for sign in text)


def _is_scale(word: SpokenWord) -> bool:
    """Whether a word behind a number can change its value: 3 cm, 2 thousand, 5 kilobytes."""
    text = word.text.lower()
    unit = len(text) < SHORTEST and text not in SMALL
    return unit or text.startswith(PREFIXES) or text in SCALES


def _explains(words: Sequence[SpokenWord], one: list[SpokenWord], other: list[SpokenWord]) -> bool:
    """Whether a reason or a condition begins between the first formula and another one."""
    between = words[words.index(one[-1]) + 1 : words.index(other[0])]
    return any(word.text.lower() in REMARKS for word in between)


def _text(cell: str, run: Sequence[SpokenWord]) -> str:
    start, end = run[0].start, run[-1].end
    while cell[start:end].count("(") > cell[start:end].count(")") and cell[end : end + 1] == ")":
        end += 1
    return cell[start:end]


def _runs(words: Sequence[SpokenWord], declared: Declarations) -> list[list[SpokenWord]]:
    """Words beside each other that are mathematics."""
    runs: list[list[SpokenWord]] = [[]]
    said = dict(zip(words, _spoken(words, declared), strict=True))
    for before, word in zip([None, *words], words, strict=False):
        ended = before is not None and before.stops
        if said[word] or ended:
            runs.append([])
        if not said[word]:
            runs[-1].append(word)
    return [run for run in runs if run]


def _is_named(run: Sequence[SpokenWord], declared: Declarations) -> bool:
    """Whether a run gives a value to the name that is asked for, as in w = A."""
    name = run[0].text.partition("=")[0]
    gives = "=" in run[0].text[1:] or (run[1:2] and run[1].text.startswith("="))
    return bool(gives) and any(name == "".join(label) for label in declared.labels)


def _spoken(words: Sequence[SpokenWord], declared: Declarations) -> list[bool]:
    """Which words are of a sentence; what stands before an = is a name."""
    following = [*(word.text for word in words[1:]), ""][: len(words)]
    return [
        _is_spoken(word.text, declared) and not (after == "=" and len(word.text) < SHORTEST)
        for word, after in zip(words, following, strict=True)
    ]


def _is_spoken(text: str, declared: Declarations) -> bool:
    """Whether this is a word of a sentence, and no name of the question or of a function."""
    bare = text.replace("'", "").replace("’", "").replace("-", "")
    known = (
        _is_product(text, declared)
        or declared.kind(text)
        or text in declared.words
        or text in FUNCTIONS
    )
    word = bare.isascii() and bare.isalpha() and not text.isupper()
    return word and not known and (len(bare) > 1 or text in {"a", "I"})


def _is_product(text: str, declared: Declarations) -> bool:
    """Whether these letters are declared and no word: mn, but not an."""
    return not set(text.lower()) & VOWELS and all(declared.kind(letter) for letter in text)


def _says_something(run: Sequence[SpokenWord]) -> bool:
    """Whether these words are a formula or a number, and no name that a sentence mentions."""
    text = "".join(word.text for word in run)
    return bool(SIGNS & set(text)) or any(sign.isdigit() for sign in text) or len(run) > 1


def _leads(before: Sequence[SpokenWord]) -> bool:
    """Whether the words in front can lead to an answer."""
    if not before or before[-1].stops:
        return True
    last = before[-1].text.lower()
    if last in {"to", "by"}:
        verbs = BEFORE_TO if last == "to" else BEFORE_BY
        return len(before) > 1 and before[-2].text.lower() in verbs
    return last in LEADING


def _ends(last: SpokenWord, behind: Sequence[SpokenWord]) -> bool:
    """Whether the words behind go on with something else."""
    if not behind or last.stops:
        return True
    return behind[0].text.lower() in REMARKS | CONSEQUENCES
