import { scheduleSuite } from "@tenon/testkit";
import * as schedulers from "./index.js";
import { scheduleFromJSON } from "./index.js";

const steps = 100;
const options = { fromJSON: scheduleFromJSON, steps };
const decay = schedulers.cosineDecay({ start: 1, steps });

scheduleSuite("constant", schedulers.constant({ value: 0.1 }), options);
scheduleSuite("linear", schedulers.linear({ start: 1, end: 0.1, steps }), options);
scheduleSuite(
  "polynomial",
  schedulers.polynomial({ start: 1, end: 0.1, steps, power: 2 }),
  options,
);
scheduleSuite(
  "exponentialDecay",
  schedulers.exponentialDecay({ start: 1, decayRate: 0.98, steps: 10 }),
  options,
);
scheduleSuite(
  "exponentialDecay, each epoch",
  schedulers.exponentialDecay({ start: 1, decayRate: 0.98, steps: 10, staircase: true }),
  options,
);
scheduleSuite("stepDecay", schedulers.stepDecay({ start: 1, factor: 0.5, steps: 30 }), options);
scheduleSuite(
  "inverseTimeDecay",
  schedulers.inverseTimeDecay({ start: 1, decayRate: 0.5, steps: 10 }),
  options,
);
scheduleSuite(
  "piecewiseConstant",
  schedulers.piecewiseConstant({ boundaries: [30, 60], values: [1, 0.5, 0.1] }),
  options,
);
scheduleSuite("cosineDecay", decay, options);
scheduleSuite(
  "cosineRestarts",
  schedulers.cosineRestarts({ start: 1, steps: 20, stretch: 2 }),
  options,
);
scheduleSuite("warmupCosine", schedulers.warmupCosine({ peak: 1, warmup: 10, steps }), options);
scheduleSuite("oneCycle", schedulers.oneCycle({ peak: 1, steps }), options);
scheduleSuite("cyclic", schedulers.cyclic({ low: 0.1, high: 1, steps: 15 }), options);
scheduleSuite("warmup", schedulers.warmup({ steps: 10, schedule: decay }), options);
scheduleSuite(
  "join",
  schedulers.join({ schedules: [schedulers.constant({ value: 1 }), decay], boundaries: [20] }),
  options,
);
scheduleSuite(
  "product",
  schedulers.product({ schedules: [schedulers.constant({ value: 0.5 }), decay] }),
  options,
);
