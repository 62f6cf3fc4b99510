"""The score of an assignment: what is tried, what survives, what is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring.gaps import gaps
from autograder.authoring.mutation_score import MutationScore, mutation_scores
from autograder.authoring.mutation_table import write_mutation_table
from autograder.course import Course

SURVIVES = b"twice_the_number = x - x"
ENTRY = """
[[equivalent]]
file = "modules/pkg/work.py"
line = "twice_the_number = x + x"
becomes = "twice_the_number = x - x"
reason = "A made-up one."
"""


@dataclass(frozen=True)
class Ended:
    survived: bool = False
    failed: str = ""


Case = tuple[Mapping[str, bytes], Sequence[str]]


def noticing(end: Callable[[bytes], Ended]) -> Any:
    def try_mutants(slug: str, course: Course, cases: Sequence[Case]) -> list[Ended]:
        return [end(files["pkg/work.py"]) for files, _ in cases]

    return try_mutants


def score_of(tiny: Any, end: Callable[[bytes], Ended], **options: Any) -> MutationScore:
    with ThreadPoolExecutor(1) as executor:
        (score,) = mutation_scores(
            [tiny.assignment], try_mutants=noticing(end), executor=executor, **options
        )
    return score


def all_but_one(module: bytes) -> Ended:
    return Ended(survived=SURVIVES in module)


def test_gaps_are_the_lines_of_solutions_with_their_place(tiny: Any) -> None:
    found = {gap.text.name: gap for gap in gaps(tiny.assignment)}
    module = found["pkg/work.py"]
    lines = module.text.text.split("\n")
    assert [lines[line - 1].strip() for line in module.lines] == [
        "twice_the_number = x + x",
        "return twice_the_number",
        "result = double(double(x))",
    ]
    source = (tiny.assignment.source / "modules/pkg/work.py").read_text().split("\n")
    for line, place in module.lines.items():
        assert source[place.line - 1] == lines[line - 1]
    assert [place.part for place in module.lines.values()] == ["double", "double", "quadruple"]


def test_a_survivor_is_shown_with_its_line_and_difference(tiny: Any) -> None:
    score = score_of(tiny, all_but_one)
    assert not score.holds
    assert score.noticed == score.tried - 1
    assert "1 survive" in str(score)
    assert """\
solutions/tiny/modules/pkg/work.py:7: sign in `double`
       -     twice_the_number = x + x
       +     twice_the_number = x - x""" in str(score)


def test_one_that_is_written_down_is_equivalent(tiny: Any) -> None:
    tiny.write("equivalent.toml", ENTRY)
    score = score_of(tiny, all_but_one)
    assert score.holds
    assert (score.equivalent, score.survivors, score.score) == (1, (), 1.0)


def test_an_entry_that_no_survivor_needs_is_reported_when_all_were_tried(tiny: Any) -> None:
    tiny.write("equivalent.toml", ENTRY)
    score = score_of(tiny, lambda _: Ended())
    assert not score.holds
    assert "no survivor is of this kind any more; take the entry out" in str(score)
    assert score_of(tiny, lambda _: Ended(), sample=3).holds


def test_a_check_that_fails_by_itself_is_no_notice(tiny: Any) -> None:
    tiny.write("equivalent.toml", ENTRY)
    score = score_of(tiny, lambda module: Ended(failed="double: KeyError" * (SURVIVES in module)))
    assert not score.holds
    assert "a check itself fails on it: double: KeyError" in str(score)


def test_one_that_only_training_shows_is_tried_on_the_check_that_is_named(tiny: Any) -> None:
    tiny.write("equivalent.toml", ENTRY.replace('reason = "A made-up one."', 'noticed_by = "t"'))
    asked: list[list[str]] = []

    def try_mutants(slug: str, course: Course, cases: Sequence[Case]) -> list[Ended]:
        asked.extend(list(named) for _, named in cases)
        return [
            Ended(survived="t" not in named and SURVIVES in m["pkg/work.py"]) for m, named in cases
        ]

    with ThreadPoolExecutor(1) as executor:
        (score,) = mutation_scores([tiny.assignment], try_mutants=try_mutants, executor=executor)
    assert asked.count(["double", "t"]) == 1
    assert (score.holds, score.equivalent) == (True, 0)
    assert not score_of(tiny, all_but_one).holds


def test_a_sample_is_the_same_for_the_same_seed(tiny: Any) -> None:
    def tried(seed: int) -> list[bytes]:
        seen: list[bytes] = []
        score = score_of(
            tiny,
            lambda module: seen.append(module) or Ended(),
            sample=4,
            seed=seed,  # type: ignore[func-returns-value]
        )
        assert (score.tried, len(seen)) == (4, 4)
        assert f"4 of {score.of} mutants" in str(score)
        return seen

    assert tried(1) == tried(1) != tried(2)


def test_the_table_has_a_row_for_each_assignment_and_keeps_the_others(
    tiny: Any, tmp_path: Path
) -> None:
    score = score_of(tiny, all_but_one)
    row = f"| tiny | {score.tried} | {score.noticed} | 0 | 1 | {score.score:.1%} |"
    page = tmp_path / "mutation.md"
    page.write_text("| assignment | mutants |\n|---|---:|\n| other | 7 |\n| tiny | 1 |\n")
    write_mutation_table(page, [score])
    assert page.read_text().splitlines()[-2:] == ["| other | 7 |", row]
