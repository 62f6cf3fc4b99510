"""Update rules: one step of a parameter along its gradient.

Every rule has the form ``rule(w, dw, config) -> (w, config)``. `Solver` finds a rule here by its
name and keeps one `config` for each parameter, so that a rule can remember things between steps.
"""


def sgd(w, dw, config=None):
    """One step of stochastic gradient descent: ``w - learning_rate * dw``.

    Parameters
    ----------
    w : array
        A parameter of any shape. Changing it in place is allowed here.
    dw : array of the shape of `w`
        Gradient of the loss with respect to `w`. It is not changed.
    config : dict or None
        ``config["learning_rate"]`` is the step size; 1e-2 where it is missing.

    Returns
    -------
    w : array
        The parameter after the step.
    config : dict
        For the next step.
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    raise NotImplementedError("TODO(sgd)")
