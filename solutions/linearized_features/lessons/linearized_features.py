# %% [markdown]
# # [[= assignment.title ]]
#
# A neural network is not linear in its parameters. But gradient descent looks at it through small
# steps, and for a small change $d$ of the parameters $\theta$ every smooth thing is linear:
#
# $$f(x;\, \theta + d) \;\approx\; f(x;\, \theta) + \sum_{p=1}^{P} \frac{\partial f(x;\, \theta)}
# {\partial \theta_p}\, d_p .$$
#
# Read the sum as linear regression: the unknown coefficients are $d_1, \dots, d_P$, and the
# *features* that they multiply are the functions $\partial f / \partial \theta_p$ of $x$. Every
# parameter, also one deep inside, contributes one feature. Here you compute these features, look
# at them, ask which combinations of them matter (by a singular value decomposition, SVD), and
# watch how training changes them: unlike the features of linear regression, these move.
#
# To be able to draw everything, $x$ is one number. There are [[= total_points ]] points. Every
# part is followed by a check cell, which tries a few known figures and is **not** the grading:
# hidden tests look at more, such as other sizes, a single point, a unit that never switches.
#
# *Autoreload is on: save a file in `linearized/`, and the next cell that you run uses it. If a
# result still looks old, restart the kernel (menu Kernel) and run all cells.*
#
# | symbol | in the code | shape | meaning |
# |---|---|---|---|
# | $x_n$, $y_n$ | `x`, `y` | $(N,)$ | the examples |
# | $H$ | | | units in a hidden layer |
# | $\theta$ | `pack(params)` | $(P,)$ | all parameters, one after the other |
# | $J$ | `matrix` | $(N, P)$ | features: $J_{np}$ is the derivative of $f(x_n)$ by $\theta_p$ |
# | $r$ | `residual` | $(N,)$ | $r_n = f(x_n) - y_n$ |

# %% demo=true
# [[= first_cell ]]

# %%
# %load_ext autoreload
# %autoreload 2
import matplotlib.pyplot as plt
import numpy as np

from linearized import deep, shallow
from linearized.descent import elbow_path, gradient_step, train
from linearized.expect import called, expect_close, expect_options, expect_true
from linearized.gradient_check import eval_numerical_gradient_array
from linearized.hand_in import check_and_zip
from linearized.parameters import ORDER, begin_deep, begin_shallow, pack, unpack
from linearized.spectrum import features_needed, least_change, principal_features

# %matplotlib inline
HIDDEN = 30
x = np.linspace(-1, 1, 200)
y = np.sin(4 * x) + 0.3 * np.cos(9 * x)

# %% [markdown]
# # 1. One hidden layer
#
# ## 1.1 Values
#
# $$f(x) = \sum_{j=1}^{H} \max(0,\, x\, W_{1j} + b_{1j})\, W_{2j} + b_2$$
#
# Parameters are a dictionary; `linearized/parameters.py`, which is given, says where they begin.
#
# | name | shape | | name | shape |
# |---|---|---|---|---|
# | `W1` | $(1, H)$ | | `W2` | $(H, 1)$ |
# | `b1` | $(H,)$ | | `b2` | $(1,)$ |
#
# **Write `predict` in `linearized/shallow.py`** ([[= points.shallow_predict ]] points).

# %% check="shallow_predict"
example = {
    "W1": np.array([[2.0, -1.0, 0.5]]),
    "b1": np.array([-1.0, 0.5, 1.0]),
    "W2": np.array([[1.0], [3.0], [-2.0]]),
    "b2": np.array([0.25]),
}
points = np.array([-1.0, 0.0, 1.0])
values = called(shallow.predict, example, points)
mistakes = {"A ReLU follows the last layer; the values have none.": [3.75, 0, 0]}
expect_close("predict(example, points)", values, [3.75, -0.25, -1.75], mistakes=mistakes)

# %% [markdown]
# ## 1.2 Elbows
#
# A sum of such units is piecewise linear: straight, with a bend wherever a unit switches on or
# off. Unit $j$ switches where its input $x\, W_{1j} + b_{1j}$ is 0. We call that place its
# **elbow**. A unit with $W_{1j} = 0$ has none; report `np.nan`, "not a number".
#
# ![The input of a unit, z = 2x - 1, is a straight line. Its output, max(0, z), is 0 up to x = 0.5,
# has an elbow there, and then rises with slope 2.](pictures/relu_elbow.svg)
#
# **Write `elbows` in `linearized/shallow.py`** ([[= points.elbows ]] points, and
# [[= points.elbows_flat ]] for units without an elbow).

# %% check="elbows"
mistakes = {
    "The sign is turned: z = x W1 + b1 is 0 at x = -b1 / W1.": [-0.5, -0.5, 2.0],
    "That is W1 over b1.": [2.0, 2.0, -0.5],
}
found = called(shallow.elbows, example)
expect_close("elbows(example)", found, [0.5, 0.5, -2.0], mistakes=mistakes)

# %% check="elbows_flat"
flat = {**example, "W1": np.array([[2.0, 0.0, 0.5]])}
positions = np.asarray(called(shallow.elbows, flat))
found = f"Unit 1 never switches; its elbow is {positions[1]}"
expect_true(np.isnan(positions[1]), found, f"{found}, and has to be nan.")
expect_close("the other elbows", positions[[0, 2]], [0.5, -2.0])

# %% [markdown]
# This is the network before training. Each mark at the bottom is an elbow: red where a unit
# switches on from left to right, blue where it switches off.


# %% demo=true
def show_network(params, title):
    """Draw the target, a shallow network's values, and its elbows."""
    places = shallow.elbows(params)
    rising = params["W1"].reshape(-1) > 0
    _, axes = plt.subplots(figsize=(8, 3.6))
    axes.plot(x, y, color="0.6", linewidth=4, label="target")
    axes.plot(x, shallow.predict(params, x), color="black", label="network")
    for chosen, color in ((rising, "tab:red"), (~rising, "tab:blue")):
        axes.plot(places[chosen], np.full(chosen.sum(), -1.75), "|", color=color, markersize=14)
    axes.set(title=title, xlabel="x", ylabel="f(x)", xlim=(-1.05, 1.05), ylim=(-1.9, 1.6))
    axes.legend(frameon=False, loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)
    plt.show()


start = begin_shallow(HIDDEN, seed=1)
show_network(start, f"{HIDDEN} units before training")

# %% [markdown]
# ## 1.3 Features
#
# Let $z_{nj} = x_n W_{1j} + b_{1j}$ be the input of unit $j$ at $x_n$, and $[z > 0]$ be 1 where
# the unit is on and 0 where it is off. By the chain rule
#
# $$\begin{aligned}
#   \frac{\partial f(x_n)}{\partial W_{1j}} &= x_n\, [z_{nj} > 0]\, W_{2j}, \\
#   \frac{\partial f(x_n)}{\partial b_{1j}} &= [z_{nj} > 0]\, W_{2j}, \\
#   \frac{\partial f(x_n)}{\partial W_{2j}} &= \max(0, z_{nj}), \\
#   \frac{\partial f(x_n)}{\partial b_2} &= 1 .
# \end{aligned}$$
#
# The matrix $J$ has a row for each point and a column for each parameter, in the order of
# `pack`: all of `W1`, then `b1`, `W2` and `b2`.
#
# **Write `features` in `linearized/shallow.py`** ([[= points.shallow_features ]] points, and
# [[= points.single_point ]] for a single point or a single unit).

# %% check="shallow_features"
matrix = called(shallow.features, example, points)
expected = [
    [0, -3, 2, 0, 3, -2, 0, 1.5, 0.5, 1],
    [0, 0, 0, 0, 3, -2, 0, 0.5, 1, 1],
    [1, 0, -2, 1, 0, -2, 1, 0, 1.5, 1],
]
expect_close("features(example, points)", matrix, expected, hint="Columns: W1, b1, W2, b2.")
for name in ("W1", "b1", "W2", "b2"):
    weights = np.array([0.3, -1.0, 0.7])
    numerical = eval_numerical_gradient_array(
        lambda _: shallow.predict(example, points), example[name], weights
    )
    own = unpack(weights @ matrix, example)[name]
    expect_close(f"features of {name}, summed", own, numerical, hint="They do not fit predict.")

# %% check="single_point"
single = called(shallow.features, example, np.array([1.0]))
expect_close("features at one point", single, [expected[2]])

# %% [markdown]
# The three features of some units, as functions of $x$. They vanish on one side of the unit's
# elbow, which is dotted.


# %% demo=true
def show_unit_features(params, units):
    """Draw the derivatives by W1, b1 and W2 of some units."""
    matrix = shallow.features(params, x)
    figure, panels = plt.subplots(1, 3, figsize=(11, 3), sharex=True)
    for number, (axes, name) in enumerate(zip(panels, ("W1", "b1", "W2"), strict=True)):
        for color, unit in enumerate(units):
            column = matrix[:, number * HIDDEN + unit]
            axes.plot(x, column, color=f"C{color}", label=f"unit {unit}")
            axes.axvline(shallow.elbows(params)[unit], color=f"C{color}", linestyle=":", alpha=0.6)
        axes.set(title=f"Derivative by {name}", xlabel="x", xlim=(-1, 1))
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("feature")
    panels[0].legend(frameon=False)
    figure.tight_layout()
    plt.show()


inside = [unit for unit in range(HIDDEN) if abs(shallow.elbows(start)[unit]) < 0.7]
show_unit_features(start, inside[:4])

# %% [markdown]
# **Question `jumping_features`** ([[= points.jumping_features ]] point). Take a unit $j$ with its
# elbow in $(-1, 1)$, not at $x = 0$, and with $W_{2j} \ne 0$. Which of these features, as
# functions of $x$, have a *jump* there?
#
# - `"a"`: the derivative by $W_{1j}$
# - `"b"`: the derivative by $b_{1j}$
# - `"c"`: the derivative by $W_{2j}$
# - `"d"`: the derivative by $b_2$
#
# Answer with a set of letters; if it were only the last one, you would write `{"d"}`.

# %%
### BEGIN SOLUTION jumping_features
### STUB jumping_features = ...  # TODO(jumping_features)
jumping_features = {"a", "b"}
### END SOLUTION

# %% check="jumping_features"
# This looks at the form of the answer only.
expect_options("jumping_features", jumping_features, ["a", "b", "c", "d"])

# %% [markdown]
# # 2. Gradient descent sees features only
#
# With the loss $L = \frac{1}{2N} \sum_n (f(x_n) - y_n)^2$ the chain rule gives
#
# $$\frac{\partial L}{\partial \theta_p} = \frac{1}{N} \sum_{n} r_n\, J_{np},$$
#
# that is, $\nabla L = \tfrac{1}{N}\, J^\top r$.
#
# Whatever the network is, a step of gradient descent needs its residual and its features. So
# one training loop serves all networks.
#
# **Write `gradient_step`** ([[= points.gradient_step ]] points) **and `train`**
# ([[= points.training ]] points) **in `linearized/descent.py`**. `pack` and `unpack`, from
# `linearized/parameters.py`, turn parameters into a vector and back. A snapshot must stay as it
# was when later steps are taken.

# %% check="gradient_step"
before = pack(example)
moved = called(gradient_step, example, matrix, np.array([3.0, -6.0, 1.5]), 0.1)
expect_close("W1", moved["W1"], [[1.95, -0.7, 0.4]], hint="theta - rate/N * J^T r")
expect_close("b2", moved["b2"], [0.3], hint="theta - rate/N * J^T r")
expect_close("the old parameters", pack(example), before, hint="They have to stay as they are.")

# %% check="training"
few = called(
    train, example, points, points**2, shallow.predict, shallow.features, 0.05, 20, every=5
)
count = f"{len(few['losses'])} losses after 20 steps"
expect_true(len(few["losses"]) == 20, count, f"{count}; there have to be 20.")
count = f"{len(few['snapshots'])} snapshots of 20 steps, every 5"
expect_true(len(few["snapshots"]) == 5, count, f"{count}; 1 + 20 // 5 are 5.")
mistakes = {"The ½ of the loss is missing.": 5.0625}
hint = "The loss before the first step, with its ½."
expect_close("the first loss", few["losses"][0], 2.53125, 1e-6, hint, mistakes)
expect_close("the last loss", few["losses"][-1], 0.003659528068)
expect_close("the first snapshot", pack(few["snapshots"][0]), before)

# %% demo=true
history = train(start, x, y, shallow.predict, shallow.features, steps=3000, every=50)
end = history["snapshots"][-1]
print(f"loss {history['losses'][0]:.4f} before, {history['losses'][-1]:.5f} after 3000 steps")
show_network(end, "after training")

# %% [markdown]
# Where did the elbows come from? Follow each of them through the snapshots.
#
# **Write `elbow_path` in `linearized/descent.py`** ([[= points.elbow_path ]] point).

# %% check="elbow_path"
path = called(elbow_path, [example, {**example, "b1": 2 * example["b1"]}])
expect_close("elbow_path", path, [[0.5, 0.5, -2.0], [1.0, 1.0, -4.0]])

# %% demo=true
path = elbow_path(history["snapshots"])
steps = 50 * np.arange(len(path))
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
left.plot(path, steps, color="tab:green", alpha=0.6, linewidth=1)
left.plot(path[0], np.zeros(HIDDEN), "|", color="black", markersize=10)
left.set(title="Elbows during training", xlabel="x", ylabel="step", xlim=(-1.3, 1.3))
right.semilogy(history["losses"])
right.set(title="Loss", xlabel="step", ylabel="loss")
for axes in (left, right):
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
figure.tight_layout()
plt.show()
print(f"an elbow moves by {np.median(np.abs(path[-1] - path[0])):.3f} (median)")

# %% [markdown]
# Elbows gather where the target bends, leave its straight stretches, and some leave the picture.
# With them moves every feature. And units that have come to share an elbow share their features,
# up to factors; remember it when you see the singular values.
#
# # 3. Principal features
#
# Many of the $P$ features resemble each other. The SVD sorts out what they can do together:
#
# $$\begin{gathered}
#   J = U\, \mathrm{diag}(s)\, V^\top, \\[4pt]
#   s_1 \ge s_2 \ge \dots \ge s_r \ge 0, \qquad r = \min(N, P).
# \end{gathered}$$
#
# Column $u_i$ of $U$ is a function of $x$, a *principal feature*. Moving the parameters by a
# unit step along $v_i$ changes the values by $s_i u_i$: where $s_i$ is large, the
# network is easily moved.
#
# **Write `principal_features` in `linearized/spectrum.py`** ([[= points.principal_features ]]
# points).

# %% check="principal_features"
functions, values = called(
    principal_features, np.array([[3.0, 0.0], [0.0, 0.0], [0.0, 4.0]]), gives=2
)
expect_close("values", values, [4.0, 3.0])
expect_close("functions, up to sign", np.abs(functions), [[0, 1], [0, 0], [1, 0]])

# %% [markdown]
# How many of them matter? **Write `features_needed`** ([[= points.features_needed ]] points): the
# smallest $k$ with $\sum_{i \le k} s_i^2 \ge \text{share} \cdot \sum_i s_i^2$.

# %% check="features_needed"
for share, expected, reason in (
    (0.5, 1, "9 of 14 are more than half"),
    (0.9, 2, "9 + 4 of 14 are more than 90 %"),
    (0.95, 3, "13 of 14 are less than 95 %"),
):
    count = called(features_needed, np.array([3.0, 2.0, 1.0]), share)
    found = f"features_needed([3, 2, 1], {share}) is {count}"
    expect_true(count == expected, found, f"{found}, expected {expected}: {reason}.")


# %% demo=true
def show_spectra(spectra):
    """Draw singular values, given for each label."""
    _, axes = plt.subplots(figsize=(7, 3.6))
    for label, values in spectra.items():
        axes.semilogy(np.arange(1, len(values) + 1), values, ".-", label=label)
        print(f"{label}: {features_needed(values, 0.99)} features hold 99 % of the squares")
    axes.set(title="Singular values of the features", xlabel="i", ylabel="$s_i$")
    axes.set(xlim=(0, 100), ylim=(1e-3, 200))
    axes.legend(frameon=False)
    axes.grid(alpha=0.25)
    plt.show()


def show_principal(matrices, count=6):
    """Draw the first principal features of several matrices, one row for each."""
    figure, panels = plt.subplots(
        len(matrices), count, figsize=(12, 2 * len(matrices)), sharex=True
    )
    for row, (label, matrix) in zip(panels, matrices.items(), strict=True):
        functions, values = principal_features(matrix)
        for i, axes in enumerate(row):
            sign = np.sign(functions[-1, i]) or 1.0
            axes.plot(x, sign * functions[:, i])
            axes.set_title(f"{label}: s = {values[i]:.1f}", fontsize=9)
            axes.set(ylim=(-0.3, 0.3), yticks=[])
            axes.axhline(0, color="0.8", linewidth=0.8)
        row[0].set_ylabel("$u_i(x)$")
    for axes in panels[-1]:
        axes.set_xlabel("x")
    figure.tight_layout()
    plt.show()


before, after = shallow.features(start, x), shallow.features(end, x)
show_spectra(
    {
        "before training": principal_features(before)[1],
        "after training": principal_features(after)[1],
    }
)
show_principal({"before": before, "after": after})

# %% [markdown]
# The first ones look like a constant, a slope, a parabola: smooth and slow. The later, weaker ones
# have more and more turns. The plot of values ends well before $3H + 1 = 91$: beyond some
# number they are 0 but for rounding.
#
# Watch them move. With `ipywidgets` installed, a slider goes through training; without it, four
# moments are drawn side by side.


# %% demo=true
def draw_snapshot(upper, lower, number):
    """Draw the network and its first principal features after 50 times `number` steps."""
    params = history["snapshots"][number]
    functions, _ = principal_features(shallow.features(params, x))
    upper.plot(x, y, color="0.7", linewidth=4)
    upper.plot(x, shallow.predict(params, x), color="black")
    upper.plot(shallow.elbows(params), np.full(HIDDEN, -1.75), "|", color="tab:red", markersize=10)
    upper.set(title=f"step {50 * number}", xlim=(-1.05, 1.05), ylim=(-1.9, 1.6))
    for i in range(4):
        lower.plot(x, np.sign(functions[-1, i]) * functions[:, i], label=f"$u_{i + 1}$")
    lower.set(xlabel="x", xlim=(-1.05, 1.05), ylim=(-0.3, 0.3))


def draw_snapshots(numbers):
    """Draw several snapshots side by side."""
    figure, panels = plt.subplots(2, len(numbers), figsize=(3.1 * len(numbers), 4), squeeze=False)
    for (upper, lower), number in zip(panels.T, numbers, strict=True):
        draw_snapshot(upper, lower, number)
    panels[0, 0].set_ylabel("f(x)")
    panels[1, 0].set_ylabel("$u_i(x)$")
    panels[1, 0].legend(frameon=False, ncols=4, fontsize=7)
    figure.tight_layout()
    plt.show()


last = len(history["snapshots"]) - 1
try:
    from ipywidgets import IntSlider, interact
except ImportError:
    draw_snapshots([0, 2, 10, last])
else:
    interact(lambda snapshot: draw_snapshots([snapshot]), snapshot=IntSlider(0, 0, last))

# %% [markdown]
# **Question `rank_bound`** ([[= points.rank_bound ]] points). However many points there are, how
# many features of a network with one hidden layer of $H$ units can be linearly independent at
# most? (A hint: in what ways can you change the parameters without changing any value?)
#
# - `"a"`: $3H + 1$
# - `"b"`: $2H + 1$
# - `"c"`: $H + 1$
# - `"d"`: $H$
#
# Answer with a set of one letter.

# %%
### BEGIN SOLUTION rank_bound
### STUB rank_bound = ...  # TODO(rank_bound)
# The derivative by W2_j, a hinge, is made of those by W1_j and b1_j: scaling a unit's input up and
# its output down changes nothing, one such direction for each unit.
rank_bound = {"b"}
### END SOLUTION

# %% check="rank_bound"
# This looks at the form of the answer only.
expect_options("rank_bound", rank_bound, ["a", "b", "c", "d"])

# %% [markdown]
# ## 3.1 What is learned first
#
# Suppose that $J$ did not change. A step of gradient descent with rate $\eta$ turns the residual
# $r$ into $r - \frac{\eta}{N} J J^\top r$, and $J J^\top u_i = s_i^2 u_i$.
#
# **Question `first_learned`** ([[= points.first_learned ]] point). The rate is small enough for
# nothing to blow up, $\eta\, s_1^2 / N < 1$. By what factor does one step multiply the part of
# the residual along $u_i$?
#
# - `"a"`: by $1 - \eta$, the same for all $i$
# - `"b"`: by $1 - \eta\, s_i / N$, so the parts with large $s_i$ vanish first
# - `"c"`: by $1 - \eta\, s_i^2 / N$, so the parts with large $s_i$ vanish first
# - `"d"`: by $1 - \eta\, N / s_i^2$, so the parts with small $s_i$ vanish first
#
# Answer with a set of one letter.

# %%
### BEGIN SOLUTION first_learned
### STUB first_learned = ...  # TODO(first_learned)
first_learned = {"c"}
### END SOLUTION

# %% check="first_learned"
# This looks at the form of the answer only.
expect_options("first_learned", first_learned, ["a", "b", "c", "d"])

# %% [markdown]
# Does the linear picture predict real training? Below, the linearized network takes the same steps
# as the real one, with the features of the start, frozen. At first the two losses agree. Then the
# real network gets ahead, for its features have changed meanwhile.


# %% demo=true
def frozen_losses(params, module, steps, learning_rate=0.05):
    """Losses of gradient descent in the linearized network, whose features never change."""
    matrix = module.features(params, x)
    residual = module.predict(params, x) - y
    kernel = matrix @ matrix.T / len(x)
    losses = []
    for _ in range(steps):
        losses.append(residual @ residual / (2 * len(x)))
        residual = residual - learning_rate * kernel @ residual
    return losses


def show_frozen(params, module, history, title):
    """Draw real and linearized losses over the steps, both on logarithmic axes."""
    _, axes = plt.subplots(figsize=(7, 3.6))
    number = np.arange(1, len(history["losses"]) + 1)
    axes.loglog(number, history["losses"], label="real network")
    frozen = frozen_losses(params, module, len(number))
    axes.loglog(number, frozen, "--", label="features of the start, frozen")
    axes.set(title=title, xlabel="step", ylabel="loss")
    axes.legend(frameon=False)
    axes.grid(alpha=0.25)
    plt.show()


show_frozen(start, shallow, history, "One hidden layer")

# %% [markdown]
# ## 3.2 The smallest change that does it
#
# Gradient descent takes many steps. In the linearized network one is enough: among all changes
# $d$ of the parameters that remove the residual along the first $k$ principal features, take the
# shortest one,
#
# $$d = -\sum_{i=1}^{k} \frac{u_i^\top r}{s_i}\, v_i .$$
#
# This is the minimum-norm solution of least squares: each component of the residual is divided by
# the singular value of its direction. Singular values below $10^{-10} s_1$ are zeros that rounding
# has touched: their terms are left out.
#
# **Write `least_change` in `linearized/spectrum.py`** ([[= points.least_change ]] points, and
# [[= points.least_change_rank ]] for values that are 0).

# %% check="least_change"
three = np.array([[3.0, 0.0], [0.0, 0.0], [0.0, 4.0]])
change = called(least_change, three, np.array([6.0, 7.0, 8.0]), 1)
hint = "The feature with s = 4 sees the last entry."
mistakes = {"It is not divided by the singular value.": [0.0, -8.0]}
expect_close("the change with k = 1", change, [0.0, -2.0], 1e-6, hint, mistakes)
change = called(least_change, three, np.array([6.0, 7.0, 8.0]), 2)
expect_close("the change with k = 2", change, [-2.0, -2.0])

# %% check="least_change_rank"
alike = np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 2.0]])
change = called(least_change, alike, np.array([1.0, 1.0, 2.0]), 2)
expect_close("the change", change, [-0.5, -0.5], hint="The second singular value is 0.")

# %% [markdown]
# The prediction of the linearization, and what the network does: the dashed curve is $f + J d$, the
# solid one is the network with parameters $\theta + d$. With few features $d$ is short, and the two
# agree. With more, $d$ is long, elbows move past each other, and the prediction fails.

# %% demo=true
figure, panels = plt.subplots(1, 3, figsize=(12, 3.4), sharey=True)
residual = shallow.predict(start, x) - y
for axes, count in zip(panels, (2, 4, 10), strict=True):
    change = least_change(before, residual, count)
    axes.plot(x, y, color="0.7", linewidth=4, label="target")
    axes.plot(x, shallow.predict(start, x) + before @ change, "--", label="linearization")
    real = shallow.predict(unpack(pack(start) + change, start), x)
    axes.plot(x, real, color="black", label="network")
    axes.set(title=f"k = {count}, |d| = {np.linalg.norm(change):.2f}", ylim=(-2.5, 2.5), xlabel="x")
    axes.spines[["top", "right"]].set_visible(False)
panels[0].set_ylabel("f(x)")
panels[0].legend(frameon=False)
figure.tight_layout()
plt.show()

# %% [markdown]
# # 4. A second hidden layer of equal size
#
# $$\begin{aligned}
#   h_1 &= \max(0, x W_1 + b_1), \\
#   h_2 &= \max(0, h_1 W_2 + b_2), \\
#   f(x) &= h_2 W_3 + b_3
# \end{aligned}$$
#
# | name | shape | | name | shape | | name | shape |
# |---|---|---|---|---|---|---|---|
# | `W1` | $(1, H)$ | | `W2` | $(H, H)$ | | `W3` | $(H, 1)$ |
# | `b1` | $(H,)$ | | `b2` | $(H,)$ | | `b3` | $(1,)$ |
#
# **Write `predict` in `linearized/deep.py`** ([[= points.deep_predict ]] points).

# %% check="deep_predict"
deep_example = {
    "W1": np.array([[1.0, -2.0]]),
    "b1": np.array([0.5, 1.0]),
    "W2": np.array([[1.0, -1.0], [2.0, 3.0]]),
    "b2": np.array([-1.0, 0.5]),
    "W3": np.array([[2.0], [-1.0]]),
    "b3": np.array([-0.75]),
}
points = np.array([-1.0, 0.0, 1.0])
values = called(deep.predict, deep_example, points)
mistakes = {
    "A ReLU follows the last layer; the values have none.": [0, 0, 0.25],
    "W2 is transposed; it has a row for each unit of the first layer.": [-10.25, -5.25, -3.25],
}
expect_close("predict(deep_example, points)", values, [-0.25, -0.75, 0.25], mistakes=mistakes)

# %% [markdown]
# Its features come by **backpropagation**, for every point at once. Start at the end, where the
# derivative by $b_3$ is 1, and carry back how the value changes with each unit. Write
# $[h > 0]$ for 1 where a unit is on. With $g_{2}$, the derivative by the inputs of the second
# layer's units, and $g_1$, that by the first layer's,
#
# $$\begin{aligned}
#   (g_2)_{nk} &= [h_{2,nk} > 0]\, W_{3k}, \\
#   (g_1)_{nj} &= [h_{1,nj} > 0] \sum_{k} W_{2,jk}\, (g_2)_{nk} .
# \end{aligned}$$
#
# A weight's feature is what comes in through it, times the derivative where it leads:
#
# $$\begin{aligned}
#   \frac{\partial f(x_n)}{\partial W_{2,jk}} &= h_{1,nj}\, (g_2)_{nk}, \\
#   \frac{\partial f(x_n)}{\partial b_{2k}} &= (g_2)_{nk},
# \end{aligned}$$
#
# and likewise for the other layers. In `pack`, $W_2$ stands row after row: $(j, k) = (1, 1),
# (1, 2), \dots$
#
# **Write `features` in `linearized/deep.py`** ([[= points.deep_features ]] points).

# %% check="deep_features"
matrix = called(deep.features, deep_example, points)
found = f"features(deep_example, points) has shape {np.shape(matrix)}"
expect_true(np.shape(matrix) == (3, 13), found, f"{found}, expected (3, 13).")
for name in ORDER:
    weights = np.array([0.3, -1.0, 0.7])
    numerical = eval_numerical_gradient_array(
        lambda _: deep.predict(deep_example, points), deep_example[name], weights
    )
    own = unpack(weights @ matrix, deep_example)[name]
    expect_close(f"features of {name}, summed", own, numerical, hint="They do not fit predict.")
first_row = [0, -1, 0, 1, 0, 0, 6, -3, 2, -1, 5, 9.5, 1]
expect_close("features at x = -1", matrix[0], first_row, hint="W2 goes row after row.")

# %% demo=true
deep_start = begin_deep(HIDDEN, seed=1)
deep_history = train(deep_start, x, y, deep.predict, deep.features, steps=3000, every=50)
deep_end = deep_history["snapshots"][-1]
print(f"loss {deep_history['losses'][0]:.4f} before, {deep_history['losses'][-1]:.5f} after")

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6))
for params, label in ((deep_start, "before"), (deep_end, "after")):
    left.plot(x, deep.predict(params, x), label=label)
left.plot(x, y, color="0.7", linewidth=4, zorder=0, label="target")
left.set(title="Two hidden layers", xlabel="x", ylabel="f(x)")
for losses, label in ((history, "one hidden layer"), (deep_history, "two hidden layers")):
    right.loglog(np.arange(1, 3001), losses["losses"], label=label)
right.set(title="Loss", xlabel="step", ylabel="loss")
for axes in (left, right):
    axes.legend(frameon=False)
    axes.grid(alpha=0.25)
figure.tight_layout()
plt.show()

# %% [markdown]
# The bends of this network are not only the elbows of its first layer: a unit of the second layer
# switches wherever its input, itself piecewise linear, crosses 0, which may be at several $x$. A
# unit of the second layer can grow new bends and lose them again.


# %% demo=true
def switches(params, snapshot_x):
    """The points at which units of the second layer switch, found on a fine grid."""
    first = np.maximum(0, snapshot_x[:, np.newaxis] @ params["W1"] + params["b1"])
    on = first @ params["W2"] + params["b2"] > 0
    return snapshot_x[:-1][(on[1:] != on[:-1]).any(axis=1)]


fine = np.linspace(-1.3, 1.3, 2601)
figure, axes = plt.subplots(figsize=(8, 4))
for number, params in enumerate(deep_history["snapshots"]):
    first = shallow.elbows(params)
    second = switches(params, fine)
    axes.plot(second, np.full(len(second), 50 * number), ".", color="tab:purple", markersize=2)
    axes.plot(first, np.full(HIDDEN, 50 * number), ".", color="tab:green", markersize=2)
axes.plot([], [], ".", color="tab:green", label="elbows of the first layer")
axes.plot([], [], ".", color="tab:purple", label="units of the second layer switch")
axes.set(xlabel="x", ylabel="step", xlim=(-1.3, 1.3))
axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, 1.13), ncols=2, markerscale=2)
plt.show()

# %% demo=true
deep_before, deep_after = deep.features(deep_start, x), deep.features(deep_end, x)
show_spectra(
    {
        "one layer, before": principal_features(before)[1],
        "one layer, after": principal_features(after)[1],
        "two layers, before": principal_features(deep_before)[1],
        "two layers, after": principal_features(deep_after)[1],
    }
)
show_principal({"before": deep_before, "after": deep_after})
show_frozen(deep_start, deep, deep_history, "Two hidden layers")

# %% [markdown]
# Do the features suit what is to be learned? Two views. On the left, how much of the target lies in
# the principal features whose singular value is at least $s$. On the right, the loss of networks
# that are linear: one takes the features of the start or those of the end, freezes them, sets
# all values to 0 and learns the target anew.

# %% demo=true
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
number = np.arange(3000)
for index, (label, matrix) in enumerate(
    {
        "one layer, before": before,
        "one layer, after": after,
        "two layers, before": deep_before,
        "two layers, after": deep_after,
    }.items()
):
    functions, values = principal_features(matrix)
    parts = functions.T @ y
    style = {"color": f"C{index // 2}", "linestyle": "-" if index % 2 else ":", "label": label}
    left.semilogx(
        values[:20], np.cumsum(parts[:20] ** 2) / (y @ y), drawstyle="steps-post", **style
    )
    factors = (1 - 0.05 * values**2 / len(x)) ** (2 * number[:, np.newaxis])
    outside = y @ y - parts @ parts
    losses = (factors @ parts**2 + outside) / (2 * len(x))
    right.loglog(number + 1, losses, **style)
left.invert_xaxis()
left.set(title="Target in features with values of at least s", xlabel="s", ylim=(0, 1.02))
left.set(ylabel="share of the target")
right.set(title="Learning the target with frozen features", xlabel="step", ylabel="loss")
right.legend(frameon=False)
for axes in (left, right):
    axes.grid(alpha=0.25)
figure.tight_layout()
plt.show()

# %% [markdown] manual="what_changed" points=3
# **Question `what_changed`** (3 points). In four to eight sentences: what did training do to the
# elbows, to the singular values and to the first principal features? Why does the real network
# learn faster than the one whose features are frozen? In what do one and two hidden layers differ?
# Refer to pictures or numbers that you have seen above.
#
# ### BEGIN SOLUTION what_changed
# ### STUB *Write your answer here, in place of this line. TODO(what_changed)*
# Elbows gather where the target bends, and the principal features now have their steps there. The
# leading singular values grow, the fourth one from 2.8 to 7.4 with one layer, while the last ones
# vanish, because units with a common elbow have dependent features (1 point for both ends of the
# spectrum, with a number). About three quarters of the target lie along the fourth feature at the
# start; what lies along $u_i$ is learned at a rate proportional to $s_i^2$, so growth of that value
# by a factor of 2.6 means learning nearly 7 times as fast, which frozen features cannot offer (1
# point for the link from values to speed). With two hidden layers there are more bends, larger
# singular values and more features for 99 % of the squares, and both the real loss and the one
# with the features of the end fall lower (1 point for a difference that fits the pictures).
# ### END SOLUTION

# %% [markdown]
# # 5. Hand in
#
# Save the notebook (Ctrl+S), then run this cell. It lists every part with its state, says what
# would keep a file from being graded as you see it, and packs the files that are graded into
# `submission.zip`. Hand that in. Open parts cost their own points only.

# %% demo=true
_ = check_and_zip("submission.zip")
