"""Shows what the grader reads in a written answer. Whether the answer is right is not said here."""

import json
from pathlib import Path

from .raw_text import text_problem
from .reading.show import Form
from .reading.show import show as _read

QUESTIONS = json.loads((Path(__file__).parent / "questions.json").read_text(encoding="utf-8"))


def show(name, answer):
    """Show how the grader reads an answer, with the shape of every symbol.

    Parameters
    ----------
    name : str
        The question, which is also the name of its variable.
    answer : str
        LaTeX, Unicode such as ``Xᵀ``, or NumPy style such as ``X.T @ y``, with or without words
        around it. The last displayed formula counts, or the last ``\\boxed{...}``.

    Returns
    -------
    Form
        Shown by Jupyter below the cell. Never raises for anything that can be written.
    """
    if name not in QUESTIONS:
        return Form(fits=False, problem=f"No question is called {name}.",
                    help=f"There are: {', '.join(QUESTIONS)}.")  # fmt: skip
    if answer is ... or answer is None or not str(answer).strip():
        return Form(fits=False, problem=f"TODO({name}) is still to be written.")
    problem, help = text_problem(name, answer)
    return (
        Form(fits=False, problem=problem, help=help) if problem else _read(answer, QUESTIONS[name])
    )


def expect_form(name, answer):
    """Require that the grader can read an answer and that its shapes fit, and show it.

    Raises
    ------
    AssertionError
        Says what cannot be read, where, and the way out.
    """
    form = show(name, answer)
    if not form.fits:
        place = f"\nHere: {form.place}" if form.place else ""
        raise AssertionError(f"{form.problem}{place}\n{form.help}".rstrip())
    return form
