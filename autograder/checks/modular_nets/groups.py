"""What belongs together in `modular_nets`, where the course can replace a failed part."""

from __future__ import annotations

from autograder.judging.groups import Group, function, glue, in_notebook, method

MLP, MODELS, TRAIN = "lib.mlp.layer_utils", "lib.mlp.fully_conn", "lib.mlp.train"
CNN, CNN_MODELS, BATCH_NORM = "lib.cnn.layer_utils", "lib.cnn.cnn_models", "lib.cnn.batch_norm"
NET, OPTIM = "lib.sequential", "lib.optim"
MATHS = "convolution_maths"
CONV_GRADIENTS = (
    "conv_backward",
    "conv_backward_no_padding",
    "conv_backward_strides",
    "conv_backward_shapes",
)
LAYERS = ("flatten", "fc", "gelu")


def _layer(module: str, name: str, *checks: str, soft: tuple[str, ...] = ()) -> Group:
    """A class with `forward` and `backward`, whose `meta` is its own."""
    parts = tuple(
        method(module, f"{name}.{direction}", keeps=("meta",))
        for direction in ("forward", "backward")
    )
    return Group(name=name, checks=checks, parts=parts, soft=soft)


GROUPS = (
    _layer(MLP, "flatten", "flatten", "flatten_backward", soft=("flatten_backward",)),
    _layer(MLP, "fc", "fc_forward", "fc_backward", soft=("fc_backward",)),
    _layer(
        MLP,
        "gelu",
        "gelu_forward",
        "gelu_backward",
        "gelu_large_inputs",
        soft=("gelu_backward",),
    ),
    _layer(MLP, "dropout", "dropout_forward", "dropout_backward", "dropout_off"),
    _layer(
        MLP,
        "cross_entropy",
        "cross_entropy_forward",
        "cross_entropy_backward",
        "cross_entropy_stability",
        "cross_entropy_sum",
        soft=("cross_entropy_backward",),
    ),
    Group(
        name="softmax",
        checks=("softmax", "softmax_stability"),
        parts=(function(MLP, "softmax"),),
    ),
    Group(name="sequential", checks=("sequential",), parts=(glue(NET, "sequential.backward"),)),
    Group(
        name="fc_gelu",
        checks=("fc_gelu",),
        parts=(
            glue(MODELS, "TestFCGeLU.__init__", theirs=("sequential", "flatten", "fc", "gelu")),
        ),
    ),
    Group(
        name="small_network",
        checks=("small_network",),
        parts=(
            glue(
                MODELS, "SmallFullyConnectedNetwork.__init__", theirs=("sequential", "fc", "gelu")
            ),
        ),
    ),
    Group(
        name="tiny_net",
        checks=("tiny_net",),
        parts=(glue(MODELS, "TinyNet.__init__", theirs=("sequential", *LAYERS)),),
    ),
    Group(
        name="l1_regularization",
        checks=("l1_regularization",),
        parts=(glue(NET, "sequential.apply_l1_regularization"),),
    ),
    Group(
        name="l2_regularization",
        checks=("l2_regularization",),
        parts=(glue(NET, "sequential.apply_l2_regularization"),),
    ),
    Group(name="sgd", checks=("sgd", "weight_decay"), parts=(glue(OPTIM, "SGD.step"),)),
    Group(name="adam", checks=("adam", "adam_weight_decay"), parts=(glue(OPTIM, "Adam.step"),)),
    Group(
        name="train_net",
        checks=("train_net", "train_net_regularized", "train_net_dropout"),
        parts=(glue(TRAIN, "train_net"),),
    ),
    Group(name="tiny_settings", checks=("tiny_net_training",)),
    Group(
        name="conv_output_size",
        checks=("conv_output_size",),
        parts=(method(CNN, "ConvLayer2D.get_output_size"),),
    ),
    _layer(
        CNN,
        "ConvLayer2D",
        "conv_forward",
        "conv_forward_strides",
        "conv_forward_shapes",
        *CONV_GRADIENTS,
        soft=CONV_GRADIENTS,
    ),
    _layer(
        CNN,
        "MaxPoolingLayer",
        "maxpool_forward",
        "maxpool_backward",
        "maxpool_overlap",
        "maxpool_ties",
        soft=("maxpool_backward",),
    ),
    Group(
        name="test_cnn",
        checks=("test_cnn",),
        parts=(
            glue(
                CNN_MODELS,
                "TestCNN.__init__",
                theirs=("sequential", "ConvLayer2D", "MaxPoolingLayer", "flatten", "fc"),
            ),
        ),
    ),
    Group(
        name="small_cnn",
        checks=("small_cnn",),
        parts=(
            glue(
                CNN_MODELS,
                "SmallConvolutionalNetwork.__init__",
                theirs=("sequential", "ConvLayer2D", "MaxPoolingLayer", "flatten", "fc", "gelu"),
            ),
        ),
    ),
    Group(name="cnn_settings", checks=("cnn_training",), uses=("adam", "sgd")),
    _layer(
        BATCH_NORM,
        "batch_norm",
        "batch_norm_forward",
        "batch_norm_running",
        "batch_norm_backward",
        soft=("batch_norm_running", "batch_norm_backward"),
    ),
    Group(name="convolve", checks=("convolve",), parts=(in_notebook(MATHS, "convolve"),)),
    Group(name="mask_gradient", checks=("mask_gradient",)),
    Group(name="image_gradient", checks=("image_gradient",)),
    Group(name="pool_window", checks=("pool_window",), parts=(in_notebook(MATHS, "pool_window"),)),
    Group(name="pool_backward", checks=("pool_backward",)),
)
