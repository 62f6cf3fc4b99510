# %% [markdown]
# # [[= assignment.title ]], 1: fully connected networks
#
# In this assignment a network is a row of **modules**. A module is an object that remembers: its
# parameters, the gradients of these, and whatever its backward step will need. You write the
# modules, chain them, and write the optimisers that train the chain. Three notebooks belong
# together; take them in this order:
#
# 1. `mlp.ipynb`, this one: layers, loss, models, training, optimisers,
# 2. `cnn.ipynb`: convolution, max pooling, a convolutional network, extra credit,
# 3. `convolution_maths.ipynb`: what a convolution does, by hand; it needs neither of the others.
#
# All three together have [[= total_points ]] points, and [[= bonus_points ]] more of extra credit.
# Your code goes into the files of the folder `lib/`, at the places marked `TODO(<name>)`, and
# sometimes into a notebook. The check cells compare it with a few known figures. They are **not**
# the grading: hidden tests look at other shapes and values, at edge cases, and at training on
# images that your code has not seen.
#
# *Autoreload is on: save a file in `lib/`, and the next cell that you run uses it. If a
# result still looks old, restart the kernel (menu Kernel) and run all cells.*

# %% demo=true
# [[= first_cell ]]

# %%
# "shapes" is drawn by the computer. "cifar100", with 20 superclasses, needs the official files in
# a folder that the environment variable AUTOGRADER_DATA names. Grading uses
# "[[= assignment.dataset ]]".
DATASET = "[[= assignment.dataset ]]"

# %%
# %load_ext autoreload
# %autoreload 2
import time

import matplotlib.pyplot as plt
import numpy as np

from lib.datasets import in_pairs, load_data
from lib.expect import (
    called,
    expect_accuracy,
    expect_close,
    expect_near,
    expect_options,
    expect_true,
    expect_written,
)
from lib.grad_check import eval_numerical_gradient, eval_numerical_gradient_array
from lib.hand_in import check_and_zip
from lib.mlp.fully_conn import (
    DropoutNet,
    FullyConnectedNetwork,
    SmallFullyConnectedNetwork,
    TestFCGeLU,
    TinyNet,
)
from lib.mlp.layer_utils import cross_entropy, dropout, fc, flatten, gelu, softmax
from lib.mlp.train import compute_acc, train_net
from lib.optim import SGD, Adam
from lib.sequential import sequential
from lib.settings import load_settings
from lib.vis_utils import visualize_grid

# %matplotlib inline

# %%
# What a trained network has to reach on this data set, and how many images each part has.
course = load_settings(DATASET)
GOALS, IMAGES = course.goals, course.training["mlp"]["images"]

# %% [markdown]
# # 1. The images
#
# Images have the shape (N, height, width, channels), with the colours on the last axis. From each
# colour the mean over the training images is subtracted, and the result is divided by the
# standard deviation: numbers of size 1 around 0 are what a fresh network handles best.

# %% demo=true
data = load_data(DATASET, **IMAGES)
data_dict = in_pairs(data)
for name in ("data_train", "labels_train", "data_val", "data_test"):
    print(f"{name:12} {data[name].dtype!s:8} {data[name].shape}")
IMAGE_SHAPE = data["data_train"].shape[1:]
INPUT_DIM, NUM_CLASSES = int(np.prod(IMAGE_SHAPE)), len(data["label_names"])

examples = [data["data_train"][data["labels_train"] == k][:8] for k in range(NUM_CLASSES)]
figure, panels = plt.subplots(2, (NUM_CLASSES + 1) // 2, figsize=(12, 4.6))
for axes in panels.flat:
    axes.axis("off")
for axes, images, name in zip(panels.flat, examples, data["label_names"], strict=False):
    axes.imshow(visualize_grid(images[:4] * data["std_image"] + data["mean_image"]))
    axes.set_title(name.replace("_", " "), fontsize=9)
figure.tight_layout()
plt.show()

# %% [markdown]
# # 2. Layers
#
# Every layer has two methods.
#
# - `forward(feat)` takes a batch and returns a new array. On the way it may leave things in
#   `self.meta`.
# - `backward(dprev)` takes the gradient of the loss $L$ with respect to what `forward` returned.
#   It stores $\partial L/\partial\theta$ of each of its parameters in `self.grads`, under the
#   parameter's name, and returns the gradient with respect to `feat`.
#
# `lib/layer.py` has the base class; read its 30 lines first. **A gradient has the shape of
# the thing it belongs to**, always.
#
# ## 2.1 Flatten
#
# A fully connected layer wants one row of numbers for each example; an image is a box of numbers.
# `flatten` turns the one into the other, and its backward step turns gradients back.
#
# ![Two examples of 2 x 3 numbers each on the left. On the right each has become one row of six
# numbers, so that x of shape (2, 2, 3) is R of shape (2, 6).](pictures/flattening.svg)
#
# **Write both methods of `flatten` in `lib/mlp/layer_utils.py`** ([[= points.flatten ]] +
# [[= points.flatten_backward ]] points).

# %% check="flatten"
layer, x = flatten(), np.arange(24.0).reshape(2, 3, 2, 2)
rows = [list(range(12)), list(range(12, 24))]
expect_close(
    "flatten().forward(x)", called(layer.forward, x), rows, hint="One row for each example."
)

# %% check="flatten_backward"
layer.forward(x)
back = called(layer.backward, np.arange(24.0).reshape(2, 12))
expect_close("flatten().backward(dprev)", back, x, hint="Back to the shape that forward was given.")

# %% [markdown]
# ## 2.2 The fully connected layer
#
# With $X$ of shape $(N, D)$, weights $W$ of shape $(D, M)$ and biases $b$ of shape $(M,)$ the
# layer computes $XW + b$. For the way back, follow one weight: $W_{dm}$ enters output $m$ of every
# example $n$, with the factor $X_{nd}$. So
#
# $$\begin{aligned}
#   \frac{\partial L}{\partial W_{dm}} &= \sum_n X_{nd}\,\text{dprev}_{nm}, \\
#   \frac{\partial L}{\partial b_m} &= \sum_n \text{dprev}_{nm}, \\
#   \frac{\partial L}{\partial X_{nd}} &= \sum_m \text{dprev}_{nm}\,W_{dm}.
# \end{aligned}$$
#
# Each of these sums is a matrix product or a sum over an axis. Nothing is divided by $N$ here:
# if the loss is a mean, the $1/N$ has come along in `dprev`. The picture shows it for the biases
# (`dout` is our `dprev`):
#
# ![Forward, the same three biases are added to each of the four rows of the output. Backward, the
# four rows of dout are added up, column by column, and give the three numbers of
# db.](pictures/bias_gradient.svg)
#
# **Write `fc.forward` and `fc.backward`** ([[= points.fc_forward ]] + [[= points.fc_backward ]]
# points). The parameters are `self.params[self.w_name]` and `self.params[self.b_name]`.

# %% check="fc_forward"
x = np.linspace(-0.1, 0.4, num=3 * 7 * 6 * 4).reshape(3, 7, 6, 4)
layer = fc(7 * 6 * 4, 4, name="fc_test")
layer.params["fc_test_w"] = np.linspace(-0.2, 0.2, num=7 * 6 * 4 * 4).reshape(7 * 6 * 4, 4)
layer.params["fc_test_b"] = np.linspace(-0.3, 0.3, num=4)
expect_close(
    "fc(168, 4).forward(flatten().forward(x))",
    called(layer.forward, flatten().forward(x)),
    [
        [0.63910291, 0.83740057, 1.03569824, 1.23399591],
        [0.61401587, 0.82903823, 1.04406058, 1.25908294],
        [0.58892884, 0.82067589, 1.05242293, 1.28416997],
    ],
    1e-7,
    "x @ w, and b added to every row.",
)

# %% [markdown]
# How can you trust a gradient? Measure it: move one number by a small $h$ in both directions and
# see how the output moves. That is far too slow for training and just right for a check.

# %% check="fc_backward"
rng = np.random.default_rng(1)
layer, x, dprev = fc(12, 5, name="fc_test"), rng.normal(size=(6, 12)), rng.normal(size=(6, 5))
layer.forward(x)
dx = called(layer.backward, dprev)
measured = eval_numerical_gradient_array(lambda x: layer.forward(x), x, dprev)
expect_close("fc.backward(dprev)", dx, measured, hint="It belongs to feat: (N, input_dim).")
for name in ("fc_test_w", "fc_test_b"):
    measured = eval_numerical_gradient_array(lambda _: layer.forward(x), layer.params[name], dprev)
    mean = {"It is the mean over the 6 examples, and has to be their sum.": measured / 6}
    got = layer.grads.get(name)
    expect_close(f"grads[{name!r}]", got, measured, 1e-6, "Sum over the examples.", mean)

# %% [markdown]
# ## 2.3 GeLU
#
# Two fully connected layers in a row are only one: a nonlinearity has to stand between them. The
# *Gaussian error linear unit* is $x\,\Phi(x)$, where $\Phi$ is the distribution function of the
# normal distribution: large inputs pass, very negative ones are stopped, and in between it is
# smooth, unlike the ReLU. Usually one computes it in its **tanh form**, and so do we:
#
# $$\begin{aligned}
#   \operatorname{gelu}(x) &= \frac{x}{2}\big(1 + \tanh u\big), \\
#   u &= \sqrt{2/\pi}\,\big(x + 0.044715\,x^3\big).
# \end{aligned}$$
#
# For the derivative you need the product rule, then $\frac{d}{du}\tanh u = 1 - \tanh^2 u$, then
# $du/dx$. Some tables write $1/\cosh^2 u$ instead. That is the same number until $\cosh^2 u$
# overflows, near $u = 356$ ($\cosh u$ itself does near 711). With $x^3$ in it, $u$ gets there as
# soon as $x = 22$. Keep the tanh.

# %% demo=true
x = np.linspace(-4, 4, 401)
u = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
figure, axes = plt.subplots(figsize=(5, 3.2))
axes.plot(x, np.maximum(x, 0), color="0.6", label="ReLU")
axes.plot(x, x / 2 * (1 + np.tanh(u)), label="GeLU, tanh form")
axes.set(xlabel="x", ylabel="output")
axes.grid(alpha=0.25)
axes.legend(frameon=False)
plt.show()

# %% [markdown]
# **Write `gelu.forward` and `gelu.backward`** ([[= points.gelu_forward ]] +
# [[= points.gelu_backward ]] points). Nothing may overflow for inputs up to 1000 in size
# ([[= points.gelu_large_inputs ]] point more).

# %% check="gelu_forward"
x = np.linspace(-1, 1, num=12).reshape(3, 4)
expect_close(
    "gelu().forward(x)",
    called(gelu().forward, x),
    [
        [-0.15880801, -0.16914798, -0.1669392, -0.14761129],
        [-0.10705576, -0.04216206, 0.04874703, 0.16567152],
        [0.30693416, 0.46942443, 0.64903384, 0.84119199],
    ],
    1e-7,
    "The tanh form: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).",
)

# %% check="gelu_backward"
rng = np.random.default_rng(2)
layer, x, dprev = gelu(), 2 * rng.normal(size=(5, 5)), rng.normal(size=(5, 5))
layer.forward(x)
dx = called(layer.backward, dprev)
measured = eval_numerical_gradient_array(lambda x: layer.forward(x), x, dprev)
expect_close("gelu().backward(dprev)", dx, measured, hint="Product rule, then chain rule.")

# %% check="gelu_large_inputs"
layer, x = gelu(), np.array([[-300.0, -30.0, 30.0, 300.0]])
with np.errstate(over="raise"):  # an overflow is an error here
    expect_close("gelu().forward(x)", called(layer.forward, x), [[0, 0, 30, 300]])
    expect_close("gelu().backward(1)", called(layer.backward, np.ones((1, 4))), [[0, 0, 1, 1]])

# %% [markdown]
# ## 2.4 Dropout
#
# A large network can overfit: it memorises its training images. *Dropout* works against that: in
# every training step each number is replaced by 0 at random, so that no unit can rely on one other
# unit. Ours is *inverted* dropout. With the **keep probability** $p$ and a random mask,
#
# $$\text{out}_i = \begin{cases} x_i / p & \text{with probability } p\\
#                                 0       & \text{otherwise.} \end{cases}$$
#
# The division keeps the mean where it was, $p \cdot x_i/p = x_i$, so that a trained network can be
# used as it is, without dropout and without rescaling.
#
# - Dropout happens **in training only**. With `is_training=False` the layer does nothing, in both
#   directions.
# - By definition **both `keep_prob=1` and `keep_prob=0` mean: no dropout**, in training as well.
#   (To keep everything is no dropout. To keep nothing would be no network; 0 stands for "off".)
#
# **Write `dropout.forward` and `dropout.backward`** ([[= points.dropout_forward ]] +
# [[= points.dropout_backward ]] points, and [[= points.dropout_off ]] for keep_prob 0 and 1).

# %% check="dropout_forward"
x = 5 + np.random.default_rng(3).normal(size=(100, 100))
for keep_prob in (0.25, 0.5, 0.75):
    layer = dropout(keep_prob, seed=7)
    out = called(layer.forward, x, True)
    kept = np.mean(out != 0)
    print(f"keep_prob {keep_prob}: mean {x.mean():.3f} -> {out.mean():.3f}, kept {kept:.3f}")
    expect_near("the share of kept entries", kept, keep_prob, 0.025)
    expect_near(
        "the mean in training", out.mean(), x.mean(), 0.35, "What is kept is divided by keep_prob."
    )
    expect_close("out with is_training=False", called(layer.forward, x, False), x)

# %% check="dropout_backward"
rng = np.random.default_rng(4)
layer, x, dprev = dropout(0.75), 5 + rng.normal(size=(5, 5)), rng.normal(size=(5, 5))
layer.forward(x, True, seed=1)
dx = called(layer.backward, dprev)
measured = eval_numerical_gradient_array(lambda x: layer.forward(x, True, seed=1), x, dprev)
expect_close("dropout.backward(dprev)", dx, measured, hint="The mask is that of the last forward.")

# %% check="dropout_off"
for keep_prob in (0, 1):
    layer = dropout(keep_prob)
    expect_close(f"dropout({keep_prob}).forward(x, True)", called(layer.forward, x, True), x)
    expect_close(f"dropout({keep_prob}).backward(dprev)", called(layer.backward, dprev), dprev)

# %% [markdown]
# ## 2.5 Layers in a row
#
# `sequential` in `lib/sequential.py` holds layers and sends a batch through them. It also shows
# all their parameters in one dictionary. Its `forward` is given.
#
# **Write `sequential.backward`** ([[= points.sequential ]] points): the chain rule walks the
# layers in reverse, and each one's result is the next one's `dprev`.

# %% check="sequential"
rng = np.random.default_rng(5)
net = sequential(fc(4, 6, 0.7, name="one"), gelu(), fc(6, 3, 0.7, name="two"))
x, dprev = rng.normal(size=(5, 4)), rng.normal(size=(5, 3))
net.forward(x)
din = called(net.backward, dprev)
measured = eval_numerical_gradient_array(lambda x: net.forward(x), x, dprev)
expect_close("net.backward(dprev)", din, measured, hint="From the last layer to the first.")
for name, value in net.params.items():
    measured = eval_numerical_gradient_array(lambda _: net.forward(x), value, dprev)
    expect_close(f"net.get_grads({name!r})", net.get_grads(name), measured)

# %% [markdown]
# A **model** builds a `sequential` in its `__init__` and calls it `self.net`. The models of this
# notebook are in `lib/mlp/fully_conn.py`. Names of layers matter, for the names of parameters
# come from them: the layer `"fc1"` has `fc1_w` and `fc1_b`.
#
# **Write `TestFCGeLU`** ([[= points.fc_gelu ]] points): flatten, fc with 15 inputs and 5 outputs,
# gelu.

# %% check="fc_gelu"
rng = np.random.default_rng(6)
model = TestFCGeLU()
model.net.assign("fc1_w", rng.normal(size=(15, 5)))
model.net.assign("fc1_b", rng.normal(size=5))
x, dprev = rng.normal(size=(3, 5, 3)), rng.normal(size=(3, 5))
called(model.forward, x)
din = called(model.backward, dprev)
grads = {name: np.array(value) for name, value in model.net.grads.items()}
measured = eval_numerical_gradient_array(lambda x: model.forward(x), x, dprev)
expect_close("model.backward(dprev)", din, measured)
for name in ("fc1_w", "fc1_b"):
    value = model.net.get_params(name)
    measured = eval_numerical_gradient_array(lambda _: model.forward(x), value, dprev)
    expect_close(f"the gradient of {name}", grads[name], measured)

# %% [markdown]
# # 3. The loss
#
# The last layer gives *scores* $x_{ij}$, one for each class. The softmax turns the scores of one
# example into probabilities, and the cross-entropy looks at the probability of the right class
# $y_i$ alone:
#
# $$p_{ij} = \frac{e^{x_{ij}}}{\sum_k e^{x_{ik}}}, \qquad \ell_i = -\ln p_{i y_i}.$$
#
# Subtract each row's largest score before taking powers: the $p_{ij}$ stay the same, and $e^{710}$
# never happens. The logarithm needs care as well. A probability may be so small that it is rounded
# to 0, and $\ln 0$ is infinite, but
#
# $$\begin{aligned}
#   \ln p_{ij} &= s_{ij} - \ln \sum_k e^{s_{ik}}, \\
#   s_{ij} &= x_{ij} - \max_k x_{ik},
# \end{aligned}$$
#
# is finite for every score. The gradient is short:
# $\partial \ell_i/\partial x_{ij} = p_{ij} - [j = y_i]$. Try to derive it.
#
# `cross_entropy(size_average=True)` is the **mean** of the $\ell_i$ over the batch, and
# `size_average=False` their **sum**. The gradient follows suit.
#
# **Write `softmax`** ([[= points.softmax ]] point, [[= points.softmax_stability ]] more for large
# scores), **`cross_entropy.forward` and `cross_entropy.backward`**
# ([[= points.cross_entropy_forward ]] + [[= points.cross_entropy_backward ]] points,
# [[= points.cross_entropy_stability ]] more for large scores and [[= points.cross_entropy_sum ]]
# for the sum).

# %% check="softmax"
x = np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]])
hint = "Each row of exponentials is divided by its own sum."
powers, shifted = np.exp(x), np.exp(x - x.max(axis=1, keepdims=True))
by_column = (powers / powers.sum(axis=0), shifted / shifted.sum(axis=0))
mistakes = {
    "Each column is divided by its own sum; it has to be each row.": by_column,
    "All are divided by one sum; it has to be that of their own row.": powers / powers.sum(),
}
expected = [[0.125, 0.25, 0.625], [0.375, 0.375, 0.25]]
expect_close("softmax(x)", called(softmax, x), expected, 1e-6, hint, mistakes)

# %% check="softmax_stability"
x = np.array([[1e4, 1e4], [-1e4, -1e4], [0.0, 1e4]])
with np.errstate(all="ignore"):
    plain = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    got = called(softmax, x)
unshifted = "This comes out where nothing is subtracted from the scores: exp(10000) overflows."
expected = [[0.5, 0.5], [0.5, 0.5], [0, 1]]
expect_close("softmax(x)", got, expected, 1e-6, "Can exp overflow?", {unshifted: plain})

# %% check="cross_entropy_forward"
# Scores near 0 give all six classes about 1/6, so the loss is about ln 6 = 1.792.
rng = np.random.default_rng(7)
x, y = 0.001 * rng.normal(size=(100, 6)), rng.integers(6, size=100)
loss = called(cross_entropy().forward, x, y)
mistakes = {
    "Each column is divided by its own sum; it has to be each row.": np.log(100),
    "It is the sum over the rows, and has to be their mean.": 100 * np.log(6),
    "The logarithm has base 2; it has to be the natural one.": np.log2(6),
}
hint = "It is the mean over the rows."
expect_near("cross_entropy().forward(x, y)", loss, 1.7918, 0.002, hint, mistakes)

# %% check="cross_entropy_backward"
x, y, loss = rng.normal(size=(8, 5)), rng.integers(5, size=8), cross_entropy()
loss.forward(x, y)
dx = called(loss.backward)
measured = eval_numerical_gradient(lambda x: loss.forward(x, y), x)
expect_close("cross_entropy().backward()", dx, measured, hint="Is the mean's 1/N in it?")

# %% check="cross_entropy_stability"
x, y = np.array([[0.0, 3000.0], [0.0, 0.0]]), np.array([0, 1])
with np.errstate(all="ignore"):
    likely = called(cross_entropy().forward, x, np.array([1, 1]))
    loss = called(cross_entropy().forward, x, y)
mistakes = {
    "This comes out where nothing is subtracted from the scores: exp(3000) overflows.": (
        np.inf,
        np.nan,
    ),
    "The largest score of the whole batch is subtracted; it has to be that of each row.": -np.inf,
}
what, hint = "cross_entropy().forward(x, y) where the labels are likely", "Is there a log(0)?"
expect_close(what, likely, np.log(2) / 2, 1e-6, hint, mistakes)
rounded = {"A probability was rounded to 0, and its logarithm taken: log(0).": np.inf}
expect_close("cross_entropy().forward(x, y)", loss, (3000 + np.log(2)) / 2, 1e-6, hint, rounded)

# %% check="cross_entropy_sum"
x, y = rng.normal(size=(8, 5)), rng.integers(5, size=8)
mean, total = cross_entropy(), cross_entropy(size_average=False)
expect_close("the sum of the losses", total.forward(x, y), 8 * mean.forward(x, y))
expect_close("the gradient of the sum", total.backward(), 8 * mean.backward())

# %% [markdown]
# # 4. Small networks
#
# **Write `SmallFullyConnectedNetwork`** ([[= points.small_network ]] points): fc, gelu, fc.

# %% check="small_network"
model, loss = SmallFullyConnectedNetwork(), cross_entropy()
N, D, H, C = 4, 4, 30, 7
model.net.assign("fc1_w", np.linspace(-0.7, 0.3, num=D * H).reshape(D, H))
model.net.assign("fc1_b", np.linspace(-0.6, 0.2, num=H))
model.net.assign("fc2_w", np.linspace(-0.2, 0.2, num=H * C).reshape(H, C))
model.net.assign("fc2_b", np.linspace(-0.9, 0.1, num=C))
x = np.linspace(-5.5, 4.5, num=N * D).reshape(D, N).T
y = np.array([0, 5, 1, 4])
scores = called(model.forward, x)
expected = [
    [-2.33881897, -1.92174121, -1.50466344, -1.08758567],
    [-1.57214916, -1.1857013, -0.79925345, -0.41280559],
    [-0.80178618, -0.44604469, -0.0903032, 0.26543829],
    [-0.00331319, 0.32124836, 0.64580991, 0.97037146],
]
bent = gelu().forward(np.array(expected))
mistakes = {"A GeLU follows the last layer; the scores have none.": bent}
expect_close("the first four scores", scores[:, :4], expected, 1e-7, mistakes=mistakes)
expect_close("the loss", loss.forward(scores, y), 2.4248995879903195, 1e-9)
model.backward(loss.backward())
for name, value in model.net.params.items():
    grad = np.array(model.net.get_grads(name))
    measured = eval_numerical_gradient(lambda _: loss.forward(model.forward(x), y), value)
    expect_close(f"the gradient of {name}", grad, measured)

# %% [markdown]
# `DropoutNet` is given. If the next cell fails, look at your dropout again
# ([[= points.dropout_net ]] point).

# %% check="dropout_net"
rng = np.random.default_rng(8)
x, y, loss = rng.normal(size=(3, 15)), rng.integers(10, size=3), cross_entropy()
for keep_prob in (0, 0.25, 0.5):
    model = DropoutNet(keep_prob, seed=9)
    loss.forward(model.forward(x, True, seed=9), y)
    model.backward(loss.backward())
    for name in ("fc1_b", "fc2_b", "fc3_b"):
        grad, value = np.array(model.net.get_grads(name)), model.net.get_params(name)
        measured = eval_numerical_gradient(
            lambda _, model=model: loss.forward(model.forward(x, True, seed=9), y), value
        )
        expect_close(f"keep_prob={keep_prob}: the gradient of {name}", grad, measured)

# %% [markdown]
# # 5. Training
#
# `TinyNet` is the model to train: flatten, fc, gelu, fc, with sizes that come from its arguments.
# Give the fc layers `dtype=dtype`; numbers of 32 bits are precise enough here and train nearly
# twice as fast.
#
# **Write `TinyNet`** ([[= points.tiny_net ]] points).

# %% check="tiny_net"
model = TinyNet(12, hidden_dim=8, num_classes=5)
scores = called(model.forward, np.zeros((2, 2, 2, 3), np.float32))
expect_true(
    np.shape(scores) == (2, 5),
    "the shape of the scores",
    f"The scores have shape {np.shape(scores)}, expected (2, 5).",
)
shapes = sorted(value.shape for value in model.net.params.values())
found = f"TinyNet(12, 8, 5) has parameters of the shapes {shapes}"
expected = [(5,), (8,), (8, 5), (12, 8)]
expect_true(shapes == expected, found, f"{found}, expected {expected}.")
last = next(name for name, value in model.net.params.items() if value.shape == (5,))
model.net.assign(last, np.linspace(-4, 4, 5, dtype=np.float32))
scores = called(model.forward, np.zeros((2, 12), np.float32))
expected = np.tile(np.linspace(-4, 4, 5), (2, 1))
bent = {"A GeLU follows the last layer; the scores have none.": gelu().forward(expected)}
what = "the scores of an input of zeros, where the last biases are -4, -2, 0, 2, 4"
expect_close(what, scores, expected, 1e-5, mistakes=bent)

# %% [markdown]
# An **optimiser** changes parameters by their gradients. The simplest one goes downhill with the
# learning rate $\eta$:
#
# $$\theta \leftarrow \theta - \eta\,\nabla_\theta J.$$
#
# **Weight decay** also subtracts a small share of every parameter in each step, so that parameters
# which the data do not need decay to 0:
#
# $$\theta \leftarrow \theta - \eta\,\nabla_\theta J - \lambda\,\theta.$$
#
# In this form the decay $\lambda$ is *not* multiplied by $\eta$. It holds for weights and biases.
#
# **Write `SGD.step` in `lib/optim.py`**, with the weight decay ([[= points.sgd ]] points without
# it, [[= points.weight_decay ]] more with it).

# %% check="sgd"
net = sequential(fc(4, 5, name="sgd_fc"))
w, dw = np.linspace(-0.4, 0.6, num=20).reshape(4, 5), np.linspace(-0.6, 0.4, num=20).reshape(4, 5)
net.layers[0].params, net.layers[0].grads = {"sgd_fc_w": w.copy()}, {"sgd_fc_w": dw}
SGD(net, lr=0.5).step()
mistakes = {"That is a step uphill.": w + 0.5 * dw, "The step has no learning rate.": w - dw}
got = net.get_params("sgd_fc_w")
expect_close("w after SGD(net, 0.5).step()", got, w - 0.5 * dw, mistakes=mistakes)

# %% check="weight_decay"
net.layers[0].params, net.layers[0].grads = {"sgd_fc_w": w.copy()}, {"sgd_fc_w": dw}
SGD(net, 1e-3, 1e-4).step()
expect_close(
    "w after SGD(net, 1e-3, 1e-4).step()",
    net.get_params("sgd_fc_w"),
    [
        [-0.39936, -0.34678632, -0.29421263, -0.24163895, -0.18906526],
        [-0.13649158, -0.08391789, -0.03134421, 0.02122947, 0.07380316],
        [0.12637684, 0.17895053, 0.23152421, 0.28409789, 0.33667158],
        [0.38924526, 0.44181895, 0.49439263, 0.54696632, 0.59954],
    ],
    1e-7,
    mistakes={
        "The decay is multiplied by the learning rate.": w - 1e-3 * (dw + 1e-4 * w),
        "There is no decay.": w - 1e-3 * dw,
        "The decay makes the parameters grow.": w - 1e-3 * dw + 1e-4 * w,
    },
)

# %% [markdown]
# `train_net` in `lib/mlp/train.py` draws batches, does the updates and keeps the histories. The
# heart of it is yours: about five lines, in the order in which the information flows, and once in
# a while the learning rate falls.
#
# **Write the update in `train_net`** ([[= points.train_net ]] points; one more each for passing
# the regulariser on and for dropout being active in training).

# %% check="train_net"
rng = np.random.default_rng(10)
points = rng.normal(size=(200, 2)).astype(np.float32)
rings = (np.hypot(*points.T) > 1.2).astype(np.int64)
toy = {"data_train": (points[:150], rings[:150]), "data_val": (points[150:], rings[150:])}
np.random.seed(0)
model = TinyNet(2, hidden_dim=20, num_classes=2)
optimizer = SGD(model.net, 1.0)
_, losses, _, accuracies = train_net(
    toy, model, cross_entropy(), optimizer, 50, 60, lr_decay=0.5, lr_decay_every=90, verbose=False
)
found = f"{len(losses)} losses for 180 updates"
expect_true(len(losses) == 180, found, f"{found}: one for each update.")
mistakes = {
    "It has never decayed.": 1.0,
    "It has decayed once only.": 0.5,
    "It has decayed in every epoch.": 0.5**60,
    "It has decayed in every update.": 0.5**180,
}
hint = "Two decays in 180 updates."
expect_close("optimizer.lr at the end", optimizer.lr, 0.25, 1e-6, hint, mistakes)
falls = f"The loss goes from {losses[0]:.3f} to {losses[-1]:.3f}"
expect_true(losses[-1] < 0.6 * losses[0], falls, f"{falls}; it has to fall below 60 %.")

# %% check="train_net_regularized"
np.random.seed(0)
plain, pressed = TinyNet(2, 20, 2), TinyNet(2, 20, 2)
_, plain_losses, _, _ = train_net(
    toy, plain, cross_entropy(), SGD(plain.net, 0.5), 50, 20, verbose=False
)
_, pressed_losses, _, _ = train_net(
    toy, pressed, cross_entropy(), SGD(pressed.net, 0.5), 50, 20, verbose=False,
    regularization="l2", reg_lambda=0.1,
)  # fmt: skip
ends = f"The last loss is {plain_losses[-1]:.3f} without and {pressed_losses[-1]:.3f} with L2"
stronger = pressed_losses[-1] > plain_losses[-1]
expect_true(stronger, ends, f"{ends}: a strong penalty should keep the loss from falling.")

# %% check="train_net_dropout"
np.random.seed(0)
model = TinyNet(2, 20, 2)
model.net = sequential(*model.net.layers[:3], dropout(0.5), *model.net.layers[3:])
seen = []
model.net.layers[3].forward = lambda feat, is_training=True, seed=None: (
    seen.append(is_training) or feat
)
model.net.layers[3].backward = lambda dprev: dprev
train_net(toy, model, cross_entropy(), SGD(model.net, 0.1), 50, 1, verbose=False)
found = f"is_training was {seen[:3]} in the three updates"
expect_true(seen[:3] == [True] * 3, found, f"{found}; it has to be True.")

# %% [markdown]
# **Now train `TinyNet`** ([[= points.tiny_net_training ]] points) until it gets more than
# [[= "%.0f" | format(100 * threshold.mlp) ]] % of new images right. Grading trains with *your
# settings* on other images, for at most [[= assignment.training[assignment.dataset].max_epochs ]]
# epochs, and asks for [[= "%.1f" | format(100 * threshold.mlp_graded) ]] %, since accuracy varies
# with images and weights.
#
# `tiny_settings` is a dictionary with the keys `"hidden_dim"` (units of the hidden layer),
# `"learning_rate"`, `"batch_size"`, `"epochs"`, and, if you like, `"lr_decay"` and
# `"lr_decay_every"`, as `train_net` has them. If the loss explodes, the rate is too large; if it
# barely moves, too small; try factors of 3.

# %%
### BEGIN SOLUTION tiny_net_training
### STUB tiny_settings = ...  # TODO(tiny_net_training): a dictionary, see above
tiny_settings = {
    "hidden_dim": 100,
    "learning_rate": 0.1,
    "batch_size": 50,
    "epochs": 20,
    "lr_decay": 0.9,
    "lr_decay_every": 80,
}
if DATASET == "cifar100":  # larger images, and nine times as many
    rate = tiny_settings["learning_rate"] / 2
    tiny_settings |= {"hidden_dim": 300, "learning_rate": rate, "batch_size": 100, "epochs": 10}
    tiny_settings["lr_decay_every"] = 180
### END SOLUTION

# %% demo=true
expect_written("tiny_net_training", tiny_settings)
np.random.seed(1)
model = TinyNet(INPUT_DIM, tiny_settings["hidden_dim"], NUM_CLASSES)
start = time.perf_counter()
results = train_net(
    data_dict,
    model,
    cross_entropy(),
    SGD(model.net, tiny_settings["learning_rate"]),
    tiny_settings["batch_size"],
    tiny_settings["epochs"],
    lr_decay=tiny_settings.get("lr_decay", 1.0),
    lr_decay_every=tiny_settings.get("lr_decay_every", 1000),
)
print(f"{time.perf_counter() - start:.1f} s")
opt_params, loss_hist, train_acc_hist, val_acc_hist = results


# %%
def plot_training(runs, goal=None):
    """Loss of every update, and accuracies of every epoch, of one or several trainings.

    Parameters
    ----------
    runs : dict of name -> what `train_net` returned
    goal : float or None
        An accuracy to draw as a dashed line.
    """
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    for number, (name, (_, losses, train, val)) in enumerate(runs.items()):
        width = max(1, len(losses) // 40)
        smooth = np.convolve(losses, np.ones(width) / width, "valid")
        style = {"label": name, "linestyle": "--" if number == 3 else "-"}
        left.plot(np.arange(len(smooth)) + width, smooth, **style)
        middle.plot(np.arange(1, len(train) + 1), train, **style)
        right.plot(np.arange(1, len(val) + 1), val, **style)
    if goal is not None:
        right.axhline(goal, color="0.4", linestyle="--", label=f"goal {goal:.2f}")
    left.set(title="Training loss (running mean)", xlabel="update", ylabel="loss")
    middle.set(title="Training set", xlabel="epoch", ylabel="accuracy")
    right.set(title="Validation set", xlabel="epoch", ylabel="accuracy")
    for axes in (left, middle, right):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in (middle, right):
        axes.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    plt.show()


# %% demo=true
plot_training({"TinyNet": results}, GOALS["mlp"])

# %% check="tiny_net_training"
pairs = zip(data_dict["data_val"], data_dict["data_test"], strict=True)
unseen = [np.concatenate(pair) for pair in pairs]
reached = compute_acc(model, *unseen)
expect_accuracy(reached, GOALS["mlp"], "on the validation and test images")

# %% [markdown]
# Parameters can be kept and given to another network of the same shape:

# %% demo=true
print({name: value.shape for name, value in opt_params.items()})
again = TinyNet(INPUT_DIM, tiny_settings["hidden_dim"], NUM_CLASSES)
again.net.load(opt_params)
print(f"test accuracy {compute_acc(again, *data_dict['data_test']):.3f}")

# %% [markdown]
# # 6. Regularisation
#
# A regulariser adds a penalty on large parameters to the loss:
#
# $$\begin{aligned}
#   \tilde J_1(\theta) &= J(\theta) + \lambda \sum_i |\theta_i|, \\
#   \tilde J_2(\theta) &= J(\theta) + \lambda \sum_i \theta_i^2.
# \end{aligned}$$
#
# The sums go over all weights and biases of all layers, and there is no ½ in the second. All that
# an optimiser ever sees is the gradient, so it is enough to add the gradient of the penalty to
# each `grads[name]`.
#
# **Write `apply_l1_regularization` and `apply_l2_regularization` in `lib/sequential.py`**
# ([[= points.l1_regularization ]] + [[= points.l2_regularization ]] points).

# %% check="l1_regularization"
net = sequential(fc(2, 2, name="reg"))
net.assign("reg_w", np.array([[2.0, -3.0], [0.5, -0.5]]))
net.assign("reg_b", np.array([1.0, -4.0]))
net.layers[0].grads = {"reg_w": np.ones((2, 2)), "reg_b": np.zeros(2)}
net.apply_l1_regularization(0.1)
expect_close("the gradient of reg_w", net.get_grads("reg_w"), [[1.1, 0.9], [1.1, 0.9]])
expect_close("the gradient of reg_b", net.get_grads("reg_b"), [0.1, -0.1], hint="Biases too.")

# %% check="l2_regularization"
net.layers[0].grads = {"reg_w": np.ones((2, 2)), "reg_b": np.zeros(2)}
net.apply_l2_regularization(0.1)
halved = {"It has a ½ that the formula has not.": [[1.2, 0.7], [1.05, 0.95]]}
got = net.get_grads("reg_w")
expect_close("the gradient of reg_w", got, [[1.4, 0.4], [1.1, 0.9]], mistakes=halved)
expect_close("the gradient of reg_b", net.get_grads("reg_b"), [0.2, -0.8], hint="Biases too.")

# %% [markdown]
# Weight decay and the L2 penalty look alike. **Under SGD they can be made exactly the same:**
# which $\lambda$ of the L2 penalty gives the same updates as `SGD(net, learning_rate,
# weight_decay)`? Write down both updates and compare.
#
# **Write `equivalent_l2_lambda`** ([[= points.l2_equals_decay ]] points).


# %%
def equivalent_l2_lambda(weight_decay, learning_rate):
    """The lambda of an L2 penalty that makes SGD do what the given weight decay does."""
    ### BEGIN SOLUTION l2_equals_decay
    return weight_decay / (2 * learning_rate)
    ### END SOLUTION


# %% check="l2_equals_decay"
net = sequential(fc(3, 3, 1.0, name="same"))
start_w, grad = net.get_params("same_w").copy(), np.full((3, 3), 0.7)
ends = []
for decay, lam in ((0.02, 0.0), (0.0, equivalent_l2_lambda(0.02, 0.1))):
    net.assign("same_w", start_w.copy())
    net.layers[0].grads = {"same_w": grad.copy(), "same_b": np.zeros(3)}
    net.apply_l2_regularization(lam)
    SGD(net, 0.1, decay).step()
    ends.append(net.get_params("same_w").copy())
expect_close("w by the L2 penalty", ends[1], ends[0], hint="Compare what multiplies theta.")

# %% [markdown]
# Now look at what regularisation does to a deeper network that has few images and can memorise
# them.

# %% demo=true
few = {
    "data_train": tuple(part[:800] for part in data_dict["data_train"]),
    "data_val": data_dict["data_val"],
}


def compare(make_optimizer, regularization="none", reg_lambda=0.0, epochs=30):
    """Train the same network, from the same initial weights, in another way."""
    np.random.seed(11)
    network = FullyConnectedNetwork(INPUT_DIM, 100, NUM_CLASSES)
    return train_net(
        few, network, cross_entropy(), make_optimizer(network.net), 50, epochs, verbose=False,
        regularization=regularization, reg_lambda=reg_lambda,
    )  # fmt: skip


decay, rate = 1e-3, 0.05
runs = {
    "SGD": compare(lambda net: SGD(net, rate)),
    f"weight decay {decay:g}": compare(lambda net: SGD(net, rate, decay)),
    "L1, 1e-3": compare(lambda net: SGD(net, rate), "l1", 1e-3),
    "L2, equivalent": compare(lambda net: SGD(net, rate), "l2", equivalent_l2_lambda(decay, rate)),
}
plot_training(runs)
gap = np.abs(np.subtract(runs["L2, equivalent"][1], runs[f"weight decay {decay:g}"][1])).max()
print(f"largest difference of the losses of weight decay and the equivalent L2: {gap:.1e}")

# %% [markdown]
# The curves of weight decay and of the equivalent L2 penalty (dashed) coincide, up to rounding.
#
# # 7. Adam
#
# Adam keeps two running means for every parameter, of its gradient $g$ and of $g^2$. It divides
# the one by the root of the other, so that every parameter moves by about $\eta$, whether its
# gradients are large or small:
#
# $$\begin{aligned}
#   t &\leftarrow t + 1\\
#   m &\leftarrow \beta_1 m + (1-\beta_1)\,g\\
#   v &\leftarrow \beta_2 v + (1-\beta_2)\,g^2\\
#   \hat m &= m/(1-\beta_1^t), \qquad \hat v = v/(1-\beta_2^t)\\
#   \theta &\leftarrow \theta - \eta\,\frac{\hat m}{\sqrt{\hat v}+\varepsilon} - \lambda\,\theta
# \end{aligned}$$
#
# Both means start at 0 and are too small in the beginning; the divisions by $1-\beta^t$ mend that.
# $t$ counts **steps**: it grows by one for each call of `step`, before everything else, and all
# parameters share it. The weight decay $\lambda\theta$ stands apart from $m$ and $v$, as in SGD.
#
# **Write `Adam.step`** ([[= points.adam ]] points, and [[= points.adam_weight_decay ]] for the
# weight decay).

# %% check="adam"
net = sequential(fc(4, 5, name="adam_fc"))
w, dw = np.linspace(-0.4, 0.6, num=20).reshape(4, 5), np.linspace(-0.6, 0.4, num=20).reshape(4, 5)
net.layers[0].params, net.layers[0].grads = {"adam_fc_w": w.copy()}, {"adam_fc_w": dw}
optimizer = Adam(net, 1e-2, 0.9, 0.999, t=5)
optimizer.mt = {"adam_fc_w": np.linspace(0.6, 0.9, num=20).reshape(4, 5)}
optimizer.vt = {"adam_fc_w": np.linspace(0.7, 0.5, num=20).reshape(4, 5)}
optimizer.step()
expect_close(
    "w after a step of Adam",
    net.get_params("adam_fc_w"),
    [
        [-0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977],
        [-0.1380274, -0.08544591, -0.03286534, 0.01971428, 0.0722929],
        [0.1248705, 0.17744702, 0.23002243, 0.28259667, 0.33516969],
        [0.38774145, 0.44031188, 0.49288093, 0.54544852, 0.59801459],
    ],
    1e-7,
    "The step begins with t = 5, so the powers in it are of 6.",
)
expect_close("the first row of m", optimizer.mt["adam_fc_w"][0], np.linspace(0.48, 0.85, 20)[:5])
v = [0.69966, 0.68908382, 0.67851319, 0.66794809, 0.65738853]
expect_close("the first row of v", optimizer.vt["adam_fc_w"][0], v, 1e-7)

# %% check="adam_weight_decay"
ends = []
for decay in (0.0, 0.1):
    net.layers[0].params, net.layers[0].grads = {"adam_fc_w": w.copy()}, {"adam_fc_w": dw}
    Adam(net, 1e-2, weight_decay=decay).step()
    ends.append(net.get_params("adam_fc_w"))
expect_close("what the decay of 0.1 takes off", ends[0] - ends[1], 0.1 * w)

# %% demo=true
adam_runs = {
    "SGD": runs["SGD"],
    "Adam": compare(lambda net: Adam(net, 1e-3)),
    "Adam, weight decay 1e-3": compare(lambda net: Adam(net, 1e-3, weight_decay=1e-3)),
    "Adam, L2 penalty 0.5": compare(lambda net: Adam(net, 1e-3), "l2", 0.5),
}
plot_training(adam_runs)

# %% [markdown]
# For the last two curves the $\lambda$ of the penalty is the one that would be the same under SGD
# with this learning rate: $10^{-3} / (2 \cdot 10^{-3}) = 0.5$. They are far apart.
#
# **Question `adam_l2_reason`** ([[= points.adam_l2_reason ]] points). Under Adam, an L2 penalty
# and weight decay are *not* the same. Which of these statements hold?
#
# - **a** The gradient $2\lambda\theta$ of the penalty goes into $m$ and $v$, and is divided by
#   $\sqrt{\hat v}$ like the rest of the gradient.
# - **b** The two differ because the batches of the two trainings are drawn at random.
# - **c** With the penalty, a parameter whose gradients are large is pulled to 0 less strongly than
#   an equally large parameter whose gradients are small; with weight decay both are pulled alike.
# - **d** One suitable constant $\lambda$ would make them the same, as under SGD.
# - **e** They differ because Adam's learning rate stays the same.
#
# Answer with a set of letters; if it were only the second, you would write `{"b"}`.

# %%
### BEGIN SOLUTION adam_l2_reason
### STUB adam_l2_reason = ...  # TODO(adam_l2_reason)
adam_l2_reason = {"a", "c"}
### END SOLUTION

# %% check="adam_l2_reason"
# This looks at the form of the answer only.
expect_options("adam_l2_reason", adam_l2_reason, ["a", "b", "c", "d", "e"])

# %% [markdown]
# **Question `optimizer_comparison`** (3 points, read by a person). Compare the curves of parts 6
# and 7: which training falls fastest, which fits the training images best, which does best on the
# validation images, and how do you explain it? Four or five sentences.

# %% [markdown] manual="optimizer_comparison" points=3
# ### BEGIN SOLUTION optimizer_comparison
# ### STUB *Write your answer here, in place of this line. TODO(optimizer_comparison)*
# Adam falls fastest and fits the 800 training images completely, since it scales every parameter's
# step; plain SGD gets about two thirds of them right in the same number of epochs. Adam's
# validation accuracy stops rising at about a third, long before the fit is perfect: the rest is
# overfitting. Under SGD, weight decay and L1 keep the training accuracy lower and cost little
# or nothing in validation. There the equivalent L2 penalty gives the very same curve as weight
# decay. Under Adam it does not, and here nothing is learned any more: the penalty's gradient goes
# into m and v like the rest, so that its pull depends on the size of the gradients and no longer on
# the size of the parameter.
# ### END SOLUTION

# %% [markdown]
# # 8. Hand in
#
# When all three notebooks are done and saved (Ctrl+S), run this cell. It lists every part of all
# three with its state, says what would keep a file from being graded as you see it, and packs the
# files that are graded into `submission.zip`. Hand that in. Open parts cost their own points only.

# %% demo=true
_ = check_and_zip("submission.zip")
