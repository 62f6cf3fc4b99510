"""What grading knows of a solution, as `autograder build` writes it beside the hidden tests."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import load_mutants, mutant_files, read_assignment, stale_hidden
from autograder.course import shipped_course
from autograder.judging.attempts import code_cells
from autograder.solved import (
    SCHEMA,
    Solved,
    SolvedError,
    Splice,
    WrongSolution,
    read_solved,
    solved_file,
)

COURSE = shipped_course()


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_what_is_built_is_what_the_source_gives(slug: str) -> None:
    assert stale_hidden(read_assignment(slug, COURSE)) == "", f"run `autograder build {slug}`"


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_a_known_mistake_has_the_code_of_its_mutant(slug: str) -> None:
    source, solved = read_assignment(slug, COURSE), read_solved(load_assignment(slug, COURSE))
    assert solved is not None
    mutants = load_mutants(source)
    assert [one.name for one in solved.mistakes] == [one.name for one in mutants]
    for mutant, mistake in zip(mutants, solved.mistakes, strict=True):
        wanted, got = mutant_files(source, mutant), solved.with_mistakes(mistake)
        assert {path: code(path, got[path]) for path in got} == {
            path: code(path, wanted[path]) for path in got
        }
        assert mistake.changes


def code(path: str, content: bytes) -> list[str]:
    return [*code_cells(content)] if path.endswith(".ipynb") else [content.decode()]


@pytest.fixture
def assignment(tmp_path: Path, write_release) -> Assignment:  # type: ignore[no-untyped-def]
    found: Assignment = write_release(tmp_path, "tiny", {"nn.py": "raise X('TODO(a)')\n"})
    return found


def test_where_nothing_was_built_there_is_nothing(assignment: Assignment) -> None:
    assert read_solved(assignment) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"schema": 1}', b"\xff\xfe"])
def test_an_edited_file_is_said_to_be_one(assignment: Assignment, content: bytes) -> None:
    solved_file(assignment).parent.mkdir(exist_ok=True)
    solved_file(assignment).write_bytes(content)
    with pytest.raises(SolvedError, match=r"tiny\.solved\.json cannot be read .*; run `autogr"):
        read_solved(assignment)


def test_the_file_of_another_version_is_refused(assignment: Assignment) -> None:
    solved_file(assignment).parent.mkdir(exist_ok=True)
    other = Solved(schema=SCHEMA + 1, slug="tiny", files={}, mistakes=())
    solved_file(assignment).write_bytes(msgspec.json.encode(other))
    with pytest.raises(SolvedError, match="it is schema 2 of tiny, not schema 1 of tiny"):
        read_solved(assignment)


def solved(*mistakes: WrongSolution) -> Solved:
    return Solved(schema=1, slug="tiny", files={"a.py": "one\ntwo\nthree\n"}, mistakes=mistakes)


def mistake(first: int, last: int, *lines: str) -> WrongSolution:
    return WrongSolution(
        name="m", description="d", loses=("a",), changes={"a.py": (Splice(first, last, lines),)}
    )


def test_two_mistakes_are_made_together() -> None:
    both = solved().with_mistakes(mistake(0, 1, "1\n"), mistake(2, 3, "3\n", "4\n"))
    assert both == {"a.py": b"1\ntwo\n3\n4\n"}


@pytest.mark.parametrize("other", [(0, 1), (0, 3), (1, 2), (0, 2)])
def test_two_mistakes_in_one_line_are_refused(other: tuple[int, int]) -> None:
    first = mistake(0, 2, "1\n")
    with pytest.raises(ValueError, match="two changes of line"):
        solved().with_mistakes(first, mistake(*other, "x\n"))


@given(st.lists(st.text("ab\n", max_size=3)), st.lists(st.text("ab\n", max_size=3)))
def test_what_differs_is_put_back(before: list[str], after: list[str]) -> None:
    from autograder.authoring.hidden import _splices

    old, new = "\n".join(before), "\n".join(after)
    changes = tuple(_splices(old, new))
    made = WrongSolution(name="m", description="d", loses=("a",), changes={"a": changes})
    whole = Solved(schema=1, slug="s", files={"a": old}, mistakes=(made,))
    assert whole.with_mistakes(made) == {"a": new.encode()}
