"""Answers by index: entries of arrays that go on with zeros, derivatives, ranges, own letters."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judging.mathematics import judge, public, question
from autograder.judging.mathematics.computing.bank import instances
from autograder.judging.mathematics.computing.evaluate import evaluate
from autograder.judging.mathematics.reading.answers import final_answer
from autograder.judging.mathematics.reading.declarations import DeclarationError
from autograder.judging.mathematics.reading.declare import declarations
from autograder.judging.mathematics.reading.shapes import fitted
from autograder.judging.mathematics.reading.show import show
from autograder.judging.mathematics.reading.statements import formula

ARRAYS = {
    "id": "arrays", "dims": ["p", "h"], "identity": [],
    "symbols": {
        "K": {"shape": ["p", "h"], "base": 0, "padded": True},
        "v": {"shape": ["p"], "base": 0, "padded": True},
        "M": {"shape": ["p", "h"], "base": 0},
        "dR": {"shape": ["p", "h"], "base": 0, "by": "R"},
        "s": {"scalar": "integer"},
    },
    "answer": {"kind": "expression", "shape": [], "reference": "s"},
}  # fmt: skip
MOVED = {
    **ARRAYS,
    "id": "moved",
    "index": {"u": "p from 0", "v": "h from 0"},
    "symbols": {
        "K": {"shape": ["p", "h"], "base": 0, "padded": True},
        "M": {"shape": ["h", "h"], "base": 0},
        "s": {"scalar": "integer"},
    },
    "answer": {
        "kind": "expression", "shape": [], "names": ["dK"], "reference": r"\sum_{i} M_{iv} K_{u,i}",
    },
}  # fmt: skip


def _values(text):
    declared = declarations(ARRAYS)
    node = final_answer(formula(text, declared)).node
    for instance in (i for i in instances(ARRAYS, declared) if not i.edge):
        fit = fitted(node, declared, instance.regime)
        yield instance, evaluate(fit.node, instance)[:, 0, 0]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (r"\sum_{i,j} K_{i,j}", lambda K, v, dR: K.sum()),
        (r"\sum_{i=0}^{p} \sum_{j=-3}^{h+2} K[i,j]", lambda K, v, dR: K.sum()),
        (r"\sum_{i,j} dR_{i,j} K_{i+1,j-1}", lambda K, v, dR: (dR[:-1, 1:] * K[1:, :-1]).sum()),
        (r"\sum_{i=0}^{2p} v_{i/2}", lambda K, v, dR: v.sum()),
        (r"\sum_{i} v[i] v[i+1]", lambda K, v, dR: (v[1:] * v[:-1]).sum()),
        (r"K[0][1] - K(1,0)", lambda K, v, dR: K[0, 1] - K[1, 0]),
        (r"Σ_{i,j} ∂L/∂R[i,j]", lambda K, v, dR: dR.sum()),
        (r"\sum_{i,j} \frac{dJ}{dR_{ij}}", lambda K, v, dR: dR.sum()),
        (r"\sum_{i,j} \frac{\partial E}{\partial R}_{ij}", lambda K, v, dR: dR.sum()),
        ("∑_{i,j} dL/dR(i,j)", lambda K, v, dR: dR.sum()),
        (r"\sum_{0 \le i < p} v_i", lambda K, v, dR: v.sum()),
        (r"\sum_{0 < i \le p-1} v_i", lambda K, v, dR: v[1:].sum()),
        (r"\sum_{i=0, j=1}^{p-1, h-1} K_{ij}", lambda K, v, dR: K[:, 1:].sum()),
        (r"\sum_{i=0, 0 \le j < 1} v_i", lambda K, v, dR: v.sum()),
        (r"\sum_{(i,j)} K_{ij}", lambda K, v, dR: K.sum()),
        (r"\sum_{(2-1)\cdot 1 \le i < (p)} v_i", lambda K, v, dR: v[1:].sum()),
        (r"\sum_{i=1, j=0}^{p-1} K_{ij}", None),
        (r"\sum_{i < p} v_i", None),
        (r"\sum_{0 = i < p} v_i", None),
    ],
)
def test_indices_mean_what_they_say(text, meaning):
    if meaning is None:
        said = judge(question(ARRAYS), text)
        assert said.says in {"unreadable", "free_index"}
        return
    for instance, got in _values(text):
        names = ("K", "v", "dR")
        for draw, value in enumerate(got):
            arrays = {name: instance.values[name][draw] for name in names}
            arrays["v"] = arrays["v"][:, 0]
            assert np.isclose(value, meaning(**arrays), atol=1e-12), (text, instance.label)


def test_an_array_without_padding_ends_where_it_ends():
    said = judge(question(ARRAYS), r"\sum_{i=0}^{p} M_{i,0}")
    assert said.says == "no_such_member"
    said = judge(question(ARRAYS), r"M_{1/2,0}")
    assert said.message().startswith(r"1/2 is not a whole number.")


def test_a_derivative_by_another_name_is_still_refused():
    said = judge(question(ARRAYS), r"\sum_{i,j} \frac{\partial L}{\partial Q_{ij}}")
    assert said.rationale == "Derivatives are not computed here."


@pytest.mark.parametrize(
    "text",
    [
        r"\sum_i M_{iv} K_{ui}",
        r"dK[u,v] = \sum_i K[u,i] M[i,v]",
        r"dK[i,j] = \sum_k K[i,k] M[k,j]",
        r"dK_{vu} = \sum_k K_{vk} M_{ku}",
        r"\frac{\partial L}{\partial K_{ab}} = \sum_u K_{au} M_{ub}",
        r"\frac{\partial L}{\partial K}[i,u] = \sum_v K[i,v] M[v,u]",
        r"∂L/∂K(x,y) = Σ_i K(x,i) M(i,y)",
    ],
)
def test_the_left_side_may_name_the_indices_otherwise(text):
    assert judge(question(MOVED), text).is_right


@pytest.mark.parametrize(
    "text",
    [
        r"dK[i,j] = \sum_k K[j,k] M[k,i]",
        r"dK_{vu} = \sum_k K_{uk} M_{kv}",
        r"dK[u,v] = \sum_k K[v,k] M[k,u]",
        r"dK[i] = \sum_k K[i,k] M[k,v]",
        r"dK[s,h] = \sum_k K[s,k] M[k,h]",
        r"dK[i,i] = \sum_k K[i,k] M[k,i]",
    ],
)
def test_other_letters_do_not_excuse_exchanged_indices(text):
    assert not judge(question(MOVED), text).is_right


def test_students_see_how_indices_are_read():
    form = show(r"dK[i,j] = \sum_k K[i,k] M[k,j]", public(MOVED))
    assert form.fits
    assert form.understood == r"\sum_{k} K_{u,k} \, M_{k,v}"


def test_students_see_the_shapes_of_indexed_arrays():
    form = show(r"\sum_k K[u,k] M[k,v]", public(MOVED))
    assert form.symbols == (("K", "p×h"), ("M", "h×h"))
    assert form.understood == r"\sum_{k} K_{u,k} \, M_{k,v}"


def test_a_size_may_be_a_sum_of_products():
    plain = {
        "id": "derived", "dims": ["p", "s"], "sizes": {"H": "s*p - s + 2"},
        "symbols": {"K": {"shape": ["H"]}},
        "answer": {"kind": "expression", "shape": [], "reference": "s(p - 1) + 2"},
    }  # fmt: skip
    assert judge(question(plain), "H").is_right
    assert judge(question(plain), r"H + \sum_{i=1}^{H} K_i - \sum_i K_i").is_right
    assert not judge(question(plain), "p").is_right
    plain["sizes"] = {"H": "s*r"}
    with pytest.raises(DeclarationError) as raised:
        question(plain)
    assert str(raised.value) == ("sizes.H: 's*r' should read like 'min(n, d)' or 's*p - s + h'")


def test_what_travels_says_from_where_indices_count():
    assert public(ARRAYS)["symbols"]["K"] == {"shape": ["p", "h"], "base": 0, "padded": True}
    assert public(ARRAYS)["symbols"]["dR"]["by"] == "R"
