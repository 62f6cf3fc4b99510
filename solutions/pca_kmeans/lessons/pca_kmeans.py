# %% [markdown]
# # [[= assignment.title ]]
#
# Two ways to find structure in data that nobody has labelled. **PCA** looks for the few directions
# in which samples differ most; **k-means** looks for the few groups they fall into. Both minimise
# a sum of squares, both can be understood completely with pencil and paper, and both take a dozen
# lines of NumPy. A short first part asks why deep networks with sigmoids are hard to train.
#
# You will
#
# 1. find out how fast a gradient vanishes behind sigmoids, and what helps,
# 2. derive PCA with Lagrange multipliers, see what shifts, scalings and rotations do to it, write
#    it, and compress pictures with it,
# 3. prove that k-means works and stops, write it, and make it robust against outliers.
#
# There are [[= total_points ]] points. Most questions are followed by a check cell. It is **not**
# the grading: for code it looks at a few examples, and hidden tests look at more (other shapes,
# ties, empty clusters); for written answers it looks at the *form* only.
#
# ## Answers in formulas
#
# Many answers here are formulas. Write them as text between `r"""` and `"""`, in LaTeX, or as you
# would type them in NumPy. The last formula between dollar signs is your answer; what stands
# before it are your steps. `show(name, answer)` shows how the grader reads it, with the shape of
# everything, and so do the check cells. Whether it is right is not said here.
#
# *Autoreload is on: save a file in `unsupervised/`, and the next cell that you run uses it. If a
# result still looks old, restart the kernel (menu Kernel) and run all cells.*

# %% demo=true
# [[= first_cell ]]

# %%
# %load_ext autoreload
# %autoreload 2
import matplotlib.pyplot as plt
import numpy as np

from unsupervised.expect import called, expect_close, expect_options, expect_true
from unsupervised.hand_in import check_and_zip
from unsupervised.kmeans import assign, kmeans, kmeans_l1, objective, update
from unsupervised.pca import pca, reconstruct
from written import expect_form, expect_steps, lines, show

# %matplotlib inline
plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# Try it: two ways to write the same thing, and what happens if shapes do not fit.

# %% demo=true
show("rotate_scatter", r"$$X X^{\mathrm T} + \Sigma$$")

# %% demo=true
show("rotate_scatter", "X @ X.T + Sigma")

# %% demo=true
show("rotate_scatter", r"$$X X + \Sigma$$")

# %% [markdown]
# # 1. Why gradients vanish
#
# A unit of a network computes $z$, a weighted sum of what comes in, and passes on $\sigma(z)$,
# where
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# is the sigmoid. Going backward, the chain rule multiplies the gradient by the slope
# $\sigma'(z)$ in every layer. So the question is how large that slope can be.
#
# **Question `sigmoid_slope`** ([[= points.sigmoid_slope ]] point). Differentiate. Express
# $\sigma'(z)$ by $\sigma = \sigma(z)$ itself.

# %%
### BEGIN SOLUTION sigmoid_slope
### STUB sigmoid_slope = ...  # TODO(sigmoid_slope)
sigmoid_slope = r"""
The quotient rule gives
$$\sigma'(z) = \frac{e^{-z}}{(1+e^{-z})^2} = \sigma\,(1-\sigma)$$
"""
### END SOLUTION

# %% check="sigmoid_slope"
expect_form("sigmoid_slope", sigmoid_slope)

# %% [markdown]
# **Question `sigmoid_range`** ([[= points.sigmoid_range ]] point). Which values does $\sigma'$
# have, over all real $z$? Answer with an interval. A round bracket leaves the end out, a square
# one belongs to an end that is attained: `[-1, 2)` has $-1$ in it and 2 not.

# %%
### BEGIN SOLUTION sigmoid_range
### STUB sigmoid_range = ...  # TODO(sigmoid_range)
sigmoid_range = r"$$(0, \tfrac14]$$"
### END SOLUTION

# %% check="sigmoid_range"
expect_form("sigmoid_range", sigmoid_range)

# %% [markdown]
# Let there be $L$ layers of one sigmoid unit each, joined by weights $w_l$ with $|w_l| \le 1$:
#
# $$\begin{gathered}
#   a_l = \sigma(w_l\, a_{l-1}), \\[4pt]
#   \frac{\partial a_L}{\partial a_0} = \prod_{l=1}^{L} \sigma'(w_l\, a_{l-1})\, w_l .
# \end{gathered}$$
#
# **Question `depth_bound`** ([[= points.depth_bound ]] point). Give the smallest upper bound for
# $|\partial a_L / \partial a_0|$ that follows from the range of $\sigma'$ alone, as a formula in
# $L$.

# %%
### BEGIN SOLUTION depth_bound
### STUB depth_bound = ...  # TODO(depth_bound)
depth_bound = r"$$\left(\frac14\right)^L$$"
### END SOLUTION

# %% check="depth_bound"
expect_form("depth_bound", depth_bound)

# %% [markdown]
# **Question `depth_number`** ([[= points.depth_number ]] point). What is the smallest $L$ for
# which your bound is below $10^{-6}$?

# %%
### BEGIN SOLUTION depth_number
### STUB depth_number = ...  # TODO(depth_number)
depth_number = "10"
### END SOLUTION

# %% check="depth_number"
expect_form("depth_number", depth_number)

# %% [markdown]
# Now measure it. The next cell sends a random gradient back through 20 layers of 50 units, once
# with sigmoids and once with ReLU, $\max(0, z)$, and draws its length behind each layer.
# The weights are drawn with variance $2/50$, which suits ReLU.

# %% demo=true
slopes = {
    "sigmoid": (
        lambda z: 1 / (1 + np.exp(-z)),
        lambda z: np.exp(-abs(z)) / (1 + np.exp(-abs(z))) ** 2,
    ),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
}
rng = np.random.default_rng(0)
weights = rng.normal(scale=np.sqrt(2 / 50), size=(20, 50, 50))
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
z = np.linspace(-8, 8, 400)
for name, (activation, slope) in slopes.items():
    a, inputs = rng.normal(size=50), []
    for w in weights:
        inputs.append(w @ a)
        a = activation(inputs[-1])
    gradient, lengths = rng.normal(size=50), []
    for w, at in zip(weights[::-1], inputs[::-1], strict=True):
        gradient = w.T @ (slope(at) * gradient)
        lengths.append(np.linalg.norm(gradient))
    left.plot(z, slope(z), label=name)
    right.semilogy(range(1, 21), lengths, "o-", markersize=3, label=name)
left.set(xlabel="z", ylabel="slope", title="Derivative of the activation")
right.set(xlabel="layers gone back", ylabel="length", title="Norm of the gradient")
left.legend()
right.legend()
plt.show()

# %% [markdown]
# **Question `vanishing_analysis`** (3 points, read by a person). In at most six sentences: why do
# the *first* layers of a deep network with sigmoids learn slowest? Use your range and your bound,
# and say which inputs $z$ make it worse than the bound.
#
# | points | for |
# |---|---|
# | 1 | what is multiplied, and how often |
# | 1 | how large the product can be at most, and how this depends on the layer |
# | 1 | when it is worse than that |

# %% [markdown] manual="vanishing_analysis" points=3
# ### BEGIN SOLUTION vanishing_analysis
# ### STUB *Write your answer here, in place of this line. TODO(vanishing_analysis)*
# By the chain rule the gradient of a weight in layer $l$ contains one factor $\sigma'$ for every
# layer from $l$ to the last one (1 point). Each factor is at most 1/4, so with weights of size 1
# the product is at most $4^{-(L-l)}$: it falls exponentially, and most factors stand before the
# gradients of the first layers (1 point). That is only the best case. Where $|z|$ is large the
# sigmoid is saturated, its slope is close to 0, and a single such layer is enough to stop the
# gradient (1 point).
# ### END SOLUTION

# %% [markdown]
# **Question `relu_effects`** ([[= points.relu_effects ]] points). Which of these hold?
#
# - `"a"`: Through units with positive input, ReLU itself passes a gradient on undiminished,
#   however many layers there are.
# - `"b"`: The slope of ReLU is never 0.
# - `"c"`: A unit whose input is negative for every sample gets no gradient for its weights, so
#   that it may stay silent for ever.
# - `"d"`: The outputs of ReLU are bounded, as those of the sigmoid are.
# - `"e"`: The outputs of ReLU are never negative, so that their mean is above 0, as it is with the
#   sigmoid.
#
# Answer with a set of letters; if it were only the second, you would write `{"b"}`.

# %%
### BEGIN SOLUTION relu_effects
### STUB relu_effects = ...  # TODO(relu_effects)
relu_effects = {"a", "c", "e"}
### END SOLUTION

# %% check="relu_effects"
# This looks at the form of the answer only.
expect_options("relu_effects", relu_effects, ["a", "b", "c", "d", "e"])

# %% [markdown]
# **Question `remedies`** ([[= points.remedies ]] points). Keep the activation function as it is.
# Which *three* of these help against vanishing gradients?
#
# - `"a"`: residual connections: a block of layers adds its input to its output
# - `"b"`: more layers
# - `"c"`: batch normalisation before the activations
# - `"d"`: a learning rate that is ten times as small
# - `"e"`: initial weights of a size that keeps activations and gradients about as large from layer
#   to layer
# - `"f"`: initial weights very close to 0

# %%
### BEGIN SOLUTION remedies
### STUB remedies = ...  # TODO(remedies)
remedies = {"a", "c", "e"}
### END SOLUTION

# %% check="remedies"
# This looks at the form of the answer only.
expect_options("remedies", remedies, ["a", "b", "c", "d", "e", "f"])

# %% [markdown]
# **Question `remedies_why`** (3 points, read by a person). For each of the three, one or two
# sentences: through which factor of the product does it act? A measure that is not in the list
# counts as well.
#
# | points | for |
# |---|---|
# | 1 each | a right reason that names what happens to the gradient |

# %% [markdown] manual="remedies_why" points=3
# ### BEGIN SOLUTION remedies_why
# ### STUB *Write your answer here, in place of this line. TODO(remedies_why)*
# Residual connections: the derivative of $x + f(x)$ is $1 + f'(x)$, so the factor of a block stays
# near 1 even where $f'$ is nearly 0. Batch normalisation: it keeps the inputs $z$ around 0 and of
# size 1, where the slope is largest. Initialisation: with weights of variance about one over the
# number of inputs, a product of weights and slopes keeps its size, instead of shrinking in every
# layer.
# ### END SOLUTION

# %% [markdown]
# # 2. Principal component analysis
#
# ## 2.1 The problem
#
# There are $n$ samples $x_1, \dots, x_n$ in $\mathbb R^d$, the columns of $X$. Until we say
# otherwise they are **centred**, $\sum_i x_i = 0$. We look for $k$ orthonormal directions, the
# columns of $W$, along which the samples spread as much as possible:
#
# $$\begin{gathered}
#   \max_{W}\ \operatorname{tr}(W^\top X X^\top W) \\[4pt]
#   \text{subject to} \qquad W^\top W = I .
# \end{gathered}$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $n$, $d$, $k$ | | samples; numbers in a sample; directions; $n > d > k$ |
# | $X$ | $d \times n$ | the samples $x_i$ as columns |
# | $W$ | $d \times k$ | the directions $w_i$ as columns |
# | $\Lambda$ | $k \times k$ | diagonal, the multipliers $\lambda_1, \dots, \lambda_k$ |
# | $\Sigma = XX^\top$ | $d \times d$ | the scatter matrix: a plain sum, without $1/n$ |
#
# The trace adds up $\|X^\top w_i\|^2$, the squared coordinates of all samples along each
# direction. In two dimensions one can look at it: turn a direction $w$ all the way round, and
# watch the sum.

# %% demo=true
rng = np.random.default_rng(1)
cloud = np.array([[2.0, 0.9], [0.9, 0.8]]) @ rng.normal(size=(2, 60))
cloud -= cloud.mean(axis=1, keepdims=True)
angles = np.linspace(0, np.pi, 181)
turned = np.stack([np.cos(angles), np.sin(angles)])  # a direction w in every column
spread = np.sum((cloud.T @ turned) ** 2, axis=0)
best = turned[:, spread.argmax()]

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
left.plot(*cloud, ".", alpha=0.6)
left.plot(*np.outer(best, [-5, 5]), "C3", label="the best w")
left.set(aspect="equal", title="60 centred samples", xlabel="$x_1$", ylabel="$x_2$")
left.legend()
right.plot(np.degrees(angles), spread)
right.axvline(np.degrees(angles[spread.argmax()]), color="C3", linewidth=1)
right.set(xlabel="angle of w in degrees", xticks=range(0, 181, 45))
right.set(ylabel=r"$\|X^\top w\|^2$", title="Scatter along w")
plt.show()

# %% [markdown]
# ## 2.2 Lagrange multipliers
#
# Written as a minimum, with one multiplier for the length of each direction, the Lagrangian is
#
# $$\begin{aligned}
#   \mathcal L(W, \Lambda) = & -\operatorname{tr}(W^\top X X^\top W) \\
#   & + \operatorname{tr}\big(\Lambda\,(W^\top W - I)\big).
# \end{aligned}$$
#
# **Question `pca_gradient`** ([[= points.pca_gradient ]] points). Give
# $\partial \mathcal L/\partial W$. It has the shape of $W$.

# %%
### BEGIN SOLUTION pca_gradient
### STUB pca_gradient = ...  # TODO(pca_gradient)
pca_gradient = r"""
$$\frac{\partial L}{\partial W} = -2XX^\top W + 2W\Lambda$$
"""
### END SOLUTION

# %% check="pca_gradient"
expect_form("pca_gradient", pca_gradient)

# %% [markdown]
# **Question `pca_equation`** ([[= points.pca_equation ]] point). Set it to zero and look at a
# single column $w$ of $W$, with its own $\lambda$. Which equation does $w$ satisfy? Write left
# side = right side.

# %%
### BEGIN SOLUTION pca_equation
### STUB pca_equation = ...  # TODO(pca_equation)
pca_equation = r"$$XX^\top w = \lambda w$$"
### END SOLUTION

# %% check="pca_equation"
expect_form("pca_equation", pca_equation)

# %% [markdown]
# **Question `pca_steps`** ([[= points.pca_steps ]] points). The steps from your gradient, set to
# zero, to that equation, each as a displayed equation. Every step has to hold for the directions
# that you are looking for; this is checked with numbers.

# %%
### BEGIN SOLUTION pca_steps
### STUB pca_steps = ...  # TODO(pca_steps)
pca_steps = r"""
$$-2XX^\top W + 2W\Lambda = 0$$
$$XX^\top W = W\Lambda$$
A column of $W\Lambda$ is that of $W$ times its own entry of $\Lambda$, so
$$XX^\top w = \lambda w$$
"""
### END SOLUTION

# %% check="pca_steps"
expect_steps("pca_steps", pca_steps)

# %% [markdown]
# **Question `pca_value`** ([[= points.pca_value ]] point). Let $\lambda_1 \ge \dots \ge \lambda_k$
# belong to the best $W$. How large is the objective there? Use $\lambda_i$ or $\Lambda$ only.

# %%
### BEGIN SOLUTION pca_value
### STUB pca_value = ...  # TODO(pca_value)
pca_value = r"$$\operatorname{tr}(W^\top X X^\top W) = \sum_{i=1}^{k}\lambda_i$$"
### END SOLUTION

# %% check="pca_value"
expect_form("pca_value", pca_value)

# %% [markdown]
# **Question `pca_order`** ([[= points.pca_order ]] points). A zero gradient alone is no maximum.
# Put the lines of the proof in order. Two of them do not belong to it.
#
# Answer with the letters in order, such as `"order: b a c"`. Several orders may be right.

# %% demo=true
lines("pca_order")

# %%
### BEGIN SOLUTION pca_order
### STUB pca_order = ...  # TODO(pca_order)
pca_order = "order: g e b d a f"
### END SOLUTION

# %% check="pca_order"
expect_form("pca_order", pca_order)

# %% [markdown]
# ## 2.3 Three points by hand
#
# $$x_1 = \begin{pmatrix} -1 \\ 1 \end{pmatrix}, \quad
#   x_2 = \begin{pmatrix} 0 \\ -2 \end{pmatrix}, \quad
#   x_3 = \begin{pmatrix} 1 \\ 1 \end{pmatrix}.$$
#
# **Question `three_points_scatter`** ([[= points.three_points_scatter ]] point). Compute
# $XX^\top$. Matrices can be written as in LaTeX, `\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}`,
# or as `[1, 2; 3, 4]`.

# %%
### BEGIN SOLUTION three_points_scatter
### STUB three_points_scatter = ...  # TODO(three_points_scatter)
three_points_scatter = r"$$XX^\top = \begin{pmatrix} 2 & 0 \\ 0 & 6 \end{pmatrix}$$"
### END SOLUTION

# %% check="three_points_scatter"
expect_form("three_points_scatter", three_points_scatter)

# %% [markdown]
# **Question `three_points`** ([[= points.three_points ]] point). Which $w_1$ belongs to the first
# principal component? Either sign is right. A column can be written as `(3, 4)^T`.

# %%
### BEGIN SOLUTION three_points
### STUB three_points = ...  # TODO(three_points)
three_points = r"$$w_1 = (0, 1)^\top$$"
### END SOLUTION

# %% check="three_points"
expect_form("three_points", three_points)

# %% [markdown]
# ## 2.4 Shift, scale, rotate
#
# How does PCA change when the samples are transformed? Three transformations of every sample:
#
# - **shift** by the distance $s > 0$ along the vector $q$, whose length need not be 1,
# - **scale** by $\alpha > 0$:  $x_i' = \alpha x_i$,
# - **rotate** about the point $p$ by the orthogonal matrix $M$:  $x_i' = M(x_i - p) + p$.
#
# After each, $\Sigma' = \sum_{i=1}^n (x_i' - \bar x')(x_i' - \bar x')^\top$ is the scatter matrix
# about the new mean $\bar x'$.
#
# ### The means
#
# For these two questions the samples need *not* be centred; their mean is $\bar x$.
#
# **Question `shift_mean`** ([[= points.shift_mean ]] point). The mean $\bar x'$ after the shift.

# %%
### BEGIN SOLUTION shift_mean
### STUB shift_mean = ...  # TODO(shift_mean)
shift_mean = r"""
$$\bar{x}' = \frac{1}{n}\sum_{i=1}^{n}\left(x_i + s\frac{q}{\|q\|}\right)
           = \bar{x} + s\frac{q}{\|q\|}$$
"""
### END SOLUTION

# %% check="shift_mean"
expect_form("shift_mean", shift_mean)

# %% [markdown]
# **Question `rotate_mean`** ([[= points.rotate_mean ]] point). The mean $\bar x'$ after the
# rotation.

# %%
### BEGIN SOLUTION rotate_mean
### STUB rotate_mean = ...  # TODO(rotate_mean)
rotate_mean = r"$$\bar{x}' = M(\bar{x} - p) + p$$"
### END SOLUTION

# %% check="rotate_mean"
expect_form("rotate_mean", rotate_mean)

# %% [markdown]
# ### The scatter matrices
#
# From here on the samples before the transformation are centred again, $\bar x = 0$. You may use
# $\Sigma = XX^\top$, $X$, the samples $x_i$, and $M$, $p$, $q$, $s$, $\alpha$.
#
# **Question `shift_scatter`** ([[= points.shift_scatter ]] point). $\Sigma'$ after the shift.

# %%
### BEGIN SOLUTION shift_scatter
### STUB shift_scatter = ...  # TODO(shift_scatter)
shift_scatter = r"""
The new mean moves along with the samples, so $x_i' - \bar x' = x_i$ and
$$\Sigma' = \sum_{i=1}^{n} x_i x_i^\top = \Sigma$$
"""
### END SOLUTION

# %% check="shift_scatter"
expect_form("shift_scatter", shift_scatter)

# %% [markdown]
# **Question `scale_scatter`** ([[= points.scale_scatter ]] point). $\Sigma'$ after the scaling.

# %%
### BEGIN SOLUTION scale_scatter
### STUB scale_scatter = ...  # TODO(scale_scatter)
scale_scatter = r"""
$$\Sigma' = \sum_{i=1}^{n} \alpha^2 x_i x_i^\top = \alpha^2 \Sigma$$
"""
### END SOLUTION

# %% check="scale_scatter"
expect_form("scale_scatter", scale_scatter)

# %% [markdown]
# **Question `rotate_scatter`** ([[= points.rotate_scatter ]] point, and
# [[= points.rotate_scatter_steps ]] for the steps). $\Sigma'$ after the rotation. Here the steps
# count as well: write them as a chain $\Sigma' = \dots = \dots = \dots$ in displayed formulas,
# starting from the definition of $\Sigma'$. Say in it what is left of a sample (or of all samples
# at once) when the new mean is subtracted. Every step is checked with numbers.

# %%
### BEGIN SOLUTION rotate_scatter
### STUB rotate_scatter = ...  # TODO(rotate_scatter)
rotate_scatter = r"""
The new mean is $p - Mp$, so
$$\Sigma' = \sum_{i=1}^{n} (M(x_i - p) + p - (p - Mp))(M(x_i - p) + p - (p - Mp))^\top
          = \sum_{i=1}^{n} (M x_i)(M x_i)^\top
          = \sum_{i=1}^{n} M x_i x_i^\top M^\top
          = M X X^\top M^\top$$
"""
### END SOLUTION

# %% check="rotate_scatter"
expect_form("rotate_scatter", rotate_scatter)

# %% check="rotate_scatter_steps"
expect_steps("rotate_scatter", rotate_scatter)

# %% [markdown]
# ### The directions
#
# $W$ holds leading eigenvectors of $\Sigma$. Give for each transformation a $\hat W$ for the
# transformed samples, in terms of $W$ and the quantities above. Only the space that its columns
# span counts, so signs and other bases of that space are right too.
#
# **Questions `shift_components`, `scale_components`, `rotate_components`**
# ([[= points.shift_components ]] point each).

# %%
### BEGIN SOLUTION shift_components
### STUB shift_components = ...  # TODO(shift_components)
shift_components = r"$$\hat W = W$$"
### END SOLUTION

# %% check="shift_components"
expect_form("shift_components", shift_components)

# %%
### BEGIN SOLUTION scale_components
### STUB scale_components = ...  # TODO(scale_components)
scale_components = r"$$\hat W = W$$"
### END SOLUTION

# %% check="scale_components"
expect_form("scale_components", scale_components)

# %%
### BEGIN SOLUTION rotate_components
### STUB rotate_components = ...  # TODO(rotate_components)
rotate_components = r"""
$\Sigma' M w = M \Sigma M^\top M w = M \Sigma w = \lambda M w$, so
$$\hat W = M W$$
"""
### END SOLUTION

# %% check="rotate_components"
expect_form("rotate_components", rotate_components)

# %% [markdown]
# ## 2.5 PCA in NumPy
#
# **Mind the transpose.** On paper a sample is a column. Arrays nearly always have one sample in
# each *row*, and so has `X` in all our functions: its shape is $(n, d)$, the transpose of the $X$
# above. Where the paper has $XX^\top$, the code has `X.T @ X`.
#
# **Write `pca` in `unsupervised/pca.py`** ([[= points.pca ]] points, and [[= points.pca_wide ]] +
# [[= points.pca_equal_values ]] for edge cases). The samples that it gets need not be centred. It
# returns $W$ of shape $(d, k)$ and the $k$ eigenvalues, largest first. `np.linalg.eigh` takes a
# symmetric matrix apart (its documentation says in which order), and `np.linalg.svd` would do as
# well.

# %% check="pca"
points = np.array([[2.0, 6.0], [3.0, 3.0], [4.0, 6.0]])  # the three points, shifted by (3, 5)
W, values = called(pca, points, 2, gives=2)
rows = points - points.mean(axis=1, keepdims=True)
mistakes = {
    "The mean of each sample is subtracted; it has to be that of each column.": np.linalg.eigvalsh(
        rows.T @ rows
    )[::-1],
    "The samples are not centred first.": np.linalg.eigvalsh(points.T @ points)[::-1],
    "The smallest comes first; it has to be the largest.": [2, 6],
    "They are divided by n; the scatter matrix is a plain sum.": [2, 2 / 3],
    "They are divided by n - 1; the scatter matrix is a plain sum.": [3, 1],
    "These are singular values; eigenvalues are their squares.": np.sqrt([6, 2]),
}
expect_close("pca(points, 2)[1]", values, [6, 2], mistakes=mistakes)
expect_close("abs(pca(points, 2)[0])", np.abs(W), [[0, 1], [1, 0]])

# %% check="pca_wide"
# Five samples of nine numbers: three directions still are orthonormal columns of length nine.
X = np.random.default_rng(2).normal(size=(5, 9))
W, values = called(pca, X, 3, gives=2)
expect_close("W.T @ W for W, values = pca(X, 3)", W.T @ W, np.eye(3))

# %% check="pca_equal_values"
# Equal eigenvalues: any orthonormal basis is right, but it has to be orthonormal.
square = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
W, values = called(pca, square, 2, gives=2)
expect_close("pca(square, 2)[1]", values, [2, 2])
expect_close("W.T @ W for W, values = pca(square, 2)", W.T @ W, np.eye(2))

# %% [markdown]
# **Write `reconstruct` in `unsupervised/pca.py`** ([[= points.reconstruct ]] points). The $k$
# directions span a plane through the mean $\bar x$. The point of it that is nearest to a sample
# is $\bar x + WW^\top (x - \bar x)$: the coordinates along the directions, and back again.

# %% check="reconstruct"
expect_close(
    "reconstruct(points, 1)",
    called(reconstruct, points, 1),
    [[3, 6], [3, 3], [3, 6]],
    hint="The plane goes through the mean of the samples.",
)

# %% [markdown]
# ### Pictures
#
# The data are 1,797 pictures of handwritten digits, $8 \times 8$ pixels, so $d = 64$. How many
# directions are needed? What is lost is the sum of the eigenvalues that are left out.

# %% demo=true
with np.load("data/digits.npz") as file:
    digits, labels = file["images"].reshape(-1, 64).astype(float), file["labels"]
W, values = pca(digits, 64)
print(f"X is {digits.shape}; largest eigenvalues {values[:3].round(-3)}")

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
left.plot(np.arange(1, 65), 100 * np.cumsum(values) / values.sum())
left.set(xlabel="k", ylabel="% of the scatter", title="What k directions keep", ylim=(0, 103))
left.grid(alpha=0.3)
along = (digits - digits.mean(axis=0)) @ W[:, :2]
dots = right.scatter(*along.T, c=labels, cmap="tab10", s=6)
right.set(
    xlabel="first direction", ylabel="second direction", title="All digits in two numbers each"
)
figure.colorbar(dots, ax=right, ticks=range(10), label="digit")
plt.show()

# %% demo=true
sizes = (1, 4, 16, 64)
figure, panels = plt.subplots(len(sizes) + 1, 10, figsize=(9, 4.8))
for row, k in zip(panels, (None, *sizes), strict=True):
    shown = digits if k is None else reconstruct(digits, k)
    for axes, picture in zip(row, shown[:10], strict=True):
        axes.imshow(picture.reshape(8, 8), cmap="gray_r", vmin=0, vmax=16)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    row[0].set_ylabel("given" if k is None else f"k = {k}", rotation=0, ha="right", va="center")
figure.suptitle("Each picture from k numbers")
plt.show()

# %% [markdown]
# # 3. k-means
#
# ## 3.1 The algorithm
#
# Now we look for $k$ groups. Each has a **centre** $\mu_j$; $\gamma_{ij}$ is 1 where sample $x_i$
# belongs to cluster $j$, and 0 elsewhere. We want
#
# $$J = \sum_{i=1}^{n} \sum_{j=1}^{k} \gamma_{ij}\, \|x_i - \mu_j\|^2$$
#
# to be small. To find the best centres and the best $\gamma$ at once is hard. Either is easy when
# the other is known, so k-means alternates. From some initial centres, it repeats:
#
# - **Step 1**: every sample goes to its nearest centre,
# - **Step 2**: every centre goes to the mean of its samples,
#
# until $J$ no longer changes. Step 1 and Step 2 together are one **round**.
#
# ![One round on two groups of points. First two centres in poor places. Step 1 joins every point
# to the nearer centre by a line. Step 2 moves each centre to the middle of its
# points.](pictures/kmeans_steps.svg)
#
# | symbol | meaning |
# |---|---|
# | $x_1, \dots, x_n \in \mathbb R^d$, $k$ | the samples; the number of clusters |
# | $n_j = \sum_i \gamma_{ij}$ | how many samples cluster $j$ has |
# | $\bar x_j$, $\hat x$ | the mean of the samples of cluster $j$; that of all samples |
#
# ## 3.2 Neither step raises $J$
#
# **Question `assign_order`** ([[= points.assign_order ]] points). Why Step 1 never raises $J$: put
# the lines in order; two do not belong there.

# %% demo=true
lines("assign_order")

# %%
### BEGIN SOLUTION assign_order
### STUB assign_order = ...  # TODO(assign_order)
assign_order = "order: f e d c a"
### END SOLUTION

# %% check="assign_order"
expect_form("assign_order", assign_order)

# %% [markdown]
# Step 2 rests on a fact about means. Take $m$ samples $x_1, \dots, x_m$ with mean $\bar x$, and
# any other point $a$. The sum of squared distances is least at the mean, and one can say exactly
# how much larger it is at $a$:
#
# $$\sum_{i=1}^{m} \|x_i - a\|^2 - \sum_{i=1}^{m} \|x_i - \bar x\|^2 = \ ?$$
#
# **Question `spread_identity`** ([[= points.spread_identity ]] point, and
# [[= points.spread_identity_steps ]] for the steps). Give the right-hand side in terms of $m$, $a$
# and $\bar x$. Write the steps as one chain `... = ... = ...` that starts with the left-hand side.
# Hint: $x_i - a = (x_i - \bar x) + (\bar x - a)$.

# %%
### BEGIN SOLUTION spread_identity
### STUB spread_identity = ...  # TODO(spread_identity)
spread_identity = r"""
$$\sum_{i=1}^{m} \|x_i - a\|^2 - \sum_{i=1}^{m} \|x_i - \bar{x}\|^2
  = 2\sum_{i=1}^{m} (x_i - \bar{x})^\top(\bar{x} - a) + \sum_{i=1}^{m}\|\bar{x} - a\|^2
  = m\|\bar{x} - a\|^2$$
The first sum is 0, for the deviations from the mean add up to 0.
"""
### END SOLUTION

# %% check="spread_identity"
expect_form("spread_identity", spread_identity)

# %% check="spread_identity_steps"
expect_steps("spread_identity", spread_identity)

# %% [markdown]
# **Question `update_order`** ([[= points.update_order ]] points). Why Step 2 never raises $J$:
# put the lines in order; two do not belong there.

# %% demo=true
lines("update_order")

# %%
### BEGIN SOLUTION update_order
### STUB update_order = ...  # TODO(update_order)
update_order = "order: b f c e a d"
### END SOLUTION

# %% check="update_order"
expect_form("update_order", update_order)

# %% [markdown]
# ## 3.3 It stops
#
# **Question `partitions`** ([[= points.partitions ]] point). Give an upper bound for the number of
# ways in which $n$ samples can be given to $k$ clusters, as a formula in $n$ and $k$. The clusters
# have numbers, and some may be empty.

# %%
### BEGIN SOLUTION partitions
### STUB partitions = ...  # TODO(partitions)
partitions = r"$$k^n$$"
### END SOLUTION

# %% check="partitions"
expect_form("partitions", partitions)

# %% [markdown]
# **Question `finite_order`** ([[= points.finite_order ]] points). Why k-means stops after
# finitely many rounds: put the lines in order; two do not belong there. Suppose that no cluster
# becomes empty.

# %% demo=true
lines("finite_order")

# %%
### BEGIN SOLUTION finite_order
### STUB finite_order = ...  # TODO(finite_order)
finite_order = "order: d a c e g f"
### END SOLUTION

# %% check="finite_order"
expect_form("finite_order", finite_order)

# %% [markdown]
# ## 3.4 More clusters
#
# **Question `monotone_order`** ([[= points.monotone_order ]] points). Let $J^*_k$ be the least
# $J$ that any $k$ centres and any assignment have. Why is $J^*_{k+1} \le J^*_k$? Put the lines in
# order; two do not belong there.

# %% demo=true
lines("monotone_order")

# %%
### BEGIN SOLUTION monotone_order
### STUB monotone_order = ...  # TODO(monotone_order)
monotone_order = "order: d a e f c"
### END SOLUTION

# %% check="monotone_order"
expect_form("monotone_order", monotone_order)

# %% [markdown]
# ## 3.5 Within and between
#
# With $\mu_j = \bar x_j$, let
#
# $$\begin{aligned}
#   T &= \frac1n \sum_{i=1}^n \|x_i - \hat x\|^2, \\
#   W_j &= \frac{1}{n_j} \sum_{i=1}^n \gamma_{ij} \|x_i - \mu_j\|^2, \\
#   B &= \sum_{j=1}^{k} \frac{n_j}{n} \|\mu_j - \hat x\|^2
# \end{aligned}$$
#
# be the total deviation, the deviation within cluster $j$, and the deviation between the clusters.
#
# **Question `decomposition`** ([[= points.decomposition ]] points). One equation joins $T$, the
# $W_j$ and $B$, for all samples and every clustering without empty clusters. Write it down, with
# $n_j$ and $n$.

# %%
### BEGIN SOLUTION decomposition
### STUB decomposition = ...  # TODO(decomposition)
decomposition = r"$$T = \sum_{j=1}^{k} \frac{n_j}{n} W_j + B$$"
### END SOLUTION

# %% check="decomposition"
expect_form("decomposition", decomposition)

# %% [markdown]
# **Question `decomposition_order`** ([[= points.decomposition_order ]] points). The proof: put
# the lines in order; two do not belong there.

# %% demo=true
lines("decomposition_order")

# %%
### BEGIN SOLUTION decomposition_order
### STUB decomposition_order = ...  # TODO(decomposition_order)
decomposition_order = "order: f a c e g b"
### END SOLUTION

# %% check="decomposition_order"
expect_form("decomposition_order", decomposition_order)

# %% [markdown]
# **Question `decomposition_chain`** ([[= points.decomposition_chain ]] points).
# The same as one chain of equal sums: begin with $nT$ as a sum over the samples, sort it by
# clusters with $\gamma_{ij}$, write the sum within a cluster apart from that between, and end with
# the $W_j$, $B$, $n_j$ and $n$. Only sums with bounds, as in $\sum_{i=1}^n \gamma_{ij} \dots$, can
# be read; every $=$ is checked with numbers.

# %%
### BEGIN SOLUTION decomposition_chain
### STUB decomposition_chain = ...  # TODO(decomposition_chain)
decomposition_chain = r"""
$$nT = \sum_{i=1}^n \|x_i - \hat x\|^2
     = \sum_{j=1}^k \sum_{i=1}^n \gamma_{ij} \|x_i - \hat x\|^2$$
By `spread_identity`, with $m = n_j$ and $a = \hat x$,
$$nT = \sum_{j=1}^k \left( \sum_{i=1}^n \gamma_{ij} \|x_i - \mu_j\|^2
     + n_j \|\mu_j - \hat x\|^2 \right)
     = \sum_{j=1}^k n_j W_j + nB$$
"""
### END SOLUTION

# %% check="decomposition_chain"
expect_steps("decomposition_chain", decomposition_chain)

# %% [markdown]
# **Question `between_clusters`** ([[= points.between_clusters ]] point). Which of these hold?
#
# - `"a"`: $T$ is the same for every clustering of the same samples.
# - `"b"`: With every centre at the mean of its cluster, $J/n$ is the average of the $W_j$, each
#   weighted by its cluster's share of the samples.
# - `"c"`: From the end of one round to the end of the next, $B$ rises by as much as $J/n$ falls.
# - `"d"`: So k-means always ends at the clustering with the largest $B$ of all.
# - `"e"`: $B$ is largest for a single cluster.

# %%
### BEGIN SOLUTION between_clusters
### STUB between_clusters = ...  # TODO(between_clusters)
between_clusters = {"a", "b", "c"}
### END SOLUTION

# %% check="between_clusters"
# This looks at the form of the answer only.
expect_options("between_clusters", between_clusters, ["a", "b", "c", "d", "e"])

# %% [markdown]
# **Question `maximise_between`** (3 points, read by a person). In a few sentences: in which sense
# does k-means minimise the deviation within the clusters and maximise the one between them, and
# why only *approximately*?
#
# | points | for |
# |---|---|
# | 1 | what $J$ has to do with the deviation within the clusters |
# | 1 | what happens to $B$, and why |
# | 1 | why only approximately |

# %% [markdown] manual="maximise_between" points=3
# ### BEGIN SOLUTION maximise_between
# ### STUB *Write your answer here, in place of this line. TODO(maximise_between)*
# At the end of a round the centres are the means, and $J = \sum_j n_j W_j$: what falls from round
# to round is, up to the factor $n$, the average of the $W_j$ with weights $n_j/n$ (1 point). $T$
# depends on the samples alone, and $T = J/n + B$, so every fall of $J/n$ is a rise of $B$ (1
# point). The algorithm stops where neither step helps, which may be a local minimum of $J$ that
# depends on the first centres; there $B$ is not the largest possible (1 point).
# ### END SOLUTION

# %% [markdown]
# ## 3.6 k-means in NumPy
#
# Samples are rows again: `X` has shape $(n, d)$ and `centres` has shape $(k, d)$. Instead of
# $\gamma$ there is `labels` of shape $(n,)$, the number of each sample's cluster, from 0 on.
#
# **Write `assign` in `unsupervised/kmeans.py`** ([[= points.assign ]] points, and
# [[= points.assign_ties ]] for ties). This is Step 1. Several centres may be equally near; any of
# them will do.

# %% check="assign"
X = np.array([[0.0, 0.0], [1.0, 0.0], [4.0, 4.0], [5.0, 4.0]])
centres = np.array([[4.0, 3.0], [0.0, 1.0]])
mistakes = {"Those are the farthest centres.": [0, 0, 1, 1], "Labels begin at 0.": [2, 2, 1, 1]}
expect_close("assign(X, centres)", called(assign, X, centres), [1, 1, 0, 0], mistakes=mistakes)

# %% check="assign_ties"
# The sample in the middle may go to either centre; the others may not.
got = called(assign, np.array([[0.0], [1.0], [2.0]]), np.array([[0.0], [2.0]]))
found = f"assign(X, centres)[1] is {got[1]}"
expect_true(got[1] in (0, 1), found, f"{found}, expected 0 or 1.")
expect_close("assign(X, centres)[::2]", got[::2], [0, 1])

# %% [markdown]
# **Write `update`** ([[= points["update"] ]] points, and [[= points.update_empty ]] for empty
# clusters). This is Step 2. A cluster without samples has no mean, $0/0$; we decide that its
# centre stays where it is. Return new centres and leave the old ones as they are.

# %% check="update"
labels = np.array([1, 1, 0, 0])
moved = called(update, X, labels, centres)
expect_close("update(X, labels, centres)", moved, [[4.5, 4.0], [0.5, 0.0]])

# %% check="update_empty"
moved = called(update, X, np.array([0, 0, 0, 0]), centres)
expect_close("update(X, [0, 0, 0, 0], centres)", moved, [[2.5, 2.0], [0.0, 1.0]])

# %% [markdown]
# **Write `objective`** ([[= points.objective ]] point): $J$ for given labels and centres.

# %% check="objective"
distances = np.sqrt(np.sum((X - centres[labels]) ** 2, axis=1))
mistakes = {
    "The distances are not squared.": distances.sum(),
    "It is a mean; J is a sum over the samples.": 1.5,
}
expect_close(
    "objective(X, labels, centres)",
    called(objective, X, labels, centres),
    6.0,
    mistakes=mistakes,
)

# %% [markdown]
# **Write `kmeans`** ([[= points.kmeans ]] points, and [[= points.kmeans_start ]] for its own
# start, [[= points.kmeans_empty ]] for empty clusters, [[= points.kmeans_ties ]] for ties). It
# returns the labels, the centres, and the history of $J$: one entry for each round, computed
# *after both steps*. The last entry belongs to what is returned.

# %% check="kmeans"
labels, centres, history = called(kmeans, X, 2, init=np.array([[0.0, 0.0], [1.0, 0.0]]), gives=3)
expect_close("kmeans(X, 2, init=...)[1]", centres, [[0.5, 0.0], [4.5, 4.0]])
expect_close("kmeans(X, 2, init=...)[0]", labels, [0, 0, 1, 1])
# After the first round sample 0 is alone; the other three are in the second cluster.
expect_close("history[0]", history[0], 58 / 3, hint="J after Step 1 and Step 2 of round 1")
expect_close("history[-1]", history[-1], 1.0)

# %% check="kmeans_start"
# From centres of its own choice: J does not rise, and the last J is that of what is returned.
labels, centres, history = called(kmeans, X, 3, seed=5, gives=3)
falls = np.all(np.diff(history) <= 1e-9)
expect_true(falls, "J never rises", f"J rises in the history {list(history)}.")
expect_close("history[-1]", history[-1], objective(X, np.asarray(labels), np.asarray(centres)))

# %% check="kmeans_empty"
# The second centre is so far away that it gets no sample, and stays there.
labels, centres, history = called(kmeans, X, 2, init=np.array([[0.0, 0.0], [90.0, 90.0]]), gives=3)
expect_close("kmeans(X, 2, init=...)[1]", centres, [[2.5, 2.0], [90.0, 90.0]])

# %% check="kmeans_ties"
# The sample in the middle is equally near to both centres; where it goes does not matter for J.
middle = np.array([[0.0], [1.0], [2.0]])
labels, centres, history = called(kmeans, middle, 2, init=middle[::2], gives=3)
expect_close("history[-1]", history[-1], 0.5)

# %% [markdown]
# ### Look at it
#
# Four groups in the plane, and four first centres that are chosen badly on purpose. Each panel is
# the end of one round: samples have the colour of their cluster, crosses are the new centres.

# %% demo=true
rng = np.random.default_rng(3)
middles = np.array([[0, 0], [6, 1], [1, 6], [7, 7]])
groups = np.concatenate([middle + rng.normal(size=(60, 2)) for middle in middles])
start = np.array([[7.0, 8.0], [8.0, 7.0], [8.0, 8.0], [6.0, 7.0]])

rounds = (1, 2, 3, 5, 100)
figure, panels = plt.subplots(1, len(rounds), figsize=(13, 2.8))
for axes, stop in zip(panels, rounds, strict=True):
    labels, centres, history = kmeans(groups, 4, init=start, max_rounds=stop)
    axes.scatter(*groups.T, c=labels, cmap="tab10", vmin=0, vmax=9, s=5)
    axes.plot(*np.transpose(centres), "kx", markersize=9, markeredgewidth=2)
    axes.set(title=f"round {len(history)}, J = {history[-1]:.0f}", xticks=[], yticks=[])
plt.show()

# %% [markdown]
# Where it ends depends on where it starts: $J$ never rises, but the place where nothing
# changes any more need not be the lowest one. Twenty starts, and the J at which each ends:

# %% demo=true
ends = [round(float(kmeans(groups, 4, seed=seed)[2][-1])) for seed in range(20)]
for end in sorted(set(ends)):
    print(f"J = {end:5d} at the end of {ends.count(end)} runs")

# %% [markdown]
# The proof of `monotone_order` is a recipe: keep the centres for $k$, add one more, and go on from
# there. So $J$ cannot rise with $k$. The picture on the right shows for every $k$ the part within
# the clusters and the part between them.

# %% demo=true
found = groups.mean(axis=0, keepdims=True)
within, between = [], []
for k in range(1, 11):
    labels, centres, history = kmeans(groups, k, init=found)
    shares = np.bincount(labels, minlength=k) / len(groups)
    within.append(history[-1] / len(groups))
    between.append(shares @ np.sum((centres - groups.mean(axis=0)) ** 2, axis=1))
    farthest = np.argmax(np.sum((groups - np.asarray(centres)[labels]) ** 2, axis=1))
    found = np.concatenate([centres, groups[farthest : farthest + 1]])

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
left.plot(range(1, 11), within, "o-")
left.set(xlabel="k", ylabel="J / n", title="The elbow is at the number of groups")
right.bar(range(1, 11), within, label="within the clusters")
right.bar(range(1, 11), between, bottom=within, label="between them")
right.set(xlabel="k", ylabel="deviation", title="Both together", ylim=(0, 1.3 * within[0]))
right.legend(ncols=2, fontsize="small")
plt.show()

# %% [markdown]
# And pictures: ten centres of the digits. The labels were not used.

# %% demo=true
_, centres, history = kmeans(digits, 10, seed=1)
figure, panels = plt.subplots(1, 10, figsize=(10, 1.3))
for axes, centre in zip(panels, centres, strict=True):
    axes.imshow(np.reshape(centre, (8, 8)), cmap="gray_r")
    axes.axis("off")
figure.suptitle(f"Ten centres after {len(history)} rounds")
plt.show()

# %% [markdown]
# ## 3.7 Outliers
#
# A cluster has $m$ samples with mean 0, all near 0, on a line. Now one more sample belongs to it,
# an outlier at $r$.
#
# **Question `outlier_mean`** ([[= points.outlier_mean ]] point). Where is the mean of the $m + 1$
# samples?

# %%
### BEGIN SOLUTION outlier_mean
### STUB outlier_mean = ...  # TODO(outlier_mean)
outlier_mean = r"$$\frac{m \cdot 0 + r}{m+1} = \frac{r}{m+1}$$"
### END SOLUTION

# %% check="outlier_mean"
expect_form("outlier_mean", outlier_mean)

# %% [markdown]
# So let us measure distances in another way,
#
# $$\begin{aligned}
#   J' &= \sum_{i=1}^{n} \sum_{j=1}^{k} \gamma_{ij}\, \|x_i - \mu_j\|_1, \\
#   \|v\|_1 &= |v_1| + \dots + |v_d| .
# \end{aligned}$$
#
# Both steps change. Step 1 compares these distances. For Step 2, find out which point $\mu$ makes
# $\sum_i \|x_i - \mu\|_1$ least: each coordinate can be looked at by itself, and there the next
# cell draws what has to be as small as possible.

# %% demo=true
line = np.array([1.0, 2.0, 3.0, 4.0, 14.0])
grid = np.linspace(0, 15, 301)
figure, panels = plt.subplots(1, 2, figsize=(10, 2.8))
for axes, power, name in zip(
    panels, (2, 1), ("sum of squares", "sum of absolute differences"), strict=True
):
    sums = np.sum(np.abs(line[:, None] - grid) ** power, axis=0)
    axes.plot(grid, sums)
    axes.plot(line, np.zeros(5), "k|", markersize=14, clip_on=False)
    axes.axvline(grid[sums.argmin()], color="C3", linewidth=1)
    axes.set(xlabel=r"$\mu$", ylabel=name, title="Samples 1, 2, 3, 4, 14", ylim=(0, None))
plt.show()

# %% [markdown]
# **Write `kmeans_l1` in `unsupervised/kmeans.py`** ([[= points.kmeans_l1 ]] points, and
# [[= points.kmeans_l1_edges ]] for edge cases). If several points are equally good in Step 2, take
# any. Everything else is as in `kmeans`.

# %% check="kmeans_l1"
far = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [9.0, 9.0], [8.0, 9.0], [9.0, 60.0]])
labels, centres, history = called(
    kmeans_l1, far, 2, init=np.array([[0.0, 0.0], [9.0, 9.0]]), gives=3
)
expect_close("kmeans_l1(far, 2, init=...)[0]", labels, [0, 0, 0, 1, 1, 1])
expect_close("history[-1]", history[-1], 54.0, hint="Which point has the least J' in Step 2?")

# %% check="kmeans_l1_edges"
labels, centres, history = called(
    kmeans_l1, X, 2, init=np.array([[0.0, 0.0], [90.0, 90.0]]), gives=3
)
expect_close("kmeans_l1(X, 2, init=...)[1][1]", centres[1], [90.0, 90.0])
expect_close("history[-1]", history[-1], 16.0)

# %% [markdown]
# Two groups and a few outliers far to the right. Both algorithms start from the same centres;
# large crosses are the centres that they find, thin circles are the true centres of the groups.

# %% demo=true
rng = np.random.default_rng(4)
truth = np.array([[0.0, 0.0], [5.0, 4.0]])
pair = np.concatenate([middle + 0.8 * rng.normal(size=(50, 2)) for middle in truth])
outliers = np.stack([rng.uniform(25, 40, 6), rng.uniform(-2, 6, 6)], axis=1)
samples = np.concatenate([pair, outliers])
figure, panels = plt.subplots(1, 2, figsize=(11, 3), sharey=True)
for axes, method, name in zip(panels, (kmeans, kmeans_l1), ("kmeans", "kmeans_l1"), strict=True):
    labels, centres, _ = method(samples, 2, init=truth)
    axes.scatter(*samples.T, c=labels, cmap="tab10", vmin=0, vmax=9, s=7)
    axes.plot(*truth.T, "ko", markersize=13, fillstyle="none")
    axes.plot(*np.transpose(centres), "rx", markersize=11, markeredgewidth=3)
    axes.set(title=name, xlabel="$x_1$")
panels[0].set_ylabel("$x_2$")
plt.show()

# %% [markdown]
# **Question `robust_choice`** ([[= points.robust_choice ]] point). Which of these hold?
#
# - `"a"`: A single sample can move the mean of its cluster as far as it likes.
# - `"b"`: The number with the least sum of absolute differences to five numbers does not follow
#   when the largest of the five moves away without limit.
# - `"c"`: A sample at distance $r$ from its centre, along one axis, adds $r^2$ to $J$ and only
#   $r$ to $J'$.
# - `"d"`: With $J'$, a single outlier never gets a cluster of its own.
# - `"e"`: Without outliers, the two algorithms always find the same centres.

# %%
### BEGIN SOLUTION robust_choice
### STUB robust_choice = ...  # TODO(robust_choice)
robust_choice = {"a", "b", "c"}
### END SOLUTION

# %% check="robust_choice"
# This looks at the form of the answer only.
expect_options("robust_choice", robust_choice, ["a", "b", "c", "d", "e"])

# %% [markdown]
# **Question `robustness`** (3 points, read by a person). Some of your samples may be outliers.
# Which of the two algorithms do you choose, and why? Say what the plot above shows, and one thing
# that the other algorithm is better at.
#
# | points | for |
# |---|---|
# | 1 | what the plot shows for each of the two |
# | 1 | the reason: how far one sample can move a centre in either algorithm |
# | 1 | one advantage of the other algorithm |

# %% [markdown] manual="robustness" points=3
# ### BEGIN SOLUTION robustness
# ### STUB *Write your answer here, in place of this line. TODO(robustness)*
# `kmeans_l1`. In the plot its centres lie in the middle of the two groups, while the upper centre
# of `kmeans` is pulled out of its group towards the outliers (1 point). A mean moves by $r/(m+1)$
# if one sample at distance $r$ joins, so it follows the outlier without limit; a median stays
# among the other samples as long as they are more than half (1 point). In exchange, means are
# cheaper to compute, use all the samples where there are no outliers, and do not depend on the
# choice of the axes, as the 1-norm does (1 point).
# ### END SOLUTION

# %% [markdown]
# # 4. Hand in
#
# Save the notebook (Ctrl+S), then run this cell. It lists every part with its state, says what
# would keep a file from being graded as you see it, and packs the files that are graded into
# `submission.zip`. Hand that in. Open parts cost their own points only.

# %% demo=true
_ = check_and_zip("submission.zip")
