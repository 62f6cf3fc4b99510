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
)
from autograder.judging.check import Finding, check
from autograder.sandbox.remote import Remote, Student

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("dropout_forward", points=2)
def dropout_forward(student: Student, rng: Generator) -> None:
    """dropout.forward keeps entries with probability keep_prob and divides them by it."""
    x = 5 + rng.uniform(-1, 1, size=(150, 200))
    for keep in (0.25, 0.8):
        layer = student.mlp.layer_utils.dropout(keep)
        sent = student.send(x, "feat")
        out = expect_shape("out", layer.forward(sent, True), x.shape)
        _expect_dropped(out, x, keep)
        _expect_new_draws(out, expect_shape("out", layer.forward(sent, True), x.shape))
        same = Hints(
            mistakes=[Mistake(value=keep * x, rationale="it is multiplied by keep_prob.")],
            help="When the network is used, with is_training=False, nothing is done.",
        )
        expect_close("out", layer.forward(sent, False), x, hints=same)
        expect_unchanged("feat", sent, x)


@check("dropout_backward", points=2, needs="dropout_forward")
def dropout_backward(student: Student, rng: Generator) -> None:
    """dropout.backward sends the gradient through what was kept, and scales it alike."""
    x, dprev = 5 + rng.uniform(-1, 1, size=(20, 30)), rng.standard_normal((20, 30))
    for keep in (0.3, 0.75):
        layer = student.mlp.layer_utils.dropout(keep)
        out = expect_shape("out", layer.forward(x, True), x.shape)
        sent = student.send(dprev, "dprev")
        mask = out != 0
        hints = Hints(
            mistakes=[
                Mistake(value=dprev * mask, rationale="it is not divided by keep_prob."),
                Mistake(value=dprev, rationale="what was dropped gets a gradient as well."),
                Mistake(
                    value=dprev * mask / (1 - keep),
                    rationale="it is divided by the probability of dropping.",
                ),
            ],
            help="The output is mask * feat / keep_prob; keep the mask of the last forward.",
        )
        got = layer.backward(sent)
        _expect_same_mask(got, mask, dprev, keep)
        expect_close("dfeat", got, dprev * mask / keep, hints=hints)
        expect_unchanged("dprev", sent, dprev)
        layer.forward(x, False)
        used = Hints(help="After a forward with is_training=False nothing was dropped.")
        expect_close("dfeat", layer.backward(dprev), dprev, hints=used)


@check("dropout_off", points=1, needs="dropout_backward")
def dropout_off(student: Student, rng: Generator) -> None:
    """dropout with keep_prob 0 or 1 does nothing, in training as well."""
    x, dprev = rng.standard_normal((6, 7)), rng.standard_normal((6, 7))
    for keep in (0, 1):
        layer = student.mlp.layer_utils.dropout(keep)
        help = f"By definition keep_prob={keep} means that there is no dropout."
        mistakes = [Mistake(value=np.zeros_like(x), rationale="everything is dropped.")]
        hints = Hints(mistakes=mistakes, help=help)
        for name, value, right in (
            ("out", layer.forward(x, True), x),
            ("dfeat", layer.backward(dprev), dprev),
        ):
            if not np.isfinite(as_array(name, value, help=help)).all():
                raise Finding(f"With keep_prob={keep} `{name}` is not finite.", help)
            expect_close(name, value, right, hints=hints)


def _expect_dropped(out: Array, x: Array, keep: float) -> None:
    kept = out != 0
    share = float(kept.mean())
    margin = 5 * np.sqrt(keep * (1 - keep) / x.size)
    if abs(share - (1 - keep)) <= margin:
        raise Finding(
            f"With keep_prob={keep:g}, {share:.0%} of the entries are kept: keeping and dropping "
            "are exchanged.",
            "`keep_prob` is the probability that an entry stays.",
        )
    if not abs(share - keep) <= margin:
        raise Finding(
            f"With keep_prob={keep:g}, {share:.1%} of the entries are kept in training.",
            "An entry is kept where its own uniform random number is below keep_prob.",
        )
    if (kept == kept[0]).all() or (kept == kept[:, :1]).all():
        raise Finding(
            "Whole rows or columns are dropped together.",
            "Every entry needs a random number of its own: an array of the shape of `feat`.",
        )
    _expect_scaled(out[kept] / x[kept], keep)


def _expect_new_draws(out: Array, again: Array) -> None:
    """Two calls drop other entries; that all are the same by chance cannot happen."""
    if ((out == 0) == (again == 0)).all():
        raise Finding(
            "Two calls in training drop the same entries.",
            "Every forward in training draws anew, or the network learns to do without them.",
        )


def _expect_scaled(ratio: Array, keep: float) -> None:
    known = {
        1.0: "The kept entries are not divided by keep_prob.",
        1 / (1 - keep): "The kept entries are divided by the probability of dropping.",
        keep: "The kept entries are multiplied by keep_prob; they should be divided by it.",
    }
    if np.allclose(ratio, 1 / keep, rtol=1e-4):
        return
    help = "Dividing by keep_prob leaves the mean as it was, in expectation."
    for factor, rationale in known.items():
        if np.allclose(ratio, factor, rtol=1e-4):
            raise Finding(rationale, help)
    raise Finding(
        f"With keep_prob={keep:g} the kept entries are multiplied by {np.median(ratio):.4g}, "
        f"expected {1 / keep:.4g}.",
        help,
    )


def _expect_same_mask(got: Remote, mask: Array, dprev: Array, keep: float) -> None:
    """A gradient that is right wherever it is not 0, but is 0 in other places than the output."""
    found = as_array("dfeat", got)
    if found.shape != dprev.shape:
        return
    sent = found != 0
    scaled = np.isclose(found, dprev / keep, rtol=1e-4) | ~sent
    if scaled.all() and (sent & ~mask).any() and (mask & ~sent).any():
        raise Finding(
            "`dfeat` is 0 in other places than the output: `backward` draws a mask of its own.",
            "Keep the mask of the last forward, and use it again.",
        )
