"""Where the specifications of the written questions are, and answers that are right in two ways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autograder.judging.check import Finding
from autograder.judging.written import expect_derivation, expect_written

FOLDER = Path(__file__).parent / "written"
ALSO = FOLDER / "also"


def expect_written_either(name: str, got: object) -> None:
    """Require one of two right answers; a wrong one is told about the first.

    Raises as `expect_written` does.
    """
    _either(name, got, name, expect_written)


def expect_steps_either(name: str, got: object) -> None:
    """Require the steps of one of two derivations; the credit is that of the better one.

    Raises as `expect_derivation` does.
    """
    _either(name, got, name, expect_derivation)


def _either(name: str, got: object, stem: str, expect: Callable[[str, object, Path], None]) -> None:
    found: list[Finding] = []
    for folder in (FOLDER, ALSO):
        try:
            expect(name, got, folder / f"{stem}.toml")
        except Finding as finding:
            found.append(finding)
        else:
            return
    raise max(found, key=lambda finding: finding.credit)
