"""The student's page: causes first, each with its place, the code, pictures and formulas."""

from __future__ import annotations

import io
import json
import re
from xml.dom import minidom

import matplotlib.pyplot as plt
import msgspec
import numpy as np
import pytest

from autograder.course import CourseError, read_course
from autograder.exhibit import Confusion, Curve, Exhibit, Factors, OwnCode, Reached, Understood
from autograder.judging.check import Finding
from autograder.judging.shown import Compared, filter_factors, filters
from autograder.reports import student_page, write_pages
from autograder.reports.factor_pictures import factors_picture
from autograder.reports.feedback import Feedback, read_feedback
from autograder.reports.lesson_places import LessonPlace, lesson_places
from autograder.reports.mathml import mathml
from autograder.reports.pictures import NumberTable, heat_map
from autograder.reports.rasters import FILLS, WHITE, png
from autograder.reports.student_checks import kind_of, sections
from autograder.reports.training_pictures import (
    accuracy_picture,
    confusion_picture,
    curve_picture,
    filters_picture,
)
from autograder.results import CheckResult, ManualPart, Report, Status

SCRIPT = "</pre><script>alert(1)</script>"


def result(id: str, status: Status = Status.PASSED, **changes) -> CheckResult:
    score = 2.0 if status is Status.PASSED else 0.0
    values = {"id": id, "name": f"{id} is right.", "status": status, "score": score}
    return CheckResult(**(values | {"max_score": 2.0} | changes))


def report(*checks: CheckResult, **changes) -> Report:
    values = {"assignment": "nets", "student": "ada", "sandbox": "bubblewrap", "seed": 77_777_777}
    values |= {"score": sum(one.score for one in checks), "seconds": 1.0, "checks": checks}
    return Report(max_score=2.0 * len(checks), **(values | changes))


def pair(got, right, name: str = "dx"):
    return Compared(name=name, got=np.asarray(got, float), right=np.asarray(right, float)).kept()


MIXED = report(
    result("relu"),
    result("net", Status.SKIPPED, rationale="It needs `loss`, which did not pass."),
    result("late", followed=("loss",), rationale="Marked with the course's `loss`."),
    result("own", Status.FAILED, followed=("loss",), rationale="It is wrong too."),
    result("todo", Status.NOT_ATTEMPTED, rationale="`TODO(todo)` is still to be written."),
    result("half", Status.PARTIAL, score=1.0, rationale="Half of it."),
    result("who", Status.PERSON, rationale="Who knows?"),
    result("loss", Status.FAILED, rationale="It is wrong."),
)


def test_causes_come_first_then_what_follows_then_what_is_right():
    page = student_page(MIXED, title="T")
    order = [page.index(f'id="{id}"')
             for id in ("half", "loss", "todo", "own", "net", "late", "who", "relu")]  # fmt: skip
    assert order == sorted(order)
    titles = re.findall(r"<h2>([^<]+)</h2>", page)
    assert titles == ["Start here", "Still to be written", "What builds on that",
                      "Not decided yet", "Right"]  # fmt: skip


def test_every_check_is_shown_once():
    shown = [one.result for section in sections(MIXED, {}, try_again=False)
             for one in section.checks]  # fmt: skip
    assert sorted(shown, key=lambda one: one.id) == sorted(MIXED.checks, key=lambda one: one.id)
    assert {kind_of(result("a", status)) for status in Status} == {
        "causes", "open", "follows", "undecided", "right",
    }  # fmt: skip


def test_a_check_that_is_named_is_a_link_to_it():
    page = student_page(MIXED, title="T")
    assert 'It needs <a href="#loss"><code>loss</code></a>, which did not pass.' in page
    assert "<code>TODO(todo)</code> is still" in page


def test_the_place_in_the_notebook_is_said_and_linked_where_it_can_be_read():
    places = {
        "relu": LessonPlace(notebook="a.ipynb", heading="2. ReLU & co"),
        "loss": LessonPlace(notebook="a.ipynb", heading="Loss", address="https://x.edu/a#Loss"),
    }
    page = student_page(MIXED, title="T", places=places)
    assert "<code>a.ipynb</code>, 2. ReLU &amp; co" in page
    assert '<a href="https://x.edu/a#Loss"><code>a.ipynb</code>, Loss</a>' in page


def test_places_are_read_from_the_notebooks_that_are_handed_out(tmp_path, write_release):
    cells = [
        {"cell_type": "markdown", "source": "# 1. The *loss*\n\ntext\n```\n# no heading\n```"},
        {"cell_type": "code", "id": "c1", "source": "answer = ...  # TODO(answer)"},
        {"cell_type": "code", "id": "c2", "source": "assert True",
         "metadata": {"nbgrader": {"grade_id": "loss"}}},
        {"cell_type": "markdown", "source": "## 1.1 `net`"},
        {"cell_type": "code", "id": "net", "source": "assert True"},
    ]  # fmt: skip
    assignment = write_release(tmp_path, "nets", {"a.ipynb": json.dumps({"cells": cells})})
    found = lesson_places(assignment, address="https://x.edu/{notebook}.html")
    assert found["answer"].heading == found["loss"].heading == "1. The *loss*"
    assert found["net"].address == "https://x.edu/a.html#1.1-net"
    assert lesson_places(assignment)["net"].address == ""


def test_the_students_own_code_is_shown_escaped_with_the_line_marked():
    code = OwnCode(path="nn/a.py", start=7, text=f"def f(x):\n    return {SCRIPT}", marked=8)
    page = student_page(report(failed(code=code)), title="T")
    assert "Your code: <code>nn/a.py</code>, line 8" in page
    assert "<script" not in page
    assert "<mark>    return &lt;/pre&gt;&lt;script&gt;" in page
    assert '<span class="at">7</span>def f(x):' in page


def failed(**exhibit) -> CheckResult:
    return result("loss", Status.FAILED, rationale="It is wrong.", exhibit=Exhibit(**exhibit))


def test_lines_after_a_docstring_keep_their_numbers():
    code = OwnCode(path="a.py", start=3, text="def f():\n    return 1", before_gap=1, gap=5)
    page = student_page(report(failed(code=code)), title="T")
    assert '<span class="at">3</span>def f():' in page
    assert '<span class="at">⋮</span>        (your docstring)' in page
    assert '<span class="at">9</span>    return 1' in page


# Pictures -----------------------------------------------------------------------------------------


def test_a_heat_map_says_in_words_what_it_shows():
    right = np.arange(6.0).reshape(2, 3)
    wrong = right.copy()
    wrong[1, 2] = 9
    shown = heat_map(pair(wrong, right))
    assert (
        shown.words == "`dx`, 2 × 3: 1 of 6 entries differ. The first is `[1, 2]`: 9, right is 5."
    )
    assert [panel.title for panel in shown.panels] == ["Yours", "Right"]
    assert ">9</text>" in shown.panels[0].svg
    assert 'class="differs"' in shown.panels[0].svg
    assert 'class="differs"' not in shown.panels[1].svg
    page = student_page(report(failed(arrays=pair(wrong, right))), title="T")
    assert 'aria-label="dx, 2 × 3: 1 of 6 entries differ.' in page


def test_large_arrays_have_a_picture_of_the_difference_and_say_what_part_is_shown():
    right = np.zeros((2, 50, 60))
    wrong = right.copy()
    wrong[1, 49, 0] = np.nan
    shown = heat_map(pair(wrong, right))
    assert [panel.title for panel in shown.panels] == ["Yours", "Right", "Yours − right"]
    assert "`[1, 26:50, 0:24]`" in shown.words
    assert "The first is `[1, 49, 0]`: nan, right is 0." in shown.words
    assert shown.panels[0].caption == "0 to 0, 1 not finite"
    assert 'class="bad"' in shown.panels[0].svg


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, 1e300, -1e300, 1e-320])
@pytest.mark.parametrize("shape", [(2,), (50,), (3, 2), (30, 30), (2, 3, 4, 5), (2, 9, 9, 3)])
def test_every_picture_is_well_formed_and_small(value, shape):
    made = heat_map(pair(np.full(shape, value), np.ones(shape)))
    for panel in made.panels:
        minidom.parseString(str(panel.svg))
        assert len(panel.svg) < 12_000


def test_pictures_of_training_are_well_formed_and_say_all():
    drawing = curve_picture(Curve(name="loss", steps=900, values=(2.0, None, 1.5, 1.0)))
    assert drawing.words == (
        "`loss` over 900 steps: begins at 2, ends at 1, lowest 1, highest 2."
        " Gaps are numbers that are not finite."
    )
    minidom.parseString(str(drawing.svg))
    nothing = curve_picture(Curve(name="loss", steps=2, values=(None, None)))
    assert nothing.words == "`loss` over 2 steps: no number is finite."
    share = accuracy_picture(Reached(reached=0.3, needed=0.5, guess=0.1))
    assert share.words == (
        "Accuracy 0.300 (bar), needed 0.500 (solid line), a constant guess 0.10 (dashed line)."
    )
    minidom.parseString(str(share.svg))


def test_a_curve_with_a_goal_has_its_line_inside():
    drawing = curve_picture(Curve(name="acc", steps=2, values=(0.1, 0.3), goal=0.5))
    assert drawing.words == (
        "`acc` over 2 steps: begins at 0.1, ends at 0.3, lowest 0.1, highest 0.3. The dashed line"
        " is the goal, 0.5."
    )
    assert '<path class="goal" d="M1 8.0h478"/>' in drawing.svg


FACTORS = Factors(sigma=(3.0, 1.0, 0.01), got=(0.9, 1.5, None), right=(0.9, 0.5, 1e-4))


def test_filter_factors_are_beside_the_right_ones():
    drawing = factors_picture(FACTORS)
    minidom.parseString(str(drawing.svg))
    assert drawing.words == (
        "Filter factors: the share of the least-squares solution that is left in each singular"
        " direction, by singular value. Yours differ: 1.5 for 1 (right is 0.5), none for 0.01"
        " (right is 0.0001)."
    )
    assert drawing.table == NumberTable(
        rows=(("singular value", "yours", "right"), ("3", "0.9", "0.9"), ("1", "1.5", "0.5"),
              ("0.01", "none", "0.0001")),
        marked=frozenset({(2, 1), (3, 1)}),
    )  # fmt: skip
    assert drawing.legend == "Circles are right, squares on the dashed line are yours."
    assert drawing.legend in student_page(report(failed(factors=FACTORS)), title="T")
    assert drawing.svg.count("<circle") == 3
    assert drawing.svg.count('class="yourdot"') == 2
    same = factors_picture(msgspec.structs.replace(FACTORS, got=FACTORS.right))
    assert same.words.endswith(
        "They agree: what is wrong is something else, or too small to be seen here."
    )


@pytest.mark.parametrize("value", [None, 0.0, -1e30, 1e30, 0.5])
@pytest.mark.parametrize("count", [1, 24])
def test_whatever_the_factors_are_they_lie_in_the_picture(value, count):
    made = factors_picture(
        Factors(sigma=(1.0,) * count, got=(value,) * count, right=(0.5,) * count)
    )
    minidom.parseString(str(made.svg))
    heights = [float(y) for y in re.findall(r'cy="([-\d.]+)"', made.svg)]
    heights += [float(y) + 4 for y in re.findall(r'yourdot" x="[-\d.]+" y="([-\d.]+)"', made.svg)]
    assert all(0 <= y <= 170 for y in heights)


@pytest.mark.parametrize(
    ("solve", "factors"),
    [
        (lambda s, lam: s / (s**2 + lam), lambda s, lam: s**2 / (s**2 + lam)),
        (lambda s, lam: 1 / s, lambda s, lam: np.ones_like(s)),
        (lambda s, lam: 1 / (s + lam), lambda s, lam: s / (s + lam)),
    ],
)
def test_factors_are_read_from_a_solution(solve, factors):
    rng, lam = np.random.default_rng(4), 0.3
    X, y = rng.standard_normal((7, 4)), rng.standard_normal(7)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    w = Vt.T @ (solve(s, lam) * (U.T @ y))
    found = Finding("It is wrong.").showing(Compared(name="w", got=w, right=w + 1))
    [kept] = filter_factors(X, y, found, s**2 / (s**2 + lam))
    np.testing.assert_allclose(kept.got, factors(s, lam), rtol=1e-4)
    np.testing.assert_allclose(kept.sigma, s, rtol=1e-4)
    assert filter_factors(X, y, Finding("Of another shape."), s) == []


def test_confusions_are_counted_and_the_most_frequent_one_is_said():
    made = confusion_picture(Confusion(counts=((5, 1, 0), (0, 3, 4), (0, 0, 2))))
    minidom.parseString(str(made.svg))
    assert made.words == (
        "Rows are the classes, columns what was said: 10 of 15 are right."
        " Most often, class 1 was taken for 2: 4 of 7."
    )
    right = confusion_picture(Confusion(counts=((5, 0), (0, 3))))
    assert right.words == "Rows are the classes, columns what was said: 8 of 8 are right."


def test_weights_are_drawn_as_images():
    [kept] = filters("W1", np.random.default_rng(0).standard_normal((3 * 28 * 20, 30)), (3, 28, 20))
    assert (kept.count, kept.height, kept.width) == (12, 14, 10)
    made = filters_picture(kept)
    minidom.parseString(str(made.svg))
    assert len(made.svg) < 60_000
    assert made.words == (
        "`W1`: the weights of 12 of 30 units as images, those with the largest weights. Orange is"
        " above 0 and blue below; each has a scale of its own."
    )
    assert filters("W1", np.ones((7, 3)), (1, 3, 3)) == []
    assert filters("W1", np.full((9, 3), np.nan), (1, 3, 3)) == []


def test_pictures_have_no_colours_of_their_own():
    page = student_page(report(failed(arrays=pair(np.eye(5), np.zeros((5, 5))))), title="T")
    assert not re.search(r'fill="#|stroke="#|rgb\(', page)


def test_a_picture_without_svg_has_the_same_pixels_of_each_colour():
    wrong = np.zeros((30, 30))
    wrong[3, 4:9], wrong[20, 0] = 5, -5
    panel = heat_map(pair(wrong, np.zeros((30, 30)))).panels[0]
    pixels = pixels_of(png(panel.svg))
    side = pixels.shape[0] // 24
    assert tuple(pixels[int(3.5 * side), int(6.5 * side)]) == FILLS["above5"]
    assert tuple(pixels[int(20.5 * side), side // 2]) == FILLS["below5"]
    assert tuple(pixels[int(10.5 * side), int(10.5 * side)]) == WHITE


@pytest.mark.parametrize(
    "drawing",
    [curve_picture(Curve(name="loss", steps=3, values=(2.0, None, 1.0, 0.5))),
     accuracy_picture(Reached(reached=0.3, needed=0.5, guess=0.1)),
     filters_picture(*filters("W1", np.random.default_rng(0).standard_normal((16, 9)), (1, 4, 4)))],
    ids=["curve", "accuracy", "filters"],
)  # fmt: skip
def test_every_drawing_can_be_made_of_pixels(drawing):
    pixels = pixels_of(png(drawing.svg))
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 2
    assert len(png(drawing.svg)) < 20_000


def pixels_of(content: bytes) -> np.ndarray:
    """The pixels of a PNG, by matplotlib's reader."""
    shown = plt.imread(io.BytesIO(content), format="png")[..., :3]
    return np.round(255 * shown).astype(int)


# Formulas -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "has"),
    [
        (
            r"\left(X^{\top} X + \lambda I_{d}\right)^{-1} X^{\top} y",
            ("<msup>", "λ", "⊤", "<msub>"),
        ),
        (r"\frac{1}{n} \sum_{i=1}^{n} x_{i}", ("<mfrac>", "<munderover>", "∑")),
        (r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}", ("<mtable>", "<mtr>")),
        (r"\lVert X w - y \rVert_{2}^{2}", ("‖", "<msubsup>")),
        (r"\operatorname{diag}\left(\sqrt{\sigma_{1}}, \dots\right)", ("diag", "<msqrt>", "…")),
        (r"\mathbf{1}", ("font-weight: bold",)),
        ("a < b", ("&lt;",)),
    ],
)
def test_formulas_are_typeset_without_latex(latex, has):
    made = str(mathml(latex))
    minidom.parseString(made)
    assert all(part in made for part in has)
    assert "\\" not in made


@pytest.mark.parametrize(
    "latex", [r"\unknown", "{", "}", r"\left(x", "x^", r"\frac{1}", r"\href{javascript:x}{y}", "&",
              r"\begin{html} x \end{html}", "{" * 500 + "}" * 500]
)  # fmt: skip
def test_what_is_not_ours_is_not_typeset(latex):
    assert mathml(latex) == ""


def test_nothing_in_a_formula_becomes_markup():
    assert "<b>" not in mathml(r"\operatorname{<b>} <b>")


def test_the_answer_as_read_and_the_step_where_the_chain_breaks_are_shown():
    read = Understood(name="w", latex="X^{-1} y", left="a", right="b")
    said = "`w`: The step from “X^T \\n y” to “b” does not hold."
    one = msgspec.structs.replace(failed(understood=read), rationale=said)
    page = student_page(report(one), title="T")
    assert "The step that is shown below does not hold." in page
    words = ["Your answer was read as", "The chain breaks here: this side", "is not"]
    assert "X^T" not in page
    assert re.findall(r"<figcaption>([^<]+)</figcaption><math", page) == words


# What comes with the page -------------------------------------------------------------------------


def test_points_of_people_are_said_at_the_top_until_a_person_has_decided():
    why = ManualPart(id="why", max_points=1, answered=True, suggested=1, summary="Suggested 1.")
    one = report(result("relu"), manual=(why,))
    page = student_page(one, title="T")
    said = "Up to 1 more point is still to come: a person marks <code>why</code>."
    assert said in page
    assert page.index(said) < page.index('id="relu"')
    assert said not in student_page(one, title="T", mark=["Your mark: 3 of 3 points."])
    assert "uggest" not in page


def test_the_calls_that_failed_are_handed_out_where_the_course_says_so(tmp_path):
    one = report(failed(tryout="print(1)\n"), result("relu"))
    write_pages(tmp_path, [one], title="T", try_again=True)
    file = tmp_path / "try_again" / "ada" / "try_loss.py"
    assert file.read_text() == "print(1)\n"
    assert "<code>try_loss.py</code>, which comes with this page" in (
        tmp_path / "ada.html"
    ).read_text("utf-8")
    write_pages(tmp_path, [msgspec.structs.replace(one, checks=(result("relu"),))], title="T",
                try_again=True)  # fmt: skip
    assert not file.exists()
    write_pages(tmp_path, [one], title="T")
    assert not file.exists()
    assert "try_loss.py" not in (tmp_path / "ada.html").read_text("utf-8")


def settings(tmp_path, text: str):
    (tmp_path / "course.toml").write_text(text)
    return read_feedback(read_course(tmp_path))


def test_feedback_is_read_from_the_course(tmp_path):
    assert settings(tmp_path, "") == Feedback(try_again=False, notebooks="")
    text = '[feedback]\ntry_again = true\nnotebooks = "https://x.edu/{notebook}.html"\n'
    found = settings(tmp_path, text)
    assert found == Feedback(try_again=True, notebooks="https://x.edu/{notebook}.html")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("again = 1", "unknown key 'again' in [feedback]; there are: try_again, notebooks."),
        ("try_again = 1", "[feedback] try_again is 1; give true to hand out the call that failed"
         " as a file, or false."),
        ('notebooks = "javascript:x"', "[feedback] notebooks is 'javascript:x'; give the address of"
         " the notebooks as pages, with {notebook} for the name, such as"
         " https://example.edu/course/{notebook}.html."),
    ],
)  # fmt: skip
def test_what_is_wrong_in_feedback_is_said(tmp_path, text, said):
    with pytest.raises(CourseError) as caught:
        settings(tmp_path, f"[feedback]\n{text}\n")
    assert str(caught.value) == f"{tmp_path / 'course.toml'}: {said}"
