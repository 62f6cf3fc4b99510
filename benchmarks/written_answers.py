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
from pathlib import Path

from autograder.assignment import ROOT
from autograder.judging.check import Finding
from autograder.judging.written import (
    expect_derivation,
    expect_written,
    questions_folder,
)
from autograder.judging.written_questions import read_written

FOLDER = questions_folder("least_squares")
PAGE = ROOT / "docs" / "written-answers.md"
REPEATS = 20


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
    parts.append(COST.format(
        count=len(EXAMPLES), median=1000 * median, worst=1000 * worst,
        repeats=REPEATS, seconds=import_seconds(),
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


def import_seconds() -> float:
    """What a fresh Python needs for the engine beyond NumPy's own import; the least of five."""
    code = (
        "import numpy, time; begun = time.perf_counter(); import autograder.judging.mathematics; "
        "print(time.perf_counter() - begun)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
            for _ in range(5)]  # fmt: skip
    return min(float(run.stdout) for run in runs)


INTRODUCTION = """# What the grader says to written answers

Students answer a written question in LaTeX, in Unicode or as in NumPy, with words around it. The
answer is read as an expression over the symbols of the question, evaluated on random matrices that
obey its assumptions, and compared with the reference. Below are ten answers from real homework or
like it, and what students read about them. The page is made by `benchmarks/written_answers.py`.

What would mend an answer is known to the grader in most of these cases, and held back.
"""

COST = """## What it costs

{count} answers, each judged {repeats} times once its question has been prepared; the quickest run
counts. The median of the answers is {median:.0f} ms, the slowest one takes {worst:.0f} ms, with
comparison and explanation. Importing the engine takes {seconds:.2f} s beside NumPy.

## To write a question

A question is a TOML file in `autograder/checks/<slug>/written/`. Its format is described in
`autograder/judging/mathematics/specification.py`; those of `least_squares` are examples of most
kinds.

1. Declare the symbols with their shapes, and the cases (`regimes`) in which the answer has to hold.
2. Give the reference, right answers in other forms, and wrong ones with the diagnosis that each
   should get. `teach` beside a wrong answer is said to everyone whose answer has the same value.
3. In the checks, `written_check("<id>", points=2, folder=FOLDER)` marks the answer, and
   `derivation_check` the steps that lead to it.
4. In the lesson, a code cell has the variable `<id>` in a region with a stub, and the check's cell
   says `expect_form("<id>", <id>)`.
5. `python -m autograder.judging.written <slug>` writes `questions.json`, which students get:
   symbols and shapes, without references and examples. List it in `[given]` together with every
   file of `autograder/judging/mathematics/reading/`.

`prove_written` runs every example of a specification, and a test calls it for each file.
"""


if __name__ == "__main__":
    text = page()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)
