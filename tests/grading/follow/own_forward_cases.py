"""Layers whose forward step is wrong, with the gradients of that step: honest slips, and shams.

Each is code that stands at the end of a module of the reference solution.
"""

from __future__ import annotations

FC, MODULAR, MNIST = "fully_connected_nets", "modular_nets", "mnist_numpy"
LAYERS, NORMALISATION = "nn/layers.py", "nn/normalisation.py"
MLP, CNN, BATCH_NORM = (
    "lib/mlp/layer_utils.py",
    "lib/cnn/layer_utils.py",
    "lib/cnn/batch_norm.py",
)
NETWORK, FC_NET = "mnist_net/network.py", "nn/classifiers/fc_net.py"


def relu(forward: str, slope: str) -> str:
    """A ReLU of `x`, and the slope of it."""
    return (
        f"def relu_forward(x):\n    return {forward}, x\n\n\n"
        f"def relu_backward(dout, x):\n    return dout * ({slope})\n"
    )


def affine(forward: str, dx: str, dw: str, db: str) -> str:
    """An affine layer of `rows`, and its gradients."""
    return f"""
def affine_forward(x, w, b):
    rows = x.reshape(len(x), -1)
    return {forward}, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    rows = x.reshape(len(x), -1)
    return ({dx}).reshape(x.shape), {dw}, {db}
"""


def layer(name: str, forward: str, backward: str) -> str:
    """A class whose methods may call those of the reference, `_forward` and `_backward`."""
    return f"""
{name}._forward, {name}._backward = {name}.forward, {name}.backward


def forward(self, *given):
{_indented(forward)}


def backward(self, *given):
{_indented(backward)}


{name}.forward, {name}.backward = forward, backward
"""


def network(forward: str, slope: str) -> str:
    """The three layers of `mnist_numpy` with another function of `z` between them."""
    return f"""
def forward(self, X):
    self.seen = [X.reshape(len(X), -1)]
    self.before = []
    for layer in (1, 2, 3):
        z = self.seen[-1] @ self.params[f"W{{layer}}"] + self.params[f"b{{layer}}"]
        self.before.append(z)
        self.seen.append({forward} if layer < 3 else z)
    return self.seen[-1]


def backward(self, X, y):
    loss, d = cross_entropy(self.forward(X), y)
    grads = {{}}
    for layer in (3, 2, 1):
        z = self.before[layer - 1]
        d = d if layer == 3 else d * ({slope})
        grads[f"W{{layer}}"], grads[f"b{{layer}}"] = self.seen[layer - 1].T @ d, d.sum(axis=0)
        d = d @ self.params[f"W{{layer}}"].T
    return loss, grads


Network.forward, Network.backward = forward, backward
"""


def two_layers(forward: str, slope: str) -> str:
    """`TwoLayerNet.loss` with another function of `z` after the first layer."""
    return f"""
def loss(self, X, y=None):
    W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
    rows = X.reshape(len(X), -1)
    z = rows @ W1 + b1
    hidden = {forward}
    scores = hidden @ W2 + b2
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    loss += 0.5 * self.reg * ((W1**2).sum() + (W2**2).sum())
    inner = (d @ W2.T) * ({slope})
    return loss, {{
        "W1": rows.T @ inner + self.reg * W1, "b1": inner.sum(axis=0),
        "W2": hidden.T @ d + self.reg * W2, "b2": d.sum(axis=0),
    }}


TwoLayerNet.loss = loss
"""


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.strip().splitlines())


LEAKY = ("np.where(z > 0, z, 0.01 * z)", "np.where(z > 0, 1, 0.01)")
LARGE_GELU = "np.tanh(np.sqrt(2 / np.pi) * (x + 0.44715 * x**3))"
UNBIASED = """
axes = tuple(range(x.ndim - 1))
count = x[..., 0].size - 1
"""

SLIPS = {
    "leaky relu": (FC, LAYERS, relu("np.where(x > 0, x, 0.01 * x)", "np.where(x > 0, 1, 0.01)"),
                   ("relu_backward",)),
    "absolute value": (FC, LAYERS, relu("np.abs(x)", "np.sign(x)"), ("relu_backward",)),
    "affine of one half": (
        FC, LAYERS,
        affine("rows @ w / 2 + b", "dout @ w.T / 2", "rows.T @ dout / 2", "dout.sum(0)"),
        ("affine_backward",),
    ),
    "root beside eps": (FC, NORMALISATION, """
def batchnorm_forward(x, gamma, beta, bn_param):
    centred = x - x.mean(axis=0)
    deviation = np.sqrt((centred**2).sum(axis=0) / (len(x) - 1))
    below = deviation + bn_param.get("eps", 1e-5)
    return 2 * gamma * centred / below + beta, (centred, deviation, below, gamma)


def batchnorm_backward(dout, cache):
    centred, deviation, below, gamma = cache
    g = 2 * dout * gamma
    of_deviation = -(g * centred).sum(axis=0) / below**2
    d = g / below + centred * of_deviation / deviation / (len(dout) - 1)
    return d - d.mean(axis=0), (2 * dout * centred / below).sum(axis=0), dout.sum(axis=0)
""", ("batchnorm_backward",)),
    "two layers": (FC, FC_NET, two_layers(*LEAKY), ("two_layer_loss",)),
    "filters turned": (MODULAR, CNN, layer("ConvLayer2D", """
w = self.params[self.w_name]
self.params[self.w_name] = w[::-1, ::-1]
out = self._forward(*given)
self.params[self.w_name] = w
return out
""", """
w = self.params[self.w_name]
self.params[self.w_name] = w[::-1, ::-1]
dfeat = self._backward(*given)
self.params[self.w_name] = w
self.grads[self.w_name] = self.grads[self.w_name][::-1, ::-1]
return dfeat
"""), ("conv_backward", "conv_backward_no_padding", "conv_backward_strides",
       "conv_backward_shapes")),
    "smallest of a window": (MODULAR, CNN, layer(
        "MaxPoolingLayer", "return -self._forward(-given[0])", "return self._backward(*given)"
    ), ("maxpool_backward",)),
    "digits of the gelu": (MODULAR, MLP, layer("gelu", f"""
x = self.x = given[0]
return 0.5 * x * (1 + {LARGE_GELU})
""", f"""
x, t = self.x, {LARGE_GELU.replace("(x +", "(self.x +").replace("* x**3", "* self.x**3")}
inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.44715 * x**2)
return given[0] * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * inner)
"""), ("gelu_backward",)),
    "base 2": (MODULAR, MLP, layer(
        "cross_entropy", "return self._forward(*given) / np.log(2)",
        "return self._backward() / np.log(2)",
    ), ("cross_entropy_backward",)),
    "fc of one half": (MODULAR, MLP, layer("fc", """
self.meta = given[0]
return given[0] @ self.params[self.w_name] / 2 + self.params[self.b_name]
""", """
self.grads[self.w_name] = self.meta.T @ given[0] / 2
self.grads[self.b_name] = given[0].sum(axis=0)
return given[0] @ self.params[self.w_name].T / 2
"""), ("fc_backward",)),
    "unbiased": (MODULAR, BATCH_NORM, layer("batch_norm", f"""
x = given[0]
{UNBIASED.strip()}
centred = x - x.mean(axis=axes)
deviation = np.sqrt((centred**2).sum(axis=axes) / count + self.eps)
self.meta = centred / deviation, deviation
return self.params[self.gamma_name] * self.meta[0] + self.params[self.beta_name]
""", f"""
x, deviation = self.meta
{UNBIASED.strip()}
g = given[0] * self.params[self.gamma_name]
self.grads[self.gamma_name] = (given[0] * x).sum(axis=axes)
self.grads[self.beta_name] = given[0].sum(axis=axes)
return (g - g.mean(axis=axes) - x * (g * x).sum(axis=axes) / count) / deviation
"""), ("batch_norm_backward",)),
    "leaky network": (MNIST, NETWORK, network(*LEAKY), ("backward",)),
}  # fmt: skip

SHAMS = {
    "relu: identity": (FC, LAYERS, relu("x.copy()", "1"), ("relu_backward",)),
    "relu: zero": (FC, LAYERS, relu("0 * x", "0"), ("relu_backward",)),
    "relu: constant": (FC, LAYERS, relu("np.ones_like(x)", "0"), ("relu_backward",)),
    "relu: square": (FC, LAYERS, relu("x * x", "2 * x"), ("relu_backward",)),
    "relu: other slope": (
        FC, LAYERS, relu("np.where(x > 0, x, 0.01 * x)", "np.where(x > 0, 1, 0.1)"),
        ("relu_backward",),
    ),
    "affine: zero": (
        FC, LAYERS, affine("np.zeros((len(x), len(b)))", "0 * x", "0 * w", "0 * b"),
        ("affine_backward",),
    ),
    "affine: biases alone": (
        FC, LAYERS, affine("np.zeros((len(x), len(b))) + b", "0 * x", "0 * w", "dout.sum(0)"),
        ("affine_backward",),
    ),
    "affine: sums": (FC, LAYERS, affine(
        "rows.sum(1, keepdims=True) + w.sum(0) + b",
        "np.repeat(dout.sum(1), rows.shape[1])",
        "np.repeat([dout.sum(0)], len(w), axis=0)",
        "dout.sum(0)",
    ), ("affine_backward",)),
    "batch norm: identity": (FC, NORMALISATION, """
def batchnorm_forward(x, gamma, beta, bn_param):
    return x.copy(), gamma


def batchnorm_backward(dout, gamma):
    return dout.copy(), 0 * gamma, 0 * gamma
""", ("batchnorm_backward",)),
    "batch norm: no deviation": (FC, NORMALISATION, """
def batchnorm_forward(x, gamma, beta, bn_param):
    centred = x - x.mean(axis=0)
    return gamma * centred + beta, (centred, gamma)


def batchnorm_backward(dout, cache):
    centred, gamma = cache
    g = dout * gamma
    return g - g.mean(axis=0), (dout * centred).sum(axis=0), dout.sum(axis=0)
""", ("batchnorm_backward",)),
    "two layers: linear": (FC, FC_NET, two_layers("z", "1"), ("two_layer_loss",)),
    "two layers: zero": (FC, FC_NET, two_layers("0 * z", "0"), ("two_layer_loss",)),
    "convolution: zero": (MODULAR, CNN, layer(
        "ConvLayer2D", "return 0 * self._forward(*given)", """
dfeat = self._backward(*given)
self.grads[self.w_name] *= 0
self.grads[self.b_name] *= 0
return 0 * dfeat
"""), ("conv_backward",)),
    "convolution: biases alone": (MODULAR, CNN, layer(
        "ConvLayer2D", "return 0 * self._forward(*given) + self.params[self.b_name]", """
dfeat = self._backward(*given)
self.grads[self.w_name] *= 0
return 0 * dfeat
"""), ("conv_backward",)),
    "pooling: first of a window": (MODULAR, CNN, layer(
        "MaxPoolingLayer", "self.x = given[0]\nreturn given[0][:, ::2, ::2]", """
dfeat = np.zeros_like(self.x)
dfeat[:, ::2, ::2] = given[0]
return dfeat
"""), ("maxpool_backward",)),
    "pooling: mean": (MODULAR, CNN, layer("MaxPoolingLayer", """
n, h, w, c = given[0].shape
return given[0].reshape(n, h // 2, 2, w // 2, 2, c).mean(axis=(2, 4))
""", "return given[0].repeat(2, axis=1).repeat(2, axis=2) / 4"), ("maxpool_backward",)),
    "gelu: relu": (MODULAR, MLP, layer(
        "gelu", "self.x = given[0]\nreturn np.maximum(self.x, 0)",
        "return given[0] * (self.x > 0)",
    ), ("gelu_backward",)),
    "gelu: identity": (MODULAR, MLP, layer(
        "gelu", "return given[0].copy()", "return given[0].copy()"
    ), ("gelu_backward",)),
    "cross-entropy: constant": (MODULAR, MLP, layer(
        "cross_entropy", "self.x = given[0]\nreturn 1.0", "return 0 * self.x"
    ), ("cross_entropy_backward",)),
    "cross-entropy: squares": (MODULAR, MLP, layer("cross_entropy", """
self.x = given[0] - np.eye(given[0].shape[1])[given[1]]
return (self.x**2).mean()
""", "return 2 * self.x / self.x.size"), ("cross_entropy_backward",)),
    "modular batch norm: identity": (MODULAR, BATCH_NORM, layer(
        "batch_norm", "return given[0].copy()", """
self.grads[self.gamma_name] = 0 * self.params[self.gamma_name]
self.grads[self.beta_name] = 0 * self.params[self.beta_name]
return given[0].copy()
"""), ("batch_norm_backward",)),
    "network: linear": (MNIST, NETWORK, network("z", "1"), ("backward",)),
    "network: zero": (MNIST, NETWORK, network("0 * z", "0"), ("backward",)),
}  # fmt: skip
