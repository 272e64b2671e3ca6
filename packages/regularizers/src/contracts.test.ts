import type { Stopper, Transform } from "@tenon/contracts";
import { penaltySuite, stopperSuite, transformSuite } from "@tenon/testkit";
import * as regularizers from "./index.js";
import { earlyStopping, elasticNet, l1, l2 } from "./index.js";

penaltySuite("l1", l1());
penaltySuite("l2", l2(0.1));
penaltySuite("l2 of kernels", l2(0.1, { only: (path) => path.endsWith("kernel") }));
penaltySuite("elasticNet", elasticNet());

stopperSuite("earlyStopping", earlyStopping() as Stopper);
stopperSuite("earlyStopping, of an accuracy", earlyStopping({ monitor: "validation.accuracy", mode: "max", patience: 1, minDelta: 0.01, restoreBest: false }) as Stopper);

const transforms: Readonly<Record<string, Transform>> = {
  maxNorm: regularizers.maxNorm(),
  minMaxNorm: regularizers.minMaxNorm(),
  unitNorm: regularizers.unitNorm(),
  nonNegative: regularizers.nonNegative(),
  bounded: regularizers.bounded({ low: -1, high: 1 }),
  ema: regularizers.ema(),
  swa: regularizers.swa({ start: 1 }),
};
for (const [name, transform] of Object.entries(transforms)) transformSuite(name, transform);
