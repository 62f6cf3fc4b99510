"""The drawn images: the same from the same seed, balanced, varied, and telling their class."""

from __future__ import annotations

import ast
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.data import shapes
from autograder.data.shapes import class_names, make_shapes


def test_this_file_can_be_copied_to_students() -> None:
    tree = ast.parse(Path(shapes.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    tops = {getattr(node, "module", None) or node.names[0].name for node in imports}
    assert {top.partition(".")[0] for top in tops} - {"numpy"} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("classes", [10, 20])
def test_shapes_types_and_balance(classes: int) -> None:
    drawn = make_shapes(303, seed=5, classes=classes)
    assert drawn.images.shape == (303, 3, 32, 32)
    assert drawn.images.dtype == drawn.labels.dtype == np.uint8
    counts = np.bincount(drawn.labels, minlength=classes)
    assert len(counts) == len(drawn.class_names) == classes
    assert counts.max() - counts.min() == 1


def test_the_seed_decides() -> None:
    first, again, other = make_shapes(30, seed=1), make_shapes(30, seed=1), make_shapes(30, seed=2)
    np.testing.assert_array_equal(first.images, again.images)
    np.testing.assert_array_equal(first.labels, again.labels)
    assert (first.images != other.images).mean() > 0.9


def test_labels_of_a_seed_stay_what_they_are() -> None:
    """Figures in courses were measured on these: a new order is a new data set."""
    assert make_shapes(12, seed=0).labels.tolist() == [9, 2, 7, 4, 5, 1, 0, 3, 6, 0, 8, 1]


def test_classes_are_named_after_texture_and_shape() -> None:
    assert class_names(10) == (
        *("plain disc", "plain square", "plain triangle", "plain cross", "plain ring"),
        *("striped disc", "striped square", "striped triangle", "striped cross", "striped ring"),
    )
    assert class_names(20)[:10] == class_names(10)
    assert class_names(20)[-1] == "dotted ring"


def test_no_image_and_one_image() -> None:
    assert make_shapes(0).images.shape == (0, 3, 32, 32)
    assert make_shapes(1).labels.tolist() == [0]


def test_bad_arguments() -> None:
    with pytest.raises(
        ValueError, match=r"^make_shapes\(count=-1\): give a count of at least 0\.$"
    ):
        make_shapes(-1)
    with pytest.raises(ValueError, match=r"^make_shapes\(classes=5\): choose 10 or 20 classes\.$"):
        make_shapes(1, classes=5)


def test_images_vary_within_a_class() -> None:
    drawn = make_shapes(400, seed=0)
    one = drawn.images[drawn.labels == 0].astype(float)
    assert one.std(axis=0).min() > 20, "every pixel varies from image to image"
    assert abs(one.mean() - 128) < 16, "the brightness of an image does not tell its class"


def test_a_ring_has_a_hole_and_a_disc_has_none() -> None:
    """The class is in the picture: without shift, noise and clutter the middle tells it."""
    u, v = np.meshgrid(np.linspace(-1, 1, 33), np.linspace(-1, 1, 33))
    inside = {name: drawing(u, v) > 0 for name, drawing in shapes._SHAPES.items()}
    assert inside["disc"][16, 16]
    assert not inside["ring"][16, 16]
    assert inside["square"].sum() > inside["triangle"].sum() > inside["cross"].sum() / 2
    assert all(not shape[0, 0] for shape in inside.values())


def test_a_linear_model_learns_something_but_not_much() -> None:
    """Ridge regression on 1,500 images: better than chance (0.1), far from solved."""
    drawn = make_shapes(2000, seed=3)
    X = drawn.images.reshape(2000, -1).astype(np.float64) / 255
    X -= X[:1500].mean(axis=0)
    gram = X[:1500] @ X[:1500].T + 300 * np.eye(1500)
    scores = X[1500:] @ X[:1500].T @ np.linalg.solve(gram, np.eye(10)[drawn.labels[:1500]])
    accuracy = (scores.argmax(axis=1) == drawn.labels[1500:]).mean()
    assert 0.12 < accuracy < 0.4


def test_five_thousand_images_take_seconds() -> None:
    start = time.process_time()
    make_shapes(5000)
    assert time.process_time() - start < 5
