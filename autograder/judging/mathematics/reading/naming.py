"""From tokens to names: which letters belong together under a question's declarations."""

from __future__ import annotations

import difflib
from dataclasses import replace

from .called_names import FUNCTIONS, KEYWORDS, METHODS, PREFIXED, PREFIXES, SPREADS
from .declarations import Declarations, signature
from .errors import Unreadable
from .spoken import WORDS
from .tokens import Token

REMARKS = {"for", "if", "where", "when", "with", "since", "because", "and", "hence", "so", "thus",
           "then", "therefore", "const", "constant"}  # fmt: skip
OPENERS = {"(", "[", "{"}
SIGNS = {"+", "-", "−", "*", "·", "/"}
WHOLE_KEYWORDS = {"True", "False", "None", "newaxis"}
MAX_RUN = 40


def named(tokens: tuple[Token, ...], declared: Declarations) -> list[Token]:
    """The tokens with letters joined to names, functions and unknown words, at every level."""
    return _Namer(tokens, declared).all()


class _Namer:
    def __init__(self, tokens: tuple[Token, ...], declared: Declarations) -> None:
        self.tokens = tokens
        self.declared = declared
        self.signatures = [signature(token) for token in tokens]
        self.at = 0
        self.prefixed = False
        self.prefix = ""

    def all(self) -> list[Token]:
        done: list[Token] = []
        while self.at < len(self.tokens):
            self._scripts_in_order()
            token = self.tokens[self.at]
            if spelling := self._spelling():
                done.append(self._joined(len(spelling), self.declared.spellings[spelling]))
            elif token.kind == "letter":
                self._run(done)
            elif token.kind == "word":
                done.append(self._word(token))
                self.at += 1
            else:
                inner = tuple(named(token.inner, self.declared)) if token.inner else ()
                done.append(replace(token, inner=inner))
                self.at += 1
        return _merged(done)

    def _scripts_in_order(self) -> None:
        """W^T_1 as W_1^T, where W_1 is declared."""
        first = self.signatures[self.at : self.at + 3]
        kinds = [token.kind for token in self.tokens[self.at : self.at + 3]]
        if kinds[1:] == ["sup", "sub"] and (first[0], first[2]) in self.declared.spellings:
            at = self.at + 1
            sup, sub = self.tokens[at : at + 2]
            self.tokens = (*self.tokens[:at], sub, sup, *self.tokens[at + 2 :])
            self.signatures[at : at + 2] = [first[2], first[1]]

    def _spelling(self) -> tuple[str, ...]:
        """The longest declared spelling (other than plain letters) that starts here."""
        for spelling in self.declared.spellings:
            n = len(spelling)
            if self.signatures[self.at] == spelling[0] and spelling == tuple(
                self.signatures[self.at : self.at + n]
            ):
                return spelling if n > 1 or not self._inside_word() else ()
        return ()

    def _inside_word(self) -> bool:
        """Whether a one-token spelling stands inside a run of plain letters."""
        return self.tokens[self.at].kind == "letter" and len(self.signatures[self.at]) == 1

    def _joined(self, count: int, name: str) -> Token:
        first, last = self.tokens[self.at], self.tokens[self.at + count - 1]
        self.at += count
        return Token("name", name, first.start, last.end)

    def _run(self, done: list[Token]) -> None:
        """Split letters without a gap between them into as few known names as possible."""
        stop = self.at + 1
        while stop < len(self.tokens) and stop - self.at < MAX_RUN and self._continues(stop):
            stop += 1
        stop = self._with_number(stop)
        run = self.tokens[self.at : stop]
        following = self.tokens[stop] if stop < len(self.tokens) else None
        opens = following is not None and (
            following.text in OPENERS or following.kind in {"group", "sub"}
        )
        dotted = following is not None and following.text == "." and self._is_joined(stop)
        start = self.at
        self.at = stop
        text = "".join(t.text for t in run)
        if dotted and text in PREFIXES:
            self.at += 1
            self.prefixed, self.prefix = True, text
            return
        prefixed, self.prefixed = self.prefixed, False
        if text == "return" and not done:
            return
        if text == "log" and (base := self._base()):
            done += [Token("function", "log", run[0].start, run[-1].end), base]
            return
        if whole := self._whole(run, text, prefixed, done):
            done.append(whole)
            return
        if self._is_spoken(run, text) and not (opens and text in FUNCTIONS):
            done.append(Token("word", text, run[0].start, run[-1].end))
            return
        for first, last, kind, name in _pieces(run, self.declared, opens):
            if first == last - 1 and (spelling := self._spelling_at(start + first)):
                self.at = start + first
                done.append(self._joined(len(spelling), self.declared.spellings[spelling]))
                self.at = max(self.at, stop)
                continue
            done.append(Token(kind, name, run[first].start, run[last - 1].end))

    def _is_joined(self, place: int) -> bool:
        """Whether a letter stands directly behind a full stop, as in np.sum."""
        following = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        joined = following is not None and following.start == self.tokens[place].end
        return joined and following is not None and following.kind == "letter"

    def _base(self) -> Token | None:
        """The 2 of log2(x) as a subscript, which has been taken; None for anything else."""
        ahead = self.tokens[self.at : self.at + 2]
        opens = len(ahead) == 2 and ahead[0].kind == "number" and ahead[1].text == "("
        if not opens or ahead[0].start != self.tokens[self.at - 1].end:
            return None
        self.at += 1
        return Token("sub", "", ahead[0].start, ahead[0].end, (ahead[0],))

    def _is_spoken(self, run: tuple[Token, ...], text: str) -> bool:
        """Whether letters are an English word, and neither a name nor a product of names."""
        declared, known = self.declared, [bool(self.declared.kind(letter)) for letter in text]
        if text.lower() not in WORDS or text in declared.words:
            return False
        if len(text) > 2:
            return not all(known)
        return self._is_apart(run) and (text.lower() == "or" or not all(known))

    def _is_apart(self, run: tuple[Token, ...]) -> bool:
        """Whether a gap, and no sign, stands on both sides: so "is" is no product of i and s."""
        start = self.at - len(run)
        before = self.tokens[start - 1] if start else None
        if before is not None and before.text in SIGNS:
            return False
        after = self.tokens[self.at] if self.at < len(self.tokens) else None
        left = before is None or before.end < run[0].start or before.text in {"$", "(", ".", ","}
        return left and (after is None or after.start > run[-1].end or after.text in {":", ","})

    def _whole(
        self, run: tuple[Token, ...], text: str, prefixed: bool, done: list[Token]
    ) -> Token | None:
        """A run of letters that is one word of code, π, or a word between formulas."""
        whole = Token("word", text, run[0].start, run[-1].end)
        following = self.tokens[self.at].text if self.at < len(self.tokens) else ""
        before = done[-1] if done else None
        if before is not None and before.text == "." and before.end == run[0].start:
            kind = "function" if text in FUNCTIONS else "word"
            return replace(whole, kind=kind) if text in METHODS else None
        if text == "pi" and (prefixed or not self.declared.kind("p")):
            return replace(whole, kind="letter")
        sized = self.at < len(self.tokens) and self.tokens[self.at].kind == "sub"
        if text in {"Id", "id"} and sized and self.declared.identity:
            return replace(whole, kind="name", text=self.declared.identity[0])
        if text in KEYWORDS and (following == "=" or text in WHOLE_KEYWORDS):
            return whole
        if prefixed and text in PREFIXED and following == "(":
            return replace(whole, kind="function", text=PREFIXED[text])
        if prefixed and self.prefix in {"np", "numpy"} and text in SPREADS and following == "(":
            return replace(whole, kind="function", text=SPREADS[text])
        if prefixed and text == "inf":
            return whole
        gap = before is not None and before.end < run[0].start and text in REMARKS
        unknown = any(not self.declared.kind(letter) for letter in text)
        return whole if gap and unknown and text not in self.declared.words else None

    def _spelling_at(self, at: int) -> tuple[str, ...]:
        saved, self.at = self.at, at
        found = self._spelling()
        self.at = saved
        return found if len(found) > 1 else ()

    def _continues(self, stop: int) -> bool:
        before, token = self.tokens[stop - 1], self.tokens[stop]
        plain = token.kind == "letter" and len(token.text) == 1 and len(before.text) == 1
        digit = token.kind == "number" and self._numbered(stop)
        return (plain or digit) and token.start == before.end

    def _numbered(self, stop: int) -> bool:
        """Whether a digit belongs to a name such as W1 or mu1."""
        texts = [token.text for token in self.tokens[self.at : stop + 1]]
        return any("".join(texts[k:]) in self.declared.words for k in range(len(texts) - 1))

    def _with_number(self, stop: int) -> int:
        """Where letters end with the 1 of mu_1, which is put beside them as in mu1."""
        script = self.tokens[stop] if stop < len(self.tokens) else None
        number = script.inner[0] if script is not None and len(script.inner) == 1 else None
        if script is None or script.kind != "sub" or number is None or number.kind != "number":
            return stop
        letters = [token.text for token in self.tokens[self.at : stop]]
        names = ["".join(letters[k:]) + "_" + number.text for k in range(len(letters) - 1)]
        if not any(name in self.declared.words.values() for name in names):
            return stop
        beside = replace(number, start=script.start, end=script.end)
        self.tokens = (*self.tokens[:stop], beside, *self.tokens[stop + 1 :])
        self.signatures[stop] = signature(beside)
        return stop + 1

    def _word(self, token: Token) -> Token:
        if token.text in self.declared.words:
            return replace(token, kind="name", text=self.declared.words[token.text])
        if token.text in {"Id", "id"} and self.declared.identity:
            return replace(token, kind="name", text=self.declared.identity[0])
        if token.text in FUNCTIONS:
            return replace(token, kind="function", text=FUNCTIONS[token.text])
        return token


Piece = tuple[int, int, str, str]


def _pieces(run: tuple[Token, ...], declared: Declarations, opens: bool) -> list[Piece]:
    """The cheapest split: a known name costs 1, an unknown letter 10."""
    letters = [token.text for token in run]
    best: list[tuple[int, list[Piece]]] = [(0, [])]
    for stop in range(1, len(run) + 1):
        options = [
            (cost + price, [*pieces, (start, stop, kind, name)])
            for start, (cost, pieces) in enumerate(best)
            for price, kind, name in _readings(
                letters[start:stop], declared, opens, stop == len(run)
            )
        ]
        best.append(min(options, key=lambda option: option[0]))
    pieces = best[-1][1]
    unknown = [p for p in pieces if p[2] == "letter"]
    if len(unknown) == len(pieces) and len(pieces) > 2:
        return [(0, len(run), "word", "".join(letters))]
    return pieces


def _readings(
    letters: list[str], declared: Declarations, opens: bool, last: bool
) -> list[tuple[int, str, str]]:
    text = "".join(letters)
    found: list[tuple[int, str, str]] = []
    if text in declared.words:
        found.append((1, "name", declared.words[text]))
    if len(letters) > 1 and text in FUNCTIONS and last and opens:
        found.append((1, "function", FUNCTIONS[text]))
    if len(letters) == 1:
        kind = "name" if declared.kind(text) else "letter"
        found.append((1 if kind == "name" else 10, kind, text))
    return found


def _merged(tokens: list[Token]) -> list[Token]:
    """arg min as argmin, and the word after a dot as a method."""
    done: list[Token] = []
    for token in tokens:
        if done and done[-1].text == "arg" and token.text in {"min", "max"}:
            done[-1] = replace(done[-1], kind="function", text="arg" + token.text, end=token.end)
        else:
            done.append(token)
    return done


def nearest(name: str, declared: Declarations) -> str:
    """The declared name that was probably meant, "" where none is near."""
    sizes = [*declared.dims, *declared.minima, *declared.derived]
    known = [*declared.shapes, *sizes, *declared.families]
    other_case = [k for k in known if k.lower() == name.lower() and k != name]
    bare = [k for k in known if k.rpartition("_")[2] == name or name.endswith("_" + k)]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6) if len(name) > 2 else []
    return next(iter([*other_case, *bare, *close]), "")


def refuse_word(token: Token) -> Unreadable:
    """The error for a word in the middle of a formula."""
    return Unreadable(
        f"The word {token.text!r} has no meaning in this formula.",
        start=token.start,
        end=token.end,
        help="Keep the formula alone, as in $w = X^T y$, and write words around it.",
    )
