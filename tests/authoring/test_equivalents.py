"""What an author writes down as equivalent: read strictly."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.authoring import AuthoringError
from autograder.authoring.equivalents import load_equivalents

ENTRY = """
[[equivalent]]
file = "modules/pkg/work.py"
line = "return  a"
becomes = "return b"
reason = "They are the same."
"""


def error(tiny: Any, text: str) -> str:
    tiny.write("equivalent.toml", text)
    with pytest.raises(AuthoringError) as raised:
        load_equivalents(tiny.assignment)
    return str(raised.value)


def means(entry: Any, **changed: str) -> bool:
    case = {
        "file": "solutions/tiny/modules/pkg/work.py",
        "part": "double",
        "kind": "sign",
        "before": "    return a",
        "after": "    return b",
    }
    return bool(entry.means(**{**case, **changed}))


def test_without_a_file_there_are_none(tiny: Any) -> None:
    assert load_equivalents(tiny.assignment) == ()


def test_an_entry_means_one_edit_of_one_line(tiny: Any) -> None:
    tiny.write("equivalent.toml", ENTRY)
    (entry,) = load_equivalents(tiny.assignment)
    assert means(entry)
    assert not means(entry, after="    return c")
    assert not means(entry, before="    return d")
    assert not means(entry, file="solutions/tiny/modules/pkg/other.py")
    assert str(entry) == "solutions/tiny/equivalent.toml:2: return a -> return b"


def test_an_entry_may_mean_several_edits_or_all_of_some_kinds(tiny: Any) -> None:
    listed = ENTRY.replace('"return b"', '["return b", "return c"]')
    kinds = ENTRY.replace('becomes = "return b"', 'kinds = ["number"]')
    tiny.write("equivalent.toml", listed + kinds)
    listing, kind = load_equivalents(tiny.assignment)
    assert means(listing, after="return c")
    assert not means(listing, after="return d")
    assert means(kind, kind="number", after="return d")
    assert not means(kind)


def test_an_entry_may_mean_a_whole_part(tiny: Any) -> None:
    tiny.write("equivalent.toml", '[[equivalent]]\npart = "double"\nreason = "It is a choice."\n')
    (entry,) = load_equivalents(tiny.assignment)
    assert means(entry, after="anything", before="at all")
    assert not means(entry, part="other")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "the file is not TOML"),
        ("[other]", "only [[equivalent]] tables stand here, not 'other'"),
        (ENTRY + "why = 1", "unknown key 'why' in [[equivalent]]; there are: file, line"),
        (ENTRY.replace('"return b"', "1"), "`becomes` in [[equivalent]] is no text and no list"),
        (ENTRY.replace('"return  a"', "1"), "`line` in [[equivalent]] is not text"),
        (ENTRY.replace("They are the same.", " "), "[[equivalent]] needs a `reason`"),
        (
            ENTRY.replace("line", "part = ''\n#"),
            "[[equivalent]] needs `file` and `line`, or `part`",
        ),
        (ENTRY + 'kinds = ["sing"]', "no kind of mutant is called 'sing'; there are: sign"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tiny: Any, text: str, message: str) -> None:
    said = error(tiny, text)
    assert said.startswith("solutions/tiny/equivalent.toml:")
    assert message in said
