"""Are the pictures of the lessons what their script draws, searchable, and all of them in use?"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from xml.etree import ElementTree

import matplotlib
import pytest

from autograder.course import shipped_course

FOLDER = shipped_course().root / "solutions" / "pictures"
NAMES = sorted(path.stem for path in (FOLDER / "svg").iterdir())


@pytest.fixture(scope="module")
def draw() -> Iterator[ModuleType]:
    """The script, with the modules beside it."""
    spec = importlib.util.spec_from_file_location("draw_pictures", FOLDER / "draw.py")
    assert spec is not None
    assert spec.loader is not None
    module, before = importlib.util.module_from_spec(spec), set(sys.modules)
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(FOLDER))
    for name in {"algebra", "layers", "networks", "strokes", "windows"} - before:
        sys.modules.pop(name, None)


def texts(svg: bytes) -> list[str]:
    tree = ElementTree.fromstring(svg)
    return ["".join(node.itertext()) for node in tree.iter() if node.tag.endswith("}text")]


def test_the_folder_has_what_the_script_draws_and_nothing_else(draw: ModuleType) -> None:
    assert sorted(draw.PICTURES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_what_the_script_draws(draw: ModuleType, name: str) -> None:
    committed, drawn = (FOLDER / "svg" / f"{name}.svg").read_bytes(), draw.svg(name)
    assert texts(drawn) == texts(committed)
    assert draw.svg(name) == drawn
    if matplotlib.__version__.startswith(f"{draw.DRAWN_WITH}."):
        assert drawn == committed


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_can_be_searched_and_has_no_date(name: str) -> None:
    svg = (FOLDER / "svg" / f"{name}.svg").read_bytes()
    assert len(texts(svg)) >= 3
    assert not re.search(rb"<dc:date>|20\d\d-\d\d-\d\d|<script|<use[^>]*DejaVu", svg)


def test_every_picture_is_in_a_lesson() -> None:
    lessons = (FOLDER.parent).glob("*/lessons/*.py")
    shown = "\n".join(path.read_text(encoding="utf-8") for path in lessons)
    assert [name for name in NAMES if f"](pictures/{name}.svg)" not in shown] == []


def test_every_picture_that_is_handed_out_is_in_a_notebook_beside_it() -> None:
    for picture in shipped_course().assignments.glob("*/pictures/*.svg"):
        notebooks = picture.parent.parent.glob("*.ipynb")
        shown = "\n".join(path.read_text(encoding="utf-8") for path in notebooks)
        assert f"(pictures/{picture.name})" in shown, picture
