"""PyTorch, JAX and Keras as contenders: native.py LIBRARY WORK THREADS FOLDER.

The conversation is that of contender.mjs.
"""
import json
import os
import platform
import resource
import sys
import time

began = time.perf_counter()
import numpy as np

from native_models import hidden, jax_model, torch_model

library, work, threads, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
batch = 64 if work == "W3" else 128
images = np.fromfile(os.path.join(folder, "train-images-idx3-ubyte"), np.uint8)[16:]
images = images.reshape(-1, 784)
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
    model = torch_model(work)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)

    def step(_, x, y):
        optimizer.zero_grad()
        targets = torch.from_numpy(y.astype("i8"))
        loss = nn.functional.cross_entropy(model(torch.from_numpy(x)), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return torch.__version__, step


def jax_step():
    os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"
    import jax
    import optax

    params, logits = jax_model(work)
    optimizer = optax.adam(1e-3)
    state = [params, optimizer.init(params)]

    @jax.jit
    def jitted(p, s, x, y, i):
        key = jax.random.fold_in(jax.random.key(3), i)
        cross_entropy = optax.softmax_cross_entropy_with_integer_labels
        loss, g = jax.value_and_grad(lambda p: cross_entropy(logits(p, x, key), y).mean())(p)
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
        body = [
            L.Reshape((28, 28, 1)),
            *(L.Conv2D(32, 3, activation="relu"), L.MaxPooling2D(2)),
            *(L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(2)),
            *(L.Flatten(), L.Dropout(0.5)),
        ]
    else:
        body = [L.Dense(units, activation="relu") for units in hidden[work]]
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
say({
    "ready": True,
    "version": version,
    "note": "",
    "runtime": f"Python {platform.python_version()}",
    "chance": float(np.log(10)),
    "firstStepMs": ms,
    "loss": loss,
    "sinceStartMs": (time.perf_counter() - began) * 1000,
})
for line in sys.stdin:
    done = [timed() for _ in range(json.loads(line)["steps"])]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    times, losses = [ms for ms, _ in done], [loss for _, loss in done]
    say({"ms": times, "loss": losses, "memoryMB": memory})
