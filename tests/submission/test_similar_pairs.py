"""A disguised copy is found; what everyone writes, and what was handed out, is not."""

import json
import textwrap

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.reports.similar_page import SIMILAR_PAGE, similar_page
from autograder.similarity import WrittenSource, similar_pairs, written_sources
from autograder.similarity.tokens import tokens
from autograder.similarity.winnowing import LENGTH, WINDOW, winnow

HANDED_OUT = '''
def softmax_loss(x, y):
    """The mean cross-entropy of the scores `x` of shape (N, C), and its gradient."""
    raise NotImplementedError("TODO(softmax_loss)")


def rel_error(x, y):
    """The largest relative difference of two arrays, as the lecture defines it."""
    return np.max(np.abs(x - y) / (np.maximum(1e-8, np.abs(x) + np.abs(y))))
'''
ONE = """
def softmax_loss(x, y):
    shifted = x - np.max(x, axis=1, keepdims=True)
    exps = np.exp(shifted)
    totals = exps.sum(axis=1, keepdims=True)
    logs = shifted - np.log(totals)
    count = x.shape[0]
    loss = -logs[np.arange(count), y].sum() / count
    dx = exps / totals
    dx[np.arange(count), y] -= 1
    return loss, dx / count


def relu_forward(x):
    out = np.where(x > 0, x, 0.0)
    return out, (x.copy(), out > 0)
"""
COPY = '''
def relu_forward(inp):
    """My ReLU."""
    result = np.where(inp > 0, inp, 0.0)   # zero below
    return result, (inp.copy(), result > 0)


def softmax_loss(scores, labels):
    # first the shift, for stability
    a = scores - np.max(scores, axis=1,
                        keepdims=True)
    b = np.exp(a)
    c = b.sum(axis=1, keepdims=True)
    d = a - np.log(c)
    n = scores.shape[0]
    value = -d[np.arange(n), labels].sum() / n
    grad = b / c
    grad[np.arange(n), labels] -= 1
    return value, grad / n
'''
OTHER = """
def softmax_loss(x, y):
    N, C = x.shape
    loss, dx = 0.0, np.zeros_like(x)
    for i in range(N):
        row = x[i] - x[i].max()
        p = np.exp(row) / np.sum(np.exp(row))
        loss -= np.log(p[y[i]])
        for j in range(C):
            dx[i, j] = p[j] - (j == y[i])
    return loss / N, dx / N


def relu_forward(x):
    return np.maximum(0, x), x
"""


def works(*texts: str) -> list[list[WrittenSource]]:
    return [[WrittenSource(path="layers.py", text=HANDED_OUT + text)] for text in texts]


HANDED = [WrittenSource(path="layers.py", text=HANDED_OUT)]


def test_a_copy_with_other_names_order_comments_and_layout_is_found_first():
    [pair] = similar_pairs(works(OTHER, ONE, COPY), HANDED)
    assert pair.students == (1, 2)
    assert min(pair.shares) > 0.6


def test_two_who_worked_alone_are_no_pair():
    assert similar_pairs(works(ONE, OTHER), HANDED) == []


def test_what_was_handed_out_does_not_count():
    assert similar_pairs(works("", "", OTHER), HANDED) == []
    assert similar_pairs(works(ONE, OTHER), []) != []  # it would


def test_what_many_write_does_not_count():
    assert len(similar_pairs(works(*[ONE] * 5, OTHER), HANDED)) == 10
    assert similar_pairs(works(*[ONE] * 6, OTHER), HANDED) == []


def test_the_lines_that_both_have_are_marked():
    [pair] = similar_pairs(works(ONE, COPY), HANDED)
    for shared, text in zip(pair.shared, (ONE, COPY), strict=True):
        lines = (HANDED_OUT + text).split("\n")
        marked = "\n".join(lines[number - 1] for number in sorted(shared.lines["layers.py"]))
        assert "keepdims=True" in marked
        assert "rel_error" not in marked
        assert "def softmax_loss(x, y):" not in marked  # the line that was handed out


@pytest.mark.parametrize(
    "code",
    ["x = 'never ends", 'x = """never ends', "def f(:\n  \x00 ²", "\\", "", "((((", "'''a'''\nx"],
)
def test_broken_code_is_no_obstacle(code):
    assert similar_pairs(works(code, code + ONE), HANDED) == []
    assert all(token.text for token in tokens(code))


def test_the_lines_of_tokens_are_those_of_the_source():
    code = 'a = 1\n"""doc\nstring"""\nb = """two\nlines"""; c\n'
    assert [token.line for token in tokens(code)] == [1, 1, 1, 4, 4, 4, 5, 5]


def test_whoever_shares_enough_tokens_shares_a_fingerprint():
    """The guarantee of winnowing: `WINDOW + LENGTH - 1` tokens are never missed."""
    words = [f".w{n}" for n in range(200)]
    for start in range(0, 100, 7):
        run = words[start : start + WINDOW + LENGTH - 1]
        texts = [" ".join([*(f".{name}{n}" for n in range(30)), *run, f".{name}"]) for name in "ab"]
        one, other = ({found.hash for found in winnow(list(tokens(text)))} for text in texts)
        assert one & other
    short = [list(tokens(" ".join(words[: LENGTH - 1])))] * 2
    assert winnow(short[0]) == []


def test_cells_that_were_handed_out_are_left_out():
    def notebook(*cells: str) -> bytes:
        return json.dumps(
            {"cells": [{"cell_type": "code", "source": cell} for cell in cells]}
        ).encode()

    released = {"a.ipynb": notebook("import numpy", "raise NotImplementedError")}
    [source] = written_sources({"a.ipynb": notebook("import numpy", "x = 1")}, released)
    assert source.text == "x = 1"


def test_the_page_shows_both_and_says_what_it_is():
    evil = "</pre><script>alert(1)</script>"
    written = works(ONE.replace("exps.sum", f"exps.sum  # {evil}\n    .sum", 1), COPY)
    written = [[WrittenSource(path=evil, text=one[0].text)] for one in written]
    pairs = similar_pairs(written, HANDED)
    page = similar_page([evil, "boris"], written, pairs, title="Layers")
    assert "A hint, not a verdict." in page
    assert "<script" not in page
    assert page.count("both-have") > 10
    assert "keepdims=True)" in textwrap.dedent(page)


def test_a_page_without_pairs():
    assert "No two submissions share more than a few lines" in similar_page([], [], [], title="T")


def test_the_command_writes_the_page_beside_the_class_and_grades_nothing(tiny, right, tmp_path):
    for student, text in {"ada": ONE, "boris": COPY, "clara": OTHER}.items():
        for path, data in right.items():
            target = tmp_path / "submitted" / student / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data + text.encode() if path == "nn/layers.py" else data)
    words = ["similar", "tiny", str(tmp_path / "submitted"), f"--course={tiny.course.root}"]
    done = CliRunner().invoke(cli.app, [*words, f"--out={tmp_path / 'grades'}"])
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines()[-1] == (
        "1 pair of 3 submissions shares code that few others have: a hint, not a verdict."
    )
    page = tmp_path / "grades" / "tiny" / SIMILAR_PAGE
    assert done.stdout.split() == [str(page)]
    assert list(page.parent.iterdir()) == [page]
    assert "boris" in page.read_text("utf-8")
