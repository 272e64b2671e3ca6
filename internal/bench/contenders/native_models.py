"""The networks of the works in PyTorch and JAX, as the contenders and the bench of GPUs train them.

All begin with the weights of initial.mjs.
"""
import numpy as np

hidden = {"W1": [128], "W2": [512, 256], "W3": []}


def glorot(shape, fan_in, fan_out, seed):
    """The numbers of `glorot` in initial.mjs, which computes them one after the other."""
    n = int(np.prod(shape))
    powers = np.cumprod(np.full(n, 1664525, np.uint32), dtype=np.uint32)
    sums = np.cumsum(np.concatenate([[np.uint32(1)], powers[:-1]]), dtype=np.uint32)
    states = powers * np.uint32((seed * 2654435761 + 12345) % 2**32) + sums * np.uint32(1013904223)
    values = ((states >> np.uint32(8)) / 2**23 - 1) * np.sqrt(6 / (fan_in + fan_out))
    return values.astype("f4").reshape(shape)


def initial_of(work):
    """The weights of all layers: shapes [3, 3, channels, filters] and [inputs, units]."""
    if work == "W3":
        return [
            glorot((3, 3, 1, 32), 9, 288, 1),
            glorot((3, 3, 32, 64), 288, 576, 3),
            glorot((1600, 10), 1600, 10, 5),
        ]
    sizes = [784, *hidden[work], 10]
    return [glorot((a, b), a, b, 2 * i + 1) for i, (a, b) in enumerate(zip(sizes, sizes[1:]))]


def torch_model(work, dropout=0.5):
    import torch
    from torch import nn

    if work == "W3":
        model = nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)),
            *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Dropout(dropout), nn.Linear(1600, 10)),
        )
    else:
        sizes = [784, *hidden[work]]
        pairs = zip(sizes, hidden[work])
        inner = [layer for a, b in pairs for layer in (nn.Linear(a, b), nn.ReLU())]
        model = nn.Sequential(*inner, nn.Linear(sizes[-1], 10))
    layers = [layer for layer in model if hasattr(layer, "weight")]
    with torch.no_grad():
        for layer, values in zip(layers, initial_of(work)):
            if values.ndim == 4:
                values = values.transpose(3, 2, 0, 1)
            else:
                if work == "W3":
                    # Behind a convolution the channels come first.
                    values = values.reshape(5, 5, 64, 10).transpose(2, 0, 1, 3).reshape(1600, 10)
                values = values.T
            layer.weight.copy_(torch.from_numpy(np.ascontiguousarray(values)))
            layer.bias.zero_()
    return model


def jax_model(work, dropout=0.5):
    """Initial parameters, and the logits of (parameters, images, key)."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    params = []
    for values in initial_of(work):
        params += [jnp.asarray(values), jnp.zeros(values.shape[-1])]

    def logits(p, x, key):
        if work == "W3":
            x = x.reshape(-1, 28, 28, 1)
            for k, b in ((p[0], p[1]), (p[2], p[3])):
                layouts = ("NHWC", "HWIO", "NHWC")
                x = lax.conv_general_dilated(x, k, (1, 1), "VALID", dimension_numbers=layouts)
                x = jax.nn.relu(x + b)
                x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
            x = x.reshape(x.shape[0], -1)
            kept = jax.random.bernoulli(key, 1 - dropout, x.shape)
            return (x * kept / (1 - dropout)) @ p[4] + p[5]
        for i in range(0, len(p), 2):
            x = x @ p[i] + p[i + 1]
            if i + 2 < len(p):
                x = jax.nn.relu(x)
        return x

    return params, logits
