"""Hostile answers: refused quickly, nothing large allocated, no exception but ours."""

from __future__ import annotations

import ast
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.judging import mathematics
from autograder.judging.mathematics import judge

ROOM = Path(mathematics.__file__).parent
BANNED = {"eval", "exec", "compile", "__import__", "sympify", "parse_expr", "globals", "getattr("}
HOSTILE = [
    r"X^T \frac y", r"\frac X_1", r"X^T\frac X_1 y",
    "10^{10^{10^{10}}}", "10**10**10", "(" * 1000 + "y" + ")" * 1000, "{" * 200 + "y" + "}" * 200,
    "9" * 1900, "y" * 2100, "x_a" + "_a" * 80 + "! = y", "eye(999999999)", r"I_{999999999} y",
    r"0_{100000\times 100000}", r"\sum_{i=1}^{10^9} y_i", "".join(
        rf"\sum_{{{c}=1}}^{{100}}" for c in "ijklmpqst") + "y_i", "__import__('os').system('ls')",
    "X^{1000}", r"(X^TX)^{-999999}", "+".join(["y"] * 500), "[" + ",".join(["X"] * 200) + "]",
    r"\frac" * 300, r"\sqrt" * 300, "^" * 500, "_" * 500, "|" * 501, "‖" * 300, "$" * 301,
    r"\begin{bmatrix}" * 100, "\\" * 999, "\x00\x01\x02", "ﷺ" * 100, "y'" * 300,
    "y" + "^T" * 300, r"\hat" * 400 + "y", "X^T" * 300, "X^Ty" + "/n" * 280, "tr " * 200 + "X^TX",
    "log " * 190 + "n", r"10^{10^{10^{10}}} X^Ty", r"\sum_{i=1}^{1000000000} y_i X^Ty", "".join(
        rf"\sum_{{{c}=1}}^{{100}}" for c in "ijklmpqst") + "X^Ty",
    r"\prod_{i=1}^{150} 10^{300} X^Ty",
    r"\sum_{i=1}^{99}\sum_{j=1}^{99}\sum_{k=1}^{99} ijk X^Ty", "n" + r"\cdot n" * 280,
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_answer_is_refused_quickly(answer, asked):
    began = time.process_time()
    said = judge(asked("hw1_2a"), answer)
    assert time.process_time() - began < 2.0
    assert not said.is_right
    assert said.help


def test_hostile_answers_allocate_little(asked):
    one = asked("hw1_2a")
    tracemalloc.start()
    for answer in HOSTILE:
        judge(one, answer)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 2**20


def test_nothing_in_the_room_evaluates_text():
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in BANNED, path.name
            if isinstance(node, ast.Import):
                assert not {a.name for a in node.names} & {"re", "sympy", "pickle"}, path.name


def test_arrays_are_made_from_sizes_in_one_place_only():
    makers = {"eye", "ones", "identity", "full_like", "tile"}
    for path in ROOM.rglob("*.py"):
        if path.name in {"arrays.py", "bank.py"}:  # bank makes data of the specification's sizes
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert not (node.value.id == "np" and node.attr in makers), path.name


def test_messages_stay_short(asked):
    for answer in HOSTILE:
        assert len(judge(asked("hw1_2a"), answer).message(reveal=True)) < 2500


@pytest.fixture(scope="session")
def mutants(fuzz):
    return fuzz.Fuzz()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**63))
def test_mutated_answers_raise_nothing_unforeseen(seed, mutants):
    mutants.one(seed)
    assert mutants.failures == []
    assert mutants.worst[0] < 5.0


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=200))
def test_any_text_gets_a_judgement(text, asked):
    assert judge(asked("hw1_2b"), text).says
