"""What belongs together."""

from autograder.judging.groups import Group, function, glue, in_notebook, method

LAYERS = "nn.layers"

GROUPS = (
    Group(
        name="scale",
        checks=("scale_forward", "scale_backward", "scale_twice"),
        parts=(function(LAYERS, "scale_forward", keeps=(1,)), function(LAYERS, "scale_backward")),
        soft=("scale_twice",),
    ),
    Group(name="shift", checks=("shift",), parts=(function(LAYERS, "shift"),)),
    Group(
        name="layer",
        checks=("layer",),
        parts=(
            method(LAYERS, "Layer.forward", keeps=("meta",)),
            method(LAYERS, "Layer.backward", keeps=("meta",)),
        ),
    ),
    Group(name="mean", checks=("mean",), parts=(in_notebook("lesson", "mean"),)),
    Group(name="chain", checks=("chain",), parts=(function("nn.chain", "chain_forward"),)),
    Group(name="net", checks=("net",), parts=(glue("nn.chain", "Net.step"),)),
    Group(
        name="built",
        checks=("built",),
        parts=(glue("nn.chain", "Built.__init__", theirs=("Layer",)),),
    ),
    Group(name="train", checks=("train",)),
    Group(name="either", checks=("either",), uses=("mean", "spread")),
    Group(name="spread", checks=("spread",)),
    Group(name="all_three", checks=("all_three",)),
)
