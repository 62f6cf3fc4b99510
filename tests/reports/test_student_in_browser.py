"""The student's page in a real browser: nothing overflows, is hard to read, or logs an error."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from autograder.exhibit import Curve, Exhibit, Factors, OwnCode, Reached, Understood
from autograder.judging.shown import Compared
from autograder.reports import student_page
from autograder.reports.elsewhere import fragment, plain
from autograder.results import CheckResult, ManualPart, Report, Status

api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("default"),  # Playwright's own, of the event loop it runs
]
LOW_CONTRAST = Path(__file__).with_name("low_contrast.js").read_text("utf-8").partition("\n")[2]
LONG = r"\left(X^{\top} X + \lambda I_{d}\right)^{-1} X^{\top} y + " * 8 + "z"


def check(id: str, status: Status, **changes) -> CheckResult:
    values = {"id": id, "name": f"{id} is right.", "status": status, "score": 0.0, "max_score": 1.0}
    return CheckResult(**(values | changes))


def everything() -> Report:
    """A page with all that it can have, and all of it long."""
    rng = np.random.default_rng(0)
    small, large = rng.standard_normal((5, 8)), rng.standard_normal((2, 30, 40))
    pairs = [Compared(name="dx", got=one + (one > 1), right=one).kept() for one in (small, large)]
    code = OwnCode(path="nn/a.py", start=9, text="x = " + "1 + " * 60 + "1\nreturn x", marked=10)
    checks = (
        check("small", Status.FAILED, rationale="It is wrong. " * 20, help="Look there.",
              exhibit=Exhibit(code=code, arrays=pairs[0])),
        check("large", Status.PARTIAL, rationale="w" * 200, exhibit=Exhibit(arrays=pairs[1])),
        check("trained", Status.FAILED, exhibit=Exhibit(
            curve=Curve(name="loss", steps=50, values=tuple(np.linspace(2, 1, 50).tolist())),
            accuracies=Curve(name="acc", steps=9, values=(0.1,) * 9, goal=0.5),
            factors=Factors(sigma=(1e-8,) * 24, got=(1.5, None) * 12, right=(0.5,) * 24),
            accuracy=Reached(reached=0.3, needed=0.5, guess=0.1))),
        check("formula", Status.FAILED, exhibit=Exhibit(
            understood=Understood(name="w", latex=LONG, left="a", right="b"))),
        check("next", Status.SKIPPED, rationale="It needs `small`, which did not pass."),
        check("todo", Status.NOT_ATTEMPTED, rationale="`TODO(todo)` is still to be written."),
        check("done", Status.PASSED, score=1.0),
    )  # fmt: skip
    why = ManualPart(id="why", max_points=3, answered=True)
    return Report(assignment="a", student="ada", score=1, max_score=7, sandbox="bubblewrap",
                  seed=1, seconds=1, checks=checks, manual=(why,))  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 420, 900, 1500])
def test_the_page_fits_is_legible_and_logs_no_error(browser, tmp_path, width, scheme):
    file = tmp_path / "ada.html"
    file.write_text(student_page(everything(), title="A lesson"), "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    assert errors == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(LOW_CONTRAST) == []
    right = "[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect().right)"
    assert max(page.evaluate(right)) <= width
    page.click('a[href="#small"]')
    assert page.evaluate("location.hash") == "#small"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900, 1500])
@pytest.mark.parametrize("shown", [fragment, plain], ids=["nbgrader", "gradescope"])
def test_what_others_show_fits_is_legible_and_logs_no_error(browser, shown, width, scheme):
    """Inside a light page, as nbgrader's and Gradescope's are; tables and code may scroll."""
    inside = "".join(f"<div>{shown(one, try_again=True)}</div>" for one in everything().checks)
    style = "body { background: #fff; color: #222; } div { max-width: 100%; overflow-x: auto; }"
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("request", lambda asked: asked.url.startswith("data:") or errors.append(asked.url))
    page.set_content(f"<!DOCTYPE html><style>{style}</style>{inside}")
    assert errors == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(LOW_CONTRAST) == []
    assert page.locator("script").count() == 0
    context.close()
