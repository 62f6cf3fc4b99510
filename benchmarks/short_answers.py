"""How numbers, intervals, lists, orders and choices are read: the table in written-answers.md.

What stands in the second column is what `show` says to the answer in the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.judging.mathematics.reading.show import Form, show

NUMBER = {"answer": {"kind": "number", "shape": [], "names": ["L"]}}
AT_LEAST = {"answer": {"kind": "number", "shape": [], "names": ["L"], "bound": "lower"}}
COLUMN = {"answer": {"kind": "number", "shape": ["2"]}}
INTERVAL = {"answer": {"kind": "interval"}}
ORDER = {"answer": {"kind": "order"}, "lines": {"a": "", "b": "", "c": "", "d": ""}}
CHOICE = {"answer": {"kind": "choice", "choices": ["a", "b", "c"]}}
STEPS = {
    "symbols": {"L": {"scalar": "positive"}, "eta": {"scalar": "positive"}},
    "answer": {"kind": "interval", "names": ["eta"]},
}
RIDGE = {
    "dims": ["n", "d"],
    "identity": ["I"],
    "symbols": {"X": {"shape": ["n", "d"]}, "y": {"shape": ["n"]}, "w": {"shape": ["d"]},
                "lambda": {"scalar": "positive", "typed": ["lam"]}},
    "answer": {"kind": "expression", "names": ["w"], "shape": ["d"]},
}  # fmt: skip
OWN = (
    ("a formula", RIDGE, "w = X^T α with α = (X X^T + λI)^{-1} y"),
    ("a formula", RIDGE, "A = X.T @ X + lam * np.eye(d)\nb = X.T @ y\nw = np.linalg.solve(A, b)"),
    ("a formula", RIDGE, "Solving for w we obtain (X^T X + lam I)^-1 X^T y, which always exists."),
    ("a formula", RIDGE, "$w = P y$ with $P = QX^T$ and $Q = PX$"),
    ("a formula", RIDGE, "$w = P X^T y$ with $P = (X^TX)^{-1}$ or $P = X^+$"),
    ("a formula", RIDGE, "$w = X_d^T y$"),
)
EXAMPLES: tuple[tuple[str, Mapping[str, Any], str], ...] = (
    ("a number", NUMBER, "0,25"),
    ("a number", NUMBER, "12.5 %"),
    ("a number", NUMBER, "L = 7, since 2^{-7} < 0.01"),
    ("a number", NUMBER, "1,000"),
    ("a number", NUMBER, "7 or 8"),
    ("the least number", AT_LEAST, "L ≥ 7"),
    ("the least number", AT_LEAST, "L > 6"),
    ("a number", NUMBER, "The output is 32 pixels wide."),
    ("a number", NUMBER, "L_1 = 2, L_2 = 3, so L = 5"),
    ("a column of two", COLUMN, "(3, 4)"),
    ("a column of two", COLUMN, "x = 3, y = 4"),
    ("an interval", INTERVAL, "]-1; 0,5]"),
    ("an interval", INTERVAL, "1/2 ≥ x > -1"),
    ("an interval", INTERVAL, "x > -1 and x ≤ 1/2"),
    ("an interval", INTERVAL, "(-1, 1/2] or [-1, 1/2]"),
    ("an interval", STEPS, "0 < η < 2/L"),
    ("an interval", STEPS, "0 < ηL < 2"),
    ("an order", ORDER, "order: b → d → a. Line c is not needed."),
    ("an order", ORDER, "b d a or d b a"),
    ("choices", CHOICE, "(a) and (c), because b is unbounded"),
    ("choices", CHOICE, "a: yes, b: no, c: yes"),
    ("choices", CHOICE, "a or c"),
)

SECTION = r"""## Numbers, intervals, lists, orders and choices

They are read in the spellings of many countries. What has two meanings is refused, with an example
of what would be read, and two different answers are refused with both shown: which one counts is
never decided by the grader. Steps are not affected, for in a chain `a = b = c`, in lines one below
the other and behind “so” the last one counts.

{table}

A name that the answer gives a value, as in “with α = …”, “where $U_d$ are the first $d$ columns of
$U$” or a line of code, stands for that value, and only then. A symbol of the question keeps its
meaning: where another value that the answer gives it would change the verdict, the student is
asked. In plain text without a mark around the formula, it is read if it is the only one and no
word such as “half of” or “not” could change it.

{own}

A question for a bound says so in its specification (`bound = "upper"` or `"lower"`), and the answer
may then stand behind ≤ or ≥. A gradient may be given as the equation that sets it to 0. Other
spellings with what each means, and those that are refused, are in
`tests/mathematics/short_answers.json`.
"""


def section() -> str:
    """The section of the page."""
    return SECTION.format(table=table(EXAMPLES), own=table(OWN))


def table(examples: Sequence[tuple[str, Mapping[str, Any], str]]) -> str:
    """The examples with what is read of each, as a Markdown table."""
    rows = ["| asked for | written | read as |", "|---|---|---|"]
    for asked, declared, answer in examples:
        written = answer.replace("|", "\\|").replace("\n", "`<br>`")
        rows.append(f"| {asked} | `{written}` | {_said(show(answer, declared))} |")
    return "\n".join(rows)


def _said(form: Form) -> str:
    if not form.fits:
        return f"refused: {form.problem} {form.help}"
    return " ".join([f"${form.understood}$", *form.notes])
