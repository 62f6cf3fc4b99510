"""What belongs together in `fully_connected_nets`, where the course can replace a failed part."""

from __future__ import annotations

from autograder.judging.groups import Group, function, in_notebook, method

LAYERS, NETS = "nn.layers", "nn.classifiers.fc_net"

GROUPS = (
    Group(
        name="affine",
        checks=("affine_forward", "affine_backward"),
        parts=(
            function(LAYERS, "affine_forward", keeps=(1,)),
            function(LAYERS, "affine_backward"),
        ),
        soft=("affine_backward",),
    ),
    Group(
        name="relu",
        checks=("relu_forward", "relu_backward"),
        parts=(function(LAYERS, "relu_forward", keeps=(1,)), function(LAYERS, "relu_backward")),
        soft=("relu_backward",),
    ),
    Group(
        name="affine_relu",
        checks=("affine_relu",),
        parts=(
            function("nn.layer_utils", "affine_relu_forward", keeps=(1,)),
            function("nn.layer_utils", "affine_relu_backward"),
        ),
    ),
    Group(
        name="softmax_loss",
        checks=("softmax_loss", "softmax_stability"),
        parts=(function(LAYERS, "softmax_loss"),),
    ),
    Group(name="svm_loss", checks=("svm_loss",), parts=(function(LAYERS, "svm_loss"),)),
    Group(name="sgd", checks=("sgd",), parts=(function("nn.optim", "sgd"),)),
    Group(
        name="two_layer_init",
        checks=("two_layer_init",),
        parts=(method(NETS, "TwoLayerNet.__init__"),),
    ),
    Group(
        name="two_layer_loss",
        checks=("two_layer_scores", "two_layer_loss"),
        parts=(method(NETS, "TwoLayerNet.loss"),),
        soft=("two_layer_loss",),
    ),
    Group(
        name="fc_net_init",
        checks=("fc_net_init",),
        parts=(method(NETS, "FullyConnectedNet.__init__"),),
    ),
    Group(
        name="fc_net_loss",
        checks=("fc_net_scores", "fc_net_loss"),
        parts=(method(NETS, "FullyConnectedNet.loss"),),
        soft=("fc_net_loss",),
    ),
    Group(name="overfit_three_layers", checks=("overfit_three_layers",)),
    Group(name="overfit_five_layers", checks=("overfit_five_layers",)),
    Group(
        name="train_best_model",
        checks=("tuning",),
        parts=(in_notebook("fully_connected_nets", "train_best_model"),),
    ),
    Group(
        name="write_predictions",
        checks=("predictions",),
        parts=(in_notebook("fully_connected_nets", "write_predictions"),),
    ),
    Group(
        name="sgd_momentum",
        checks=("sgd_momentum",),
        parts=(function("nn.optim", "sgd_momentum"),),
    ),
    Group(name="rmsprop", checks=("rmsprop",), parts=(function("nn.optim", "rmsprop"),)),
    Group(name="adam", checks=("adam",), parts=(function("nn.optim", "adam"),)),
    *(
        Group(
            name=name,
            checks=(f"{name}_forward", *more, f"{name}_backward"),
            parts=(
                function(module, f"{name}_forward", keeps=(1,)),
                function(module, f"{name}_backward"),
            ),
            soft=(*more, f"{name}_backward"),
        )
        for module, name, more in (
            ("nn.normalisation", "batchnorm", ("batchnorm_running",)),
            ("nn.normalisation", "layernorm", ()),
            ("nn.dropout", "dropout", ()),
        )
    ),
    Group(
        name="normalised_net",
        checks=("normalised_net", "normalised_net_testing"),
        parts=(method("nn.classifiers.normalised_net", "NormalisedNet.loss"),),
        soft=("normalised_net_testing",),
    ),
    Group(
        name="search_depth",
        checks=("search_depth",),
        parts=(in_notebook("training_deep_nets", "search_depth"),),
    ),
)
