# %% [markdown]
# # [[= assignment.title ]]
#
# In this notebook you build neural networks out of parts that you write yourself, in NumPy and
# nothing else. Every part is a *layer* that can do two things: compute its output, and, given how
# the loss changes with its output, say how the loss changes with its input and its parameters.
# The second is **backpropagation**. Once each layer can do it, networks of any depth follow by
# putting layers in a row.
#
# You will
#
# 1. write an affine layer, a ReLU and two losses, each forward and backward,
# 2. join them into a network with one hidden layer, and into networks of any depth,
# 3. train them by stochastic gradient descent, look at what they learned, and tune them,
# 4. write predictions to a file, answer a few questions, and hand in.
#
# There are [[= total_points ]] points, and [[= bonus_points ]] more of extra credit in
# `training_deep_nets.ipynb`, which goes on from here. Each part is followed by a check cell. It
# compares your work with a few known figures and is **not** the grading: hidden tests look at more
# cases, such as other shapes, very large scores, or inputs that must not change.
#
# *Autoreload is on: save a file in `nn/`, and the next cell that you run uses it. If a
# result still looks old, restart the kernel (menu Kernel) and run all cells.*

# %% demo=true
# [[= first_cell ]]

# %%
# The data to work with: "mnist8k", 8,000 images of MNIST, and "digits", 1,797 smaller ones, are
# here. "shapes" is drawn by the computer. "mnist" and "cifar10" need their official files in a
# folder that the environment variable AUTOGRADER_DATA names. Grading uses
# "[[= assignment.dataset ]]".
DATASET = "[[= assignment.dataset ]]"

# %%
# %load_ext autoreload
# %autoreload 2
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from nn.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from nn.data_utils import load_data, save_csv
from nn.expect import (
    called,
    expect_accuracy,
    expect_close,
    expect_intervals,
    expect_near,
    expect_options,
    expect_true,
    expect_written,
)
from nn.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array
from nn.hand_in import check_and_zip
from nn.layer_utils import affine_relu_backward, affine_relu_forward
from nn.layers import (
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
    svm_loss,
)
from nn.optim import sgd
from nn.settings import load_settings
from nn.solver import Solver
from nn.vis_utils import plot_histories, show_weights, visualize_grid
from nn.weights import expect_weights, save_weights

# %matplotlib inline
plt.rcParams["image.interpolation"] = "nearest"

# %%
# What a trained network has to reach on this data set, and the settings which part 4 trains with.
course = load_settings(DATASET)
GOALS, SETTINGS = course.goals, course.training

# %%
data = load_data(DATASET, **SETTINGS["images"])
for name, array in data.items():
    print(f"{name:10} {array.dtype!s:8} {array.shape}")

IMAGE_SHAPE = data["X_train"].shape[1:]  # channels, height, width
INPUT_DIM = data["X_train"][0].size  # numbers in one image
NUM_CLASSES = int(data["y_train"].max()) + 1

# %% [markdown]
# The data come in three parts. The network learns from the *training* set. The *validation* set
# tells you which settings are better. The *test* set is used once, at the end: an accuracy that you
# have tuned for is too optimistic, so keep held-out images that you have not tuned on.
#
# From every image the mean training image is subtracted, and everything is divided by the
# standard deviation of the training pixels. Numbers of size 1 around 0 are what a freshly
# initialised network handles best. To show an image, add `mean_image` again.

# %% demo=true
examples = np.concatenate([data["X_train"][data["y_train"] == k][:10] for k in range(NUM_CLASSES)])
plt.figure(figsize=(5, 5))
examples = examples + data["mean_image"]
plt.imshow(visualize_grid(examples.transpose(0, 2, 3, 1)), cmap="gray")
plt.title(f"{DATASET}: one class after the other")
plt.axis("off")
plt.show()

# %% [markdown]
# ## Notation
#
# | symbol | shape | meaning |
# |---|---|---|
# | $N$ | | examples in a batch |
# | $D$ | | numbers in one example (pixels times channels) |
# | $M$, $H$ | | outputs of a layer; units of a hidden layer |
# | $C$ | | classes |
# | $x$ | $(N, d_1, \dots, d_k)$ | a batch; $D = d_1 \cdots d_k$ |
# | $R$ | $(N, D)$ | the same batch with each example as one row |
# | $w$, $b$ | $(D, M)$, $(M,)$ | weights and biases of an affine layer |
# | $L$ | a number | the loss |
# | `dout`, `dx`, `dw` | as `out`, `x`, `w` | $\partial L/\partial$`out` etc.: the gradients |
#
# The last row holds throughout: **a gradient has the shape of the thing it belongs to.** If
# you get lost among transposes, the shapes usually leave only one way to multiply.

# %% [markdown]
# # 1. Layers
#
# ## 1.1 The affine layer, forward
#
# Each output is a weighted sum of all the numbers of an example, plus a bias:
#
# $$\text{out}_{nm} = \sum_{d=1}^{D} R_{nd}\, w_{dm} + b_m,$$
#
# or, as matrices,
#
# $$\text{out} = R\,w + b.$$
#
# Examples may be images of any shape $(d_1, \dots, d_k)$; flatten each to a row first. The
# vector $b$ is added to every row.
#
# ![Two examples of 2 x 3 numbers each on the left. On the right each has become one row of six
# numbers, so that x of shape (2, 2, 3) is R of shape (2, 6).](pictures/flattening.svg)
#
# **Write `affine_forward` in `nn/layers.py`** ([[= points.affine_forward ]] points). It returns
# the output and a *cache*: whatever your backward step will need. Nobody else looks into it.

# %% check="affine_forward"
x = np.linspace(-0.1, 0.5, num=2 * 4 * 5 * 6).reshape(2, 4, 5, 6)
w = np.linspace(-0.2, 0.3, num=4 * 5 * 6 * 3).reshape(4 * 5 * 6, 3)
b = np.linspace(-0.3, 0.1, num=3)
out, _ = called(affine_forward, x, w, b, gives=2)
expect_close(
    "affine_forward(x, w, b)[0]",
    out,
    [[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]],
    1e-8,
    "Is every example flattened to one row, and is `b` added to each row?",
)

# %% [markdown]
# ## 1.2 Backpropagation, and the affine layer backward
#
# A network is a chain of functions with a single number, the loss, at its end. Suppose somebody
# behind our layer has already found out how $L$ changes with each of the layer's outputs; that is
# `dout`, $\partial L/\partial\,\text{out}_{nm}$. The chain rule then gives what the layer's
# inputs do to $L$: go through every output that an input reaches, multiply, and add up. For one
# weight,
#
# $$\begin{aligned}
#   \frac{\partial L}{\partial w_{dm}}
#   &= \sum_{n} \frac{\partial L}{\partial\,\text{out}_{nm}}
#               \frac{\partial\,\text{out}_{nm}}{\partial w_{dm}} \\
#   &= \sum_{n} \text{dout}_{nm}\, R_{nd},
# \end{aligned}$$
#
# since $w_{dm}$ enters $\text{out}_{nm}$ with the factor $R_{nd}$, for every example $n$, and no
# other column of the output. That sum over $n$ is a matrix product:
#
# $$dw = R^\top\, \text{dout}.$$
#
# In the same way $R_{nd}$ reaches all $M$ outputs of its own example with the factors $w_{dm}$,
# and $b_m$ reaches $\text{out}_{nm}$ of all examples with the factor 1:
#
# $$\begin{aligned}
#   dR_{nd} &= \sum_m \text{dout}_{nm}\, w_{dm}, \quad\text{so}\quad dR = \text{dout}\; w^\top, \\
#   db_m &= \sum_n \text{dout}_{nm}.
# \end{aligned}$$
#
# `dx` is `dR` brought back to the shape of `x`. Nothing here had to know what comes behind the
# layer: that is why layers can be put together freely.
#
# ![Forward, the same three biases are added to each of the four rows of the output. Backward, the
# four rows of dout are added up, column by column, and give the three numbers of
# db.](pictures/bias_gradient.svg)
#
# The simplest network of all is a chain of three operations on numbers, $L = (w x + b)^2$.
# Forward, each operation computes its value (blue). Backward, each multiplies what comes back by
# its own derivative (red): the square by $2 \cdot 5$, the sum by 1 on both sides, and the
# product by the *other* factor.
#
# ![A computational graph for x = 3, w = 2, b = -1. Forward: the product is 6, the sum 5, the
# square L = 25. Backward: 1 at L, 10 at the sum and the product, so 10 for b, 30 for w and 20 for
# x.](pictures/computational_graph.svg)
#
# **Gradient checking.** A derivative can also be *measured*: move one number by a small $h$ to both
# sides and see how $L$ moves, $\big(L(w+h) - L(w-h)\big) / 2h$. That takes two evaluations for
# each number: too slow for training, and just right for a test.
# `eval_numerical_gradient_array(f, x, dout)` does it for a layer.

# %% demo=true
# The graph above: L = (w x + b)^2 at x = 3, w = 2, b = -1.
h = 1e-5
measured = (((2 + h) * 3 - 1) ** 2 - ((2 - h) * 3 - 1) ** 2) / (2 * h)
print(f"dL/dw by the chain rule 30, measured {measured:.6f}")

# %% [markdown]
# **Write `affine_backward` in `nn/layers.py`** ([[= points.affine_backward ]] points).

# %% check="affine_backward"
rng = np.random.default_rng(0)
x, w, b = rng.normal(size=(10, 2, 3)), rng.normal(size=(6, 5)), rng.normal(size=5)
dout = rng.normal(size=(10, 5))
_, cache = called(affine_forward, x, w, b, gives=2)
dx, dw, db = called(affine_backward, dout, cache, gives=3)
what = "affine_backward(dout, cache):"
mean = "It is the mean over the 10 examples, and has to be their sum."
measured = eval_numerical_gradient_array(lambda x: affine_forward(x, w, b)[0], x, dout)
expect_close(f"{what} dx", dx, measured, hint="dx belongs to x and has its shape.")
measured = eval_numerical_gradient_array(lambda w: affine_forward(x, w, b)[0], w, dout)
hint = "dw sums over the examples."
expect_close(f"{what} dw", dw, measured, hint=hint, mistakes={mean: measured / 10})
measured = eval_numerical_gradient_array(lambda b: affine_forward(x, w, b)[0], b, dout)
hint = "db sums over the examples, too."
expect_close(f"{what} db", db, measured, hint=hint, mistakes={mean: measured / 10})

# %% [markdown]
# ## 1.3 ReLU, forward
#
# Two affine layers in a row are only one affine layer: $(R\,w_1 + b_1)\,w_2 + b_2$ is again a
# matrix times $R$ plus a vector. A *nonlinearity* has to stand between them. The simplest one that
# works is the *rectified linear unit* (ReLU), which lets positive numbers pass and stops negative
# ones:
#
# $$\operatorname{ReLU}(x) = \max(0, x),$$
#
# element by element.
#
# ![The input of a unit, z = 2x - 1, is a straight line. Its output, max(0, z), is 0 up to x = 0.5,
# has an elbow there, and then rises with slope 2.](pictures/relu_elbow.svg)
#
# **Write `relu_forward` in `nn/layers.py`** ([[= points.relu_forward ]] points). Leave `x` itself
# as it is: other parts of the network may still need it.

# %% check="relu_forward"
x = np.linspace(-0.5, 0.5, num=12).reshape(3, 4)
out, _ = called(relu_forward, x, gives=2)
expect_close(
    "relu_forward(x)[0]",
    out,
    [
        [0, 0, 0, 0],
        [0, 0, 0.04545455, 0.13636364],
        [0.22727273, 0.31818182, 0.40909091, 0.5],
    ],
    1e-7,
    "Negative numbers become 0, positive ones stay.",
    {"Negative numbers are left as they are.": x, "That is the absolute value.": np.abs(x)},
)

# %% [markdown]
# ## 1.4 ReLU, backward
#
# Each output depends on one input only, so the sum of the chain rule has one term:
#
# $$\begin{gathered}
#   \text{dx} = \text{dout} \cdot \operatorname{ReLU}'(x), \\[4pt]
#   \operatorname{ReLU}'(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0. \end{cases}
# \end{gathered}$$
#
# At $x = 0$ there is a corner and no derivative. It hardly ever occurs, and either value will do.
# Mind *which* array decides: it is the layer's input `x`, not `dout`.
#
# **Write `relu_backward` in `nn/layers.py`** ([[= points.relu_backward ]] points).

# %% check="relu_backward"
rng = np.random.default_rng(1)
x, dout = rng.normal(size=(10, 10)), rng.normal(size=(10, 10))
_, cache = called(relu_forward, x, gives=2)
measured = eval_numerical_gradient_array(lambda x: relu_forward(x)[0], x, dout)
expect_close(
    "relu_backward(dout, cache)",
    called(relu_backward, dout, cache),
    measured,
    hint="`dout` passes where x > 0 and is stopped where x < 0.",
    mistakes={
        "`dout` passes everywhere.": dout,
        "The mask is that of `dout` > 0, and has to be that of x > 0.": np.maximum(dout, 0),
    },
)

# %% [markdown]
# ## 1.5 When gradients vanish
#
# Other functions can stand in the place of ReLU. Going backward, each multiplies `dout` by its own
# derivative. Where that is 0, or nearly so, the layers in front of it learn nothing from this
# example: the gradient has *vanished*. Behind several such layers it is worse, for the factors
# multiply.

# %% demo=true
grid = np.linspace(-6, 6, 241)
curves = {
    r"sigmoid $1/(1+e^{-x})$": 1 / (1 + np.exp(-grid)),
    "ReLU max(0, x)": np.maximum(0, grid),
    "leaky ReLU max(0.1 x, x)": np.maximum(0.1 * grid, grid),
    "tanh x": np.tanh(grid),
}
figure, panels = plt.subplots(1, 4, figsize=(12, 2.6))
for axes, (title, values) in zip(panels, curves.items(), strict=True):
    axes.axhline(0, color="0.8", linewidth=1)
    axes.axvline(0, color="0.8", linewidth=1)
    axes.plot(grid, values, linewidth=2)
    axes.set(title=title, xlabel="x", ylabel="output")
    axes.spines[["top", "right"]].set_visible(False)
figure.tight_layout()
plt.show()

# %% [markdown]
# **Question `vanishing_activations`** ([[= points.vanishing_activations ]] points). For which of
# these functions is there a whole half-line of inputs (all $x$ below some number, or all $x$ above
# some number) on which the derivative is smaller than 0.01?
#
# - `"a"`: the sigmoid, $1/(1+e^{-x})$
# - `"b"`: ReLU, $\max(0, x)$
# - `"c"`: the leaky ReLU, $\max(0.1\,x, x)$
#
# Answer with a set of letters; if it were only the last one, you would write `{"c"}`.

# %%
### BEGIN SOLUTION vanishing_activations
### STUB vanishing_activations = ...  # TODO(vanishing_activations)
vanishing_activations = {"a", "b"}
### END SOLUTION

# %% check="vanishing_activations"
# This looks at the form of the answer only.
expect_options("vanishing_activations", vanishing_activations, ["a", "b", "c"])

# %% [markdown]
# **Question `vanishing_explanation`** (2 points, read by a person). Explain your choice: for each
# function that you named, why is the derivative small there, and what does that do to the layers in
# front of it? For each one that you did not name, why is it different? Three to five sentences.

# %% [markdown] manual="vanishing_explanation" points=2
# ### BEGIN SOLUTION vanishing_explanation
# ### STUB *Write your answer here, in place of this line. TODO(vanishing_explanation)*
# The sigmoid saturates: for large positive and for large negative $x$ its curve is flat, so its
# derivative $\sigma(x)(1 - \sigma(x))$ tends to 0. ReLU is constant for negative $x$, and its
# derivative there is exactly 0. The leaky ReLU still has slope 0.1 where ReLU has 0, so its
# derivative is never smaller than 0.1 (1 point for the reason in each of the three cases). Going
# backward, `dout` is multiplied by this derivative; where it is about 0, hardly any gradient
# reaches the weights of the layers in front, and they do not change for that example (1 point).
# ### END SOLUTION

# %% [markdown]
# **Question `vanishing_inputs`** ([[= points.vanishing_inputs ]] points). Call the gradient
# vanished where the function's derivative is smaller than 0.01. Give, as an interval of inputs,
#
# - `"sigmoid"`: all **positive** $x$ at which the gradient of $1/(1+e^{-x})$ has vanished,
# - `"tanh"`: all **positive** $x$ at which the gradient of $\tanh x$ has vanished,
# - `"relu"`: all $x$ at which the gradient of $\max(0, x)$ has vanished.
#
# Answer with a dictionary of pairs `(low, high)`, in numbers with at least three decimals where
# they are not whole. `float("inf")` and `-float("inf")` may be ends; whether an end itself belongs
# to the interval is not asked. For instance `{"sigmoid": (0.125, 3.0), "tanh": ..., "relu": ...}`.
# Find the ends with pencil and paper, or let NumPy search for them.

# %%
### BEGIN SOLUTION vanishing_inputs
### STUB vanishing_inputs = ...  # TODO(vanishing_inputs)
# The sigmoid's derivative is 1 / (2 cosh(x/2))^2, that of tanh is 1 / cosh(x)^2.
vanishing_inputs = {
    "sigmoid": (2 * np.arccosh(5.0), float("inf")),
    "tanh": (np.arccosh(10.0), float("inf")),
    "relu": (-float("inf"), 0.0),
}
### END SOLUTION

# %% check="vanishing_inputs"
# This looks at the form of the answer only.
expect_intervals("vanishing_inputs", vanishing_inputs, ["sigmoid", "tanh", "relu"])

# %% [markdown]
# ## 1.6 Two layers joined
#
# An affine layer is nearly always followed by a ReLU, so we join the two. `affine_relu_forward` in
# `nn/layer_utils.py` is given: it calls one layer after the other and keeps both caches. The way
# back visits them in the opposite order, and what comes out of one is the `dout` of the next.
#
# **Write `affine_relu_backward` in `nn/layer_utils.py`** ([[= points.affine_relu ]] points). It
# needs no new formula, only calls of the functions that you have.

# %% check="affine_relu"
rng = np.random.default_rng(2)
x, w, b = rng.normal(size=(2, 3, 4)), rng.normal(size=(12, 10)), rng.normal(size=10)
dout = rng.normal(size=(2, 10))
_, cache = called(affine_relu_forward, x, w, b, gives=2)
dx, dw, db = called(affine_relu_backward, dout, cache, gives=3)
what = "affine_relu_backward(dout, cache):"
hint = "The way back has the opposite order: the ReLU, then the affine layer."
measured = eval_numerical_gradient_array(lambda x: affine_relu_forward(x, w, b)[0], x, dout)
expect_close(f"{what} dx", dx, measured, hint=hint)
measured = eval_numerical_gradient_array(lambda w: affine_relu_forward(x, w, b)[0], w, dout)
expect_close(f"{what} dw", dw, measured, hint=hint)
measured = eval_numerical_gradient_array(lambda b: affine_relu_forward(x, w, b)[0], b, dout)
expect_close(f"{what} db", db, measured, hint=hint)

# %% [markdown]
# # 2. Losses
#
# The last layer gives a score for every class: $x_{ij}$ says how much example $i$ looks like
# class $j$. A loss turns the scores of a batch and the right labels $y_i$ into one number.
#
# ## 2.1 Softmax
#
# The *softmax* makes probabilities of the scores of one example,
#
# $$p_{ij} = \frac{e^{x_{ij}}}{\sum_k e^{x_{ik}}},$$
#
# and the loss is the mean of $-\log$ of the probability that the right class gets,
#
# $$\begin{aligned}
#   L &= \frac1N \sum_i -\log p_{i,y_i} \\
#     &= \frac1N \sum_i \Big( \log \sum_k e^{x_{ik}} - x_{i,y_i} \Big).
# \end{aligned}$$
#
# The derivative of $\log \sum_k e^{x_{ik}}$ with respect to $x_{ij}$ is $p_{ij}$, and that of
# $-x_{i,y_i}$ is $-1$ at the label and 0 elsewhere, so
#
# $$\frac{\partial L}{\partial x_{ij}} = \frac1N \big( p_{ij} - [\,j = y_i\,] \big).$$
#
# In words: the predicted probability minus the true one. Each row of it sums to 0.
#
# If all scores are near 0, every class gets $1/C$, and the loss is $\log C$; for ten classes
# about 2.3. A new network should start there. If it starts much higher, its weights are too
# large: it is confident, and wrong.
#
# **Write `softmax_loss` in `nn/layers.py`** ([[= points.softmax_loss ]] points).

# %% check="softmax_loss"
loss, dx = called(softmax_loss, np.array([[1.0, 2.0, 3.0]]), np.array([2]), gives=2)
hint = "Each row of exponentials is divided by its own sum."
expect_close(
    "softmax_loss([[1, 2, 3]], [2])[0]",
    loss,
    0.4076059644,
    hint=hint,
    mistakes={
        "Each column is divided by its own sum; it has to be each row.": 0.0,
        "The logarithm has base 2; it has to be the natural one.": 0.4076059644 / np.log(2),
        "That is the probability; its negative logarithm is missing.": np.exp(-0.4076059644),
    },
)
expect_close(
    "softmax_loss([[1, 2, 3]], [2])[1]",
    dx,
    [[0.0900305732, 0.2447284711, -0.3347590442]],
    hint="The predicted probabilities, with 1 subtracted at the label, divided by N.",
)

rng = np.random.default_rng(3)
x, y = 0.001 * rng.normal(size=(50, 10)), rng.integers(10, size=50)
loss, dx = called(softmax_loss, x, y, gives=2)
expect_near(
    "softmax_loss(x, y)[0] for 50 rows of scores near 0",
    loss,
    2.3,
    0.01,
    "It is the mean over the examples.",
)
measured = eval_numerical_gradient(lambda x: softmax_loss(x, y)[0], x)
expect_close("softmax_loss(x, y)[1]", dx, measured, 1e-8, "Row i is (p - [j = y]) / N.")

# %% [markdown]
# ### Large scores
#
# `np.exp(1000)` is infinite in floating point, and infinite divided by infinite is not a number.
# But the softmax does not change when the same number is added to all scores of an example: the
# factor $e^{c}$ cancels. Subtract each row's largest score, and the largest exponent is 0. Nothing
# can overflow, and the sum is at least 1, so its logarithm is harmless too. What may still happen
# is that a tiny probability is rounded to 0 before its logarithm is taken; the second form of $L$
# above avoids this.
#
# **Let `softmax_loss` work for scores of any finite size**
# ([[= points.softmax_stability ]] points).

# %% check="softmax_stability"
scores = np.array([[10_000.0, 0.0, -10_000.0], [-10_000.0, -10_000.0, -10_000.0]])
hint = "Can `exp` overflow, and can a probability be 0 before its logarithm is taken?"
with np.errstate(all="ignore"):
    loss, dx = called(softmax_loss, scores, np.array([0, 0]), gives=2)
    far_loss, _ = called(softmax_loss, scores[:1].copy(), np.array([2]), gives=2)
    plain = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)  # inf / inf and 0 / 0
unshifted = "This comes out where nothing is subtracted from the scores: exp(10000) overflows."
rounded = "A probability was rounded to 0, and its logarithm taken: log(0)."
whole = "The largest score of the whole batch is subtracted; it has to be that of each row."
mistakes = {unshifted: np.mean(-np.log(plain[:, 0])), rounded: np.inf, whole: -np.inf}
expect_close("softmax_loss(scores, [0, 0])[0]", loss, np.log(3) / 2, 1e-6, hint, mistakes)
expect_close("softmax_loss(scores, [0, 0])[1]", dx, [[0, 0, 0], [-1 / 3, 1 / 6, 1 / 6]], hint=hint)
expect_close("softmax_loss(scores[:1], [2])[0]", far_loss, 20_000.0, 1e-6, hint, mistakes)

# %% [markdown]
# ## 2.2 The hinge loss
#
# The multiclass support-vector machine asks for less: the score of the right class should exceed
# every other one by a margin of 1. A larger margin earns nothing more.
#
# $$L = \frac1N \sum_i \sum_{j \ne y_i} \max\big(0,\; x_{ij} - x_{i,y_i} + 1\big).$$
#
# Take one example with the scores $(3,\, 1,\, 2.5)$ and the label 0. Class 1 is 2 behind, which is
# enough: $\max(0, 1 - 3 + 1) = 0$. Class 2 is only half a point behind and costs
# $2.5 - 3 + 1 = 0.5$. So the loss is 0.5. Only the positive term has a slope: raising $x_2$ raises
# the loss at rate 1, raising $x_0$ lowers it at rate 1, and the gradient is $(-1, 0, 1)$. If
# several classes come too close, the right one gets $-1$ from each.
#
# With ten classes and scores near 0, all nine wrong ones miss the margin by nearly 1: the loss
# starts at about 9.
#
# **Write `svm_loss` in `nn/layers.py`** ([[= points.svm_loss ]] points).

# %% check="svm_loss"
loss, dx = called(svm_loss, np.array([[3.0, 1.0, 2.5]]), np.array([0]), gives=2)
hint = "Only the wrong classes have a term: max(0, score - score of the right class + 1)."
mistakes = {
    "The right class has a term, too: its margin is always 1.": 1.5,
    "The margin of 1 is missing.": 0.0,
    "The margins are squared.": 0.25,
}
expect_close("svm_loss([[3, 1, 2.5]], [0])[0]", loss, 0.5, 1e-6, hint, mistakes)
expect_close("svm_loss([[3, 1, 2.5]], [0])[1]", dx, [[-1.0, 0.0, 1.0]])

rng = np.random.default_rng(4)
x, y = 0.001 * rng.normal(size=(50, 10)), rng.integers(10, size=50)
loss, dx = called(svm_loss, x, y, gives=2)
expect_near(
    "svm_loss(x, y)[0] for 50 rows of scores near 0",
    loss,
    9,
    0.05,
    "It is the mean over the examples, and the right class has no term.",
)
measured = eval_numerical_gradient(lambda x: svm_loss(x, y)[0], x)
expect_close("svm_loss(x, y)[1]", dx, measured, 1e-8, "Each positive margin moves two scores.")

# %% [markdown]
# # 3. A network with one hidden layer
#
# `TwoLayerNet` in `nn/classifiers/fc_net.py` is
#
# $$\begin{aligned}
#   h &= \operatorname{ReLU}(R\,W_1 + b_1), \\
#   \text{scores} &= h\,W_2 + b_2,
# \end{aligned}$$
#
# $$\begin{aligned}
#   L &= \text{softmax loss} \\
#     &\quad + \tfrac12\,\text{reg}\,\Big(\sum W_1^2 + \sum W_2^2\Big).
# \end{aligned}$$
#
# The second term of the loss, *L2 regularisation*, draws the weights towards 0 so that the network
# does not lean on single pixels. The ½ is there so that its gradient is plainly
# $\text{reg} \cdot W$. Biases are not regularised: a bias only moves the point at which its
# unit switches on.
#
# ## 3.1 Where to start
#
# If all weights started at 0, all hidden units would compute the same thing, get the same gradient
# and stay equal throughout training. So draw weights at random: independent normal numbers with
# mean 0 and standard deviation `weight_scale`. Biases may start at 0.
#
# **Write the initialisation of `TwoLayerNet`** ([[= points.two_layer_init ]] points).

# %% check="two_layer_init"
np.random.seed(5)
model = TwoLayerNet(input_dim=500, hidden_dim=60, num_classes=7, weight_scale=0.02)
shapes = {name: np.shape(value) for name, value in model.params.items()}
expected = {"W1": (500, 60), "b1": (60,), "W2": (60, 7), "b2": (7,)}
expect_true(
    shapes == expected,
    "the names and shapes of TwoLayerNet(...).params",
    f"TwoLayerNet(...).params has the shapes {shapes}, expected {expected}.",
)
for name, margin in (("W1", 0.0005), ("W2", 0.004)):
    expect_near(f"the standard deviation of {name}", np.std(model.params[name]), 0.02, margin)
    expect_near(f"the mean of {name}", np.mean(model.params[name]), 0.0, margin)
for name in ("b1", "b2"):
    expect_close(f'model.params["{name}"]', model.params[name], np.zeros(expected[name]))

# %% [markdown]
# ## 3.2 Scores
#
# **Write the first part of `TwoLayerNet.loss`**, which puts the class scores into `scores`
# ([[= points.two_layer_scores ]] points). Use the layers that you have, and keep their caches.
# The last layer has no ReLU: a score may well be negative.

# %%
# A small network whose parameters are not left to chance, and the scores it should give.
KNOWN_X = np.linspace(-5.5, 4.5, num=15).reshape(5, 3).T  # 3 examples of 5 numbers
KNOWN_Y = np.array([0, 5, 1])
KNOWN_SCORES = [
    [-2.46834892, -1.7082656, -0.94818229, -0.18809898, 0.57198434, 1.33206765, 2.09215096],
    [-1.94230902, -1.25385895, -0.56540887, 0.1230412, 0.81149128, 1.49994135, 2.18839143],
    [-1.41626913, -0.79945229, -0.18263545, 0.43418138, 1.05099822, 1.66781506, 2.2846319],
]


def set_known_parameters(model):
    """Give a network with 5 inputs, 50 hidden units and 7 classes its known parameters."""
    model.params["W1"] = np.linspace(-0.7, 0.3, num=5 * 50).reshape(5, 50)
    model.params["b1"] = np.linspace(-0.1, 0.9, num=50)
    model.params["W2"] = np.linspace(-0.3, 0.4, num=50 * 7).reshape(50, 7)
    model.params["b2"] = np.linspace(-14.9, -13.9, num=7)
    return model


def regulariser_mistakes(name, gradient, share):
    """The gradients that come out where the regulariser's share is wrong."""
    if not np.any(share):
        return {}
    if name[0] == "b":
        return {"Biases have no share in the regulariser.": gradient + share}
    return {
        "The regulariser has no share in it.": gradient - share,
        "The regulariser's share is in it twice: is its gradient reg * W?": gradient + share,
        "The regulariser's share has the wrong sign.": gradient - 2 * share,
    }


# %% check="two_layer_scores"
model = set_known_parameters(TwoLayerNet(input_dim=5, hidden_dim=50, num_classes=7))
expect_close(
    "TwoLayerNet(...).loss(X)",
    called(model.loss, KNOWN_X),
    KNOWN_SCORES,
    1e-8,
    "affine with W1 and b1, ReLU, affine with W2 and b2: the scores have no ReLU.",
    {"A ReLU follows the last layer; the scores have none.": np.maximum(KNOWN_SCORES, 0)},
)

# %% [markdown]
# ## 3.3 Loss and gradients
#
# Now the whole way back: `softmax_loss` gives the gradient of the scores; the last affine layer
# turns it into the gradients of `W2`, `b2` and of the hidden layer; `affine_relu_backward` does
# the rest. Then the regulariser adds its share to the loss **and** to the gradients of both
# weights.
#
# **Write the second part of `TwoLayerNet.loss`** ([[= points.two_layer_loss ]] points).

# %% check="two_layer_loss"
model = set_known_parameters(TwoLayerNet(input_dim=5, hidden_dim=50, num_classes=7))
loss, _ = called(model.loss, KNOWN_X, KNOWN_Y, gives=2)
expect_close("model.loss(X, y)[0] with reg=0.0", loss, 3.4702243556, 1e-9)
model.reg = 1.0
loss, _ = called(model.loss, KNOWN_X, KNOWN_Y, gives=2)
hint = "The regulariser is half of reg times the sum of all squared weights, without biases."
penalty, biases = 26.5948426952 - 3.4702243556, (model.params["b1"], model.params["b2"])
mistakes = {
    "The ½ of the regulariser is missing.": 26.5948426952 + penalty,
    "The loss has no regulariser.": 3.4702243556,
    "The biases are regularised, too.": 26.5948426952 + sum(np.sum(b**2) for b in biases) / 2,
}
expect_close("model.loss(X, y)[0] with reg=1.0", loss, 26.5948426952, 1e-9, hint, mistakes)

for reg in (0.0, 0.7):
    model.reg = reg
    _, grads = called(model.loss, KNOWN_X, KNOWN_Y, gives=2)
    for name, parameter in model.params.items():
        measured = eval_numerical_gradient(lambda _: model.loss(KNOWN_X, KNOWN_Y)[0], parameter)
        mistakes = regulariser_mistakes(name, measured, reg * parameter)
        what = f'grads["{name}"] with reg={reg}'
        expect_close(what, grads.get(name), measured, 1e-6, mistakes=mistakes)

# %% [markdown]
# # 4. Training
#
# ## 4.1 A step downhill
#
# The gradient points to where the loss grows fastest, so a step against it makes the loss smaller:
#
# $$w \leftarrow w - \eta\, \frac{\partial L}{\partial w}.$$
#
# The factor $\eta$ is called `learning_rate`.
# The loss is that of a small random batch, not of all training images: noisy, and very much
# cheaper. Hence *stochastic* gradient descent.
#
# **Write `sgd` in `nn/optim.py`** ([[= points.sgd ]] points).

# %% check="sgd"
w, dw = np.linspace(-0.4, 0.6, num=6).reshape(2, 3), np.linspace(-0.3, 0.2, num=6).reshape(2, 3)
expected = [[-0.394, -0.196, 0.002], [0.2, 0.398, 0.596]]
stepped, config = called(sgd, w.copy(), dw, {"learning_rate": 0.02}, gives=2, may_change=("w",))
mistakes = {"That is a step uphill.": w + 0.02 * dw, "The step has no learning rate.": w - dw}
what = 'sgd(w, dw, {"learning_rate": 0.02})[0]'
expect_close(what, stepped, expected, 1e-12, mistakes=mistakes)
stepped, config = called(sgd, w.copy(), dw, gives=2, may_change=("w",))
expect_close("sgd(w, dw)[0]", stepped, w - 0.01 * dw, 1e-12, "The default is 1e-2.")

# %% [markdown]
# ## 4.2 The solver
#
# `Solver` in `nn/solver.py` is given; read it, it is short. It draws batches, calls `model.loss`,
# lets `sgd` change every parameter, and writes down the loss of each step and the accuracies after
# each *epoch* (as many steps as it takes to draw the number of training images). In the end the
# model gets the parameters that were best on the validation images. Here it trains a network
# with fixed settings.

# %% demo=true
print(SETTINGS["two_layer"])
np.random.seed(6)
fixed = SETTINGS["two_layer"]
first_model = TwoLayerNet(INPUT_DIM, fixed["hidden_dim"], NUM_CLASSES, fixed["weight_scale"])
first_solver = Solver(
    first_model,
    data,
    optim_config={"learning_rate": fixed["learning_rate"]},
    lr_decay=fixed["lr_decay"],
    batch_size=fixed["batch_size"],
    num_epochs=fixed["num_epochs"],
    seed=6,
)
first_solver.train()
Path("logs").mkdir(exist_ok=True)
first_solver.record_histories_as_npz("logs/two_layer.npz")

# %% [markdown]
# There is nothing to write here: if your layers, the network and `sgd` are right, it learns
# ([[= points.two_layer_training ]] points).

# %% check="two_layer_training"
history = first_solver.loss_history
expect_near("the loss before training", history[0], np.log(NUM_CLASSES), 0.3)
falls = f"The loss goes from {history[0]:.3f} to {history[-1]:.3f}"
expect_true(history[-1] < history[0], falls, f"{falls}; it has to fall.")
expect_accuracy(
    first_solver.best_val_acc,
    GOALS["two_layer"],
    "on the validation images",
    "With these settings a right network gets there; look at the earlier parts.",
)

# %% [markdown]
# ## 4.3 Plots for debugging
#
# Two plots help most when training does not go well. The **loss** should fall quickly at
# first, then slowly. If it falls in a straight line, the learning rate is too low; if it jumps
# about or grows, too high. The two **accuracies**: if they stay together, the network may be too
# small or has not been trained enough; a wide gap means that it overfits its training images.

# %% demo=true
plot_histories(first_solver, "The first network", GOALS["two_layer"])

# %% [markdown]
# The weights of a hidden unit have one number for each input pixel, so they can be shown as an
# image: bright where ink makes the unit fire, dark where ink holds it back, grey where it does not
# matter. In $28 \times 28$ pixels you can see the strokes that a unit has learned to look for, and
# here and there a whole digit. What looks like noise is the random initialisation, which training
# has not overwritten: no training image has ink in the corners, so nothing there changes.

# %% demo=true
show_weights(first_model.params["W1"], IMAGE_SHAPE, "What each hidden unit looks for")

# %% [markdown]
# # 5. Networks of any depth
#
# `FullyConnectedNet` has any number of hidden layers,
#
# $$\begin{gathered}
#   \{\text{affine} \rightarrow \text{ReLU}\} \times (L - 1) \\[4pt]
#   \rightarrow \text{affine} \rightarrow \text{softmax},
# \end{gathered}$$
#
# with the parameters `W1`, `b1`, ..., `WL`, `bL`. It also has a `dtype`: `float32` is fast and
# precise enough for training; gradient checks need `float64`, because the difference of two
# nearly equal losses leaves few digits.
#
# **Write the initialisation of `FullyConnectedNet`** ([[= points.fc_net_init ]] points).

# %% check="fc_net_init"
np.random.seed(7)
model = FullyConnectedNet([120, 80], input_dim=200, num_classes=7, weight_scale=0.05)
shapes = {name: np.shape(value) for name, value in model.params.items()}
expected = {"W1": (200, 120), "b1": (120,), "W2": (120, 80), "b2": (80,), "W3": (80, 7), "b3": (7,)}
expect_true(
    shapes == expected,
    "the names and shapes of FullyConnectedNet(...).params",
    f"FullyConnectedNet(...).params has {shapes}, expected {expected}.",
)
for name, value in model.params.items():
    found = f"{name} is {value.dtype}"
    expect_true(value.dtype == np.float32, found, f"{found}, expected float32, the `dtype`.")
for name, margin in (("W1", 0.002), ("W2", 0.002), ("W3", 0.008)):
    expect_near(f"the standard deviation of {name}", np.std(model.params[name]), 0.05, margin)
for name in ("b1", "b2", "b3"):
    expect_close(f'model.params["{name}"]', model.params[name], np.zeros(expected[name]))

# %% [markdown]
# **Write the first part of `FullyConnectedNet.loss`**, the scores
# ([[= points.fc_net_scores ]] points). A loop over the layers does it; the last one has no ReLU.
# With one hidden layer the network is the one of part 3, and has to give the same scores.

# %% check="fc_net_scores"
model = FullyConnectedNet([50], input_dim=5, num_classes=7, dtype=np.float64)
expect_close(
    "FullyConnectedNet([50], ...).loss(X)",
    called(set_known_parameters(model).loss, KNOWN_X),
    KNOWN_SCORES,
    1e-8,
    "Each layer multiplies by W and adds b; the hidden ones have a ReLU, the scores have none.",
    {"A ReLU follows the last layer; the scores have none.": np.maximum(KNOWN_SCORES, 0)},
)

# %% [markdown]
# **Write the second part of `FullyConnectedNet.loss`**, the loss and the gradients
# ([[= points.fc_net_loss ]] points). The loop runs backward now. Without regularisation the loss
# of a new network with small weights is near $\log 10 \approx 2.3$.

# %% check="fc_net_loss"
rng = np.random.default_rng(8)
X, y = rng.normal(size=(2, 15)), rng.integers(10, size=2)
for reg in (0.0, 3.14):
    np.random.seed(8)
    model = FullyConnectedNet([20, 30], input_dim=15, reg=reg, weight_scale=5e-2, dtype=np.float64)
    loss, grads = called(model.loss, X, y, gives=2)
    weights = [value for name, value in model.params.items() if name.startswith("W")]
    penalty = 0.5 * reg * sum(float(np.sum(W**2)) for W in weights)
    mistakes = {"The ½ of the regulariser is missing.": 2.3026 + 2 * penalty}
    mistakes |= {"The loss has no regulariser.": 2.3026}
    what = f"the loss of a new network with reg={reg}"
    expect_near(what, loss, 2.3026 + penalty, 0.05, mistakes=mistakes)
    for name, parameter in model.params.items():
        f = lambda _, model=model: model.loss(X, y)[0]
        measured = eval_numerical_gradient(f, parameter)
        mistakes = regulariser_mistakes(name, measured, reg * parameter)
        what = f'grads["{name}"] with reg={reg}'
        expect_close(what, grads.get(name), measured, 1e-6, mistakes=mistakes)

# %% [markdown]
# # 6. Overfitting a few images
#
# Before training on all images, see whether the network can overfit a handful of them. A network
# that cannot reach 100 % on 50 images will not do anything sensible with thousands, and the reason
# shows more quickly.
#
# `overfit` trains on [[= assignment.training[assignment.dataset].overfit.num_images ]] images for
# [[= assignment.training[assignment.dataset].overfit.num_epochs ]] epochs. Two settings are yours:
#
# - `weight_scale`: if it is too small, the signal shrinks from layer to layer until nothing is
#   left, and so does the gradient on its way back. If it is too large, the scores become huge and
#   the first loss enormous.
# - `learning_rate`: too small, and the epochs are over before anything has happened; too large,
#   and the loss explodes.
#
# The cell after your settings trains with them, and saves the loss of every update and the
# accuracies in `logs/`. The hand-in cell packs these logs. They are worth no points: if your
# settings fail in grading, your report says whether they failed in your own log, too.


# %%
def overfit(hidden_dims, settings, seed=9):
    """Train a network on a few images with the student's settings, and return the solver."""
    fixed = SETTINGS["overfit"]
    few = {**data, "X_train": data["X_train"][: fixed["num_images"]]}
    few["y_train"] = data["y_train"][: fixed["num_images"]]
    np.random.seed(seed)
    model = FullyConnectedNet(
        hidden_dims,
        input_dim=INPUT_DIM,
        num_classes=NUM_CLASSES,
        weight_scale=settings["weight_scale"],
        dtype=np.float64,
    )
    solver = Solver(
        model,
        few,
        optim_config={"learning_rate": settings["learning_rate"]},
        batch_size=fixed["batch_size"],
        num_epochs=fixed["num_epochs"],
        verbose=False,
        seed=seed,
    )
    with np.errstate(all="ignore"):
        solver.train()
    return solver


# %% [markdown]
# ## 6.1 Three layers
#
# **Find settings with which a network with two hidden layers of
# [[= assignment.training[assignment.dataset].overfit.hidden_dim ]] units reaches 100 % on its
# training images** ([[= points.overfit_three_layers ]] points). Answer with a dictionary of this
# form: `{"weight_scale": 0.001, "learning_rate": 0.001}` (these two numbers do not work). Grading
# uses other random initialisations, so choose the middle of the range that works, not its edge.

# %%
### BEGIN SOLUTION overfit_three_layers
### STUB three_layers = ...  # TODO(overfit_three_layers)
three_layers = {"weight_scale": 0.15, "learning_rate": 0.15 if INPUT_DIM < 100 else 0.015}
### END SOLUTION

# %% demo=true
expect_written("overfit_three_layers", three_layers)
three_layer_solver = overfit([SETTINGS["overfit"]["hidden_dim"]] * 2, three_layers)
plot_histories(three_layer_solver, "Three layers on a few images", 1.0)
three_layer_solver.record_histories_as_npz("logs/overfit_three_layers.npz")

# %% check="overfit_three_layers"
expect_accuracy(
    max(three_layer_solver.train_acc_history),
    1.0,
    "on the few training images with three layers",
    "Look at the first loss and at whether it falls.",
)

# %% [markdown]
# ## 6.2 Five layers
#
# **Now the same with four hidden layers** ([[= points.overfit_five_layers ]] points). Try your
# settings for three layers first.

# %%
### BEGIN SOLUTION overfit_five_layers
### STUB five_layers = ...  # TODO(overfit_five_layers)
five_layers = {"weight_scale": 0.15, "learning_rate": 0.1 if INPUT_DIM < 100 else 0.015}
### END SOLUTION

# %% demo=true
expect_written("overfit_five_layers", five_layers)
five_layer_solver = overfit([SETTINGS["overfit"]["hidden_dim"]] * 4, five_layers)
plot_histories(five_layer_solver, "Five layers on a few images", 1.0)
five_layer_solver.record_histories_as_npz("logs/overfit_five_layers.npz")

# %% check="overfit_five_layers"
expect_accuracy(
    max(five_layer_solver.train_acc_history),
    1.0,
    "on the few training images with five layers",
    "Look at the first loss and at whether it falls.",
)

# %% [markdown]
# **Question `depth_comparison`** (3 points, read by a person). How did the two networks differ when
# you searched for settings: in the range of weight scales that worked, in the learning rates, in
# the shape of the loss curve? What in the five-layer network makes the difference? Three to six
# sentences.

# %% [markdown] manual="depth_comparison" points=3
# ### BEGIN SOLUTION depth_comparison
# ### STUB *Write your answer here, in place of this line. TODO(depth_comparison)*
# The five-layer network is harder to train and more sensitive to the weight scale (1 point for a
# statement of this kind that fits the student's own trials). Going forward, the size of the signal
# is multiplied by a factor proportional to the weight scale in each layer, and going backward so
# is the gradient: with scale $s$ and width $H$ by about $s\sqrt{H/2}$ each (1 point for the product
# over layers, in words or in a formula). With five layers a scale that is a little too small
# leaves no gradient for the first layers, and one that is a little too large gives huge scores and
# losses, so that only a smaller learning rate survives; three layers forgive both (1 point for
# the link from this to the ranges of settings that worked, or to the shape of the loss curves).
# ### END SOLUTION

# %% [markdown]
# # 7. Tuning
#
# How well can a network with one hidden layer do? Size of the hidden layer, learning rate and its
# decay, epochs, batch size, weight scale and regularisation are yours. Change one thing at a
# time, look at the plots of part 4.3, and compare on the *validation* images.
#
# **Write `train_best_model`** ([[= points.tuning ]] points). It gets data in the form of `data`
# above (`X_train`, `y_train`, `X_val`, `y_val`), perhaps other images, and returns a trained
# `TwoLayerNet`. It may try several settings and keep the best, or train once with those that you
# have found; it has [[= assignment.training[assignment.dataset].seconds.tuning ]] seconds. `seed`
# makes it repeatable. Your model has to be right on [[= "%.1f" | format(100 * threshold.tuned) ]] %
# of the validation images. Grading calls it with other images and asks for
# [[= "%.1f" | format(100 * threshold.tuned_graded) ]] % of held-out images. The threshold is lower
# because accuracy varies with the images and the initial weights, and that should cost nobody
# points. [[= assignment.training_grades.statement ]]


# %%
def train_best_model(data, seed=0):
    """Train a network as well as you can.

    Parameters
    ----------
    data : dict
        ``X_train`` of shape (N_train, channels, height, width), ``y_train`` of shape (N_train,),
        and ``X_val``, ``y_val`` likewise.
    seed : int
        Makes the result repeatable.

    Returns
    -------
    model : TwoLayerNet
        Trained.
    """
    ### BEGIN SOLUTION tuning
    np.random.seed(seed)
    best_accuracy, best_model = -1.0, None
    input_dim, num_classes = data["X_train"][0].size, int(data["y_train"].max()) + 1
    few = len(data["X_train"]) < 10_000
    if input_dim < 100:  # quick enough to try several
        scale, learning_rates, decay, batch_size, epochs = 0.02, (0.1, 0.2, 0.4), 0.95, 50, 40
    elif few and input_dim < 1000:
        scale, learning_rates, decay, batch_size, epochs = 0.01, (0.4,), 0.8, 50, 8
    elif few:
        scale, learning_rates, decay, batch_size, epochs = 0.02, (0.05,), 0.95, 100, 40
    else:
        learning_rates = (0.1,) if input_dim < 1000 else (0.05,)
        scale, decay, batch_size, epochs = 0.02, 0.8, 100, 8
    for learning_rate in learning_rates:
        model = TwoLayerNet(input_dim, 200, num_classes, weight_scale=scale, reg=1e-3)
        solver = Solver(
            model,
            data,
            optim_config={"learning_rate": learning_rate},
            lr_decay=decay,
            batch_size=batch_size,
            num_epochs=epochs,
            verbose=False,
            seed=seed,
        )
        solver.train()
        if solver.best_val_acc > best_accuracy:
            best_accuracy, best_model = solver.best_val_acc, model
    return best_model
    ### END SOLUTION


# %% demo=true
start = time.perf_counter()
best_model = train_best_model(data, seed=0)
print(f"trained in {time.perf_counter() - start:.1f} s")
save_weights(best_model)  # writes weights.npz, in place of the one that was there
show_weights(best_model.params["W1"], IMAGE_SHAPE, "The first layer of the tuned network")


# %%
def accuracy(model, X, y):
    """The share of images whose highest score is at their label."""
    return float(np.mean(np.argmax(model.loss(X), axis=1) == y))


# %% check="tuning"
reached = accuracy(best_model, data["X_val"], data["y_val"])
expect_accuracy(reached, GOALS["tuned"], "on the validation images")
if course.weights_count:
    expect_weights(best_model)

# %% [markdown]
# Now evaluate on the test set, once:

# %% demo=true
for part in ("train", "val", "test"):
    print(f"{part:5} {accuracy(best_model, data[f'X_{part}'], data[f'y_{part}']):.3f}")

mistakes = np.flatnonzero(np.argmax(best_model.loss(data["X_test"]), axis=1) != data["y_test"])
figure, panels = plt.subplots(1, 8, figsize=(11, 1.9))
for axes in panels:
    axes.axis("off")
for axes, i in zip(panels, mistakes, strict=False):
    image = data["X_test"][i : i + 1]
    picture = (image + data["mean_image"]).transpose(0, 2, 3, 1)
    axes.imshow(visualize_grid(picture, padding=0), cmap="gray")
    answer = np.argmax(best_model.loss(image))
    axes.set_title(f"{data['y_test'][i]}, predicted {answer}", fontsize=10)
figure.suptitle("Some misclassified test images")
figure.tight_layout()
plt.show()

# %% [markdown]
# **Question `train_test_gap`** ([[= points.train_test_gap ]] points). A network overfits: it is
# right on nearly all of its training images and on clearly fewer held-out ones. Which of these can
# be expected to make the gap smaller?
#
# 1. to train on more images
# 2. to give the hidden layer more units
# 3. to regularise more strongly
# 4. none of these
#
# Answer with a set of numbers; if it were only the second, you would write `{2}`.

# %%
### BEGIN SOLUTION train_test_gap
### STUB train_test_gap = ...  # TODO(train_test_gap)
train_test_gap = {1, 3}
### END SOLUTION

# %% check="train_test_gap"
# This looks at the form of the answer only.
expect_options("train_test_gap", train_test_gap, [1, 2, 3, 4])

# %% [markdown]
# **Question `gap_explanation`** (2 points, read by a person). Explain your choice: say of each of
# the three measures what it does to the accuracy on training images, and what it does to the
# accuracy on held-out ones. Three to five sentences.

# %% [markdown] manual="gap_explanation" points=2
# ### BEGIN SOLUTION gap_explanation
# ### STUB *Write your answer here, in place of this line. TODO(gap_explanation)*
# More training images are harder to memorise, so the training accuracy falls a little, and the
# network has to rely on patterns that held-out images share, so the accuracy on those rises.
# Stronger regularisation keeps the weights small: the fit of the training images gets worse, and
# the network overfits less (1 point for both measures that help, with their reason). More hidden
# units raise the capacity of the network, so it can fit its training images even more closely;
# that tends to widen the gap (1 point).
# ### END SOLUTION

# %% [markdown]
# # 8. Predictions for others
#
# Competitions ask for a table of predictions as a CSV file. The first line is the header
# `Id,Category`; then comes one line for each image in order, with its number, **starting at 0**,
# and the class that has the highest score:
#
#     Id,Category
#     0,7
#     1,2
#
# **Write `write_predictions`** ([[= points.predictions ]] points). `save_csv(path, header, rows)`
# from `nn/data_utils.py` writes a table; you may also write the file in another way.


# %%
def write_predictions(model, X, path):
    """Write the classes that a model predicts to a CSV file.

    Parameters
    ----------
    model : object whose ``loss(X)`` gives scores of shape (N, C)
    X : array of shape (N, channels, height, width)
    path : str
        The file to write.
    """
    ### BEGIN SOLUTION predictions
    classes = np.argmax(model.loss(X), axis=1)
    save_csv(path, ("Id", "Category"), enumerate(classes.tolist()))
    ### END SOLUTION


# %% check="predictions"
class Echo:
    """A stand-in for a model: the scores are the input."""

    def loss(self, X, y=None):
        return X


write_predictions(Echo(), np.array([[0.1, 0.7, 0.2], [3.0, -1.0, 2.0]]), "predictions.csv")
lines = Path("predictions.csv").read_text().splitlines()
expected = ["Id,Category", "0,1", "1,0"]
expect_true(
    lines == expected,
    f"write_predictions wrote {lines}",
    f"write_predictions wrote {lines}, expected {expected}.",
)

# %% demo=true
write_predictions(best_model, data["X_test"], "predictions.csv")
print(Path("predictions.csv").read_text()[:40])

# %% [markdown]
# # 9. Hand in
#
# Save the notebook (Ctrl+S), then run this cell. It lists every part with its state, says what
# would keep a file from being graded as you see it, and packs the files that are graded into
# `submission.zip`. Hand that in. Open parts cost their own points only.

# %% demo=true
_ = check_and_zip(
    "submission.zip",
    logs=["weights.npz", *sorted(Path("logs").glob("*.npz"))],
)
