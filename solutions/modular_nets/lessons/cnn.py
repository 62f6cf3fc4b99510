# %% [markdown]
# # [[= assignment.title ]], 2: convolutional networks
#
# A fully connected layer treats the pixels of an image as a list. Move the image by one pixel and
# everything is different for it. A **convolution** looks at small windows instead, and applies the
# same weights in each: what it has learned in one place it can use in all others.
#
# You write the convolution and max pooling, forward and backward, train a small network, and look
# at the filters that it found. The last part is extra credit. Your code goes into `lib/cnn/`,
# `lib/analysis.py` and this notebook. The loss, the optimisers and `train_net` are those that you
# have written for `mlp.ipynb`.
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

from lib.analysis import confusion_matrix, noisy_labels
from lib.cnn.batch_norm import batch_norm
from lib.cnn.cnn_models import SmallConvolutionalNetwork, TestCNN
from lib.cnn.layer_utils import ConvLayer2D, MaxPoolingLayer
from lib.datasets import in_pairs, load_data
from lib.expect import (
    called,
    expect_accuracy,
    expect_close,
    expect_options,
    expect_true,
    expect_written,
)
from lib.grad_check import eval_numerical_gradient, eval_numerical_gradient_array
from lib.mlp.layer_utils import cross_entropy
from lib.mlp.train import compute_acc, train_net
from lib.optim import SGD, Adam
from lib.sequential import sequential
from lib.settings import load_settings
from lib.vis_utils import number_grid, visualize_grid

# %matplotlib inline

# %%
# What a trained network has to reach on this data set, and how many images each part has.
course = load_settings(DATASET)
GOALS, IMAGES = course.goals, course.training["cnn"]["images"]

# %% demo=true
data = load_data(DATASET, **IMAGES)
data_dict = in_pairs(data)
IMAGE_SHAPE = data["data_train"].shape[1:]
NUM_CLASSES = len(data["label_names"])
print("images (N, height, width, channels):", data["data_train"].shape)

# %% [markdown]
# # 1. Convolution
#
# ## 1.1 How large is the output?
#
# A filter is a square of $k \times k$ places with one weight for each colour. It is laid over the
# image, what lies under it is multiplied and added up, and that is one number of the output. Then
# it moves on by the **stride** $s$. At the borders one may put $p$ rows and columns of zeros around
# the image first, the **padding**.
#
# A padded side of $n + 2p$ pixels has room for
#
# $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# windows: the first one, and one more for every $s$ pixels that are left behind it. A window that
# would stand out over the border is not used. With $F$ filters the output has $F$ channels.
#
# ![A window of 3 x 3 over a 4 x 5 image with a border of zeros. It moves by two columns from one
# output to the next, and the output has 2 rows and 3 columns.](pictures/sliding_window.svg)
#
# **Write `ConvLayer2D.get_output_size` in `lib/cnn/layer_utils.py`**
# ([[= points.conv_output_size ]] points).

# %% check="conv_output_size"
layer = ConvLayer2D(3, 4, 16, stride=2, padding=3)
size = called(layer.get_output_size, (32, 28, 28, 3))
expect_close("get_output_size((32, 28, 28, 3))", list(size), [32, 16, 16, 16])
size = called(ConvLayer2D(1, 3, 2, stride=3).get_output_size, (5, 9, 11, 1))
expect_close("get_output_size((5, 9, 11, 1))", list(size), [5, 3, 3, 2], hint="Rounded down.")

# %% [markdown]
# ## 1.2 Forward
#
# With the weights $w$ of shape $(k, k, C, F)$ and the padded images $P$,
#
# $$\begin{aligned}
#   \text{out}[n, i, j, f] = b[f] + \sum_{y=0}^{k-1} \sum_{x=0}^{k-1} \sum_{c}
#   & P[n,\, is + y,\, js + x,\, c] \\
#   & \cdot w[y, x, c, f].
# \end{aligned}$$
#
# Filters are *not* flipped, although the mathematicians' convolution would
# (`convolution_maths.ipynb` has that one).
#
# Four loops over $n, i, j, f$ are a good way to begin, and right. To train with, they are far
# too slow. **Every window as a row** is the trick: if the $kkC$ numbers of each window are one row
# of a matrix, and the weights of each filter one column of another, then the whole layer is one
# matrix product. `sliding_window_view` of NumPy shows all windows of an array without copying it:

# %%
from numpy.lib.stride_tricks import sliding_window_view

strip = np.arange(6) * 10
print("an array:", strip)
print("its windows of 3, every second one:")
print(sliding_window_view(strip, 3)[::2])
batch = np.zeros((2, 8, 9, 5))
print(
    "windows of 3 x 3 in", batch.shape, "->", sliding_window_view(batch, (3, 3), axis=(1, 2)).shape
)

# %% [markdown]
# The last two axes are the places in a window. `[:, ::s, ::s]` picks the windows of a stride, and
# `transpose` and `reshape` make rows of them, in the order of the axes of `w`.
#
# **Write `ConvLayer2D.forward`** ([[= points.conv_forward ]] points, and one more each for strides
# and for images that are not square, that come one at a time, or that are not padded).

# %% check="conv_forward"
x = np.linspace(-0.1, 0.4, num=64).reshape(1, 8, 8, 1)
layer = ConvLayer2D(1, 5, 2, stride=1, padding=0, name="conv_test")
layer.params["conv_test_w"] = np.linspace(-0.2, 0.2, num=50).reshape(5, 5, 1, 2)
layer.params["conv_test_b"] = np.linspace(-0.3, 0.3, num=2)
out = called(layer.forward, x)
found = f"the output has shape {np.shape(out)}"
expect_true(np.shape(out) == (1, 4, 4, 2), found, f"{found}, expected (1, 4, 4, 2).")
first_channel = [
    [-0.03874312, -0.03955296, -0.04036281, -0.04117266],
    [-0.0452219, -0.04603175, -0.04684159, -0.04765144],
    [-0.05170068, -0.05251053, -0.05332038, -0.05413022],
    [-0.05817946, -0.05898931, -0.05979916, -0.06060901],
]
layer.params["conv_test_w"] = layer.params["conv_test_w"][::-1, ::-1]
turned = called(layer.forward, x)[0, :, :, 0]  # right only where the filters are flipped
flips = np.allclose(turned, first_channel, atol=1e-6)
mistakes = {"The filters are flipped; here they are not.": out[0, :, :, 0]} if flips else {}
hint = "Every place of the window gives one number; the filters are not flipped."
expect_close("the first channel", out[0, :, :, 0], first_channel, 1e-7, hint, mistakes)
expect_close(
    "the second channel",
    out[0, :, :, 1],
    [
        [0.57000324, 0.57081309, 0.57162293, 0.57243278],
        [0.57648202, 0.57729187, 0.57810172, 0.57891156],
        [0.5829608, 0.58377065, 0.5845805, 0.58539035],
        [0.58943959, 0.59024943, 0.59105928, 0.59186913],
    ],
    1e-7,
)

# %% check="conv_forward_strides"
layer = ConvLayer2D(1, 2, 1, stride=2, name="conv")
layer.params["conv_w"] = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(2, 2, 1, 1)
x = np.arange(25.0).reshape(1, 5, 5, 1)
out = called(layer.forward, x)[0, :, :, 0]
expect_close("windows of 2 with stride 2 in 5 x 5", out, [[6510, 8732], [17620, 19842]])

# %% check="conv_forward_shapes"
layer = ConvLayer2D(1, 3, 1, padding=1, name="conv")
layer.params["conv_w"] = np.ones((3, 3, 1, 1))
out = called(layer.forward, np.ones((1, 2, 4, 1)))[0, :, :, 0]
expect_close("a 3 x 3 box of ones over 2 x 4 ones, padded", out, [[4, 6, 6, 4], [4, 6, 6, 4]])

# %% [markdown]
# ## 1.3 Backward
#
# Look at one term of the sum: pixel $P[n, is+y, js+x, c]$ enters $\text{out}[n,i,j,f]$ with the
# factor $w[y,x,c,f]$. The three gradients are what this term says, added up over everything that
# it does not fix:
#
# $$\begin{aligned}
#   db[f] &= \sum_{n,i,j} \text{dprev}[n,i,j,f], \\
#   dw[y,x,c,f] &= \sum_{n,i,j} P[n, is+y, js+x, c] \\
#               &\qquad\quad \cdot \text{dprev}[n,i,j,f],
# \end{aligned}$$
#
# and, for all $i$, $j$, $y$ and $x$,
#
# $$\begin{aligned}
#   dP[n, &\,is+y, js+x, c] \\
#   &\mathrel{+}= \sum_f \text{dprev}[n,i,j,f]\; w[y,x,c,f].
# \end{aligned}$$
#
# Mind the `+=`: windows overlap, and a pixel collects from all windows that it lies in. Two
# matrices and one product make `dw`, as in `fc`. For `dP` it is enough to loop over the $k \cdot k$
# places $(y, x)$ of a window and to treat all windows at once, with a slice of stride $s$.
#
# In the end the padding is cut off. With $p = 0$ there is nothing to cut off, and the slice
# `[p:-p]` is `[0:-0]`, which is *empty*; slice with `[p:p + height]`.
#
# **Write `ConvLayer2D.backward`** ([[= points.conv_backward ]] points, and one more each for no
# padding, strides, and other shapes).


# %%
def measure_convolution(shape, size, filters, stride, padding):
    """Hold all three gradients of a convolution against measured ones."""
    rng = np.random.default_rng(12)
    layer = ConvLayer2D(shape[3], size, filters, stride=stride, padding=padding, name="conv")
    layer.params["conv_w"] = rng.normal(size=(size, size, shape[3], filters))
    x = rng.normal(size=shape)
    dprev = rng.normal(size=layer.get_output_size(shape))
    called(layer.forward, x)
    dfeat = called(layer.backward, dprev)
    grads = {name: np.array(value) for name, value in layer.grads.items()}
    measured = eval_numerical_gradient_array(lambda x: layer.forward(x), x, dprev)
    expect_close(f"stride {stride}, padding {padding}: dfeat", dfeat, measured)
    for name, value in layer.params.items():
        measured = eval_numerical_gradient_array(lambda _: layer.forward(x), value, dprev)
        mistakes = {
            "It is the mean over all places, and has to be their sum.": measured
            * filters
            / dprev.size
        }
        if shape[0] > 1:
            mistakes["It is the mean over the images, and has to be their sum."] = (
                measured / shape[0]
            )
        what = f"stride {stride}, padding {padding}: grads[{name!r}]"
        expect_close(what, grads[name], measured, mistakes=mistakes)


# %% check="conv_backward"
measure_convolution((2, 5, 5, 2), size=3, filters=4, stride=1, padding=1)

# %% check="conv_backward_no_padding"
measure_convolution((2, 5, 5, 2), size=3, filters=2, stride=1, padding=0)

# %% check="conv_backward_strides"
measure_convolution((2, 8, 8, 3), size=4, filters=3, stride=2, padding=1)

# %% check="conv_backward_shapes"
measure_convolution((1, 4, 6, 1), size=3, filters=2, stride=1, padding=2)

# %% [markdown]
# # 2. Max pooling
#
# Pooling makes images smaller: of each window only the largest value stays, for every channel by
# itself. Where exactly it was within the window is forgotten, and that makes the network less
# sensitive to small shifts.
#
# $$\text{out}[n,i,j,c] = \max_{y,x}\; X[n,\, is+y,\, js+x,\, c]$$
#
# Backward: moving an entry that is *not* the largest changes nothing, so its gradient is 0. Moving
# the largest one moves the output by as much, so it gets the whole `dprev`. If windows overlap, an
# entry may be the largest of several, and gets the sum. If several entries of a window are equally
# large, there is no derivative; give the gradient to one of them or to all.
#
# ![Windows of 2 x 2 with stride 1 on a 3 x 3 image overlap. The 9 in the middle is the largest of
# all four, so all four outputs are 9, and backward it collects 1 + 2 + 3 + 4 =
# 10.](pictures/pooling_windows.svg)
#
# **Write `MaxPoolingLayer.forward` and `backward`** ([[= points.maxpool_forward ]] +
# [[= points.maxpool_backward ]] points, [[= points.maxpool_overlap ]] for windows that overlap,
# [[= points.maxpool_ties ]] for ties).

# %% check="maxpool_forward"
x = np.linspace(-0.1, 0.4, num=64).reshape(1, 8, 8, 1)
expect_close(
    "MaxPoolingLayer(4, 2).forward(x)",
    called(MaxPoolingLayer(4, 2).forward, x)[0, :, :, 0],
    [
        [0.11428571, 0.13015873, 0.14603175],
        [0.24126984, 0.25714286, 0.27301587],
        [0.36825397, 0.38412698, 0.4],
    ],
    1e-7,
)
out = called(MaxPoolingLayer(2, 2).forward, -1 - x)
zero = {"0 is among the candidates.": [0.0]}
expect_close("the largest of negative numbers", out[0, 0, 0], [-0.9], mistakes=zero)

# %% check="maxpool_backward"
x = np.array([[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 6.0]]).reshape(1, 2, 4, 1)
layer = MaxPoolingLayer(2, 2)
layer.forward(x)
dx = called(layer.backward, np.array([10.0, 20.0]).reshape(1, 1, 2, 1))[0, :, :, 0]
expect_close("dfeat", dx, [[0, 10, 0, 0], [0, 0, 20, 0]], hint="To the largest entry only.")

# %% check="maxpool_overlap"
rng = np.random.default_rng(13)
layer, x, dprev = (
    MaxPoolingLayer(4, 2),
    rng.normal(size=(3, 8, 8, 3)),
    rng.normal(size=(3, 3, 3, 3)),
)
layer.forward(x)
dx = called(layer.backward, dprev)
measured = eval_numerical_gradient_array(lambda x: layer.forward(x), x, dprev)
expect_close("MaxPoolingLayer(4, 2).backward(dprev)", dx, measured, hint="Overlaps add up.")

# %% check="maxpool_ties"
layer = MaxPoolingLayer(2, 2)
layer.forward(np.zeros((1, 2, 2, 1)))
dx = np.sort(called(layer.backward, np.full((1, 1, 1, 1), 6.0)).ravel()).tolist()
fair = dx in ([0, 0, 0, 6], [6, 6, 6, 6], [1.5, 1.5, 1.5, 1.5])
found = f"of a gradient of 6, four equal entries get {dx}"
expect_true(fair, found, f"{found}; it has to be one of them, or all alike.")

# %% [markdown]
# # 3. A first network
#
# **Write `TestCNN` in `lib/cnn/cnn_models.py`** ([[= points.test_cnn ]] points): a convolution
# with 3 filters of size 3, max pooling of 2 with stride 2, flatten, fc to 5 scores. Its images have
# the shape (8, 8, 3). How many numbers does the fc layer get?

# %% check="test_cnn"
model, loss = TestCNN(), cross_entropy()
model.net.assign("conv1_w", np.linspace(-0.7, 0.3, num=81).reshape(3, 3, 3, 3))
model.net.assign("conv1_b", np.linspace(-0.6, 0.2, num=3))
model.net.assign("fc1_w", np.linspace(-0.2, 0.2, num=135).reshape(27, 5))
model.net.assign("fc1_b", np.linspace(-0.9, 0.1, num=5))
x, y = np.linspace(-5.5, 4.5, num=768).reshape(4, 8, 8, 3), np.array([0, 2, 1, 4])
scores = called(model.forward, x)
expect_close(
    "scores",
    scores,
    [
        [-13.85107294, -11.52845818, -9.20584342, -6.88322866, -4.5606139],
        [-11.44514171, -10.21200524, -8.97886878, -7.74573231, -6.51259584],
        [-9.03921048, -8.89555231, -8.75189413, -8.60823596, -8.46457778],
        [-6.63327925, -7.57909937, -8.52491949, -9.4707396, -10.41655972],
    ],
    1e-8,
)
expect_close("the loss", loss.forward(scores, y), 4.56046848799693, 1e-9)
model.backward(loss.backward())
for name, value in model.net.params.items():
    grad = np.array(model.net.get_grads(name))
    measured = eval_numerical_gradient(lambda _: loss.forward(model.forward(x), y), value)
    expect_close(f"the gradient of {name}", grad, measured)

# %% [markdown]
# # 4. A network of your own
#
# `SmallConvolutionalNetwork(image_shape, num_classes)` may have one or two convolutions and at
# most two max poolings, and any other layers that you have. It starts with a `ConvLayer2D` called
# `"conv1"`. Give `dtype=dtype` to every layer that has parameters.
#
# Some things to think about:
#
# - **Initial weights.** Through a layer with $n$ inputs of size 1 and weights of standard deviation
#   $\sigma$ comes a signal of size about $\sigma\sqrt n$. With the default of 0.02 a small network
#   starts with almost nothing; something near $1/\sqrt n$ starts well. In the first layer choose
#   smaller weights: in the pictures of part 5 the learned patterns then stand out from the random
#   initialisation.
# - **Time.** A convolution costs pixels × window × filters. Begin with few filters, and pool early.
#   The gradient of the images is of no use to anybody: set `needs_input_gradient = False` on the
#   first layer if your `backward` can save the work.
# - **The fc layer** has to know how many numbers are left after pooling, for any `image_shape`.
#
# **Write `SmallConvolutionalNetwork`** ([[= points.small_cnn ]] points).

# %% check="small_cnn"
for shape, classes in (((16, 16, 3), 10), ((12, 14, 1), 3)):
    model = SmallConvolutionalNetwork(shape, classes, dtype=np.float64)
    scores = called(model.forward, np.random.default_rng(14).normal(size=(2, *shape)), True)
    found = f"the scores of two images {shape} have shape {np.shape(scores)}"
    expect_true(np.shape(scores) == (2, classes), found, f"{found}, expected (2, {classes}).")
    model.backward(np.ones_like(scores))
    missing = sorted(set(model.net.params) - set(model.net.grads))
    expect_true(not missing, "every parameter has a gradient", f"{missing} have no gradient.")

# %% [markdown]
# **Train it** ([[= points.cnn_training ]] points) until it gets more than
# [[= "%.0f" | format(100 * threshold.cnn) ]] % of new images right (the fully
# connected network had a goal of [[= "%.0f" | format(100 * threshold.mlp) ]] %). Grading makes a
# new network and trains it with *your settings* on other images, for at most
# [[= assignment.training[assignment.dataset].max_epochs ]] epochs and
# [[= assignment.training[assignment.dataset].cnn.seconds ]] seconds. It asks for
# [[= "%.1f" | format(100 * threshold.cnn_graded) ]] %, since accuracy varies a little. Loops that
# are right and too slow for that cost nothing either: the grader then trains your network, with
# your settings, by layers of its own. It has all of this package but dropout and batch norm.
#
# `cnn_settings` is a dictionary with the keys `"optimizer"` (`"SGD"` or `"Adam"`),
# `"learning_rate"`, `"batch_size"`, `"epochs"`, and, if you like, `"lr_decay"` and
# `"lr_decay_every"`.

# %%
### BEGIN SOLUTION cnn_training
### STUB cnn_settings = ...  # TODO(cnn_training): a dictionary, see above
cnn_settings = {
    "optimizer": "Adam",
    "learning_rate": 3e-3,
    "batch_size": 50,
    "epochs": 8,
    "lr_decay": 0.9,
    "lr_decay_every": 70,
}
if DATASET == "cifar100":  # larger images, and nine times as many
    rate = cnn_settings["learning_rate"] / 3
    cnn_settings |= {"learning_rate": rate, "batch_size": 100, "epochs": 10}
    cnn_settings["lr_decay_every"] = 180
### END SOLUTION


# %%
def train_cnn(model, training_data, settings, verbose=True):
    """Train a model with a dictionary of settings, and return what `train_net` does."""
    optimizers = {"SGD": SGD, "Adam": Adam}
    return train_net(
        training_data,
        model,
        cross_entropy(),
        optimizers[settings["optimizer"]](model.net, settings["learning_rate"]),
        settings["batch_size"],
        settings["epochs"],
        lr_decay=settings.get("lr_decay", 1.0),
        lr_decay_every=settings.get("lr_decay_every", 1000),
        verbose=verbose,
    )


# %% demo=true
expect_written("cnn_training", cnn_settings)
np.random.seed(2)
model = SmallConvolutionalNetwork(IMAGE_SHAPE, NUM_CLASSES)
start = time.perf_counter()
results = train_cnn(model, data_dict, cnn_settings)
seconds = time.perf_counter() - start
print(f"{seconds:.0f} s, {1000 * seconds / len(results[1]):.0f} ms for each update")

# %% demo=true
_, losses, train_accuracies, val_accuracies = results
epochs = np.arange(1, len(val_accuracies) + 1)
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6))
left.plot(losses, ".", markersize=3, alpha=0.5)
left.set(title="Training loss", xlabel="update", ylabel="loss")
right.plot(epochs, train_accuracies, "-o", markersize=4, label="training")
right.plot(epochs, val_accuracies, "-o", markersize=4, label="validation")
right.axhline(GOALS["cnn"], color="0.4", linestyle="--", label="goal")
right.set(title="Accuracy", xlabel="epoch", ylabel="share of images right", ylim=(0, 1.02))
right.legend(frameon=False)
for axes in (left, right):
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
figure.tight_layout()
plt.show()

# %% check="cnn_training"
pairs = zip(data_dict["data_val"], data_dict["data_test"], strict=True)
unseen = [np.concatenate(pair) for pair in pairs]
reached = compute_acc(model, *unseen)
expect_accuracy(reached, GOALS["cnn"], "on the validation and test images")

# %% demo=true
print(f"test accuracy {compute_acc(model, *data_dict['data_test']):.3f}")

# %% [markdown]
# # 5. What did it learn?
#
# The filters of the first layer have as many channels as the image has colours, so one can look at
# them as small pictures. Their values are small and of both signs; to be seen, each has to be
# stretched so that its smallest value becomes 0 and its largest 1.
#
# **Write `filter_pictures`** ([[= points.filter_pictures ]] points). Take care that a filter
# whose values are all equal gives no division by 0.


# %%
def filter_pictures(w):
    """Filters as pictures.

    Parameters
    ----------
    w : array of shape (k, k, channels, filters)

    Returns
    -------
    pictures : array of shape (filters, k, k, channels)
        Each picture by itself goes from 0 to 1. Where all values are equal, any one value between
        0 and 1 will do.
    """
    ### BEGIN SOLUTION filter_pictures
    pictures = np.moveaxis(w, -1, 0)
    low = pictures.min(axis=(1, 2, 3), keepdims=True)
    height = pictures.max(axis=(1, 2, 3), keepdims=True) - low
    return (pictures - low) / np.where(height > 0, height, 1)
    ### END SOLUTION


# %% check="filter_pictures"
w = np.arange(8.0).reshape(2, 2, 1, 2)
pictures = called(filter_pictures, w)
found = f"the pictures have shape {np.shape(pictures)}"
expect_true(np.shape(pictures) == (2, 2, 2, 1), found, f"{found}, expected (2, 2, 2, 1).")
expect_close("the second picture", pictures[1, :, :, 0], [[0, 1 / 3], [2 / 3, 1]])

# %% demo=true
np.random.seed(2)
fresh = SmallConvolutionalNetwork(IMAGE_SHAPE, NUM_CLASSES)
figure, panels = plt.subplots(1, 2, figsize=(9, 4.6))
for axes, network, title in zip(panels, (fresh, model), ("before", "after"), strict=True):
    pictures = filter_pictures(network.net.get_params("conv1_w"))
    axes.imshow(visualize_grid(pictures))
    number_grid(axes, pictures)
    axes.set_title(f"conv1 {title} training")
    axes.axis("off")
figure.subplots_adjust(wspace=0.15)
plt.show()

# %% demo=true
# One image, and the outputs of four filters on it; their numbers are those of the grid above.
image = data["data_test"][:1]
answers = model.net.layers[0].forward(image)[0]
strongest = np.argsort(answers.std(axis=(0, 1)))[::-1][:4]
figure, panels = plt.subplots(1, 5, figsize=(11, 2.5))
panels[0].imshow(np.clip(image[0] * data["std_image"][0] + data["mean_image"][0], 0, 1))
panels[0].set_title(data["label_names"][data["labels_test"][0]].replace("_", " "), fontsize=10)
for axes, number in zip(panels[1:], strongest, strict=True):
    axes.imshow(answers[:, :, number], cmap="gray")
    axes.set_title(f"output of filter {number}", fontsize=10)
for axes in panels:
    axes.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown]
# **Question `filter_reading`** ([[= points.filter_reading ]] point). Which of these statements
# about first-layer filters hold?
#
# - **a** A filter with a bright and a dark side responds to edges in that direction.
# - **b** A filter with a clear colour responds to differences of colour, and little to grey images.
# - **c** One output of the first layer sees a whole object.
# - **d** A filter that looks like noise, as before training, has learned more than one with a
#   pattern.
#
# Answer with a set of letters.

# %%
### BEGIN SOLUTION filter_reading
### STUB filter_reading = ...  # TODO(filter_reading)
filter_reading = {"a", "b"}
### END SOLUTION

# %% check="filter_reading"
# This looks at the form of the answer only.
expect_options("filter_reading", filter_reading, ["a", "b", "c", "d"])

# %% [markdown]
# **Question `filter_comment`** (3 points, read by a person). Compare your filters before
# and after training. Which kinds of filters do you see, and what does each respond to? Name two of
# them by the numbers in the grid. Three to six sentences.

# %% [markdown] manual="filter_comment" points=3
# ### BEGIN SOLUTION filter_comment
# ### STUB *Write your answer here, in place of this line. TODO(filter_comment)*
# Before training the filters are noise (1 point for the comparison). Afterwards several have a
# bright and a dark side, upright, lying or slanted: they answer to edges in that direction; others
# have light and dark bars at the distance of the stripes and answer to the texture; a few are
# blobs or a single colour and answer to brightness or to colour (1 point for two kinds with what
# they answer to). Examples are named by number, and fit the picture (1 point).
# ### END SOLUTION

# %% [markdown]
# # 6. Extra credit
#
# The [[= bonus_points ]] points of this part come on top: nobody needs them for full marks.
#
# ## 6.1 Which classes are mistaken for which?
#
# Accuracy is one number. The **confusion matrix** has one for every pair: row $i$, column $j$
# counts the images of class $i$ that were taken for class $j$.
#
# **Write `confusion_matrix` in `lib/analysis.py`** ([[= points.confusion_matrix ]] points). Mind
# pairs that occur several times.

# %% check="confusion_matrix"
labels, predictions = np.array([0, 0, 0, 1, 2, 2]), np.array([0, 0, 1, 1, 0, 0])
matrix = called(confusion_matrix, labels, predictions, 3)
mistakes = {"Pairs that occur several times are counted once.": [[1, 1, 0], [0, 1, 0], [1, 0, 0]]}
expected = [[2, 1, 0], [0, 1, 0], [2, 0, 0]]
expect_close("confusion_matrix", matrix, expected, mistakes=mistakes)

# %% demo=true
images, labels = data_dict["data_test"]
predictions = np.concatenate(
    [model.forward(images[i : i + 200], False).argmax(axis=1) for i in range(0, len(images), 200)]
)
matrix = confusion_matrix(labels, predictions, NUM_CLASSES)
names = [name.replace("_", " ") for name in data["label_names"]]
figure, axes = plt.subplots(figsize=(7, 6))
axes.imshow(matrix, cmap="Blues")
axes.set_xticks(range(NUM_CLASSES), names, rotation=60, ha="right", fontsize=8)
axes.set_yticks(range(NUM_CLASSES), names, fontsize=8)
axes.set(xlabel="predicted", ylabel="class")
for i, j in np.ndindex(*matrix.shape):
    shade = "white" if matrix[i, j] > matrix.max() / 2 else "black"
    axes.text(j, i, matrix[i, j], ha="center", va="center", fontsize=7, color=shade)
figure.tight_layout()
plt.show()

# %% [markdown]
# ## 6.2 Batch normalisation
#
# The further back a layer is, the less it knows about the size of the numbers it gets: they change
# whenever an earlier layer learns. *Batch normalisation* gives every feature mean 0 and variance 1
# over the batch, and then a scale $\gamma$ and a shift $\beta$ that are learned:
#
# $$z = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad \text{out} = \gamma z + \beta.$$
#
# A feature is an entry of the last axis, so for images a channel; the batch is everything else.
# Outside of training one image may come alone. Then *running* means of $\mu$ and $\sigma^2$ take
# their place, which training keeps up to date:
# `running = momentum * running + (1 - momentum) * batch`.
#
# For the way back remember that $\mu$ and $\sigma$ depend on all $x$ of the feature. With
# $g = \gamma\,\text{dprev}$ and means over the batch,
#
# $$dx = \frac{g - \overline{g} - z\,\overline{g z}}{\sqrt{\sigma^2 + \varepsilon}}.$$
#
# **Write `batch_norm.forward` and `backward` in `lib/cnn/batch_norm.py`**
# ([[= points.batch_norm_forward ]] + [[= points.batch_norm_backward ]] points,
# [[= points.batch_norm_running ]] for the running values).

# %% check="batch_norm_forward"
layer = batch_norm(2, eps=0.0)
out = called(layer.forward, np.array([[1.0, 10.0], [3.0, 30.0]]), True)
expect_close("batch_norm(2).forward(x, True)", out, [[-1, -1], [1, 1]])
layer, images = batch_norm(1, eps=0.0), np.array([1.0, 3.0, 5.0, 7.0]).reshape(2, 2, 1, 1)
out = called(layer.forward, images, True)
images_alone = np.array([-1.0, -1.0, 1.0, 1.0]).reshape(2, 2, 1, 1)
mistakes = {
    "Mean and variance go over the images only; they go over all axes but the last.": images_alone
}
expect_close("forward of images", out, (images - 4) / np.sqrt(5), mistakes=mistakes)

# %% check="batch_norm_running"
layer = batch_norm(2, eps=0.0)
called(layer.forward, np.array([[1.0, 10.0], [3.0, 30.0]]), True)
expect_close("running_mean", layer.running_mean, [0.2, 2.0], hint="0.9 * 0 + 0.1 * mean")
mistakes = {"That is the standard deviation in place of the variance.": [1.0, 1.9]}
hint = "0.9 * 1 + 0.1 * variance"
expect_close("running_var", layer.running_var, [1.0, 10.9], 1e-6, hint, mistakes)
out = called(layer.forward, np.array([[1.2, 2.0]]), False)
expect_close("forward(x, False)", out, [[1, 0]], hint="By the running values.")

# %% check="batch_norm_backward"
rng = np.random.default_rng(15)
layer, x, dprev = batch_norm(3, name="bn"), rng.normal(size=(4, 2, 3)), rng.normal(size=(4, 2, 3))
layer.params["bn_gamma"] = rng.uniform(0.5, 2, size=3)
layer.forward(x, True)
dx = called(layer.backward, dprev)
grads = {name: np.array(value) for name, value in layer.grads.items()}
measured = eval_numerical_gradient_array(lambda x: layer.forward(x, True), x, dprev)
expect_close("batch_norm.backward(dprev)", dx, measured)
for name in ("bn_gamma", "bn_beta"):
    measured = eval_numerical_gradient_array(
        lambda _: layer.forward(x, True), layer.params[name], dprev
    )
    mistakes = {"It is the mean over the batch, and has to be the sum.": measured / 8}
    expect_close(f"grads[{name!r}]", grads[name], measured, mistakes=mistakes)


# %% [markdown]
# What is it good for? Batch normalisation does not make every network better: with Adam and
# well-chosen settings it may gain nothing here. It makes training depend less on the size of the
# weights and of the steps. So try plain SGD, once with a rate that is too small for the network
# without it, and once with one that is too large:


# %% demo=true
def with_batch_norm(model):
    """The same model, with a batch normalisation behind its first convolution."""
    first, *others = model.net.layers
    model.net = sequential(first, batch_norm(first.number_filters, dtype=np.float32), *others)
    return model


figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
for rate, color in ((0.03, "tab:blue"), (0.3, "tab:red")):
    for name, style in (("without", "-"), ("with batch norm", "--")):
        np.random.seed(3)
        network = SmallConvolutionalNetwork(IMAGE_SHAPE, NUM_CLASSES)
        network = with_batch_norm(network) if name.startswith("with ") else network
        settings = {"optimizer": "SGD", "learning_rate": rate, "batch_size": 50, "epochs": 6}
        with np.errstate(all="ignore"):  # numbers that grow without bound are what we look for
            _, losses, _, val = train_cnn(network, data_dict, settings, verbose=False)
        smooth = np.convolve(losses, np.ones(20) / 20, "valid")
        left.plot(smooth, style, color=color, label=f"rate {rate}, {name}")
        right.plot(np.arange(1, len(val) + 1), val, style, marker="o", markersize=4, color=color)
left.set(title="Training loss (mean of 20 updates)", xlabel="update", ylabel="loss", ylim=(0, 4))
right.set(title="Validation set", xlabel="epoch", ylabel="accuracy")
figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4)
for axes in (left, right):
    axes.grid(alpha=0.25)
plt.show()

# %% [markdown]
# ## 6.3 Wrong labels
#
# Real labels contain mistakes. What do they do to training? To find out, make some on purpose.
#
# **Write `noisy_labels` in `lib/analysis.py`** ([[= points.label_noise ]] points). Exactly the
# given share of the labels has to be *wrong*: drawing any class at random would hit the right one
# now and then.

# %% check="label_noise"
labels = np.arange(100) % 5
noisy = called(noisy_labels, labels, 0.3, 5, seed=1)
found = f"{np.sum(noisy != labels)} of 100 labels are wrong"
expect_true(np.sum(noisy != labels) == 30, found, f"{found}; a share of 0.3 is 30.")

# %% demo=true
expect_written("cnn_training", cnn_settings)
images, labels = data_dict["data_train"]
settings = {**cnn_settings, "epochs": 8}
figure, axes = plt.subplots(figsize=(6.5, 3.6))
for fraction in (0.0, 0.2, 0.5):
    np.random.seed(4)
    network = SmallConvolutionalNetwork(IMAGE_SHAPE, NUM_CLASSES)
    wrong = noisy_labels(labels, fraction, NUM_CLASSES, seed=5)
    _, _, train, val = train_cnn(
        network, {**data_dict, "data_train": (images, wrong)}, settings, verbose=False
    )
    (line,) = axes.plot(np.arange(1, len(val) + 1), val, "-o", markersize=4)
    axes.plot(np.arange(1, len(train) + 1), train, "--", color=line.get_color())
    line.set_label(f"{fraction:.0%} wrong")
axes.set(xlabel="epoch", ylabel="accuracy", title="solid: validation, dashed: the given labels")
axes.legend(frameon=False)
axes.grid(alpha=0.25)
figure.tight_layout()
plt.show()

# %% [markdown]
# **Question `analysis_comment`** (2 points, read by a person). Choose one of the three analyses
# and say what it shows about *your* network. Three to six sentences.

# %% [markdown] manual="analysis_comment" points=2
# ### BEGIN SOLUTION analysis_comment
# ### STUB *Write your answer here, in place of this line. TODO(analysis_comment)*
# For example: most mistakes stay within one texture (plain or striped), between shapes of a similar
# outline such as disc and ring or square and triangle; the texture itself is hardly ever missed.
# Or: with the small rate, the loss falls sooner with batch normalisation, and with the large one
# only that network learns at all, because the size of what comes out of the convolution no longer
# grows with its weights. Or: half of the labels wrong costs far less than half of the accuracy on
# clean images, since the wrong labels agree with no pattern, while the accuracy on the given labels
# cannot exceed the share that is right unless they are memorised. (1 point for the
# observation, 1 for an explanation that fits it.)
# ### END SOLUTION

# %% [markdown]
# Save this notebook (Ctrl+S) and go on with `convolution_maths.ipynb`. The last cell of
# `mlp.ipynb` packs all three.
