"""PyTorch, JAX and Keras as contenders: native.py LIBRARY WORK THREADS FOLDER. The conversation is that of contender.mjs."""
import json
import os
import platform
import resource
import sys
import time

began = time.perf_counter()
import numpy as np

library, work, threads, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
batch = 64 if work == "W3" else 128
hidden = {"W1": [128], "W2": [512, 256], "W3": []}[work]
images = np.fromfile(os.path.join(folder, "train-images-idx3-ubyte"), np.uint8)[16:].reshape(-1, 784)
labels = np.fromfile(os.path.join(folder, "train-labels-idx1-ubyte"), np.uint8)[8:]
# PyTorch uses as many threads as it is given; the others can only be limited to one core.
if threads == 1 and library != "torch" and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def batch_of(step):
    at = (step * batch + np.arange(batch)) * 7919 % 60000
    return images[at].astype("f4") / 255, labels[at].astype("i4")


def torch_step():
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if work == "W3":
        model = nn.Sequential(nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10))
    else:
        sizes = [784, *hidden]
        model = nn.Sequential(*[layer for a, b in zip(sizes, hidden) for layer in (nn.Linear(a, b), nn.ReLU())], nn.Linear(sizes[-1], 10))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)

    def step(_, x, y):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(torch.from_numpy(x)), torch.from_numpy(y.astype("i8")))
        loss.backward()
        optimizer.step()
        return loss.item()

    return torch.__version__, step


def jax_step():
    os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"
    import jax
    import jax.numpy as jnp
    import optax
    from jax import lax

    keys = iter(jax.random.split(jax.random.key(1), 8))
    glorot = lambda shape, i, o: jax.random.uniform(next(keys), shape, minval=-1, maxval=1) * np.sqrt(6 / (i + o))
    if work == "W3":
        params = [glorot((3, 3, 1, 32), 9, 288), jnp.zeros(32), glorot((3, 3, 32, 64), 288, 576), jnp.zeros(64), glorot((1600, 10), 1600, 10), jnp.zeros(10)]
    else:
        sizes = [784, *hidden, 10]
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

    optimizer = optax.adam(1e-3)
    state = [params, optimizer.init(params)]

    @jax.jit
    def jitted(p, s, x, y, i):
        key = jax.random.fold_in(jax.random.key(3), i)
        loss, g = jax.value_and_grad(lambda p: optax.softmax_cross_entropy_with_integer_labels(logits(p, x, key), y).mean())(p)
        updates, s = optimizer.update(g, s)
        return optax.apply_updates(p, updates), s, loss

    def step(i, x, y):
        state[0], state[1], loss = jitted(state[0], state[1], x, y, i)
        return float(loss)

    return jax.__version__, step


def keras_step():
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", KERAS_BACKEND="tensorflow")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    import keras
    from keras import layers as L

    keras.utils.set_random_seed(1)
    if work == "W3":
        body = [L.Reshape((28, 28, 1)), L.Conv2D(32, 3, activation="relu"), L.MaxPooling2D(2), L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(2), L.Flatten(), L.Dropout(0.5)]
    else:
        body = [L.Dense(units, activation="relu") for units in hidden]
    model = keras.Sequential([keras.Input((784,)), *body, L.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", jit_compile=False)

    def step(_, x, y):
        return float(model.train_on_batch(x, y))

    return f"{keras.__version__} on TensorFlow {tf.__version__}", step


version, step = {"torch": torch_step, "jax": jax_step, "keras": keras_step}[library]()
at = 0


def timed():
    global at
    x, y = batch_of(at)
    start = time.perf_counter()
    loss = step(at, x, y)
    at += 1
    return (time.perf_counter() - start) * 1000, loss


def say(message):
    print(json.dumps(message), flush=True)


ms, loss = timed()
say({"ready": True, "version": version, "note": "", "runtime": f"Python {platform.python_version()}", "chance": float(np.log(10)), "firstStepMs": ms, "loss": loss, "sinceStartMs": (time.perf_counter() - began) * 1000})
for line in sys.stdin:
    done = [timed() for _ in range(json.loads(line)["steps"])]
    say({"ms": [ms for ms, _ in done], "loss": [loss for _, loss in done], "memoryMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024})
