"""Written answers as checks: what a text becomes, what a student is told, what is refused."""

import importlib.util
import json
import sys

import pytest

from autograder.course import PACKAGE, shipped_course
from autograder.judging import written
from autograder.judging.bounded import BrokenJudgeError
from autograder.judging.check import Finding, NotAttempted, PersonNeeded
from autograder.judging.mathematics.reading.declarations import DeclarationError
from autograder.judging.mathematics.reading.raw_text import text_problem
from autograder.judging.written import (
    derivation_check,
    expect_derivation,
    expect_written,
    prove_written,
    public_questions,
    written_check,
)
from autograder.judging.written_questions import read_written

RIDGE = r"""
id = "ridge"
title = "Ridge regression."
right = ['(X^T X + \lambda I)^{-1} X^T y']
dims = ["n", "d"]

[regimes]
tall = "n > d"
wide = "n < d"

[symbols]
X = {shape = ["n", "d"], props = ["full_rank"]}
y = {shape = ["n"]}
w = {shape = ["d"]}
lambda = {scalar = "positive"}

[answer]
kind = "expression"
names = ["w"]
shape = ["d"]
reference = '(X^T X + \lambda I)^{-1} X^T y'
credit = {tall = 0.5}

[derivation]
chain = 1
milestones = [{name = "the shifted matrix", formula = 'X^T X + \lambda I', points = 1}]

[[wrong]]
answer = '(X^T X + 2\lambda I)^{-1} X^T y'
says = "edit"
teach = "The 2 cancels."
"""


@pytest.fixture
def ridge(tmp_path):
    path = tmp_path / "ridge.toml"
    path.write_text(RIDGE, encoding="utf-8")
    return path


class Namespace:
    """A student whose notebook holds some variables."""

    def __init__(self, **variables):
        self.__dict__.update(variables)

    def notebook(self):
        return self


def finding(answer, path, expect=expect_written):
    with pytest.raises(Finding) as caught:
        expect("ridge", answer, path)
    return caught.value


def test_right_answers_pass_whatever_their_form(ridge):
    expect_written("ridge", r"so, in words, $$ w = X^\top (XX^\top + \lambda I)^{-1} y $$", ridge)
    expect_written("ridge", "inv(X.T @ X + lambda * eye(d)) @ X.T @ y", ridge)


@pytest.mark.parametrize("answer", [..., None, "", "  \n"])
def test_placeholders_are_not_attempted(answer, ridge):
    with pytest.raises(NotAttempted):
        expect_written("ridge", answer, ridge)
    with pytest.raises(NotAttempted):
        expect_derivation("ridge", answer, ridge)


def test_text_without_its_r_is_named(ridge):
    found = finding("$$\frac{1}{2}$$", ridge)
    assert found.rationale == "`ridge`: Python has taken a backslash for a control character."
    assert found.help == 'Put an r before the quotes: ridge = r"""...""".'


@pytest.mark.parametrize("text", ["$$\alpha$$", "$$X^\top y$$", "$$\beta$$", "$$ \right) $$"])
def test_every_eaten_backslash_is_seen(text):
    assert text_problem("w", text)[0]


@pytest.mark.parametrize("text", ["$$ w $$\n\tindented", "two\r\nlines", r"$$\alpha \top$$"])
def test_indentation_and_line_ends_are_left_alone(text):
    assert text_problem("w", text) == ("", "")


def test_other_types_are_named(ridge):
    found = finding([1, 2], ridge)
    assert found.rationale == "`ridge` is a list, expected text."
    assert found.help == ('Write it in quotes with an r before them: ridge = r"""$$ ... $$""".')


def test_a_wrong_answer_is_explained_with_its_place(ridge):
    found = finding(r"$$w = (X^TX + \lambda)^{-1} X^T y$$", ridge)
    assert found.rationale.startswith("`ridge`: ")
    assert "Here: `" in found.rationale
    assert "identity" in found.help


def test_one_text_is_judged_once_and_ends_the_same_way_for_everybody(ridge, monkeypatch):
    asked = []

    class Judge:
        def ask(self, question):
            asked.append(question)
            return judge.ask(question)

    judge = written._judge_process()
    monkeypatch.setattr(written, "_judge_process", Judge)
    written._kept.cache_clear()
    said = set()
    for name in ("w", "w", "v"):
        with pytest.raises(Finding) as found:
            expect_written(name, "$$ w = (X^T X)^{-1} X^T y $$", ridge)
        said.add((found.value.rationale, found.value.help))
    assert [question["name"] for question in asked] == ["w", "v"]
    assert len(said) == 2
    expect_written("w", r"$$ w = (X^T X + \lambda I)^{-1} X^T y $$", ridge)
    assert len(asked) == 3
    for _ in range(2):  # a long one is not kept
        with pytest.raises(Finding):
            expect_written("w", "a" * written.LENGTH_KEPT, ridge)
    assert len(asked) == 5
    assert written._kept.cache_info().currsize == 3


def test_a_known_slip_is_taught_in_whatever_form_it_comes(ridge):
    found = finding(r"$$w = (2 \lambda I + X^TX)^{-1} X^T y$$", ridge)
    assert found.help.startswith("The 2 cancels.")


def test_the_repair_is_held_back(ridge):
    found = finding(r"$$w = (X^TX + \lambda I) X^T y$$", ridge)
    assert "⁻¹" not in found.rationale + found.help


def test_the_repair_is_shown_where_the_question_says_so(ridge):
    text = ridge.read_text(encoding="utf-8")
    ridge.write_text(text.replace("title =", "reveal_repair = true\ntitle =", 1), encoding="utf-8")
    with pytest.raises(Finding) as caught:
        expect_written("ridge", r"$$(X^T X - \lambda I)^{-1} X^T y$$", ridge)
    assert "would be right" in caught.value.help


def test_a_policy_that_is_neither_true_nor_false_is_refused(ridge):
    text = ridge.read_text(encoding="utf-8").replace(
        "title =", 'reveal_repair = "late"\ntitle =', 1
    )
    ridge.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match="reveal_repair is true or false, not 'late'"):
        read_written(ridge)


def test_an_answer_that_is_right_in_one_case_earns_what_the_question_says(ridge):
    plain = RIDGE.replace(r"reference = '(X^T X + \lambda I)^{-1}", "reference = '(X^T X)^{+}")
    plain = plain.replace(r"right = ['(X^T X + \lambda I)^{-1} X", "right = ['(X^T X)^{+} X")
    ridge.write_text(plain, encoding="utf-8")
    read_written.cache_clear()
    found = finding("$$w = (X^T X)^{-1} X^T y$$", ridge)
    assert found.credit == 0.5
    assert "When n > d your answer is right." in found.help


def test_an_undecided_answer_is_left_to_a_person(ridge):
    close = r"$$w = (X^TX + (1 + 10^{-6} \cos(0)) \lambda I)^{-1} X^T y$$"
    with pytest.raises(PersonNeeded, match="A person will look at it"):
        expect_written("ridge", close, ridge)


def test_a_derivation_earns_its_milestones_and_its_true_chain(ridge):
    chain = r"$$w = (X^TX + \lambda I)^{-1}X^Ty = X^T(XX^T + \lambda I)^{-1}y$$"
    expect_derivation("ridge", chain, ridge)
    false = finding(chain.replace("= X^T(", "= 2X^T("), ridge, expect_derivation)
    assert false.credit == 0.5
    assert "does not hold" in false.rationale
    assert false.help == "Put numbers into both sides of that step."
    alone = finding(r"$$w = X^T(XX^T + \lambda I)^{-1}y$$", ridge, expect_derivation)
    assert alone.credit == 0
    assert "Not found among your steps: “the shifted matrix”." in alone.rationale


def test_checks_are_made_from_a_specification(ridge):
    answer = written_check("ridge", points=2, folder=ridge.parent)
    assert (answer.id, answer.points, answer.summary) == ("ridge", 2, "Ridge regression.")
    answer.run(Namespace(ridge=r"$$(X^TX + \lambda I)^{-1}X^Ty$$"), None)
    steps = derivation_check("steps", points=2, of="ridge", folder=ridge.parent)
    assert steps.summary == "Ridge regression: the steps that lead there."
    with pytest.raises(NotAttempted):
        steps.run(Namespace(ridge=...), None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "ridge"', 'id = "rigde"', 'ridge.toml: needs id = "ridge" and a title'),
        ('kind = "expression"', 'kind = "expresion"', "ridge.toml: answer.kind: 'expresion'"),
        ('says = "edit"', 'say = "edit"', "ridge.toml: wrong.say: unknown key"),
        ("[answer]", "[answer", "ridge.toml: "),
    ],
)
def test_a_specification_is_read_strictly(old, new, message, ridge):
    ridge.write_text(RIDGE.replace(old, new), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        read_written(ridge)
    assert str(caught.value).startswith(message)


def test_a_specification_that_misgrades_its_examples_is_refused(ridge):
    prove_written(ridge)
    bad = RIDGE.replace('says = "edit"', 'says = "shape"')
    ridge.write_text(bad, encoding="utf-8")
    read_written.cache_clear()
    with pytest.raises(DeclarationError, match="not shape"):
        prove_written(ridge)


def test_a_choice_has_no_derivation(tmp_path):
    path = tmp_path / "which.toml"
    path.write_text(
        'id = "which"\ntitle = "W."\n[answer]\nkind = "choice"\ncorrect = ["a"]\n', "utf-8"
    )
    with pytest.raises(BrokenJudgeError, match=r"which.toml: derivation: .*'choice' has no steps"):
        expect_derivation("which", "a", path)


def test_what_is_handed_out_has_no_references(ridge):
    plain = json.loads(public_questions(ridge.parent))
    assert plain["ridge"]["answer"] == {"kind": "expression", "names": ["w"], "shape": ["d"]}


@pytest.fixture(scope="module")
def released():
    """The package `written` as students of least_squares have it."""
    folder = shipped_course().assignments / "least_squares" / "written"
    spec = importlib.util.spec_from_file_location(
        "written_for_students", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    for name in [n for n in sys.modules if n.startswith(spec.name)]:
        del sys.modules[name]


def test_students_see_how_an_answer_is_read(released):
    form = released.show("ridge_formula", r"$$w = (X^TX + \lambda E)^{-1} X'y$$")
    assert form.fits
    assert form.shape == "a column d×1"
    assert r"\lambda I" in form.understood


def test_students_are_not_told_whether_it_is_right(released):
    wrong = released.show("ridge_formula", r"$$w = (X^TX + 7\lambda I)^{-1} X^Ty$$")
    assert wrong.fits
    assert not wrong.problem


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (..., "TODO(ridge_formula) is still to be written."),
        (3, "`ridge_formula` is a int, expected text."),
        ("$$\frac{X}{2}$$", "`ridge_formula`: Python has taken a backslash"),
        ("$$X y$$", "X is n×d and y is n×1"),
    ],
)
def test_students_are_told_what_cannot_be_read(answer, problem, released):
    assert released.show("ridge_formula", answer).problem.startswith(problem)
    with pytest.raises(AssertionError) as caught:
        released.expect_form("ridge_formula", answer)
    assert str(caught.value).startswith(problem)


def test_what_cannot_be_read_is_shown_by_itself_and_without_a_traceback(released, capsys):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.user_ns["expect_form"] = released.expect_form
    shell.run_cell('expect_form("ridge_formula", "w = X^+y or X^Ty")')
    shown = capsys.readouterr().out.strip().splitlines()
    assert shown == [
        "Two answers stand side by side: “X^+y” and “X^Ty”.",
        "Here: w = ▸X^+y or X^Ty◂",
        "Give one of them. Steps belong into a chain, as in a = b = c.",
    ]


def test_students_are_told_of_a_question_that_does_not_exist(released):
    assert released.show("rigde", "$$w$$").problem == "No question is called rigde."


def test_students_see_their_steps(released):
    steps = released.expect_steps("ridge_by_svd", r"$$w = V \Sigma^T y = V$$ and $$ Q + $$")
    assert steps.markdown.splitlines()[1].startswith("2. $= V$")
    assert "Not read" in steps.markdown
    with pytest.raises(AssertionError, match="`ridge_by_svd` shows no two steps"):
        released.expect_steps("ridge_by_svd", "$$w = V$$")


def test_students_see_the_lines_and_their_order(released):
    assert "- **a** " in repr(released.lines("push_through_order"))
    shown = released.expect_form("push_through_order", "order: b, a")
    assert shown.markdown.splitlines()[0].startswith("1. **b** ")
    with pytest.raises(AssertionError, match="No line is called 'z'; there are a b c"):
        released.expect_form("push_through_order", "z a")


def test_the_reading_part_needs_the_standard_library_alone():
    reading = PACKAGE / "judging" / "mathematics" / "reading"
    imports = {
        line.split()[1].split(".")[0]
        for path in reading.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from ")) and not line.startswith("from .")
    }
    assert imports <= set(sys.stdlib_module_names)
