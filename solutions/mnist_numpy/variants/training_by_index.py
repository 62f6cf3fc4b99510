"""Training by lists of rows. A variant: right, and unlike the reference."""

import random

import numpy as np

BATCH_SIZE, LEARNING_RATE, EPOCHS = 200, 1e-1, 20


def accuracy(network, X, y):
    return (np.argmax(network.forward(X), axis=1) == np.asarray(y)).sum() / len(y)


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
    random.seed(seed)
    losses, accuracies = [], []
    for epoch in range(epochs):
        rows = list(range(len(X_train)))
        random.shuffle(rows)
        total, batches = 0, 0
        while len(rows) >= batch_size:
            batch, rows = rows[:batch_size], rows[batch_size:]
            loss, grads = network.backward(X_train[batch], y_train[batch])
            network.params = {
                name: value - learning_rate * grads[name] for name, value in network.params.items()
            }
            total, batches = total + loss, batches + 1
        losses.append(total / batches)
        accuracies.append(accuracy(network, X_val, y_val))
        print(f"epoch {epoch}: {losses[-1]:.4f} {accuracies[-1]:.2%}")
    return {"loss": np.array(losses), "accuracy": tuple(accuracies)}
