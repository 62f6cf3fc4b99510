"""Every kind of mistake, on the smallest code that can have it."""

from __future__ import annotations

import ast
from itertools import pairwise

import pytest

from autograder.mutation import KINDS, CodeMutant, mutants_of

FUNCTION = """\
def f(x, w, eps=1e-5):
    {}
"""
CASES = [
    ("sign", "y = x - w", "y = x + w"),
    ("sign", "y = -x", "y = x"),
    ("sign", "x -= w", "x += w"),
    ("operator", "y = x / w", "y = x * w"),
    ("missing term", "y = (x + 1) * w", "y = (x + 1)"),
    ("missing term", "y = x * (w + 1)", "y = (w + 1)"),
    ("missing term", "y = x ** 2", "y = x"),
    ("transpose", "y = x @ w.T", "y = x @ w"),
    ("transpose", "y = x @ w", "y = x.T @ w"),
    ("transpose", "y = x @ w", "y = w @ x"),
    ("off by one", "y = x[1]", "y = x[2]"),
    ("off by one", "y = x[1]", "y = x[0]"),
    ("off by one", 'y = p[f"W{x}"]', 'y = p[f"W{x - 1}"]'),
    ("number", "y = 0.5 * g()", "y = 5.0 * g()"),
    ("wrong name", "W1, W2 = g(); y = W1.z", "W1, W2 = g(); y = W2.z"),
    ("wrong name", "y = x", "y = w"),
    ("wrong name", 'y = p["W1"] + p["W2"]', 'y = p["W2"] + p["W2"]'),
    ("wrong axis", "y = x.sum(axis=0)", "y = x.sum(axis=1)"),
    ("wrong axis", "y = x.sum(axis=0)", "y = x.sum(axis=None)"),
    ("wrong axis", "y = x.sum(axis=(0, 2))", "y = x.sum(axis=(0,))"),
    ("dropped argument", "y = g(x, eps=eps)", "y = g(x)"),
    ("dropped argument", "y = x.max(axis=1, keepdims=True)", "y = x.max(axis=1)"),
    ("dropped call", "y = x.copy()", "y = x"),
    ("dropped call", "y = np.abs(x)", "y = x"),
    ("similar function", "y = np.argmin(x)", "y = np.argmax(x)"),
    ("similar function", "y = x.mean()", "y = x.sum()"),
    ("number type", "y = np.array(x, dtype=float)", "y = np.array(x, dtype=int)"),
    ("number type", "y = np.zeros(x)", "y = np.zeros(x, dtype=int)"),
    ("draws", "y = r.choice(x, w, replace=False)", "y = r.choice(x, w, replace=True)"),
    ("draws", "y = r.permutation(x)", "y = np.arange(x)"),
    ("argument ignored", "y = eps", "y = 1e-5"),
    ("argument ignored", "y = x", 'y = globals()["x"]'),
    ("accumulation", "y[0] = x", "y[0] += x"),
    ("accumulation", "y[0] = x", "y[0] = y.get(0, 0) + x"),
    ("accumulation", "y += x", "y = x"),
    ("accumulation", "s.a = x", 's.a = getattr(s, "a", 0) + x'),
    ("kept state", "s.a = x", 's.a = x if getattr(s, "a", None) is None else s.a'),
    ("kept state", "y = g(x)", 'y = globals().setdefault("kept_f_y", g(x))'),
    ("in place", "return x * w", "x *= w; return x"),
    ("branch", "if x: y = 1", "if False: y = 1"),
    ("branch", "y = 1 if x else 2", "y = 2"),
    ("condition", "y = x < w", "y = x <= w"),
    ("condition", "y = x and w", "y = x or w"),
    ("condition", "y = not x", "y = x"),
    ("missing step", "g(x)", "pass"),
    ("missing step", "return x", "pass"),
    ("clipped", "y = np.maximum(0, x)", "y = np.minimum(np.maximum(0, x), 6)"),
]
LOOP = """\
def f(n):
    for i in range(n):
        order = draw(n)
        if order:
            break
"""
LOOP_CASES = [
    ("loop", "    for i in range(n):", "    for i in range((n) - 1):"),
    ("loop", "            break", "            continue"),
    ("kept state", "        order = draw(n)", '        order = locals().get("order", draw(n))'),
]


def changed(mutants: tuple[CodeMutant, ...]) -> set[tuple[str, str]]:
    return {(one.kind, one.after.removeprefix("    ")) for one in mutants}


@pytest.mark.parametrize(("kind", "before", "after"), CASES)
def test_a_mistake_of_each_kind_is_made(kind: str, before: str, after: str) -> None:
    assert (kind, after) in changed(mutants_of(FUNCTION.format(before), path="m.py"))


@pytest.mark.parametrize(("kind", "before", "after"), LOOP_CASES)
def test_loops_too(kind: str, before: str, after: str) -> None:
    found = {(one.kind, one.before, one.after) for one in mutants_of(LOOP, path="m.py")}
    assert (kind, before, after.replace("((n) - 1)", "(n - 1)")) in found


def test_every_kind_has_a_case_and_a_sentence() -> None:
    assert {kind for kind, _, _ in CASES} | {"loop"} == KINDS.keys()
    assert all(kind.sentence.endswith(".") for kind in KINDS.values())


def test_mutants_keep_every_other_character() -> None:
    text = FUNCTION.format("y = x - w  # ä: a comment\n    return  (y)")
    for mutant in mutants_of(text, path="m.py"):
        assert mutant.after in mutant.text
        assert mutant.before in text
        assert text.replace(mutant.before, "", 1) == mutant.text.replace(mutant.after, "", 1)


def test_no_two_mutants_are_one_program_and_none_is_the_original() -> None:
    text = FUNCTION.format("y = x.sum(axis=0) + 1\n    return y")
    trees = sorted(ast.dump(ast.parse(one.text)) for one in mutants_of(text, path="m.py"))
    assert all(one != other for one, other in pairwise(trees))
    assert ast.dump(ast.parse(text)) not in trees


def test_only_the_lines_that_are_asked_for_change() -> None:
    text = FUNCTION.format("y = x - w\n    return y - 1")
    assert {one.line for one in mutants_of(text, path="m.py", lines={3})} == {3}


def test_ids_tell_mutants_apart_and_stay_where_lines_move() -> None:
    text = FUNCTION.format("y = x - 1 - 1\n    return y - 1")
    ids = [one.id for one in mutants_of(text, path="m.py")]
    assert len(set(ids)) == len(ids)
    assert [one.id for one in mutants_of(f"\n\n{text}", path="m.py")] == ids
    assert all(id.startswith("m.py:f:") for id in ids)


def test_what_is_new_keeps_nothing() -> None:
    text = "class A:\n    def {}(self, x):\n        self.p['a'] = self.b = x\n"
    kinds = {name: set() for name in ("__init__", "step")}
    for name, found in kinds.items():
        simple = text.format(name).replace("self.b = ", "")
        found |= {one.kind for one in mutants_of(simple, path="m.py") if ".get(" in one.after}
    assert kinds == {"__init__": set(), "step": {"accumulation"}}


def test_a_length_that_reshape_finds_is_no_number() -> None:
    text = FUNCTION.format("return x.reshape(len(x), -1)")
    assert not [one for one in mutants_of(text, path="m.py") if one.kind == "off by one"]


def test_a_tuple_is_kept_as_a_whole() -> None:
    after = {one.after.strip() for one in mutants_of("self.a = b, c", path="m.py")}
    assert 'self.a = (b, c) if getattr(self, "a", None) is None else self.a' in after


def test_docstrings_imports_and_the_text_of_errors_stay() -> None:
    text = 'import a\ndef f(x):\n    """One 1."""\n    raise ValueError("1 of 2")\n'
    assert [one.description for one in mutants_of(text, path="m.py")] == [
        'missing step: raise ValueError("1 of 2") -> pass'
    ]


def test_magics_of_notebooks_are_no_obstacle() -> None:
    (mutant,) = (
        one
        for one in mutants_of("%matplotlib inline\ny = a - b", path="n[1]")
        if one.kind == "sign"
    )
    assert mutant.text == "%matplotlib inline\ny = a + b"


def test_the_function_is_named_with_its_class() -> None:
    text = "class A:\n    def f(self, x):\n        return -x\n"
    assert {one.function for one in mutants_of(text, path="m.py")} == {"A.f"}


def test_what_cannot_be_parsed_is_an_error() -> None:
    with pytest.raises(SyntaxError):
        mutants_of("def", path="m.py")
