"""Hidden tests of training: one loop held against the judge's own, and accuracies reached.

The images are drawn anew for every student; those that decide are sent without their labels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.exhibit import Reached
from autograder.judging.arrays import (
    Hints,
    Mistake,
    as_array,
    as_number,
    expect_close,
    expect_number,
)
from autograder.judging.check import Finding, NotAttempted, check, on
from autograder.judging.handed_in import assignment_of
from autograder.judging.shown import confusion
from autograder.judging.trained import history_drawn
from autograder.judging.training import expect_accuracy
from autograder.sandbox.remote import Remote, Student, fetch

from .formulas import TwoLayers, cross_entropies, random_layers, softmax
from .pictures import Pictures, draw_pictures

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

BATCH = 250


@dataclass(frozen=True, kw_only=True)
class Loop:
    """Full-batch training, in which nothing is left to chance."""

    epochs: int = 6
    lr: float = 0.5
    lr_decay: float = 0.5
    every: int = 2
    lam: float = 0.05
    penalty: str = "l2"

    def losses(self, params: TwoLayers, x: Array, y: Array) -> Array:
        """The loss before each update."""
        history, lr = [], self.lr
        for step in range(1, self.epochs + 1):
            scores = params.scores(x)
            history.append(float(cross_entropies(scores, y).mean()))
            upstream = (softmax(scores) - np.eye(scores.shape[1])[y]) / len(x)
            grads, _ = params.gradients(x, upstream)
            params = self._updated(params, grads, lr)
            lr *= self.lr_decay if step % self.every == 0 else 1
        return np.array(history)

    def _updated(self, params: TwoLayers, grads: TwoLayers, lr: float) -> TwoLayers:
        steps = {
            name: getattr(params, name)
            - lr * (getattr(grads, name) + self.lam * self._slope(getattr(params, name)))
            for name in ("w1", "b1", "w2", "b2")
        }
        return TwoLayers(**steps)

    def _slope(self, value: Array) -> Array:
        """The derivative of the penalty of one parameter, but for the factor `lam`."""
        return 2 * value if self.penalty == "l2" else np.sign(value)


@check("train_net", points=3, needs=("sgd", "sequential", "cross_entropy_backward"))
def train_net(student: Student, rng: Generator) -> None:
    """train_net does the updates, keeps the losses and lowers the learning rate."""
    loop = Loop(lam=0.0)
    params, x, y = _small_task(rng)
    history, optimiser = _trained(student, loop, params, x, y)
    right = loop.losses(params, x, y)
    expect_close("loss_hist", history, right, hints=_loop_hints(loop, params, x, y))
    rate = loop.lr * loop.lr_decay ** (loop.epochs // loop.every)
    help = "optimizer.lr is multiplied by lr_decay after every lr_decay_every updates."
    expect_number("optimizer.lr", optimiser.lr, rate, hints=Hints(help=help))


@check(
    "train_net_regularized", points=1, needs=("train_net", "l1_regularization", "l2_regularization")
)
def train_net_regularized(student: Student, rng: Generator) -> None:
    """train_net passes the regulariser on."""
    for loop in (Loop(), Loop(penalty="l1", epochs=2)):
        params, x, y = _small_task(rng)
        with on(f'regularization="{loop.penalty}"'):
            history, _ = _trained(student, loop, params, x, y)
            right = loop.losses(params, x, y)
            expect_close("loss_hist", history, right, hints=_loop_hints(loop, params, x, y))


@check("train_net_dropout", points=1, needs=("train_net", "dropout_backward"))
def train_net_dropout(student: Student, rng: Generator) -> None:
    """train_net trains with dropout where the model has it."""
    loop = Loop(lam=0.0)
    params, x, y = _small_task(rng)
    dropout = student.mlp.layer_utils.dropout(0.5)
    history = as_array("loss_hist", _trained(student, loop, params, x, y, dropout)[0])
    without = loop.losses(params, x, y)
    if history.shape == without.shape and np.allclose(history, without, rtol=1e-3):
        raise Finding(
            "Dropout is not active while `train_net` trains.",
            "In training, the model's forward is called with is_training=True.",
        )


def _small_task(rng: Generator) -> tuple[TwoLayers, Array, Array]:
    x, y = rng.standard_normal((12, 6)), rng.integers(3, size=12)
    return random_layers(rng, 6, 8, 3), x, y


def _trained(
    student: Student, loop: Loop, params: TwoLayers, x: Array, y: Array, *extra: Remote
) -> tuple[Remote, Remote]:
    """loss_hist and the optimiser after training fc - gelu - (extra layers) - fc."""
    layers = student.mlp.layer_utils
    model = student.module("lib.module").Module()
    model.net = student.sequential.sequential(
        layers.fc(6, 8, name="fc1"), layers.gelu(), *extra, layers.fc(8, 3, name="fc2")
    )
    for name, value in params.named().items():
        model.net.assign(name, value)
    optimiser = student.optim.SGD(model.net, loop.lr)
    results = student.mlp.train.train_net(
        student.send({"data_train": (x, y), "data_val": (x, y)}, "data"),
        model,
        layers.cross_entropy(),
        optimiser,
        len(x),
        loop.epochs,
        lr_decay=loop.lr_decay,
        lr_decay_every=loop.every,
        verbose=False,
        regularization=loop.penalty if loop.lam else "none",
        reg_lambda=loop.lam,
    )
    return results[1], optimiser


def _loop_hints(loop: Loop, params: TwoLayers, x: Array, y: Array) -> Hints:
    wrong = {
        "it does not change: no update is done.": Loop(lr=0.0),
        "the learning rate is not lowered.": replace(loop, lr_decay=1.0),
        "the learning rate is lowered after every update; see lr_decay_every.": replace(
            loop, every=1
        ),
        "the regulariser is not passed on to `model.backward`.": replace(loop, lam=0.0),
    }
    mistakes = [
        Mistake(value=other.losses(params, x, y), rationale=text) for text, other in wrong.items()
    ]
    return Hints(
        mistakes=mistakes,
        help="Look at one update in its order: loss, gradients, step, learning rate.",
    )


def time_for(part: str) -> Callable[[Assignment], float]:
    """The seconds that training a network may take, which depend on the data set."""
    return lambda assignment: float(assignment.settings[part]["seconds"])


@check("tiny_net_training", points=4, needs=("train_net", "tiny_net"), seconds=time_for("mlp"))
def tiny_net_training(student: Student, rng: Generator) -> Reached:
    """With your settings, TinyNet reaches the required accuracy."""
    assignment = assignment_of(student)
    settings = assignment.settings
    chosen = chosen_settings(
        "tiny_settings",
        student.notebook("mlp").tiny_settings,
        ("hidden_dim", "learning_rate"),
        max_epochs=settings["max_epochs"],
    )
    data = draw_pictures(assignment.dataset, settings["mlp"]["images"], rng)
    model = student.mlp.fully_conn.TinyNet(
        data.inputs, hidden_dim=int(chosen["hidden_dim"]), num_classes=data.classes
    )
    optimiser = student.optim.SGD(model.net, chosen["learning_rate"])
    results = train(student, model, optimiser, data, chosen)
    return expect_held_back(model, data, assignment.threshold("mlp_graded"), results)


def chosen_settings(
    name: str, answer: Remote, own: tuple[str, ...], *, max_epochs: int
) -> dict[str, Any]:
    """The student's dictionary of settings, with nothing missing and nothing excessive."""
    chosen = fetch(answer)
    if chosen is ... or chosen is None:
        raise NotAttempted
    if not isinstance(chosen, dict):
        raise Finding(f"`{name}` should be a dictionary of settings.")
    for key in (*own, "batch_size", "epochs"):
        if key not in chosen:
            raise Finding(f"`{name}` has no entry for {key!r}.")
        if chosen[key] is ...:
            raise NotAttempted
    numbers = {"lr_decay", "lr_decay_every", *own, "batch_size", "epochs"} - {"optimizer"}
    chosen |= {key: _positive(name, key, chosen[key]) for key in numbers & chosen.keys()}
    if not chosen["epochs"] <= max_epochs:
        raise Finding(
            f"`{name}` asks for {chosen['epochs']} epochs; at most {max_epochs} are allowed."
        )
    return chosen


def _positive(name: str, key: str, value: object) -> float:
    """A positive number as it was given, so that a whole one stays whole; an array of one, too."""
    number = as_number(key, value)
    if not 0 < number < np.inf:
        raise Finding(f"`{name}` should hold positive numbers; {key} is {value!r}.")
    if isinstance(value, int | float):
        return value
    return int(number) if number.is_integer() else number


def train(
    student: Student, model: Remote, optimiser: Remote, data: Pictures, chosen: Mapping[str, Any]
) -> Remote:
    """Train with the student's loop and settings; what the loop returns."""
    return student.mlp.train.train_net(
        student.send({"data_train": data.train, "data_val": data.val}, "data"),
        model,
        student.mlp.layer_utils.cross_entropy(),
        optimiser,
        chosen["batch_size"],
        chosen["epochs"],
        lr_decay=chosen.get("lr_decay", 1.0),
        lr_decay_every=chosen.get("lr_decay_every", 1000),
        verbose=False,
    )


def expect_held_back(model: Remote, data: Pictures, needed: float, results: Remote) -> Reached:
    """The share of held-back pictures whose highest score is at the label.

    `results` is what the training has returned; its losses are drawn where the share is too small.
    """
    images, labels = data.test
    found = []
    for start in range(0, len(images), BATCH):
        rows = slice(start, start + BATCH)
        scores = as_array("scores", model.forward(images[rows], False))
        if scores.shape != (len(labels[rows]), data.classes):
            raise Finding(f"The model gives scores of shape {scores.shape}.")
        found.append(scores.argmax(axis=1))
    guesses = np.concatenate(found)
    try:
        return expect_reached(float(np.mean(guesses == labels)), needed, classes=data.classes)
    except Finding as finding:
        finding.showing(*history_drawn("loss_hist", lambda: results[1]))
        finding.showing(*history_drawn("val_acc_hist", lambda: results[3], goal=needed))
        finding.showing(*confusion(guesses, labels, data.classes))
        raise


def expect_reached(share: float, needed: float, *, classes: int) -> Reached:
    """Require a share of held-back pictures to be right."""
    return expect_accuracy(
        share,
        needed,
        classes=classes,
        of="on images that were not trained on",
        help="Look at the loss: does it fall, and does the validation accuracy still rise?",
    )
