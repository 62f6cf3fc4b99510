"""Mutated answers by the thousand: python tests/mathematics/fuzz_answers.py 20000

Each is judged, its steps are marked and it is read as a free text. Prints the worst CPU time, and
exceptions other than `MathematicsError`.
"""

from __future__ import annotations

import json
import random
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autograder.judging.mathematics import Question, judge, question
from autograder.judging.mathematics.reading.show import show
from autograder.judging.mathematics.specification import load, public
from autograder.judging.mathematics.texts.derivations import Derivation
from autograder.judging.mathematics.texts.rubrics import RubricQuestion

HERE = Path(__file__).parent
SPECS = ("hw1_2a", "hw1_2b", "hw1_3a", "hw1_3b", "hw4_3_4", "hw4_2_1_gradient", "hw1_2a_gradient")
SHORT = {
    "interval": {"id": "interval", "answer": {"kind": "interval", "interval": "(0, 1/4]"}},
    "number": {"id": "number", "answer": {"kind": "number", "shape": [], "names": ["L"],
                                          "reference": "10", "bound": "lower"}},
    "vector": {"id": "vector", "answer": {"kind": "number", "shape": ["2"], "names": ["w"],
                                          "reference": "[0; 1]", "up_to": "sign"}},
    "choice": {"id": "choice", "answer": {"kind": "choice", "correct": ["a", "c"]}},
    "order": {"id": "order", "answer": {"kind": "order"}, "proof": {"lines": [
        {"id": "g", "text": "g"}, {"id": "e", "text": "e", "needs": ["g"]},
        {"id": "a", "text": "a"}, {"id": "h", "text": "h", "message": "no"}]}},
}  # fmt: skip
SETS = ("sixty", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
        "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "indexed",
        "spelled", "spelled_again")  # fmt: skip
CHECKS = HERE.parent.parent / "autograder" / "checks"
SHIPPED = (CHECKS / "pca_kmeans" / "written" / "sigmoid_slope.toml",
           CHECKS / "least_squares" / "written" / "map_objective.toml")  # fmt: skip
RUBRIC = {
    "answer": {"kind": "rubric"},
    "rubric": [{"id": "a", "points": 1, "text": "a", "evidence": [
        {"formula": r"X^TX + \lambda I"}, {"equation": r"(X^TX + \lambda I)w = X^Ty"},
        {"words": [["so"], ["not"]], "within": 2}, {"numbers": [[2, 3]]}]}],
}  # fmt: skip
PIECES = (
    "{", "}", "(", ")", "[", "]", "^", "_", "\\", "&", "$", "$$", "|", "\\|", "||", "'", ".", ",",
    "=", "+", "-", "*", "/", "**", "@", "^T", "^{-1}", "^{+}", "_i", "_{ij}", "\\frac", "\\sqrt",
    "\\sum_{i=1}^{n}", "\\sum_{i=1}^{99}", "\\prod_{j=1}^{d}", "\\left", "\\right",
    "\\begin{bmatrix}",
    "\\end{bmatrix}", "\\begin{aligned}", "\\end{aligned}", "\\\\", "\\text{", "\\mathbf", "\\hat",
    "diag(", "inv(", "eye(", "np.", ".T", "0", "1", "9999999", "1e308", "I", "E", "X", "Σ", "λ",
    "ᵀ",
    "⁻¹", "‖", "\u0302", "\x00", "é", "中", "\\dots", "\\boxed{", "10^{10^{10}}", "!", "\n", "\t",
    "Let $P=", ", with P := ", "P", " where Q = P", "U_d", " the first d columns of U",
    "the identity", "zero vector", " times ", "i.e.", "about ", "percent", "//", "log2(", "\\log_2",
    "hat w", "√(", "←", "\\odot", "which is ", "mit ",
    "\\cancel{", "\\over", "{}^t", "\\overset{!}{=}", "\\xrightarrow{}", "\\backslash", "\\cdots",
    "\\in\\mathbb R^d", "\\text{ for }", "np.sum(", "axis=0", ".shape[1]", ".^2", "'fro'", "w^*",
    "\\operatorname{argmin}", "tr", "\\quad", "\\Rightarrow", "\\langle", "\\lfloor", "⌋", "e^",
)  # fmt: skip

SWAPS = (
    ("^{-1}", ""), ("^T", ""), ("^T", "^{-1}"), ("^{-1}", "^{+}"), ("+", "-"), ("-", "+"),
    ("+", " "),
    ("X", "y"), ("y", "X"), ("n", "d"), ("d", "n"), ("i", "j"), ("2", "3"), ("1", "0"), ("2", ""),
    ("\\lambda", "\\lambda^2"), ("\\Sigma", "\\Sigma^T"), ("U", "V"), ("V", "U"), ("W_1", "W_2"),
    ("=", "= -"), ("(", "\\|"), ("A", "A A"), ("\\sum_{i=1}^n", "\\sum_i"), ("c", "0"), ("b", "2b"),
    ("I", "E_n"), ("E", "I_d"), ("^2", ""), ("\\frac", "\\tfrac"), ("T", "\\top"), ("_i", "_1"),
    ("_i", "_{i+1}"), ("w", "\\|w\\|"), (" ", ""), ("diag", "tr"), ("\\sqrt", ""), ("y", "y/n"),
)  # fmt: skip


def originals() -> list[str]:
    """All answers of the sets and of the specifications."""
    found: list[str] = []
    for name in SETS:
        data = json.loads((HERE / f"answers_{name}.json").read_text(encoding="utf-8"))
        found += [entry["answer"] for entry in data["answers"]]
    for path in sorted((HERE / "specs").glob("*.toml")):
        plain = load(path)
        found += [*plain["right"], *(entry["answer"] for entry in plain["wrong"])]
    return found


def questions() -> list[Question]:
    """The questions that every mutated answer is given to, one each."""
    data = json.loads((HERE / "short_answers.json").read_text(encoding="utf-8"))
    short = [
        question({**plain, "right": [text for text, _ in data[f"{name}s"]], "wrong": []})
        for name, plain in SHORT.items()
    ]
    specs = [question(load(HERE / "specs" / f"{name}.toml")) for name in SPECS]
    shipped = [tomllib.loads(path.read_text("utf-8")) for path in SHIPPED]
    return [*specs, *short, *(question({**plain, "wrong": []}) for plain in shipped)]


def mutated(rng: random.Random, texts: list[str]) -> str:
    """One answer with one to five random changes, mostly one."""
    text = rng.choice(texts)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5))):
        at, to = sorted(rng.randint(0, len(text)) for _ in range(2))
        change = rng.randrange(12)
        if change > 5:
            old, new = rng.choice(SWAPS)
            text = text.replace(old, new, rng.choice((1, 1, -1)))
        elif change == 0:
            text = text[:at] + text[to:]
        elif change == 1:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif change == 2:
            text = text[:at] + text[at:to] * rng.randint(2, 4) + text[to:]
        elif change == 3:
            text = text[:at] + rng.choice(PIECES) + text[at + 1 :]
        elif change == 4:
            other = rng.choice(texts)
            text = text[:at] + other[rng.randint(0, len(other)) :]
        else:
            text = text[:at] + text[at:to][::-1] + text[to:]
    return text


def verdict(asked: Question, text: str) -> str:
    """What is said to an answer, without the net that catches everything."""
    said = judge(asked, text).says
    proof = asked.plain.get("proof")
    lines = {"lines": {line["id"]: line["text"] for line in proof["lines"]}} if proof else {}
    show(text, {**public(asked.plain), **lines})
    return said


class Fuzz:
    """Counts what happened."""

    def __init__(self) -> None:
        self.texts = originals()
        self.questions = questions()
        self.derivations = {
            asked.plain["id"]: Derivation(asked)
            for asked in self.questions
            if "derivation" in asked.plain
        }
        self.rubric = RubricQuestion({**self.questions[0].plain, **RUBRIC})
        self.said: Counter[str] = Counter()
        self.worst = (0.0, "")
        self.failures: list[tuple[str, str]] = []

    def one(self, seed: int) -> None:
        """Mutate, judge and count."""
        rng = random.Random(seed)
        asked = rng.choice(self.questions)
        own = [*asked.plain["right"], *(entry["answer"] for entry in asked.plain["wrong"])]
        text = mutated(rng, own if rng.random() < 0.6 else self.texts)
        began = time.process_time()
        try:
            self.said[verdict(asked, text)] += 1
            if asked.plain["id"] in self.derivations:
                self.derivations[asked.plain["id"]].mark(text)
            self.rubric.suggest(text)
        except Exception as error:  # counting them is what this is for
            self.failures.append((repr(error), text))
        self.worst = max(self.worst, (time.process_time() - began, text))


def run(count: int) -> Fuzz:
    """Judge `count` mutated answers that hypothesis chooses."""
    fuzz = Fuzz()

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**63))
    def each(seed: int) -> None:
        fuzz.one(seed)

    each()
    return fuzz


if __name__ == "__main__":
    result = run(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    print(sum(result.said.values()), "judged,", len(result.failures), "uncaught")
    print(f"worst {result.worst[0] * 1000:.0f} ms: {result.worst[1]!r}")
    print(result.said.most_common())
    for failure in result.failures[:20]:
        print(failure)
