"""Hidden tests of `fully_connected_nets`, in the order in which they run."""

from . import layers, networks

PARTS = (layers, networks)
