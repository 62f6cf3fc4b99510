"""What every layer has: a name, parameters, gradients. Knows nothing of what a layer computes."""


class Layer:
    """The base of all layers.

    Attributes
    ----------
    params : dict of name -> array
        The trainable arrays; empty for layers such as `gelu`. Names are unique in a network.
    grads : dict of name -> array
        The gradient of the loss with respect to each of `params`, under the same name. `backward`
        fills it anew on every call.
    meta : anything
        What `forward` leaves here for `backward`. It is yours; nobody else looks into it.
    changes_in_training : bool
        Whether `forward` also takes ``is_training`` and ``seed``, as `dropout` does.
    needs_input_gradient : bool
        False on a first layer if nobody asks for the gradient of the images: its `backward` may
        then save that work and return None.
    """

    changes_in_training = False

    def __init__(self, name):
        self.name = name
        self.params = {}
        self.grads = {}
        self.meta = None
        self.needs_input_gradient = True
