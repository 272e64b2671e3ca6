import type { ByPath, Transform } from "@tenon/contracts";
import { golden, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";
import { averageOf, ema, nonNegative, swa } from "./index.js";
import { plainRun, type Given } from "./internal/plainRun.js";

/** Parameters one after the other, and the average after each. */
interface Row extends GoldenRow {
  readonly sequence: readonly ByPath<GoldenArray>[];
  readonly averages: readonly ByPath<GoldenArray>[];
  /** Or updates, to parameters that stay. */
  readonly params: ByPath<GoldenArray>;
  readonly grads: readonly ByPath<GoldenArray>[];
  readonly updates: readonly ByPath<GoldenArray>[];
}
type Options = Readonly<Record<string, unknown>>;

function read<D extends Options>(options: Options, defaults: D): D {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(defaults, name)) notCovered(`option ${name}`);
  return { ...defaults, ...options };
}

/** Updates that lead from one set of parameters to another. */
const difference = (to: ByPath<Given>, from: ByPath<Given>): ByPath<Given> =>
  Object.fromEntries(
    Object.entries(to).map(([path, { shape, data }]) => [
      path,
      { shape, data: Array.from(data, (x, i) => x - from[path]!.data[i]!) },
    ]),
  );

function averages({ sequence, averages: expected, ...row }: Row, transform: Transform): void {
  const run = plainRun(transform, sequence[0]!);
  sequence.forEach((params, step) => {
    run.step(difference(params, run.params));
    for (const [path, { data }] of Object.entries(expected[step]!))
      expectClose(
        averageOf(run.slots)[path]!.data,
        data,
        toleranceOf(row),
        `${path} after ${step}`,
      );
  });
}

const rows = golden<Row>("optimizers").filter(
  ({ sequence, name }) => sequence || name === "optax.keep_params_nonnegative",
);

goldenSuite("averages and constraints of optimizers.json", rows, {
  "torch/torch.optim.swa_utils.AveragedModel"(row) {
    const {
      multi_avg_fn: { name, options },
    } = read(row.options, { multi_avg_fn: { name: "", options: {} as Options } });
    if (name.endsWith("get_swa_multi_avg_fn")) averages(row, swa({ ...read(options, {}) }));
    else if (name.endsWith("get_ema_multi_avg_fn"))
      averages(row, ema({ decay: read(options, { decay: 0.999 }).decay }));
    else notCovered(name);
  },
  "optax/optax.ema": (row) =>
    averages(row, ema({ ...read(row.options, { decay: NaN, debias: true }), start: "zero" })),
  "optax/optax.incremental_update": (row) =>
    averages(
      row,
      ema({ decay: 1 - read(row.options, { step_size: NaN }).step_size, start: "before" }),
    ),
  "optax/optax.keep_params_nonnegative"(row) {
    read(row.options, {});
    const run = plainRun(nonNegative({ only: () => true }), row.params);
    const start = run.params;
    row.grads.forEach((gradient, step) => {
      run.params = start;
      const updates = run.step(gradient);
      for (const [path, { data }] of Object.entries(row.updates[step]!))
        expectClose(updates[path]!.data, data, toleranceOf(row), `update ${step} of ${path}`);
    });
  },
});
