"""Nobody lost, nothing used up: every attack that exhausts something, really graded.

The corpus says what each tries and what must be observed; `autograder.attacks` looks.
"""

from __future__ import annotations

import pytest

from autograder.assignment import load_assignment
from autograder.attacks import Attack, load_corpus, try_attack
from autograder.attacks.corpus import SLUG
from autograder.attacks.trial import AttackEnd

pytestmark = pytest.mark.long

# Those that exhaust something wait for it; in a module of their own they do so beside the others.
ATTACKS = [attack for attack in load_corpus() if attack.family == "exhausting"]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_is_exhausted_is_the_attacks_own(attack: Attack) -> None:
    trial = try_attack(attack, load_assignment(SLUG), level="bubblewrap")
    assert trial.harms == ()
    assert trial.end is AttackEnd.HELD
