"""The student's side: form checks without a reference, in files that travel by themselves."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.judging.mathematics.reading import show as show_module
from autograder.judging.mathematics.reading.show import show
from autograder.judging.mathematics.specification import public

READING = Path(show_module.__file__).parent


@pytest.fixture
def ridge(asked):
    return public(asked("hw1_2b").plain)


def test_a_form_that_fits_is_typeset_with_its_shapes(ridge):
    form = show(r"$$w = V(\Sigma^T\Sigma+\lambda I)^{-1}\Sigma^TU^Ty$$", ridge)
    assert form.fits
    assert form.shape == "a column d×1"
    assert ("V", "d×d") in form.symbols
    assert form.understood == (
        r"V \left(\Sigma^{\top} \Sigma + \lambda I\right)^{-1} \Sigma^{\top} U^{\top} y"
    )
    assert form.understood in form._repr_markdown_()


def test_a_wrong_answer_of_the_right_form_fits_and_nothing_more_is_said(ridge):
    form = show(r"V\Sigma^{+}U^Ty", ridge)
    assert form.fits
    assert form.problem == ""


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (r"(X^TX)^{-1}X^Ty", "X should not appear in this answer."),
        (r"V\Sigma^{-1}U^Ty", "Σ is n×d, so it has no inverse."),
        (r"U + V", "U is n×n and V is d×d; they cannot be added."),
        (r"V U", "V is d×d and U is n×n; their product needs d = n."),
        (r"\lambda", "Your answer is a number; a column d×1 is asked for."),
        (r"V(", "The formula stops where something is still missing."),
        ("", "There is no formula here yet."),
    ],
)
def test_a_form_that_does_not_fit_says_where_and_what_to_do(answer, problem, ridge):
    form = show(answer, ridge)
    assert not form.fits
    assert form.problem == problem
    assert form.help
    assert problem in str(form)


def test_blanks_and_equations_have_forms_too(asked):
    blanks = show("$$C = [W_1A; W_2]$$ $$d = [W_1b; W_2c]$$", public(asked("hw1_3b").plain))
    assert blanks.fits
    assert blanks.shape.startswith("a (k+n)×k matrix")
    assert show("T = B", public(asked("hw4_3_4").plain)).fits
    assert not show("T", public(asked("hw4_3_4").plain)).fits


@pytest.mark.parametrize(
    ("answer", "understood", "notes"),
    [
        ("]0; 1/4]", r"\left(0,\; 0.25\right]",
         ("0 does not belong to it.", "0.25 belongs to it.")),
        ("x ≥ 1", r"\left[1,\; \infty\right)", ("1 belongs to it.",)),
    ],
)  # fmt: skip
def test_an_interval_shows_its_ends(answer, understood, notes):
    form = show(answer, {"answer": {"kind": "interval"}})
    assert (form.fits, form.understood, form.notes) == (True, understood, notes)


def test_an_order_and_choices_show_what_was_read():
    asked = {"answer": {"kind": "order"}, "lines": {"a": "", "b": "", "c": ""}}
    form = show("order: c, a. b is wrong.", asked)
    assert form.understood == r"\text{c},\ \text{a}"
    assert form.notes == ("2 of 3 lines, c first and a last.",)
    form = show("d and a", {"answer": {"kind": "choice"}})
    assert (form.understood, form.notes) == (r"\text{a},\ \text{d}", ("2 choices.",))


@pytest.mark.parametrize("kind", ["interval", "order", "choice"])
def test_what_cannot_be_read_of_them_does_not_fit(kind):
    form = show("neither", {"answer": {"kind": kind}, "lines": {"a": "", "b": ""}})
    assert not form.fits
    assert form.problem
    assert form.help


def test_an_objective_with_arg_min_looks_different_from_one_without():
    asked = {"symbols": {"w": {"shape": ["3"]}}, "answer": {"kind": "objective"}}
    bare, with_it = (show(text, asked) for text in (r"\|w\|^2", r"\arg\min_w \|w\|^2"))
    assert with_it.understood == r"\operatorname{argmin}_{w} " + bare.understood
    assert bare.notes == (
        "No arg min or arg max stands before it, so the question says which one is meant.",
    )
    assert with_it.notes == ()


def test_a_decimal_comma_and_a_list_are_shown_as_they_are_read():
    number = {"answer": {"kind": "number", "shape": []}}
    assert show("0,25", number).notes == ("0,25 is read as 0.25.",)
    column = {"answer": {"kind": "number", "shape": ["2"]}}
    assert show("(0, 1)", column).notes == ("Your list is read as a column.",)


def test_two_answers_do_not_fit():
    form = show("9, 10", {"answer": {"kind": "number", "shape": []}})
    assert not form.fits
    assert form.problem == "Two answers stand side by side: “9” and “10”."


def test_markup_in_an_answer_is_escaped(ridge):
    markdown = show("$$<script>alert(1)</script>$$", ridge)._repr_markdown_()
    assert "<script>" not in markdown.replace("`", "") or "▸" in markdown


def test_the_reading_part_imports_only_itself_numpy_and_python():
    for path in READING.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name.partition(".")[0] for alias in node.names]
                assert set(names) <= set(sys.stdlib_module_names) | {"numpy"}, path.name
            if isinstance(node, ast.ImportFrom):
                inside = node.level == 1 or (node.module or "") in sys.stdlib_module_names
                assert inside or (node.module or "").partition(".")[0] in {
                    "collections", "numpy",
                }, path.name  # fmt: skip


def test_the_reading_part_works_alone_in_a_released_folder(tmp_path, ridge):
    shutil.copytree(READING, tmp_path / "formulas", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "question.json").write_text(json.dumps(ridge), encoding="utf-8")
    program = (
        "import json, sys\n"
        "from formulas.show import show\n"
        "print(show(r'V U', json.load(open('question.json'))).problem)\n"
        "assert not any(name.startswith('autograder') for name in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        check=True, env={"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.stdout.strip() == "V is d×d and U is n×n; their product needs d = n."
