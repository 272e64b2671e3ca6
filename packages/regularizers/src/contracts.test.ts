import type { Penalty, Transform } from "@tenon/contracts";
import { everyExport, penaltySuite, stopperSuite, transformSuite } from "@tenon/testkit";
import * as r from "./index.js";

const penalties: Readonly<Record<string, Penalty>> = {
  l1: r.l1(),
  l2: r.l2(0.1, { only: () => true }),
  elasticNet: r.elasticNet(),
  orthogonal: r.orthogonal(),
  spectral: r.spectral(),
};

const transforms: Readonly<Record<string, Transform>> = {
  simplex: r.simplex(),
  l1Ball: r.l1Ball({ max: 0.5 }),
  maxNorm: r.maxNorm({ max: 0.5 }),
  "maxNorm, Keras' formula": r.maxNorm({ max: 0.5, eps: 1e-7 }),
  minMaxNorm: r.minMaxNorm({ min: 0.5, rate: 0.9 }),
  unitNorm: r.unitNorm(),
  bounded: r.bounded({ low: -0.1, high: 0.2, only: () => true }),
  nonNegative: r.nonNegative({ only: () => true }),
  ema: r.ema({ decay: 0.9 }),
  "ema, with a warm-up": r.ema({ warmup: true }),
  "ema, debiased and written back": r.ema({ decay: 0.9, debias: true, overwriteEvery: 2 }),
  swa: r.swa({ start: 1, every: 2 }),
};

const stoppers = {
  earlyStopping: r.earlyStopping(),
  "earlyStopping, upwards": r.earlyStopping({
    mode: "max",
    monitor: "validation.accuracy",
    baseline: 0.5,
    minDelta: 0.01,
    patience: 1,
  }),
};

for (const [title, penalty] of Object.entries(penalties)) penaltySuite(title, penalty);
for (const [title, transform] of Object.entries(transforms)) transformSuite(title, transform);
for (const [title, stopper] of Object.entries(stoppers)) stopperSuite(title, stopper);

everyExport(r, [penalties, transforms, stoppers].flatMap(Object.keys), {
  besides: ["activity", "averageOf", "averageWeights"],
  add: "add what it makes to a table in packages/regularizers/src/contracts.test.ts",
});
