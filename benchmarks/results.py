"""Writes docs/benchmarks.md from what the benchmarks have kept in `benchmarks/measured/`.

    python benchmarks/peers.py --keep           # then overhead, growth, workers and checks_cost
    python benchmarks/results.py

Every figure on the page comes from there; the sentences say how it was measured.
"""

from __future__ import annotations

from pathlib import Path

from measured import Kept, read

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"

HEAD = """# Benchmarks

What grading costs beside the student's own code, and beside nbgrader and otter-grader. This page is
written by `python benchmarks/results.py` from figures that the scripts below have kept with
`--keep`; none is typed by hand.
"""

SECTIONS = {
    "peers": (
        "Beside nbgrader and otter",
        "`benchmarks/peers.py`: one notebook modelled on CS231n's two-layer net without training, "
        "nine hidden tests with the same inputs' sizes and the same comparisons for all three, "
        "every fourth student with a mistake; the scores of all three agree. `nbgrader autograde` "
        "and otter's `grade_submission` in a loop, without containers, as they are installed. They "
        "have no jobs of their own: at two jobs, two commands share the class. *One* is a class of "
        "one, starting included; *each* is the class divided by its size; *x nbgrader* is how many "
        "times as many submissions are graded in the same time, *x its CPU* with the same work of "
        "the processors. CPU counts everything that a command starts, memory is the sum of "
        "proportional set sizes at its peak, from a run of its own. Ours runs every submission in "
        "a sandbox, the others run it with the rights of whoever grades.",
    ),
    "overhead": (
        "Beside plain execution",
        "`benchmarks/overhead.py`: the same notebook's cells and tests, executed by `exec` without "
        "protection, in a new process and in one forked from a process that has NumPy and "
        "matplotlib already; what one more submission costs in a class, judge and sandbox "
        "included, starting left out; and, for comparison, what a sandbox for every submission "
        "would cost that is started before it is needed, without any grading.",
    ),
    "growth": (
        "Growth",
        "`benchmarks/growth.py`: classes of that notebook, graded from nothing and then again with "
        "every result there. *Tree* is the memory of all processes at the peak, *caller* that of "
        "the one that holds the class together.",
    ),
    "workers": (
        "One worker and two",
        "`benchmarks/workers.py`: an assignment whose networks are trained in grading, on "
        "a `dask` scheduler with workers of one thread on the same machine, beside `--jobs`.",
    ),
    "checks": (
        "Each check",
        "`benchmarks/checks_cost.py`: wall clock of each hidden test, one at a time; short ones "
        "are summed up. The first one of an assignment has the loading of the submission in it.",
    ),
}


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written: {PAGE}")


def page() -> str:
    """The whole page, with the sections that something was kept for."""
    kept = {name: one for name in SECTIONS if (one := read(name)) is not None}
    return "\n".join([HEAD, *(_section(name, one) for name, one in kept.items())])


def _section(name: str, kept: Kept) -> str:
    title, text = SECTIONS[name]
    versions = ", ".join(f"{one} {version}" for one, version in kept.versions.items())
    about = f"{kept.title[0].upper()}{kept.title[1:]}. {kept.machine}; {versions}; {kept.day}."
    return f"## {title}\n\n{text}\n\n{kept.table.markdown()}\n\n{about}\n"


if __name__ == "__main__":
    main()
