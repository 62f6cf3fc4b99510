"""Do imports point one way, and does nobody go round the door of a room?

Read from the source: imports inside functions count, those for type checkers alone do not.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent
TEMPLATE = PACKAGE / "authoring" / "template"
MATHEMATICS = "autograder.judging.mathematics"
# Each of these rooms may know those after it, and none before it.
FLOORS = (
    ("autograder.cli",),
    ("autograder.commands",),
    ("autograder.demo", "autograder.demo_adopt"),
    ("autograder.attacks", "autograder.gradescope", "autograder.nbgrader_plugin"),
    ("autograder.authoring",),
    ("autograder.grading",),
    ("autograder.checks",),
    ("autograder.judging", "autograder.adopt"),
    ("autograder.sandbox",),
    ("autograder.mutation",),
)
GROUND = {
    f"autograder.{name}"
    for name in (
        "adopted",
        "assignment",
        "course",
        "course_settings",
        "errors",
        "exhibit",
        "files",
        "printable",
        "results",
    )
}
ROOMS_OF_MATHEMATICS = ("texts", "kinds", "explaining", "computing", "reading")


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the package by its name; what it writes for others is none of its own."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(TEMPLATE):
            continue
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def graph() -> Mapping[str, frozenset[str]]:
    """Every module with those that it imports."""
    return {name: frozenset(imported(name, path)) - {name} for name, path in modules().items()}


def imported(name: str, path: Path) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom):
            yield from sources(node, package)


def sources(node: ast.ImportFrom, package: str) -> Iterator[str]:
    """The modules that `from ... import ...` reads: submodules, or else the module itself."""
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    module = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        whole = f"{module}.{alias.name}"
        if whole in modules() or module in modules():
            yield whole if whole in modules() else module


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Every part of a module, but what stands under `if TYPE_CHECKING`."""
    yield node
    skipped = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    for child in node.orelse if skipped else ast.iter_child_nodes(node):
        yield from running(child)


def inside(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def crossing(rooms: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The imports of `others` by modules of `rooms`."""
    return [
        f"{name} imports {other}"
        for name in modules()
        for other in sorted(graph()[name])
        if any(inside(name, room) for room in rooms) and any(inside(other, room) for room in others)
    ]


def test_modules_know_each_other_one_way() -> None:
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        pytest.fail(f"these modules import each other: {circle}")


def test_no_module_is_imported_by_a_made_up_name_to_hide_a_circle() -> None:
    """Modules of students, checks and nbgrader's are loaded by name; ours need no such thing."""
    loading = {name for name, path in modules().items() if "import_module(" in path.read_text()}
    assert not {name for name in loading if inside(name, MATHEMATICS)}


@pytest.mark.parametrize("floor", range(1, len(FLOORS)))
def test_lower_floors_do_not_know_higher_ones(floor: int) -> None:
    above = tuple(room for rooms in FLOORS[:floor] for room in rooms)
    assert crossing(FLOORS[floor], above) == []


@pytest.mark.parametrize("name", sorted(GROUND & modules().keys()))
def test_the_ground_floor_stands_by_itself(name: str) -> None:
    assert graph()[name] <= GROUND


def test_the_worker_knows_neither_judging_nor_checks() -> None:
    """Nor does anything that it imports, directly or not: they do not exist where it runs."""
    waiting, reached = ["autograder.sandbox.worker", "autograder.sandbox.template"], set()
    while waiting:
        reached.add(name := waiting.pop())
        waiting += graph()[name] - reached
    assert {name.split(".")[1] for name in reached} <= {"sandbox", "printable", "syntax"}


def test_nobody_goes_round_the_door_of_mathematics() -> None:
    outside = (name for name in modules() if not inside(name, MATHEMATICS))
    assert [
        f"{name} imports {other}"
        for name in outside
        for other in sorted(graph()[name])
        if other.startswith(f"{MATHEMATICS}.")
    ] == []


@pytest.mark.parametrize("room", ROOMS_OF_MATHEMATICS)
def test_rooms_of_mathematics_know_only_those_behind_them(room: str) -> None:
    before = ROOMS_OF_MATHEMATICS[: ROOMS_OF_MATHEMATICS.index(room)]
    others = tuple(f"{MATHEMATICS}.{other}" for other in before)
    assert crossing((f"{MATHEMATICS}.{room}",), others) == []


def test_every_class_has_a_name_of_its_own() -> None:
    places = defaultdict(list)
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
