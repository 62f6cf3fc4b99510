# %% [markdown]
# # [[= assignment.title ]]
#
# A good part of machine learning rests on one small problem, $Xw \approx y$. In this notebook you
# solve it on paper in more than one way, find that the ways agree, and then write each of them in
# NumPy and see where rounding makes them disagree.
#
# 1. **Least squares** when there are too many equations, **least norm** when there are too few, and
#    the singular value decomposition that treats both alike.
# 2. **Ridge regression** seen from five sides: as an optimisation problem, as a shift of the
#    singular values, as a MAP estimate, as fake data, and as fake features.
# 3. **Tikhonov regularisation**, which contains all of it.
# 4. The same as **code**, on inputs that are tall, wide, rank-deficient, or nearly so.
#
# There are [[= total_points ]] points. Your formulas are read and judged as mathematics: every form
# that is equal to the right one is right, whatever its notation.
#
# *Autoreload is on: save a file in `linear/`, and the next cell that you run uses it. If a
# result still looks old, restart the kernel (menu Kernel) and run all cells.*

# %% demo=true
# [[= first_cell ]]

# %%
# %load_ext autoreload
# %autoreload 2
import matplotlib.pyplot as plt
import numpy as np

from linear.expect import CheckError, called, expect_close, expect_options, passed
from linear.hand_in import check_and_zip
from linear.least_squares import lstsq_svd, min_norm_svd
from linear.ridge import ridge, ridge_fake_data, ridge_fake_features, ridge_svd
from linear.tikhonov import tikhonov
from written import expect_form, expect_steps, lines, show

# %matplotlib inline
plt.rcParams["figure.figsize"] = (7, 4)
plt.rcParams["axes.grid"] = True

# %% [markdown]
# ## Notation
#
# | symbol | shape | meaning |
# |---|---|---|
# | $n$, $d$ | | rows (data points) and columns (features) of $X$ |
# | $X$ | $n \times d$ | the data, **of full rank**; $x_i$ is its $i$-th row, as a column |
# | $y$ | $n$ | the targets, with the entries $y_i$ |
# | $w$ | $d$ | the weights that are looked for |
# | $\lambda$ | | a positive number |
# | $X = U \Sigma V^\top$ | | the *full* SVD |
# | $U$, $\Sigma$, $V$ | $n \times n$, $n \times d$, $d \times d$ | its factors |
# | $\sigma_i$, $u_i$, $v_i$ | | the singular values, and the columns of $U$ and of $V$ |
# | $r$ | | $\min(n, d)$, the number of singular values |
# | $M^{+}$ | | the pseudo-inverse of $M$ |
# | $I$ (or $E$) | | an identity, $I_n$ where its size should be seen; $0$, $0_d$ likewise |
#
# $X$ is called *tall* when $n > d$ and *wide* when $n < d$.
#
# ## How to write an answer
#
# Each written answer is a text in a code cell, between `r"""` and `"""`. With the `r`, Python
# leaves backslashes as they are. Inside you write as you would in a notebook's text cell: words,
# steps, formulas. **The last displayed formula** (between `$$` and `$$`), or the last
# `\boxed{...}`, is your answer; what stands before it is the way there. A left-hand side such as
# `w =` may be there or not. `X^T`, `X^\top`, `Xᵀ`, `X.T` and `X'` all mean the same, and so do
# `\lambda I` and `lam*eye(d)`.
#
# `show(name, answer)` shows what was understood, with the shape of every symbol. It does not know
# what is right. Two examples: a formula that it can read, and one whose shapes do not fit.

# %% demo=true
show("ridge_gradient", r"The gradient should be a column: $$ X^\top y + \lambda w $$")

# %% demo=true
show("ridge_gradient", r"$$ X y + \lambda w $$")

# %% [markdown]
# ## What you may use
#
# *Gradients.* For a vector $b$ and a matrix $M$, both constant,
#
# $$\begin{aligned}
#   \nabla_w\, (b^\top w) &= b, \\
#   \nabla_w\, (w^\top M w) &= (M + M^\top)\, w.
# \end{aligned}$$
#
# *The SVD.* $U$ and $V$ are square with $U^\top U = U U^\top = I_n$ and
# $V^\top V = V V^\top = I_d$. $\Sigma$ has the singular values on its diagonal and zeros
# elsewhere, and is in general **not square**: it has a transpose and a pseudo-inverse, but no
# inverse. For a matrix of that form the pseudo-inverse is easy: transpose it, and replace each
# $\sigma_i > 0$ by $1/\sigma_i$.
#
# *Sizes.* $\Sigma^\top \Sigma$ is $d \times d$, $\Sigma \Sigma^\top$ is $n \times n$. Both are
# diagonal with the squares $\sigma_i^2$, and then with zeros where the size is larger than $r$.
#
# *Blocks* multiply like numbers, row of blocks by column of blocks, as long as the sizes fit:
#
# $$\begin{gathered}
#   \begin{bmatrix} P & Q \end{bmatrix} \begin{bmatrix} R \\ S \end{bmatrix} = P R + Q S, \\[4pt]
#   \begin{bmatrix} R \\ S \end{bmatrix}^\top = \begin{bmatrix} R^\top & S^\top \end{bmatrix}.
# \end{gathered}$$

# %% [markdown]
# # 1. Too many equations, or too few
#
# ## (a) Least squares
#
# A tall system has more equations than unknowns, and in general no solution. One asks for the $w$
# that comes nearest,
#
# $$\min_w \|Xw - y\|^2 .$$
#
# Multiply the square out, take the gradient with the rules above, and set it to zero: that gives
# the *normal equations*. Since $X$ has full rank, they can be solved for $w$.
#
# In the picture below $X$ has two columns, a one and a number $t$, so that $Xw$ is a straight line.
# Among all lines it is the one with the smallest sum of squares.

# %% demo=true
t_few = np.array([0.1, 0.25, 0.4, 0.55, 0.7, 0.9])
y_few = np.array([0.3, 0.55, 0.35, 0.75, 0.6, 0.95])
best = np.polyfit(t_few, y_few, 1)
figure, panels = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
drawn = (("some line", (0.2, 0.35)), ("the best line", best))
for axes, (title, (slope, start)) in zip(panels, drawn, strict=True):
    fitted = slope * t_few + start
    axes.plot([0, 1], [start, slope + start], "C0")
    for at, value, fit in zip(t_few, y_few, fitted, strict=True):
        side = value - fit
        axes.add_patch(plt.Rectangle((at, fit), abs(side), side, color="C3", alpha=0.25))
    axes.plot(t_few, y_few, "ko")
    axes.set(title=f"{title}: squares add up to {np.sum((y_few - fitted) ** 2):.3f}")
    axes.set(xlabel="t", ylabel="y", xlim=(0, 1.1), ylim=(0, 1.1), aspect="equal")
plt.show()

# %% [markdown]
# **Write the solution** ([[= points.ols_formula ]] point).

# %%
### BEGIN SOLUTION ols_formula
### STUB ols_formula = ...  # TODO(ols_formula)
ols_formula = r"""
The objective is $w^\top X^\top X w - 2 y^\top X w + y^\top y$, its gradient

$$2 X^\top X w - 2 X^\top y,$$

and where that is zero,

$$w = (X^\top X)^{-1} X^\top y$$
"""
### END SOLUTION

# %% check="ols_formula"
expect_form("ols_formula", ols_formula)

# %% [markdown]
# ## (b) The same through the SVD
#
# The SVD takes any matrix apart into a rotation, a stretching along the axes, and another rotation
# (or reflections). It takes the orthogonal directions $v_i$ to orthogonal ones again,
# $X v_i = \sigma_i u_i$.
#
# ![Four stages of a unit circle with two orthogonal arrows v1 and v2. V transposed rotates the
# arrows onto the axes, Sigma stretches the circle to an ellipse with half axes sigma 1 and sigma
# 2, and U rotates the ellipse.](pictures/svd_steps.svg)
#
# **Put $X = U\Sigma V^\top$ into your solution and simplify until no $X$ is left**, still for a
# tall $X$. You get [[= points.ols_by_svd ]] points for the result and
# [[= points.ols_by_svd_steps ]] for the steps: write them as a chain
# `$$ w = ... = ... $$`, in which every `=` holds. Each step is tried on numbers, and the first one
# that is false is named. One of the steps should show the inverse of a diagonal matrix, by itself.
#
# Mind the sizes. Which of the matrices in your chain are square, so that they can have an inverse?

# %%
### BEGIN SOLUTION ols_by_svd
### STUB ols_by_svd = ...  # TODO(ols_by_svd)
ols_by_svd = r"""
$$\begin{aligned}
w &= (V \Sigma^\top U^\top U \Sigma V^\top)^{-1} V \Sigma^\top U^\top y \\
  &= (V \Sigma^\top \Sigma V^\top)^{-1} V \Sigma^\top U^\top y \\
  &= V (\Sigma^\top \Sigma)^{-1} V^\top V \Sigma^\top U^\top y \\
  &= V (\Sigma^\top \Sigma)^{-1} \Sigma^\top U^\top y \\
  &= V \Sigma^{+} U^\top y
\end{aligned}$$
"""
### END SOLUTION

# %% check="ols_by_svd"
expect_form("ols_by_svd", ols_by_svd)

# %% check="ols_by_svd_steps"
expect_steps("ols_by_svd", ols_by_svd)

# %% [markdown]
# ## (c) What the solution does to $X$
#
# The solution is linear in $y$: $w^* = A y$ with a $d \times n$ matrix $A$.
#
# **Write $AX$, simplified until only identities, zeros or numbers are left**
# ([[= points.left_product ]] point).

# %%
### BEGIN SOLUTION left_product
### STUB left_product = ...  # TODO(left_product)
left_product = r"""$$AX = I_d$$"""
### END SOLUTION

# %% check="left_product"
expect_form("left_product", left_product)

# %% [markdown]
# **Which of these hold for every tall $X$ of full rank?** Give a set of letters
# ([[= points.left_inverse ]] point).
#
# - **a** $A$ is a left inverse of $X$.
# - **b** $A$ is a right inverse of $X$.
# - **c** $XAX = X$ and $AXA = A$.
# - **d** $XA$ projects orthogonally onto the column space of $X$.

# %%
### BEGIN SOLUTION left_inverse
### STUB left_inverse = ...  # TODO(left_inverse), such as {"a", "b"}
left_inverse = {"a", "c", "d"}
### END SOLUTION

# %% check="left_inverse"
expect_options("left_inverse", left_inverse, ["a", "b", "c", "d"])

# %% [markdown]
# ## (d) Least norm
#
# A wide system has many solutions: to any of them one may add a $v$ with $Xv = 0$. Of all of them
# one asks for the shortest,
#
# $$\min_w \|w\|^2 \quad \text{subject to} \quad Xw = y.$$
#
# ![Two pairs of spaces. On the left, where w lives, the row space of X and the null space of X,
# orthogonal to each other. On the right, where y lives, the column space of X and the null space
# of X transposed. X maps the row space one to one onto the column space, and takes the null space
# to 0.](pictures/four_subspaces.svg)
#
# Split $w$ into a part in the row space of $X$, which is some $X^\top \alpha$, and a part
# orthogonal to it. What does $X$ do to each part, and which of the two should be zero? Then
# $Xw = y$ is a system for $\alpha$ alone. (The formula of (a) is of no use here. Count the rank of
# the matrix that it inverts.)
#
# **Write the solution of least norm** ([[= points.min_norm_formula ]] points).

# %%
### BEGIN SOLUTION min_norm_formula
### STUB min_norm_formula = ...  # TODO(min_norm_formula)
min_norm_formula = r"""
With $w = X^\top \alpha$ the system is $X X^\top \alpha = y$, and $X X^\top$ is square of full rank:

$$w = X^\top (X X^\top)^{-1} y$$
"""
### END SOLUTION

# %% check="min_norm_formula"
expect_form("min_norm_formula", min_norm_formula)

# %% [markdown]
# **Show that it is the shortest**: give your $w$ once more, and the $\alpha$ with
# $w = X^\top \alpha$, as two formulas `w = ...` and `\alpha = ...`
# ([[= points.min_norm_conditions ]] points). The two conditions $Xw = y$ and $w = X^\top\alpha$ are
# then tried on numbers. They are enough: if $Xv = 0$, then
# $w^\top v = \alpha^\top X v = 0$, so that $\|w + v\|^2 = \|w\|^2 + \|v\|^2$.

# %%
### BEGIN SOLUTION min_norm_conditions
### STUB min_norm_conditions = ...  # TODO(min_norm_conditions)
min_norm_conditions = r"""
$$w = X^\top (X X^\top)^{-1} y$$
$$\alpha = (X X^\top)^{-1} y$$
"""
### END SOLUTION

# %% check="min_norm_conditions"
expect_form("min_norm_conditions", min_norm_conditions)

# %% [markdown]
# ## (e) Least norm through the SVD
#
# **Put the SVD into the solution of (d) and simplify until no $X$ is left**
# ([[= points.min_norm_by_svd ]] points).

# %%
### BEGIN SOLUTION min_norm_by_svd
### STUB min_norm_by_svd = ...  # TODO(min_norm_by_svd)
min_norm_by_svd = r"""
$$w = V \Sigma^\top U^\top (U \Sigma \Sigma^\top U^\top)^{-1} y
    = V \Sigma^\top (\Sigma \Sigma^\top)^{-1} U^\top y = V \Sigma^{+} U^\top y$$
"""
### END SOLUTION

# %% check="min_norm_by_svd"
expect_form("min_norm_by_svd", min_norm_by_svd)

# %% [markdown]
# ## (f) From the other side
#
# Again $w^* = By$ with a $d \times n$ matrix $B$.
#
# **Write $XB$, simplified until only identities, zeros or numbers are left**
# ([[= points.right_product ]] point).

# %%
### BEGIN SOLUTION right_product
### STUB right_product = ...  # TODO(right_product)
right_product = r"""$$XB = I_n$$"""
### END SOLUTION

# %% check="right_product"
expect_form("right_product", right_product)

# %% [markdown]
# **Which of these hold for every wide $X$ of full rank?** ([[= points.right_inverse ]] point)
#
# - **a** $B$ is a left inverse of $X$.
# - **b** $B$ is a right inverse of $X$.
# - **c** $Xw = y$ has infinitely many solutions for every $y$, and $By$ is one of them.
# - **d** $BXw = w$ for every $w$.

# %%
### BEGIN SOLUTION right_inverse
### STUB right_inverse = ...  # TODO(right_inverse), such as {"a", "b"}
right_inverse = {"b", "c"}
### END SOLUTION

# %% check="right_inverse"
expect_options("right_inverse", right_inverse, ["a", "b", "c", "d"])

# %% [markdown]
# # 2. Ridge regression, five ways
#
# Least squares fits the noise as well. If two features are nearly the same, small errors in $y$
# give huge weights of opposite signs. *Ridge regression* adds a penalty on large weights:
#
# $$\min_w \; \|y - Xw\|^2 + \lambda \|w\|^2. \tag{1}$$
#
# From here on $X$ may be tall or wide, so your formulas have to hold for both.
#
# ![Level lines of the squared error are long ellipses around the least-squares solution. As lambda
# grows from 0, the ridge solution leaves that point, moves along a curve that bends, and ends at
# the origin.](pictures/ridge_shrinks.svg)
#
# ## (a) An optimisation problem
#
# **Write the gradient of (1)** ([[= points.ridge_gradient ]] point).

# %%
### BEGIN SOLUTION ridge_gradient
### STUB ridge_gradient = ...  # TODO(ridge_gradient)
ridge_gradient = r"""$$2 X^\top X w - 2 X^\top y + 2 \lambda w$$"""
### END SOLUTION

# %% check="ridge_gradient"
expect_form("ridge_gradient", ridge_gradient)

# %% [markdown]
# **Write the minimiser of (1)** ([[= points.ridge_formula ]] points), **with the steps from the
# gradient to it** ([[= points.ridge_formula_steps ]] points). In an equation that is not an
# identity but determines $w$, such as "gradient $= 0$", the grader puts in the $w$ that solves it.

# %%
### BEGIN SOLUTION ridge_formula
### STUB ridge_formula = ...  # TODO(ridge_formula)
ridge_formula = r"""
The objective is convex, so its minimum is where the gradient vanishes:

$$2 X^\top X w - 2 X^\top y + 2 \lambda w = 0$$

To take $w$ out, write $\lambda w$ as $\lambda I w$:

$$(X^\top X + \lambda I) w = X^\top y$$

The matrix is positive definite, hence

$$w = (X^\top X + \lambda I)^{-1} X^\top y$$
"""
### END SOLUTION

# %% check="ridge_formula"
expect_form("ridge_formula", ridge_formula)

# %% check="ridge_formula_steps"
expect_steps("ridge_formula", ridge_formula)

# %% [markdown]
# ## (b) A shift of the singular values
#
# **Put the SVD into your minimiser and simplify until no $X$ is left**: [[= points.ridge_by_svd ]]
# points for the result and [[= points.ridge_by_svd_steps ]] for the steps. The term with $\lambda$
# stands in the way at first; what is $V V^\top$?

# %%
### BEGIN SOLUTION ridge_by_svd
### STUB ridge_by_svd = ...  # TODO(ridge_by_svd)
ridge_by_svd = r"""
$$\begin{aligned}
w &= (V \Sigma^\top U^\top U \Sigma V^\top + \lambda I)^{-1} V \Sigma^\top U^\top y \\
  &= (V \Sigma^\top \Sigma V^\top + \lambda V V^\top)^{-1} V \Sigma^\top U^\top y \\
  &= (V (\Sigma^\top \Sigma + \lambda I) V^\top)^{-1} V \Sigma^\top U^\top y \\
  &= V (\Sigma^\top \Sigma + \lambda I)^{-1} V^\top V \Sigma^\top U^\top y \\
  &= V (\Sigma^\top \Sigma + \lambda I)^{-1} \Sigma^\top U^\top y
\end{aligned}$$
"""
### END SOLUTION

# %% check="ridge_by_svd"
expect_form("ridge_by_svd", ridge_by_svd)

# %% check="ridge_by_svd_steps"
expect_steps("ridge_by_svd", ridge_by_svd)

# %% [markdown]
# All matrices between $V$ and $U^\top$ are diagonal, so the result can be read one direction at a
# time. Call the matrix that takes $y$ to the ridge solution the *ridge matrix*. **Write its
# singular value that belongs to a singular value $\sigma$ of $X$**
# ([[= points.ridge_singular_value ]] point), and then what it is close to when $\sigma^2$ is much
# smaller than $\lambda$ ([[= points.ridge_value_small ]] point) and when it is much larger
# ([[= points.ridge_value_large ]] point): the simplest expression, not zero, whose ratio to the
# exact one tends to 1. Without ridge, at $\lambda = 0$, it would be $1/\sigma$ for all of them.

# %%
### BEGIN SOLUTION ridge_singular_value
### STUB ridge_singular_value = ...  # TODO(ridge_singular_value)
ridge_singular_value = r"""$$\frac{\sigma}{\sigma^2 + \lambda}$$"""
### END SOLUTION

# %% check="ridge_singular_value"
expect_form("ridge_singular_value", ridge_singular_value)

# %%
### BEGIN SOLUTION ridge_value_small
### STUB ridge_value_small = ...  # TODO(ridge_value_small)
ridge_value_small = r"""$$\frac{\sigma}{\lambda}$$"""
### END SOLUTION

# %% check="ridge_value_small"
expect_form("ridge_value_small", ridge_value_small)

# %%
### BEGIN SOLUTION ridge_value_large
### STUB ridge_value_large = ...  # TODO(ridge_value_large)
ridge_value_large = r"""$$\frac{1}{\sigma}$$"""
### END SOLUTION

# %% check="ridge_value_large"
expect_form("ridge_value_large", ridge_value_large)

# %% [markdown]
# **Which of these hold for ridge regression?** Compare with least squares, direction by direction
# ([[= points.filter_meaning ]] point).
#
# - **a** Directions with $\sigma^2 \gg \lambda$ are treated nearly as in least squares.
# - **b** Directions with $\sigma^2 \ll \lambda$ contribute next to nothing, where least squares
#   would multiply their noise by $1/\sigma$.
# - **c** All directions are shrunk by the same factor.
# - **d** Directions with $\sigma^2 < \lambda$ are removed exactly.
# - **e** However small a singular value of $X$ is, that of the ridge matrix is at most
#   $1/(2\sqrt\lambda)$.

# %%
### BEGIN SOLUTION filter_meaning
### STUB filter_meaning = ...  # TODO(filter_meaning), such as {"c", "d"}
filter_meaning = {"a", "b", "e"}
### END SOLUTION

# %% check="filter_meaning"
expect_options("filter_meaning", filter_meaning, ["a", "b", "c", "d", "e"])

# %% [markdown]
# ## (c) A MAP estimate
#
# Now $w$ is random, with the prior $w \sim N(0, I_d)$, and so is $y = Xw + \sqrt{\lambda}\, N$ with
# independent $N_i \sim N(0, 1)$. The *maximum a posteriori* estimate is the $w$ that is most
# probable once $y$ has been seen. The proof that this is the ridge solution has seven lines. Here
# they are in random order, mixed with three that are **false** and do not belong.

# %%
lines("map_order")

# %% [markdown]
# **Put the proof in order**: a text with the letters, such as `"order: k d a"`
# ([[= points.map_order ]] points). Every line has to come after those that it rests on; where
# several orders do that, all of them are right. One line in the wrong place costs one line.

# %%
### BEGIN SOLUTION map_order
### STUB map_order = ...  # TODO(map_order)
map_order = "order: e c h a j b f"
### END SOLUTION

# %% check="map_order"
expect_form("map_order", map_order)

# %% [markdown]
# More generally, the noise may have any variance $s^2$ and the prior any variance $t^2$ in each
# direction: $y = Xw + sN$ and $w \sim N(0, t^2 I_d)$. **Write what is maximised over $w$ then,
# after the logarithm has been taken**, without what does not depend on $w$
# ([[= points.map_objective ]] points). A positive factor and a constant make no difference.

# %%
### BEGIN SOLUTION map_objective
### STUB map_objective = ...  # TODO(map_objective)
map_objective = r"""$$-\frac{1}{2 s^2} \|y - Xw\|^2 - \frac{1}{2 t^2} \|w\|^2$$"""
### END SOLUTION

# %% check="map_objective"
expect_form("map_objective", map_objective)

# %% [markdown]
# **What does $\lambda$ mean?** Which $\lambda$ belongs to the variances $s^2$ and $t^2$? What
# happens to the estimate as $t$ grows, and as $s$ grows, and why is that sensible? (3 points,
# marked by a person: 1 for the right $\lambda$ with a reason, 1 for each of the two limits with a
# reason.)

# %% [markdown] manual="meaning_of_lambda" points=3
# ### BEGIN SOLUTION meaning_of_lambda
# ### STUB *Write your answer here, in place of this line. TODO(meaning_of_lambda)*
# The exponent becomes $-\|y - Xw\|^2/(2s^2) - \|w\|^2/(2t^2)$; multiplied by $-2s^2$ it is (1) with
# $\lambda = s^2/t^2$, the variance of the noise measured by that of the prior (1 point). As $t$
# grows the prior says less and less, $\lambda \to 0$, and the data decide alone (1 point). As $s$
# grows the data say less and less, $\lambda \to \infty$, and the estimate falls back to the mean of
# the prior, zero (1 point).
# ### END SOLUTION

# %% [markdown]
# ## (d) Fake data
#
# Append $d$ made-up data points, one for each direction, whose target is zero:
#
# $$\hat X = \begin{bmatrix} X \\ \sqrt{\lambda}\, I_d \end{bmatrix}, \qquad
#   \hat y = \begin{bmatrix} y \\ 0_d \end{bmatrix}.$$
#
# $\hat X$ is tall and has full rank whatever $X$ is, so plain least squares applies to it.
#
# **Write the two products that its normal equations need**, $G = \hat X^\top \hat X$ and
# $h = \hat X^\top \hat y$, by $X$, $y$ and $\lambda$, as two formulas `G = ...` and `h = ...`
# ([[= points.fake_data_products ]] points).

# %%
### BEGIN SOLUTION fake_data_products
### STUB fake_data_products = ...  # TODO(fake_data_products)
fake_data_products = r"""
$$G = X^\top X + \lambda I_d$$
$$h = X^\top y$$
"""
### END SOLUTION

# %% check="fake_data_products"
expect_form("fake_data_products", fake_data_products)

# %% [markdown]
# **Write the least-squares solution of the larger system**
# ([[= points.fake_data_solution ]] point), **with the steps**
# ([[= points.fake_data_solution_steps ]] point): begin with the blocks,
# `\begin{bmatrix} ... \\ ... \end{bmatrix}`, and end with a formula that you have seen before.

# %%
### BEGIN SOLUTION fake_data_solution
### STUB fake_data_solution = ...  # TODO(fake_data_solution)
fake_data_solution = r"""
$$\begin{aligned}
w &= \left( \begin{bmatrix} X \\ \sqrt{\lambda} I \end{bmatrix}^\top
            \begin{bmatrix} X \\ \sqrt{\lambda} I \end{bmatrix} \right)^{-1}
     \begin{bmatrix} X \\ \sqrt{\lambda} I \end{bmatrix}^\top
     \begin{bmatrix} y \\ 0 \end{bmatrix} \\
  &= (X^\top X + \lambda I)^{-1} X^\top y
\end{aligned}$$
"""
### END SOLUTION

# %% check="fake_data_solution"
expect_form("fake_data_solution", fake_data_solution)

# %% check="fake_data_solution_steps"
expect_steps("fake_data_solution", fake_data_solution)

# %% [markdown]
# ## (e) Fake features
#
# Or append $n$ made-up features, one for each data point: $\tilde X = [X, \sqrt\lambda I_n]$.
# This matrix is wide, its system can be solved exactly, and one takes the solution of least
# norm:
#
# $$\begin{gathered}
#   \min_{w, f} \; \|w\|^2 + \|f\|^2 \\[4pt]
#   \text{subject to} \quad Xw + \sqrt\lambda\, f = y .
# \end{gathered}$$
#
# Each fake feature can explain one data point and nothing else, at a price. **Write both parts of
# the solution**, as `w = ...` and `f = ...` ([[= points.fake_features_solution ]] points). They are
# tried on both things that they have to do: solve the system, and be shortest.

# %%
### BEGIN SOLUTION fake_features_solution
### STUB fake_features_solution = ...  # TODO(fake_features_solution)
fake_features_solution = r"""
$$w = X^\top (X X^\top + \lambda I)^{-1} y$$
$$f = \sqrt{\lambda}\, (X X^\top + \lambda I)^{-1} y$$
"""
### END SOLUTION

# %% check="fake_features_solution"
expect_form("fake_features_solution", fake_features_solution)

# %% [markdown]
# **Write it once more as a single vector** $\eta = \begin{bmatrix} w \\ f \end{bmatrix}$ of length
# $d + n$, in whatever form question 1 suggests ([[= points.fake_features_stack ]] point).

# %%
### BEGIN SOLUTION fake_features_stack
### STUB fake_features_stack = ...  # TODO(fake_features_stack)
fake_features_stack = r"""
$$\eta = \begin{bmatrix} X^\top \\ \sqrt{\lambda} I \end{bmatrix} (X X^\top + \lambda I)^{-1} y$$
"""
### END SOLUTION

# %% check="fake_features_stack"
expect_form("fake_features_stack", fake_features_stack)

# %% [markdown]
# ## (f) Are these the same?
#
# Fake data give an inverse of size $d \times d$, fake features one of size $n \times n$.
# Nevertheless the weights $w$ are the same. The key is a product in which $X^\top$ changes sides:
# **write the $d \times d$ matrix $M$ with**
#
# $$X^\top (X X^\top + \lambda I_n) = M X^\top$$
#
# as `M = ...` ([[= points.push_through_factor ]] point).

# %%
### BEGIN SOLUTION push_through_factor
### STUB push_through_factor = ...  # TODO(push_through_factor)
push_through_factor = r"""$$M = X^\top X + \lambda I_d$$"""
### END SOLUTION

# %% check="push_through_factor"
expect_form("push_through_factor", push_through_factor)

# %% [markdown]
# The rest of the proof has six lines, again in random order and mixed with false ones.

# %%
lines("push_through_order")

# %% [markdown]
# **Put the proof in order** ([[= points.push_through_order ]] points).

# %%
### BEGIN SOLUTION push_through_order
### STUB push_through_order = ...  # TODO(push_through_order)
push_through_order = "order: d a f b g c"
### END SOLUTION

# %% check="push_through_order"
expect_form("push_through_order", push_through_order)

# %% [markdown]
# ## (g) As $\lambda$ grows
#
# **Write the limit of the ridge solution for $\lambda \to \infty$** ([[= points.limit_large ]]
# point), **and what the solution is close to for large $\lambda$**
# ([[= points.limit_large_leading ]] point): the simplest expression, not zero, whose relative
# distance to the solution tends to zero.

# %%
### BEGIN SOLUTION limit_large
### STUB limit_large = ...  # TODO(limit_large)
limit_large = r"""$$w = 0$$"""
### END SOLUTION

# %% check="limit_large"
expect_form("limit_large", limit_large)

# %%
### BEGIN SOLUTION limit_large_leading
### STUB limit_large_leading = ...  # TODO(limit_large_leading)
limit_large_leading = r"""$$\frac{1}{\lambda} X^\top y$$"""
### END SOLUTION

# %% check="limit_large_leading"
expect_form("limit_large_leading", limit_large_leading)

# %% [markdown]
# ## (h) As $\lambda$ falls
#
# **Write the limit of the ridge solution for $\lambda \to 0$** ([[= points.limit_small ]] points).
# It should be one formula which is right for tall and for wide $X$ of full rank; one that is right
# for only one of the two earns half. The form of (b) helps: look at one singular value at a time.

# %%
### BEGIN SOLUTION limit_small
### STUB limit_small = ...  # TODO(limit_small)
limit_small = r"""$$w = X^{+} y = V \Sigma^{+} U^\top y$$"""
### END SOLUTION

# %% check="limit_small"
expect_form("limit_small", limit_small)

# %% [markdown]
# # 3. Tikhonov regularisation
#
# All of this is a special case of
#
# $$\min_x \|W_1 (Ax - b)\|^2 + \|W_2 (x - c)\|^2, \tag{2}$$
#
# with an $n \times k$ matrix $A$. $W_1$ weights the residuals, for instance those of a better
# instrument more, and $W_2$ the deviation from a guess $c$. Here $W_1$ is $n \times n$ and $W_2$ is
# $k \times k$; both are invertible, and neither is symmetric.
#
# ## (a) Directly
#
# **Write the gradient of (2)** as a column ([[= points.tikhonov_gradient ]] point).

# %%
### BEGIN SOLUTION tikhonov_gradient
### STUB tikhonov_gradient = ...  # TODO(tikhonov_gradient)
tikhonov_gradient = r"""$$2 A^\top W_1^\top W_1 (A x - b) + 2 W_2^\top W_2 (x - c)$$"""
### END SOLUTION

# %% check="tikhonov_gradient"
expect_form("tikhonov_gradient", tikhonov_gradient)

# %% [markdown]
# **Write the minimiser** ([[= points.tikhonov_formula ]] points) **with the steps from the gradient
# to it** ([[= points.tikhonov_formula_steps ]] points). If a row turns up in a sum of columns, a
# transpose is missing somewhere.

# %%
### BEGIN SOLUTION tikhonov_formula
### STUB tikhonov_formula = ...  # TODO(tikhonov_formula)
tikhonov_formula = r"""
$$2 A^\top W_1^\top W_1 (A x - b) + 2 W_2^\top W_2 (x - c) = 0$$

$$(A^\top W_1^\top W_1 A + W_2^\top W_2) x = A^\top W_1^\top W_1 b + W_2^\top W_2 c$$

$$x = (A^\top W_1^\top W_1 A + W_2^\top W_2)^{-1} (A^\top W_1^\top W_1 b + W_2^\top W_2 c)$$
"""
### END SOLUTION

# %% check="tikhonov_formula"
expect_form("tikhonov_formula", tikhonov_formula)

# %% check="tikhonov_formula_steps"
expect_steps("tikhonov_formula", tikhonov_formula)

# %% [markdown]
# ## (b) As one least-squares problem
#
# **Find a matrix $C$ and a vector $d$ with which (2) reads $\min_x \|Cx - d\|^2$**, in blocks, as
# `C = ...` and `d = ...` ([[= points.tikhonov_stack ]] points). The order of the block rows is
# yours.

# %%
### BEGIN SOLUTION tikhonov_stack
### STUB tikhonov_stack = ...  # TODO(tikhonov_stack)
tikhonov_stack = r"""
$$C = \begin{bmatrix} W_1 A \\ W_2 \end{bmatrix}, \quad
  d = \begin{bmatrix} W_1 b \\ W_2 c \end{bmatrix}$$
"""
### END SOLUTION

# %% check="tikhonov_stack"
expect_form("tikhonov_stack", tikhonov_stack)

# %% [markdown]
# **Write the minimiser of (2) by $C$ and $d$ alone** ([[= points.tikhonov_from_stack ]] point).
# Multiply the blocks out on paper: it has to be the formula of (a).

# %%
### BEGIN SOLUTION tikhonov_from_stack
### STUB tikhonov_from_stack = ...  # TODO(tikhonov_from_stack)
tikhonov_from_stack = r"""$$x = (C^\top C)^{-1} C^\top d$$"""
### END SOLUTION

# %% check="tikhonov_from_stack"
expect_form("tikhonov_from_stack", tikhonov_from_stack)

# %% [markdown]
# ## (c) Back to ridge
#
# **Choose $W_1$, $W_2$ and $c$ so that (2) is ridge regression**, $\|Ax - b\|^2 + \lambda\|x\|^2$
# ([[= points.ridge_as_tikhonov ]] points).

# %%
### BEGIN SOLUTION ridge_as_tikhonov
### STUB ridge_as_tikhonov = ...  # TODO(ridge_as_tikhonov)
ridge_as_tikhonov = r"""$$W_1 = I_n, \quad W_2 = \sqrt{\lambda}\, I_k, \quad c = 0$$"""
### END SOLUTION

# %% check="ridge_as_tikhonov"
expect_form("ridge_as_tikhonov", ridge_as_tikhonov)

# %% [markdown]
# # 4. In NumPy
#
# Now the formulas become functions, which work in floating point. The example: fit a polynomial
# $w_0 + w_1 t + \dots + w_{11} t^{11}$ to a few noisy points of a curve. The columns of
# $X$ are powers of $t$ between 0 and 1, and high powers look very much alike there.


# %%
def powers(t, degree=11):
    """The powers 0 to `degree` of each number in `t`, one row for each."""
    return np.vander(t, degree + 1, increasing=True)


def curve(t):
    """What the data are noisy points of."""
    return np.sin(2 * np.pi * t) * np.exp(-t)


rng = np.random.default_rng(3)
times = np.sort(rng.uniform(0, 1, size=20))
X = powers(times)
y = curve(times) + 0.1 * rng.standard_normal(20)
singular_values = np.linalg.svd(X, compute_uv=False)
print("X:", X.shape)
print("singular values:", " ".join(f"{value:.1e}" for value in singular_values))
condition = singular_values[0] / singular_values[-1]
print(f"condition number, the largest divided by the smallest: {condition:.1e}")

# %% [markdown]
# To divide by the smallest of them is to multiply the noise in $y$ by hundreds of millions. The
# condition number says how much solving may magnify relative errors; the question at the end of
# 4.3 comes back to it.
#
# ## 4.1 Least squares and least norm
#
# **Write `lstsq_svd` in `linear/least_squares.py`** ([[= points.lstsq_svd ]] points): the formula
# of 1 (b) with one addition. If $X$ is rank-deficient, some singular values are zero, or would be
# without rounding. They cannot be divided by, and the pseudo-inverse leaves their directions out:
# everything up to `cutoff` times the largest counts as zero. Use
# `np.linalg.svd(X, full_matrices=False)`, which leaves out the columns of $U$ or $V$ that meet no
# singular value; it returns $V^\top$, not $V$.

# %% check="lstsq_svd"
tall = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
solution = called(lstsq_svd, tall, np.array([1.0, 2.0, 4.0]))
expect_close("lstsq_svd(tall, y)", solution, [5 / 6, 1.5])
twice = np.array([[1.0, 1.0], [2.0, 2.0], [2.0, 2.0]])
expect_close(
    "lstsq_svd on two equal columns",
    called(lstsq_svd, twice, np.array([9.0, 9.0, 9.0])),
    [2.5, 2.5],
    hint="One singular value is zero here. Is it left out?",
)

# %% [markdown]
# **Write `min_norm_svd` in the same file** ([[= points.min_norm_svd ]] points). It promises a
# solution, not only the $w$ that comes nearest, so it has to say when there is none.

# %% check="min_norm_svd"
wide = np.array([[1.0, 2.0, 2.0]])
solution = called(min_norm_svd, wide, np.array([9.0]))
expect_close("min_norm_svd(wide, [9])", solution, [1.0, 2.0, 2.0])
try:
    min_norm_svd(twice, np.array([9.0, 9.0, 9.0]))
except ValueError as error:
    passed(f"A y outside the column space is refused: {error}")
else:
    raise CheckError("min_norm_svd(X, y) returns for a y outside the column space of X.")

# %% [markdown]
# ## 4.2 Ridge
#
# **Write `ridge` in `linear/ridge.py`** ([[= points.ridge ]] points), by the formula of 2 (a) and
# `np.linalg.solve`, which is faster and more precise than an inverse.

# %% check="ridge"
small = np.array([[3.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
expect_close(
    "ridge(small, y, 1.0)",
    called(ridge, small, np.array([10.0, 4.0, 7.0]), 1.0),
    [3.0, 2.0],
    hint="λ is added on the diagonal.",
    mistakes={
        "λ is added to all entries: is its identity matrix missing?": [56 / 19, 10 / 19],
        "λ is not in it.": [10 / 3, 4.0],
    },
)

# %% [markdown]
# **Write `ridge_svd`** ([[= points.ridge_svd ]] points), by the formula of 2 (b). Why a second way?
# $X^\top X$ has the squares of the singular values. Beside $1$ a double can hold about $10^{-16}$,
# so a singular value of $10^{-8}$ vanishes when it is squared beside one of size 1, and its
# direction is lost *before* anything is solved. The SVD works on $X$ itself.

# %% check="ridge_svd"
solution = called(ridge_svd, small, np.array([10.0, 4.0, 7.0]), 1.0)
expect_close("ridge_svd(small, y, 1.0)", solution, [3, 2])
steep = np.array([[1.0, 1.0], [0.0, 1e-8], [0.0, 0.0]])
expect_close(
    "ridge_svd on nearly equal columns, λ = 1e-18",
    called(ridge_svd, steep, np.array([1.0, 1e-8, 0.0]), 1e-18),
    [1 / 102, 101 / 102],
    1e-5,
    "Does X.T @ X occur anywhere? Use the singular values of X.",
)

# %% [markdown]
# **Write `ridge_fake_data`** ([[= points.ridge_fake_data ]] points) and **`ridge_fake_features`**
# ([[= points.ridge_fake_features ]] points), by 2 (d) and 2 (e). Build the larger system with
# `np.vstack`, `np.hstack`, `np.concatenate`, and leave solving it to a function that solves plain
# systems: your own of 4.1, or `np.linalg.lstsq`, or `np.linalg.pinv`.

# %% check="ridge_fake_data"
w, X_fake, y_fake = called(ridge_fake_data, small, np.array([10.0, 4.0, 7.0]), 4.0, gives=3)
wanted = np.vstack([small, [[2.0, 0.0], [0.0, 2.0]]])
mistakes = {"The root of λ is missing.": np.vstack([small, [[4.0, 0.0], [0.0, 4.0]]])}
expect_close("ridge_fake_data(...)[1]", X_fake, wanted, mistakes=mistakes)
expect_close("ridge_fake_data(...)[2]", y_fake, [10.0, 4.0, 7.0, 0.0, 0.0])
expect_close("ridge_fake_data(...)[0]", w, [30 / 13, 4 / 5])

# %% check="ridge_fake_features"
w, f = called(ridge_fake_features, small, np.array([10.0, 4.0, 7.0]), 4.0, gives=2)
expect_close("ridge_fake_features(...)[0]", w, [30 / 13, 4 / 5])
mistakes = {"That is √λ f, the whole residual.": np.multiply(2, [20 / 13, 8 / 5, 3.5])}
expect_close(
    "ridge_fake_features(...)[1]", f, [20 / 13, 8 / 5, 3.5], 1e-6, "X w + √λ f = y.", mistakes
)

# %% [markdown]
# ## 4.3 Plots
#
# First the **filter factors**: what share of the least-squares solution is left in a direction with
# the singular value $\sigma$. Your `ridge_svd` gives it, on matrices with a single entry. Every
# curve is a soft threshold, and is ½ where $\sigma^2 = \lambda$. The dots are the singular values
# of our $X$: choosing $\lambda$ is choosing how many of them take part. On the right are the
# singular values of the ridge matrix, which is to say what the noise in $y$ is multiplied by.

# %% demo=true
sigma = np.logspace(-8, 1, 400)
gain = lambda s, lam: np.array([ridge_svd(np.array([[each]]), np.ones(1), lam)[0] for each in s])
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4))
right.loglog(sigma, 1 / sigma, "k--", label="least squares, $1/\\sigma$")
for lam in (1e-10, 1e-6, 1e-2):
    name = f"$\\lambda$ = {lam:g}"
    (drawn,) = left.semilogx(sigma, sigma * gain(sigma, lam), label=name)
    dots = singular_values * gain(singular_values, lam)
    left.plot(singular_values, dots, "o", ms=4, color=drawn.get_color())
    right.loglog(sigma, gain(sigma, lam), label=name)
left.set(xlabel="singular value $\\sigma$", ylabel="share that is left", title="Filter factors")
right.set(xlabel="singular value $\\sigma$", ylabel="gain", title="The ridge matrix")
left.legend()
right.legend()
plt.show()

# %% [markdown]
# Now the **fits**. With almost no ridge the polynomial overfits the noise; with too much of it, it
# underfits.

# %% demo=true
t = np.linspace(0, 1, 200)
plt.plot(times, y, "k.", label="data")
plt.plot(t, curve(t), "k:", label="without noise")
for lam in (1e-12, 1e-4, 10.0):
    weights = ridge_svd(X, y, lam)
    norm = np.linalg.norm(weights)
    plt.plot(t, powers(t) @ weights, label=f"$\\lambda$ = {lam:g}, ‖w‖ = {norm:.1f}")
plt.ylim(-1, 1.2)
plt.xlabel("t")
plt.ylabel("y")
plt.title("Twelve weights, twenty points")
plt.legend()
plt.show()

# %% [markdown]
# And the **five views**, side by side. MAP has no formula of its own: here Newton's method
# maximises the logarithm of the posterior, with measured derivatives. All five give the same
# weights.

# %% demo=true
lam = 1e-2


def log_posterior(w):
    """The logarithm of p(w | y) for noise of variance lam, up to a constant."""
    gap = y - X @ w
    return -(gap @ gap) / (2 * lam) - (w @ w) / 2


def maximise(f, w, h=0.1, steps=3):
    """Where f is largest, by Newton's method with measured derivatives."""
    unit = h * np.eye(len(w))
    for _ in range(steps):
        slope = np.array([f(w + e) - f(w - e) for e in unit]) / (2 * h)
        bend = np.array([[f(w + e + g) - f(w + e - g) - f(w - e + g) + f(w - e - g)
                          for g in unit] for e in unit]) / (4 * h**2)  # fmt: skip
        w = w - np.linalg.solve(bend, slope)
    return w


views = {
    "optimisation": ridge(X, y, lam),
    "singular values": ridge_svd(X, y, lam),
    "MAP": maximise(log_posterior, np.zeros(12)),
    "fake data": ridge_fake_data(X, y, lam)[0],
    "fake features": ridge_fake_features(X, y, lam)[0],
}
for place, (name, weights) in enumerate(views.items()):
    plt.plot(np.arange(len(weights)) + 0.14 * (place - 2), weights, "o", ms=5, label=name)
plt.xlabel("power of t")
plt.ylabel("weight")
plt.title(f"Five views, $\\lambda$ = {lam:g}")
plt.legend()
plt.show()
worst = max(np.abs(weights - views["singular values"]).max() for weights in views.values())
print(f"largest difference between two views at λ = {lam:g}: {worst:.1e}")

# %% [markdown]
# That was one moderate $\lambda$. The next plot goes through many, down to very small ones, and
# takes the solution by the SVD as the reference.

# %% demo=true
lams = np.logspace(-18, 0, 40)
for name, solve in [("normal equations", lambda lam: ridge(X, y, lam)),
                    ("fake data", lambda lam: ridge_fake_data(X, y, lam)[0]),
                    ("fake features", lambda lam: ridge_fake_features(X, y, lam)[0])]:  # fmt: skip
    gaps = []
    for each in lams:
        exact = ridge_svd(X, y, each)
        gaps.append(np.linalg.norm(solve(each) - exact) / np.linalg.norm(exact) + 1e-17)
    plt.loglog(lams, gaps, ".-", label=name)
plt.xlabel("$\\lambda$")
plt.ylabel("relative distance")
plt.axhline(1e-2, color="0.5", linestyle="--", label="two digits")
plt.title("Distance to the solution by the SVD")
plt.legend()
plt.show()
print(f"condition number of X: {condition:.1e}; its square: {condition**2:.1e}")

# %% [markdown]
# On paper all three curves are zero. **Why do they grow as $\lambda$ falls, and why does the one of
# the normal equations grow so much faster?** Use the condition numbers that are printed below the
# plot, and compare slopes. Which of the three curves cross the dashed line, that is, give fewer
# than two right digits, and near which $\lambda$? (3 points, marked by a person: 1 for the reason,
# 1 for relating it to the singular values that are squared, 1 for figures read off the plot.)

# %% [markdown] manual="precision_of_views" points=3
# ### BEGIN SOLUTION precision_of_views
# ### STUB *Write your answer here, in place of this line. TODO(precision_of_views)*
# Rounding in the matrix is about $10^{-16}$ times its largest singular value, and solving
# multiplies relative errors by the condition number (1 point). For the fake systems that number is
# $\sigma_1/\sqrt{\sigma_r^2 + \lambda}$; the normal equations have its square,
# $\sigma_1^2/(\sigma_r^2 + \lambda)$, so the error grows like $1/\lambda$ instead of
# $1/\sqrt\lambda$ as long as $\lambda$ is above $\sigma_r^2$ (1 point). In the plot the normal
# equations pass $10^{-2}$ near $\lambda = 10^{-14}$, the other two nowhere: they level off between
# $10^{-8}$ and $10^{-6}$, because $\sigma_r$ limits their condition number (1 point for figures
# that fit the plot).
# ### END SOLUTION

# %% [markdown]
# ## 4.4 Tikhonov
#
# **Write `tikhonov` in `linear/tikhonov.py`** ([[= points.tikhonov ]] points). 3 (b) gives a
# function of three lines, and one that also works if $W_1$ and $W_2$ are not square.

# %% check="tikhonov"
A = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
W1, W2 = np.diag([1.0, 2.0, 1.0]), np.array([[1.0, 1.0], [0.0, 1.0]])
b, c = np.array([1.0, 2.0, 3.0]), np.array([1.0, -1.0])
objective = lambda x: np.sum((W1 @ (A @ x - b)) ** 2) + np.sum((W2 @ (x - c)) ** 2)
x = called(tikhonov, A, b, W1, W2, c)
slopes = [(objective(x + e) - objective(x - e)) / 2 for e in np.eye(2)]
expect_close("the slope of the objective at tikhonov(A, b, W1, W2, c)", slopes, [0.0, 0.0], 1e-9)
lam = 0.7
special = tikhonov(X, y, np.eye(20), np.sqrt(lam) * np.eye(12), np.zeros(12))
expect_close("tikhonov with the choice of 3 (c)", special, ridge_svd(X, y, lam), 1e-6)

# %% [markdown]
# Tikhonov regularisation can do more than ridge: a $W_2$ that takes second *differences* of
# neighbouring unknowns penalises roughness instead of size. Here the unknowns are the values of the
# curve itself at 101 places, of which only twenty are measured; $A$ selects those. The system $Ax =
# b$ is wide, and second differences are 0 for every straight line, yet (2) has exactly one
# solution.

# %% demo=true
places = np.linspace(0, 1, 101)
A = np.zeros((20, 101))
A[np.arange(20), np.round(100 * times).astype(int)] = 1.0
second = np.diff(np.eye(101), n=2, axis=0)  # 99 × 101: second differences
plt.plot(times, y, "k.", label="data")
plt.plot(places, curve(places), "k:", label="without noise")
for weight in (0.3, 30.0, 3000.0):
    smooth = tikhonov(A, y, np.eye(20), weight * second, np.zeros(101))
    plt.plot(places, smooth, label=f"roughness times {weight:g}")
plt.xlabel("t")
plt.ylabel("y")
plt.title("101 unknowns, 20 measurements")
plt.legend()
plt.show()

# %% [markdown]
# # 5. Hand in
#
# Save the notebook (Ctrl+S), then run this cell. It lists every part with its state, says what
# would keep a file from being graded as you see it, and packs the files that are graded into
# `submission.zip`. Hand that in. Open parts cost their own points only.

# %% demo=true
_ = check_and_zip("submission.zip")
