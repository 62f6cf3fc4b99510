# %% [markdown]
# # [[= assignment.title ]]
#
# Layers, a loss and a network with one hidden layer. The check cells are the hidden tests of
# nbgrader and of otter; `two_layer_checks.py` computes the same in our judge.

# %%
import matplotlib.pyplot as plt
import numpy as np

# %matplotlib inline
plt.rcParams["figure.figsize"] = (10.0, 8.0)
plt.rcParams["image.interpolation"] = "nearest"

# %% [markdown]
# ## Layers


# %%
def affine_forward(x, w, b):
    ### BEGIN SOLUTION affine_forward
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w, b)
    ### END SOLUTION


# %% check="affine_forward"
for shape in ((4, 2, 3), (1, 6)):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=shape), rng.normal(size=(6, 5)), rng.normal(size=5)
    out, _ = affine_forward(x, w, b)
    assert np.shape(out) == (len(x), 5)
    assert np.allclose(out, x.reshape(len(x), 6).dot(w) + b)


# %%
def affine_backward(dout, cache):
    ### BEGIN SOLUTION affine_backward
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    return dx, x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)
    ### END SOLUTION


# %% check="affine_backward"
rng = np.random.default_rng(1)
x, w, b = rng.normal(size=(4, 2, 3)), rng.normal(size=(6, 5)), rng.normal(size=5)
dout = rng.normal(size=(4, 5))
_, cache = affine_forward(x, w, b)
dx, dw, db = affine_backward(dout, cache)
assert np.shape(dx) == x.shape
assert np.shape(dw) == w.shape
assert np.shape(db) == b.shape
assert np.allclose(dx, dout.dot(w.T).reshape(x.shape))
assert np.allclose(dw, x.reshape(4, 6).T.dot(dout))
assert np.allclose(db, np.ones(4).dot(dout))


# %%
def relu_forward(x):
    ### BEGIN SOLUTION relu_forward
    return np.maximum(0, x), x
    ### END SOLUTION


# %% check="relu_forward"
rng = np.random.default_rng(2)
x = rng.normal(size=(5, 7))
before = x.copy()
out, _ = relu_forward(x)
assert np.shape(out) == x.shape
assert np.allclose(out, np.where(before > 0, before, 0))
assert np.array_equal(x, before)


# %%
def relu_backward(dout, cache):
    ### BEGIN SOLUTION relu_backward
    return dout * (cache > 0)
    ### END SOLUTION


# %% check="relu_backward"
rng = np.random.default_rng(3)
x, dout = rng.normal(size=(5, 7)), rng.normal(size=(5, 7))
_, cache = relu_forward(x)
dx = relu_backward(dout, cache)
assert np.shape(dx) == x.shape
assert np.allclose(dx, np.where(x > 0, dout, 0))


# %%
def softmax_loss(x, y):
    ### BEGIN SOLUTION softmax_loss
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)
    ### END SOLUTION


# %% check="softmax_loss"
for scale in (1.0, 1000.0):
    rng = np.random.default_rng(4)
    x, y = scale * rng.normal(size=(6, 4)), rng.integers(4, size=6)
    loss, dx = softmax_loss(x, y)
    z = x - x.max(axis=1)[:, None]
    p = np.exp(z) / np.exp(z).sum(axis=1)[:, None]
    right = np.mean(np.log(np.exp(z).sum(axis=1)) - z[range(6), y])
    assert np.allclose(loss, right)
    assert np.shape(dx) == x.shape
    assert np.allclose(dx, (p - np.eye(4)[y]) / 6)

# %% [markdown]
# ## The network


# %%
class TwoLayerNet:
    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.0):
        ### BEGIN SOLUTION two_layer_init
        self.reg = reg
        self.params = {
            "W1": weight_scale * np.random.standard_normal((input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * np.random.standard_normal((hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }
        ### END SOLUTION

    def loss(self, X, y=None):
        ### BEGIN SOLUTION two_layer_loss
        W1, W2 = self.params["W1"], self.params["W2"]
        hidden, first = affine_forward(X, W1, self.params["b1"])
        active, mask = relu_forward(hidden)
        scores, second = affine_forward(active, W2, self.params["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        dactive, dW2, db2 = affine_backward(dscores, second)
        _, dW1, db1 = affine_backward(relu_backward(dactive, mask), first)
        return loss, {"W1": dW1 + self.reg * W1, "b1": db1, "W2": dW2 + self.reg * W2, "b2": db2}
        ### END SOLUTION


# %% check="two_layer_init"
net = TwoLayerNet(500, 60, 7, weight_scale=0.02)
shapes = {"W1": (500, 60), "b1": (60,), "W2": (60, 7), "b2": (7,)}
assert {name: np.shape(value) for name, value in net.params.items()} == shapes
assert abs(np.std(net.params["W1"]) - 0.02) < 0.002
assert not np.any(net.params["b1"])
assert not np.any(net.params["b2"])

# %% check="two_layer_scores"
rng = np.random.default_rng(6)
net = TwoLayerNet(6, 8, 4)
for name, shape in (("W1", (6, 8)), ("b1", (8,)), ("W2", (8, 4)), ("b2", (4,))):
    net.params[name] = rng.normal(size=shape)
X = rng.normal(size=(5, 6))
hidden = np.maximum(X.dot(net.params["W1"]) + net.params["b1"], 0)
scores = net.loss(X)
assert np.shape(scores) == (5, 4)
assert np.allclose(scores, hidden.dot(net.params["W2"]) + net.params["b2"])

# %% check="two_layer_loss"
for reg in (0.0, 0.7):
    rng = np.random.default_rng(7)
    net = TwoLayerNet(6, 8, 4, reg=reg)
    for name, shape in (("W1", (6, 8)), ("b1", (8,)), ("W2", (8, 4)), ("b2", (4,))):
        net.params[name] = rng.normal(size=shape)
    X, y = rng.normal(size=(5, 6)), rng.integers(4, size=5)
    W1, W2 = net.params["W1"], net.params["W2"]
    hidden = np.maximum(X.dot(W1) + net.params["b1"], 0)
    z = hidden.dot(W2) + net.params["b2"]
    z = z - z.max(axis=1)[:, None]
    p = np.exp(z) / np.exp(z).sum(axis=1)[:, None]
    loss, grads = net.loss(X, y)
    right = -np.mean(np.log(p[range(5), y])) + 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    assert np.allclose(loss, right)
    up = (p - np.eye(4)[y]) / 5
    back = up.dot(W2.T) * (hidden > 0)
    assert np.allclose(grads["W2"], hidden.T.dot(up) + reg * W2)
    assert np.allclose(grads["b2"], up.sum(axis=0))
    assert np.allclose(grads["W1"], X.T.dot(back) + reg * W1)
    assert np.allclose(grads["b1"], back.sum(axis=0))


# %%
def sgd(w, dw, learning_rate):
    ### BEGIN SOLUTION sgd
    return w - learning_rate * dw
    ### END SOLUTION


# %% check="sgd"
rng = np.random.default_rng(8)
w, dw = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
stepped = sgd(w.copy(), dw, 0.1)
assert np.shape(stepped) == w.shape
assert np.allclose(stepped, w - 0.1 * dw)
