import type { Rule } from "../finding.js";
import { plannedSteps, recentLoss, startingPoint } from "../internal/losses.js";
import { inputOf, layersOf } from "../internal/layers.js";
import type { ObservedStep, RunRecord } from "../record.js";

/**
 * So much of a layer is dead: most of what was paid for. A trained network may do well with a few
 * units of a layer, so that this counts only while the loss is high, and not before this fraction
 * of the run, or this many steps: on a plateau a wide layer may have few units that are not 0, and
 * learn. All but a twentieth: nothing passes.
 */
const [most, almostAll, late, lateOpen] = [0.75, 0.95, 0.5, 100];
/** The loss is high above this fraction of where it began. */
const high = 0.5;
/** After the first step it has to stay so in this many observed steps. */
const persists = 3;
/** Functions that are 0, with a gradient of 0, on one side or in the middle. */
const rectifiers = /relu|threshold|shrink|hard(sigmoid|swish)|sparse/i;
/** And those of such names that are not. */
const leaking = /leaky|prelu|tanh/i;
/** In a batch of n, a unit that is zero half of the time is zero throughout with 2⁻ⁿ: 1 in 256. */
const leastBatch = 8;

/**
 * Units that are 0 for every example of a batch: a rectifier's gradient is 0 there, so that they
 * cannot learn their way back. Other layers may be 0 at first: a last layer of zeros learns.
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
    const steps = observed.slice(-persists);
    // What is so in the first step, before a rate could do it, need not stay so.
    const fromStart = steps[0]!.step <= 1;
    if (steps.length < persists && !fromStart) return undefined;
    const start = startingPoint(record);
    const isHigh = start === undefined || recentLoss(record) > high * start;
    const isShort = steps.length < persists;
    const isLate = record.step >= late * (plannedSteps(record) ?? 2 * lateOpen);
    const least = isShort || !isHigh || !isLate ? almostAll : most;
    for (const layer of Object.keys(last.layers)) {
      const fraction = Math.min(...steps.map((step) => deadIn(record, step, layer)));
      const sort = rectifies(record, layer);
      if (sort === undefined && (isShort || fraction < almostAll)) continue;
      if (sort === false || fraction < least) continue;
      const nothingPasses = fraction >= almostAll;
      return {
        severity: nothingPasses && sort ? "error" : "warning",
        where: layer,
        evidence: { layer, fraction, step: last.step },
        // Where some units live, something is learnt.
        ...(!nothingPasses && { explains: ["vanishingGradients", "underfitting"] }),
      };
    }
    return undefined;
  },
};

/** Whether a layer is a rectifier; undefined where its type is not known. */
function rectifies(record: RunRecord, path: string): boolean | undefined {
  const isRectifier = (name: string): boolean => rectifiers.test(name) && !leaking.test(name);
  const layers = layersOf(record);
  if (layers.length === 0) return isRectifier(path.split("/").at(-1)!) || undefined;
  return isRectifier(layers.find((layer) => layer.path === path)?.type ?? "");
}

/** The fraction of dead units, but for those that a dropout made or that were dead before. */
function deadIn(record: RunRecord, observed: ObservedStep, path: string): number {
  const { dead = 0 } = observed.layers[path] ?? {};
  const layer = layersOf(record).find((other) => other.path === path);
  if (!layer) return layersOf(record).length > 0 ? 0 : dead;
  const before = inputOf(record, observed, layer)?.dead ?? 0;
  return layer.type === "dropout" || before >= dead ? 0 : dead;
}
