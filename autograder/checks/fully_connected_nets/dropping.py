"""Hidden tests of dropout: what is dropped, how the rest is scaled, when nothing is done."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    expect_close,
    expect_shape,
    expect_unchanged,
    is_close,
)
from autograder.judging.check import Finding, check, on
from autograder.sandbox.remote import Student

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

DEVIATIONS = 6  # a share of entries is off by more than so many once in 500 million gradings


@check("dropout_forward", points=2, bonus=True)
def dropout_forward(student: Student, rng: Generator) -> None:
    """dropout_forward keeps entries with probability p and divides them by p, in training."""
    x = 5 + rng.uniform(-1, 1, size=(150, 200))
    for p in (0.25, 0.8):
        sent = student.send(x, "x")
        forward, param = student.dropout.dropout_forward, {"p": p, "mode": "train"}
        out = expect_shape("out", forward(sent, param)[0], x.shape, like="x")
        _expect_dropped(out, x, p)
        _expect_draws(out, expect_shape("out", forward(sent, param)[0], x.shape))
        _expect_seeded(*(expect_shape("out", forward(sent, {**param, "seed": 7})[0], x.shape)
                         for _ in range(2)))  # fmt: skip
        tested, _ = forward(sent, {"p": p, "mode": "test"})
        _expect_none_dropped(expect_shape("out", tested, x.shape, like="x"))
        mistakes = [
            Mistake(value=p * x, rationale="it is multiplied by p; training has made up for p."),
            Mistake(value=x / p, rationale="it is divided by p, as in training."),
        ]
        help = "In testing the output is x: nothing is dropped, and nothing is scaled."
        expect_close("out", tested, x, like="x", hints=Hints(mistakes=mistakes, help=help))
        expect_unchanged("x", sent, x)


@check("dropout_backward", points=1, needs="dropout_forward", bonus=True)
def dropout_backward(student: Student, rng: Generator) -> None:
    """dropout_backward sends the gradient through what was kept, and scales it alike."""
    x, dout = 5 + rng.uniform(-1, 1, size=(20, 30)), rng.standard_normal((20, 30))
    for p in (0.3, 0.75):
        dropout = student.dropout
        sent = student.send(dout, "dout")
        for mode in ("train", "test"):
            out, cache = dropout.dropout_forward(x, {"p": p, "mode": mode})
            factor = expect_shape("out", out, x.shape) / x  # what forward has multiplied x by
            dx = as_array("dx", dropout.dropout_backward(sent, cache))
            if dx.shape == x.shape and is_close(dx, dout * factor):
                continue  # the way back of this very step, were the step itself wrong
            right = dout * (factor != 0) / p if mode == "train" else dout
            with on(f"a step back after forward in mode {mode!r}"):
                expect_close("dx", dx, right, like="x", hints=_backward_hints(dout, factor, p))
        expect_unchanged("dout", sent, dout)


def _backward_hints(dout: Array, factor: Array, p: float) -> Hints:
    kept = factor != 0
    wrong = {
        "it is not divided by p.": dout * kept,
        "entries that were dropped get a gradient as well.": dout,
        "entries that were dropped get a gradient, too.": dout / p,
        "it is multiplied by p, not divided.": dout * kept * p,
        "it is divided by p twice.": dout * kept / p**2,
    }
    return Hints(
        mistakes=[Mistake(value=value, rationale=text) for text, value in wrong.items()],
        help="In training out = x * mask / p with one mask; in testing out = x.",
    )


def _expect_dropped(out: Array, x: Array, p: float) -> None:
    kept = out != 0
    whole = (kept == kept[0]).all() or (kept == kept[:, :1]).all()
    if whole and kept.any() and not kept.all():
        raise Finding(
            "Whole rows or columns are dropped together.",
            "Every entry needs a random number of its own: an array of the shape of `x`.",
            named=True,
        )
    share, margin = float(kept.mean()), DEVIATIONS * np.sqrt(p * (1 - p) / x.size)
    if abs(share - (1 - p)) <= margin:
        raise Finding(
            f"With p={p:g}, {share:.0%} of the entries are kept: keeping and dropping are "
            "exchanged.",
            "`p` is the probability that an entry stays.",
            named=True,
        )
    if not abs(share - p) <= margin:
        raise Finding(
            f"With p={p:g}, {share:.1%} of the entries are kept in training.",
            "An entry stays where its own uniform random number is below p.",
        )
    _expect_scaled(out[kept] / x[kept], p)


def _expect_none_dropped(out: Array) -> None:
    if not out.all():
        raise Finding(
            f"In testing {np.mean(out == 0):.0%} of the entries are dropped; none should be.",
            'Does the function look at `dropout_param["mode"]`?',
            named=True,
        )


def _expect_scaled(ratio: Array, p: float) -> None:
    if np.allclose(ratio, 1 / p, rtol=1e-4):
        return
    known = {
        1.0: "The kept entries are not divided by p.",
        1 / (1 - p): "The kept entries are divided by 1 - p, the probability of dropping.",
        p: "The kept entries are multiplied by p; they are divided by it.",
    }
    help = "Dividing by p leaves the expected value of every entry as it was."
    for factor, rationale in known.items():
        if np.allclose(ratio, factor, rtol=1e-4):
            raise Finding(f"With p={p:g}: {rationale}", help, named=True)
    raise Finding(
        f"With p={p:g} the kept entries are multiplied by {np.median(ratio):.4g}, "
        f"expected {1 / p:.4g}.",
        help,
    )


def _expect_draws(out: Array, again: Array) -> None:
    if ((out == 0) == (again == 0)).all():
        raise Finding(
            "Two calls in training without a seed drop the same entries.",
            "Without a seed every call draws anew, or the network learns to do without them.",
            named=True,
        )


def _expect_seeded(out: Array, again: Array) -> None:
    if ((out == 0) != (again == 0)).any():
        raise Finding(
            "Two calls in training with equal seeds drop different entries.",
            'Do all random numbers come from the generator of `dropout_param["seed"]`?',
            named=True,
        )
