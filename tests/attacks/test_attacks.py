"""Nothing forged, nothing leaked, nobody lost: every attack but the exhausting ones, graded.

The corpus says what each tries and what must be observed; `autograder.attacks` looks.
"""

from __future__ import annotations

import pytest

from autograder.attacks import Attack, load_corpus, try_attack
from autograder.attacks.target import target_of
from autograder.attacks.trial import AttackEnd

pytestmark = pytest.mark.long

ATTACKS = [attack for attack in load_corpus() if attack.family != "exhausting"]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gains_nothing_and_harms_nobody(attack: Attack) -> None:
    trial = try_attack(attack, target_of(attack, "bubblewrap"), level="bubblewrap")
    assert trial.harms == ()
    assert trial.end is AttackEnd.HELD
