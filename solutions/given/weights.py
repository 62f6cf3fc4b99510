"""Saves the parameters of a trained network to a file of plain arrays, and reads it again."""

import zipfile
from pathlib import Path

import numpy as np

WEIGHTS = "weights.npz"
MOST_BYTES = 32 << 20  # of what grading reads


def save_weights(model, path=WEIGHTS):
    """Write the parameters of a model, such as ``W1``, ``b1``, to an ``.npz`` file.

    Parameters
    ----------
    model : object whose `params` maps names to arrays, or such a dictionary
    path : str or Path
        It is replaced where it exists.

    Raises
    ------
    ValueError
        A parameter is no array of numbers, holds NaN or infinity, or all are too large.
    """
    params = {name: np.asarray(value) for name, value in getattr(model, "params", model).items()}
    for name, array in params.items():
        if array.dtype.kind not in "fiu":
            raise ValueError(f"`{name}` is an array of type {array.dtype}, not of numbers.")
        if not np.isfinite(array).all():
            raise ValueError(f"`{name}` holds NaN or infinity: did training diverge?")
    size = sum(array.nbytes for array in params.values())
    if size > MOST_BYTES:
        raise ValueError(f"The parameters have {size >> 20} MiB; {MOST_BYTES >> 20} can be read.")
    np.savez(path, **params)


def load_weights(path=WEIGHTS):
    """The arrays of an ``.npz`` file by name, as `save_weights` writes it.

    Raises
    ------
    FileNotFoundError, ValueError
        There is no such file, or it holds something else than arrays of numbers.
    """
    if not zipfile.is_zipfile(path):
        raise ValueError("it is no .npz file, or a part of one")
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def expect_weights(model, path=WEIGHTS):
    """Require that a file is there, can be read, and holds the parameters of this model.

    Raises
    ------
    AssertionError
        Says which of the three is not so.
    """
    if not Path(path).is_file():
        raise AssertionError(f"There is no {path}: run `save_weights(model)`.")
    try:
        saved = load_weights(path)
    except (OSError, ValueError) as error:
        raise AssertionError(f"{path} cannot be read ({error}): save the weights again.") from None
    for name, value in model.params.items():
        if name not in saved or not np.array_equal(saved[name], value):
            raise AssertionError(f"{path} holds another {name} than the model: save it again.")
    sizes = ", ".join(f"{name} {value.shape}" for name, value in saved.items())
    print(f"{path} is there and can be read: {sizes}.")
