import type { ByPath, Schedule, Transform } from "@tenon/contracts";
import { golden, type GoldenArray } from "@tenon/golden";
import { expectClose, goldenSuite, notCovered } from "@tenon/testkit";
import * as o from "./index.js";
import { eager, plainOf } from "./internal/testing/eager.js";
import { follows, rateOf, read, type OptimizerRow } from "./internal/testing/goldenRows.js";
import { mapPaths } from "./internal/mapPaths.js";

const decayed = (decay: number): Transform[] => (decay > 0 ? [o.addDecayedWeights(decay)] : []);
const climbing = (maximize: boolean): Transform[] => (maximize ? [o.scale(-1)] : []);
const betas: readonly [number, number] = [0.9, 0.999];

function sgd(row: OptimizerRow): void {
  const { lr, momentum, dampening, nesterov, weight_decay, maximize } = read(row.options, {
    lr: 1e-3,
    momentum: 0,
    dampening: 0,
    nesterov: false,
    weight_decay: 0,
    maximize: false,
  });
  const learningRate = rateOf(row, lr);
  follows(
    row,
    o.chain(
      ...climbing(maximize),
      ...decayed(weight_decay),
      momentum > 0
        ? o.momentum({ learningRate, momentum, dampening, nesterov })
        : o.sgd({ learningRate }),
    ),
  );
}

function adam(row: OptimizerRow): void {
  const {
    lr,
    betas: [beta1, beta2],
    eps,
    weight_decay,
    amsgrad,
    maximize,
  } = read(row.options, {
    lr: 1e-3,
    betas,
    eps: 1e-8,
    weight_decay: 0,
    amsgrad: false,
    maximize: false,
  });
  follows(
    row,
    o.chain(
      ...climbing(maximize),
      ...decayed(weight_decay),
      o.adam({ learningRate: rateOf(row, lr), beta1, beta2, eps, amsgrad }),
    ),
  );
}

function adamw(row: OptimizerRow): void {
  const {
    lr,
    betas: [beta1, beta2],
    eps,
    weight_decay,
    amsgrad,
    maximize,
  } = read(row.options, {
    lr: 1e-3,
    betas,
    eps: 1e-8,
    weight_decay: 0.01,
    amsgrad: false,
    maximize: false,
  });
  follows(
    row,
    o.chain(
      ...climbing(maximize),
      o.adamw({
        learningRate: rateOf(row, lr),
        beta1,
        beta2,
        eps,
        amsgrad,
        weightDecay: weight_decay,
      }),
    ),
  );
}

function rmsprop(row: OptimizerRow): void {
  const { lr, alpha, eps, centered, momentum, weight_decay } = read(row.options, {
    lr: 0.01,
    alpha: 0.99,
    eps: 1e-8,
    centered: false,
    momentum: 0,
    weight_decay: 0,
  });
  follows(
    row,
    o.chain(
      ...decayed(weight_decay),
      o.rmsprop({ learningRate: rateOf(row, lr), decay: alpha, eps, centered, momentum }),
    ),
  );
}

function adagrad(row: OptimizerRow): void {
  const { lr, lr_decay, initial_accumulator_value, eps, weight_decay } = read(row.options, {
    lr: 0.01,
    lr_decay: 0,
    initial_accumulator_value: 0,
    eps: 1e-10,
    weight_decay: 0,
  });
  if (row.lr_by_step) notCovered("a rate by step");
  follows(
    row,
    o.chain(
      ...decayed(weight_decay),
      o.adagrad({
        learningRate: (step) => lr / (1 + step * lr_decay),
        start: initial_accumulator_value,
        eps,
      }),
    ),
  );
}

/** A rule with a rate, and with weight decay after the rule or before it. */
const withDecay = (
  rule: Transform,
  decay: number,
  isDecoupled: boolean,
  rate: Schedule | number,
): Transform =>
  o.chain(
    ...(isDecoupled ? [rule, ...decayed(decay)] : [...decayed(decay), rule]),
    o.scaleByLearningRate(rate),
  );

function radam(row: OptimizerRow): void {
  const {
    lr,
    betas: [beta1, beta2],
    eps,
    weight_decay,
    decoupled_weight_decay,
  } = read(row.options, {
    lr: 1e-3,
    betas,
    eps: 1e-8,
    weight_decay: 0,
    decoupled_weight_decay: false,
  });
  const rule = o.scaleByRadam({ beta1, beta2, eps, epsHat: true });
  follows(row, withDecay(rule, weight_decay, decoupled_weight_decay, rateOf(row, lr)));
}

function nadam(row: OptimizerRow): void {
  const {
    lr,
    betas: [beta1, beta2],
    eps,
    weight_decay,
    momentum_decay: momentumDecay,
    decoupled_weight_decay,
  } = read(row.options, {
    lr: 2e-3,
    betas,
    eps: 1e-8,
    weight_decay: 0,
    momentum_decay: 4e-3,
    decoupled_weight_decay: false,
  });
  const rule = o.scaleByNadam({ beta1, beta2, eps, momentumDecay });
  follows(row, withDecay(rule, weight_decay, decoupled_weight_decay, rateOf(row, lr)));
}

function rprop(row: OptimizerRow): void {
  const {
    lr,
    etas: [shrink, grow],
    step_sizes: [min, max],
  } = read(row.options, {
    lr: 0.01,
    etas: [0.5, 1.2] as readonly [number, number],
    step_sizes: [1e-6, 50] as readonly [number, number],
  });
  follows(row, o.rprop({ learningRate: lr, shrink, grow, min, max }));
}

function adamax(row: OptimizerRow): void {
  const {
    lr,
    betas: [beta1, beta2],
    eps,
    weight_decay,
  } = read(row.options, { lr: 2e-3, betas, eps: 1e-8, weight_decay: 0 });
  follows(
    row,
    o.chain(
      ...decayed(weight_decay),
      o.adamax({ learningRate: rateOf(row, lr), beta1, beta2, eps }),
    ),
  );
}

function adadelta(row: OptimizerRow): void {
  const {
    lr,
    rho: decay,
    eps,
    weight_decay,
  } = read(row.options, { lr: 1, rho: 0.9, eps: 1e-6, weight_decay: 0 });
  follows(
    row,
    o.chain(...decayed(weight_decay), o.adadelta({ learningRate: rateOf(row, lr), decay, eps })),
  );
}

function asgd(row: OptimizerRow): void {
  const { lr, lambd, alpha, t0, weight_decay } = read(row.options, {
    lr: 0.01,
    lambd: 1e-4,
    alpha: 0.75,
    t0: 1e6,
    weight_decay: 0,
  });
  const rule = o.asgd({ learningRate: lr, lambda: lambd, alpha, start: t0 });
  follows(row, o.chain(...decayed(weight_decay), rule), { averaged: "asgd/average" });
}

function adafactor(row: OptimizerRow): void {
  const { lr, beta2_decay, eps, d, weight_decay } = read(row.options, {
    lr: 0.01,
    beta2_decay: -0.8,
    eps: [null, 1e-3] as readonly [number | null, number],
    d: 1,
    weight_decay: 0,
  });
  follows(
    row,
    o.adafactor({
      learningRate: rateOf(row, lr),
      decay: -beta2_decay,
      eps: 0,
      floor: eps[0] ?? Number.EPSILON,
      scale: eps[1],
      clip: d,
      weightDecay: weight_decay,
    }),
  );
}

/** PyTorch's kernels are [outputs, inputs]. */
function muon(row: OptimizerRow): void {
  const { lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn } =
    read(row.options, {
      lr: 1e-3,
      weight_decay: 0.1,
      momentum: 0.95,
      nesterov: true,
      ns_coefficients: [3.4445, -4.775, 2.0315] as const,
      eps: 1e-7,
      ns_steps: 5,
      adjust_lr_fn: "original",
    });
  const isRms = adjust_lr_fn === "match_rms_adamw";
  follows(
    row,
    o.muon({
      learningRate: lr,
      weightDecay: weight_decay,
      momentum,
      nesterov,
      coefficients: ns_coefficients,
      eps,
      steps: ns_steps,
      factor: (rows, columns) =>
        isRms ? 0.2 * Math.sqrt(Math.max(rows, columns)) : Math.sqrt(Math.max(1, rows / columns)),
    }),
  );
}

/** Rows of clipping alone: a gradient, and what becomes of it. */
interface ClipRow extends OptimizerRow {
  readonly gradient: ByPath<GoldenArray>;
  readonly clipped: ByPath<GoldenArray>;
  readonly total_norm: number;
}

function clips(row: ClipRow, transform: Transform): void {
  const clipped = eager(transform, row.gradient).step(row.gradient);
  for (const [path, { data }] of Object.entries(row.clipped))
    expectClose(clipped[path]!.data, data);
}

function clipGradNorm(row: ClipRow): void {
  const { norm_type, max_norm } = read(row.options, { norm_type: 2, max_norm: NaN });
  const order = Number(norm_type); // "Infinity" in JSON
  expectClose([...o.globalNorm(mapPaths(row.gradient, plainOf), order).data], [row.total_norm]);
  clips(row, o.clipByGlobalNorm(max_norm, { form: "torch", order }));
}

const rows = golden<ClipRow>("optimizers").filter(
  ({ lib, sequence }) => lib === "torch" && !sequence,
); // averages belong to regularizers

goldenSuite("optimizers (PyTorch)", rows, {
  "torch/torch.optim.SGD": sgd,
  "torch/torch.optim.Adam": adam,
  "torch/torch.optim.AdamW": adamw,
  "torch/torch.optim.RMSprop": rmsprop,
  "torch/torch.optim.Adagrad": adagrad,
  "torch/torch.optim.Muon": muon,
  "torch/torch.optim.NAdam": nadam,
  "torch/torch.optim.RAdam": radam,
  "torch/torch.optim.Rprop": rprop,
  "torch/torch.optim.Adafactor": adafactor,
  "torch/torch.optim.Adamax": adamax,
  "torch/torch.optim.ASGD": asgd,
  "torch/torch.optim.Adadelta": adadelta,
  "torch/torch.nn.utils.clip_grad_norm_": clipGradNorm,
  "torch/torch.nn.utils.clip_grad_value_": (row) =>
    clips(row, o.clipByValue(read(row.options, { clip_value: NaN }).clip_value)),
});
