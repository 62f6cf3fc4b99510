"""Shows what the grader reads in a written answer. Whether the answer is right is not said here.

The reader takes half a second to load. It is imported where it is used, so that a notebook that
shows nothing, as when it is graded, does not wait for it.
"""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
__path__.insert(0, str(HERE / "reading.zip"))  # the package `reading`, as one file

QUESTIONS = json.loads((HERE / "questions.json").read_text(encoding="utf-8"))


class FormError(AssertionError):
    """What keeps an answer from being read; Jupyter shows it without a traceback."""

    def _render_traceback_(self):
        return str(self).splitlines()


class Text:
    """Markdown for the cell below, readable as plain text too."""

    def __init__(self, markdown):
        self.markdown = markdown

    def __repr__(self):
        return self.markdown

    def _repr_markdown_(self):
        return self.markdown


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
    from .reading.show import Form
    from .reading.show import show as read

    problem, help = _problem(name, answer)
    if problem:
        return Form(fits=False, problem=problem, help=help)
    return read(answer, QUESTIONS[name])


def expect_form(name, answer):
    """Require that the grader can read an answer and that its shapes fit, and show it.

    Raises
    ------
    FormError
        Says what cannot be read, where, and the way out.
    """
    form = show(name, answer)
    if not form.fits:
        place = f"\nHere: {form.place}" if form.place else ""
        raise FormError(f"{form.problem}{place}\n{form.help}".rstrip())
    return in_order(name, answer) if "lines" in QUESTIONS[name] else form


def expect_steps(name, answer):
    """Require that an answer shows steps that can be read, and list them as the grader reads them.

    Whether the steps are true, and whether they are the right ones, is not said.

    Raises
    ------
    FormError
        If the answer is missing, or has fewer than two steps that can be read.
    """
    problem, help = _problem(name, answer)
    if problem:
        raise FormError(f"{problem}\n{help}".rstrip())
    rows = [row for passage in _displayed(answer) for row in _steps(name, passage.text)]
    if sum(read for read, _ in rows) < 2:
        said = " ".join(text for read, text in rows if not read)
        raise FormError(
            f"`{name}` shows no two steps that can be read. Write the way to the answer as "
            f"displayed formulas, $$ a = b = c $$. {said}".rstrip()
        )
    return Text("\n".join(f"{number}. {text}" for number, (_, text) in enumerate(rows, start=1)))


def lines(name):
    """The lines of a proof that is to be put in order, with their letters."""
    return Text("\n".join(f"- **{id}** {text}" for id, text in QUESTIONS[name]["lines"].items()))


def in_order(name, answer):
    """The lines of a proof in the order that an answer gives."""
    from .reading.orders import order

    known = QUESTIONS[name]["lines"]
    letters = order(answer, known)
    return Text("\n".join(f"1. **{letter}** {known[letter]}" for letter in letters))


def _problem(name, answer):
    from .reading.raw_text import text_problem

    if name not in QUESTIONS:
        return f"No question is called {name}.", f"There are: {', '.join(QUESTIONS)}."
    if answer is ... or answer is None or not str(answer).strip():
        return f"TODO({name}) is still to be written.", ""
    return text_problem(name, answer)


def _displayed(answer):
    from .reading.errors import MathematicsError
    from .reading.markdown import passages

    try:
        return [passage for passage in passages(answer) if passage.displayed]
    except MathematicsError as error:
        raise FormError(f"{error.message} {error.help}") from None


def _steps(name, text):
    """Each side of a chain: whether it was read, and how, or why not."""
    from .reading.answers import is_label
    from .reading.declare import declarations
    from .reading.errors import MathematicsError
    from .reading.render import latex
    from .reading.statements import formula

    try:
        read = formula(text, declarations(QUESTIONS[name]))
    except MathematicsError as error:
        yield False, f"Not read: {error.message} {error.help}"
        return
    for statement in read.statements:
        for segment in statement.segments:
            if is_label(read, segment):
                continue
            try:
                shown = latex(read.expression(segment))
                yield True, f"${segment.relation or ''} {shown}$"
            except MathematicsError as error:
                yield False, f"Not read: {error.message} `{error.place(text)}`"
