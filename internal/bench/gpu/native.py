"""PyTorch and JAX on a GPU, the works of the bench, as lines of JSON:
native.py torch|jax [--W1 --quick --software --no-dropout] FOLDER

Milliseconds of a step: `waiting`, each step's loss read before the next begins; `together`, steps
in a row (of PyTorch also a CUDA graph replayed, of JAX a scan), as fast as the library can. With
--software on the processor, which shows that all but CUDA graphs runs. Ends with status 3 where
something is missing.
"""
import json
import os
import statistics
import sys
import time
from importlib.util import find_spec

library, flags, folder = sys.argv[1], sys.argv[2:-1], sys.argv[-1]
software, quick, dropout = "--software" in flags, "--quick" in flags, "--no-dropout" not in flags


def leave_out(why):
    print(why, file=sys.stderr)
    sys.exit(3)


for module in {"torch": ["numpy", "torch"], "jax": ["numpy", "jax", "optax"]}[library]:
    if not find_spec(module):
        fix = "pip install it, or name in TENON_PYTHON a Python that has it"
        leave_out(f"{sys.executable} cannot import {module}; {fix}")

import numpy as np

from native_models import jax_model, torch_model

# How many steps are timed of those that wait, and in a row.
many, row = (3, 3) if quick or software else (300, 500)


def bytes_of(name, header):
    return np.fromfile(os.path.join(folder, name), np.uint8)[header:]


images = bytes_of("train-images-idx3-ubyte", 16).reshape(-1, 784).astype("f4") / 255
labels = bytes_of("train-labels-idx1-ubyte", 8).astype("i4")


def batch_of(step, batch):
    return (step * batch + np.arange(batch)) * 7919 % len(labels)


def median(seconds):
    return round(statistics.median(seconds) * 1000, 4)


def say(**line):
    print(json.dumps(line), flush=True)


def torch_work(work, batch):
    import torch
    import torch.nn.functional as F

    if not software and not torch.cuda.is_available():
        leave_out(f"PyTorch {torch.__version__} finds no CUDA here")
    device = "cpu" if software else "cuda"
    ready = (lambda: None) if software else torch.cuda.synchronize
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)
    x_all = torch.from_numpy(images).to(device)
    y_all = torch.from_numpy(labels.astype("i8")).to(device)
    model = torch_model(work, 0.5 if dropout else 0.0).to(device)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True, capturable=not software)

    def step(x, y):
        optimizer.zero_grad(set_to_none=False)
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    def batch_at(i):
        at = torch.from_numpy(batch_of(i, batch)).to(device)
        return x_all[at], y_all[at]

    def waiting_for(run, steps):
        times, losses = [], []
        for i in range(steps):
            given = batch_at(i)
            ready()
            began = time.perf_counter()
            losses.append(run(*given).item())
            times.append(time.perf_counter() - began)
        return times, losses

    def together(run):
        rounds = []
        for _ in range(5):
            ready()
            began = time.perf_counter()
            for _ in range(row):
                run()
            ready()
            rounds.append((time.perf_counter() - began) / row)
        return round(min(rounds) * 1000, 4)

    name = f"PyTorch {torch.__version__}"
    times, losses = waiting_for(step, 5 + many)
    x, y = (part.clone() for part in batch_at(0))
    say(
        contender=f"{name}, eager",
        work=work,
        waiting=median(times[5:]),
        together=together(lambda: step(x, y)),
        losses=losses[:5],
        loss=losses[-1],
    )
    if software:
        return
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(5):
            step(x, y)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = step(x, y)

    def replayed(xb, yb):
        x.copy_(xb)
        y.copy_(yb)
        graph.replay()
        return loss

    times, losses = waiting_for(replayed, 30 + many)
    say(
        contender=f"{name}, CUDA graph",
        work=work,
        waiting=median(times[30:]),
        together=together(graph.replay),
        loss=losses[-1],
    )


def jax_work(work, batch):
    import jax
    import jax.numpy as jnp
    import optax
    from jax import lax

    if software:
        jax.config.update("jax_platforms", "cpu")
    elif jax.default_backend() != "gpu":
        leave_out(f"JAX {jax.__version__} finds no GPU here, only {jax.default_backend()}")
    jax.config.update("jax_default_matmul_precision", "highest")
    params, logits = jax_model(work, 0.5 if dropout else 0.0)
    optimizer = optax.adam(1e-3)
    state = optimizer.init(params)
    x_all, y_all = jnp.asarray(images), jnp.asarray(labels)

    def core(p, s, at, i):
        key = jax.random.fold_in(jax.random.key(3), i)
        cross_entropy = optax.softmax_cross_entropy_with_integer_labels
        loss_of = lambda p: cross_entropy(logits(p, x_all[at], key), y_all[at]).mean()
        loss, g = jax.value_and_grad(loss_of)(p)
        updates, s = optimizer.update(g, s)
        return optax.apply_updates(p, updates), s, loss

    one = jax.jit(core, donate_argnums=(0, 1))
    times, losses = [], []
    for i in range(5 + many):
        at = jnp.asarray(batch_of(i, batch))
        at.block_until_ready()
        began = time.perf_counter()
        params, state, loss = one(params, state, at, i)
        losses.append(float(loss))
        times.append(time.perf_counter() - began)
    name = f"JAX {jax.__version__}"
    say(
        contender=f"{name}, jitted step",
        work=work,
        waiting=median(times[5:]),
        losses=losses[:5],
        loss=losses[-1],
    )

    def scanned(p, s, ats, first):
        def body(carry, given):
            p, s, loss = core(*carry, *given)
            return (p, s), loss

        (p, s), losses = lax.scan(body, (p, s), (ats, jnp.arange(len(ats)) + first))
        return p, s, losses

    scan = jax.jit(scanned, donate_argnums=(0, 1))
    ats = jnp.asarray(np.stack([batch_of(i, batch) for i in range(row)]))
    rounds = []
    for r in range(4):
        began = time.perf_counter()
        params, state, losses = scan(params, state, ats, 1000 * r)
        losses.block_until_ready()
        rounds.append((time.perf_counter() - began) / row)
    say(
        contender=f"{name}, scan of {row}",
        work=work,
        together=round(min(rounds[1:]) * 1000, 4),
        loss=float(losses[-1]),
    )


works = {"W1": 128, "W2": 128, "W3": 64}
chosen = [work for work in works if f"--{work}" in flags] or (["W1"] if quick else list(works))
for work in chosen:
    {"torch": torch_work, "jax": jax_work}[library](work, works[work])
