import type { ByPath } from "@tenon/contracts";
import { golden, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { adam, adamw, chain, clipByGlobalNorm, onArrays, sgd } from "@tenon/optimizers";
import { averageOf, ema } from "@tenon/regularizers";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";

// Keras' optimizers keep the moving average themselves; here it is one more transform, from another
// package.
interface Row extends GoldenRow {
  readonly params: ByPath<GoldenArray>;
  readonly grads: readonly ByPath<GoldenArray>[];
  readonly expected: readonly ByPath<GoldenArray>[];
  readonly ema: readonly ByPath<GoldenArray>[];
}

const defaults = {
  learning_rate: NaN,
  use_ema: false,
  ema_momentum: 0.99,
  ema_overwrite_frequency: null as number | null,
  weight_decay: null as number | null,
  global_clipnorm: null as number | null,
};

function run(
  row: Row,
  learningRate: number,
  make: (options: typeof defaults) => ReturnType<typeof adam>,
): void {
  for (const name of Object.keys(row.options))
    if (!Object.hasOwn(defaults, name)) notCovered(`option ${name}`);
  const options = { ...defaults, learning_rate: learningRate, ...row.options };
  const { ema_momentum: decay, ema_overwrite_frequency: overwriteEvery, global_clipnorm } = options;
  const params = arrays(row.params);
  const optimizer = onArrays(
    chain(
      ...(global_clipnorm === null ? [] : [clipByGlobalNorm(global_clipnorm)]),
      make(options),
      ema({ decay, ...(overwriteEvery === null ? {} : { overwriteEvery }) }),
    ),
    params,
  );
  row.grads.forEach((gradient, step) => {
    optimizer.step(arrays(gradient));
    const averages = averageOf(optimizer.state().slots);
    for (const [path, { data }] of Object.entries(row.expected[step]!))
      expectClose(params[path]!.data, data, toleranceOf(row), `${path} after step ${step}`);
    for (const [path, { data }] of Object.entries(row.ema[step]!))
      expectClose(
        averages[path]!.data,
        data,
        toleranceOf(row),
        `average of ${path} after step ${step}`,
      );
  });
}

function arrays(
  values: ByPath<GoldenArray>,
): Record<string, { shape: readonly number[]; data: Float64Array }> {
  return Object.fromEntries(
    Object.entries(values).map(([path, { shape, data }]) => [
      path,
      { shape, data: Float64Array.from(data) },
    ]),
  );
}

const keras = { eps: 1e-7, epsHat: true };

goldenSuite(
  "Keras' optimizers with a moving average",
  golden<Row>("optimizers").filter(({ lib, ema }) => lib === "keras" && ema),
  {
    "keras/keras.optimizers.SGD": (row) =>
      run(row, 0.01, ({ learning_rate: learningRate, weight_decay }) =>
        weight_decay ? notCovered("weight_decay") : sgd({ learningRate }),
      ),
    "keras/keras.optimizers.Adam": (row) =>
      run(row, 1e-3, ({ learning_rate: learningRate, weight_decay }) =>
        weight_decay ? notCovered("weight_decay") : adam({ learningRate, ...keras }),
      ),
    "keras/keras.optimizers.AdamW": (row) =>
      run(row, 1e-3, ({ learning_rate: learningRate, weight_decay }) =>
        adamw({ learningRate, weightDecay: weight_decay ?? 0.004, ...keras }),
      ),
  },
);
