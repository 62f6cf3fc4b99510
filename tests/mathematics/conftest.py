"""The questions, data and hand-written meanings that the tests of written mathematics share."""

from __future__ import annotations

import importlib.util
import json
import sys
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from autograder.judging.mathematics import Question, question
from autograder.judging.mathematics.computing.bank import instances
from autograder.judging.mathematics.reading.declare import declarations
from autograder.judging.mathematics.specification import load

HERE = Path(__file__).parent


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"mathematics_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def meanings() -> dict[str, Any]:
    """What answers mean, by name, as NumPy functions of the data."""
    found: dict[str, Any] = _module("meanings").MEANINGS
    return found


@pytest.fixture(scope="session")
def fuzz() -> ModuleType:
    """The script that mutates answers."""
    return _module("fuzz_answers")


@pytest.fixture(scope="session")
def measure() -> ModuleType:
    """The script that measures a set of answers."""
    return _module("measure_answers")


@pytest.fixture(scope="session")
def worlds() -> dict[str, Any]:
    """Declarations and ordinary data of each world."""
    plain = json.loads((HERE / "worlds.json").read_text(encoding="utf-8"))
    made = {}
    for name, world in plain.items():
        declared = declarations(world)
        data = [i for i in instances(world, declared) if not i.edge]
        made[name] = SimpleNamespace(plain=world, declared=declared, instances=data)
    return made


@pytest.fixture(scope="session")
def asked() -> Any:
    """A question by the name of its file in specs/, prepared once."""
    ready: dict[str, Question] = {}

    def get(name: str) -> Question:
        if name not in ready:
            ready[name] = question(load(HERE / "specs" / f"{name}.toml"))
        return ready[name]

    return get


@pytest.fixture(scope="session")
def numbers_of() -> Any:
    """One draw of an instance as a namespace of numbers, vectors and matrices."""

    return _module("meanings").numbers


@pytest.fixture(scope="session")
def shipped() -> Any:
    """The questions of the shipped assignments by name, prepared once, without their `teach`."""
    made: dict[str, Question] = {}

    def by_name(name: str) -> Question:
        if name not in made:
            (path,) = (HERE.parent.parent / "autograder" / "checks").glob(f"*/written/{name}.toml")
            plain = tomllib.loads(path.read_text(encoding="utf-8"))
            made[name] = question({**plain, "wrong": []})
        return made[name]

    return by_name
