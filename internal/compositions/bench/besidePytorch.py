# The networks of recurrent.bench.ts and blocks.bench.ts in PyTorch: python besidePytorch.py NETWORK
# THREADS STEPS trains for so many steps for each line that it reads, and writes their milliseconds.
import json
import sys
import time

import torch
from torch import nn

network, threads, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)


class Recurrent(nn.Module):
    def __init__(self, make):
        super().__init__()
        self.layer = make(28, 128, batch_first=True)
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.layer(x)[0][:, -1])


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = nn.TransformerEncoderLayer(
            64, 4, 256, dropout=0, activation="gelu", batch_first=True, norm_first=True
        )
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.block(x).mean(1))


def separable(filters):
    return [
        nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, filters, 1, bias=False),
        nn.BatchNorm2d(filters),
        nn.ReLU(),
    ]


networks = {
    "lstm": lambda: (Recurrent(nn.LSTM), [64, 28, 28]),
    "gru": lambda: (Recurrent(nn.GRU), [64, 28, 28]),
    "rnn": lambda: (Recurrent(nn.RNN), [64, 28, 28]),
    "separable": lambda: (
        nn.Sequential(
            *separable(32), *separable(64), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)
        ),
        [32, 32, 28, 28],
    ),
    "attention16": lambda: (Attention(), [64, 16, 64]),
    "attention49": lambda: (Attention(), [64, 49, 64]),
}
model, shape = networks[network]()
x = torch.randn(shape)
if network == "separable":  # the layout in which its convolutions are faster on processors
    model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
y = torch.randint(0, 10, (shape[0],))
optimizer = torch.optim.Adam(model.parameters(), fused=True)


def step():
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()


for _ in range(20):
    step()
now = time.process_time if threads == 1 else time.perf_counter
for _ in sys.stdin:
    times = []
    for _ in range(steps):
        began = now()
        step()
        times.append(1000 * (now() - began))
    print(json.dumps(times), flush=True)
