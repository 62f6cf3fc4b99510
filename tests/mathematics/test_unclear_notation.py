"""Notation that could be misread in silence is refused, with the place and a way out."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question


@pytest.mark.parametrize(
    ("answer", "says", "words"),
    [
        ("X2y", "ambiguous", "A number after another factor can be read in several ways."),
        ("2 3 X^Ty", "ambiguous", "A number after another factor can be read in several ways."),
        ("(X^TX + λId)^-1 X^Ty", "ambiguous",
         "An identity with d behind it can be read in two ways."),
        ("E[y]", "unreadable", "E[...] is no expectation here; E is the identity."),
        (r"\frac{d}{d\lambda} X^Ty", "unreadable", "Derivatives are not computed here."),
        (r"\frac{\partial}{\partial w} y", "unreadable", "Derivatives are not computed here."),
        ("X.T @ X * y", "ambiguous",
         "Next to @, a * between vectors or matrices works on entries."),
        (r"\widehat{Xw}", "unreadable",
         "An accent over more than one letter has no meaning here."),
        (r"X^10", "not_square", "X is n×d, so it has no power."),
        (r"\lambda^12 X^Ty", "ambiguous", "Only the first digit of this script would be read."),
        (r"\log \lambda n X^T y", "ambiguous", "How far does log reach?"),
        (r"|X| y", "ambiguous", "X is a matrix (n×d), which has several norms."),
        (r"w \le X^Ty", "unreadable",
         "The formula ends with '≤', so it does not say what the answer is."),
        (r"x^T y", "unknown_symbol",
         "x without an index is not declared; xᵢ are the rows of X."),
        (r"X_i y", "unknown_symbol",
         "The symbol Xᵢ is not declared in this question: an entry of X has 2 indices."),
        (r"\lambda_1 y", "unknown_symbol",
         "The symbol λ₁ is not declared in this question: λ is a number and has no entries."),
        (r"\sum_i y", "free_index", "It is not clear where the index i stops."),
        (r"x_i y_i", "free_index", "Nothing runs over the index i."),
        (r"\operatorname{diag}(\sigma_i u_j)", "ambiguous",
         "diag(...) has more than one free index."),
        (r"(y, \dots, w)", "unreadable", "It is not clear what the dots stand for."),
        (r"\begin{bmatrix} X \\ y \end{bmatrix}", "shape_clash",
         "One row of the block matrix is d wide, another 1."),
        (r"\|y\|_3", "unreadable", "The norm with subscript '3' is not known here."),
        (r"y!", "unreadable", "Factorials have no meaning here."),
        (r"X^{2.5}y", "unreadable", "Matrices have whole powers up to 16 here."),
    ],
)  # fmt: skip
def test_unclear_notation_is_refused(answer, says, words, asked):
    said = judge(asked("hw1_2a"), answer)
    assert (said.says, said.rationale) == (says, words)
    assert said.help


def test_a_transposed_answer_is_noted_where_the_question_allows_it():
    plain = {
        "id": "row", "dims": ["n", "d"],
        "symbols": {"X": {"shape": ["n", "d"]}, "y": {"shape": ["n"]}},
        "answer": {"kind": "expression", "shape": ["d"], "reference": "X^T y",
                   "up_to": "transpose"},
    }  # fmt: skip
    said = judge(question(plain), "y^T X")
    assert said.is_right
    assert said.notes == ("Your answer is read as its transpose.",)


def test_notes_tell_what_was_left_unread(asked):
    said = judge(asked("hw1_2a_gradient"), r"2X^TXw - 2X^Ty + 2\lambda w = 0")
    assert said.is_right
    assert said.notes == ("The final '= 0' is not part of the answer.",)


def test_the_last_boxed_formula_counts(asked):
    cell = r"$$\boxed{w = (X^TX+\lambda I)^{-1}X^Ty}$$ check: $$X^TX$$"
    assert judge(asked("hw1_2a"), cell).is_right


def test_the_last_displayed_formula_counts_before_any_in_a_sentence(asked):
    cell = r"$$w = (X^TX+\lambda I)^{-1}X^Ty$$ with $\lambda > 0$."
    assert judge(asked("hw1_2a"), cell).is_right


@pytest.mark.parametrize("between", [", ", r" \quad "])
def test_two_answers_side_by_side_are_refused(between, asked):
    one, other = r"w = (X^TX+\lambda I)^{-1}X^Ty", "w = X^+y"
    said = judge(asked("hw1_2a"), other + between + one)
    rationale = "Two answers stand side by side: “X^+y” and “(X^TX+\\lambda I)^{-1}X^Ty”."
    assert (said.says, said.rationale) == ("ambiguous", rationale)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (r"\begin{bmatrix} X \end{pmatrix} y", r"\begin{bmatrix} is closed by \end{pmatrix}."),
        (r"\begin{bmatrix} X y", r"The \begin opened here is never closed."),
        (r"\sum_{i=1}_{i=1}^n y_i x_i", "'_' cannot stand here."),
        (r"\foo y", r"The command \foo is not known here."),
        (r"\begin{tikz} y \end{tikz}", "The environment 'tikz' is not known here."),
        ("$$y", "The $$ opened here is never closed."),
        ("y}", "This } closes nothing."),
        ("{y", "The brace { opened here is never closed."),
        ("(y", "The bracket ( opened here is never closed."),
        (r"\|y", "The ‖ opened here is never closed."),
        ("y^", "Something is missing at the end."),
        ("y + ", "The formula stops where something is still missing."),
        ("X^{}y", "This exponent is empty."),
        (r"\sqrt{} y", "There is nothing under this root."),
        (r"\frac{1}{\sqrt{}} y", "There is nothing under this root."),
        (r"\sum y", "This sum does not say what it runs over."),
        (r"\sum_{i \in S} y_i", "This range of a sum cannot be read."),
        (r"\log_n \lambda", "A subscript on log has no meaning here."),
        (r"\operatorname{tr}(X, y)", "tr takes one argument, not 2."),
        ("solve(X)", "solve takes two arguments, not 1."),
    ],
)
def test_what_cannot_be_read_says_why(answer, words, asked):
    said = judge(asked("hw1_2a"), answer)
    assert (said.says, said.rationale) == ("unreadable", words)
    assert said.help


def test_every_side_of_an_equation_has_to_be_right(asked):
    one = asked("hw4_3_4")
    assert judge(one, r"T = \sum_j \frac{n_j}{n}W_j + B = \frac1n \sum_j n_jW_j + B").is_right
    assert not judge(one, r"T = nB = \frac1n \sum_j n_jW_j + B").is_right


def test_a_fraction_that_cuts_a_name_in_two_is_refused(asked):
    said = judge(asked("hw1_3a"), r"A \frac W_2 c")
    assert (said.says, said.rationale) == (
        "unreadable",
        "This fraction has no clear top and bottom.",
    )
    assert said.help == r"Put braces around both, as in \frac{1}{2}."
    assert said.place == r"A ▸\frac W_2◂ c"


@pytest.mark.parametrize(
    "matrix", [r"\begin{bmatrix} \end{bmatrix}", r"\begin{bmatrix} b \\ & \\ c\end{bmatrix}"]
)
def test_an_empty_matrix_is_refused(matrix, asked):
    said = judge(
        asked("hw1_3b"), rf"$$C = \begin{{bmatrix}} W_1 A \\ W_2 \end{{bmatrix}}, d = {matrix}$$"
    )
    assert (said.says, said.rationale) == ("unreadable", "A row of this matrix is empty.")
    assert said.help == r"Write its entries between \begin and \end, with & and \\ between them."
