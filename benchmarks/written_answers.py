"""Ten answers of students with what the grader says to each, and how long that takes.

    python -m benchmarks.written_answers           print docs/written-answers.md
    python -m benchmarks.written_answers --write    write it

The questions are those of `least_squares`. Every word in a reply comes from the grader.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from autograder.course import shipped_course
from autograder.grading.manual import in_words
from autograder.judging.check import Finding
from autograder.judging.mathematics import Question, judge, question
from autograder.judging.written import expect_derivation, expect_written, suggest_written
from autograder.judging.written_questions import read_written

from . import answer_sets
from .short_answers import section

COURSE = shipped_course()
FOLDER = COURSE.checks / "least_squares" / "written"
PAGE = COURSE.root / "docs" / "written-answers.md"
REPEATS = 20
RUBRIC = FOLDER.parent / "manual" / "meaning_of_lambda.toml"
FREE = r"It is $\lambda = (s/t)^2$. For large t nothing is regularised, so that is OLS again."
IMPORTED = ("numpy", "autograder.judging.mathematics")


@dataclass(frozen=True)
class Example:
    """An answer to a question, and what it stands for in a line."""

    question: str
    about: str
    answer: str
    steps: bool = False

    @property
    def path(self) -> Path:
        """The specification."""
        return FOLDER / f"{self.question}.toml"

    def reply(self) -> str:
        """What the grader says, in Markdown."""
        try:
            (expect_derivation if self.steps else expect_written)(
                self.question, self.answer, self.path
            )
        except Finding as found:
            credit = f" Credit: {100 * found.credit:.0f} %." if found.credit else ""
            return f"**Not right.** {found.rationale}\n>\n> *{found.help}*{credit}"
        return "**Right.**"


EXAMPLES = (
    Example(
        "min_norm_formula",
        "Another form of the right answer, in another notation",
        r"$$\hat{\mathbf{w}} = (X^{\mathrm T} X)^{\dagger} X^{\intercal} \vec{y}$$",
    ),
    Example(
        "min_norm_formula",
        "The formula for tall systems, used on a wide one",
        r"$$w = (X^T X)^{-1} X^T y$$",
    ),
    Example(
        "ols_by_svd",
        "The inverse of a rectangular matrix",
        r"$$\therefore \vec{w} = V \Sigma^{-1} U^T \vec{y}$$",
    ),
    Example(
        "ridge_formula",
        "A number added to a matrix",
        r"$$\mathbf{w} = (X^T X + \lambda)^{-1} X^T y$$",
    ),
    Example(
        "ridge_by_svd",
        "A chain in which an inverse is lost: the final answer",
        r"""$$\begin{aligned}
w &= (V (\Sigma^T \Sigma + \lambda E) V^T)^{-1} V \Sigma^T U^T y \\
  &= (V^T)^{-1} (\Sigma^T \Sigma + \lambda E)^{-1} V^T V \Sigma^T U^T y \\
  &= V (\Sigma^T \Sigma + \lambda E) \Sigma^T U^T y
\end{aligned}$$""",
    ),
    Example(
        "ridge_by_svd",
        "The same chain: its steps",
        r"""$$\begin{aligned}
w &= (V (\Sigma^T \Sigma + \lambda E) V^T)^{-1} V \Sigma^T U^T y \\
  &= (V^T)^{-1} (\Sigma^T \Sigma + \lambda E)^{-1} V^T V \Sigma^T U^T y \\
  &= V (\Sigma^T \Sigma + \lambda E) \Sigma^T U^T y
\end{aligned}$$""",
        steps=True,
    ),
    Example(
        "ridge_by_svd",
        "The filter factor of the fitted values, with a diagonal and a family of symbols",
        r"$$W = V \text{diag}(\frac{\sigma_i^2}{\sigma_i^2 + \lambda}) \cdot \Sigma^T U^T y$$",
    ),
    Example(
        "tikhonov_formula",
        "Rows and columns in one sum",
        r"$$x = (A^T W_1^T W_1 A + W_2^T W_2)^{-1} (b^T W_1^T W_1 A + W_2^T W_2 c)$$",
    ),
    Example(
        "tikhonov_stack",
        "Two blanks to fill, and a slip of the pen",
        r"$$C = \begin{bmatrix} W_1 A \\ W_2 \end{bmatrix}, \quad "
        r"d = \begin{bmatrix} W_1 b \\ W_2 C \end{bmatrix}$$",
    ),
    Example(
        "limit_small",
        "Right in one of two cases",
        r"As $\lambda \to 0$ it becomes least squares: $$w = (X^T X)^{-1} X^T y$$",
    ),
)


def page() -> str:
    """The page, as Markdown."""
    median, worst = timings()
    parts = [INTRODUCTION]
    for number, example in enumerate(EXAMPLES, start=1):
        title = read_written(example.path).plain["title"]
        quoted = example.answer.replace("\n", "\n    ")
        parts.append(
            f"## {number}. {example.about}\n\nQuestion `{example.question}`: {title}\n\n"
            f"    {quoted}\n\n> {example.reply()}\n"
        )
    parts += [section(), answer_sets.section()]
    numpy, engine = (1000 * seconds for seconds in import_seconds())
    parts.append(COST.format(
        count=len(EXAMPLES), median=1000 * median, worst=1000 * worst, repeats=REPEATS,
        everyone=everyone(), numpy=numpy, engine=engine, free=FREE,
        suggestion=suggestion(),
    ))  # fmt: skip
    return "\n".join(parts)


def timings() -> tuple[float, float]:
    """Median over the examples and the slowest of them, in seconds; the first reply not counted.

    Each example counts with its quickest reply, since other programs share the machine.
    """
    found = []
    for example in EXAMPLES:
        example.reply()
        spans = []
        for _ in range(REPEATS):
            begun = time.perf_counter()
            example.reply()
            spans.append(time.perf_counter() - begun)
        found.append(min(spans))
    return statistics.median(found), max(found)


def import_seconds() -> list[float]:
    """Seconds of processor time in which a fresh Python imports each of `IMPORTED`, one by one.

    The least of five; other programs on the machine do not count.
    """
    code = "import time\nbegun = time.process_time()\n" + "".join(
        f"import {name}\nprint(time.process_time() - begun)\n" for name in IMPORTED
    )
    words = [sys.executable, "-c", code]
    runs = [
        subprocess.run(words, capture_output=True, check=True, cwd=COURSE.root) for _ in range(5)
    ]
    ends = [[float(end) for end in run.stdout.split()] for run in runs]
    spans = [[after - before for before, after in pairwise([0.0, *each])] for each in ends]
    return [min(column) for column in zip(*spans, strict=True)]


def suggestion() -> str:
    """What is suggested for a free text."""
    lines = suggest_written(FREE, RUBRIC)
    return in_words(lines, sum(line.points for line in lines))


def everyone() -> str:
    """How long the examples of all specifications take, as words for the page."""
    spans: dict[bool, list[float]] = {True: [], False: []}
    for path in sorted(COURSE.checks.glob("*/written/*.toml")):
        plain = read_written(path).plain
        asked = question(plain)
        wrong = [entry["answer"] for entry in plain.get("wrong", [])]
        for is_right, answers in ((True, plain["right"]), (False, wrong)):
            spans[is_right] += [_quickest(asked, answer) for answer in answers]
    right, wrong_ones = (
        f"{1000 * statistics.median(found):.1f} ms for {len(found)} {word}"
        for found, word in ((spans[True], "right ones"), (spans[False], "wrong ones"))
    )
    return f"{right}, {wrong_ones}, at most {1000 * max(spans[True] + spans[False]):.0f} ms"


def _quickest(asked: Question, answer: str) -> float:
    spans = []
    for _ in range(4):
        begun = time.process_time()
        judge(asked, answer)
        spans.append(time.process_time() - begun)
    return min(spans)


INTRODUCTION = """# What the grader says to written answers

Students answer a written question in LaTeX, in Unicode or as in NumPy, with words around it. The
answer is read as an expression over the symbols of the question, evaluated on random matrices that
obey its assumptions, and compared with the reference. Below are ten answers from real homework or
like it, and what students read about them. The page is made by `benchmarks/written_answers.py`.

What would mend an answer is known to the grader in most of these cases, and held back.
"""

COST = r"""## What it costs

{count} answers, each judged {repeats} times once its question has been prepared; the quickest run
counts. The median of the answers is {median:.0f} ms, the slowest one takes {worst:.0f} ms, with
comparison, explanation, lookup of known slips, and the way to the judging process and back. In the
process itself, the median processor time over the examples of all specifications is
{everyone}.

Importing NumPy takes {numpy:.0f} ms of processor time, the engine {engine:.0f} ms more.

## How close is equal

An answer is computed on twelve sets of data in each of the question's cases, and on special ones.
Within 1e-7 of the reference it is right, beyond 1e-4 it is another one. Where floats say neither,
or say that an answer is wrong, it is computed again in a hundred digits, on data that obey the
question's assumptions to as many: rounding disappears there, and another value stays. So

    ((X^T X + \lambda I)^{{12}})^{{-1}} (X^T X + \lambda I)^{{11}} X^T y

is ridge regression, although floats find no inverse, while

    (X^T X + (\lambda + 10^{{-6}}) I)^{{-1}} X^T y

is called close, but not equal. A decimal of five places or more counts as rounded to its last one,
so `0.33333` stands for 1/3. What cannot be computed in more digits (sines, spectral norms) and is
neither near nor far becomes a check `for a person`: it counts 0 until somebody has decided, the
score is marked as not final, the checks that need it run, and nbgrader flags its cell. It is no
error of the grader, and the exit code stays 0.

## Free texts

A text that a person marks has a rubric in `checks/<slug>/manual/<cell>.toml`. The grader
looks for formulas and equations by their value, for words within a sentence or two, for numbers in
a range, and for hidden tests that have passed. What it finds is a suggestion,

> {suggestion}

said to “{free}”.

It is shown in the reports and as a comment of nbgrader's. It is in no score, and the cell stays
flagged for a person. Words can be right and their meaning wrong, so nobody is marked by them.

## To write a question

A question is a TOML file in `checks/<slug>/written/`. Its format is described in
`autograder/judging/mathematics/specification.py`; those of `least_squares` are examples of most
kinds.

1. Declare the symbols with their shapes, and the cases (`regimes`) in which the answer has to hold.
2. Give the reference, right answers in other forms, and wrong ones with the diagnosis that each
   should get. `teach` beside a wrong answer is said to everyone whose answer has the same value.
3. In the checks, `written_check("<id>", points=2, folder=FOLDER)` marks the answer, and
   `derivation_check` the steps that lead to it. Milestones are formulas or equations, found in
   any form of the same value; a link of a chain is false where it fails both on random data and
   for the solution.
4. In the lesson, a code cell has the variable `<id>` in a region with a stub, and the check's cell
   says `expect_form("<id>", <id>)`.
5. `autograder build` writes `written/questions.json` into the release: symbols and shapes, without
   references and examples. `[given]` hands out the folder `solutions/given/written` as `written`,
   and the folder `autograder/judging/mathematics/reading` as `written/reading.zip`.

The way from a question to its check, step by step, is in
[write a formula question](formula-question.md).

A function that a formula specifies is of kind `code`: its file has the arguments and the formula,
and `code_check` calls the student's function in every regime (`checks/least_squares/code/`).

`autograder build` and `autograder verify` have every specification grade its own examples, and
refuse one that misgrades them, with file and line. What has been proved is not proved again until
the specification or the engine changes.
"""


if __name__ == "__main__":
    text = page()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)
