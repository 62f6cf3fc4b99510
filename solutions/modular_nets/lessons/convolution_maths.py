# %% [markdown]
# # [[= assignment.title ]], 3: the sums behind convolution
#
# What is a convolution, before anybody learns its weights? In this notebook you choose masks by
# hand, write the convolution of an image with several masks and a stride as a small function, and
# then its gradients. Nothing of `lib/` is needed but the words of the checks. Loops are welcome:
# every function here is for one small image, and is graded by what it gives, not by its speed.
#
# | symbol | shape | meaning |
# |---|---|---|
# | $I$ | $(H, W, C)$ | an image: rows, columns, channels; `image` |
# | $G$ | $(M, h, w, C)$ | $M$ masks; `masks` |
# | $s$ | | the stride |
# | $R$ | $(p, q, M)$ | what comes out; `R` |
# | $L$ | a number | a loss that depends on $R$; `dR` is $\partial L/\partial R$ |

# %% demo=true
# [[= first_cell ]]

# %%
import matplotlib.pyplot as plt
import numpy as np

from lib.expect import called, expect_close, expect_true, expect_written
from lib.grad_check import eval_numerical_gradient_array
from written import expect_form, show

# %matplotlib inline

# %% [markdown]
# # 1. A derivative by convolution
#
# For a signal $I[t]$ and a mask $G[t]$ in one dimension, mathematicians define
#
# $$(I * G)[t] = \sum_{k} I[k]\, G[t - k].$$
#
# Look at the index: what meets $I[t-1]$ is $G[1]$, and what meets $I[t+1]$ is $G[-1]$. A
# convolution **flips** its mask.
#
# **Choose `derivative_mask`** ([[= points.derivative_mask ]] points): the three numbers
# $G[-1], G[0], G[1]$, in this order, for which $(I*G)[t]$ is the derivative of $I$ at $t$. It
# should be exact for every constant, straight line and parabola. (With three numbers it cannot be
# exact for every cubic as well.)

# %%
### BEGIN SOLUTION derivative_mask
### STUB derivative_mask = ...  # TODO(derivative_mask)
derivative_mask = [0.5, 0.0, -0.5]
### END SOLUTION

# %% check="derivative_mask"
expect_written("derivative_mask", derivative_mask)
t = np.arange(-3.0, 4.0)
slopes = np.convolve(t, derivative_mask, "valid")
mistakes = {"The sign is turned: a convolution flips its mask.": -np.ones(5)}
expect_close("the slope of I[t] = t", slopes, np.ones(5), mistakes=mistakes)

# %% demo=true
expect_written("derivative_mask", derivative_mask)
t = np.linspace(0, 6 * np.pi, 120)
signal = np.sin(t) + 0.3 * np.sin(3 * t)
figure, axes = plt.subplots(figsize=(8, 2.8))
axes.plot(t, signal, label="signal")
slopes = np.convolve(signal, derivative_mask, "valid") / (t[1] - t[0])
axes.plot(t[1:-1], slopes, label="signal * mask, divided by the step")
axes.legend(frameon=False, ncols=2, loc="upper right")
axes.set(xlabel="t", ylabel="value", ylim=(-2.2, 2.9))
axes.grid(alpha=0.25)
plt.show()

# %% [markdown]
# # 2. Images, several masks, a stride
#
# From here on masks are *not* flipped (that is called cross-correlation; in deep learning everybody
# says convolution). For mask $m$, with rows and columns counted from 0,
#
# $$\begin{aligned}
#   R[i, j, m] = \sum_{a=0}^{h-1} \sum_{b=0}^{w-1} \sum_{c}
#   & I[is + a,\; js + b,\; c] \\
#   & \cdot G_m[a, b, c].
# \end{aligned}$$
#
# There is no padding. $R$ has $p = \lfloor (H - h)/s \rfloor + 1$ rows and
# $q = \lfloor (W - w)/s \rfloor + 1$ columns. With a border of zeros around the image, as other
# notebooks have it, it looks like this:
#
# ![A window of 3 x 3 over a 4 x 5 image with a border of zeros. It moves by two columns from one
# output to the next, and the output has 2 rows and 3 columns.](pictures/sliding_window.svg)
#
# **Write `convolve`** ([[= points.convolve ]] points).


# %%
def convolve(image, masks, stride):
    """Slide masks over an image.

    Parameters
    ----------
    image : array of shape (H, W, C)
    masks : array of shape (M, h, w, C)
    stride : int

    Returns
    -------
    R : array of shape ((H - h) // stride + 1, (W - w) // stride + 1, M)
    """
    ### BEGIN SOLUTION convolve
    _, height, width, _ = masks.shape
    windows = np.lib.stride_tricks.sliding_window_view(image, (height, width), axis=(0, 1))
    return np.einsum("ijcab,mabc->ijm", windows[::stride, ::stride], masks)
    ### END SOLUTION


# %% check="convolve"
image = np.arange(20.0).reshape(4, 5, 1)
masks = np.array([[[1.0, 10.0], [100.0, 1000.0]], [[0.0, 0.0], [1.0, 0.0]]])[..., np.newaxis]
R = called(convolve, image, masks, 2)
expect_close("the first mask's answer", R[:, :, 0], [[6510, 8732], [17620, 19842]])
expect_close("the second mask's answer", R[:, :, 1], [[5, 7], [15, 17]])

# %% [markdown]
# # 3. A mask that sees vertical edges
#
# A vertical edge is where the left differs from the right. **Choose `edge_mask`**
# ([[= points.edge_mask ]] points): a mask of rows and columns (3 × 3 is usual) that
#
# - answers 0 wherever an image is constant,
# - answers 0 to horizontal edges, where only above and below differ,
# - does answer to vertical edges, bright to dark or dark to bright.
#
# Its sign and its scale are yours.

# %%
### BEGIN SOLUTION edge_mask
### STUB edge_mask = ...  # TODO(edge_mask)
edge_mask = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]
### END SOLUTION

# %% check="edge_mask"
expect_written("edge_mask", edge_mask)
mask = np.asarray(edge_mask, dtype=float)
side = max(mask.shape) + 3
flat, right_half = np.ones((side, side, 1)), np.zeros((side, side, 1))
right_half[:, side // 2 :] = 1
answer = convolve(flat, mask[np.newaxis, :, :, np.newaxis], 1)
expect_close("the answer to a constant image", answer, np.zeros(answer.shape))
answer = convolve(right_half, mask[np.newaxis, :, :, np.newaxis], 1)
strength = np.abs(answer).max()
found = f"the strongest answer to a vertical edge is {strength:g}"
expect_true(strength > 0, found, f"{found}: the mask does not see it.")

# %% demo=true
expect_written("edge_mask", edge_mask)
rows, columns = np.mgrid[-1:1:80j, -1:1:80j]
picture = (np.hypot(rows, columns) < 0.75) * 0.5 + (np.maximum(abs(rows), abs(columns)) < 0.4) * 0.5
both = np.stack([edge_mask, np.transpose(edge_mask)]).astype(float)[..., np.newaxis]
answers = convolve(picture[..., np.newaxis], both, 1)
figure, panels = plt.subplots(1, 3, figsize=(9, 3.2))
titles = ("an image", "your mask", "your mask, transposed")
for axes, shown, title in zip(panels, (picture, *np.moveaxis(answers, 2, 0)), titles, strict=True):
    axes.imshow(shown, cmap="gray")
    axes.set_title(title)
    axes.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown]
# # 4. The gradient of the masks
#
# Somebody behind the convolution knows $dR[i,j,m] = \partial L/\partial R[i,j,m]$. How does $L$
# change with one entry $G_m[a,b,c]$?
#
# Do not try to find it by looking at one output. The same entry is used **at every place**
# $(i, j)$, and the chain rule adds up over all places that it reaches:
#
# $$\frac{\partial L}{\partial G_m[a,b,c]} = \sum_{i,j} dR[i,j,m]\;
#   \frac{\partial R[i,j,m]}{\partial G_m[a,b,c]}.$$
#
# What is the derivative on the right? Read it off the formula of part 2.
#
# ## How to write a sum
#
# Channels and masks only carry an index along, so leave them out on paper: **one channel, one
# mask**. Then $I$ is $H \times W$, $G$ is $h \times w$, and $R$ and $dR$ are $p \times q$. Rows and
# columns count from 0. An entry that does not exist counts as 0: there is no row $-1$, no row
# $\frac12$, and nothing below the last row.
#
# Your answer is a text in a code cell, between `r"""` and `"""`, with the words and steps that you
# like. **The last displayed formula**, between `$$` and `$$`, counts. Write `\sum_{i,j}` for all
# $i$ and $j$ that exist, or give bounds as in `\sum_{i=0}^{p-1}`. `X[i,j]`, `X_{i,j}` and `X(i,j)`
# mean the same, and so do `dR[i,j]` and `\frac{\partial L}{\partial R_{ij}}`. `Σ_{i,j}` works too.
#
# `show(name, answer)` typesets what was understood, and does not know what is right. Here it reads
# the sum of all pixels in the window of $R[2, 3]$:

# %% demo=true
show("mask_gradient_sum", r"$$ \sum_{a=0}^{h-1} \sum_{b=0}^{w-1} I[2s + a, 3s + b] $$")

# %% [markdown]
# **Write $\partial L/\partial G[a,b]$ as a sum** ([[= points.mask_gradient_sum ]] points), for any
# stride $s$.

# %%
### BEGIN SOLUTION mask_gradient_sum
### STUB mask_gradient_sum = ...  # TODO(mask_gradient_sum)
mask_gradient_sum = r"""
Under the entry $G[a,b]$ lies the pixel $I[is+a, js+b]$ when $R[i,j]$ is computed, so

$$\frac{\partial L}{\partial G[a,b]}
= \sum_{i=0}^{p-1} \sum_{j=0}^{q-1} dR[i,j] \; I[is+a,\, js+b]$$
"""
### END SOLUTION

# %% check="mask_gradient_sum"
# This looks at the form of the answer only.
expect_form("mask_gradient_sum", mask_gradient_sum)

# %% [markdown]
# **Write it as code** ([[= points.mask_gradient ]] points), with channels and several masks again.


# %%
def mask_gradient(dR, image, masks, stride):
    """The gradient of the loss with respect to the masks.

    Parameters
    ----------
    dR : array of the shape of ``convolve(image, masks, stride)``
    image : array of shape (H, W, C)
    masks : array of shape (M, h, w, C)
    stride : int

    Returns
    -------
    dG : array of shape (M, h, w, C)
    """
    ### BEGIN SOLUTION mask_gradient
    _, height, width, _ = masks.shape
    windows = np.lib.stride_tricks.sliding_window_view(image, (height, width), axis=(0, 1))
    return np.einsum("ijm,ijcab->mabc", dR, windows[::stride, ::stride])
    ### END SOLUTION


# %% check="mask_gradient"
rng = np.random.default_rng(16)
image, masks = rng.normal(size=(6, 7, 2)), rng.normal(size=(2, 3, 3, 2))
for stride in (1, 2):
    dR = rng.normal(size=convolve(image, masks, stride).shape)
    measured = eval_numerical_gradient_array(
        lambda G, stride=stride: convolve(image, G, stride), masks, dR
    )
    got = called(mask_gradient, dR, image, masks, stride)
    expect_close(f"mask_gradient with stride {stride}", got, measured, hint="Sum over all places.")

# %% [markdown]
# # 5. The gradient of the image
#
# One pixel $I[u, v, c]$ lies in several windows, each time under another entry of the mask, and it
# meets all $M$ masks. Where in the window of $R[i, j]$ does it lie? That window begins at row $is$
# and column $js$. Draw it for $s = 2$ and a mask of $3 \times 3$: some pixels lie in four windows,
# some in two, some in one.
#
# **Write $\partial L/\partial I[u,v]$ as a sum** ([[= points.image_gradient_sum ]] points), again
# for one channel and one mask, and for any stride. Entries that do not exist still count as 0, so
# the sum need not say which windows reach the pixel.

# %%
### BEGIN SOLUTION image_gradient_sum
### STUB image_gradient_sum = ...  # TODO(image_gradient_sum)
image_gradient_sum = r"""
In the window of $R[i,j]$ the pixel lies under the entry $(u - is, v - js)$, so

$$\frac{\partial L}{\partial I[u,v]}
= \sum_{i=0}^{p-1} \sum_{j=0}^{q-1} dR[i,j] \; G[u - is,\, v - js]$$
"""
### END SOLUTION

# %% check="image_gradient_sum"
# This looks at the form of the answer only.
expect_form("image_gradient_sum", image_gradient_sum)

# %% [markdown]
# **Write it as code** ([[= points.image_gradient ]] points). It is often easier to go the other way
# round: visit every place $(i, j)$ of $R$ and add to the pixels of its window.


# %%
def image_gradient(dR, image, masks, stride):
    """The gradient of the loss with respect to the image; parameters as in `mask_gradient`.

    Returns
    -------
    dI : array of shape (H, W, C)
    """
    ### BEGIN SOLUTION image_gradient
    dI = np.zeros(image.shape)
    _, height, width, _ = masks.shape
    for i, j in np.ndindex(dR.shape[:2]):
        top, left = i * stride, j * stride
        dI[top : top + height, left : left + width] += np.tensordot(dR[i, j], masks, axes=1)
    return dI
    ### END SOLUTION


# %% check="image_gradient"
for stride in (1, 2):
    dR = rng.normal(size=convolve(image, masks, stride).shape)
    measured = eval_numerical_gradient_array(
        lambda I, stride=stride: convolve(I, masks, stride), image, dR
    )
    got = called(image_gradient, dR, image, masks, stride)
    expect_close(f"image_gradient with stride {stride}", got, measured, hint="Windows add up.")

# %% [markdown]
# # 6. Max pooling
#
# Max pooling takes the largest pixel of each window in place of a weighted sum. Which pixels does
# $R[i, j]$ look at, for square windows of `size` pixels and a stride?
#
# **Write `pool_window`** ([[= points.pool_window ]] points): the bounds `(top, bottom, left,
# right)` for which the window is `image[top:bottom, left:right]`. Everything counts from 0, and
# `bottom` and `right` are the first row and column that do *not* belong to it.


# %%
def pool_window(i, j, size, stride):
    """The bounds (top, bottom, left, right) of the window of R[i, j]."""
    ### BEGIN SOLUTION pool_window
    top, left = i * stride, j * stride
    return top, top + size, left, left + size
    ### END SOLUTION


# %% check="pool_window"
for place, expected in (((0, 0), [0, 2, 0, 2]), ((1, 3), [2, 4, 6, 8])):
    bounds = called(pool_window, *place, 2, 2, gives=4)
    expect_close(f"pool_window({place[0]}, {place[1]}, 2, 2)", list(bounds), expected)

# %% [markdown]
# How does $L$ change with a pixel? Move a pixel that is not the largest of its window, by very
# little: nothing happens. Move the largest: $R[i,j]$ moves by as much.
#
# **Write `pool_backward`** ([[= points.pool_backward ]] points) for an image of one channel.


# %%
def pool_backward(dR, image, size, stride):
    """The gradient of the loss with respect to an image under max pooling.

    Parameters
    ----------
    dR : array of shape ((H - size) // stride + 1, (W - size) // stride + 1)
    image : array of shape (H, W)
        No two pixels of a window are equal.
    size, stride : int

    Returns
    -------
    dI : array of shape (H, W)
    """
    ### BEGIN SOLUTION pool_backward
    dI = np.zeros(image.shape)
    for i, j in np.ndindex(dR.shape):
        top, bottom, left, right = pool_window(i, j, size, stride)
        window = image[top:bottom, left:right]
        dI[top:bottom, left:right] += dR[i, j] * (window == window.max())
    return dI
    ### END SOLUTION


# %% check="pool_backward"
image = np.array([[1.0, 9.0, 2.0], [4.0, 3.0, 8.0], [7.0, 5.0, 6.0]])
dI = called(pool_backward, np.array([[1.0, 10.0], [100.0, 1000.0]]), image, 2, 1)
expected = [[0, 11, 0], [0, 0, 1000], [100, 0, 0]]
mistakes = {
    "A window overwrites what another has given; gradients add up.": [
        [0, 10, 0],
        [0, 0, 1000],
        [100, 0, 0],
    ]
}
hint = "9 is in two windows."
expect_close("pool_backward(dR, image, 2, 1)", dI, expected, 1e-6, hint, mistakes)

# %% [markdown]
# That is all. Save this notebook (Ctrl+S); the last cell of `mlp.ipynb` packs all three notebooks
# and the files of `lib/`.
