"""The page of a class: its size, and the seconds until a large class can be used in a browser.

    python benchmarks/class_page.py --students 2000

A made-up class; Chromium without a window, driven by Playwright. *Usable* is from the request for
the page until the answer to a first search is on the screen; *all rows* until every row is there.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.reports import class_page
from autograder.results import CheckResult, ManualPart, Report, Status

CHECKS = 23
FINDINGS = (
    "The gradient lacks the factor 1/N of the mean. `part_{n}(x, y)` gives `dx` that is {k} times"
    " the right value everywhere, and {k} is the number of rows.",
    "`part_{n}(array ({k}, 4), array ({k},))` raised ValueError: operands could not be broadcast"
    " together with shapes ({k},4) ({k},) (nn/layers.py, line {k}1: `scores[range(n), y] -= 1`)",
    "`part_{n}(x, w, b)` gives `out` of which {k} of 24 differ by more than 0.0001 (relative):"
    " `out[0, {k}]` = 0.{k}13, expected 1.{k}27.",
)
FIRST = ("Ada", "Boris", "Clara", "Deniz", "Emil", "Farah", "Goran", "Jun", "Kofi", "Nour", "Priya")
LAST = ("García", "Nguyễn", "Kowalski", "Okonkwo", "Müller", "Tanaka", "Smith-Jones", "Haddad")
ON_SCREEN = """new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
})"""
PASSES = ((Status.PASSED, 75), (Status.FAILED, 15), (Status.NOT_ATTEMPTED, 10))


def main() -> None:
    """Write a page, measure it, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    started = time.perf_counter()
    page = class_page(made_up_class(options.students), title="A made-up class").encode()
    print(f"written in {time.perf_counter() - started:.2f} s, {len(page) / 2**20:.2f} MiB")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.html"
        path.write_bytes(page)
        for name, seconds in measured(path.as_uri(), options.rounds).items():
            print(f"{name}: {sorted(seconds)[len(seconds) // 2]:.2f} s, at most {max(seconds):.2f}")


def made_up_class(count: int) -> list[Report]:
    """Students of all abilities; the same for the same number."""
    draw = random.Random(count)
    return [_report(number, draw) for number in range(count)]


def measured(url: str, rounds: int) -> dict[str, list[float]]:
    """The seconds of several visits, each in a browser that has not seen the page."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {"usable": [], "all rows": [], "sorted anew": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for _ in range(rounds):
            page = browser.new_context().new_page()
            page.goto(url, wait_until="commit")
            page.wait_for_selector("table.students tbody tr")
            found["usable"].append(_seconds(page, "search.value = 'garcia'; update()"))
            begun = page.evaluate("performance.now()") / 1000
            turned = "search.value = ''; sort.value = '-score'; update()"
            found["sorted anew"].append(_seconds(page, turned) - begun)
            page.context.close()
            page = browser.new_context().new_page()
            page.goto(url, wait_until="commit")
            page.wait_for_selector("table.students tbody tr")
            found["all rows"].append(_seconds(page, "more.click()"))
            page.context.close()
        browser.close()
    return found


def chromium() -> str:
    """The browser that is installed here."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        sys.exit("Chromium is not installed.")
    return found


def _seconds(page: Any, action: str) -> float:
    """When what `action` has changed is on the screen, in seconds since the page was asked for."""
    page.evaluate(action)
    return float(page.evaluate(ON_SCREEN)) / 1000


def _report(number: int, draw: random.Random) -> Report:
    able = draw.betavariate(4, 1.5)
    checks = tuple(_result(check, able, draw) for check in range(CHECKS))
    why = ManualPart(id="why", max_points=3, answered=able > 0.3, suggested=2, summary="A sum.")
    return Report(
        assignment="made_up",
        student=f"{draw.choice(FIRST)} {draw.choice(LAST)} {number}",
        score=sum(result.score for result in checks),
        max_score=sum(result.max_score for result in checks),
        sandbox="bubblewrap",
        seed=1,
        seconds=draw.expovariate(0.2),
        checks=checks,
        manual=(why,),
    )


def _result(check: int, able: float, draw: random.Random) -> CheckResult:
    others: Sequence[Status] = draw.choices(*zip(*PASSES, strict=True))
    status = Status.PASSED if draw.random() < able else others[0]
    finding = draw.choice(FINDINGS).format(n=check, k=draw.randint(2, 9))
    return CheckResult(
        id=f"part_{check}",
        name=f"part_{check} returns what the course asks for, and its gradient.",
        status=status,
        score=2.0 if status is Status.PASSED else 0.0,
        max_score=2.0,
        rationale=finding if status is Status.FAILED else "",
        followed=("part_0",) if status is Status.PASSED and draw.random() < 0.1 else (),
        seconds=draw.expovariate(3),
    )


if __name__ == "__main__":
    main()
