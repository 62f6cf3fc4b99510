"""Convolutional models. Each one chains layers; how a layer computes is not its affair."""

import numpy as np

from ..mlp.layer_utils import fc, flatten, gelu
from ..module import Module
from ..sequential import sequential
from .layer_utils import ConvLayer2D, MaxPoolingLayer


class TestCNN(Module):
    """Convolution -> max pooling -> flatten -> fc, for images of shape (8, 8, 3).

    The convolution, ``"conv1"``, has 3 filters of size 3, stride 1 and no padding; the pooling
    has windows of size 2 and stride 2; the fc layer, ``"fc1"``, gives 5 scores. Weights start with
    standard deviation 0.02.
    """

    __test__ = False  # for pytest: a model, not a test

    def __init__(self):
        ### BEGIN SOLUTION test_cnn
        self.net = sequential(
            ConvLayer2D(3, 3, 3, init_scale=0.02, name="conv1"),
            MaxPoolingLayer(2, 2),
            flatten(),
            fc(27, 5, init_scale=0.02, name="fc1"),
        )
        ### END SOLUTION


class SmallConvolutionalNetwork(Module):
    """A model of your own, with one or two convolutions and at most two max poolings.

    It is made for images of any shape (height, width, channels) with sides of 12 pixels or more,
    and gives `num_classes` scores for each. The first layer is a `ConvLayer2D` called ``"conv1"``.
    Other layers of this package may be used as you like. The gradient of the images is not used.

    Parameters
    ----------
    image_shape : tuple (height, width, channels)
    num_classes : int
    dtype : NumPy type of the parameters
    """

    def __init__(self, image_shape, num_classes, dtype=np.float32):
        ### BEGIN SOLUTION small_cnn
        convolution = ConvLayer2D(
            image_shape[2], 5, 16, padding=2, init_scale=0.03, dtype=dtype, name="conv1"
        )
        convolution.needs_input_gradient = False
        height, width = image_shape[0] // 4, image_shape[1] // 4
        self.net = sequential(
            convolution,
            gelu(),
            MaxPoolingLayer(4, 4),
            flatten(),
            fc(16 * height * width, num_classes, init_scale=0.05, dtype=dtype, name="fc1"),
        )
        ### END SOLUTION
