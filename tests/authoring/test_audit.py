"""The last look: broken modules, invalid notebooks and leaked lines are not let out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.authoring.audit import audit
from autograder.authoring.build import reference_files, release_files
from autograder.authoring.errors import AuthoringError
from autograder.authoring.source import read_source

WORK = "solutions/tiny/modules/pkg/work.py"
CURE = "take it out there, or word one of the two differently"


def error(tiny: Any) -> str:
    with pytest.raises(AuthoringError) as raised:
        release_files(tiny.assignment)
    return str(raised.value)


def test_a_right_release_passes(tiny: Any) -> None:
    files = release_files(tiny.assignment)
    audit(read_source(tiny.assignment), files)
    assert b"twice_the_number" not in b"".join(files.values())


def test_a_solution_in_a_given_file_is_refused(tiny: Any) -> None:
    given = tiny.root / "solutions" / "given" / "given.py"
    given.write_text("def f(x):\n    twice_the_number = x + x  # as in the solution\n")
    leak = "a line of the solution is in the release, in `pkg/given.py`"
    assert error(tiny) == f"{WORK}:6: {leak}: 'twice_the_number = x + x'; {CURE}"


def test_a_solution_in_the_readme_is_refused(tiny: Any) -> None:
    tiny.write("README.md", "Just `return twice_the_number`.\n")
    leak = "a line of the solution is in the release, in `README.md`"
    assert error(tiny) == f"{WORK}:6: {leak}: 'return twice_the_number'; {CURE}"


def test_a_solution_in_a_stub_is_refused(tiny: Any) -> None:
    tiny.edit("lessons/tiny.py", "choice = ...", 'choice = {"a", "c"}')
    leak = "a line of the solution is in the release, in `tiny.ipynb`"
    line = """'choice = {"a", "c"}'"""
    assert error(tiny) == f"solutions/tiny/lessons/tiny.py:20: {leak}: {line}; {CURE}"


def test_a_written_answer_in_the_release_is_refused(tiny: Any) -> None:
    tiny.write("README.md", "Hint: Because four is two times two.\n")
    assert "'Because four is two times two.'" in error(tiny)


def test_lines_that_the_source_shows_anyway_are_no_secret(tiny: Any) -> None:
    tiny.edit("modules/pkg/work.py", "result = double(double(x))", "result_of_it = x ** 2")
    tiny.edit("modules/pkg/work.py", "return result\n", "return result_of_it = x ** 2\n")
    with pytest.raises(AuthoringError, match="does not compile"):
        release_files(tiny.assignment)
    tiny.edit("modules/pkg/work.py", "return result_of_it = x ** 2", "result_of_it = x ** 2")
    assert b"result_of_it = x ** 2" in release_files(tiny.assignment)["pkg/work.py"]


def test_short_lines_are_no_secret(tiny: Any) -> None:
    tiny.edit("modules/pkg/work.py", "result = double(double(x))", "x = 4 * x + 0")
    (tiny.root / "solutions" / "given" / "given.py").write_text("x = 4 * x + 0\n")
    assert "'x = 4 * x + 0'" in error(tiny)
    tiny.edit("modules/pkg/work.py", "x = 4 * x + 0", "x = 4 * x +0")
    (tiny.root / "solutions" / "given" / "given.py").write_text("x = 4 * x +0\n")
    assert len("x = 4 * x +0") == 12
    assert release_files(tiny.assignment)


@pytest.mark.parametrize(
    ("stub", "reason"),
    [
        ("### STUB result = (...  # TODO(quadruple)", "'(' was never closed"),
        ("### STUB result = '\\d'  # TODO(quadruple)", r"invalid escape sequence '\d'"),
    ],
)
def test_a_module_that_does_not_compile_is_refused(tiny: Any, stub: str, reason: str) -> None:
    tiny.edit("modules/pkg/work.py", "### STUB result = ...  # TODO(quadruple)", stub)
    expected = f"assignments/tiny/pkg/work.py:11: the released module does not compile: {reason}"
    assert error(tiny) == expected


def test_a_code_cell_that_does_not_compile_is_refused(tiny: Any) -> None:
    tiny.edit("lessons/tiny.py", "choice = ...", "choice = (...")
    assert error(tiny) == (
        "solutions/tiny/lessons/tiny.py:19: "
        "line 1 of the released cell does not compile: '(' was never closed"
    )


def test_a_module_with_a_null_character_is_refused(tiny: Any) -> None:
    (tiny.root / "solutions" / "given" / "given.py").write_bytes(b"x = 1\0")
    assert error(tiny).startswith(
        "assignments/tiny/pkg/given.py:1: the released module does not compile: source code "
    )


def test_an_invalid_notebook_is_refused(tiny: Any) -> None:
    files = release_files(tiny.assignment)
    book = json.loads(files["tiny.ipynb"])
    del book["cells"][0]["id"]
    with pytest.raises(AuthoringError) as raised:
        audit(read_source(tiny.assignment), {**files, "tiny.ipynb": json.dumps(book).encode()})
    assert str(raised.value) == (
        "assignments/tiny/tiny.ipynb:1: the released notebook is not valid: "
        "'id' is a required property"
    )


def test_the_reference_would_never_pass_for_a_release(tiny: Any) -> None:
    with pytest.raises(AuthoringError, match="a line of the solution is in the release"):
        audit(read_source(tiny.assignment), reference_files(tiny.assignment))


def test_a_picture_that_is_not_handed_out_is_refused(tiny: Any) -> None:
    tiny.edit(
        "lessons/tiny.py", "# Reach", "# ![A line\n# that rises.](pictures/line.svg)\n# Reach"
    )
    wanted = "the picture 'pictures/line.svg' is not in the release; hand it out under [given]"
    assert error(tiny) == f"solutions/tiny/lessons/tiny.py:1: {wanted}"


def test_a_picture_without_a_text_is_refused(tiny: Any) -> None:
    tiny.edit("lessons/tiny.py", "# Reach", "# ![](https://example.org/line.svg)\n# Reach")
    assert "the picture 'https://example.org/line.svg' needs a text for who cannot" in error(tiny)
