"""The kinds of small mistakes, each with a sentence for students that reveals no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of mistake: its name, and a sentence about an answer that has it."""

    name: str
    sentence: str


_SENTENCES = {
    "sign": "A sign is wrong somewhere: a term is added that should be subtracted, or the reverse.",
    "operator": "Two terms are combined by the wrong operation.",
    "missing term": "A factor or a term is missing.",
    "transpose": "A matrix is transposed that should not be, or the reverse.",
    "off by one": "An index, a range or a number is off by one.",
    "number": "A constant has the wrong value.",
    "wrong name": "A variable is used where a similar one is meant.",
    "wrong axis": "A sum, a mean or a maximum runs over the wrong axis.",
    "dropped argument": "An argument of a call is left out, so that its default is used.",
    "dropped call": "A step that converts, copies or reshapes an array is left out.",
    "similar function": "A similar function is called in place of the right one.",
    "number type": "An array has the wrong type of numbers, such as whole numbers.",
    "draws": "Random draws are made in another way than the task says.",
    "argument ignored": "An argument is ignored, and a fixed value or a global is used instead.",
    "accumulation": "A value is added where it should be set, or set where it should be added.",
    "kept state": "A value is kept from an earlier call or round where it should be made anew.",
    "in place": "An argument is changed in place.",
    "branch": "A case is handled as if it were another case.",
    "condition": "A condition is not the right one.",
    "missing step": "A step is left out.",
    "loop": "A loop begins, ends or goes on at the wrong place.",
    "clipped": "Large values are cut off.",
}
KINDS: Mapping[str, Kind] = MappingProxyType(
    {name: Kind(name=name, sentence=sentence) for name, sentence in _SENTENCES.items()}
)
