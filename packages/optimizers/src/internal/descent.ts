import type { Transform } from "@tenon/contracts";
import { rate } from "./guards.js";
import { madeOf, type Hyper } from "./hyper.js";
import { perParameter } from "./perParameter.js";

/** `scaleByLearningRate`; `who` was called, and is named in errors. */
export function descent(who: string, learningRate: Hyper): Transform {
  rate(who, "learningRate", learningRate);
  return perParameter(
    "scaleByLearningRate",
    {},
    { rate: madeOf([learningRate], (at) => at) },
    ({ g }, { rate: eta }) => ({ g: g.mul(eta.neg()) }),
  );
}
