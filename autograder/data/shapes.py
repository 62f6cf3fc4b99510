"""Draws labelled 32x32 colour images of textured shapes from a seed. NumPy only; knows no file.

A class is a shape with a texture. Where the shape is, how large, how turned, which colours it and
its background have, the clutter around it and the noise on top are drawn at random, so that no
single pixel tells the class: a linear model does badly, a fully connected net better, and a
convolutional net well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]

SIZE = 32

# How far inside a point is, negative outside. u and v are 1 at the radius of the shape, v upwards.
_SHAPES: dict[str, Callable[[Array, Array], Array]] = {
    "disc": lambda u, v: 0.9 - np.hypot(u, v),
    "square": lambda u, v: 0.8 - np.maximum(abs(u), abs(v)),
    "triangle": lambda u, v: np.minimum(0.6 + v, 0.6 - v / 2 - 0.866 * abs(u)),
    "cross": lambda u, v: (
        0.35 - np.minimum(np.maximum(abs(u) - 0.65, abs(v)), np.maximum(abs(v) - 0.65, abs(u)))
    ),
    "ring": lambda u, v: 0.25 - abs(np.hypot(u, v) - 0.75),
}
# The same for the paint of a texture; x and y count its waves in radians.
_TEXTURES: dict[str, Callable[[Array, Array], Array]] = {
    "plain": lambda x, y: np.ones_like(x),
    "striped": lambda x, y: np.sin(x),
    "checked": lambda x, y: 2 * np.sin(x) * np.sin(y),
    "dotted": lambda x, y: np.cos(x) + np.cos(y) - 0.7,
}
CLASS_COUNTS = (2 * len(_SHAPES), len(_TEXTURES) * len(_SHAPES))

_CHUNK = 256  # images drawn at once: keeps every temporary array at a few megabytes
_RADIUS = (6.0, 10.0)  # pixels
_SHIFT = 6.0  # pixels from the middle, at most, in each direction
_TURN = 0.6  # radians, at most, in each direction
_CONTRAST = (0.15, 0.35)  # of paint and background, each from middle grey
_BRIGHTER = 0.65  # how often the paint is brighter than the background
_TINT = 0.08
_NOISE = 0.04
_SPOTS = 5
_SPOT = 0.15
_SHARPNESS = 4.0
_WAVE = 1.3  # radians per pixel: a texture repeats every five pixels


class Shapes(NamedTuple):
    """Images uint8 of shape (N, 3, 32, 32), labels uint8 of shape (N,), a name for each class."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    class_names: tuple[str, ...]


def make_shapes(count: int, *, seed: int = 0, classes: int = 10) -> Shapes:
    """Draw `count` images; every class has `count` / `classes` of them, give or take one.

    Parameters
    ----------
    count : int
        How many images, at least 0.
    seed : int
        The same seed gives the same images.
    classes : int
        10 (five shapes, plain and striped) or 20 (checked and dotted as well).

    Returns
    -------
    Shapes
        Images in random order.

    Raises
    ------
    ValueError
        If `count` is negative or `classes` is neither 10 nor 20.

    Examples
    --------
    >>> drawn = make_shapes(20, seed=1)
    >>> drawn.images.shape, drawn.images.dtype.name
    ((20, 3, 32, 32), 'uint8')
    >>> drawn.class_names[:3]
    ('plain disc', 'plain square', 'plain triangle')
    """
    if count < 0:
        raise ValueError(f"make_shapes(count={count}): give a count of at least 0.")
    if classes not in CLASS_COUNTS:
        choice = " or ".join(map(str, CLASS_COUNTS))
        raise ValueError(f"make_shapes(classes={classes}): choose {choice} classes.")
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % classes).astype(np.uint8)
    images = np.empty((count, 3, SIZE, SIZE), np.uint8)
    for start in range(0, count, _CHUNK):
        images[start : start + _CHUNK] = _draw(labels[start : start + _CHUNK], rng)
    return Shapes(images, labels, class_names(classes))


def class_names(classes: int = 10) -> tuple[str, ...]:
    """The name of each class in order of its label, such as ``"striped ring"``."""
    names = [f"{texture} {shape}" for texture in _TEXTURES for shape in _SHAPES]
    return tuple(names[:classes])


def _draw(labels: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    u, v, radius = _coordinates(len(labels), rng)
    cover = _blend(_SHAPES, labels % len(_SHAPES), u, v)
    ink = _blend(_TEXTURES, labels // len(_SHAPES), _WAVE * radius * u, _WAVE * radius * v)
    background, gap, paint = _colours(len(labels), rng)
    scene = background + _clutter(len(labels), rng)
    scene += cover * (gap + ink * (paint - gap) - scene)
    scene += _NOISE * rng.standard_normal(scene.shape, dtype=np.float32)
    pixels: npt.NDArray[np.uint8] = (np.clip(scene, 0, 1) * 255).round().astype(np.uint8)
    return pixels


def _coordinates(count: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Axes of each shape (N, 1, 32, 32), 1 at its radius; and the radius in pixels (N, 1, 1, 1)."""
    radius = _uniform(rng, count, *_RADIUS)
    x, y = (_uniform(rng, count, -_SHIFT, _SHIFT) for _ in "xy")
    angle = _uniform(rng, count, -_TURN, _TURN)
    axis = np.arange(SIZE, dtype=np.float32) - (SIZE - 1) / 2
    x, y = axis - x, y - axis[:, None]
    u = (np.cos(angle) * x + np.sin(angle) * y) / radius
    v = (np.cos(angle) * y - np.sin(angle) * x) / radius
    return u, v, radius


def _colours(count: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Colours (N, 3, 1, 1) of the background, the gaps of a texture and the paint.

    Gaps are about as bright as the background, the paint is brighter or, sometimes, darker.
    """
    sign = np.where(_uniform(rng, count, 0, 1) < _BRIGHTER, 1, -1).astype(np.float32)
    tints = [_TINT * rng.standard_normal((count, 3, 1, 1), dtype=np.float32) for _ in range(3)]
    levels = [0.5 + side * sign * _uniform(rng, count, *_CONTRAST) for side in (-1, -1, 1)]
    background, gap, paint = (level + tint for level, tint in zip(levels, tints, strict=True))
    return background, gap, paint


def _clutter(count: int, rng: np.random.Generator) -> Array:
    """Faint coloured spots at random places, (N, 3, 32, 32)."""
    axis = np.arange(SIZE, dtype=np.float32)
    spots = np.zeros((count, 3, SIZE, SIZE), np.float32)
    for _ in range(_SPOTS):
        x, y = _uniform(rng, count, 0, SIZE), _uniform(rng, count, 0, SIZE)
        width = _uniform(rng, count, 1, 3)
        across, down = (
            np.exp(-(((axis - x) / width) ** 2)),
            np.exp(-(((axis[:, None] - y) / width) ** 2)),
        )
        spots += _SPOT * rng.standard_normal((count, 3, 1, 1), dtype=np.float32) * across * down
    return spots


def _uniform(rng: np.random.Generator, count: int, low: float, high: float) -> Array:
    """One number for each image, (N, 1, 1, 1)."""
    drawn: Array = low + (high - low) * rng.random((count, 1, 1, 1), dtype=np.float32)
    return drawn


def _blend(
    drawings: dict[str, Callable[[Array, Array], Array]],
    which: npt.NDArray[np.uint8],
    u: Array,
    v: Array,
) -> Array:
    """Each image's own drawing, from 0 outside to 1 inside with a soft edge."""
    inside = np.empty_like(u)
    for index, drawing in enumerate(drawings.values()):
        rows = which == index
        inside[rows] = drawing(u[rows], v[rows])
    covered: Array = np.clip(0.5 + _SHARPNESS * inside, 0, 1)
    return covered
