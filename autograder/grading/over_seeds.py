"""Exact checks of right solutions over many seeds, in this process; for the course's own code only.

What a variant does not change is proved by the reference: a check that runs none of the functions
in which the two differ gives the same with every seed.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from autograder.assignment import load_assignment
from autograder.course import Course
from autograder.judging.check import Check, load_checks
from autograder.sandbox.messages import Call, GetNotebook, Request
from autograder.sandbox.transports import Transport
from autograder.sandbox.values import Packer

from .seeds import Draws
from .trusted import TrustedCode, trusted

STUDENT = "ada"
NOTEBOOK = "<notebook>"  # what trusted code of a notebook calls its file
LOOKED_AT = 3  # seeds with which it is seen what a check runs

Files = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Wants:
    """What a check asks of a solution: the functions that it runs, and whether it calls any.

    `functions` are digests of their code; `notebook` is whether it looks into one.
    """

    functions: frozenset[str]
    calls: bool
    notebook: bool


@dataclass(frozen=True, kw_only=True)
class CheckOverSeeds:
    """One check of one solution with some seeds: those that failed, the first reason, the time."""

    check: str
    seeds: int
    failed: tuple[int, ...]
    said: str
    seconds: float


def exact_checks(slug: str, course: Course) -> tuple[str, ...]:
    """The ids of the checks that train nothing on a data set."""
    checks = load_checks(load_assignment(slug, course)).values()
    return tuple(check.id for check in checks if not check.trains)


def asked(slug: str, course: Course, files: Files, ids: Sequence[str]) -> dict[str, Wants]:
    """What each check asks of a solution."""
    assignment = load_assignment(slug, course)
    checks = load_checks(assignment)
    with trusted(assignment, files) as code:
        return {id: _asked(code, checks[id]) for id in ids}


def run_seeds(
    slug: str, course: Course, files: Files, ids: Sequence[str], first: int, last: int
) -> list[CheckOverSeeds]:
    """Run checks with the seeds from `first` to `last`, which is not among them."""
    assignment = load_assignment(slug, course)
    checks = load_checks(assignment)
    with trusted(assignment, files) as code:
        return [_run(code, checks[id], range(first, last)) for id in ids]


def frames(files: Files) -> dict[str, str]:
    """What stands in each module or notebook beside the bodies of functions, as a digest."""
    return {path: _digest(_frame(path, text)) for path, text in files.items() if _is_code(path)}


def _run(code: TrustedCode, check: Check, seeds: range) -> CheckOverSeeds:
    begun, failed, said = time.process_time(), [], ""
    for seed in seeds:
        error = code.run(check, _draws(seed))
        if error is not None:
            failed.append(seed)
            said = said or f"{type(error).__name__}: {error}"
    return CheckOverSeeds(
        check=check.id,
        seeds=len(seeds),
        failed=tuple(failed),
        said=said,
        seconds=time.process_time() - begun,
    )


def _draws(seed: int) -> Draws:
    """Of a student for each seed, so that what the code itself draws differs too."""
    return Draws(seed=seed, student=f"{STUDENT} {seed}")


class _Listener:
    """A transport that notes which kinds of requests pass."""

    def __init__(self, inner: Transport, kinds: set[type]) -> None:
        self._inner = inner
        self._kinds = kinds

    @property
    def behind(self) -> Transport:
        """See `Listening`."""
        return self._inner

    def send(self, message: Request, packer: Packer | None, deadline: float) -> None:
        self._kinds.add(type(message))
        self._inner.send(message, packer, deadline)

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        return self._inner.receive(deadline)


def _asked(code: TrustedCode, check: Check) -> Wants:
    kinds: set[type] = set()
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    for seed in range(LOOKED_AT):
        sys.setprofile(note)
        try:
            code.run(check, _draws(seed), through=lambda inner: _Listener(inner, kinds))
        finally:
            sys.setprofile(None)
    own = {found for found in seen if found.co_filename.startswith((os.getcwd(), NOTEBOOK))}
    return Wants(
        functions=frozenset(_digest(_of_code(found)) for found in own),
        calls=Call in kinds,
        notebook=GetNotebook in kinds,
    )


def _of_code(code: CodeType) -> str:
    """Everything of a function's code but where it stands."""
    constants = [
        _of_code(value) if isinstance(value, CodeType) else repr(value) for value in code.co_consts
    ]
    parts = (code.co_name, code.co_code.hex(), code.co_names, code.co_varnames, constants)
    return repr(parts)


def _is_code(path: str) -> bool:
    return path.endswith((".py", ".ipynb"))


def _frame(path: str, content: bytes) -> str:
    return "\n".join(_without_bodies(source) for source in _sources(path, content))


def _sources(path: str, content: bytes) -> Iterator[str]:
    if path.endswith(".py"):
        yield content.decode()
        return
    for cell in json.loads(content)["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def _without_bodies(source: str) -> str:
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line
                       for line in source.splitlines())  # fmt: skip
    tree = ast.parse(plain)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [ast.Pass()]
    return ast.dump(tree)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
