"""The networks of the works in PyTorch and JAX, as the contenders and the bench of GPUs train them."""
import numpy as np

hidden = {"W1": [128], "W2": [512, 256], "W3": []}


def torch_model(work):
    from torch import nn

    if work == "W3":
        return nn.Sequential(nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10))
    sizes = [784, *hidden[work]]
    return nn.Sequential(*[layer for a, b in zip(sizes, hidden[work]) for layer in (nn.Linear(a, b), nn.ReLU())], nn.Linear(sizes[-1], 10))


def jax_model(work):
    """Initial parameters, and the logits of (parameters, images, key)."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    keys = iter(jax.random.split(jax.random.key(1), 8))
    glorot = lambda shape, i, o: jax.random.uniform(next(keys), shape, minval=-1, maxval=1) * np.sqrt(6 / (i + o))
    if work == "W3":
        params = [glorot((3, 3, 1, 32), 9, 288), jnp.zeros(32), glorot((3, 3, 32, 64), 288, 576), jnp.zeros(64), glorot((1600, 10), 1600, 10), jnp.zeros(10)]
    else:
        sizes = [784, *hidden[work], 10]
        params = [p for a, b in zip(sizes, sizes[1:]) for p in (glorot((a, b), a, b), jnp.zeros(b))]

    def logits(p, x, key):
        if work == "W3":
            x = x.reshape(-1, 28, 28, 1)
            for k, b in ((p[0], p[1]), (p[2], p[3])):
                x = jax.nn.relu(lax.conv_general_dilated(x, k, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")) + b)
                x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
            x = x.reshape(x.shape[0], -1)
            return (x * jax.random.bernoulli(key, 0.5, x.shape) * 2) @ p[4] + p[5]
        for i in range(0, len(p), 2):
            x = x @ p[i] + p[i + 1]
            if i + 2 < len(p):
                x = jax.nn.relu(x)
        return x

    return params, logits
