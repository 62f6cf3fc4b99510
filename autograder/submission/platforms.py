"""What learning platforms write into the names of files: whose, which attempt, the file's own name.

Knows names only; opens nothing.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from autograder.layout import TITLES, Layout

METADATA = "submission_metadata.yml"  # lies beside the folders of a Gradescope export


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a platform says in the name of one file or folder.

    Attributes
    ----------
    person, number : the student as text, and the platform's number for this person or hand-in.
    when : the attempt, as the platform writes it; empty where it keeps only one.
    late : whether the platform marks it as late.
    file : the file's own name; empty for a folder that is the whole hand-in.
    order : of files of one name, the later is larger.
    sure : whether a name of this form is hardly anybody's own choice.
    text : whether it has what was typed into the platform, or a receipt, and no file of theirs.
    """

    person: str
    number: str = ""
    when: str = ""
    late: bool = False
    file: str = ""
    order: int = 0
    sure: bool = True
    text: bool = False


Names = Mapping[str, Named]

_CANVAS = re.compile(
    r"(?P<person>\w+?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<order>\d+)_(?P<file>.+)", re.DOTALL
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<person>anon_[A-Za-z0-9]+)_(?P<order>\d+)_(?P<file>.+)", re.DOTALL
)
_CANVAS_QUIZ = re.compile(
    r"(?P<person>\w+?)(?P<late>_LATE)?_?(?P<number>\d+)_question_\d+_(?P<order>\d+)_(?P<file>.+)",
    re.DOTALL,
)
_CANVAS_TEXT = re.compile(
    r"(?:(?P<person>\w+?)(?P<late>_LATE)?_(?P<number>\d+)|(?P<late2>LATE_)?(?P<anon>anon_\w+))"
    r"_(?:text|link)\.html"
)
_MOODLE = re.compile(
    r"(?P<person>.+)_(?P<number>\d+)_assign(?P<plugin>submission_file|[a-z]+_[a-z]+)"
    r"(?:_(?P<file>.*))?",
    re.DOTALL,
)
_BLACKBOARD = re.compile(
    r"(?P<head>.+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt|)", re.DOTALL
)
_TIME = r"\d{1,2}(?: ?[h:._] ?)?\d\d"
_BRIGHTSPACE = re.compile(
    r"(?:(?P<number>\d+)-\d+ - )?(?P<person>[^/]+?) - "
    rf"(?P<when>[^-]*?\b\d{{4}} {_TIME}(?: ?[AaPp]\.?[Mm]\.?)?)(?: - (?P<file>.+))?",
    re.DOTALL,
)
_EXCHANGE = re.compile(  # jdoe+hw1+2024-02-01 10:00:00.000000 UTC, perhaps with +key behind it
    r"(?P<person>[^/]+?)\+(?P<slug>[^+/]+)\+(?P<when>\d{4}-\d\d-\d\d \d\d[:_]\d\d[:_]\d\d[^+/]*)"
    r"(?:\+[^/]*)?"
)
_PACKED = re.compile(r"(?:-(?:main|master))?\.zip$", re.IGNORECASE)  # GitHub's "Download ZIP"
_BLIND = re.compile(
    r"(?:Participante?|Teilnehmer(?:/in|_in|in)?|Deltaker|Deelnemer|Partecipante)", re.IGNORECASE
)
_NUMBERED = re.compile(rf"({_BLIND.pattern}) (\d+)", re.IGNORECASE)
_DATE = re.compile(
    r"(?:(?P<m>[^\W\d]{3})[^\W\d]* (?P<d>\d{1,2})|(?P<d2>\d{1,2}) (?P<m2>[^\W\d]{3})[^\W\d]*),? "
    rf"(?P<y>\d{{4}}) (?P<t>{_TIME})(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)


def read_names(layout: Layout, names: Iterable[str], *, place: str, slug: str) -> dict[str, Named]:
    """What a platform says in each of the names that are of its form.

    Parameters
    ----------
    place : the name of the folder or zip that they lie in.
    slug : the assignment's, with which the folders of GitHub Classroom may begin.
    """
    composed = {name: unicodedata.normalize("NFC", name) for name in names}  # a Mac's are not
    read = _read(layout, list(composed.values()), place, slug)
    return {name: read[text] for name, text in composed.items() if text in read}


def _read(layout: Layout, names: list[str], place: str, slug: str) -> dict[str, Named]:
    if layout is Layout.BLACKBOARD:
        return _blackboard(names)
    if layout is Layout.GITHUB:
        return _github(names, place, slug)
    if layout is Layout.EXCHANGE:
        return _exchange(names, slug)
    reader = _READERS.get(layout)
    read = {name: reader(name) for name in names} if reader else {}
    return {name: named for name, named in read.items() if named is not None}


def recognised(names: Iterable[str], *, place: str, slug: str) -> Layout | None:
    """The platform of whose form most of these names are, where it is beyond doubt that of some."""
    listed = list(names)
    if METADATA in listed:
        return Layout.GRADESCOPE
    counts = {
        layout: sum(
            named.sure for named in read_names(layout, listed, place=place, slug=slug).values()
        )
        for layout in TITLES
    }
    best = max(counts, key=lambda layout: counts[layout])
    return best if counts[best] else None


def moment(when: str) -> tuple[str, str]:
    """What to sort attempts by; an empty first part where the date cannot be read.

    >>> moment("2024-02-01-10-00-00")[0] < moment("Feb 1, 2024 115 PM")[0]
    True
    """
    match = _DATE.search(when)
    if not match:
        return (when if re.match(r"\d{4}-", when) else "", when)
    hour, minute = divmod(int(re.sub(r"\D", "", match["t"])), 100)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"].casefold() == "p")
    day, month = match["d"] or match["d2"], match["m"] or match["m2"]
    try:
        found = datetime.strptime(f"{day} {month} {match['y']}", "%d %b %Y")
    except ValueError:
        return ("", when)
    return (f"{found:%Y-%m-%d}-{hour:02}-{minute:02}-00", when)


def is_blind(person: str) -> bool:
    """Whether it is what Moodle writes in place of a name where marking is blind."""
    return _BLIND.fullmatch(person) is not None


def _canvas(name: str) -> Named | None:
    if match := _CANVAS_TEXT.fullmatch(name):
        return Named(
            person=match["person"] or match["anon"],
            number=match["number"] or "",
            late=bool(match["late"] or match["late2"]),
            file=name,
            text=True,
        )
    forms = (_CANVAS_ANONYMOUS, _CANVAS_QUIZ, _CANVAS)
    match = next(filter(None, (form.fullmatch(name) for form in forms)), None)
    if not match:
        return None
    facts = match.groupdict()
    number, order = facts.get("number") or "", int(facts["order"][:18])
    return Named(
        person=facts["person"],
        number=number,
        late=bool(facts["late"]),
        file=facts["file"],
        order=order,
        # `hw_1_2_final.py` is a student's own; Canvas counts users and files of a whole school.
        sure=order > 99 and len(number) != 1,
    )


def _moodle(name: str) -> Named | None:
    match = _MOODLE.fullmatch(name)
    if not match:
        return None
    person = match["person"].rstrip("_")
    blind = _NUMBERED.fullmatch(person)  # the number of the participant, and then of the hand-in
    return Named(
        person=blind[1] if blind else person,
        number=blind[2] if blind else match["number"],
        file=match["file"] or "",
        text=match["plugin"] != "submission_file",
    )


def _brightspace(name: str) -> Named | None:
    match = _BRIGHTSPACE.fullmatch(name)
    if not match:
        return None
    return Named(
        person=match["person"],
        number=match["number"] or "",
        when=match["when"],
        file=match["file"] or "",
    )


def _blackboard(names: list[str]) -> dict[str, Named]:
    """The assignment's name stands before that of the user, and either may have a ``_``."""
    matches = {name: match for name in names if (match := _BLACKBOARD.fullmatch(name))}
    heads = {match["head"] for match in matches.values()}
    title = _common_title(heads)
    return {
        name: Named(
            person=match["head"].removeprefix(title) if title else match["head"].split("_")[-1],
            when=match["when"],
            file=match["file"] or "",
            text=name.endswith(".txt") and not match["file"],
        )
        for name, match in matches.items()
    }


def _common_title(heads: Iterable[str], mark: str = "_") -> str:
    """What all heads begin with, up to a mark, where there are two.

    >>> _common_title(["HW_1_jdoe", "HW_1_jroe"])
    'HW_1_'
    """
    words = [head.split(mark)[:-1] for head in heads]
    if len(words) < 2:
        return ""
    same = itertools.takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))
    return "".join(f"{column[0]}{mark}" for column in same)


def _github(names: list[str], place: str, slug: str) -> dict[str, Named]:
    """Repositories are called after the assignment and the user: ``hw1-ada``."""
    title = place.removesuffix("submissions") if place.endswith("-submissions") else ""
    if not any(name.startswith(title) for name in names if title):
        title = next((start for name in names if (start := _slug_in(name, slug))), "")
    begin = title or _common_title(names, "-")  # only where it is asked for
    return {
        name: Named(person=_PACKED.sub("", name.removeprefix(begin)), sure=bool(title))
        for name in names
        if begin and name.startswith(begin) and len(name) > len(begin)
    }


def _exchange(names: Iterable[str], slug: str) -> dict[str, Named]:
    """Folders of this assignment alone: all assignments of a course lie in one ``inbound``."""
    matches = ((name, _EXCHANGE.fullmatch(name)) for name in names)
    return {
        name: Named(person=match["person"], when=match["when"].replace("_", ":"))
        for name, match in matches
        if match and match["slug"] == slug
    }


def _slug_in(name: str, slug: str) -> str:
    """What of a name is the assignment's, with the hyphen behind it.

    >>> _slug_in("linearized-features-ada", "linearized_features")
    'linearized-features-'
    """
    pattern = "[-_]".join(map(re.escape, re.split(r"[-_]", slug))) + "-(?=.)"
    match = re.match(pattern, name, re.IGNORECASE)
    return match[0] if match else ""


_READERS: Mapping[Layout, Callable[[str], Named | None]] = {
    Layout.CANVAS: _canvas,
    Layout.MOODLE: _moodle,
    Layout.BRIGHTSPACE: _brightspace,
}
