"""Questions whose answer is one expression: a formula or a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..computing.arrays import Array
from ..computing.bank import instances
from ..computing.compare import EQUAL
from ..computing.evaluate import evaluate
from ..computing.instances import Instance
from ..computing.outcomes import Case, CaseOutcome, Trial
from ..explaining.judgement import RIGHT, Judgement, undecided
from ..reading import nodes as n
from ..reading.allowed import check_allowed
from ..reading.alternatives import two_answers
from ..reading.answers import Answer, final_answer
from ..reading.chosen import chosen_formula
from ..reading.constants import same
from ..reading.declarations import DeclarationError, Declarations
from ..reading.declare import declarations
from ..reading.errors import MathematicsError
from ..reading.explicit import unsolved
from ..reading.plain_text import plain_text
from ..reading.render import latex, plain_name
from ..reading.shapes import Elaborated, fitted
from .formulas import Formulas

if TYPE_CHECKING:
    from ..computing.digits import InDigits


class ExpressionQuestion:
    """Compares the value of one expression with the reference's on all data of the question."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.answer = plain["answer"]
        self.declared = declarations(plain)
        self.formulas = Formulas(self.declared)
        self.cases = self._cases(instances(plain, self.declared))
        self.trial = Trial(
            declared=self.declared,
            cases=self.cases,
            freedom=self.answer.get("up_to", "nothing"),
            tolerance=float(self.answer.get("tolerance", EQUAL)),
            shape=self.declared.shape,
        )
        self.probes = self._probes()
        self._digits: InDigits | None = None

    def _cases(self, batches: Sequence[Instance]) -> list[Case]:
        cases: list[Case] = []
        for instance in batches:
            try:
                cases.append(Case(instance, self.reference(instance)))
            except MathematicsError as error:
                if not instance.edge:
                    raise DeclarationError(
                        f"answer.reference: {error.message} ({instance.label})"
                    ) from error
        return cases

    def reference(self, instance: Instance) -> Array:
        """The right value on one batch, shape (draws, rows, columns)."""
        return self.formulas.value(self.answer["reference"], instance)

    def _probes(self) -> list[Case]:
        """One draw in each regime, for looking through many candidates quickly."""
        first: dict[str, Case] = {}
        for case in self.cases:
            name = case.instance.regime.name
            first.setdefault(name, Case(case.instance.first(), case.reference[:1]))
        return list(first.values())

    @cached_property
    def examples(self) -> list[Case]:
        """Small whole numbers, to show where an answer is wrong."""
        from ..computing.counterexamples import whole_number_instances

        found: list[Case] = []
        for instance in whole_number_instances(self.plain, self.declared):
            try:
                found.append(Case(instance, self.reference(instance)))
            except (MathematicsError, np.linalg.LinAlgError):
                continue
        return found

    def read(self, cell: str) -> Answer:
        """The final answer of a cell; raises `MathematicsError`."""
        if self.trial.freedom == "sign":
            cell = _either_sign(cell)
        return final_answer(chosen_formula(cell, self.declared))

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; raises `MathematicsError` when it cannot be read."""
        answer = self.read(cell)
        check_allowed(answer.node, self.declared)
        self._refuse_rivals(answer)
        judgement = self.judge_node(answer.node, answer.formula.text)
        error = unsolved(answer.formula, self._name()) if judgement.says == "shape" else None
        if error is not None:
            raise error
        if not judgement.is_right and answer.exact is not None:
            exact = self.judge_node(answer.exact, answer.formula.text)
            judgement = exact if exact.is_right else judgement
        return replace(judgement, notes=(*judgement.notes, *answer.notes))

    def _name(self) -> str:
        """What is asked for, in a sentence."""
        names = self.declared.answer_names
        return plain_text(names[0]) if names else "one value"

    def _refuse_rivals(self, answer: Answer) -> None:
        """Raise `Ambiguous` where another value is offered beside the answer."""
        for other in answer.others:
            if not self.same_value(answer.formula.expression(other), answer.node):
                raise two_answers(answer.formula, other, answer.segment)

    def same_value(self, one: n.Node, other: n.Node) -> bool:
        """Whether two expressions are equal, up to the freedom of the question."""
        for probe in self.probes:
            values = []
            for node in (one, other):
                fit = self.trial.fits_on(node, probe.instance)
                outcome = self.trial.outcome(probe, fit)
                values.append(outcome.value)
            if values[0] is None or values[1] is None:
                return same(one, other)
            if self.trial.distance(values[0], values[1]) > self.trial.tolerance:
                return False
        return True

    def judge_node(self, node: n.Node, source: str) -> Judgement:
        """Judge an expression that has been read."""
        fits = self.trial.fits(node)
        outcomes = [self.trial.outcome(c, fits[c.instance.regime.name]) for c in self.cases]
        read = latex(node)
        if all(o.is_right(self.trial.tolerance) for o in outcomes):
            return Judgement(says=RIGHT, credit=1.0, notes=_notes(fits), understood=read)
        wrong = [o for o in outcomes if not o.is_right(self.trial.tolerance)]
        settled = self._settled(node, wrong, source)
        if settled is not None:
            notes = (*_notes(fits), *settled.notes)
            return replace(settled, understood=read, notes=notes)
        from ..computing.counterexamples import counterexample
        from ..explaining.explain import TRY, explained

        judgement = explained(node, outcomes, self.trial, self.probes, source)
        example = ""
        if judgement.says in {"different", "edit", "factor", "regime", "edge"}:
            example = counterexample(node, self.trial, self.examples, self._given(node))
        if judgement.help == TRY:
            judgement = replace(judgement, help=self._absent(node) or TRY)
        credit = self._credit(outcomes)
        return replace(judgement, understood=read, credit=credit, counterexample=example)

    def _absent(self, node: n.Node) -> str:
        """Numbers and vectors on which one of the two values rests and the other does not."""
        if "reference" not in self.answer:
            return ""
        right = self.formulas.node(self.answer["reference"])
        wanted, mine = (_loose_symbols(part, self.declared) for part in (right, node))
        missing = [name for name in sorted(wanted - mine) if self._depends(right, name)]
        extra = [name for name in sorted(mine - wanted) if self._depends(node, name)]
        if missing:
            return f"The right value depends on {_listed(missing)}; yours does not."
        if extra:
            return f"Your value depends on {_listed(extra)}; the right one does not."
        return ""

    def _depends(self, node: n.Node, name: str) -> bool:
        """Whether the value changes with this symbol."""
        instance = self.probes[0].instance
        moved = instance.with_values({name: 1.5 * instance.values[name] + 0.25})
        try:
            fit = fitted(node, self.declared, instance.regime).node
            before, after = evaluate(fit, instance), evaluate(fit, moved)
        except MathematicsError:
            return False
        return not np.allclose(before, after)

    def _settled(self, node: n.Node, wrong: Sequence[CaseOutcome], source: str) -> Judgement | None:
        """The verdict of more digits; None where the answer is plainly another one."""
        from ..computing.digits import (
            as_rounded,  # slow to import, and most answers are plainly right
        )

        in_digits = self._in_digits()
        near = all(o.is_undecided(self.trial.tolerance) for o in wrong)
        right = in_digits.is_right(node, sorted(wrong, key=lambda o: o.case.instance.edge))
        if right:
            return Judgement(says=RIGHT, credit=1.0)
        if not near:
            return None
        if right is None:
            return undecided(max(o.distance for o in wrong), "")
        rounded = as_rounded(node, source, self.trial, self.probes)
        if rounded:
            return Judgement(says=RIGHT, credit=1.0, notes=(rounded,))
        return _near(wrong)

    def _in_digits(self) -> InDigits:
        from ..computing.digits import InDigits

        if self._digits is None:
            self._digits = InDigits(self.plain, self.reference, self.trial)
        return self._digits

    def _given(self, node: n.Node) -> list[str]:
        """The given symbols on which an answer or the reference rests."""
        used = symbols_of(node, self.declared)
        for key in ("reference", "objective"):
            if key in self.answer:
                right = self.formulas.node(self.answer[key])
                used |= symbols_of(right, self.declared)
        svd = self.plain.get("svd", {"of": "", "names": []})
        used |= {svd["of"]} if used & set(svd["names"]) else set()
        given = self.plain.get("symbols", {})
        hidden = self._unknown() - symbols_of(node, self.declared)
        return [n for n in given if n in used - hidden and "is" not in given[n]]

    def _unknown(self) -> set[str]:
        """The symbol that is solved for, which is no part of the data."""
        return set()

    def _credit(self, outcomes: Sequence[CaseOutcome]) -> float:
        """Part credit for the regimes in which the answer is right, as the question declares."""
        ordinary = [o for o in outcomes if not o.case.instance.edge]
        wrong = {
            o.case.instance.regime.name for o in ordinary if not o.is_right(self.trial.tolerance)
        }
        credits = self.answer.get("credit", {})
        return float(sum(value for name, value in credits.items() if name not in wrong and wrong))


def symbols_of(node: n.Node, declared: Declarations) -> set[str]:
    """The symbols in an expression, families by the array that they belong to."""
    found: set[str] = set()
    for part in n.walk(node):
        if isinstance(part, n.Symbol):
            found.add(part.name)
        elif isinstance(part, n.Element):
            family = declared.families.get(part.name)
            found.add(family.of if family else part.name)
    return found


def _loose_symbols(node: n.Node, declared: Declarations) -> set[str]:
    """The numbers and vectors in an expression that no other symbol is made of."""
    made = {*declared.definitions, *declared.arguments.values()}
    alone = {name for name, (_, cols) in declared.shapes.items() if cols == "1"}
    return (symbols_of(node, declared) & alone) - made


def _listed(names: Sequence[str]) -> str:
    return " and ".join(plain_name(name) for name in names)


def _either_sign(text: str) -> str:
    """The text with its only ± as a +; of the same length, so that places stay."""
    signs = [sign for sign in ("±", "\\pm") for _ in range(text.count(sign))]
    return text.replace(signs[0], "+".ljust(len(signs[0]))) if len(signs) == 1 else text


def _notes(fits: Mapping[str, Elaborated | MathematicsError]) -> tuple[str, ...]:
    notes = [note for fit in fits.values() if isinstance(fit, Elaborated) for note in fit.notes]
    return tuple(dict.fromkeys(notes))


def _near(outcomes: Sequence[CaseOutcome]) -> Judgement:
    worst = max(o.distance for o in outcomes)
    return Judgement(
        says="near",
        credit=0.0,
        rationale=(
            f"Your answer is close to the right one, but not equal: it is off by {worst:.0e}."
        ),
        help="Is a number rounded, or a small one added? Fractions and roots are exact.",
    )
