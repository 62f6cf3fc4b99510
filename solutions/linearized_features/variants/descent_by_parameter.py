"""Descent, one parameter after the other. A variant: right, and unlike the reference."""

import copy

import numpy as np

from . import shallow


def gradient_step(params, matrix, residual, learning_rate):
    new, column = {}, 0
    for name in sorted(params, key=lambda name: (name[1:], name)):
        block = matrix[:, column : column + params[name].size]
        slope = (block * np.reshape(residual, (-1, 1))).mean(axis=0)
        new[name] = params[name] - learning_rate * slope.reshape(params[name].shape)
        column += params[name].size
    return new


def train(params, x, y, predict, features, learning_rate=0.05, steps=2000, every=100):
    now = copy.deepcopy(params)
    snapshots, losses = [copy.deepcopy(now)], ()
    for k in range(steps):
        error = predict(now, x) - y
        losses += (np.mean(error**2) / 2,)
        new = gradient_step(now, features(now, x), error, learning_rate)
        for name in now:
            now[name][...] = new[name]
        if (k + 1) % every == 0:
            snapshots.append({name: value.astype("float32") for name, value in now.items()})
        if k % 10 == 0:
            print("step", k, "loss", losses[-1])
    return {"losses": losses, "snapshots": tuple(snapshots)}


def elbow_path(snapshots):
    return [list(shallow.elbows(snapshot)) for snapshot in snapshots]
