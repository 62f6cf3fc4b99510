"""The functions of NumPy, SciPy, PyTorch and MATLAB, and the names they are read by."""

from __future__ import annotations

FUNCTIONS = {
    "tr": "tr", "Tr": "tr", "trace": "tr", "diag": "diag", "Diag": "diag", "inv": "inv",
    "pinv": "pinv", "det": "det", "rank": "rank", "rk": "rank", "exp": "exp", "log": "log",
    "ln": "log", "sqrt": "sqrt", "norm": "norm", "abs": "abs", "eye": "eye", "identity": "eye",
    "zeros": "zeros", "ones": "ones", "transpose": "transpose", "dot": "dot", "matmul": "dot",
    "solve": "solve", "vstack": "vstack", "hstack": "hstack", "block": "block", "sin": "sin",
    "cos": "cos", "tanh": "tanh", "floor": "floor", "ceil": "ceil", "sum": "sum", "min": "min",
    "max": "max", "argmin": "argmin", "argmax": "argmax", "arg": "arg", "multiply": "multiply",
    "outer": "outer", "square": "square", "sigmoid": "sigmoid", "relu": "relu", "mean": "mean",
    "concatenate": "concatenate", "lstsq": "lstsq", "linsolve": "solve", "mldivide": "solve",
    "array": "array", "asarray": "array", "len": "len", "size": "size", "shape": "shape",
    "cosh": "cosh", "sinh": "sinh", "sech": "sech", "tan": "tan", "arg min": "argmin",
    "arg max": "argmax", "np.sum": "np.sum", "np.mean": "mean", "Spur": "tr", "spur": "tr",
    "speye": "eye", "einsum": "einsum",
}  # fmt: skip
PREFIXED = {
    "sum": "np.sum",
    "norm": "np.norm",
    "mm": "dot",
    "mv": "dot",
}  # otherwise than in MATLAB
SPREADS = {"std": "np.std", "var": "np.var"}  # divided by n, otherwise than in PyTorch
KEYWORDS = {"axis", "dim", "keepdims", "rcond", "ord", "True", "False", "None", "newaxis"}
METHODS = {"shape", "size", "mT", "sum", "mean", "t", "mm", "mv",
           "matmul", "reshape", "unsqueeze"}  # fmt: skip
PREFIXES = {"np", "numpy", "math", "linalg", "LA", "la", "torch", "scipy", "sparse", "sps", "sp",
            "jnp", "jax", "tf", "xp", "cp"}  # fmt: skip
