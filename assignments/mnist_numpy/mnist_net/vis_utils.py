"""Pictures for notebooks: image grids and training curves. Needs matplotlib for the curves only."""

import math

import numpy as np


def visualize_grid(images, padding=1, upper=1.0):
    """Arrange images in a grid as square as possible, each stretched to its own full contrast.

    Parameters
    ----------
    images : array of shape (N, H, W), (N, H, W, 1) for grey or (N, H, W, 3) for colour
    padding : int
        Pixels between two images. The gaps are white.
    upper : float
        The value of the brightest pixel; the darkest is 0.

    Returns
    -------
    grid : float array of shape (rows, columns) for grey or (rows, columns, 3) for colour
        What ``plt.imshow`` shows; for grey give it ``cmap="gray"``.
    """
    images = np.asarray(images, dtype=np.float64)
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        raise ValueError(
            f"visualize_grid takes images of shape (N, H, W), (N, H, W, 1) or (N, H, W, 3); "
            f"got {images.shape}"
        )
    count, height, width, channels = images.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns) if columns else 0
    step_down, step_right = height + padding, width + padding
    shape = (max(rows * step_down - padding, 0), max(columns * step_right - padding, 0), channels)
    grid = np.full(shape, upper)
    for number, image in enumerate(images):
        top = number // columns * step_down
        left = number % columns * step_right
        grid[top : top + height, left : left + width] = upper * _full_contrast(image)
    return grid[..., 0] if channels == 1 else grid


def number_grid(axes, images, padding=1):
    """Write its number, from 0, into the corner of each image of a grid.

    Parameters
    ----------
    axes : where ``axes.imshow(visualize_grid(images, padding))`` has drawn the grid
    images, padding : as `visualize_grid` was given them
    """
    count, height, width = len(images), *np.shape(images)[1:3]
    columns = math.ceil(math.sqrt(count))
    for number in range(count):
        axes.text(
            number % columns * (width + padding) - 0.4,
            number // columns * (height + padding) - 0.4,
            str(number),
            fontsize=8,
            va="top",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6},
        )


def show_weights(W1, image_shape, title="First-layer weights", limit=100, padding=1):
    """Show the first layer's weights as one image for each hidden unit.

    Parameters
    ----------
    W1 : array of shape (D, H)
    image_shape : (channels, height, width), whose product is D
    title : str
    limit : int
        At most this many units are shown.
    padding : int
        Pixels between two images.
    """
    import matplotlib.pyplot as plt

    units = W1.T[:limit].reshape(-1, *image_shape).transpose(0, 2, 3, 1)
    figure, axes = plt.subplots(figsize=(6, 6))
    axes.imshow(visualize_grid(units, padding=padding), cmap="gray", interpolation="nearest")
    axes.set(
        title=title,
        xlabel="one square for each hidden unit; dark: smallest weight, bright: largest",
        xticks=[],
        yticks=[],
    )
    axes.spines[:].set_visible(False)
    figure.tight_layout()
    plt.show()


def plot_histories(solver, title="", threshold=None):
    """Draw a solver's loss for every step beside its accuracies for every epoch.

    Parameters
    ----------
    solver : Solver, after ``train()``
    title : str
    threshold : float or None
        An accuracy to draw as a dashed line.
    """
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6))
    left.plot(solver.loss_history, "o", markersize=3, alpha=0.5, label="one batch")
    smooth = _running_mean(solver.loss_history, max(3, len(solver.loss_history) // 30))
    left.plot(smooth, linewidth=2, label="running mean")
    left.set(title="Training loss", xlabel="step", ylabel="loss")
    left.legend(frameon=False)
    right.plot(solver.train_acc_history, "-o", markersize=4, label="training")
    right.plot(solver.val_acc_history, "-o", markersize=4, label="validation")
    if threshold is not None:
        right.axhline(threshold, color="0.4", linestyle="--", label=f"goal: {threshold:.3g}")
    right.set(title="Accuracy", xlabel="epoch", ylabel="share of images right", ylim=(0, 1.03))
    right.legend(frameon=False, loc="lower right")
    for axes in (left, right):
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    if title:
        figure.suptitle(title)
    figure.tight_layout()
    plt.show()


def _full_contrast(image):
    low, high = image.min(), image.max()
    return (image - low) / (high - low) if high > low else np.zeros_like(image)


def _running_mean(values, width):
    """The mean of each value and those up to `width` - 1 steps before it."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(total))
    starts = np.maximum(ends - width, 0)
    return (total[ends] - total[starts]) / (ends - starts)
