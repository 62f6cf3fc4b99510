"""Right solutions over many seeds: what is asked, what is told, what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring.seed_runs import SeedResult, seed_results, write_seed_table

VARIANT = """description = "Another way"
[[edit]]
file = "modules/pkg/work.py"
find = "x + x"
replace = "2 * x"
"""


@dataclass(frozen=True)
class Ran:
    check: str
    seeds: int
    failed: tuple[int, ...] = ()
    said: str = ""
    seconds: float = 0.5


@dataclass(frozen=True)
class Wants:
    functions: frozenset[str] = frozenset()
    calls: bool = True
    notebook: bool = False


@dataclass
class Made:
    """A laboratory in which nothing runs; `failing` fails with the seed 7."""

    failing: str = ""
    runs: list[tuple[str, tuple[str, ...], int, int]] = field(default_factory=list)

    def exact_checks(self, slug: str, course: object) -> tuple[str, ...]:
        return ("double", "quadruple", "choice")

    def asked(
        self, slug: str, course: object, files: Mapping[str, bytes], ids: Sequence[str]
    ) -> dict[str, Wants]:
        other = frozenset({"2 * x"}) if b"2 * x" in files["pkg/work.py"] else frozenset()
        return {
            "double": Wants(other),
            "quadruple": Wants(),
            "choice": Wants(calls=False, notebook=True),
        }

    def frames(self, files: Mapping[str, bytes]) -> dict[str, str]:
        return dict.fromkeys(files, "the same")

    def run_seeds(
        self,
        slug: str,
        course: object,
        files: Mapping[str, bytes],
        ids: Sequence[str],
        first: int,
        last: int,
    ) -> list[Ran]:
        solution = "variant" if b"2 * x" in files["pkg/work.py"] else "reference"
        self.runs.append((solution, tuple(ids), first, last))
        bad = (7,) if first <= 7 < last else ()
        return [
            Ran(id, last - first, bad, "Finding: it is 3.")
            if id == self.failing
            else Ran(id, last - first)
            for id in ids
        ]


def results(tiny: Any, laboratory: Made, seeds: int) -> SeedResult:
    tiny.write("variants/otherwise.toml", VARIANT)
    with ThreadPoolExecutor(1) as executor:
        (result,) = seed_results([tiny.assignment], laboratory, executor, seeds=seeds)
    return result


def test_a_variant_is_asked_what_differs_and_answers_a_few_times(tiny: Any) -> None:
    laboratory = Made()
    result = results(tiny, laboratory, 1200)
    assert laboratory.runs == [
        ("reference", ("double", "quadruple"), 0, 500),
        ("reference", ("double", "quadruple"), 500, 1000),
        ("reference", ("double", "quadruple"), 1000, 1200),
        ("reference", ("choice",), 0, 3),
        ("variant", ("double",), 0, 500),
        ("variant", ("double",), 500, 1000),
        ("variant", ("double",), 1000, 1200),
    ]
    assert result.holds
    assert str(result) == "tiny: 2 solutions, 3,603 runs: holds"


def test_failures_are_told_with_their_seeds(tiny: Any) -> None:
    result = results(tiny, Made(failing="double"), 1200)
    assert not result.holds
    assert str(result).splitlines() == [
        "tiny: 2 solutions, 3,603 runs: 2 checks fail",
        "tiny: reference: double fails 1 of 1200 seeds, first 7: Finding: it is 3.",
        "tiny: otherwise: double fails 1 of 1200 seeds, first 7: Finding: it is 3.",
    ]


def test_the_page_has_a_row_for_each_assignment_and_what_failed(tiny: Any, tmp_path: Path) -> None:
    page = tmp_path / "seeds.md"
    write_seed_table(page, [results(tiny, Made(failing="double"), 10)])
    lines = page.read_text().splitlines()
    assert lines[2].startswith("Written by `autograder verify --seeds N --table docs/seeds.md`;")
    assert "| tiny | 10 | 2 | 3 | 33 | 2 | 2 |" in lines
    assert lines[-1].startswith("* tiny: otherwise: double fails 1 of 10 seeds, first 7")


def test_rows_of_other_assignments_stay_and_the_own_one_is_written_anew(
    tiny: Any, tmp_path: Path
) -> None:
    page = tmp_path / "seeds.md"
    write_seed_table(page, [results(tiny, Made(), 10)])
    other = "| another | 20,000 | 2 | 3 | 9 | 0 | 2 |"
    page.write_text(f"{page.read_text()}{other}\n")
    write_seed_table(page, [results(tiny, Made(), 20)])
    rows = [line for line in page.read_text().splitlines() if line.startswith("| ")]
    assert rows[1] == other
    assert [row.split(" | ")[:2] for row in rows[2:]] == [["| tiny", "20"]]
