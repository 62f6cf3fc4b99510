"""Solution regions: found, taken out for students, left in for the reference. Knows text only.

A region is

    ### BEGIN SOLUTION <id>
    ### STUB out = ...  # TODO(<id>)        (optional; these lines stay for the student)
    the solution
    ### END SOLUTION

and nothing that comes close to a marker without being one is let through: a solution behind a
misspelt marker would be handed out.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import lru_cache

from .errors import AuthoringError

CODE_STUB = 'raise NotImplementedError("TODO({id})")'
TEXT_STUB = "TODO({id})"

MISSPELT = (
    "this looks like a marker and is none; a marker stands alone on its line and is exactly "
    "`### BEGIN SOLUTION <id>`, `### STUB <line>` or `### END SOLUTION`"
)
NO_ID = "the region needs an id: `### BEGIN SOLUTION <check id>`"
BAD_ID = "`{id}` is no region id; use lower-case letters, digits and `_`, and only one id"
END_WITH_ID = "write `### END SOLUTION` alone; the id stands at the beginning"
NESTED = "a region begins inside region `{id}` of line {line}; end that one first"
NOT_BEGUN = "a region ends here, but none has begun"
NOT_ENDED = "region `{id}` does not end; write `### END SOLUTION` after it"
STUB_OUTSIDE = "`### STUB` stands outside a region; move it below `### BEGIN SOLUTION <id>`"
STUB_IS_MARKER = "the text of this stub would be a marker itself"
STUB_WITHOUT_TODO = "the stub of region `{id}` needs `TODO({id})`, which tells what is still open"
EMPTY = "region `{id}` has no solution in it"

_EXACT = re.compile(r"([ \t]*)### (BEGIN SOLUTION|END SOLUTION|STUB)(?: (.*))?")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NEAR = ("BEGINSOLUTION", "ENDSOLUTION", "STARTSOLUTION", "SOLUTIONBEGIN", "SOLUTIONEND")
_BEHIND_CODE = re.compile(r"#\s*(?:BEGIN|END)[ _-]?SOLUTION")


@dataclass(frozen=True, kw_only=True)
class Region:
    """One solution region; `line` is that of its beginning, `stub` and `solution` are lines."""

    id: str
    line: int
    indent: str
    stub: tuple[str, ...]
    solution: tuple[str, ...]

    def released(self, default: str) -> tuple[str, ...]:
        """The lines that the student finds in its place."""
        return self.stub or (self.indent + default.format(id=self.id),)


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A text with its regions: lines outside of regions are `str`, in order."""

    blocks: tuple[str | Region, ...]

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions in order."""
        return tuple(block for block in self.blocks if isinstance(block, Region))

    @property
    def outside(self) -> tuple[str, ...]:
        """The lines outside of every region."""
        return tuple(block for block in self.blocks if isinstance(block, str))

    def released(self, default: str = CODE_STUB) -> str:
        """The student's text; a region without `### STUB` lines becomes `default`."""
        return "\n".join(
            line
            for block in self.blocks
            for line in (block.released(default) if isinstance(block, Region) else (block,))
        )

    def solved(self) -> str:
        """The reference's text: solutions without markers and stubs."""
        return "\n".join(
            line
            for block in self.blocks
            for line in (block.solution if isinstance(block, Region) else (block,))
        )


@lru_cache(maxsize=1024)  # most mutants change one file
def parse(text: str, *, file: str, first_line: int = 1) -> Marked:
    """Find the regions of a text whose first line is line `first_line` of `file`.

    Raises
    ------
    AuthoringError : a marker is unmatched, nested, misspelt, behind code, or without a right id;
        a stub stands outside a region or does not name its TODO; a region is empty.
    """
    reader = _Reader(file)
    for number, line in enumerate(text.split("\n"), start=first_line):
        reader.read(number, line)
    return reader.finish()


def looks_like_marker(line: str) -> bool:
    """Whether somebody may have meant this line as a marker; true for real ones too.

    >>> looks_like_marker("## BEGIN SOLUTON sgd"), looks_like_marker("# begin solution by hand")
    (True, False)
    """
    text = line.lstrip("# \t")
    hashes = line[: len(line) - len(text)].count("#")
    words = re.findall(r"[^\W\d_]+", text)[:3] if text[:1].isalpha() else []
    if any(_is_near("".join(words[:n]), hashes) for n in range(1, len(words) + 1)):
        return True
    return _is_first_word(words[:1], hashes) or _is_behind_code(line)


def _is_near(word: str, hashes: int) -> bool:
    if hashes < 2 and not word.isupper():
        return False  # prose
    ratios = (difflib.SequenceMatcher(None, word.upper(), near).ratio() for near in _NEAR)
    return max(ratios) > 0.87


def _is_first_word(words: list[str], hashes: int) -> bool:
    for word in words:
        if word in {"BEGIN", "END"}:
            return hashes > 2
        if word.upper() == "STUB":
            return word.isupper() or hashes > 1
        if word.isupper() and hashes > 1:
            return difflib.SequenceMatcher(None, word, "STUB").ratio() >= 0.75
    return False


def _is_behind_code(line: str) -> bool:
    found = _BEHIND_CODE.search(line)
    before = line[: found.start()] if found else ""
    return found is not None and all(before.count(quote) % 2 == 0 for quote in "\"'`")


@dataclass
class _Open:
    """A region that has begun."""

    id: str
    line: int
    indent: str
    stub: list[str] = field(default_factory=list)
    solution: list[str] = field(default_factory=list)


class _Reader:
    """Takes line after line; `region` is the one that has begun and not ended."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.blocks: list[str | Region] = []
        self.region: _Open | None = None

    def read(self, number: int, line: str) -> None:
        exact = _EXACT.fullmatch(line.rstrip())
        if exact is None and looks_like_marker(line):
            raise self.error(number, MISSPELT)
        match exact.groups() if exact else None:
            case (indent, "BEGIN SOLUTION", rest):
                self._begin(number, indent, rest)
            case (indent, "END SOLUTION", rest):
                self._end(number, rest)
            case (indent, "STUB", rest):
                self._stub(number, indent, rest or "")
            case _ if self.region:
                self.region.solution.append(line)
            case _:
                self.blocks.append(line)

    def finish(self) -> Marked:
        if self.region:
            raise self.error(self.region.line, NOT_ENDED.format(id=self.region.id))
        return Marked(blocks=tuple(self.blocks))

    def error(self, line: int, message: str) -> AuthoringError:
        return AuthoringError(self.file, line, message)

    def _begin(self, number: int, indent: str, id: str | None) -> None:
        if self.region:
            raise self.error(number, NESTED.format(id=self.region.id, line=self.region.line))
        if not id:
            raise self.error(number, NO_ID)
        if not _ID.fullmatch(id):
            raise self.error(number, BAD_ID.format(id=id))
        self.region = _Open(id, number, indent)

    def _stub(self, number: int, indent: str, text: str) -> None:
        if self.region is None:
            raise self.error(number, STUB_OUTSIDE)
        if looks_like_marker(text):
            raise self.error(number, STUB_IS_MARKER)
        self.region.stub.append((indent + text) if text else "")

    def _end(self, number: int, rest: str | None) -> None:
        region = self.region
        if region is None:
            raise self.error(number, NOT_BEGUN)
        if rest is not None:
            raise self.error(number, END_WITH_ID)
        if not any(line.strip() for line in region.solution):
            raise self.error(region.line, EMPTY.format(id=region.id))
        if region.stub and f"TODO({region.id})" not in "\n".join(region.stub):
            raise self.error(region.line, STUB_WITHOUT_TODO.format(id=region.id))
        self.blocks.append(
            Region(
                id=region.id,
                line=region.line,
                indent=region.indent,
                stub=tuple(region.stub),
                solution=tuple(region.solution),
            )
        )
        self.region = None
