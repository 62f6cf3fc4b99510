"""Hidden tests of the notebook on convolution: masks by what they do, gradients, pooling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, Mistake, as_array, expect_close
from autograder.judging.check import Finding, check
from autograder.judging.written import expect_written
from autograder.sandbox.remote import Remote, Student, fetch

from .formulas import convolution_gradients, convolve

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator
WRITTEN = Path(__file__).parent / "written"

# image (height, width, channels), masks (number, height, width, channels), stride
CASES = (
    ((6, 6, 1), (1, 3, 3, 1), 1),
    ((7, 9, 3), (2, 3, 3, 3), 2),
    ((8, 6, 2), (3, 2, 2, 2), 2),
)


@check("derivative_mask", points=2)
def derivative_mask(student: Student, rng: Generator) -> None:
    """derivative_mask turns a signal into its derivative by convolution."""
    mask = as_array("derivative_mask", _maths(student).derivative_mask)
    if mask.shape != (3,):
        raise Finding(f"`derivative_mask` has shape {mask.shape}, expected three numbers.")
    t = np.arange(-4.0, 5.0)
    a, b, c = rng.uniform(1, 2, size=3)
    signals = (
        ("a constant", 0 * t + c, 0 * t),
        ("a straight line", b * t + c, 0 * t + b),
        ("a parabola", a * t**2 + b * t + c, 2 * a * t + b),
    )
    for name, signal, slope in signals:
        got, right = np.convolve(signal, mask, "valid"), slope[1:-1]
        if np.allclose(got, right, atol=1e-6):
            continue
        if np.allclose(got, -right, atol=1e-6):
            raise Finding(
                "The mask gives the derivative with the wrong sign.",
                "Convolution flips the mask: G[1] meets I[t - 1], the value before.",
            )
        if np.allclose(got, 2 * right, atol=1e-6):
            raise Finding(
                "The mask gives twice the derivative.",
                "From t - 1 to t + 1 the signal moves on by two steps.",
            )
        raise Finding(
            f"The mask does not give the derivative of {name}.",
            "A central difference is exact for parabolas.",
        )


@check("convolve", points=3)
def convolve_images(student: Student, rng: Generator) -> None:
    """convolve slides several masks over an image, with a stride."""
    for shape, masks_shape, stride in CASES:
        image, masks = rng.standard_normal(shape), rng.standard_normal(masks_shape)
        hints = Hints(
            mistakes=[
                Mistake(
                    value=_response(image, masks[:, ::-1, ::-1], stride),
                    rationale="the masks are flipped; in this part they are not.",
                ),
            ],
            help=f"Here the image is {shape}, the masks are {masks_shape} and the stride {stride}.",
        )
        got = _maths(student).convolve(image, masks, stride)
        expect_close("R", got, _response(image, masks, stride), hints=hints)


@check("edge_mask", points=2)
def edge_mask(student: Student, rng: Generator) -> None:
    """edge_mask answers to vertical edges and to nothing else."""
    mask = as_array("edge_mask", _maths(student).edge_mask)
    if mask.ndim != 2 or min(mask.shape) < 1 or max(mask.shape) < 2:
        raise Finding(f"`edge_mask` has shape {mask.shape}, expected rows and columns.")
    size = float(np.abs(mask).sum())
    if abs(float(mask.sum())) > 1e-6 * size:
        raise Finding(
            "The mask answers to an image without any edge: a constant one.",
            "What has to be the sum of its entries?",
        )
    rows = np.abs(np.cumsum(mask.sum(axis=1))[:-1])
    columns = np.abs(np.cumsum(mask.sum(axis=0))[:-1])
    if rows.max(initial=0.0) > 1e-6 * size:
        raise Finding(
            "The mask answers to a horizontal edge, where the upper half differs from the lower.",
            "A vertical edge is where left differs from right.",
        )
    if not columns.max(initial=0.0) > 1e-3 * size or size == 0:
        raise Finding("The mask does not answer to a vertical edge.", "Left minus right.")


@check("mask_gradient", points=3, needs="convolve")
def mask_gradient(student: Student, rng: Generator) -> None:
    """mask_gradient is the gradient of the loss with respect to the masks."""
    for shape, masks_shape, stride in CASES:
        image, masks = rng.standard_normal(shape), rng.standard_normal(masks_shape)
        upstream = np.asarray(rng.standard_normal(_response(image, masks, stride).shape))
        _, right = _gradients(image, masks, upstream, stride)
        help = "Every place of R uses the mask once: sum over all of them."
        got = _maths(student).mask_gradient(upstream, image, masks, stride)
        expect_close("dG", got, right, like="masks", hints=Hints(help=help))


@check("image_gradient", points=3, needs="convolve")
def image_gradient(student: Student, rng: Generator) -> None:
    """image_gradient is the gradient of the loss with respect to the image."""
    for shape, masks_shape, stride in CASES:
        image, masks = rng.standard_normal(shape), rng.standard_normal(masks_shape)
        upstream = np.asarray(rng.standard_normal(_response(image, masks, stride).shape))
        right, _ = _gradients(image, masks, upstream, stride)
        first = _gradients(image, masks[:1], upstream[..., :1], stride)[0]
        mistakes = [Mistake(value=first, rationale="only the first mask is used.")]
        if stride > 1:
            ignored = _gradients(image, masks, upstream, stride, scatter_stride=1)[0]
            mistakes.append(Mistake(value=ignored, rationale="the stride is ignored."))
        hints = Hints(
            mistakes=mistakes if len(masks) > 1 else (),
            help="A pixel is in several windows and under every mask: add up what they all give.",
        )
        got = _maths(student).image_gradient(upstream, image, masks, stride)
        expect_close("dI", got, right, like="image", hints=hints)


@check("mask_gradient_sum", points=2)
def mask_gradient_sum(student: Student, rng: Generator) -> None:
    """mask_gradient_sum is the derivative of the loss by one entry of the mask, as a sum."""
    _expect_sum("mask_gradient_sum", student)


@check("image_gradient_sum", points=2)
def image_gradient_sum(student: Student, rng: Generator) -> None:
    """image_gradient_sum is the derivative of the loss by one pixel of the image, as a sum."""
    _expect_sum("image_gradient_sum", student)


@check("pool_window", points=2)
def pool_window(student: Student, rng: Generator) -> None:
    """pool_window says which pixels one output of max pooling looks at."""
    for i, j, size, stride in ((0, 0, 2, 2), (3, 1, 2, 2), (2, 5, 3, 2), (1, 4, 2, 3)):
        got = fetch(_maths(student).pool_window(i, j, size, stride))
        right = (i * stride, i * stride + size, j * stride, j * stride + size)
        bounds = as_array("pool_window", got).reshape(-1)
        if bounds.shape == (4,) and np.array_equal(bounds, right):
            continue
        called = f"pool_window({i}, {j}, {size}, {stride})"
        from_one = tuple(bound + 1 - stride for bound in right)
        help = "Window i begins at row i * stride, counted from 0, and has `size` rows."
        if bounds.shape == (4,) and np.array_equal(bounds, from_one):
            help = "Here i and j count from 0, as Python does."
        raise Finding(f"`{called}` is {tuple(bounds.tolist())}, expected {right}.", help)


@check("pool_backward", points=2, needs="pool_window")
def pool_backward(student: Student, rng: Generator) -> None:
    """pool_backward sends the gradient to the largest pixel of each window."""
    for shape, size, stride in (((6, 6), 2, 2), ((5, 8), 3, 1), ((7, 7), 3, 2)):
        image = rng.standard_normal(shape)
        down, across = ((side - size) // stride + 1 for side in shape)
        upstream = rng.standard_normal((down, across))
        right, last = np.zeros(shape), np.zeros(shape)
        for i, j in np.ndindex(down, across):
            window = image[i * stride : i * stride + size, j * stride : j * stride + size]
            y, x = divmod(int(window.argmax()), size)
            right[i * stride + y, j * stride + x] += upstream[i, j]
            last[i * stride + y, j * stride + x] = upstream[i, j]
        hints = Hints(
            mistakes=[Mistake(value=last, rationale="a later window overwrites an earlier one.")],
            help="Only the largest pixel of a window changes R[i, j], and it does so one to one.",
        )
        got = _maths(student).pool_backward(upstream, image, size, stride)
        expect_close("dI", got, right, like="image", hints=hints)


def _expect_sum(name: str, student: Student) -> None:
    expect_written(name, getattr(_maths(student), name), WRITTEN / f"{name}.toml")


def _maths(student: Student) -> Remote:
    return student.notebook("convolution_maths")


def _response(image: Array, masks: Array, stride: int) -> Array:
    filters = np.moveaxis(masks, 0, -1)
    out: Array = convolve(image[np.newaxis], filters, np.zeros(len(masks)), stride, 0)[0]
    return out


def _gradients(
    image: Array, masks: Array, upstream: Array, stride: int, *, scatter_stride: int = 0
) -> tuple[Array, Array]:
    """Gradients of the image and of the masks."""
    filters = np.moveaxis(masks, 0, -1)
    dx, dw = convolution_gradients(
        image[np.newaxis], filters, upstream[np.newaxis], stride, 0, scatter_stride=scatter_stride
    )
    return dx[0], np.moveaxis(dw, -1, 0)
