import type { Transform } from "@tenon/contracts";
import { transformSuite } from "@tenon/testkit";
import * as optimizers from "./index.js";
import { adam, chain, clipByGlobalNorm, scaleByAdam, scaleByLearningRate } from "./index.js";

const all: Readonly<Record<string, Transform>> = {
  scale: optimizers.scale(-0.5),
  scaleByLearningRate: scaleByLearningRate((step) => 1 / (step + 1)),
  trace: optimizers.trace(),
  scaleByAdagrad: optimizers.scaleByAdagrad(),
  scaleByRms: optimizers.scaleByRms(),
  scaleByAdam: scaleByAdam(),
  clipByValue: optimizers.clipByValue(0.5),
  clipByNorm: optimizers.clipByNorm(0.5),
  clipByGlobalNorm: clipByGlobalNorm(0.5),
  normalizedGradient: optimizers.normalizedGradient(),
  addDecayedWeights: optimizers.addDecayedWeights(0.1, {
    only: (path, shape) => path.endsWith("kernel") && shape.length > 1,
  }),
  sgd: optimizers.sgd(),
  momentum: optimizers.momentum({ rateInside: true }),
  nesterov: optimizers.nesterov(),
  adagrad: optimizers.adagrad(),
  rmsprop: optimizers.rmsprop(),
  adam: adam({ learningRate: (step) => 0.1 / (step + 1) }),
  adamw: optimizers.adamw(),
  adadelta: optimizers.adadelta(),
  adamax: optimizers.adamax({ epsOutside: true }),
  radam: optimizers.radam({ beta2: 0.5 }),
  lion: optimizers.lion({ weightDecay: 0.1 }),
  adabelief: optimizers.adabelief(),
  yogi: optimizers.yogi(),
  lamb: optimizers.lamb({ weightDecay: 0.1 }),
  scaleBySign: optimizers.scaleBySign(),
  centralize: optimizers.centralize(),
  masked: optimizers.masked(adam(), (_, shape) => shape.length > 1),
  "a chain": chain(clipByGlobalNorm(1), scaleByAdam(), scaleByLearningRate(0.1)),
  "a chain of chains": chain(chain(clipByGlobalNorm(1), scaleByAdam()), adam()),
};

for (const [name, transform] of Object.entries(all)) transformSuite(name, transform);
