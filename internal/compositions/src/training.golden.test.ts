import { expect } from "vitest";
import type { ByPath, Engine, Layer, NDArray, Schedule, Transform } from "@tenon/contracts";
import { readSafetensors } from "@tenon/formats";
import { golden, goldenFile, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { batchNorm, conv2d, dense, flatten, maxPool2d, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adam, adamw, chain, clipByGlobalNorm, initSlots, momentum, sgd } from "@tenon/optimizers";
import { cosineDecay } from "@tenon/schedulers";
import { reference, type Tensor } from "@tenon/tensor";
import { expectClose, goldenSuite, notCovered } from "@tenon/testkit";
import { evaluate, statisticsOf, trainingStep } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { mnist, range } from "./mnist.js";

interface Row extends GoldenRow {
  readonly model: string;
  readonly widths: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly batch: number;
  readonly start: string;
  readonly end: string;
  readonly loss: GoldenArray;
  readonly gradientNorm: GoldenArray;
  readonly testCorrect: number;
  readonly testImages: number;
}

const engine = await wasm();
const train = mnist("train");
const testSet = mnist("t10k");

/** The row's network, and what its arrays are called there and here. */
function modelOf({ model, widths }: Row): {
  model: Layer<Tensor>;
  names: Readonly<Record<string, string>>;
} {
  const norm = () => batchNorm({ momentum: 0.9, epsilon: 1e-5, unbiased: true });
  const out = { "dense1/kernel": "out/kernel", "dense1/bias": "out/bias" };
  if (model === "mlp")
    return {
      model: sequential(flatten(), dense(widths["hidden"]!), relu(), dense(10)),
      names: {
        "dense1/kernel": "hidden/kernel",
        "dense1/bias": "hidden/bias",
        "dense2/kernel": "out/kernel",
        "dense2/bias": "out/bias",
      },
    };
  if (model === "cnn")
    return {
      model: sequential(
        conv2d(widths["conv1"]!, 3),
        relu(),
        maxPool2d(2),
        conv2d(widths["conv2"]!, 3),
        relu(),
        maxPool2d(2),
        flatten(),
        dense(10),
      ),
      names: {
        ...out,
        "conv2d1/kernel": "conv1/kernel",
        "conv2d1/bias": "conv1/bias",
        "conv2d2/kernel": "conv2/kernel",
        "conv2d2/bias": "conv2/bias",
      },
    };
  if (model === "cnn-batch-norm")
    return {
      model: sequential(
        conv2d(widths["conv1"]!, 3, { useBias: false }),
        norm(),
        relu(),
        maxPool2d(2),
        conv2d(widths["conv2"]!, 3, { useBias: false }),
        norm(),
        relu(),
        maxPool2d(2),
        flatten(),
        dense(10),
      ),
      names: {
        ...out,
        "conv2d1/kernel": "conv1/kernel",
        "conv2d2/kernel": "conv2/kernel",
        ...Object.fromEntries(
          [1, 2].flatMap((i) =>
            [
              ["gamma", "scale"],
              ["beta", "shift"],
              ["mean", "mean"],
              ["variance", "variance"],
            ].map(([ourName, theirName]) => [`batchNorm${i}/${ourName}`, `norm${i}/${theirName}`]),
          ),
        ),
      },
    };
  return notCovered(`model ${model}`);
}

function optimizerOf({ name, options }: Row): Transform {
  const {
    lr,
    momentum: mu,
    weight_decay,
    clip,
    schedule,
    T_max,
    optimizer,
    ...rest
  } = options as Readonly<Record<string, number>> & { schedule?: string; optimizer?: string };
  if (Object.keys(rest).length > 0) notCovered(`options ${Object.keys(rest).join(", ")}`);
  if (schedule !== undefined && schedule !== "torch.optim.lr_scheduler.CosineAnnealingLR")
    notCovered(`schedule ${schedule}`);
  const learningRate: Schedule | number = schedule
    ? cosineDecay({ start: lr!, steps: T_max!, periodic: true })
    : lr!;
  if (optimizer !== name) notCovered(`optimizer ${optimizer}`);
  const rule =
    name === "torch.optim.SGD"
      ? mu
        ? momentum({ learningRate, momentum: mu })
        : sgd({ learningRate })
      : name === "torch.optim.Adam"
        ? adam({ learningRate })
        : adamw({ learningRate, weightDecay: weight_decay! });
  return clip === undefined ? rule : chain(clipByGlobalNorm(clip, { form: "torch" }), rule);
}

/** Trains as the row says, and observes each step, for some steps. */
async function train60(row: Row, engine: Engine<Tensor>, steps: number) {
  const { model, names } = modelOf(row);
  const optimizer = optimizerOf(row);
  const { tensors } = readSafetensors(goldenFile(row.start));
  const plan = model.plan([28, 28, 1]);
  const params: ByPath<NDArray> = Object.fromEntries(
    Object.keys(plan.params).map((path) => [path, tensors[names[path]!]!]),
  );
  const stats: ByPath<NDArray> = Object.fromEntries(
    Object.entries(plan.stats).map(([path, { shape, start }]) => [
      path,
      { shape, dtype: "float32", data: new Float32Array(shape[0]!).fill(start) },
    ]),
  );
  const start = { params, stats, slots: initSlots(optimizer, params) };
  const scalar = { shape: [], dtype: "int32" } as const;
  const program = engine.compile(
    trainingStep(model, { loss: crossEntropy, optimizer, observe: true }),
    start,
    {
      x: { shape: [row.batch, 28, 28, 1] },
      y: { shape: [row.batch], dtype: "int32" },
      step: scalar,
      seed: scalar,
    },
  );
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { loss, observed } = program.step({
      ...range(train, step * row.batch, row.batch),
      step,
      seed: 0,
    });
    losses.push(loss.data[0]!);
    const gradientNorms = Object.values(statisticsOf(observed).params).map(
      ({ gradientNorm }) => gradientNorm,
    );
    norms.push(Math.hypot(...gradientNorms));
  }
  return { model, names, losses, norms, state: program.state() };
}

async function check(row: Row): Promise<void> {
  // The compiled engine in float32, all the way: as close as PyTorch's own float32 run is to its
  // float64 one (7e-6). Sooner or later two cells under a max pool, or one at a ReLU's corner, lie
  // so close together that rounding decides where the gradient goes: a jump of about 1e-6, which
  // steps of plain SGD at the edge of stability then make a thousand times larger.
  const fast = await train60(row, engine, row.steps);
  const jumps = row.model !== "mlp";
  const bound = (i: number, early: number, late: number): number =>
    jumps && i >= 15 ? late : early;
  fast.losses.forEach((loss, i) =>
    expect(Math.abs(loss / row.loss.data[i]! - 1), `loss of step ${i}`).toBeLessThan(
      bound(i, 1e-5, 5e-3),
    ),
  );
  fast.norms.forEach((norm, i) =>
    expect(
      Math.abs(norm / row.gradientNorm.data[i]! - 1),
      `gradient norm of step ${i}`,
    ).toBeLessThan(bound(i, 1e-4, 5e-2)),
  );
  const end = readSafetensors(goldenFile(row.end)).tensors;
  for (const [path, { data }] of Object.entries({ ...fast.state.params, ...fast.state.stats })) {
    let off = 0;
    let size = 0;
    end[fast.names[path]!]!.data.forEach((x, i) => {
      off += (x - data[i]!) ** 2;
      size += x * x;
    });
    expect(Math.sqrt(off / size), path).toBeLessThan(jumps ? 5e-3 : 1e-5);
  }
  const { x, y } = range(testSet, 0, row.testImages);
  const data = {
    size: row.testImages,
    x: { shape: [28, 28, 1] },
    y: { shape: [], dtype: "int32" as const },
    batches: () => [{ x, y }],
  };
  const scores = await evaluate(fast.model, {
    params: fast.state.params,
    stats: fast.state.stats,
    data,
    loss: crossEntropy,
    metrics: [accuracy],
    engine,
  });
  expect(Math.abs(scores["accuracy"]! * row.testImages - row.testCorrect)).toBeLessThanOrEqual(1);

  // The reference engine in float64, for as many steps as its speed allows: the same values to ten
  // digits.
  const steps = Math.min(row.steps, row.model === "mlp" ? 12 : 2);
  const exact = await train60(row, reference({ precision: "float64" }), steps);
  expectClose(exact.losses, row.loss.data.slice(0, steps), 1e-10, "loss");
  expectClose(exact.norms, row.gradientNorm.data.slice(0, steps), 1e-10, "gradient norm");
}

goldenSuite<Row>("training", golden<Row>("training"), {
  "torch/torch.optim.SGD": check,
  "torch/torch.optim.Adam": check,
  "torch/torch.optim.AdamW": check,
});
