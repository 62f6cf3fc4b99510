"""Fully connected models. Each one chains layers; how a layer computes is not its affair."""

import numpy as np

from ..module import Module
from ..sequential import sequential
from .layer_utils import dropout, fc, flatten, gelu


class TestFCGeLU(Module):
    """flatten -> fc -> gelu, to try layers in a row.

    The fc layer takes 15 numbers for each example and gives 5. Its name is ``"fc1"``, so that its
    parameters are ``fc1_w`` and ``fc1_b``.
    """

    __test__ = False  # for pytest: a model, not a test

    def __init__(self):
        raise NotImplementedError("TODO(fc_gelu)")


class SmallFullyConnectedNetwork(Module):
    """fc -> gelu -> fc: 4 inputs, 30 hidden units, 7 scores.

    The fc layers are called ``"fc1"`` and ``"fc2"``. Weights start with standard deviation 0.02,
    biases at 0.
    """

    def __init__(self):
        raise NotImplementedError("TODO(small_network)")


class DropoutNet(Module):
    """fc -> gelu -> fc -> gelu -> dropout -> fc: 15 inputs, 15 hidden units each, 10 scores."""

    def __init__(self, keep_prob, seed=None):
        self.net = sequential(
            fc(15, 15, init_scale=0.1, name="fc1"),
            gelu("gelu1"),
            fc(15, 15, init_scale=0.1, name="fc2"),
            gelu("gelu2"),
            dropout(keep_prob, seed=seed),
            fc(15, 10, init_scale=0.1, name="fc3"),
        )


class TinyNet(Module):
    """flatten -> fc -> gelu -> fc, of any size.

    Parameters
    ----------
    input_dim : int
        Numbers in one example after `flatten`.
    hidden_dim, num_classes : int
    dtype : NumPy type of the parameters
    """

    def __init__(self, input_dim, hidden_dim=100, num_classes=10, dtype=np.float32):
        raise NotImplementedError("TODO(tiny_net)")


class FullyConnectedNetwork(Module):
    """flatten, then four fc layers with a gelu between each two: the deep model of comparisons.

    Its initial weights have the standard deviation ``1 / sqrt(inputs)``, so that signals keep
    their size from layer to layer.
    """

    def __init__(self, input_dim, hidden_dim=100, num_classes=10, dtype=np.float32):
        sizes = (input_dim, hidden_dim, hidden_dim, hidden_dim, num_classes)
        layers = [flatten()]
        for number in range(1, len(sizes)):
            inputs, outputs = sizes[number - 1], sizes[number]
            layers.append(fc(inputs, outputs, inputs**-0.5, dtype, name=f"fc{number}"))
            if number < len(sizes) - 1:
                layers.append(gelu(f"gelu{number}"))
        self.net = sequential(*layers)
