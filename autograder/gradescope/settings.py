"""What the upload tells the container, as one JSON file. Knows neither end."""

from __future__ import annotations

import msgspec

from autograder.reports.visibility import SEEN_AT_ONCE, Visibility

FILE = "gradescope.json"
RESERVE = 60.0  # seconds of the container's time for starting and writing


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which assignment is graded, how, and from which seed.

    `minutes` is the container's time limit as it is set on Gradescope, after which Gradescope
    stops it and gives a zero; grading ends in good time before. `visibility` is when students see
    each check, `try_again` whether they get the calls that failed, `leaderboard` whether accuracies
    are on Gradescope's leaderboard.
    """

    slug: str
    seed: int | str
    sandbox: str = "user"
    minutes: float = 10.0
    visibility: Visibility = SEEN_AT_ONCE
    try_again: bool = False
    leaderboard: bool = False

    @property
    def seconds(self) -> float:
        """How long one submission may take."""
        return max(self.minutes * 60 - RESERVE, RESERVE / 2)
