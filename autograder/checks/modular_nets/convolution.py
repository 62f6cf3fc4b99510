"""Hidden tests of the convolution: the basic case first, then one trait at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.arrays import Hints, Mistake, as_array, expect_close, expect_unchanged
from autograder.judging.check import Finding, check
from autograder.judging.own_forward import (
    BothWays,
    Inputs,
    WayBack,
    of_layer,
    or_of_own_forward,
    upstream,
)
from autograder.sandbox.remote import Remote, Student

from .formulas import convolution_gradients, convolve
from .networks import with_kept_axes

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class ConvolutionCase:
    """A convolution of random images; shapes (N, H, W, C), filters (k, k, C, F)."""

    shape: tuple[int, int, int, int]
    size: int
    filters: int
    stride: int
    padding: int

    def layer(self, student: Student, w: Array, b: Array) -> Remote:
        """The student's layer with these parameters."""
        channels = self.shape[3]
        layer = student.cnn.layer_utils.ConvLayer2D(
            channels, self.size, self.filters, stride=self.stride, padding=self.padding, name="conv"
        )
        layer.params["conv_w"] = w
        layer.params["conv_b"] = b
        return layer

    def draw(self, rng: Generator) -> tuple[Array, Array, Array]:
        """Images, filters and biases."""
        w = rng.standard_normal((self.size, self.size, self.shape[3], self.filters))
        return rng.standard_normal(self.shape), w, rng.standard_normal(self.filters)

    def ways(self, student: Student, at: tuple[Array, Array, Array], dprev: Array) -> WayBack:
        """The student's layer and the right one, at images, filters and biases."""

        def made(at: Inputs) -> tuple[Remote, Remote]:
            layer = self.layer(student, at["w"], at["b"])
            return layer, layer.forward(at["feat"])

        def right_gradients(at: Inputs) -> dict[str, Array]:
            dx, dw = convolution_gradients(at["feat"], at["w"], dprev, self.stride, self.padding)
            return {"feat": dx, "w": dw, "b": dprev.sum(axis=(0, 1, 2))}

        right = BothWays(
            forward=lambda at: convolve(at["feat"], at["w"], at["b"], self.stride, self.padding),
            gradients=right_gradients,
        )
        return WayBack(
            own=of_layer(made, dprev, {"w": "conv_w", "b": "conv_b"}),
            right=right,
            at=dict(zip(("feat", "w", "b"), at, strict=True)),
            scalar=upstream(dprev),
        )


BASIC = ConvolutionCase(shape=(3, 6, 6, 2), size=3, filters=4, stride=1, padding=1)
NO_PADDING = (
    ConvolutionCase(shape=(2, 6, 6, 2), size=3, filters=3, stride=1, padding=0),
    ConvolutionCase(shape=(2, 7, 7, 1), size=2, filters=2, stride=1, padding=0),
)
STRIDES = (
    ConvolutionCase(shape=(2, 8, 8, 2), size=4, filters=3, stride=2, padding=1),
    ConvolutionCase(shape=(2, 8, 8, 2), size=2, filters=2, stride=3, padding=1),
)
SHAPES = (
    ConvolutionCase(shape=(1, 5, 8, 3), size=3, filters=2, stride=1, padding=1),
    ConvolutionCase(shape=(2, 9, 4, 1), size=3, filters=5, stride=1, padding=2),
)


@check("conv_output_size", points=2)
def conv_output_size(student: Student, rng: Generator) -> None:
    """ConvLayer2D.get_output_size gives the shape of the output."""
    for case in (BASIC, *NO_PADDING, *STRIDES, *SHAPES):
        layer = student.cnn.layer_utils.ConvLayer2D(
            case.shape[3], case.size, case.filters, stride=case.stride, padding=case.padding
        )
        x, w, b = case.draw(rng)
        right = convolve(x, w, b, case.stride, case.padding).shape
        got = as_array("output_size", layer.get_output_size(case.shape)).reshape(-1)
        if got.tolist() != list(right):
            raise Finding(
                f"For images {case.shape}, kernel_size={case.size}, stride={case.stride}, "
                f"padding={case.padding} and {case.filters} filters it is {_shown(got)}, "
                f"expected {right}.",
                "(side + 2 padding - kernel_size) // stride + 1, for height and width apart.",
            )


def _shown(sides: Array) -> str:
    """Whole numbers without a point; no more of them than a shape has."""
    first = ", ".join(f"{side:.15g}" for side in sides[:6])
    return f"({first}, ...)" if len(sides) > 6 else f"({first})"


@check("conv_forward", points=4, needs="conv_output_size")
def conv_forward(student: Student, rng: Generator) -> None:
    """ConvLayer2D.forward slides every filter over every image."""
    x, w, b = BASIC.draw(rng)
    layer = BASIC.layer(student, w, b)
    sent = student.send(x, "feat")
    hints = _forward_hints(BASIC, x, w, b)
    expect_close("out", layer.forward(sent), convolve(x, w, b, 1, 1), hints=hints)
    expect_unchanged("feat", sent, x)


@check("conv_forward_strides", points=1, needs="conv_forward")
def conv_forward_strides(student: Student, rng: Generator) -> None:
    """ConvLayer2D.forward takes its stride, also one that leaves pixels over."""
    _expect_forward(student, rng, STRIDES)


@check("conv_forward_shapes", points=1, needs="conv_forward")
def conv_forward_shapes(student: Student, rng: Generator) -> None:
    """ConvLayer2D.forward takes one image, no padding, and images that are not square."""
    _expect_forward(student, rng, SHAPES + NO_PADDING)


@check("conv_backward", points=4, needs="conv_forward")
def conv_backward(student: Student, rng: Generator) -> None:
    """ConvLayer2D.backward gives the gradients of filters, biases and images."""
    _expect_gradients(student, rng, (BASIC,))


@check("conv_backward_no_padding", points=1, needs=("conv_backward", "conv_forward_shapes"))
def conv_backward_no_padding(student: Student, rng: Generator) -> None:
    """ConvLayer2D.backward is right without padding."""
    _expect_gradients(student, rng, NO_PADDING)


@check("conv_backward_strides", points=1, needs=("conv_backward", "conv_forward_strides"))
def conv_backward_strides(student: Student, rng: Generator) -> None:
    """ConvLayer2D.backward takes its stride, also for the gradient of the images."""
    _expect_gradients(student, rng, STRIDES)


@check("conv_backward_shapes", points=1, needs=("conv_backward", "conv_forward_shapes"))
def conv_backward_shapes(student: Student, rng: Generator) -> None:
    """ConvLayer2D.backward takes one image, and images that are not square."""
    _expect_gradients(student, rng, SHAPES)


def _expect_forward(student: Student, rng: Generator, cases: tuple[ConvolutionCase, ...]) -> None:
    for case in cases:
        x, w, b = case.draw(rng)
        right = convolve(x, w, b, case.stride, case.padding)
        out = case.layer(student, w, b).forward(x)
        expect_close("out", out, right, hints=_forward_hints(case, x, w, b))


def _forward_hints(case: ConvolutionCase, x: Array, w: Array, b: Array) -> Hints:
    stride, padding = case.stride, case.padding
    return Hints(
        mistakes=[
            Mistake(
                value=lambda: convolve(x, w, 0 * b, stride, padding),
                rationale="the biases are not added.",
            ),
            Mistake(
                value=lambda: convolve(x, w[::-1, ::-1], b, stride, padding),
                rationale="the filters are flipped; here they are not.",
            ),
            Mistake(
                value=lambda: convolve(x, w.transpose(1, 0, 2, 3), b, stride, padding),
                rationale="rows and columns of the filters are exchanged.",
            ),
        ],
        help=f"Here stride={stride}, padding={padding}, images {case.shape}.",
    )


def _expect_gradients(student: Student, rng: Generator, cases: tuple[ConvolutionCase, ...]) -> None:
    for case in cases:
        x, w, b = case.draw(rng)
        layer = case.layer(student, w, b)
        stride, padding = case.stride, case.padding
        dprev = np.asarray(rng.standard_normal(convolve(x, w, b, stride, padding).shape))
        layer.forward(x[:1] - 1)  # an update before; nothing of it may be left
        layer.backward(dprev[:1] + 1)
        layer.forward(x)
        sent = student.send(dprev, "dprev")
        dfeat = layer.backward(sent)
        with or_of_own_forward(student, case.ways(student, (x, w, b), dprev), rng):
            _expect_values(case, (x, w), dprev, layer, dfeat)
        expect_unchanged("dprev", sent, dprev)


def _expect_values(
    case: ConvolutionCase, given: tuple[Array, Array], dprev: Array, layer: Remote, dfeat: Remote
) -> None:
    """The gradients that `backward` has given and stored, of images and filters `given`."""
    x, w = given
    dx, dw = convolution_gradients(x, w, dprev, case.stride, case.padding)
    hints = _image_hints(case, x, w, dprev)
    expect_close("dfeat", dfeat, dx, like="feat", hints=hints)
    factors = {float(len(x)): "the number of images"} if len(x) > 1 else {}
    summed = Hints(factors=factors, help="Sum over all images and all places of the window.")
    expect_close("grads['conv_w']", layer.grads["conv_w"], dw, like="w", hints=summed)
    db, right = layer.grads["conv_b"], dprev.sum(axis=(0, 1, 2))
    shapes = with_kept_axes(right)
    expect_close("grads['conv_b']", db, right, also_shapes=shapes, hints=summed)


def _image_hints(case: ConvolutionCase, x: Array, w: Array, dprev: Array) -> Hints:
    stride, padding = case.stride, case.padding
    mistakes = [
        Mistake(
            value=lambda: convolution_gradients(x, w[::-1, ::-1], dprev, stride, padding)[0],
            rationale="the filters are turned by 180 degrees once too often, or not at all.",
        )
    ]
    if stride > 1:
        mistakes.append(
            Mistake(
                value=lambda: convolution_gradients(x, w, dprev, stride, padding, scatter_stride=1)[
                    0
                ],
                rationale="the stride is ignored.",
            )
        )
    help = f"Here stride={stride}, padding={padding}, images {case.shape}. "
    if padding == 0:
        help += "Is the border cut off with a slice such as `pad:-pad`? With pad = 0 it is empty."
    else:
        help += (
            "Each output's dprev * w belongs in the window that it came from; the border goes last."
        )
    return Hints(mistakes=mistakes, help=help)
