"""Hidden tests of training: the update rule, fixed and tuned networks.

Accuracies are computed here, from the parameters and on images that the worker never gets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.data import DATASETS
from autograder.exhibit import Curve, Reached
from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    as_arrays,
    as_number,
    expect_close,
)
from autograder.judging.check import Finding, NotAttempted, PersonNeeded, check, on
from autograder.judging.handed_in import assignment_of, handed_in
from autograder.judging.images import draw_images, for_student, held_back_images
from autograder.judging.plain_arrays import Unusable
from autograder.judging.shown import confusion, curve, drawing, filters
from autograder.judging.trained import guesses
from autograder.judging.training import (
    Goal,
    accuracy,
    expect_accuracy,
    expect_falling,
    expect_trained,
    share_right,
)
from autograder.judging.weights import network_parameters
from autograder.sandbox.remote import Remote, Student, describe, fetch

from .driven import DrivenNetwork, SgdSettings, train
from .formulas import scores
from .logs import beside_ours, read_log

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

ASKED = 0.1  # of the updates of a long training
ATTEMPTS = 3  # random initialisations that settings of the student's may need
PATIENCE = 2  # times the seconds that students are told


def _time_for(part: str) -> Callable[[Assignment], float]:
    """The seconds that a training may take, which depend on the data set."""
    return lambda assignment: float(PATIENCE * assignment.settings["seconds"][part])


@check("sgd", points=1)
def sgd(student: Student, rng: Generator) -> None:
    """sgd takes one step against the gradient."""
    for shape, rate in (((4, 3), 0.1), ((5,), 2.0)):
        w, dw = rng.standard_normal(shape), rng.standard_normal(shape)
        config = {"learning_rate": rate}
        next_w, kept = student.optim.sgd(w.copy(), dw, config)
        hints = Hints(
            mistakes=[
                Mistake(value=w + rate * dw, rationale="it goes uphill, along the gradient."),
                Mistake(value=w - dw, rationale="the learning rate is not used."),
                Mistake(
                    value=w - 1e-2 * dw, rationale="the learning rate of `config` is not used."
                ),
            ],
            help="One step is w - learning_rate * dw.",
        )
        expect_close("next_w", next_w, w - rate * dw, like="w", hints=hints)
        with on("a second step, with the config that the first one returned"):
            again, _ = student.optim.sgd(w.copy(), dw, kept)
            expect_close("next_w", again, w - rate * dw, like="w", hints=hints)


@check(
    "two_layer_training", points=2, needs=("two_layer_loss", "sgd"), seconds=_time_for("two_layer")
)
def two_layer_training(student: Student, rng: Generator) -> Reached:
    """Your TwoLayerNet learns with fixed settings."""
    data = _data(student, rng)
    settings = assignment_of(student).settings["two_layer"]
    model = student.classifiers.fc_net.TwoLayerNet(
        input_dim=_inputs(data),
        hidden_dim=settings["hidden_dim"],
        num_classes=_classes(data),
        weight_scale=settings["weight_scale"],
    )
    network = DrivenNetwork(model, [_inputs(data), settings["hidden_dim"], _classes(data)])
    begin = network.start(settings["weight_scale"], rng)
    trained = train(network, begin, data, SgdSettings.of(settings), rng, asked=ASKED)
    expect_falling("loss_history", trained.losses)
    found = guesses(partial(scores, trained.params), data["X_test"])
    needed = assignment_of(student).threshold("two_layer")
    of = "on images that were not trained on"
    accuracies = np.asarray(trained.accuracies)
    with drawing(curve("loss_history", np.asarray(trained.losses)),
                 curve("validation accuracy", accuracies, goal=needed),
                 *confusion(found, data["y_test"], _classes(data)),
                 *filters("W1", trained.params["W1"], data["X_test"].shape[1:])):  # fmt: skip
        reached = float(np.mean(found == data["y_test"]))
        return expect_accuracy(reached, needed, classes=_classes(data), of=of)


@check("overfit_three_layers", points=2, needs=("fc_net_loss", "sgd"), seconds=_time_for("overfit"))
def overfit_three_layers(student: Student, rng: Generator) -> None:
    """With your settings, three layers overfit a few images."""
    _expect_overfit(student, "three_layers", 2, rng)


@check("overfit_five_layers", points=2, needs=("fc_net_loss", "sgd"), seconds=_time_for("overfit"))
def overfit_five_layers(student: Student, rng: Generator) -> None:
    """With your settings, five layers overfit a few images."""
    _expect_overfit(student, "five_layers", 4, rng)


@check("tuning", points=4, needs=("two_layer_loss", "sgd"), seconds=_time_for("tuning"))
def tuning(student: Student, rng: Generator) -> Reached:
    """train_best_model trains a network to the required accuracy."""
    assignment = assignment_of(student)
    needed, dataset = assignment.threshold("tuned_graded"), DATASETS[assignment.dataset]
    counts = assignment.settings["images"]

    def trained_again() -> float:
        public = _data(student, rng)
        data = _renumbered(public, rng)
        model = student.notebook().train_best_model(for_student(data), seed=int(rng.integers(1000)))
        if describe(model) == "None":
            raise Finding("`train_best_model` returns None.", "Is a `return` missing?")
        reached = _accuracy(model, data["X_test"], data["y_test"], needed=needed)
        if reached < needed <= _accuracy(model, data["X_test"], public["y_test"], needed=needed):
            raise Finding(
                "The classes are numbered in another order here, and the model gives the numbers "
                "of the notebook: it was not trained on the data that `train_best_model` got.",
                "Does the function use a variable of the notebook in place of its argument?",
            )
        return reached

    def saved(arrays: Mapping[str, Array]) -> float:
        params = network_parameters(arrays, ends=(math.prod(dataset.shape), dataset.classes))
        return share_right(partial(scores, params), *held_back_images(assignment, counts, rng))

    goal = Goal(part="tuning", needed=needed, classes=dataset.classes, rows=counts["num_test"])
    return expect_trained(student, goal, saved=saved, train=trained_again)


def _data(student: Student, rng: Generator) -> dict[str, Array]:
    assignment = assignment_of(student)
    return draw_images(assignment.dataset, assignment.settings["images"], rng)


def _renumbered(data: Mapping[str, Array], rng: Generator) -> dict[str, Array]:
    """The same images with other numbers for the classes: as hard, and known to nobody before."""
    numbers = rng.permutation(_classes(data))
    return {name: numbers[v] if name.startswith("y") else v for name, v in data.items()}


def _inputs(data: Mapping[str, Array]) -> int:
    return int(np.prod(data["X_train"].shape[1:]))


def _classes(data: Mapping[str, Array]) -> int:
    return int(data["y_train"].max()) + 1


def _expect_overfit(student: Student, name: str, hidden: int, rng: Generator) -> None:
    chosen = _settings(name, fetch(getattr(student.notebook(), name)))
    fixed = assignment_of(student).settings["overfit"]
    data = _data(student, rng)
    few = {f"{kind}_{part}": data[f"{kind}_train"][: fixed["num_images"]]
           for kind in "Xy" for part in ("train", "val")}  # fmt: skip
    units = [fixed["hidden_dim"]] * hidden
    model = student.classifiers.fc_net.FullyConnectedNet(
        units,
        input_dim=_inputs(data),
        num_classes=_classes(data),
        weight_scale=chosen["weight_scale"],
        dtype=np.float64,
    )
    network = DrivenNetwork(model, [_inputs(data), *units, _classes(data)])
    settings, tried = SgdSettings.of({**fixed, **chosen}), []
    for _ in range(ATTEMPTS):
        begin = network.start(chosen["weight_scale"], rng)
        tried.append(train(network, begin, few, settings, rng, enough=1.0))
        if tried[-1].accuracy == 1.0:
            return
    reached, losses = max(one.accuracy for one in tried), np.array(tried[-1].losses)
    logged, drawn = _logged(student, f"overfit_{name}", [one.losses[0] for one in tried])
    raise Finding(
        f"With `{name}` = {chosen}, {reached:.0%} of the {fixed['num_images']} images are right "
        f"after {fixed['num_epochs']} epochs; needed 100%. The loss goes from {losses[0]:.3g} to "
        f"{losses[-1]:.3g}.",
        f"{_overfit_help(losses)} {logged}",
    ).showing(curve("loss_history", losses), *drawn)


def _logged(student: Student, stem: str, firsts: Sequence[float]) -> tuple[str, tuple[Curve, ...]]:
    """What the log of the student's own training says, and what of it can be drawn."""
    try:
        log = read_log(handed_in(student), stem)
    except Unusable as reason:
        return str(reason), ()
    return beside_ours(log, firsts), log.drawn()


def _overfit_help(losses: Array) -> str:
    if not losses[0] <= 100:
        return f"The first loss is {losses[0]:.3g}: are the weights too large, and so the scores?"
    if not losses[-1] <= losses[0]:
        return "The loss rises: is the learning rate too large for these weights?"
    if losses[-1] > 0.9 * losses[0]:
        return "The loss hardly falls: are weights or steps too small for a signal to get through?"
    return "The loss falls; a larger learning rate or another weight_scale may get there in time."


def _settings(name: str, value: object) -> dict[str, float]:
    if value is ... or value is None:
        raise NotAttempted
    wanted = ("weight_scale", "learning_rate")
    if not isinstance(value, dict) or any(key not in value for key in wanted):
        raise Finding(f"`{name}` should be a dictionary with the keys {', '.join(wanted)}.")
    if any(value[key] is ... or value[key] is None for key in wanted):
        raise NotAttempted
    chosen = {key: as_number(key, value[key]) for key in wanted}
    if not all(np.isfinite(number) and number > 0 for number in chosen.values()):
        raise Finding(f"`{name}` should hold two positive numbers, got {chosen}.")
    return chosen


def _accuracy(model: Remote, X: Array, y: Array, *, needed: float) -> float:
    """By our own forward pass where the parameters give the model's scores, else by the model.

    A model that looks labels up has any accuracy, so one that reaches `needed` with other scores
    than its parameters give is left to a person.
    """
    params = as_arrays("params", model.params)
    if _is_network(params):
        plain = {n: v.reshape(-1) if n.startswith("b") else v for n, v in params.items()}
        few = X[:5]
        if _gives(plain, few, as_array("scores", model.loss(few))):
            return share_right(partial(scores, plain), X, y)
    claimed = accuracy(model, X, y)
    if claimed >= needed:
        raise PersonNeeded(
            f"The model has accuracy {claimed:.3f}, but its scores are not those that its `params` "
            "give: it is built otherwise, or does not compute them from its weights."
        )
    return claimed


def _gives(params: Mapping[str, Array], X: Array, own: Array) -> bool:
    """Whether parameters give the scores that the model claims."""
    try:
        with np.errstate(all="ignore"):
            ours = scores(params, X)
    except ValueError:  # shapes that do not fit each other
        return False
    same = ours.shape == own.shape
    return same and np.allclose(ours, own, rtol=1e-3, atol=1e-3, equal_nan=True)


def _is_network(params: Mapping[str, Array]) -> bool:
    layers = range(1, len(params) // 2 + 1)
    names = {f"{kind}{layer}" for kind in "Wb" for layer in layers}
    whole = bool(params) and params.keys() == names
    return whole and all(params[f"W{layer}"].ndim == 2 for layer in layers)
