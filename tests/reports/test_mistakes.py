"""Two students with one mistake are together, whatever numbers were drawn for them."""

import pytest

from autograder.reports.mistakes import mistakes
from autograder.results import CheckResult, Report, Status

MEAN = "The gradient lacks the factor 1/N of the mean."
PRODUCT = "`softmax_loss(x, array ({n},))` gives `dx` that is {n} times the right value everywhere."
RAISED = "`f(x, w)` raised NameError: name 'u' is not defined ({place}, line {n}: `{code}`)"
KNOWN = "A known mistake ends in the same way: The predictions are those of the notebook's model."


def student(*findings: CheckResult | str) -> Report:
    checks = tuple(failed(one) if isinstance(one, str) else one for one in findings)
    return Report(
        assignment="a",
        student="s",
        score=0,
        max_score=1,
        sandbox="",
        seed=0,
        seconds=0,
        checks=checks,
    )


def failed(rationale: str, **changes: object) -> CheckResult:
    values = {"id": "loss", "name": "loss", "status": Status.FAILED, "score": 0.0, "max_score": 1.0}
    return CheckResult(**(values | {"rationale": rationale} | changes))


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        (f"{MEAN} {PRODUCT.format(n=6)}", f"{MEAN} {PRODUCT.format(n=25)}", MEAN),
        (
            PRODUCT.format(n=6),
            PRODUCT.format(n=25),
            "`softmax_loss(x, array (…,))` gives `dx` that is … times the right value everywhere.",
        ),
        (
            RAISED.format(place="nn/layers.py", n=87, code="out = u(x) @ w"),
            RAISED.format(place="a notebook cell", n=4, code="return (u)"),
            "`f(x, w)` raised NameError: name 'u' is not defined",
        ),
        (
            "3 of 24 differ by more than 0.0001 (relative): `x[0]` = 1.5, expected 2e-05.",
            "9 of 24 differ by more than 0.0001 (relative): `x[1]` = nan, expected 2; `x[3]` = 1.",
            "… of 24 differ by more than 0.0001 (relative).",
        ),
        ("`W1` is 1/4 of it.", "`W1` is 1/6 of it.", "`W1` is 1/… of it."),
    ],
)
def test_one_mistake_is_one(one, other, text):
    [found] = mistakes([student(one), student("Another."), student(other)])[:1]
    assert (found.text, found.students) == (text, (0, 2))


def test_a_known_mistake_is_called_by_its_name():
    one = failed("`predict(x)` raised ValueError.", help=KNOWN)
    [found] = mistakes([student(one)])
    assert found.text == "The predictions are those of the notebook's model."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("`W1` is wrong.", "`W2` is wrong."),
        ("`dx` is transposed.", "`dw` is transposed."),
        ("… 1", "1 …"),
    ],
)
def test_two_mistakes_are_two(one, other):
    assert len(mistakes([student(one), student(other)])) == 2


def test_mistakes_at_two_checks_are_two_and_the_most_frequent_is_first():
    rare, often = failed("`x` is wrong.", id="rare"), failed("`x` is wrong.", id="often")
    found = mistakes([student(rare, often), student(often)])
    assert [(one.check, one.students) for one in found] == [("often", (0, 1)), ("rare", (0,))]


def test_only_what_was_found_against_an_answer_is_a_mistake():
    statuses = set(Status) - {Status.FAILED, Status.PARTIAL}
    assert mistakes([student(*(failed("Text.", status=status) for status in statuses))]) == []
