"""What the checks of functions compare with."""


def doubled(x):
    return 2 * x
