"""Hidden tests of the network with normalisation and dropout, and of the search for a depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    as_arrays,
    as_number,
    expect_close,
    expect_number,
    is_close,
)
from autograder.judging.check import Finding, check, on
from autograder.judging.gradients import expect_gradient
from autograder.sandbox.remote import Remote, Student

from .deep_formulas import (
    clear_of_kinks,
    deep_gradients,
    deep_loss,
    deep_scores,
    moments_of_layers,
    random_deep,
)

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

AXES: Mapping[str | None, int | None] = {None: None, "batch": 0, "layer": 1}
SIZES = (5, 6, 4, 3)
LAYERS = ("affine_backward", "relu_backward", "softmax_loss")
KEPT = 0.9  # the momentum of the running averages where nobody says otherwise


@check(
    "normalised_net",
    points=3,
    needs=(*LAYERS, "batchnorm_backward", "layernorm_backward", "dropout_backward"),
    bonus=True,
)
def normalised_net(student: Student, rng: Generator) -> None:
    """NormalisedNet.loss gives the loss and every gradient, with each kind of normalisation."""
    for kind, axis in AXES.items():
        reg = 0.3
        params, X = _clear(rng, kind, axis)
        y = rng.integers(3, size=len(X))
        model = _built(student, params, normalisation=kind, reg=reg)
        with on(f"a network with normalisation={kind!r}"):
            loss, grads = model.loss(X, y)
            right = deep_loss(params, X, y, axis, reg)
            expect_number("loss", loss, right, hints=_loss_hints(params, X, y, kind, reg))
            _expect_gradients(as_arrays("grads", grads), params, X, y, axis, reg)
    _expect_dropout(student, rng)


@check(
    "normalised_net_testing",
    points=1,
    needs=("normalised_net", "batchnorm_running"),
    bonus=True,
)
def normalised_net_testing(student: Student, rng: Generator) -> None:
    """NormalisedNet.loss without labels tests: running averages, and no dropout."""
    batches, y = rng.standard_normal((3, 8, 5)), rng.integers(3, size=8)
    params = random_deep(rng, SIZES, normalised=True)
    before = random_deep(rng, SIZES, normalised=False)
    plain = _built(student, before, keep=0.5)
    X = rng.standard_normal((4, 5))
    with on("a network with dropout, in testing"):
        hints = Hints(help="Without labels nothing is dropped.")
        expect_close("scores", plain.loss(X), deep_scores(before, X, None), hints=hints)
    model = _built(student, params, normalisation="batch")
    for batch in batches:
        model.loss(batch, y)
    running = _averaged([moments_of_layers(params, batch) for batch in batches])
    wrong = Mistake(
        value=deep_scores(params, X, 0),
        rationale="the statistics of the batch are used in testing, too.",
    )
    hints = Hints(
        mistakes=[wrong], help="Each layer keeps one `norm_params` entry, which testing reads."
    )
    right = deep_scores(params, X, 0, running=running)
    if not is_close(as_array("scores", model.loss(X)), right):
        _put_averages(model, running)  # the course's batchnorm_forward works on copies
    with on("a network with batch normalisation, in testing"):
        expect_close("scores", model.loss(X), right, hints=hints)
        expect_close("scores", model.loss(X[:1]), right[:1], hints=hints)


def _put_averages(model: Remote, running: Sequence[tuple[Array, Array]]) -> None:
    """Give every layer its running averages, which training may not have been able to keep."""
    for layer, (mean, var) in enumerate(running):
        param = model.norm_params[layer]
        param["running_mean"] = mean.reshape(-1)
        param["running_var"] = var.reshape(-1)


def _clear(rng: Generator, kind: str | None, axis: int | None) -> tuple[dict[str, Array], Array]:
    """Parameters and a batch at which the loss has a slope: no ReLU is at its kink."""
    while True:
        params = random_deep(rng, SIZES, normalised=kind is not None)
        X = rng.standard_normal((7, SIZES[0]))
        if clear_of_kinks(params, X, axis):
            return params, X


def _built(student: Student, params: Mapping[str, Array], **options: object) -> Remote:
    model = student.classifiers.normalised_net.NormalisedNet(
        list(SIZES[1:-1]), input_dim=SIZES[0], num_classes=SIZES[-1], dtype=np.float64, **options
    )
    for name, value in params.items():
        model.params[name] = value
    return model


def _loss_hints(
    params: Mapping[str, Array], X: Array, y: Array, kind: str | None, reg: float
) -> Hints:
    wrong = {
        f"it is normalised as with normalisation={other!r}.": deep_loss(params, X, y, axis, reg)
        for other, axis in AXES.items()
        if other != kind and kind is not None
    }
    squares = {
        letter: sum(float((v**2).sum()) for name, v in params.items() if name.startswith(letter))
        for letter in ("W", "gamma", "b")
    }
    right = deep_loss(params, X, y, AXES[kind], reg)
    wrong |= {
        "the regulariser is missing.": right - 0.5 * reg * squares["W"],
        "the regulariser lacks its factor 1/2.": right + 0.5 * reg * squares["W"],
        "biases and betas are regularised as well.": right + 0.5 * reg * squares["b"],
    }
    if kind is not None:
        every = squares["b"] + squares["gamma"]
        wrong |= {
            "gammas are regularised as well.": right + 0.5 * reg * squares["gamma"],
            "all parameters are regularised; only the weights are.": right + 0.5 * reg * every,
        }
    return Hints(
        mistakes=[Mistake(value=value, rationale=text) for text, value in wrong.items()],
        help="affine, normalisation, ReLU, dropout in every hidden layer; then affine.",
    )


def _expect_gradients(
    got: Mapping[str, Array],
    params: Mapping[str, Array],
    X: Array,
    y: Array,
    axis: int | None,
    reg: float,
) -> None:
    right = deep_gradients(params, X, y, axis, reg)
    for name, value in right.items():
        if name not in got:
            raise Finding(f"`grads` has no entry {name!r}.", "Every name in `params` needs one.")
        if not value.any():  # a bias in front of batch normalisation: nothing but rounding
            _expect_nothing(name, got[name], value.shape)
            continue
        mistakes = []
        if name.startswith("W"):
            missing = value - reg * params[name]
            mistakes = [Mistake(value=missing, rationale="the regulariser's gradient is missing.")]
        hints = Hints(
            mistakes=mistakes,
            factors={float(len(X)): "the number of rows"},
            help="Going backward, the steps of a layer come in the opposite order.",
        )
        shapes = [(1, *value.shape)] if value.ndim == 1 else []
        expect_close(f"grads['{name}']", got[name], value, also_shapes=shapes, hints=hints)


def _expect_nothing(name: str, got: Array, shape: tuple[int, ...]) -> None:
    if got.size != np.prod(shape) or not np.abs(got).max(initial=0.0) < 1e-4:
        raise Finding(
            f"`grads['{name}']` is not 0, and batch normalisation subtracts what `{name}` adds.",
            "Does the gradient go back through the normalisation before it reaches the affine "
            "layer?",
        )


def _expect_dropout(student: Student, rng: Generator) -> None:
    """With a seed the loss is a fixed function, and the gradient has to be its slope."""
    X, y = rng.standard_normal((30, 5)), rng.integers(3, size=30)
    params = random_deep(rng, SIZES, normalised=False)
    model = _built(student, params, keep=0.6, seed=int(rng.integers(1000)))
    with on("a network with dropout"):
        loss, grads = model.loss(X, y)
        if np.isclose(as_number("loss", loss), deep_loss(params, X, y, None, 0.0), rtol=1e-6):
            raise Finding(
                "The loss of a training step is that without dropout.",
                "Every ReLU is followed by dropout_forward with `dropout_param`.",
                named=True,
            )
        got = as_arrays("grads", grads)
        for name, value in params.items():
            if name not in got:
                raise Finding(f"`grads` has no entry {name!r}.")

            def function(at: Array, name: str = name) -> float:
                model.params[name] = at
                return as_number("loss", model.loss(X, y)[0])

            help = "Each dropout has a mask of its own: does its cache reach dropout_backward?"
            gradient = got[name].reshape(value.shape)
            expect_gradient(
                f"grads['{name}']", gradient, function, value, rng, help=help, directions=1
            )
            model.params[name] = value


def _averaged(batches: Sequence[Sequence[tuple[Array, Array]]]) -> list[tuple[Array, Array]]:
    """The running averages of every layer after these batches."""
    running = [(np.zeros_like(mean), np.ones_like(var)) for mean, var in batches[0]]
    for found in batches:
        running = [
            (KEPT * mean + (1 - KEPT) * new_mean, KEPT * var + (1 - KEPT) * new_var)
            for (mean, var), (new_mean, new_var) in zip(running, found, strict=True)
        ]
    return running
