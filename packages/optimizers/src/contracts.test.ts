import type { Transform } from "@tenon/contracts";
import { everyExport, transformSuite } from "@tenon/testkit";
import * as optimizers from "./index.js";
import { adam, chain, clipByGlobalNorm, scaleByAdam, scaleByLearningRate } from "./index.js";

/** Those with arguments; what needs none needs no row. */
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
  signum: optimizers.signum(),
  rprop: optimizers.rprop(),
  nadam: optimizers.nadam({ weightDecay: 0.1 }),
  adan: optimizers.adan({ weightDecay: 0.1 }),
  novograd: optimizers.novograd({ weightDecay: 0.1 }),
  ademamix: optimizers.ademamix({ alpha: (step) => step }),
  adopt: optimizers.adopt({ nesterov: true }),
  ftrl: optimizers.ftrl({ l1: 0.01, l2: 0.1 }),
  scaleByOptimism: optimizers.scaleByOptimism(),
  lars: optimizers.lars({ weightDecay: 0.1 }),
  fromage: optimizers.fromage(),
  averageUpdates: optimizers.averageUpdates(0.9),
  clipByRms: optimizers.clipByRms(0.1),
  adaptiveClip: optimizers.adaptiveClip(0.1),
  scaleByParameterNorm: optimizers.scaleByParameterNorm({ rms: true }),
  lookahead: optimizers.lookahead(adam(), { every: 2, reset: true }),
  accumulate: optimizers.accumulate(adam(), 2),
  applyEvery: optimizers.applyEvery(2),
  prodigy: optimizers.prodigy({ start: 0.1, weightDecay: 0.1 }),
  cocob: optimizers.cocob({ alpha: 10 }),
  dadaptAdamw: optimizers.dadaptAdamw({ start: 0.1, weightDecay: 0.1 }),
  mechanize: optimizers.mechanize(optimizers.adam({ learningRate: 1 }), { betas: 2 }),
  "momo, of an adapted bound": optimizers.momo({ adaptLowerBound: true, weightDecay: 0.1 }),
  "momoAdam, of an adapted bound": optimizers.momoAdam({ adaptLowerBound: true, lowerBound: 1 }),
  dog: optimizers.dog({ start: 0.1 }),
  dowg: optimizers.dowg({ start: 0.1 }),
  sam: optimizers.sam(adam()),
  lbfgs: optimizers.lbfgs({ learningRate: 0.1, memory: 2 }),
  scaleByLbfgs: optimizers.scaleByLbfgs({ memory: 2 }),
  orthogonalize: optimizers.masked(optimizers.orthogonalize(), (path) => path === "dense/kernel"),
  inspect: optimizers.inspect(),
  muon: optimizers.muon({ debias: true }),
  sm3: optimizers.sm3(),
  madgrad: optimizers.madgrad(),
  "ftrl, of another power": optimizers.ftrl({ power: 0.3 }),
  zeroNans: optimizers.zeroNans(),
  skipNonFinite: optimizers.skipNonFinite(adam(), { most: 2 }),
  partition: optimizers.partition({ kernels: adam(), others: optimizers.sgd() }, (_, shape) =>
    shape.length > 1 ? "kernels" : "others",
  ),
  freeze: optimizers.freeze((path) => path.startsWith("conv1")),
  "clipByGlobalNorm, order 3": clipByGlobalNorm(1, { order: 3 }),
  "clipByNorm, order Infinity": optimizers.clipByNorm(0.5, { order: Infinity }),
  adafactor: optimizers.adafactor({ momentum: 0.9, weightDecay: 0.1 }),
  asgd: optimizers.asgd({ start: 1 }),
  decayFirst: optimizers.decayFirst(optimizers.lamb(), 0.1),
  scheduleFree: optimizers.scheduleFree(adam(), { beta: 0.5 }),
  scheduleFreeSgd: optimizers.scheduleFreeSgd({ learningRate: 0.1, warmup: 2 }),
  scheduleFreeAdamw: optimizers.scheduleFreeAdamw({ weightDecay: 0.1 }),
  chain: chain(clipByGlobalNorm(1), scaleByAdam(), scaleByLearningRate(0.1)),
  "chain, of chains": chain(chain(clipByGlobalNorm(1), scaleByAdam()), adam()),
};

// addNoise needs a seed: internal/compositions/src/addNoise.test.ts.
const besides = ["addNoise", "applyUpdates", "globalNorm", "initSlots"].concat([
  "onArrays",
  "onSmallArrays",
  "minimize",
]);
const plain = Object.entries(optimizers as unknown as Readonly<Record<string, () => Transform>>)
  .filter(([name]) => !Object.hasOwn(all, name) && !besides.includes(name))
  .flatMap(([name, make]): [string, Transform][] => {
    try {
      return [[name, make()]];
    } catch {
      return [];
    }
  });
const rows = [...Object.entries(all), ...plain];
for (const [title, transform] of rows) transformSuite(title, transform);

everyExport(
  optimizers,
  rows.map(([title]) => title),
  {
    besides,
    add: "add a transform that it makes to `all` in packages/optimizers/src/contracts.test.ts",
  },
);
