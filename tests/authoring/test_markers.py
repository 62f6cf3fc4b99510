"""Solution regions: what is one, what only looks like one, what is left of the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.authoring.errors import AuthoringError
from autograder.authoring.markers import TEXT_STUB, Marked, looks_like_marker, parse

REGION = """\
before
    ### BEGIN SOLUTION first_part
    right = 1
    return right
    ### END SOLUTION
after"""

WITH_STUB = """\
### BEGIN SOLUTION sgd
### STUB rate = ...  # TODO(sgd)
### STUB
### STUB def step():
### STUB     return rate
rate = 0.5
### END SOLUTION"""

MISSPELT = (
    "m.py:1: this looks like a marker and is none; a marker stands alone on its line and is "
    "exactly `### BEGIN SOLUTION <id>`, `### STUB <line>` or `### END SOLUTION`"
)


def marked(text: str) -> Marked:
    return parse(text, file="m.py")


def error(text: str) -> str:
    with pytest.raises(AuthoringError) as raised:
        marked(text)
    return str(raised.value)


def test_a_region_becomes_its_todo() -> None:
    stub = '    raise NotImplementedError("TODO(first_part)")'
    assert marked(REGION).released() == f"before\n{stub}\nafter"


def test_the_reference_keeps_the_solution_and_loses_the_markers() -> None:
    assert marked(REGION).solved() == "before\n    right = 1\n    return right\nafter"
    assert marked(WITH_STUB).solved() == "rate = 0.5"


def test_stub_lines_take_the_place_of_the_region() -> None:
    expected = "rate = ...  # TODO(sgd)\n\ndef step():\n    return rate"
    assert marked(WITH_STUB).released() == expected


def test_stub_lines_keep_their_own_indentation() -> None:
    text = "  ### BEGIN SOLUTION a\n    ### STUB x = ...  # TODO(a)\n  x = 1\n  ### END SOLUTION"
    assert marked(text).released() == "    x = ...  # TODO(a)"


def test_a_written_answer_has_its_own_todo() -> None:
    text = "### BEGIN SOLUTION why\nBecause.\n### END SOLUTION"
    assert marked(text).released(TEXT_STUB) == "TODO(why)"


def test_regions_know_their_lines() -> None:
    text = f"{REGION}\n\n{WITH_STUB}"
    found = parse(text, file="m.py", first_line=11).regions
    assert [(region.id, region.line) for region in found] == [("first_part", 12), ("sgd", 18)]
    assert found[0].solution == ("    right = 1", "    return right")


def test_a_text_without_markers_stays_as_it_is() -> None:
    text = "\n  a\n\n# begin solution\n"
    assert marked(text).released() == marked(text).solved() == text
    assert marked(text).regions == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "x\n### BEGIN SOLUTION a\ny",
            "m.py:2: region `a` does not end; write `### END SOLUTION` after it",
        ),
        ("x\n\n### END SOLUTION", "m.py:3: a region ends here, but none has begun"),
        (
            "### BEGIN SOLUTION a\nx\n### BEGIN SOLUTION b\n### END SOLUTION",
            "m.py:3: a region begins inside region `a` of line 1; end that one first",
        ),
        ("### BEGIN SOLUTION", "m.py:1: the region needs an id: `### BEGIN SOLUTION <check id>`"),
        (
            "### BEGIN SOLUTION a b",
            "m.py:1: `a b` is no region id; "
            "use lower-case letters, digits and `_`, and only one id",
        ),
        (
            "### BEGIN SOLUTION Sgd",
            "m.py:1: `Sgd` is no region id; "
            "use lower-case letters, digits and `_`, and only one id",
        ),
        (
            "### BEGIN SOLUTION a\nx\n### END SOLUTION a",
            "m.py:3: write `### END SOLUTION` alone; the id stands at the beginning",
        ),
        (
            "### STUB x = ...",
            "m.py:1: `### STUB` stands outside a region; move it below `### BEGIN SOLUTION <id>`",
        ),
        (
            "### BEGIN SOLUTION a\n### STUB ### END SOLUTION\nx\n### END SOLUTION",
            "m.py:2: the text of this stub would be a marker itself",
        ),
        (
            "### BEGIN SOLUTION a\n### STUB x = ...\nx = 1\n### END SOLUTION",
            "m.py:1: the stub of region `a` needs `TODO(a)`, which tells what is still open",
        ),
        ("### BEGIN SOLUTION a\n\n### END SOLUTION", "m.py:1: region `a` has no solution in it"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(text: str, message: str) -> None:
    assert error(text) == message


@pytest.mark.parametrize(
    "line",
    [
        "## BEGIN SOLUTION a",
        "#### BEGIN SOLUTION a",
        "# BEGIN SOLUTION a",
        "BEGIN SOLUTION a",
        "###BEGIN SOLUTION a",
        "###  BEGIN SOLUTION a",
        "### BEGIN  SOLUTION a",
        "# ### BEGIN SOLUTION a",
        "### BEGIN SOLUTON a",
        "### BGIN SOLUTION a",
        "### Begin Solution a",
        "### begin solution a",
        "### BEGIN_SOLUTION a",
        "### BEGINSOLUTION a",
        "### BEGIN: SOLUTION a",
        "### SOLUTION BEGIN a",
        "### START SOLUTION a",
        "### BEGIN a",
        "    ### END SOLUTIONS",
        "### END SOLUTON",
        "### END OF SOLUTION",
        "### END",
        "### STUBS x = 1",
        "### STBU x = 1",
        "###STUB x = 1",
        "## STUB x = 1",
        "# STUB x = 1",
        "### stub x = 1",
        "x = 1  ### BEGIN SOLUTION a",
        "return x  # END SOLUTION",
        "s = 'a'  ### END SOLUTION",
    ],
)
def test_a_near_miss_is_an_error(line: str) -> None:
    assert looks_like_marker(line)
    assert error(line) == MISSPELT


@pytest.mark.parametrize(
    "line",
    [
        "# begin solution by writing down the shapes",
        "The end: solutions are on the last page",
        'print("### BEGIN SOLUTION")',
        "delimiter = '### END SOLUTION'",
        "Students replace everything after `### BEGIN SOLUTION`.",
        "## Solution",
        "# SOLUTION",
        "### Substitution",
        "## Beginning",
        "# END",
        "### 2nd solution",
        "stub = 1",
        "# a stub of it",
        "END = 3",
        "",
        "###",
    ],
)
def test_prose_and_strings_are_no_markers(line: str) -> None:
    assert not looks_like_marker(line)
    assert marked(line).released() == line


PLAIN = st.sampled_from(["", "x = 1", "    return x", "# why", "## Title", 's = "END SOLUTION"'])
EXACT = st.sampled_from(
    [
        "### BEGIN SOLUTION a",
        "    ### BEGIN SOLUTION b_2  ",
        "### END SOLUTION",
        "\t### END SOLUTION",
        "### STUB x = ...  # TODO(a)",
        "  ### STUB TODO(b_2)",
        "### STUB",
    ]
)
NEAR = st.sampled_from(
    [
        "## BEGIN SOLUTION a",
        "### END SOLUTIONS",
        "### BEGIN SOLUTION",
        "### STUB # STUB",
        "y # END SOLUTION",
    ]
)
ANY = st.text(alphabet=st.sampled_from("# BEGINSOLUTIONDSTUBa_\t\"'()"), max_size=24)
TEXTS = st.lists(st.one_of(PLAIN, EXACT, EXACT, NEAR, ANY), max_size=14).map("\n".join)

REGIONS = st.builds(
    lambda id, lines: [f"### BEGIN SOLUTION {id}", *lines, "y = 2", "### END SOLUTION"],
    st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True),
    st.lists(PLAIN, max_size=3),
)
RIGHT_TEXTS = st.lists(st.one_of(PLAIN.map(lambda line: [line]), REGIONS), max_size=8)


def parsed(text: str) -> Marked | None:
    try:
        return marked(text)
    except AuthoringError:
        return None


@given(TEXTS)
def test_stripping_twice_is_stripping_once(text: str) -> None:
    if found := parsed(text):
        once = found.released()
        assert marked(once).released() == once
        solved = found.solved()
        assert marked(solved).solved() == solved


@given(TEXTS)
def test_no_line_that_may_be_a_marker_gets_through(text: str) -> None:
    if found := parsed(text):
        for left in (found.released(), found.solved()):
            assert not any(looks_like_marker(line) for line in left.split("\n"))


@given(TEXTS)
def test_what_parses_has_each_region_begun_and_ended_once(text: str) -> None:
    order = re.findall(r"^\s*### (BEGIN|END) SOLUTION", text, re.MULTILINE)
    if found := parsed(text):
        assert order == ["BEGIN", "END"] * len(found.regions)


@given(RIGHT_TEXTS)
def test_every_line_outside_of_regions_stays_in_its_place(parts: list[list[str]]) -> None:
    text = "\n".join(line for part in parts for line in part)
    expected = [part if len(part) == 1 else [stub_of(part)] for part in parts]
    released = marked(text).released()
    assert released == "\n".join(line for part in expected for line in part)
    assert len(released.split("\n")) == max(len(parts), 1)


def stub_of(region: list[str]) -> str:
    return f'raise NotImplementedError("TODO({region[0].split()[-1]})")'


@given(st.lists(PLAIN, max_size=6))
def test_a_solution_comes_out_as_it_went_in(lines: list[str]) -> None:
    solution = [*lines, "y = 2"]
    text = "\n".join(["### BEGIN SOLUTION a", *solution, "### END SOLUTION"])
    assert marked(text).solved() == "\n".join(solution)
