# %% [markdown]
# # [[= assignment.title ]], 2: training deep nets
#
# The networks of `fully_connected_nets.ipynb` are right, and still hard to train when they are
# deep: you have seen how narrow the range of settings became with five layers. This notebook adds
# what practice has found against that:
#
# 1. update rules that remember earlier gradients: momentum, RMSProp and Adam,
# 2. normalisation of what a layer passes on: batch and layer normalisation,
# 3. dropout, against overfitting,
# 4. a network that has all of it, and a search for the best depth.
#
# All [[= bonus_points ]] points of this notebook are **extra credit**: they come on top of the
# [[= total_points ]] points of the assignment. It builds on your own layers, your
# `FullyConnectedNet` and the given `Solver`. Each part stands on its own, so you can choose.
#
# *Autoreload is on: save a file in `nn/`, and the next cell that you run uses it. If a
# result still looks old, restart the kernel (menu Kernel) and run all cells.*

# %% demo=true
# [[= first_cell ]]

# %%
# "mnist8k" and "digits" are here, "shapes" is drawn by the computer; "mnist" and "cifar10" need
# their official files in a folder that the environment variable AUTOGRADER_DATA names.
DATASET = "[[= assignment.dataset ]]"

# %%
# %load_ext autoreload
# %autoreload 2
import matplotlib.pyplot as plt
import numpy as np

from nn.classifiers.fc_net import FullyConnectedNet
from nn.classifiers.normalised_net import NormalisedNet
from nn.data_utils import load_data
from nn.dropout import dropout_backward, dropout_forward
from nn.expect import called, expect_close, expect_near, expect_shape
from nn.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array
from nn.normalisation import (
    batchnorm_backward,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
)
from nn.optim import adam, rmsprop, sgd, sgd_momentum
from nn.settings import load_settings
from nn.solver import Solver

# %matplotlib inline

# %%
# Fewer images than in the first notebook, so that several networks can be trained side by side.
images = {**load_settings(DATASET).training["images"], "num_train": 1000}
data = load_data(DATASET, **images)
INPUT_DIM = data["X_train"][0].size  # numbers in one image
NUM_CLASSES = int(data["y_train"].max()) + 1

# %% [markdown]
# # 1. Update rules
#
# ## 1.1 Momentum
#
# In a long, narrow valley the gradient points mostly across it, hardly ever along it. Plain
# gradient descent then jumps from one wall to the other and creeps towards the lowest point.
# **Momentum** gives the parameter a velocity $v$. Each gradient $g$ changes the velocity a little,
# and the velocity moves the parameter:
#
# $$v \leftarrow \mu\, v - \eta\, g, \qquad\qquad w \leftarrow w + v.$$
#
# Gradients that change sign from step to step cancel in $v$; those that agree add up. If $g$ is
# always the same, $v$ approaches
#
# $$-\eta\, g\, (1 + \mu + \mu^2 + \dots) = -\frac{\eta\, g}{1 - \mu},$$
#
# with $\mu = 0.9$ ten times the step of plain gradient descent. So a learning rate that suits `sgd`
# may be too large here.
#
# The rules of this part have to remember things between steps. That is what `config` is for:
# `Solver` keeps one dictionary for each parameter, passes it to the rule, and takes the returned
# one for the next step.
#
# **Write `sgd_momentum` in `nn/optim.py`** ([[= points.sgd_momentum ]] points). Start with a
# velocity of zeros.

# %% check="sgd_momentum"
w, first, second = np.array([1.0, -2.0]), np.array([0.5, 1.0]), np.array([-1.0, 1.0])
settings = {"learning_rate": 0.1, "momentum": 0.5}
one, config = called(sgd_momentum, w.copy(), first, dict(settings), gives=2, may_change=("w",))
mistakes = {"That is a step uphill.": w + 0.1 * first, "It has no learning rate.": w - first}
what = "sgd_momentum(w, dw, config)[0] of the first step"
expect_close(what, one, w - 0.1 * first, 1e-12, mistakes=mistakes)
two, _ = called(sgd_momentum, w.copy(), second, config, gives=2, may_change=("w", "config"))
velocity = -0.1 * first
mistakes = {
    "The velocity of the first step is lost: is it stored in `config`?": w - 0.1 * second,
    "The old velocity is not multiplied by `momentum`.": w + velocity - 0.1 * second,
    "That is the old velocity; the step needs the new one.": w + velocity,
}
what = "sgd_momentum(w, dw, config)[0] of the second step"
expect_close(what, two, w + 0.5 * velocity - 0.1 * second, 1e-12, mistakes=mistakes)

# %% [markdown]
# ## 1.2 RMSProp
#
# One learning rate for all entries is a compromise: weights with large gradients need a small
# one, weights with small gradients a large one. **RMSProp** keeps a running mean $c$ of the squared
# gradient for every entry, and divides by its root:
#
# $$\begin{aligned}
#   c &\leftarrow \rho\, c + (1 - \rho)\, g^2, \\
#   w &\leftarrow w - \eta\, \frac{g}{\sqrt{c} + \varepsilon}.
# \end{aligned}$$
#
# All operations are element by element, and the second line uses the new $c$. An entry whose
# gradient is 100 times as large now takes steps of the same size. The small number $\varepsilon$
# only guards against a division by 0; mind that it stands outside of the root.
#
# **Write `rmsprop` in `nn/optim.py`** ([[= points.rmsprop ]] points).

# %% check="rmsprop"
w, first, second = np.array([1.0, -2.0]), np.array([0.5, 1.0]), np.array([-1.0, 1.0])
settings = {"learning_rate": 0.1, "decay_rate": 0.75, "epsilon": 0.01}
one, config = called(rmsprop, w.copy(), first, dict(settings), gives=2, may_change=("w",))
c = 0.25 * first**2
mistakes = {
    "The root is missing.": w - 0.1 * first / (c + 0.01),
    "epsilon is inside of the root.": w - 0.1 * first / np.sqrt(c + 0.01),
    "The factor 1 - decay_rate is missing.": w - 0.1 * first / (np.abs(first) + 0.01),
    "decay_rate and 1 - decay_rate are exchanged.": w - 0.1 * first / (np.sqrt(3 * c) + 0.01),
    "That is the step of the old c, which is 0.": w - 0.1 * first / 0.01,
}
what = "rmsprop(w, dw, config)[0] of the first step"
expect_close(what, one, w - 0.1 * first / (np.sqrt(c) + 0.01), 1e-12, mistakes=mistakes)
two, _ = called(rmsprop, w.copy(), second, config, gives=2, may_change=("w", "config"))
c = 0.75 * c + 0.25 * second**2
lost = w - 0.1 * second / (0.5 * np.abs(second) + 0.01)
mistakes = {"The mean of the first step is lost: is it stored in `config`?": lost}
what = "rmsprop(w, dw, config)[0] of the second step"
expect_close(what, two, w - 0.1 * second / (np.sqrt(c) + 0.01), 1e-12, mistakes=mistakes)

# %% [markdown]
# ## 1.3 Adam
#
# **Adam** combines the two: a running mean $m$ of the gradient, as in momentum, divided by the root
# of a running mean $v$ of its square, as in RMSProp.
#
# $$\begin{aligned}
#   m &\leftarrow \beta_1 m + (1 - \beta_1)\, g, \\
#   v &\leftarrow \beta_2 v + (1 - \beta_2)\, g^2.
# \end{aligned}$$
#
# Both start at 0, so in the first steps they are too small. If all gradients so far were equal to
# $g$, then after $t$ steps
#
# $$\begin{aligned}
#   m &= (1 - \beta_1)\,(1 + \beta_1 + \dots + \beta_1^{t-1})\; g \\
#     &= (1 - \beta_1^t)\, g.
# \end{aligned}$$
#
# Dividing by $1 - \beta_1^t$ makes up for this exactly. This is the **bias correction**:
#
# $$\begin{gathered}
#   \hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \\[4pt]
#   w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}.
# \end{gathered}$$
#
# Here $t$ counts steps, and the first step has $t = 1$. For $t = 0$ the denominator would be 0.
# Keep $m$ and $v$ for the next step, not $\hat m$ and $\hat v$.
#
# In the first step $\hat m = g$ and $\hat v = g^2$, so every entry moves by $\eta$, whatever the
# size of its gradient. That makes a good test, and it says how to choose $\eta$: by how much
# should a weight move in one step? For weights of size 0.05, a rate of 0.1 is far too large.
#
# **Write `adam` in `nn/optim.py`** ([[= points.adam ]] points).

# %% check="adam"
w, first, second = np.array([1.0, -2.0]), np.array([0.5, 1.0]), np.array([-1.0, 1.0])
settings = {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.01}
with np.errstate(all="ignore"):
    one, config = called(adam, w.copy(), first, dict(settings), gives=2, may_change=("w",))
m, v = 0.5 * first, 0.25 * first**2
mistakes = {
    "There is no bias correction.": w - 0.1 * m / (np.sqrt(v) + 0.01),
    "v has no bias correction.": w - 0.1 * first / (np.sqrt(v) + 0.01),
    "m has no bias correction.": w - 0.1 * m / (np.abs(first) + 0.01),
    "epsilon is inside of the root.": w - 0.1 * first / np.sqrt(first**2 + 0.01),
    "t is already 2 in the first step.": w - 0.1 * (m / 0.75) / (np.sqrt(v / 0.4375) + 0.01),
    "The corrections have divided by 0: is t still 0 in the first step?": np.full(2, np.nan),
}
what = "adam(w, dw, config)[0] of the first step"
expect_close(what, one, w - 0.1 * first / (np.abs(first) + 0.01), 1e-12, mistakes=mistakes)
two, _ = called(adam, w.copy(), second, config, gives=2, may_change=("w", "config"))
m, v = 0.5 * m + 0.5 * second, 0.75 * v + 0.25 * second**2
mistakes = {
    "m and v of the first step are lost: are they stored in `config`?": w
    - 0.1 * second / (np.abs(second) + 0.01),
    "t is 1 again: is it stored in `config`?": w - 0.1 * (m / 0.5) / (np.sqrt(v / 0.25) + 0.01),
    "The powers of beta1 and beta2 are missing.": w - 0.1 * (m / 0.5) / (np.sqrt(v / 0.25) + 0.01),
}
right = w - 0.1 * (m / 0.75) / (np.sqrt(v / 0.4375) + 0.01)
expect_close("adam(w, dw, config)[0] of the second step", two, right, 1e-12, mistakes=mistakes)

# %% [markdown]
# Here are all four in the same valley, $L = \tfrac12 (w_1^2 + 25\, w_2^2)$, from the same starting
# point.


# %% demo=true
def path(rule, config, steps=40):
    """The points that a rule visits in the valley."""
    w, points = np.array([-4.0, 1.0]), [np.array([-4.0, 1.0])]
    for _ in range(steps):
        w, config = rule(w.copy(), np.array([1.0, 25.0]) * w, config)
        points.append(np.array(w))
    return np.array(points)


across, along = np.meshgrid(np.linspace(-1.6, 1.6, 100), np.linspace(-4.6, 2.6, 200))
rules = ((sgd, 0.07), (sgd_momentum, 0.01), (rmsprop, 0.2), (adam, 0.3))
figure, panels = plt.subplots(1, 4, figsize=(12, 3), sharey=True, layout="constrained")
for axes, (rule, rate) in zip(panels, rules, strict=True):
    levels = np.logspace(-2, 2, 9)
    axes.contour(along, across, (along**2 + 25 * across**2) / 2, levels, colors="0.8")
    points = path(rule, {"learning_rate": rate})
    axes.plot(points[:, 0], points[:, 1], "-o", markersize=3, linewidth=1)
    axes.plot(0, 0, "+", color="tab:red", markersize=10)
    axes.set(title=f"{rule.__name__}, rate {rate}", xlabel="$w_1$", ylim=(-1.6, 1.6))
panels[0].set_ylabel("$w_2$")
plt.show()

# %% [markdown]
# And now a network of five hidden layers, with the rules in turn. The learning rates differ for the
# reasons above: try others.


# %% demo=true
def train_with(rule, rate, epochs=6):
    """Train a network with five hidden layers by that rule, and return the solver."""
    np.random.seed(21)
    model = FullyConnectedNet([50] * 5, INPUT_DIM, NUM_CLASSES, weight_scale=0.1)
    solver = Solver(
        model,
        data,
        update_rule=rule,
        optim_config={"learning_rate": rate},
        num_epochs=epochs,
        verbose=False,
        seed=21,
    )
    solver.train()
    return solver


figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
for rule, rate in (("sgd", 0.1), ("sgd_momentum", 0.05), ("rmsprop", 0.001), ("adam", 0.003)):
    solver = train_with(rule, rate)
    left.plot(solver.loss_history, label=f"{rule}, {rate:g}")
    right.plot(solver.val_acc_history, "-o", markersize=4, label=f"{rule}, {rate:g}")
left.set(title="Training loss", xlabel="step", ylabel="loss of the batch")
right.set(title="Validation set", xlabel="epoch", ylabel="accuracy")
figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4)
for axes in (left, right):
    axes.grid(alpha=0.25)
plt.show()

# %% [markdown]
# # 2. Normalisation
#
# ## 2.1 Batch normalisation, forward
#
# In section 6 of the first notebook the size of the signal was multiplied by some factor in each
# layer, so a weight scale that was a little off left nothing of it, or far too much. **Batch
# normalisation** takes the question away: between the affine layer and the ReLU, every feature
# (column) is brought to mean 0 and standard deviation 1 over the batch,
#
# $$\begin{gathered}
#   \mu = \frac1N \sum_n x_n, \qquad \sigma^2 = \frac1N \sum_n (x_n - \mu)^2, \\[4pt]
#   z = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad \text{out} = \gamma\, z + \beta.
# \end{gathered}$$
#
# Multiply all weights of the layer by 10: $x$, $\mu$ and $\sigma$ grow by 10, and $z$ stays as it
# was. The learned parameters $\gamma$ and $\beta$ then choose the deviation and the mean that suit
# the next layer. $\varepsilon$ keeps a constant feature from dividing by 0.
#
# Testing is different. The answer for one image must not depend on which other images happen to be
# in the batch, and a single image has no variance at all. So training also keeps **running**
# averages of $\mu$ and $\sigma^2$ for later,
#
# $$\begin{aligned}
#   \text{running} \leftarrow{} & \text{momentum} \cdot \text{running} \\
#   & + (1 - \text{momentum}) \cdot \text{batch},
# \end{aligned}$$
#
# and testing uses them in place of $\mu$ and $\sigma^2$, and does not update them. They are
# kept in the dictionary `bn_param`, which the layer changes in place.
#
# **Write `batchnorm_forward` in `nn/normalisation.py`** ([[= points.batchnorm_forward ]] points for
# training, [[= points.batchnorm_running ]] points for the running averages and testing).

# %% check="batchnorm_forward"
x, gamma, beta = np.array([[1.0, 10.0], [3.0, 30.0]]), np.array([2.0, 1.0]), np.array([0.0, 5.0])
bn_param = {"mode": "train", "eps": 0.5, "momentum": 0.9}
out, _ = called(batchnorm_forward, x, gamma, beta, bn_param, gives=2, may_change=("bn_param",))
deviation = np.sqrt(np.array([1.5, 100.5]))
centred = np.array([[-1.0, -10.0], [1.0, 10.0]])
z, by_row = centred / deviation, np.array([[-4.5, 4.5], [-13.5, 13.5]])
row_deviation = np.sqrt([[20.75], [182.75]])
mistakes = {
    "gamma and beta are not used.": z,
    "It is divided by the variance, not by its root.": gamma * z / deviation + beta,
    "The variance is divided by N - 1; it is divided by N.": gamma * centred / np.sqrt([2.5, 200.5])
    + beta,
    "eps is outside of the root.": gamma * centred / np.array([1.5, 10.5]) + beta,
    "The mean goes over each row; it goes over each column.": gamma * by_row / row_deviation + beta,
}
expect_close("batchnorm_forward(x, ...)[0]", out, gamma * z + beta, mistakes=mistakes)

# %% check="batchnorm_running"
bn_param = {"mode": "train", "eps": 0.0, "momentum": 0.75}
for _ in range(2):
    called(batchnorm_forward, x, gamma, beta, bn_param, gives=2, may_change=("bn_param",))
bn_param["mode"] = "test"
out, _ = called(batchnorm_forward, x, gamma, beta, bn_param, gives=2, may_change=("bn_param",))
mean, var = np.array([2.0, 20.0]) * 0.4375, 0.5625 + 0.4375 * np.array([1.0, 100.0])
mistakes = {
    "The running averages are not stored in `bn_param`.": gamma * x + beta,
    "The statistics of the batch are used in testing, too.": gamma * [[-1, -1], [1, 1]] + beta,
    "running_var holds standard deviations, not variances.": gamma
    * (x - mean)
    / np.sqrt(0.5625 + 0.4375 * np.array([1.0, 10.0]))
    + beta,
    "`momentum` and 1 - momentum are exchanged.": gamma
    * (x - np.array([2.0, 20.0]) * 0.9375)
    / np.sqrt(0.0625 + 0.9375 * np.array([1.0, 100.0]))
    + beta,
}
right = gamma * (x - mean) / np.sqrt(var) + beta
what = "batchnorm_forward(x, ...)[0] in testing, after two batches"
expect_close(what, out, right, mistakes=mistakes)

# %% [markdown]
# ## 2.2 Batch normalisation, backward
#
# Take one column. Each $x_j$ reaches each $z_i$ in three ways: directly if $i = j$, through $\mu$,
# and through $\sigma$ (which here means $\sqrt{\sigma^2 + \varepsilon}$). With
#
# $$\frac{\partial \mu}{\partial x_j} = \frac1N, \qquad
#   \frac{\partial \sigma}{\partial x_j} = \frac{x_j - \mu}{N \sigma} = \frac{z_j}{N}$$
#
# the quotient rule gives
#
# $$\frac{\partial z_i}{\partial x_j}
#   = \frac1\sigma \Big( [\,i = j\,] - \frac1N - \frac{z_i z_j}{N} \Big).$$
#
# With $g = \gamma \cdot \text{dout}$, the gradient with respect to $z$, sum over $i$:
#
# $$dx_j = \sum_i g_i \frac{\partial z_i}{\partial x_j}
#   = \frac1\sigma \Big( g_j - \overline{g} - z_j\, \overline{g z} \Big),$$
#
# where the bars are means over the batch. And since $\gamma$ and $\beta$ serve all rows,
# $d\gamma = \sum_n \text{dout}_n z_n$ and $d\beta = \sum_n \text{dout}_n$.
#
# You can check the formula: $dx$ sums to 0 over the batch, and so does $dx \cdot z$ (up to
# $\varepsilon$). This has to be so. Normalisation undoes it when a constant is added to a whole
# column, or when the column is stretched about its mean, so the loss does not change in either
# direction.
#
# **Write `batchnorm_backward` in `nn/normalisation.py`** ([[= points.batchnorm_backward ]]
# points).


# %%
def gradients_of(forward, backward, param, axis):
    """For dx, dgamma and dbeta: the name, the answer, the measured one, and known mistakes."""
    rng = np.random.default_rng(22)
    x, dout = 3 * rng.normal(size=(4, 5)) + 2, rng.normal(size=(4, 5))
    inputs = [x, rng.uniform(0.5, 2, size=5), rng.normal(size=5)]
    _, cache = called(forward, *inputs, dict(param), gives=2)
    answers = called(backward, dout, cache, gives=3)
    deviation, g = np.sqrt(x.var(axis=axis, keepdims=True) + param["eps"]), inputs[1] * dout
    centred = g - g.mean(axis=axis, keepdims=True)
    z = (x - x.mean(axis=axis, keepdims=True)) / deviation
    mean = "It is the mean over the batch; it has to be the sum."
    features = "It sums over the features; it has to sum over the batch."
    mistakes = [
        {
            "Mean and variance are treated as fixed numbers.": g / deviation,
            "The way through the variance is missing.": centred / deviation,
        },
        {
            "It sums dout * x; it has to be dout * z.": np.sum(dout * x, axis=0),
            mean: np.mean(dout * z, axis=0),
            features: np.sum(dout * z, axis=1),
        },
        {mean: np.mean(dout, axis=0), features: np.sum(dout, axis=1)},
    ]
    for place, name in enumerate(("dx", "dgamma", "dbeta")):
        changed = inputs[place]
        measured = eval_numerical_gradient_array(
            lambda _: forward(*inputs, dict(param))[0], changed, dout
        )
        what = f"{backward.__name__}(dout, cache): {name}"
        yield what, answers[place], measured, mistakes[place]


# %% check="batchnorm_backward"
param = {"mode": "train", "eps": 0.1}
for what, got, measured, mistakes in gradients_of(batchnorm_forward, batchnorm_backward, param, 0):
    expect_close(what, got, measured, mistakes=mistakes)

# %% [markdown]
# ## 2.3 Layer normalisation
#
# With batches of two or three images, $\mu$ and $\sigma$ of a batch are mostly noise. **Layer
# normalisation** takes them over the *features* of each example instead. An example is then
# normalised by itself, so training and testing do the same, and there is nothing to remember.
# $\gamma$ and $\beta$ still belong to features.
#
# ![The same array of three examples with four features each, twice. Batch normalisation takes the
# mean of a column, over the examples; layer normalisation that of a row, over the
# features.](pictures/normalisation_axes.svg)
#
# **Write `layernorm_forward` and `layernorm_backward` in `nn/normalisation.py`**
# ([[= points.layernorm_forward ]] + [[= points.layernorm_backward ]] points). The formulas are the
# same; only the axis changes, and not everywhere.

# %% check="layernorm_forward"
x, gamma, beta = np.array([[1.0, 3.0], [10.0, 30.0]]), np.array([2.0, 1.0]), np.array([0.0, 5.0])
out, _ = called(layernorm_forward, x, gamma, beta, {"eps": 0.5}, gives=2)
z = np.array([[-1.0, 1.0], [-10.0, 10.0]]) / np.sqrt([[1.5], [100.5]])
by_column = np.array([[-4.5, -13.5], [4.5, 13.5]]) / np.sqrt([20.75, 182.75])
mistakes = {
    "It is normalised over the batch, as in batch normalisation.": gamma * by_column + beta,
    "gamma and beta are not used.": z,
    "It is divided by the variance, not by its root.": gamma * z / np.sqrt([[1.5], [100.5]]) + beta,
}
expect_close("layernorm_forward(x, ...)[0]", out, gamma * z + beta, mistakes=mistakes)

# %% check="layernorm_backward"
param = {"eps": 0.1}
for what, got, measured, mistakes in gradients_of(layernorm_forward, layernorm_backward, param, 1):
    expect_close(what, got, measured, mistakes=mistakes)

# %% [markdown]
# # 3. Dropout
#
# A network that leans on single units overfits easily. **Dropout** sets every unit of a hidden
# layer to 0 with probability $1 - p$ in each training step, so no unit can rely on a certain other
# one. In testing all units are there.
#
# Then a unit in testing would get $1/p$ times as much input as it was trained with. *Inverted*
# dropout makes up for that in training: what stays is divided by $p$. With a mask $m$ of ones and
# zeros, drawn for each entry,
#
# $$\begin{gathered}
#   \text{out} = \frac{m \cdot x}{p}, \\[4pt]
#   \mathbb{E}[\text{out}] = \frac{p \cdot x + (1 - p) \cdot 0}{p} = x.
# \end{gathered}$$
#
# Going backward the mask is a fixed array, the one that forward has drawn. Mind that here
# $p$ is the probability that an entry **stays**; some books mean the opposite.
#
# **Write `dropout_forward` and `dropout_backward` in `nn/dropout.py`**
# ([[= points.dropout_forward ]] + [[= points.dropout_backward ]] points).

# %% check="dropout_forward"
x = np.random.default_rng(23).uniform(1, 3, size=(300, 300))
for p in (0.25, 0.6):
    out, _ = called(dropout_forward, x, {"p": p, "mode": "train"}, gives=2)
    expect_close(f"the shape of out with p={p}", np.shape(out), x.shape)
    share = np.mean(out != 0)
    hint = "p is the probability that an entry stays." if abs(share - (1 - p)) < 0.02 else ""
    expect_near(f"the share of entries that stay with p={p}", share, p, 0.02, hint)
    factors = (np.asarray(out) / x)[out != 0]
    mistakes = {
        "What stays is not divided by p.": 1.0,
        "What stays is divided by 1 - p, the probability of dropping.": 1 / (1 - p),
        "What stays is multiplied by p.": p,
    }
    what = f"what is kept is multiplied, with p={p}, by a factor that"
    expect_close(what, np.median(factors), 1 / p, mistakes=mistakes)
    out = called(dropout_forward, x, {"p": p, "mode": "test"})[0]  # the cache may be None
    mistakes = {"It is scaled by p; training has made up for that.": p * x}
    expect_close(f"out in testing with p={p}", out, x, mistakes=mistakes)

# %% check="dropout_backward"
rng = np.random.default_rng(24)
x, dout = rng.uniform(1, 3, size=(8, 9)), rng.normal(size=(8, 9))
out, cache = called(dropout_forward, x, {"p": 0.4, "mode": "train"}, gives=2)
kept = np.asarray(out) != 0
mistakes = {
    "`dout` passes everywhere.": dout,
    "The mask is right, and the division by p is missing.": dout * kept,
}
dx = called(dropout_backward, dout, cache)
expect_close("dropout_backward(dout, cache)", dx, dout * kept / 0.4, mistakes=mistakes)
tested = called(dropout_forward, x, {"p": 0.4, "mode": "test"})  # its cache may be None
dx = called(dropout_backward, dout, tested[1])
expect_close("dropout_backward(dout, cache) after testing", dx, dout)

# %% [markdown]
# # 4. A network with all of it
#
# `NormalisedNet` in `nn/classifiers/normalised_net.py` puts the new layers into a network:
#
# $$\begin{gathered}
#   \{\text{affine} \rightarrow [\text{normalisation}] \rightarrow \text{ReLU} \\[4pt]
#   \rightarrow [\text{dropout}]\} \times (L - 1) \\[4pt]
#   \rightarrow \text{affine} \rightarrow \text{softmax}.
# \end{gathered}$$
#
# Its parameters are made already; read `__init__`. Two things are new. Each hidden layer has a
# dictionary of its own in `norm_params`, because the running averages of one layer are of no use to
# another. And the mode matters: with labels the network trains, without labels it is tested. The
# lines above your part set the mode in all dictionaries.
#
# **Write `NormalisedNet.loss`** ([[= points.normalised_net ]] points for training,
# [[= points.normalised_net_testing ]] points for testing). Going backward, the steps of a layer
# come in the opposite order: dropout, ReLU, normalisation, affine.

# %% check="normalised_net"
rng = np.random.default_rng(25)
X, y = rng.normal(size=(6, 4)), rng.integers(3, size=6)
for kind, keep in ((None, 1.0), ("batch", 1.0), ("layer", 1.0), ("layer", 0.7)):
    np.random.seed(25)
    options = {"normalisation": kind, "keep": keep, "reg": 0.1, "seed": 25}
    model = NormalisedNet([5, 7], 4, 3, weight_scale=0.5, dtype=np.float64, **options)
    loss, grads = called(model.loss, X, y, gives=2)
    model.reg = 0.0
    penalty = loss - model.loss(X, y)[0]
    model.reg = 0.1
    half = 0.05 * sum(np.sum(value**2) for name, value in model.params.items() if name[0] == "W")
    mistakes = {"The ½ is missing.": 2 * half, "The loss has no regulariser.": 0.0}
    what = f"the regulariser with normalisation={kind}, keep={keep}"
    expect_close(what, penalty, half, mistakes=mistakes)
    if kind is None:
        hidden = X
        for layer in "12":
            hidden = np.maximum(0, hidden @ model.params[f"W{layer}"] + model.params[f"b{layer}"])
        scores = hidden @ model.params["W3"] + model.params["b3"]
        mistakes = {"A ReLU follows the last layer; the scores have none.": np.maximum(scores, 0)}
        expect_close("loss(X)", called(model.loss, X), scores, mistakes=mistakes)
    for name, parameter in model.params.items():
        measured = eval_numerical_gradient(lambda _, model=model: model.loss(X, y)[0], parameter)
        mistakes = {}
        if name[0] == "W":
            missing = "The regulariser's share is missing."
            mistakes = {missing: measured - 0.1 * parameter}
        what = f'grads["{name}"] with normalisation={kind}, keep={keep}'
        expect_close(what, grads.get(name), measured, 1e-5, mistakes=mistakes)

# %% check="normalised_net_testing"
np.random.seed(26)
model = NormalisedNet([8], 4, 3, normalisation="batch", keep=0.5, weight_scale=1, dtype=np.float64)
called(model.loss, X, y, gives=2)
scores = called(model.loss, X)
expect_shape("loss(X)", scores, (6, 3))
expect_close(
    "loss(X) a second time",
    called(model.loss, X),
    scores,
    hint="Testing draws nothing, and changes no running average.",
)
expect_close(
    "loss(X[:1]), an image by itself, as among the others",
    called(model.loss, X[:1]),
    scores[:1],
    hint="Testing uses running averages, so the other images of a batch have no influence.",
)

# %% [markdown]
# With normalisation, a wider range of weight scales works. Here are networks with five hidden
# layers, each trained for three epochs from initial weights of a different scale. Why does
# normalisation gain nothing at the right end? Compare the size of the weights there with the size
# of a step of Adam.

# %% demo=true
scales = np.logspace(-3, 0, 7)
figure, axes = plt.subplots(figsize=(7, 3.8), layout="constrained")
for kind, color in ((None, "0.4"), ("batch", "tab:blue"), ("layer", "tab:orange")):
    reached = []
    for scale in scales:
        np.random.seed(27)
        net = NormalisedNet([50] * 5, INPUT_DIM, NUM_CLASSES, kind, weight_scale=scale)
        config = {"learning_rate": 3e-3}
        solver = Solver(net, data, "adam", config, num_epochs=3, verbose=False, seed=27)
        with np.errstate(all="ignore"):
            solver.train()
        reached.append(solver.best_val_acc)
    axes.semilogx(scales, reached, "-o", color=color, label=f"normalisation: {kind}")
axes.set(xlabel="weight_scale", ylabel="best validation accuracy", ylim=(0, 1))
axes.legend(frameon=False)
axes.grid(alpha=0.25)
plt.show()

# %% [markdown]
# # 5. How deep?
#
# Is deeper better? That depends on the data, and here is how to find out: train one network of each
# depth with the same settings, and compare them on the **validation** images. Accuracy on
# the training images would favour the network that overfits most, and the test images have to stay
# unused until you have decided.
#
# **Write `search_depth`** ([[= points.search_depth ]] points). The networks are
# `FullyConnectedNet`s, trained by `Solver` with `sgd`. Keep the `val_acc_history` of each solver:
# one number says which depth won, the history says whether it had finished learning.


# %%
def search_depth(data, hidden_dim, settings, depths=(1, 2, 3, 4), seed=0):
    """Train one network of each depth, and compare them on the validation images.

    Parameters
    ----------
    data : dict
        ``X_train``, ``y_train``, ``X_val`` and ``y_val``, as for `Solver`.
    hidden_dim : int
        The units of every hidden layer.
    settings : dict
        ``weight_scale`` of the networks; ``learning_rate``, ``batch_size`` and ``num_epochs`` of
        the training.
    depths : sequence of int
        The numbers of **hidden** layers that are tried.
    seed : int
        Makes the result repeatable.

    Returns
    -------
    best : int
        The depth with the highest validation accuracy; of equal ones any.
    models : dict
        The trained network of every depth.
    history : dict
        For every depth the list of validation accuracies of its training, epoch by epoch.
    """
    ### BEGIN SOLUTION search_depth
    input_dim, num_classes = data["X_train"][0].size, int(data["y_train"].max()) + 1
    models, history = {}, {}
    for depth in depths:
        np.random.seed(seed)
        hidden_dims = [hidden_dim] * depth
        scale = settings["weight_scale"]
        model = FullyConnectedNet(hidden_dims, input_dim, num_classes, weight_scale=scale)
        solver = Solver(
            model,
            data,
            optim_config={"learning_rate": settings["learning_rate"]},
            batch_size=settings["batch_size"],
            num_epochs=settings["num_epochs"],
            verbose=False,
            seed=seed,
        )
        solver.train()
        models[depth], history[depth] = model, solver.val_acc_history
    best = max(depths, key=lambda depth: max(history[depth]))
    return best, models, history
    ### END SOLUTION


# %% check="search_depth"
rng = np.random.default_rng(28)
centres, labels = 3 * rng.normal(size=(3, 5)), rng.integers(3, size=90)
points = centres[labels] + 0.5 * rng.normal(size=(90, 5))
small = {"X_train": points[:60], "y_train": labels[:60], "X_val": points[60:], "y_val": labels[60:]}
tried = {"weight_scale": 0.4, "learning_rate": 0.3, "batch_size": 10, "num_epochs": 4}
best, models, history = called(search_depth, small, 8, tried, depths=(1, 2), gives=3)
for depth in (1, 2):
    layers = sum(name.startswith("W") for name in models[depth].params)
    expect_close(f"hidden layers of models[{depth}]", layers - 1, depth)
    scores = models[depth].loss(small["X_val"])
    reached = np.mean(np.argmax(scores, axis=1) == small["y_val"])
    expect_close(f"the highest number in history[{depth}]", max(history[depth]), reached)
highest = max(history, key=lambda depth: max(history[depth]))
ends = {depth: max(values) for depth, values in history.items()}
expect_close("the history of `best`, at its highest", ends[best], ends[highest])

# %% demo=true
settings = {"weight_scale": 0.1, "learning_rate": 0.1, "batch_size": 50, "num_epochs": 12}
best_depth, _, depth_history = search_depth(data, 50, settings)
figure, axes = plt.subplots(figsize=(7, 3.8), layout="constrained")
for depth, accuracies in depth_history.items():
    label = f"{depth} hidden layer{'s' if depth > 1 else ''}: {max(accuracies):.3f}"
    axes.plot(accuracies, "-o", markersize=4, label=label)
axes.set(title=f"Best depth: {best_depth}", xlabel="epoch", ylabel="validation accuracy")
axes.legend(frameon=False, loc="lower right")
axes.grid(alpha=0.25)
plt.show()

# %% [markdown]
# Do not read too much into small differences. With $N$ validation images, an accuracy of 0.9 has a
# standard deviation of $\sqrt{0.9 \cdot 0.1 / N}$ from the choice of these images alone; for
# $N = 1000$ that is about 0.01. Run the search with another `seed`, and see whether the same depth
# wins.

# %% [markdown]
# Save this notebook (Ctrl+S). The last cell of `fully_connected_nets.ipynb` packs both notebooks.
