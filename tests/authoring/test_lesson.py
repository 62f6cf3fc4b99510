"""Percent scripts: what a cell is for, and what is refused with its line."""

from __future__ import annotations

import pytest

from autograder.authoring.errors import AuthoringError
from autograder.authoring.lesson import Cell, read_lesson

KEYS = "there are `check`, `demo`, `manual` and `points`"
MANUAL = '# %% [markdown] manual="why" points=2\n'
REGION = "### BEGIN SOLUTION why\nx = 1\n### END SOLUTION\n"
TEXT_REGION = "# ### BEGIN SOLUTION why\n# x\n# ### END SOLUTION\n"


def cells(text: str) -> tuple[Cell, ...]:
    return read_lesson(text, name="a", file="a.py").cells


def test_each_cell_knows_its_purpose() -> None:
    text = (
        "# %% [markdown]\n# # Title\n\n# %%\n# %matplotlib inline\n\n# %% demo=true\nplot()\n\n"
        f'# %% check="sgd"\nassert 1\n\n# %%\n{REGION}\n{MANUAL}{TEXT_REGION}'
    )
    title, magic, demo, check, solution, manual = cells(text)
    assert (title.is_code, title.source, title.grade_id) == (False, "# Title", "")
    assert magic.source == "%matplotlib inline"
    assert (demo.demo, demo.grade_id) == (True, "")
    assert (check.check, check.grade_id) == ("sgd", "sgd")
    assert solution.grade_id == "solution-why"
    assert (manual.manual, manual.points, manual.grade_id) == ("why", 2, "why")


def test_lines_are_those_of_the_script() -> None:
    text = '# %% [markdown]\n# a\n\n\n# %%\n\n\nx = 1\n# %% [markdown]\n"""\ntext\n"""\n'
    assert [(cell.line, cell.first_line) for cell in cells(text)] == [(1, 2), (5, 6), (9, 11)]


def test_a_marker_in_a_cell_is_reported_at_its_line_of_the_script() -> None:
    with pytest.raises(AuthoringError) as raised:
        cells("# %%\nx = 1\n\n# %% [markdown]\n# text\n# ## END SOLUTION\n")
    assert str(raised.value).startswith("a.py:6: this looks like a marker and is none")


def test_a_cell_magic_begins_no_cell() -> None:
    (cell,) = cells("# %%\n# %%time\nx = 1\n")
    assert cell.source == "%%time\nx = 1"


def test_a_header_in_a_string_is_refused() -> None:
    with pytest.raises(AuthoringError) as raised:
        cells('# %%\nx = """\n# %%\n"""\n')
    assert str(raised.value) == (
        "a.py:1: 2 lines look like the beginning of a cell, and jupytext finds 1 cells; "
        "is one of those lines inside a string?"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\nx = 1\n# %%\n", "a.py:2: a lesson begins with a cell: `# %% [markdown]` or `# %%`"),
        ("x = 1\n", "a.py:1: a lesson begins with a cell: `# %% [markdown]` or `# %%`"),
        ('# %% tag="b"\n1', f"a.py:1: unknown cell key 'tag'; {KEYS}"),
        ("# %% A title\n1", f"a.py:1: unknown cell key 'title'; {KEYS}"),
        ('# %%\n1\n# %% check="b\n2', f"a.py:3: unknown cell key 'check=\"b'; {KEYS}"),
        ("# %% check=b\n1", f"a.py:1: unknown cell key 'check=b'; {KEYS}"),
        (
            "# %% [raw]\n# x",
            "a.py:1: a cell is either `# %%` or `# %% [markdown]`, not `# %% [raw]`",
        ),
        ("# %% demo=false\n1", "a.py:1: write `demo=true`, or nothing"),
        (
            '# %% check="A b"\n1',
            "a.py:1: check='A b' is no id; use lower-case letters, digits and `_`, in quotes",
        ),
        (
            '# %% demo=true check="b"\n1',
            "a.py:1: a cell is one of `check`, `demo` and `manual`, not check and demo",
        ),
        ('# %% [markdown] check="b"\n# 1', "a.py:1: `check` belongs to a code cell"),
        ("# %% [markdown] demo=true\n# 1", "a.py:1: `demo` belongs to a code cell"),
        (
            '# %% manual="b" points=1\n1',
            "a.py:1: `manual` belongs to a text cell: `# %% [markdown] manual=...`",
        ),
        (
            '# %% check="b" points=1\n1',
            "a.py:1: `points` belongs to a `manual` cell; those of a check are in its hidden test",
        ),
        *(
            (
                f'# %% [markdown] manual="b"{points}\n# 1',
                "a.py:1: manual cell 'b' needs `points=` and a number above 0",
            )
            for points in ("", " points=0", " points=true", ' points="2"', " points=-1")
        ),
        (
            f'# %% check="b"\n{REGION}',
            "a.py:2: a `check` cell is given as it is, and has no solution region",
        ),
        (
            f"# %% demo=true\n{REGION}",
            "a.py:2: a `demo` cell is given as it is, and has no solution region",
        ),
        (
            f"# %% [markdown]\n# text\n{TEXT_REGION}",
            "a.py:3: a solution region in a text cell needs `manual=` and `points=` in the cell's "
            "header",
        ),
        (
            f"{MANUAL}# Because.",
            "a.py:1: manual cell 'why' needs exactly one solution region, `why`",
        ),
        (
            f"{MANUAL}{TEXT_REGION.replace('why', 'how')}",
            "a.py:1: manual cell 'why' needs exactly one solution region, `why`",
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(text: str, message: str) -> None:
    with pytest.raises(AuthoringError) as raised:
        cells(text)
    assert str(raised.value) == message


def test_an_empty_script_is_a_lesson_without_cells() -> None:
    assert cells("") == cells("\n\n") == ()
