import { penaltySuite, stopperSuite, transformSuite } from "@tenon/testkit";
import * as r from "./index.js";

penaltySuite("l1", r.l1());
penaltySuite("l2", r.l2(0.1, { only: () => true }));
penaltySuite("elasticNet", r.elasticNet());

transformSuite("maxNorm", r.maxNorm({ max: 0.5 }));
transformSuite("maxNorm, Keras' formula", r.maxNorm({ max: 0.5, eps: 1e-7 }));
transformSuite("minMaxNorm", r.minMaxNorm({ min: 0.5, rate: 0.9 }));
transformSuite("unitNorm", r.unitNorm());
transformSuite("bounded", r.bounded({ low: -0.1, high: 0.2, only: () => true }));
transformSuite("nonNegative", r.nonNegative({ only: () => true }));
transformSuite("ema", r.ema({ decay: 0.9 }));
transformSuite(
  "ema, debiased and written back",
  r.ema({ decay: 0.9, debias: true, overwriteEvery: 2 }),
);
transformSuite("swa", r.swa({ start: 1, every: 2 }));

stopperSuite("earlyStopping", r.earlyStopping());
stopperSuite(
  "earlyStopping, upwards",
  r.earlyStopping({
    mode: "max",
    monitor: "validation.accuracy",
    baseline: 0.5,
    minDelta: 0.01,
    patience: 1,
  }),
);
