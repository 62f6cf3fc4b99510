"""Training: batches, updates, histories. Knows nothing of what a model computes."""

import sys

import numpy as np


class DataLoader:
    """Cuts data into batches, in a new random order every time one iterates over it.

    Parameters
    ----------
    data, labels : arrays of the same length N
    batch_size : int
        Examples that do not fill a last batch wait for the next order.
    """

    def __init__(self, data, labels, batch_size):
        self.data, self.labels = data, labels
        self.batch_size = min(batch_size, len(data))

    def __len__(self):
        return len(self.data) // self.batch_size

    def __iter__(self):
        order = np.random.permutation(len(self.data))
        for number in range(len(self)):
            rows = order[number * self.batch_size : (number + 1) * self.batch_size]
            yield self.data[rows], self.labels[rows]


def compute_acc(model, data, labels, num_samples=None, batch_size=200):
    """The share of examples whose highest score is at their label.

    Parameters
    ----------
    model : Module
        Used with ``is_training=False``.
    data : array of shape (N, ...)
    labels : integer array of shape (N,)
    num_samples : int or None
        Look at the first so many examples only.
    """
    data, labels = data[:num_samples], labels[:num_samples]
    right = 0
    for start in range(0, len(data), batch_size):
        scores = model.forward(data[start : start + batch_size], False)
        right += int(np.sum(np.argmax(scores, axis=1) == labels[start : start + batch_size]))
    return right / len(data)


def train_net(
    data,
    model,
    loss_func,
    optimizer,
    batch_size,
    max_epochs,
    lr_decay=1.0,
    lr_decay_every=1000,
    show_every=None,
    verbose=True,
    regularization="none",
    reg_lambda=0.0,
):
    """Train a model, and give it the parameters of its best epoch.

    One update sends a batch through ``model.forward(feat, True)`` and ``loss_func.forward``, the
    gradient back through ``loss_func.backward()`` and ``model.backward`` (which takes
    `regularization` and `reg_lambda`), and lets the optimizer do a ``step()``.

    Parameters
    ----------
    data : dict
        ``data["data_train"]`` and ``data["data_val"]`` are pairs (images, labels).
    model : Module
    loss_func : cross_entropy
    optimizer : Optimizer of ``model.net``
    batch_size, max_epochs : int
        An epoch has ``N // batch_size`` updates.
    lr_decay : float
        After every `lr_decay_every` updates, counted over all epochs, ``optimizer.lr`` is
        multiplied by this.
    lr_decay_every : int
    show_every : int or None
        Print the loss of every so many updates.
    verbose : bool
        False prints nothing at all.
    regularization, reg_lambda : see `Module.backward`

    Returns
    -------
    opt_params : dict of arrays
        The parameters at the best validation accuracy; the model has them too.
    loss_hist : list of float
        What `loss_func` said in every update; the regulariser is not part of it.
    train_acc_hist, val_acc_hist : list of float
        One accuracy for each epoch.
    """
    images, labels = data["data_train"]
    loader = DataLoader(images, labels, batch_size)
    opt_params, best = None, -1.0
    loss_hist, train_acc_hist, val_acc_hist = [], [], []
    for epoch in range(1, max_epochs + 1):
        for feat, label in loader:
            # about five lines: one update, its loss appended to loss_hist, the decay of the rate
            raise NotImplementedError("TODO(train_net)")
            if verbose and show_every and len(loss_hist) % show_every == 0:
                print(f"update {len(loss_hist)}: loss {loss_hist[-1]:.4f}")
        train_acc_hist.append(compute_acc(model, images, labels, num_samples=1000))
        val_acc_hist.append(compute_acc(model, *data["data_val"]))
        if val_acc_hist[-1] > best:
            best = val_acc_hist[-1]
            opt_params = {name: np.array(value) for name, value in model.net.params.items()}
        if verbose:
            _show_epoch(epoch, max_epochs, train_acc_hist[-1], val_acc_hist[-1])
    model.net.load(opt_params)
    return opt_params, loss_hist, train_acc_hist, val_acc_hist


def _show_epoch(epoch, max_epochs, train, val):
    """One line that each epoch writes over, so that a long training stays short on paper."""
    end = "\n" if epoch == max_epochs else ""
    text = f"epoch {epoch}/{max_epochs}: accuracy {train:.3f} in training, {val:.3f} in validation"
    sys.stdout.write(f"\r{text}{end}")
    sys.stdout.flush()
