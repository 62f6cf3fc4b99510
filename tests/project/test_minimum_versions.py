"""Does `tests/minimum-versions.txt` name the lowest version of each library that we allow?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]


def lowest(requirements: Iterable[str]) -> dict[str, str]:
    """Each library with the version that its `>=` names."""
    found = {}
    for requirement in map(Requirement, requirements):
        [bound] = [one.version for one in requirement.specifier if one.operator == ">="]
        found[requirement.name.lower()] = bound
    return found


def pinned() -> dict[str, str]:
    """Each library of the constraints with its version; those that are not ours left out."""
    lines = (ROOT / "tests" / "minimum-versions.txt").read_text(encoding="utf-8").splitlines()
    matches = (re.fullmatch(r"([\w-]+)==([\d.]+)", line) for line in lines)
    return {match[1].lower(): match[2] for match in matches if match}


def test_the_constraints_are_the_lower_bounds_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cluster = project["optional-dependencies"]["cluster"]
    wanted = lowest([*project["dependencies"], *cluster])
    found = pinned()
    assert found.keys() == wanted.keys()
    for name, version in wanted.items():
        assert Version(found[name]) == Version(version), name
