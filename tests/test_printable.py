"""Nothing that strangers write moves the cursor, turns the text or hides itself."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë 👩‍💻 λ", "Zoë 👩‍💻 λ"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\x00\x7f\x9b", "a\\x00\\x7f\\x9b"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800", "\\ud800"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
    ],
)
def test_what_is_shown(text, shown):
    assert printable(text) == shown


def test_a_cell_keeps_no_line_break():
    assert printable("one\ntwo", keep="") == "one\\ntwo"


@given(st.text(st.characters()))
def test_no_control_character_is_left(text):
    assert all(unicodedata.category(char) not in {"Cc", "Cs"} for char in printable(text, keep=""))
    printable(text).encode("utf-8")
