import type { Rule } from "../finding.js";
import { layersOf } from "../internal/layers.js";

/**
 * A layer in which this fraction is saturated lets a quarter of the gradient pass at best, as
 * little as a sigmoid does where it is steepest.
 */
const most = 0.75;
/**
 * These share 1 among units, so that most of them are near 0 by rights: weights of an attention, or
 * a gate.
 */
const shares = /softm(ax|in)/i;
/** After the first step it has to stay so in this many observed steps. */
const persists = 3;

/**
 * Most units of a bounded activation are at a bound, where the gradient is almost 0: what is in
 * front of them hardly learns. The last layer is left aside, whose answers should be certain.
 */
export const saturatedUnits: Rule = {
  id: "saturatedUnits",
  reference:
    "Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural " +
    "networks, section 3, https://proceedings.mlr.press/v9/glorot10a.html",
  explains: [
    "deadUnits",
    "vanishingGradients",
    "noGradient",

    "learningRateTooLow",
    "notLearning",
    "underfitting",
    "batchNotLearnt",
  ],
  examine(record) {
    const { observed } = record;
    const last = observed.at(-1);
    if (!last) return undefined;
    const steps = observed.slice(-persists);
    if (steps.length < persists && steps[0]!.step > 1) return undefined;
    const layers = layersOf(record);
    const answer = layers.at(-1)?.path ?? Object.keys(last.layers).at(-1);
    for (const layer of Object.keys(last.layers)) {
      if (shares.test(layers.find(({ path }) => path === layer)?.type ?? layer)) continue;
      const fraction = Math.min(...steps.map(({ layers }) => layers[layer]?.saturated ?? 0));
      if (layer !== answer && fraction > most)
        return { severity: "error", where: layer, evidence: { layer, fraction, step: last.step } };
    }
    return undefined;
  },
};
