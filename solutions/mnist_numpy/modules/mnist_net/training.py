"""Training by stochastic gradient descent. Knows of a network only `params` and its methods."""

import numpy as np

# The settings of the PyTorch program; `train` uses them where it is called without others.
### BEGIN SOLUTION hyper_parameters
### STUB BATCH_SIZE = ...  # TODO(hyper_parameters)
### STUB LEARNING_RATE = ...  # TODO(hyper_parameters)
### STUB EPOCHS = ...  # TODO(hyper_parameters)
BATCH_SIZE = 200
LEARNING_RATE = 0.1
EPOCHS = 20
### END SOLUTION


def accuracy(network, X, y):
    """The share of examples whose largest score is at their label.

    Parameters
    ----------
    network : Network
    X : array of shape (N, d_1, ..., d_k)
    y : integer array of shape (N,)

    Returns
    -------
    share : float, from 0 to 1
        Of all N examples, whatever N is.
    """
    ### BEGIN SOLUTION running_accuracy
    return float(np.mean(network.forward(X).argmax(axis=1) == y))
    ### END SOLUTION


def train(
    network,
    X_train,
    y_train,
    X_val,
    y_val,
    batch_size=BATCH_SIZE,
    learning_rate=LEARNING_RATE,
    epochs=EPOCHS,
    seed=None,
):
    """Train a network by stochastic gradient descent, and report on every epoch.

    An epoch visits every training example once, in a random order of its own, in batches of
    `batch_size`. Examples that are left over, too few for a batch, are left out of that epoch.
    For every batch there is one update of every parameter,

        p <- p - learning_rate * dL/dp,

    with the gradient of the mean loss of that batch. After the epoch's last update the network is
    tried on the validation examples, which are used for nothing else.

    Parameters
    ----------
    network : Network
        Its `params` are what is trained: when this returns they are the ones of the last update.
    X_train : array of shape (N, d_1, ..., d_k)
    y_train : integer array of shape (N,)
    X_val, y_val : likewise, M examples
    batch_size : int
    learning_rate : float
    epochs : int
    seed : int or None
        Makes the order of the examples repeatable, through the generator `rng`.

    Returns
    -------
    history : dict
        ``history["loss"]``, one number for each epoch: its running loss, the mean over the
        batches of that epoch alone of the batch's loss before its update.
        ``history["accuracy"]``, one number for each epoch: the accuracy on all M validation
        examples after that epoch.
    """
    rng = np.random.default_rng(seed)
    history = {"loss": [], "accuracy": []}
    ### BEGIN SOLUTION training_runs
    examples = X_train.reshape(len(X_train), -1).astype(network.params["W1"].dtype)
    whole_batches = len(examples) // batch_size
    for _ in range(epochs):
        order = rng.permutation(len(examples))[: whole_batches * batch_size]
        losses = []
        for rows in order.reshape(whole_batches, batch_size):
            loss, grads = network.backward(examples[rows], y_train[rows])
            losses.append(loss)
            for name, grad in grads.items():
                network.params[name] -= learning_rate * grad
        history["loss"].append(float(np.mean(losses)))
        history["accuracy"].append(accuracy(network, X_val, y_val))
    ### END SOLUTION
    return history
