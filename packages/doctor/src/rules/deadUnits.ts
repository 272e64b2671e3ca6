import type { Rule } from "../finding.js";
import { recentLoss, startingPoint } from "../internal/losses.js";
import { inputOf, layersOf } from "../internal/layers.js";
import type { ObservedStep, RunRecord } from "../record.js";

/**
 * So much of a layer is dead: most of what was paid for. A trained network may do well with a few
 * units of a layer, so that this counts only while the loss is high. All but a twentieth: nothing
 * passes.
 */
const [most, almostAll] = [0.75, 0.95];
/** The loss is high above this fraction of where it began. */
const high = 0.5;
/** After the first step it has to stay so in this many observed steps. */
const persists = 3;
/** In a batch of n, a unit that is zero half of the time is zero throughout with 2⁻ⁿ: 1 in 256. */
const leastBatch = 8;

/**
 * Units that are 0 for every example of a batch: a rectifier's gradient is 0 there, so that they
 * cannot learn their way back.
 */
export const deadUnits: Rule = {
  id: "deadUnits",
  reference:
    "https://cs231n.github.io/neural-networks-1/#actfun; Lu, Shin, Su & Karniadakis (2020), " +
    "Dying ReLU and initialization, https://arxiv.org/abs/1903.06733",
  explains: [
    "vanishingGradients",
    "noGradient",

    "learningRateTooLow",
    "notLearning",
    "underfitting",
    "batchNotLearnt",
  ],
  examine(record) {
    const { observed, setup } = record;
    const last = observed.at(-1);
    if (!last || (setup.batchSize ?? Infinity) < leastBatch) return undefined;
    const atStart = last.step <= 1;
    const steps = atStart ? [last] : observed.slice(-persists);
    if (steps.length < persists && !atStart) return undefined;
    const start = startingPoint(record);
    const isHigh = start === undefined || recentLoss(record) > high * start;
    const least = atStart || !isHigh ? almostAll : most;
    for (const layer of Object.keys(last.layers)) {
      const fraction = Math.min(...steps.map((step) => deadIn(record, step, layer)));
      if (fraction >= least)
        return {
          severity: fraction >= almostAll ? "error" : "warning",
          where: layer,
          evidence: { layer, fraction, step: last.step },
        };
    }
    return undefined;
  },
};

/** The fraction of dead units, but for those that a dropout made or that were dead before. */
function deadIn(record: RunRecord, observed: ObservedStep, path: string): number {
  const { dead = 0 } = observed.layers[path] ?? {};
  const layer = layersOf(record).find((other) => other.path === path);
  if (!layer) return layersOf(record).length > 0 ? 0 : dead;
  const before = inputOf(record, observed, layer)?.dead ?? 0;
  return layer.type === "dropout" || before >= dead ? 0 : dead;
}
