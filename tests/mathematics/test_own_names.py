"""Names of a student's own, given a value beside the answer, stand for that value."""

from __future__ import annotations

from pathlib import Path

import pytest

import autograder
from autograder.judging.mathematics import Derivation, judge
from autograder.judging.mathematics.reading.show import show
from autograder.judging.written_questions import asked_by

CHECKS = Path(autograder.__file__).parent / "checks"


def _asked(name):
    (path,) = CHECKS.glob(f"*/written/{name}.toml")
    return asked_by(path)


def _judged(name, answer):
    return judge(_asked(name), answer)


TIKHONOV = "x=(A^TPA+Q)^{-1}(A^TPb+Qc)"
RIGHT = [
    ("tikhonov_formula", f"Let $P=W_1^TW_1$ and $Q=W_2^TW_2$. Then $${TIKHONOV}$$"),
    ("tikhonov_formula", f"${TIKHONOV}$ with $P=W_1^TW_1$, $Q=W_2^TW_2$"),
    ("tikhonov_formula", f"$${TIKHONOV},\\quad P:=W_1^TW_1,\\ Q:=W_2^TW_2$$"),
    ("tikhonov_formula", "P = W_1'W_1\nQ = W_2'W_2\nx = (A'PA+Q)^-1 (A'Pb+Qc)"),
    ("tikhonov_formula", "Let $H=A^TPA+Q$, $P=W_1^TW_1$, $Q=W_2^TW_2$: $x=H^{-1}(A^TPb+Qc)$"),
    ("tikhonov_formula", "\\begin{align}P&=W_1^TW_1\\\\ Q&\\coloneqq W_2^TW_2\\\\"
                         f"{TIKHONOV.replace('=', '&=', 1)}\\end{{align}}"),
    ("min_norm_formula", "w = X^T α with α = (X X^T)^{-1} y"),
    ("min_norm_formula", "$w=X^T\\alpha$ where $\\alpha$ is $(XX^T)^{-1}y$"),
    ("min_norm_formula", "$$X^T\\alpha,\\quad \\alpha=(XX^T)^{-1}y$$"),
    ("min_norm_formula", "gram = X @ X.T\nalpha = np.linalg.solve(gram, y)\nw = X.T @ alpha"),
    ("min_norm_formula", "First the Gram matrix $K_0 = XX^T$; so $w = X^TK_0^{-1}y$."),
    ("map_objective",
     "$$-\\|y-Xw\\|^2-\\lambda\\|w\\|^2\\quad\\text{with } \\lambda=\\frac{s^2}{t^2}$$"),
    ("map_objective", "$-\\|e\\|^2-\\mu\\|w\\|^2$, where $e = y-Xw$, $\\mu = (s/t)^2$"),
    ("shift_mean", "$\\bar x + s\\,\\hat q$, where $\\hat{q} = q/\\|q\\|$ is the unit vector"),
    ("shift_mean", "x̄ + s*u with the unit vector u = q/norm(q)"),
    ("ols_by_svd", "$V\\,\\mathrm{diag}(1/\\sigma_1, \\ldots, 1/\\sigma_d)\\,U_d^Ty$, "
                   "where $U_d$ are the first $d$ columns of $U$"),
    ("ols_by_svd", "$VDU_d^Ty$ with $U_d$ the first $d$ columns of $U$ and $D$ a diagonal matrix "
                   "with entries $1/\\sigma_i$"),
    ("ols_by_svd", "V diag(1/σ_1, ..., 1/σ_d) U_1^T y, U_1 has the first d columns of U"),
    ("ridge_as_tikhonov", "$W_1=I$, $W_2=s I$, $c=0$ where $s=\\sqrt\\lambda$"),
    ("ridge_formula", "A = X.T @ X + lam * np.eye(d)\nb = X.T @ y\nnp.linalg.solve(A, b)"),
    ("ridge_formula", "K = X'X + lam*I\nh = X'y\nreturn inv(K) h"),
    ("ridge_formula", "$w = (G+\\lambda I)^{-1} h$, where G = X^TX and h = X^Ty."),
    ("ridge_formula", "w = (G + λI)^{-1} h (G = X^TX, h = X^Ty)"),
    ("ridge_formula", "$w=(G+\\lambda I)^{-1}h$ ($G=X^TX$, $h=X^Ty$)"),
    ("ridge_formula", "$w = VDU^Ty$ with $D_{ii} = \\sigma_i/(\\sigma_i^2+\\lambda)$"),
    ("ridge_formula", "$w=\\sum_i c_iv_i$, $c_i = \\sigma_i u_i^Ty/(\\sigma_i^2+\\lambda)$"),
    ("tikhonov_gradient", "$2A^TP(Ax-b)+2Q(x-c)$ with $P=W_1^TW_1$ and $Q=W_2^TW_2$"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_name_of_ones_own_stands_for_its_value(name, answer):
    said = _judged(name, answer)
    assert said.is_right, said.message()


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("tikhonov_formula", f"Let $P=W_1W_1^T$ and $Q=W_2^TW_2$. Then $${TIKHONOV}$$",
         "different"),
        ("min_norm_formula", "w = X^T α with α = (X^T X)^{-1} y", "shape_clash"),
        ("map_objective", "$-\\|y-Xw\\|^2-\\lambda\\|w\\|^2$ with $\\lambda=\\frac{t^2}{s^2}$",
         "different"),
        ("shift_mean", "$\\bar x + s\\,\\hat q$, where $\\hat{q} = q/\\|q\\|^2$", "edit"),
        ("ols_by_svd", "$VDU_d^Ty$ with $U_d$ the first $d$ columns of $U$ and $D$ a diagonal "
                       "matrix with entries $\\sigma_i$", "edit"),
        ("ridge_as_tikhonov", "$W_1=I$, $W_2=s I$, $c=0$ where $s=\\lambda$", "w2"),
        ("ridge_formula", "A = X.T @ X\nb = X.T @ y\nnp.linalg.solve(A, b)", "singular"),
        ("ridge_formula", "w = (G + λI)^{-1} h (G = X^TX, h = 2X^Ty)", "factor"),
        ("ridge_formula", "$w = VDU^Ty$ with $D_{ii} = 1/(\\sigma_i^2+\\lambda)$", "different"),
        ("ols_by_svd", "$w = Hy$ with $H = (X^TX)^{-1}X^T$", "forbidden_symbol"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_wrong_by_any_name(name, answer, says):
    assert _judged(name, answer).says == says


@pytest.mark.parametrize(
    ("answer", "says", "words", "help"),
    [
        ("Let $P=W_1^TW_1Q$, $Q=W_2^TW_2P$. Then $x=(A^TPA+Q)^{-1}(A^TPb+Qc)$", "implicit",
         "P is given by Q, and Q by P.",
         "Give each name of your own by the symbols of the question."),
        ("Let $P=W_1^TW_1+P$. Then $x=(A^TPA)^{-1}A^TPb$", "implicit",
         "P is given by itself.", "Give each name of your own by the symbols of the question."),
        ("Let $P=A^TA$ or $P=2A^TA$. Then $x=P^{-1}A^Tb$", "ambiguous",
         "P is given twice: “A^TA” and “2A^TA”.", "Give each name of your own one value."),
        ("Let $P=W_1^TZ$. Then $x=(A^TPA)^{-1}A^TPb$", "unknown_symbol",
         "The symbol Z is not declared in this question.",
         "The symbols are A, b, c, x, W₁, W₂, n, k."),
        ("Let $H_3$ be the first $3$ columns of $A^TA$. Then $x=H_3b$", "unknown_symbol",
         "It is not clear what the first 3 columns of A^TA are.",
         "Take them of a matrix of the question, as in: the first k columns of U."),
        ("With P the first k columns of P, $x = Pb$", "implicit",
         "P is given by itself.", "Give each name of your own by the symbols of the question."),
    ],
)  # fmt: skip
def test_what_a_name_stands_for_must_be_clear(answer, says, words, help):
    said = _judged("tikhonov_formula", answer)
    assert (said.says, said.rationale) == (says, words)
    assert said.help == help


def test_a_value_that_cannot_be_read_shows_its_own_place():
    said = _judged("tikhonov_formula", "Let $P=W_1^TZ$. Then $x=(A^TPA)^{-1}A^TPb$")
    assert said.place == "W_1^T▸Z◂"


def test_what_a_name_stands_for_may_not_grow_without_end():
    doubled = "; ".join(f"$F_{k} = F_{k + 1}F_{k + 1}$" for k in range(15))
    said = _judged("tikhonov_formula", f"{doubled}; $F_{{15}} = A^TA$. $x = F_0 c$")
    assert said.says == "too_large"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("ridge_formula", "$w=(X^TX+\\lambda I)^{-1}X^Ty$ with $\\lambda = 1$"),
        ("ridge_formula", "Let $\\lambda = 2$. Then $w=(X^TX+\\lambda I)^{-1}X^Ty$"),
        ("ridge_formula", "$w=(X^TX+2\\lambda I)^{-1}X^Ty$ with $\\lambda=\\lambda/2$"),
        ("ridge_formula", "w = (X'X + lam*I)^-1 X'y, where lam = 3"),
        ("ridge_as_tikhonov", "$W_1=I$, $W_2=\\sqrt\\lambda I$, $c=0$ with $\\lambda = 4$"),
    ],
)
def test_a_symbol_of_the_question_with_another_value_is_asked_back(name, answer):
    said = _judged(name, answer)
    assert said.says == "ambiguous"
    assert said.rationale.startswith("λ is a symbol of the question, and you give it the value “")
    assert said.help == "Leave the value out, or write it into the answer in place of λ."


@pytest.mark.parametrize(
    "answer",
    [
        "$w=(X^TX+\\lambda I)^{-1}X^Ty$ with $X = U\\Sigma V^T$",
        "$w=(X^TX+\\lambda I)^{-1}X^Ty$. For $\\lambda = 0$ this is OLS.",
        "$w=(X^TX+\\lambda I)^{-1}X^Ty$, since $y = Xw + e$",
        "$w=(\\sum_{i=1}^n x_ix_i^T+\\lambda I)^{-1}X^Ty$ with $x_i = X^Te_i$",
    ],
)
def test_other_equations_about_symbols_change_nothing(answer):
    said = _judged("ridge_formula", answer)
    assert said.is_right, said.message()


@pytest.mark.parametrize("part", ["U_d^Ty", "U_r^Ty", "\\Sigma_d^{-1}U^Ty"])
def test_a_part_of_a_matrix_that_nobody_has_given_is_unknown(part):
    said = _judged("ols_by_svd", f"$w = V{part}$")
    assert said.says == "unknown_symbol"
    assert "is not declared in this question: an entry of " in said.rationale
    assert said.help.startswith("Say beside the answer what it is, as in: where ")


def test_the_notebook_shows_the_value():
    plain = _asked("min_norm_formula").plain
    form = show("w = X^T α with α = (X X^T)^{-1} y", plain)
    assert (form.fits, form.shape) == (True, "a column d×1")
    assert form.understood == "X^{\\top} \\left(\\left(X X^{\\top}\\right)^{-1} y\\right)"


def test_steps_may_use_the_name():
    derived = Derivation(_asked("ridge_by_svd"))
    steps = "$$D = \\Sigma^T\\Sigma+\\lambda I$$ $$w = (VDV^T)^{-1}V\\Sigma^TU^Ty = {}$$"
    right = derived.mark(steps.replace("{}", "VD^{-1}\\Sigma^TU^Ty"))
    wrong = derived.mark(steps.replace("{}", "VD\\Sigma^TU^Ty"))
    assert (right.unread, right.false_link) == ((), None)
    assert wrong.false_link is not None
