"""Training: draws batches, calls the model's loss, applies an update rule, keeps histories.

Knows nothing about what the model computes. A model has ``params`` (a dictionary of arrays) and
``loss(X, y)``, which returns ``(loss, grads)``, and scores when `y` is missing.
"""

import sys
import time

import numpy as np

from . import optim


class Solver:
    """Train a model by stochastic gradient descent on random batches.

    >>> solver = Solver(model, data, optim_config={"learning_rate": 0.1})    # doctest: +SKIP
    >>> solver.train()                                                       # doctest: +SKIP

    Attributes
    ----------
    loss_history : list of float
        The loss of every step's batch.
    train_acc_history, val_acc_history : list of float
        Accuracies before the first epoch and after each one.
    best_val_acc : float
    best_params : dict of arrays
        Copies of the parameters at the best validation accuracy; when training ends the model
        has these.
    """

    def __init__(
        self,
        model,
        data,
        update_rule="sgd",
        optim_config=None,
        lr_decay=1.0,
        batch_size=100,
        num_epochs=10,
        print_every=None,
        verbose=True,
        num_train_samples=1000,
        num_val_samples=None,
        checkpoint_name=None,
        seed=None,
    ):
        """Set up training; ``train()`` does it.

        Parameters
        ----------
        model : object with `params` and `loss`
        data : dict
            ``X_train`` of shape (N_train, ...), ``y_train`` of shape (N_train,), ``X_val`` and
            ``y_val`` likewise.
        update_rule : str
            The name of a function in ``optim``.
        optim_config : dict
            Settings of the update rule, such as ``{"learning_rate": 1e-2}``. Every parameter gets
            a copy of its own.
        lr_decay : float
            The learning rate is multiplied by this after every epoch.
        batch_size, num_epochs : int
            An epoch has ``max(N_train // batch_size, 1)`` steps.
        print_every : int or None
            Print the loss every so many steps; None draws a progress bar instead.
        verbose : bool
            False prints nothing at all.
        num_train_samples, num_val_samples : int or None
            Accuracies are measured on at most so many images; None means all.
        checkpoint_name : str or None
            After each epoch write ``<checkpoint_name>_epoch_<n>.npz``: the parameters, the
            histories, and nothing that would have to be unpickled.
        seed : int or None
            Makes the batches repeatable. The model's weights are drawn before, by the model.
        """
        if not hasattr(optim, update_rule):
            raise ValueError(f"update_rule={update_rule!r}: there is no such function in optim.py")
        self.model = model
        self.X_train, self.y_train = data["X_train"], data["y_train"]
        self.X_val, self.y_val = data["X_val"], data["y_val"]
        self.update_rule = getattr(optim, update_rule)
        self.lr_decay = lr_decay
        self.batch_size = batch_size
        self.num_epochs = num_epochs
        self.print_every = print_every
        self.verbose = verbose
        self.num_train_samples = num_train_samples
        self.num_val_samples = num_val_samples
        self.checkpoint_name = checkpoint_name
        self._random = np.random.default_rng(seed)
        self._drawn = time.monotonic()
        self.epoch = 0
        self.best_val_acc = 0.0
        self.best_params = {}
        self.loss_history = []
        self.train_acc_history = []
        self.val_acc_history = []
        self.optim_configs = {name: dict(optim_config or {}) for name in model.params}

    def train(self):
        """Train for `num_epochs` epochs, then give the model its best parameters."""
        steps = max(len(self.X_train) // self.batch_size, 1)
        self._measure()
        for epoch in range(1, self.num_epochs + 1):
            self.epoch = epoch
            for _ in range(steps):
                self._step()
                self._report_step(steps * self.num_epochs)
            for config in self.optim_configs.values():
                if "learning_rate" in config:
                    config["learning_rate"] *= self.lr_decay
            self._measure()
            self._save_checkpoint()
        self._end_report()
        for name, value in self.best_params.items():
            self.model.params[name] = value.copy()

    def check_accuracy(self, X, y, num_samples=None, batch_size=500):
        """The share of images whose highest score is at their label.

        Parameters
        ----------
        X : array of shape (N, ...)
        y : integer array of shape (N,)
        num_samples : int or None
            Use so many random images at most.
        batch_size : int
            Images in one call of the model, to save memory.
        """
        if num_samples is not None and num_samples < len(X):
            chosen = self._random.choice(len(X), num_samples, replace=False)
            X, y = X[chosen], y[chosen]
        right = 0
        for start in range(0, len(X), batch_size):
            scores = self.model.loss(X[start : start + batch_size])
            right += np.sum(np.argmax(scores, axis=1) == y[start : start + batch_size])
        return float(right / len(X))

    def record_histories_as_npz(self, path):
        """Save the three histories as arrays ``loss_history``, ``train_acc_history``, ..."""
        np.savez(path, **self._histories())

    def _step(self):
        chosen = self._random.choice(len(self.X_train), self.batch_size)
        loss, grads = self.model.loss(self.X_train[chosen], self.y_train[chosen])
        self.loss_history.append(float(loss))
        for name, value in self.model.params.items():
            self.model.params[name], self.optim_configs[name] = self.update_rule(
                value, grads[name], self.optim_configs[name]
            )

    def _measure(self):
        train = self.check_accuracy(self.X_train, self.y_train, self.num_train_samples)
        val = self.check_accuracy(self.X_val, self.y_val, self.num_val_samples)
        self.train_acc_history.append(train)
        self.val_acc_history.append(val)
        if val > self.best_val_acc or not self.best_params:
            self.best_val_acc = val
            self.best_params = {name: np.copy(p) for name, p in self.model.params.items()}
        if self.verbose and self.print_every:
            print(
                f"epoch {self.epoch}/{self.num_epochs}: training {train:.3f}, validation {val:.3f}"
            )

    def _report_step(self, total):
        step = len(self.loss_history)
        if not self.verbose:
            return
        if not self.print_every:
            self._draw_bar(step, total)
        elif (step - 1) % self.print_every == 0:
            print(f"step {step}/{total}: loss {self.loss_history[-1]:.4f}")

    def _draw_bar(self, step, total, width=30):
        """Draw the bar over itself, once a second: saved notebooks keep every drawing."""
        now = time.monotonic()
        if step != total and now < self._drawn + 1:
            return
        self._drawn = now
        done = width * step // total
        bar = "#" * done + "." * (width - done)
        sys.stdout.write(
            f"\r[{bar}] epoch {self.epoch}/{self.num_epochs}, "
            f"loss {self.loss_history[-1]:7.4f}, validation {self.val_acc_history[-1]:.3f}"
        )
        sys.stdout.flush()

    def _end_report(self):
        if self.verbose:
            start = "" if self.print_every else "\n"
            print(f"{start}best validation accuracy: {self.best_val_acc:.3f}")

    def _histories(self):
        names = ("loss_history", "train_acc_history", "val_acc_history")
        return {name: np.array(getattr(self, name)) for name in names}

    def _save_checkpoint(self):
        if self.checkpoint_name is None:
            return
        path = f"{self.checkpoint_name}_epoch_{self.epoch}.npz"
        np.savez(path, epoch=self.epoch, **self.model.params, **self._histories())
