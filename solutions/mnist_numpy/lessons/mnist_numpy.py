# %% [markdown]
# # [[= assignment.title ]]
#
# Below is a program of some thirty lines that learns to read handwritten digits. It is short
# because PyTorch does the work: it keeps the parameters, computes the loss, finds the gradients
# and takes the steps. In this notebook you write the same program with NumPy alone, and then you
# know what those thirty lines do.
#
# ```python
# import torch
# from torch import nn
# from torch.utils.data import DataLoader, TensorDataset
#
# model = nn.Sequential(
#     nn.Flatten(),
#     nn.Linear(784, 256),
#     nn.ReLU(),
#     nn.Linear(256, 256),
#     nn.ReLU(),
#     nn.Linear(256, 10),
# )
# criterion = nn.CrossEntropyLoss()
# optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
# batches = DataLoader(
#     TensorDataset(images, labels), batch_size=200, shuffle=True, drop_last=True
# )
#
# for epoch in range(20):
#     batch_losses = []
#     for x, y in batches:
#         loss = criterion(model(x), y)
#         optimiser.zero_grad()
#         loss.backward()
#         optimiser.step()
#         batch_losses.append(loss.item())
#     with torch.no_grad():
#         right = model(val_images).argmax(dim=1) == val_labels
#     print(epoch, sum(batch_losses) / len(batch_losses), right.float().mean())
# ```
#
# PyTorch need not be installed. If it is, a cell near the end runs this program beside yours.
#
# ## How it is marked
#
# Your code is run, and what it *does* is marked: which parameters it has, how it changes them,
# what it reports, what the trained network can do. Nothing that it prints counts, for or against.
#
# | step | points | what has to hold |
# |---|---|---|
# | 1 | [[= points.training_runs ]] | training runs and returns its history |
# | 2 | [[= (points.values() | list)[:10] | sum | int - points.training_runs ]] | as the program |
# | 3 | [[= points.twenty_epochs ]] | 20 epochs on the whole data set end in time |
# | 4 | [[= points.running_loss ]] | each epoch's own running loss falls over the epochs |
# | 5 | [[= (points.values() | list)[-4:] | sum | int - points.twenty_epochs ]] | high accuracy |
#
# Step 2 asks for the network, loss and settings of the program above; step 3 allows
# [[= assignment.training[assignment.dataset].seconds ]] seconds; step 5 asks that accuracy be
# measured correctly and be at least [[= "%.0f" | format(100 * threshold.held_back) ]] % on images
# that are held out. Accuracy varies with the images and the initial weights, so grading asks for
# [[= "%.0f" | format(100 * threshold.held_back_graded) ]] %.
#
# Every part below has a check cell. It tries a few known figures and is **not** the grading:
# hidden tests look at more, such as other sizes, a batch of one image, very large scores.
#
# *Autoreload is on: save a file in `mnist_net/`, and the next cell that you run uses it. If a
# result still looks old, restart the kernel (menu Kernel) and run all cells.*

# %% demo=true
# [[= first_cell ]]

# %%
# The data to work with: "mnist8k", 8,000 images of MNIST, and "digits", 1,797 smaller ones, are
# here. "mnist", the whole of it, needs the official files in a folder that the environment
# variable AUTOGRADER_DATA names. Grading uses "[[= assignment.dataset ]]".
DATASET = "[[= assignment.dataset ]]"

# %%
# %load_ext autoreload
# %autoreload 2
import importlib.util
import time

import matplotlib.pyplot as plt
import numpy as np

from mnist_net.data_utils import load_data
from mnist_net.expect import called, expect_accuracy, expect_close, expect_true
from mnist_net.gradient_check import eval_numerical_gradient
from mnist_net.hand_in import check_and_zip
from mnist_net.network import Network, cross_entropy
from mnist_net.settings import load_settings
from mnist_net.training import accuracy, train
from mnist_net.vis_utils import visualize_grid
from mnist_net.weights import expect_weights, save_weights

# %matplotlib inline
course = load_settings(DATASET)
SETTINGS = course.training
SECONDS = SETTINGS["seconds"]  # that twenty epochs may take
GOAL = course.goals["held_back"]  # the accuracy on the test images

data = load_data(DATASET, **SETTINGS["images"])
PIXELS = int(np.prod(data["X_train"].shape[1:]))
SIZES = (PIXELS, 256, 256, 10)
for name, value in data.items():
    print(f"{name:10} {value.dtype!s:8} {value.shape}")

# %% [markdown]
# The images come in three parts. The network learns from the *training* images; after every epoch
# it is tried on the *validation* images; the *test* images are kept for the very end. From every
# image the mean training image is subtracted, and all are divided by one number, so that the
# pixels are of size 1 around 0.
#
# An image has $28 \times 28$ pixels, so the network is 784-256-256-10. Your code takes the sizes
# from its arguments and writes no size as a number: with `"digits"`, $8 \times 8$ pixels, the same
# code builds 64-256-256-10.

# %% demo=true
first = [data["X_train"][data["y_train"] == digit][:10] for digit in range(10)]
images = np.concatenate(first) + data["mean_image"]
plt.figure(figsize=(5, 5))
plt.imshow(visualize_grid(images.transpose(0, 2, 3, 1)), cmap="gray", interpolation="nearest")
plt.title(f"{DATASET}: {len(data['X_train']):,} training images, ten of each digit")
plt.axis("off")
plt.show()

# %% [markdown]
# # 1. The loss: `nn.CrossEntropyLoss`
#
# The network gives every image $i$ ten *scores* $s_{i1}, \dots, s_{iC}$, any real numbers. The
# softmax makes them probabilities, and the loss is the mean negative log-probability of the labels:
#
# $$p_{ij} = \frac{e^{s_{ij}}}{\sum_{k=1}^{C} e^{s_{ik}}}, \qquad
# L = -\frac{1}{N} \sum_{i=1}^{N} \ln p_{i y_i}.$$
#
# The logarithm is the *natural* one. With base 2 the loss would be $1/\ln 2 \approx 1.44$ times
# as large; training would still look fine, and no loss would agree with PyTorch's.
#
# Its gradient is the reason why softmax and cross-entropy are kept together:
#
# $$\frac{\partial L}{\partial s_{ij}} = \frac{p_{ij} - [j = y_i]}{N},$$
#
# where $[j = y_i]$ is 1 for the right class and 0 for the others. *Each row sums to 0: what the
# right class gains, the others lose.*
#
# | name | shape | |
# |---|---|---|
# | `scores` | $(N, C)$ | one row for each image |
# | `y` | $(N,)$ | the right classes, integers from 0 to $C - 1$ |
# | `loss` | a number | |
# | `dscores` | $(N, C)$ | a gradient has the shape of what it belongs to |
#
# **Write `cross_entropy` in `mnist_net/network.py`** ([[= points.cross_entropy ]] point).

# %% check="cross_entropy"
scores = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
loss, dscores = called(cross_entropy, scores, np.array([2, 0]), gives=2)
hint = "Natural logarithm, each row by itself, mean over the rows."
rows, right = [0, 1], [2, 0]
by_column = tuple(
    np.mean(np.log(np.exp(s).sum(axis=0))[right] - s[rows, right])
    for s in (scores, scores - scores.max(axis=1, keepdims=True))
)
mistakes = {
    "Each column is divided by its own sum; it has to be each row.": by_column,
    "The logarithm has base 2; it has to be the natural one.": 0.753109126 / np.log(2),
    "It is the sum over the rows, and has to be their mean.": 2 * 0.753109126,
}
expect_close("loss", loss, 0.753109126, 1e-6, hint, mistakes)
expected = [[0.0450152867, 0.122364236, -0.167379523], [-0.333333333, 0.166666667, 0.166666667]]
expect_close("dscores", dscores, expected, hint="(probabilities - 1 at the right class) / N")
loss, _ = called(cross_entropy, np.zeros((5, 10)), np.arange(5), gives=2)
expect_close("the loss of guessing among 10", loss, np.log(10))

# %% [markdown]
# Scores can be large, and $e^{1000}$ is no float. Subtract the largest score of a row from the
# whole row: numerator and denominator shrink by the same factor, so no probability changes, and
# the largest exponent is $e^0$. Take the logarithm of the *sum* rather than of a probability
# that may have become 0 ([[= points.large_scores ]] points).

# %% check="large_scores"
scores = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, -1e4]])
with np.errstate(all="ignore"):
    loss, dscores = called(cross_entropy, scores, np.array([1, 2]), gives=2)
mistakes = {
    "This comes out where nothing is subtracted from the scores: exp(10000) overflows.": np.nan,
    "A probability was rounded to 0, and its logarithm taken: log(0).": np.inf,
    "The largest score of the whole batch is subtracted; it has to be that of each row.": -np.inf,
}
hint = "Can `exp` overflow, and can a probability be 0 before its logarithm is taken?"
expect_close("loss", loss, (1e4 + np.log(3)) / 2, 1e-6, hint, mistakes)
expect_close("dscores", dscores, [[0.5, -0.5, 0.0], [1 / 6, 1 / 6, -1 / 3]])

# %% [markdown]
# # 2. The network: three `nn.Linear`, two `nn.ReLU`
#
# ## 2.1 Parameters
#
# `params` is a dictionary. With `sizes = (D, H1, H2, C)`:
#
# | name | shape | | name | shape |
# |---|---|---|---|---|
# | `W1` | $(D, H_1)$ | | `b1` | $(H_1,)$ |
# | `W2` | $(H_1, H_2)$ | | `b2` | $(H_2,)$ |
# | `W3` | $(H_2, C)$ | | `b3` | $(C,)$ |
#
# Where should training begin? If all weights were equal, all units of a layer would compute the
# same, get the same gradient, and stay equal for ever: they have to be random. If they are too
# large, the first probabilities are 0 or 1 and the loss enormous; too small, and hardly any
# signal reaches the other end. PyTorch draws the weights and the biases of a layer with $n$ inputs
# uniformly from $[-1/\sqrt n, 1/\sqrt n]$: a standard deviation of 0.02 for 784 inputs and of 0.036
# for 256. Other random initialisations of that order of size will do; much smaller ones will not.
# With a standard deviation of 0.002 in every layer the twenty epochs end near 35 % accuracy, and
# with 0.001 at 10 %, no better than a guess.
#
# Single precision (`np.float32`) is exact enough, and takes about half the time.
#
# **Write `Network.__init__`** ([[= points.network_init ]] points for names and shapes,
# [[= points.initial_spread ]] for initial weights that can be trained).

# %% check="network_init"
network = Network(SIZES, seed=0)
for layer in (1, 2, 3):
    shape = SIZES[layer - 1], SIZES[layer]
    weights, biases = network.params[f"W{layer}"], network.params[f"b{layer}"]
    found = f"W{layer} has shape {weights.shape}"
    turned = " It is the transpose." if weights.shape == shape[::-1] else ""
    expect_true(weights.shape == shape, found, f"{found}, expected {shape}.{turned}")
    found = f"b{layer} has {biases.size} numbers"
    expect_true(biases.size == shape[1], found, f"{found}, expected {shape[1]}.")

# %% check="initial_spread"
for layer, inputs in ((1, PIXELS), (2, 256), (3, 256)):
    spread, usual = network.params[f"W{layer}"].std(), 1 / np.sqrt(3 * inputs)
    found = f"W{layer}: standard deviation {spread:.4f}; PyTorch's has {usual:.4f}"
    close = 0.4 <= spread / usual <= 3
    expect_true(close, found, f"{found}. It should be between 0.4 and 3 times as large.")

# %% [markdown]
# ## 2.2 Forward
#
# With $R$ the images as rows of $D$ numbers,
#
# $$\begin{aligned}
#   h_1 &= \max(0, R W_1 + b_1), \\
#   h_2 &= \max(0, h_1 W_2 + b_2), \\
#   s &= h_2 W_3 + b_3.
# \end{aligned}$$
#
# *No ReLU follows the last layer*, and no softmax either: it is part of the loss. Scores may be
# negative.
#
# **Write `Network.forward`** ([[= points.forward ]] points). Store in `self` what you will need
# on the way back.


# %%
def example_network(sizes):
    """A network with known parameters in double precision, and none of them 0."""
    network = Network(sizes)
    for number, (name, value) in enumerate(sorted(network.params.items())):
        waves = np.sin(1.7 * np.arange(value.size) + number).reshape(value.shape)
        network.params[name] = waves
    return network


# %% check="forward"
network = example_network((4, 3, 3, 2))
X = np.array([[[1.0, 2.0], [3.0, 4.0]], [[-1.0, 0.5], [0.0, -2.0]]])
expected = [[0.922047301, -2.67346568], [0.118575168, -1.215672954]]
hint = "Each layer multiplies by W and adds b; a ReLU follows the first two."
mistakes = {"A ReLU follows the last layer; the scores have none.": np.maximum(expected, 0)}
expect_close("forward(X)", called(network.forward, X), expected, 1e-6, hint, mistakes)

# %% [markdown]
# ## 2.3 Backward: what `loss.backward()` does
#
# PyTorch writes down each operation of the forward pass and visits them in the opposite order.
# Each multiplies what comes back by its own derivative. On three operations and plain numbers:
#
# ![A computational graph for x = 3, w = 2, b = -1. Forward: the product is 6, the sum 5, the
# square L = 25. Backward: 1 at L, 10 at the sum and the product, so 10 for b, 30 for w and 20 for
# x.](pictures/computational_graph.svg)
#
# Your network does the same with matrices. Start from $G_3 = \partial L / \partial s$, which
# `cross_entropy` returns, and go back layer by layer. For the last one
#
# $$\begin{aligned}
#   \frac{\partial L}{\partial W_3} &= h_2^\top G_3, \\
#   \frac{\partial L}{\partial b_3} &= \sum_{i} (G_3)_{i}, \\
#   \frac{\partial L}{\partial h_2} &= G_3 W_3^\top.
# \end{aligned}$$
#
# The biases are added to every row, so the gradients of all rows add up:
#
# ![Forward, the same three biases are added to each of the four rows of the output. Backward, the
# four rows of dout are added up, column by column, and give the three numbers of
# db.](pictures/bias_gradient.svg)
#
# The ReLU of a *hidden* layer lets the gradient through where its output was positive, and stops
# it elsewhere:
#
# $$G_2 = \frac{\partial L}{\partial h_2} \odot [h_2 > 0].$$
#
# Then the same once more, with $W_2$ and $h_1$, and once more with $W_1$ and the images.
# **Scores pass no ReLU, so $G_3$ gets no mask.** Put one there, and every negative score stops
# learning; the network still trains, only worse, so the mistake is easy to miss.
#
# **Write `Network.backward`** ([[= points.backward ]] point).

# %% check="backward"
network = example_network((4, 6, 5, 3))
X = np.cos(np.arange(20.0)).reshape(5, 4)
y = np.array([0, 1, 2, 0, 1])
loss, grads = called(network.backward, X, y, gives=2)
scores = network.forward(X)
masked = cross_entropy(scores, y)[1] * (scores > 0)
hint = "It does not fit the loss that `backward` returns."
for name, value in reversed(network.params.items()):  # the last layer first, as on the way back
    measured = eval_numerical_gradient(lambda _: network.backward(X, y)[0], value)
    mistakes = {"It is the mean over the 5 examples, and has to be their sum.": measured / 5}
    if name == "b3":
        mistakes["G3 has the mask of a ReLU; no ReLU follows the scores."] = masked.sum(axis=0)
    row = name[0] == "b" and np.size(grads[name]) == value.size  # biases may be a row
    got = np.reshape(grads[name], value.shape) if row else grads[name]
    expect_close(f"grads[{name!r}]", got, measured, 1e-5, hint, mistakes)

# %% [markdown]
# # 3. Training: `DataLoader`, `optimiser.step()` and the loop
#
# ## 3.1 Accuracy
#
# **Write `accuracy` in `mnist_net/training.py`** ([[= points.running_accuracy ]] point): the
# share of images whose largest score is at their label. It counts *all* images that it gets, also
# when their number is no multiple of the batch size.

# %% check="running_accuracy"
network = Network((2, 4, 4, 2), seed=0)
X = np.random.default_rng(0).standard_normal((7, 2))
winners = network.forward(X).argmax(axis=1)
expect_close("accuracy, all right", called(accuracy, network, X, winners), 1.0)
expect_close("accuracy, all wrong", accuracy(network, X, 1 - winners), 0.0)
winners[:3] = 1 - winners[:3]
expect_close("accuracy, 4 of 7", accuracy(network, X, winners), 4 / 7)

# %% [markdown]
# ## 3.2 The loop
#
# One **epoch** visits every training image once, in a new random order (`shuffle=True`), cut into
# **batches**; images left over at the end, too few for a batch, sit this epoch out
# (`drop_last=True`). Every batch makes one **update** of every parameter,
#
# $$p \leftarrow p - \eta\, \frac{\partial L}{\partial p},$$
#
# with $\eta$ the learning rate and $L$ the mean loss of this batch. For each epoch you report
#
# - the **running loss**: the mean of the losses that its batches had, each before its update,
# - the **accuracy** on all validation images, after the epoch's last update.
#
# Begin a new mean with every epoch. A mean over all epochs so far falls *by construction*, even
# when the network has stopped learning, and lags behind in any case.
#
# **Write `train`** ([[= points.training_runs ]] points for running, and much depends on it).

# %% check="training_runs"
rng = np.random.default_rng(0)
X, y = rng.standard_normal((40, 2, 3)), rng.integers(3, size=40)
network = Network((6, 8, 8, 3), seed=0)
start = {name: np.copy(value) for name, value in network.params.items()}
history = called(train, network, X, y, X, y, batch_size=10, learning_rate=0.1, epochs=3, seed=0)
found = f"history has the keys {sorted(history)}"
expect_true(set(history) == {"loss", "accuracy"}, found, f"{found}, not accuracy and loss.")
counts = len(history["loss"]), len(history["accuracy"])
found = f"{counts[0]} losses and {counts[1]} accuracies in 3 epochs"
expect_true(counts == (3, 3), found, f"{found}; there is one of each for an epoch.")
finite = np.isfinite(history["loss"]).all()
expect_true(finite, "the losses are finite", f"history['loss'] is {history['loss']}.")
moved = [name for name, value in network.params.items() if not np.array_equal(value, start[name])]
found = f"{len(moved)} of 6 parameters have changed"
expect_true(len(moved) == 6, found, f"{found}: {moved}. Does every parameter get its update?")

# %% [markdown]
# How can one see from outside which rows a batch held? With a learning rate of 0 the network
# stays what it is, so the running loss is the mean over all rows that were visited; it
# equals the loss of the whole set exactly when every row came once
# ([[= points.shuffled_batches ]] points).

# %% check="shuffled_batches"
network = Network((6, 8, 8, 3), seed=0)
whole, _ = network.backward(X, y)
still = train(network, X, y, X, y, batch_size=10, learning_rate=0.0, epochs=2)
expect_close(
    "history['loss'] at rate 0",
    still["loss"],
    [whole, whole],
    tolerance=1e-5,
    hint="Every row once in each epoch, together with its own label.",
)

# %% [markdown]
# With 7 rows more than fill the batches, the parameters must end where the full batches alone
# lead. Here all rows are equal, so that it does not matter which ones are left out
# ([[= points.last_batch ]] points).

# %% check="last_batch"
alike, labels = np.ones((47, 6)), np.full(47, 2)
ends = []
for rows in (40, 47):
    network = Network((6, 8, 8, 3), seed=0)
    train(network, alike[:rows], labels[:rows], X, y, batch_size=10, learning_rate=0.1, epochs=2)
    ends.append(network.params["b3"])
expect_close("b3 after 47 rows in batches of 10", ends[1], ends[0], hint="Leave out what is over.")

# %% [markdown]
# The running loss of an epoch is its own. Train for two epochs at once, and for one epoch twice:
# on equal rows the second epoch is the same either way.

# %% check="running_loss"
network = Network((6, 8, 8, 3), seed=0)
both = train(network, alike, labels, X, y, batch_size=10, learning_rate=0.1, epochs=2)["loss"]
network = Network((6, 8, 8, 3), seed=0)
once, again = (
    train(network, alike, labels, X, y, batch_size=10, learning_rate=0.1, epochs=1)["loss"][0]
    for _ in range(2)
)
mistakes = {
    "The mean goes over all epochs so far; each epoch has a mean of its own.": [
        once,
        (once + again) / 2,
    ]
}
hint = "Begin a new mean every epoch."
expect_close("the two running losses", both, [once, again], 1e-6, hint, mistakes)
falls = f"The running loss goes from {both[0]:.4f} to {both[1]:.4f}"
expect_true(both[1] < both[0], falls, f"{falls}; it has to fall.")

# %% [markdown]
# The accuracy of an epoch is that of the network as it is after the epoch's last update, on the
# validation rows ([[= points.accuracy_history ]] point). Train for three epochs at once, and for
# one epoch three times; in between you measure the accuracy yourself.

# %% check="accuracy_history"
guesses = example_network((6, 8, 8, 3)).forward(X).argmax(axis=1)
network = example_network((6, 8, 8, 3))
shares = train(network, alike, labels, X, guesses, batch_size=10, learning_rate=0.02, epochs=3)
network, after = example_network((6, 8, 8, 3)), []
for _ in range(3):
    train(network, alike, labels, X, guesses, batch_size=10, learning_rate=0.02, epochs=1)
    after.append(accuracy(network, X, guesses))
mistakes = {
    "It is measured before each epoch; measure after the last update.": [1.0, *after[:-1]],
    "The mean goes over all epochs so far; an epoch counts alone.": np.cumsum(after) / [1, 2, 3],
}
hint = "Call `accuracy` with X_val and y_val after the last update of each epoch."
expect_close("the three accuracies", shares["accuracy"], after, 1e-6, hint, mistakes)

# %% [markdown]
# ## 3.3 Settings
#
# **Find batch size, learning rate and number of epochs in the PyTorch program and write them
# at the top of `mnist_net/training.py`** ([[= points.hyper_parameters ]] points). `train` uses
# them where it is called without others. The hidden test does not read the three lines; it
# counts your updates and measures how long they are.

# %% check="hyper_parameters"
network = example_network((6, 8, 8, 3))
alike, labels = np.ones((400, 6)), np.full(400, 2)
losses = train(network, alike, labels, alike[:5], labels[:5])["loss"]
found = f"{len(losses)} epochs"
expect_true(len(losses) == 20, found, f"{found}; the program has 20.")
expect_close("the first running loss", losses[0], 0.8319501378, hint="Batch size, rate?")
expect_close("the last running loss", losses[-1], 0.0031487453, hint="Batch size, rate?")

# %% [markdown]
# # 4. Twenty epochs

# %% demo=true
network = Network(SIZES, seed=1)
started = time.perf_counter()
history = train(network, data["X_train"], data["y_train"], data["X_val"], data["y_val"], seed=1)
seconds = time.perf_counter() - started
for epoch, (loss, share) in enumerate(zip(history["loss"], history["accuracy"], strict=True)):
    print(f"epoch {epoch + 1:2}: running loss {loss:.4f}, validation accuracy {100 * share:.2f} %")
print(f"{seconds:.1f} s")

# %% check="twenty_epochs"
found = f"{len(history['loss'])} losses and {len(history['accuracy'])} accuracies"
complete = len(history["loss"]) == len(history["accuracy"]) == 20
expect_true(complete, found, f"{found}; twenty epochs have 20 of each.")
took = f"{seconds:.0f} s; {SECONDS:.0f} s are allowed"
expect_true(seconds < SECONDS, took, f"{took}.")

# %% [markdown]
# The PyTorch program, run on 48,000 images of MNIST, had a running loss of 0.9591 in its first
# epoch and 0.0455 in its twentieth, and was then right on 97.52 % of 12,000 held-out images. With
# [[= "{:,}".format(assignment.training[assignment.dataset].images.num_train) ]] images an epoch has
# [[= (assignment.training[assignment.dataset].images.num_train / 200) | int ]] batches, so twenty
# epochs are [[= 20 * (assignment.training[assignment.dataset].images.num_train / 200) | int ]]
# updates instead of 4,800. The loss may fall as far, but the accuracy on held-out images stays
# lower: the fewer training images there are, the more the network overfits them.


# %% demo=true
def show_histories(histories):
    """Draw running loss and validation accuracy of several runs side by side."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6))
    for label, one in histories.items():
        epochs = np.arange(1, len(one["loss"]) + 1)
        left.plot(epochs, one["loss"], "-o", markersize=4, label=label)
        right.plot(epochs, one["accuracy"], "-o", markersize=4, label=label)
    right.axhline(GOAL, color="0.4", linestyle="--", label=f"threshold on the test set: {GOAL:g}")
    left.set(title="Running loss", xlabel="epoch", ylabel="mean loss of a batch", ylim=(0, None))
    right.set(title="Validation accuracy", xlabel="epoch", ylabel="share right", ylim=(0, 1.03))
    for axes in (left, right):
        axes.set_xticks(np.arange(0, len(epochs) + 1, 5))
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    figure.tight_layout()
    plt.show()


show_histories({"NumPy": history})

# %% [markdown]
# Now the test set, which training has not seen ([[= points.held_back_accuracy ]] points):
# [[= "%.0f" | format(100 * threshold.held_back) ]] % of them have to be right. The hidden test
# trains with other images and asks for
# [[= "%.0f" | format(100 * threshold.held_back_graded) ]] %, since accuracy varies a little.
# [[= assignment.training_grades.statement ]]

# %% demo=true
save_weights(network)  # writes weights.npz; run it again whenever you have trained again

# %% check="held_back_accuracy"
reached = accuracy(network, data["X_test"], data["y_test"])
expect_accuracy(reached, GOAL, "on test images")
if course.weights_count:
    expect_weights(network)

# %% [markdown]
# Which images are misclassified, and how confident is the network then? Above each image is the
# prediction with its probability, and the label.

# %% demo=true
scores = network.forward(data["X_test"])
shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
probabilities = shifted / shifted.sum(axis=1, keepdims=True)
guesses = scores.argmax(axis=1)
wrong = np.flatnonzero(guesses != data["y_test"])
print(f"{len(wrong)} of {len(scores)} test images are misclassified")
figure, panels = plt.subplots(2, 6, figsize=(10, 4))
for axes in panels.flat:
    axes.axis("off")
for axes, row in zip(panels.flat, wrong, strict=False):
    image = (data["X_test"][row] + data["mean_image"])[0]
    axes.imshow(image, cmap="gray", interpolation="nearest")
    sure = 100 * probabilities[row, guesses[row]]
    axes.set_title(f"{guesses[row]} ({sure:.0f} %), is {data['y_test'][row]}", fontsize=9)
figure.tight_layout()
plt.show()

# %% [markdown]
# ## Beside PyTorch
#
# If PyTorch is installed, this cell trains its network from the very parameters that yours
# starts with. Only the order of the images differs, so the curves should be hard to tell apart. If
# they are not, the architecture, the loss or the settings differ.


# %% demo=true
def train_with_pytorch(params, epochs=20):
    """The program at the top of this notebook, from given parameters."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(0)
    linear = [nn.Linear(*params[f"W{layer}"].shape) for layer in (1, 2, 3)]
    for layer, module in enumerate(linear, start=1):
        module.weight.data = torch.tensor(params[f"W{layer}"].T, dtype=torch.float32)
        module.bias.data = torch.tensor(params[f"b{layer}"].reshape(-1), dtype=torch.float32)
    model = nn.Sequential(nn.Flatten(), linear[0], nn.ReLU(), linear[1], nn.ReLU(), linear[2])
    X_train, y_train, X_val, y_val = (
        torch.tensor(data[name]) for name in ("X_train", "y_train", "X_val", "y_val")
    )
    batches = DataLoader(TensorDataset(X_train, y_train), 200, shuffle=True, drop_last=True)
    criterion, result = nn.CrossEntropyLoss(), {"loss": [], "accuracy": []}
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(epochs):
        losses = []
        for x, y in batches:
            loss = criterion(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        with torch.no_grad():
            right = model(X_val).argmax(dim=1) == y_val
        result["loss"].append(float(np.mean(losses)))
        result["accuracy"].append(float(right.float().mean()))
    return result


if importlib.util.find_spec("torch"):
    pytorch = train_with_pytorch(Network(SIZES, seed=1).params)
    show_histories({"NumPy": history, "PyTorch": pytorch})
else:
    print("PyTorch is not installed, and nothing else here needs it.")

# %% [markdown]
# # 5. Hand in
#
# Save the notebook (Ctrl+S), then run this cell. It lists every part with its state, says what
# would keep a file from being graded as you see it, and packs the files that are graded into
# `submission.zip`. Hand that in. Open parts cost their own points only.

# %% demo=true
_ = check_and_zip(
    "submission.zip",
    logs=["weights.npz"],
)
