import type { ByPath, NDArray, Shape, Transform } from "@tenon/contracts";
import * as o from "@tenon/optimizers";
import { clock, type Tensor } from "@tenon/tensor";
import * as r from "@tenon/regularizers";
import { everyExport, expectClose } from "@tenon/testkit";
import { test } from "vitest";
import { engines } from "./bothEngines.js";

// A rule is one rule: compiled by each engine, and on plain arrays, its steps are the same. One
// that needs no arguments needs no row.

const shapes: ByPath<Shape> = { "dense/kernel": [6, 4], "dense/bias": [4], conv: [3, 3, 2, 4] };
const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
const drawn = (seed: number): ByPath<NDArray> =>
  Object.fromEntries(
    Object.entries(shapes).map(([path, shape], p) => [
      path,
      {
        shape,
        dtype: "float32",
        data: Float32Array.from({ length: sizeOf(shape) }, (_, i) =>
          Math.sin(12.9898 * (i + 1) + 78.233 * seed + 3.1 * p),
        ),
      },
    ]),
  );

const isMatrix = (_: string, shape: Shape): boolean => shape.length > 1;
const adam = o.adam({ learningRate: 0.1 });
const rules: Readonly<Record<string, Transform>> = {
  accumulate: o.accumulate(adam, 2),
  adafactor: o.adafactor({ momentum: 0.9, weightDecay: 0.1 }),
  "adam, β₁ of the step": o.adam({ learningRate: 0.1, beta1: (step) => 0.9 - 0.1 * step }),
  adaptiveClip: o.adaptiveClip(0.1),
  addDecayedWeights: o.addDecayedWeights(0.1),
  applyEvery: o.applyEvery(2),
  asgd: o.asgd({ start: 1 }),
  averageUpdates: o.averageUpdates(0.9),
  bounded: r.bounded({ low: -0.1, high: 0.2 }),
  chain: o.chain(o.centralize(), adam),
  "clipByGlobalNorm, the largest": o.chain(o.clipByGlobalNorm(0.3, { order: Infinity }), o.sgd()),
  "clipByNorm, of order 3": o.chain(o.clipByNorm(0.3, { order: 3 }), o.sgd()),
  clipByRms: o.clipByRms(0.1),
  clipByValue: o.clipByValue(0.5),
  decayFirst: o.decayFirst(o.lamb({ learningRate: 0.1 }), 0.1),
  freeze: o.freeze((path) => path === "conv"),
  ftrl: o.ftrl({ learningRate: 0.1, power: 0.3 }),
  lbfgs: o.lbfgs({ learningRate: 0.1, memory: 2 }),
  lookahead: o.lookahead(adam, { every: 2 }),
  madgrad: o.madgrad({ learningRate: 0.1 }),
  masked: o.masked(adam, isMatrix),
  muon: o.muon({ learningRate: 0.1 }),
  orthogonalize: o.masked(o.orthogonalize(), (path) => path === "dense/kernel"),
  partition: o.partition({ matrices: adam, others: o.sgd() }, (path, shape) =>
    isMatrix(path, shape) ? "matrices" : "others",
  ),
  prodigy: o.prodigy({ start: 0.1 }),
  dadaptAdamw: o.dadaptAdamw({ start: 0.1, weightDecay: 0.1 }),
  mechanize: o.mechanize(o.adam({ learningRate: 1 }), { start: 0.01, betas: 2 }),
  momo: o.momo({ adaptLowerBound: true, weightDecay: 0.1 }),
  momoAdam: o.momoAdam({ adaptLowerBound: true, lowerBound: 0.1, learningRate: 0.1 }),
  dog: o.dog({ start: 0.1 }),
  dowg: o.dowg({ start: 0.1 }),
  sam: o.sam(o.momentum({ learningRate: 0.1, momentum: (step) => 0.9 - 0.1 * step })),
  scale: o.scale((step) => 1 / (1 + step)),
  scaleByLbfgs: o.chain(o.scaleByLbfgs({ memory: 1 }), o.sgd()),
  scaleByLearningRate: o.scaleByLearningRate(0.1),
  scheduleFree: o.scheduleFree(adam, { beta: 0.5 }),
  scheduleFreeAdamw: o.scheduleFreeAdamw({ learningRate: 0.1, warmup: 2 }),
  skipNonFinite: o.skipNonFinite(adam),
  sm3: o.sm3({ learningRate: 0.1 }),
  swa: r.swa({ start: 1 }),
};

const besides = {
  // `addNoise` takes normal numbers, which addNoise.test.ts draws on both engines
  optimizers: [
    "addNoise",
    "applyUpdates",
    "globalNorm",
    "initSlots",
    "minimize",
    "onArrays",
    "onSmallArrays",
  ],
  // Penalties: everyPenalty.test.ts.
  regularizers: [
    "activity",
    "averageOf",
    "averageWeights",
    "earlyStopping",
    "elasticNet",
    "l1",
  ].concat(["l2", "orthogonal", "spectral"]),
};
const plainRules = Object.entries({ ...o, ...r } as unknown as Record<string, () => Transform>)
  .filter(([name]) => ![...besides.optimizers, ...besides.regularizers].includes(name))
  .filter(([name]) => !Object.keys(rules).some((title) => title.split(",")[0] === name))
  .flatMap(([name, make]): [string, Transform][] => {
    try {
      return [[name, make()]];
    } catch {
      return [];
    }
  });
const all = [...Object.entries(rules), ...plainRules];
everyExport(
  { ...o, ...r },
  all.map(([title]) => title),
  {
    besides: [...besides.optimizers, ...besides.regularizers],
    add: "add a transform that it makes to `rules` in internal/compositions/src/transforms.test.ts",
  },
);

const steps = 3;
const lossAt = (step: number): number => 5 / (1 + step);
type State<T> = { readonly params: ByPath<T>; readonly slots: ByPath<ByPath<T>> };
type Floats = ByPath<{ readonly shape: Shape; readonly data: Float32Array }>;

test.each(all)("%s is the same on all engines and on arrays", (_, rule) => {
  const expected = drawn(0) as Floats;
  const optimizer = o.onArrays(rule, expected);
  for (let step = 0; step < steps; step++) optimizer.step(drawn(step + 1) as Floats, lossAt(step));
  for (const engine of engines) {
    const program = engine.compile(
      (state, { gradients, step, loss }) => {
        const { updates, slots } = rule.update<Tensor>(
          { updates: gradients, params: state.params, slots: state.slots },
          { ...clock(step), loss },
        );
        const next = o.applyUpdates(state.params, updates);
        return { state: { params: next, slots }, outputs: {} };
      },
      { params: drawn(0), slots: o.initSlots(rule, drawn(0)) } as State<NDArray>,
      {
        gradients: drawn(0),
        step: { shape: [], dtype: "int32" as const },
        loss: { shape: [], dtype: "float32" as const },
      },
    );
    for (let step = 0; step < steps; step++)
      program.step({ gradients: drawn(step + 1), step, loss: lossAt(step) });
    const { params: got, slots } = program.state();
    for (const [path, { data }] of Object.entries(expected))
      expectClose(got[path]!.data, data, 2e-5, `${path} on ${engine.name}`);
    for (const [slot, byPath] of Object.entries(optimizer.state().slots))
      for (const [path, { data }] of Object.entries(byPath))
        expectClose(slots[slot]![path]!.data, data, 1e-4, `${slot} of ${path} on ${engine.name}`);
  }
});
