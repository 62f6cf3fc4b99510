"""An assignment's source as a whole: ids that fit together, files that are there."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.authoring.build import reference_files
from autograder.authoring.errors import AuthoringError
from autograder.authoring.source import hidden_tests, read_source

LESSON = "solutions/tiny/lessons/tiny.py"
SETTINGS = "solutions/tiny/assignment.toml"
WORK = "solutions/tiny/modules/pkg/work.py"


def error(tiny: Any) -> str:
    with pytest.raises(AuthoringError) as raised:
        read_source(tiny.assignment)
    return str(raised.value)


def test_placeholders_count_what_people_grade_as_well(tiny: Any) -> None:
    placeholders = read_source(tiny.assignment).placeholders
    assert (placeholders["total_points"], placeholders["bonus_points"]) == (5, 0)
    assert placeholders["points"] == {"double": 2, "quadruple": 1, "choice": 0.5}
    assert placeholders["threshold"] == {"double": 0.875}
    assert placeholders["assignment"].title == "Tiny"


def test_a_region_of_no_check_is_refused(tiny: Any) -> None:
    tiny.edit("modules/pkg/work.py", "BEGIN SOLUTION double", "BEGIN SOLUTION duoble")
    assert error(tiny) == (
        f"{WORK}:6: region `duoble` belongs to no hidden test and no manual cell; "
        "there are: double, quadruple, choice, explain"
    )


def test_a_region_id_occurs_once_in_the_assignment(tiny: Any) -> None:
    tiny.edit("lessons/tiny.py", "BEGIN SOLUTION choice", "BEGIN SOLUTION double")
    tiny.edit("lessons/tiny.py", "TODO(choice)", "TODO(double)")
    assert error(tiny) == f"{LESSON}:20: region `double` is there already, at {WORK}:6"


def test_a_check_has_one_cell(tiny: Any) -> None:
    tiny.edit("lessons/tiny.py", 'check="quadruple"', 'check="double"')
    assert error(tiny) == f"{LESSON}:16: a cell for check `double` is there already, at {LESSON}:13"


def test_a_check_cell_needs_a_hidden_test(tiny: Any) -> None:
    tiny.edit("lessons/tiny.py", 'check="quadruple"', 'check="triple"')
    expected = "no hidden test is called `triple`; there are: double, quadruple, choice"
    assert error(tiny) == f"{LESSON}:16: {expected}"


def test_a_hidden_test_needs_a_cell(tiny: Any) -> None:
    tiny.edit("lessons/tiny.py", '# %% check="quadruple"\n', "# %%\n")
    expected = 'no lesson has a cell `# %% check="quadruple"` for the hidden test `quadruple`'
    assert error(tiny) == f"{LESSON}:1: {expected}"


def test_without_lessons_every_hidden_test_lacks_its_cell(tiny: Any) -> None:
    (tiny.source / "lessons" / "tiny.py").unlink()
    tiny.edit("modules/pkg/work.py", "BEGIN SOLUTION quadruple", "BEGIN SOLUTION choice")
    tiny.edit("modules/pkg/work.py", "TODO(quadruple)", "TODO(choice)")
    expected = 'no lesson has a cell `# %% check="double"` for the hidden test `double`'
    assert error(tiny) == f"solutions/tiny/lessons:1: {expected}"


def test_a_manual_cell_has_a_name_of_its_own(tiny: Any) -> None:
    text = (tiny.source / "lessons" / "tiny.py").read_text().split("# %%\n### BEGIN")[0]
    text += '# %% [markdown] manual="choice" points=1\n# ### BEGIN SOLUTION choice\n# a\n'
    tiny.write("lessons/tiny.py", text + "# ### END SOLUTION\n")
    expected = "`choice` is a hidden test, so a manual cell cannot have its name"
    assert error(tiny) == f"{LESSON}:19: {expected}"


def test_a_readme_is_needed(tiny: Any) -> None:
    (tiny.source / "README.md").unlink()
    expected = "there is no such file; every assignment needs one"
    assert error(tiny) == f"solutions/tiny/README.md:1: {expected}"


def test_sources_are_utf_8(tiny: Any) -> None:
    (tiny.source / "README.md").write_bytes(b"caf\xe9")
    assert error(tiny).startswith("solutions/tiny/README.md:1: the file is not UTF-8 text: 'utf-8'")


@pytest.mark.parametrize(
    ("path", "origin", "message"),
    [
        ("pkg/b.py", "solutions/given/b.py", "there is no file or folder 'solutions/given/b.py'"),
        ("../b.py", "solutions/given/given.py", "paths are relative, with `/`, and stay inside"),
        ("/b.py", "solutions/given/given.py", "paths are relative, with `/`, and stay inside"),
        ("b.py", "../b.py", "paths are relative, with `/`, and stay inside"),
        (
            "pkg/work.py",
            "solutions/given/given.py",
            "is made from a lesson, module or README already",
        ),
        ("tiny.ipynb", "data/numbers.npz", "is made from a lesson, module or README already"),
    ],
)
def test_given_files_have_to_fit(tiny: Any, path: str, origin: str, message: str) -> None:
    line = '"pkg/given.py" = "solutions/given/given.py"'
    tiny.edit("assignment.toml", line, f'"{path}" = "{origin}"')
    found = error(tiny)
    assert found.startswith(f"{SETTINGS}:7: [given] {path!r}")
    assert found.endswith(message)


def test_missing_hidden_tests_are_named(tiny: Any) -> None:
    (tiny.root / "checks" / "tiny.py").unlink()
    with pytest.raises(AuthoringError) as raised:
        hidden_tests(tiny.assignment)
    assert str(raised.value) == (
        "checks/tiny:1: the hidden tests cannot be loaded: tiny has no hidden tests:"
        " there is neither checks/tiny.py nor checks/tiny/__init__.py."
    )


def test_a_wrong_placeholder_has_the_line_of_the_script(tiny: Any) -> None:
    tiny.edit("lessons/tiny.py", 'choice <= {"a", "b", "c"}', '"[[= nothing ]]"')
    with pytest.raises(AuthoringError) as raised:
        reference_files(tiny.assignment)
    assert str(raised.value).startswith(f"{LESSON}:26: the placeholder cannot be computed (")
