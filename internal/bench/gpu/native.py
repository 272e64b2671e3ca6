"""PyTorch and JAX on a GPU, the works of the bench: native.py torch|jax FOLDER. Lines of JSON.

Milliseconds of a step: `waiting`, each step's loss read before the next begins; `back_to_back`, steps in a row (of PyTorch a CUDA graph
replayed, of JAX a scan), as fast as the library can.
"""
import json
import os
import statistics
import sys
import time

import numpy as np

from native_models import jax_model, torch_model

library, folder = sys.argv[1], sys.argv[2]
images = np.fromfile(os.path.join(folder, "train-images-idx3-ubyte"), np.uint8)[16:].reshape(-1, 784).astype("f4") / 255
labels = np.fromfile(os.path.join(folder, "train-labels-idx1-ubyte"), np.uint8)[8:].astype("i4")


def batch_of(step, batch):
    return (step * batch + np.arange(batch)) * 7919 % len(labels)


def median(seconds):
    return round(statistics.median(seconds) * 1000, 4)


def say(**row):
    print(json.dumps(row), flush=True)


def torch_work(work, batch):
    import torch
    import torch.nn.functional as F

    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)
    x_all, y_all = torch.from_numpy(images).cuda(), torch.from_numpy(labels.astype("i8")).cuda()
    model = torch_model(work).cuda()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True, capturable=True)

    def step(x, y):
        optimizer.zero_grad(set_to_none=False)
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    times = []
    for i in range(130):
        at = torch.from_numpy(batch_of(i, batch)).cuda()
        x, y = x_all[at], y_all[at]
        torch.cuda.synchronize()
        began = time.perf_counter()
        step(x, y).item()
        times.append(time.perf_counter() - began)
    x, y = x_all[:batch].clone(), y_all[:batch].clone()
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(5):
            step(x, y)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = step(x, y)
    waiting = []
    for i in range(330):
        at = torch.from_numpy(batch_of(i, batch)).cuda()
        xb, yb = x_all[at], y_all[at]
        torch.cuda.synchronize()
        began = time.perf_counter()
        x.copy_(xb)
        y.copy_(yb)
        graph.replay()
        value = loss.item()
        waiting.append(time.perf_counter() - began)
    rounds = []
    for _ in range(5):
        torch.cuda.synchronize()
        began = time.perf_counter()
        for _ in range(500):
            graph.replay()
        torch.cuda.synchronize()
        rounds.append((time.perf_counter() - began) / 500)
    say(library=f"PyTorch {torch.__version__}", work=work, eager=median(times[30:]), graph_waiting=median(waiting[30:]), graph_back_to_back=round(min(rounds) * 1000, 4), loss=round(value, 4))


def jax_work(work, batch):
    import jax
    import jax.numpy as jnp
    import optax
    from jax import lax

    jax.config.update("jax_default_matmul_precision", "highest")
    params, logits = jax_model(work)
    optimizer = optax.adam(1e-3)
    state = optimizer.init(params)
    x_all, y_all = jnp.asarray(images), jnp.asarray(labels)

    def core(p, s, at, i):
        key = jax.random.fold_in(jax.random.key(3), i)
        loss, g = jax.value_and_grad(lambda p: optax.softmax_cross_entropy_with_integer_labels(logits(p, x_all[at], key), y_all[at]).mean())(p)
        updates, s = optimizer.update(g, s)
        return optax.apply_updates(p, updates), s, loss

    one = jax.jit(core, donate_argnums=(0, 1))
    waiting = []
    for i in range(230):
        at = jnp.asarray(batch_of(i, batch))
        at.block_until_ready()
        began = time.perf_counter()
        params, state, loss = one(params, state, at, i)
        loss = float(loss)
        waiting.append(time.perf_counter() - began)

    def many(p, s, ats, first):
        def body(carry, given):
            p, s, loss = core(*carry, *given)
            return (p, s), loss

        (p, s), losses = lax.scan(body, (p, s), (ats, jnp.arange(len(ats)) + first))
        return p, s, losses

    scan = jax.jit(many, donate_argnums=(0, 1))
    ats = jnp.asarray(np.stack([batch_of(i, batch) for i in range(500)]))
    rounds = []
    for r in range(4):
        began = time.perf_counter()
        params, state, losses = scan(params, state, ats, 1000 * r)
        losses.block_until_ready()
        rounds.append((time.perf_counter() - began) / 500)
    say(library=f"JAX {jax.__version__}", work=work, waiting=median(waiting[30:]), scan_back_to_back=round(min(rounds[1:]) * 1000, 4), loss=round(float(losses[-1]), 4))


for work, batch in (("W1", 128), ("W2", 128), ("W3", 64)):
    {"torch": torch_work, "jax": jax_work}[library](work, batch)
