import type { Transform } from "@tenon/contracts";
import * as o from "../../index.js";

const clipped = (rule: Transform): Transform => o.chain(o.clipByGlobalNorm(1), rule);
const listed: Readonly<Record<string, Transform>> = {
  sgd: o.sgd(),
  momentum: o.momentum(),
  "momentum, L2": o.chain(o.addDecayedWeights(0.1), o.momentum()),
  "momentum, rateInside": o.momentum({ rateInside: true }),
  nesterov: o.nesterov(),
  adagrad: o.adagrad(),
  rmsprop: o.rmsprop(),
  "rmsprop, momentum": o.rmsprop({ momentum: 0.9 }),
  adam: o.adam(),
  "adam, epsHat": o.adam({ epsHat: true }),
  "adam, amsgrad": o.adam({ amsgrad: true }),
  "adam, nesterov": o.adam({ nesterov: true }),
  adamw: o.adamw(),
  adamax: o.adamax(),
  adadelta: o.adadelta(),
  lion: o.lion(),
  radam: o.radam(),
  yogi: o.yogi(),
  adabelief: o.adabelief(),
  lamb: o.lamb(),
  "sgd, clipped": clipped(o.sgd()),
  "momentum, clipped": clipped(o.momentum()),
  "nesterov, clipped": clipped(o.nesterov()),
  "adam, clipped": clipped(o.adam()),
  "adamw, clipped": clipped(o.adamw()),
  "lion, clipped": clipped(o.lion()),
};

/** Whether a function takes these options. */
function takes(make: (options: object) => unknown, options: object): boolean {
  try {
    make(options);
    return true;
  } catch {
    return false;
  }
}

/**
 * Rules whose loops are interpreted where there is no WebAssembly: each compiled one is paid for by
 * everyone who runs any optimizer on arrays.
 */
const interpreted: readonly string[] = [
  ...[
    "adafactor",
    "adan",
    "ademamix",
    "adopt",
    "asgd",
    "dadaptAdamw",
    "dog",
    "dowg",
    "fromage",
    "ftrl",
    "lars",
    "madgrad",
    "momo",
    "momoAdam",
  ],
  ...[
    "lbfgs",
    "muon",
    "nadam",
    "novograd",
    "polyakSgd",
    "prodigy",
    "rprop",
    "scheduleFreeAdamw",
    "scheduleFreeSgd",
    "signum",
    "sm3",
  ],
];

/**
 * Every other function with a `learningRate` among its options is an optimizer; so a new one is
 * compiled, too, without being listed.
 */
const others = Object.entries(
  o as unknown as Readonly<Record<string, (options: object) => Transform>>,
)
  .filter(
    ([name, make]) =>
      !Object.hasOwn(listed, name) &&
      !interpreted.includes(name) &&
      takes(make, { learningRate: 0.1 }) &&
      !takes(make, { colour: 1 }),
  )
  .map(([name, make]) => [name, make({})] as const);
/** For tests: the rules whose loops are compiled ahead of time, by name. */
export const rules: Readonly<Record<string, Transform>> = {
  ...listed,
  ...Object.fromEntries(others),
};
