"""What Gradescope accepts as results.json, written from its documentation."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCHEMA = json.loads(Path(__file__).with_name("gradescope_schema.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def accepted() -> Callable[[dict[str, Any]], None]:
    """Fail unless Gradescope would read these results."""

    def accept(results: dict[str, Any]) -> None:
        jsonschema.validate(results, SCHEMA)
        assert "\\u0000" not in json.dumps(results)  # Gradescope would replace it

    return accept


@pytest.fixture(scope="session")
def words() -> Callable[[str], str]:
    """What a check says, as it is read: without tags, and without the backticks of a finding."""

    def read(output: str) -> str:
        return html.unescape(re.sub(r"<[^<>]*>", "", output.replace("<br>", "\n"))).replace("`", "")

    return read
