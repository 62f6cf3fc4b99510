"""How the student's side can fail a check: outcomes of the student's code, no errors of ours."""

from __future__ import annotations

from .messages import Raised


class Fault(Exception):  # noqa: N818 - an outcome of the student's code, not an error of ours
    """The student's side could not do what a check asked of it."""


class CodeRaised(Fault):
    """The student's code raised `error` while it did `action`."""

    def __init__(self, action: str, error: Raised) -> None:
        super().__init__(f"{action} raised {error.name}: {error.message}")
        self.action = action
        self.error = error


class NotDefined(Fault):
    """`name` does not exist in `place`."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(f"{name} is not defined in {place}")
        self.name = name
        self.place = place


class NotPlain(Fault):
    """What should be compared is not numbers, text or a container of these, but a `kind`."""

    def __init__(self, label: str, kind: str) -> None:
        super().__init__(f"{label} is {kind}")
        self.label = label
        self.kind = kind


class OutOfTime(Fault):
    """The budget of the check ran out during `action`."""

    def __init__(self, action: str) -> None:
        super().__init__(f"{action} ran out of time")
        self.action = action


class Ended(Fault):
    """The student's process ended, or spoke nonsense, during `action`."""

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(f"{action}: {reason}")
        self.action = action
        self.reason = reason


class Unfit(Fault):
    """A check that works with the right answer could not go on after `action`: `reason`."""

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(f"after {action}: {reason}")
        self.action = action
        self.reason = reason


class OtherCount(Fault):
    """A check unpacks `expected` values, and the answer `label` has `count` of them."""

    def __init__(self, label: str, count: int, expected: int) -> None:
        super().__init__(f"{label} has {count} values, expected {expected}")
        self.label = label
        self.count = count
        self.expected = expected
