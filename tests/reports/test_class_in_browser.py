"""The page of a class in a real browser: it sorts, searches, filters, and logs no error."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.reports import write_pages
from autograder.results import CheckResult, ManualPart, Report, Status

api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("default"),  # Playwright's own, of the event loop it runs
]

EVIL = '</script><script>document.title = "gotcha"</script><img src=x onerror=alert(1)>'
LONG = "Anastasia Konstantinopoulou-Papadimitriou"
SINGLE = "a.very.long.address.that.no.telephone.has.room.for@students.example.edu"
CHECKS = ("forward", "backward", "training")
LOW_CONTRAST = Path(__file__).with_name("low_contrast.js").read_text("utf-8").partition("\n")[2]
ROWS = "table.students tbody tr"


def result(id: str, status: Status, rationale: str, **changes: Any) -> CheckResult:
    score = 2.0 if status is Status.PASSED else 0.0
    values = {"id": id, "name": f"{id} is right.", "status": status, "score": score}
    return CheckResult(**(values | {"max_score": 2.0, "rationale": rationale} | changes))


def student(name: str, statuses: str, *, says: str = "It is wrong.", seconds: float = 1) -> Report:
    """A student by one letter for each check: right, wrong, not attempted, followed, person."""
    kinds = {"r": Status.PASSED, "w": Status.FAILED, "n": Status.NOT_ATTEMPTED, "f": Status.PASSED,
             "p": Status.PERSON}  # fmt: skip
    checks = tuple(
        result(id, kinds[letter], says if letter in "wp" else "",
               followed=("forward",) if letter == "f" else ())
        for id, letter in zip(CHECKS, statuses, strict=True)
    )  # fmt: skip
    why = ManualPart(id="why", max_points=3, answered=True, suggested=2, summary="Found a sum.")
    return Report(
        assignment="a",
        student=name,
        score=sum(check.score for check in checks),
        max_score=6,
        sandbox="bubblewrap",
        seed=1,
        seconds=seconds,
        checks=checks,
        manual=(why,) if statuses == "rrr" else (),
    )


CLASS = (
    student("Zoë", "rrr"),
    student("ada", "rrr", seconds=9),
    student("boris", "wrf", says="The gradient lacks the factor 1/N."),
    student("clara", "wwf", says="The gradient lacks the factor 1/N."),
    student(LONG, "rwn", says="`dx` is transposed."),
    student(EVIL, "nnw", says=EVIL),
    student(SINGLE, "rrp"),
)
CROWD = tuple(student(f"student {n}", "rwr" if n % 3 else "rrr") for n in range(500))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages of a small class are."""
    folder = tmp_path_factory.mktemp("class")
    said, decided = (
        {"ada": ("`x.py` was not handed in.",)},
        {"boris": (7.5, ("bonus +5.5, by jo.",))},
    )
    write_pages(folder, CLASS, title="A class", problems=said, decided=decided)
    return folder


@pytest.fixture
def opened(browser: Any, pages: Path) -> Iterator[Any]:
    """The page of the class, which must have logged nothing when the test is over."""
    yield from _open(browser, pages / "index.html")


@pytest.fixture
def crowd(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The page of a class with more rows than are made at once."""
    write_pages(tmp_path, CROWD, title="A crowd", graded=())
    yield from _open(browser, tmp_path / "index.html")


def _open(browser: Any, path: Path, **options: Any) -> Iterator[Any]:
    page = browser.new_page(**options)
    logged: list[str] = []
    page.on("console", lambda message: logged.append(message.text))
    page.on("pageerror", lambda error: logged.append(str(error)))
    page.on("dialog", lambda dialog: logged.append(dialog.message))
    page.on("request", lambda request: path.parent.as_uri() in request.url
            or logged.append(request.url))  # fmt: skip
    page.goto(path.as_uri())
    yield page
    page.close()
    assert logged == []


def names(page: Any) -> list[str]:
    return page.locator(f"{ROWS} th").all_inner_texts()


# Who is shown -----------------------------------------------------------------------------------


def test_everyone_is_there_by_name(opened):
    assert opened.locator("#shown").inner_text() == "7 students"
    assert names(opened)[-4:] == [LONG, "boris", "clara", "Zoë"]


def test_a_name_that_is_a_script_is_a_name(opened):
    assert EVIL in names(opened)
    assert opened.title() == "A class: the class"
    assert opened.locator("img").count() == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("zoe", ["Zoë"]),
        ("FACTOR gradient", ["boris", "clara"]),
        ("dx is", [LONG]),
        ("handed in", ["ada"]),
        ("nobody", []),
    ],
)
def test_search_finds_names_findings_and_notes(opened, words, expected):
    opened.fill("#search", words)
    assert names(opened) == expected
    assert opened.locator("#shown").inner_text() == f"{len(expected)} of 7 students: “{words}”"


def test_a_mark_is_beside_the_score_with_its_decision_and_sorts(opened):
    opened.select_option("#sort", "-mark")
    boris = opened.locator(ROWS).first
    assert boris.locator("a.name").inner_text() == "boris"
    assert boris.locator(".mark").inner_text() == "mark 7.5"
    assert "bonus +5.5, by jo." in boris.inner_text()
    assert opened.locator(".mark").count() == 1


@pytest.mark.parametrize(
    ("head", "first", "then"),
    [
        ("Student", "Zoë", EVIL),
        ("Score", "ada", EVIL),
        ("Time", "ada", EVIL),
        ("Checks", "ada", EVIL),
    ],
)
def test_a_click_on_a_head_sorts_and_another_turns_it(opened, head, first, then):
    for expected in (first, then):
        opened.click(f"table.students thead button:text-is('{head}')")
        assert opened.locator(ROWS).first.locator("a.name").inner_text() == expected
    cell = opened.locator(f"table.students thead th:has(button:text-is('{head}'))")
    assert cell.get_attribute("aria-sort") in {"ascending", "descending"}


def test_a_check_and_how_it_went_filter_together(opened):
    opened.select_option("#check", "backward")
    opened.select_option("#end", label="wrong")
    assert names(opened) == [LONG, "clara"]
    assert opened.locator("#shown").inner_text() == "2 of 7 students: backward is wrong"
    opened.select_option("#check", "")
    opened.select_option("#end", label="followed through")
    assert names(opened) == ["boris", "clara"]


def test_a_number_of_a_check_shows_these_students(opened):
    opened.click("[data-check=forward][data-end=W]")
    assert names(opened) == ["boris", "clara"]


def test_a_bar_shows_its_students_and_a_second_click_everyone(opened):
    opened.click("[data-bin='10']")
    assert [name.split("\n")[0] for name in names(opened)] == ["ada", "Zoë"]
    assert opened.get_attribute("[data-bin='10']", "aria-pressed") == "true"
    opened.click("[data-bin='10']")
    assert len(names(opened)) == 7


def test_a_mistake_names_its_students_and_shows_only_them(opened):
    mistake = opened.locator("details.group", has_text="lacks the factor 1/N").first
    mistake.locator("summary").click()
    mistake.locator("li").first.wait_for()
    assert mistake.locator("li").all_inner_texts() == ["boris", "clara"]
    mistake.locator("button.only").click()
    assert names(opened) == ["boris", "clara"]
    opened.click("#clear")
    assert len(names(opened)) == 7


def test_what_waits_says_what_was_suggested(opened):
    waiting = opened.locator("section[aria-labelledby=waiting] details", has_text="in words")
    waiting.locator("summary").click()
    waiting.locator("li").first.wait_for()
    said = [" ".join(text.split()) for text in waiting.locator("li").all_inner_texts()]
    assert said == ["Zoë Suggested 2 of 3", "ada Suggested 2 of 3"]


def test_the_table_of_checks_sorts(opened):
    opened.click("table.items thead button:text-is('How it went')")
    first = opened.locator("table.items tbody th code").first
    assert first.inner_text() == "training"
    opened.click("table.items thead button:text-is('How it went')")
    assert first.inner_text() == "forward"


# Links, keys, and coming back -------------------------------------------------------------------


def test_links_lead_to_pages_and_to_their_checks(opened, pages):
    for link in opened.locator("main a[href*='.html']").all():
        href = link.evaluate("link => link.href").removeprefix(pages.as_uri() + "/")
        file, _, check = href.partition("#")
        file = file.replace("%7E", "~")
        assert (pages / file).is_file()
        assert not check or f'id="{check}"' in (pages / file).read_text("utf-8")


def test_keys_search_step_and_open(opened, pages):
    opened.keyboard.press("/")
    opened.keyboard.type("factor")
    opened.keyboard.press("Enter")
    opened.keyboard.press("j")
    opened.keyboard.press("j")
    assert opened.evaluate("document.activeElement.textContent") == "clara"
    opened.keyboard.press("k")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/boris.html")
    opened.go_back()
    opened.locator(ROWS).first.wait_for()
    assert opened.input_value("#search") == "factor"
    assert names(opened) == ["boris", "clara"]
    opened.keyboard.press("Escape")
    assert len(names(opened)) == 7


def test_a_reloaded_page_shows_the_same(opened):
    opened.fill("#search", "factor")
    opened.click("table.students thead button:text-is('Student')")
    opened.reload()
    assert names(opened) == ["clara", "boris"]


@pytest.mark.parametrize("hash", ["sort=constructor", "bin=99&group=-1", "group=x&check=none", "%"])
def test_an_address_that_somebody_made_up_shows_everyone(browser, pages, hash):
    for page in _open(browser, pages / "index.html"):
        page.goto((pages / "index.html").as_uri() + "#" + hash)
        page.reload()
        assert len(names(page)) == 7


# Many students, narrow screens, paper -----------------------------------------------------------


def test_rows_follow_as_the_reader_scrolls_and_a_button_shows_all(crowd):
    first = crowd.locator(ROWS).count()
    assert first < 500
    crowd.locator(ROWS).last.scroll_into_view_if_needed()
    crowd.wait_for_selector(f"{ROWS}:nth-child({first + 1})")
    # A pointer scrolls to the button first, and new rows push it on until none are left.
    crowd.dispatch_event("#more", "click")
    assert crowd.locator(ROWS).count() == 500
    assert crowd.locator("#more").is_hidden()


def test_paper_has_every_row(crowd):
    crowd.emulate_media(media="print")
    crowd.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert crowd.locator(ROWS).count() == 500
    assert crowd.locator(".toolbar").is_hidden()


def test_nothing_is_wider_than_a_sheet_of_paper_and_no_name_is_cut(browser, pages):
    for page in _open(browser, pages / "index.html", viewport={"width": 720, "height": 1000}):
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 720
        assert page.locator("table.items thead").is_visible()
        shown = "words => words.every(word => getComputedStyle(word).overflow === 'visible')"
        assert page.locator(".name span").evaluate_all(shown)


@pytest.mark.parametrize("width", [360, 400, 900, 1600])
def test_nothing_is_wider_than_the_screen_and_no_name_is_broken(browser, pages, width):
    size = {"width": width, "height": 900}
    for page in _open(browser, pages / "index.html", viewport=size):
        for details in page.locator("details").all():
            details.evaluate("details => { details.open = true; }")
        page.locator(".group li").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        broken = "words => words.filter(word => word.getClientRects().length > 1).length"
        assert page.locator(".name span").evaluate_all(broken) == 0
        assert page.locator(".slow .name").evaluate_all(broken) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_in_both_schemes(browser, pages, scheme):
    for page in _open(browser, pages / "index.html", color_scheme=scheme):
        assert page.evaluate(LOW_CONTRAST) == []
