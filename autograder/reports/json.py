"""A class as one JSON array, for other programs to read from standard output."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from autograder.results import Report


def class_json(reports: Sequence[Report]) -> str:
    """The reports, each as in its own file, in order."""
    return msgspec.json.format(msgspec.json.encode(list(reports)), indent=2).decode("utf-8")
