"""Masked arrays and images as values that travel, and what cannot be made of them."""

from __future__ import annotations

import pytest

from autograder.sandbox.adopted.special_arrays import image, masked_array
from autograder.sandbox.values import WireError
from tests.adopt.conftest import Cells, Ways

MASKED: Cells = [
    ("locked", "import numpy as np"),
    ("solution", "def f(x):\n    return np.ma.masked_less(x, 0)"),
    (
        "t",
        "found = f(np.array([1.0, -2.0]))\nassert found.mask.tolist() == [False, True]\n"
        "assert found.sum() == 1 and isinstance(found, np.ma.MaskedArray)\n"
        "assert f(np.ma.MaskedArray([1, 2], mask=[0, 1])).mask.tolist() == [False, True]",
    ),
]
PLAIN: Cells = [
    ("locked", "import numpy as np"),
    ("solution", "def f(x):\n    return x * 2"),
    ("close", "assert np.allclose(f(np.arange(3.0)), [0, 2, 4])"),
    ("equal", "assert np.array_equal(f(np.arange(3.0)), [0, 2, 4])"),
    ("testing", "np.testing.assert_allclose(f(np.arange(3.0)), [0, 2, 4])"),
]
EVERYTHING = "def f(x):\n    return np.ma.MaskedArray(np.zeros(3), mask=True)"
IMAGES: Cells = [
    ("locked", "import numpy as np\nfrom PIL import Image"),
    ("solution", "def f(image):\n    return image.convert('L').resize((2, 3))"),
    (
        "t",
        "found = f(Image.new('RGB', (4, 4), (255, 0, 0)))\nassert found.size == (2, 3)\n"
        "assert found.mode == 'L' and np.asarray(found).tolist() == [[76, 76]] * 3\n"
        "assert isinstance(found, Image.Image)",
    ),
]


def test_masked_arrays_travel_with_their_masks(outside: Ways) -> None:
    found = outside(MASKED)
    assert found.tests["t"].passed, found.tests
    for wrong in ("def f(x):\n    return np.ma.masked_less(x, 2)", "def f(x):\n    return x"):
        assert not outside(MASKED, wrong).tests["t"].passed


def test_a_mask_that_nobody_needs_equals_nothing(outside: Ways) -> None:
    found = outside(PLAIN, EVERYTHING).tests
    assert not any(verdict.passed for verdict in found.values())
    assert "masked array" in found["close"].message


def test_images_travel_with_their_pixels(outside: Ways) -> None:
    pytest.importorskip("PIL")
    found = outside(IMAGES)
    assert found.tests["t"].passed, found.tests
    wrong = "def f(image):\n    return image.convert('L').resize((3, 2))"
    assert not outside(IMAGES, wrong).tests["t"].passed


@pytest.mark.parametrize(
    "parts",
    [
        ("L", 1 << 40, 1, b""),
        ("L", -1, -1, b"x"),
        ("L", 2, 2, b"xyz"),
        ("P", 1, 1, b"x"),
        ("L", 1, 1, "x"),
        ("I;16B", 1, 1, b"xx"),
    ],
)
def test_parts_that_are_no_image_are_refused(parts: tuple[object, ...]) -> None:
    with pytest.raises(WireError, match="an image"):
        image(*parts)


@pytest.mark.parametrize("parts", [([1], [True], 0), (0, 0, 0)])
def test_parts_that_are_no_masked_array_are_refused(parts: tuple[object, ...]) -> None:
    with pytest.raises(WireError, match="a masked array without a mask"):
        masked_array(*parts)
