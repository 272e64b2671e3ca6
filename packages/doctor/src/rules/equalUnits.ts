import type { Rule } from "../finding.js";
import { hasKernel, isInRow, layersOf } from "../internal/layers.js";
import type { LayerSetup } from "../record.js";

/** Layers that treat each unit in its own way, so that equal ones become different. */
const telling = ["dropout", "embedding"];

/**
 * Two layers in a row whose parameters begin with one value each: the units between them give the
 * same, matter to the next layer in the same way, and get the same gradient, so that they stay
 * equal. Where both are 0, nothing passes, and other rules say so.
 */
export const equalUnits: Rule = {
  id: "equalUnits",
  reference: "Goodfellow, Bengio & Courville (2016), Deep Learning, section 8.4 (break symmetry)",
  explains: [
    "learningRateTooHigh",
    "explodingGradients",
    "deadUnits",
    "vanishingGradients",
    "noGradient",
    "learningRateTooLow",
    "notLearning",
    "underfitting",
    "batchNotLearnt",
  ],
  examine(record) {
    let before: LayerSetup | undefined;
    for (const layer of layersOf(record)) {
      if (!isInRow(layer) || telling.includes(layer.type)) before = undefined;
      else if (hasKernel(layer)) {
        if (before && isEqual(before) && isEqual(layer) && (before.constant || layer.constant))
          return {
            severity: "error",
            where: before.path,
            evidence: {
              layer: before.path,
              next: layer.path,
              value: before.constant!,
              nextValue: layer.constant!,
              units: before.output!.at(-1)!,
            },
          };
        before = (layer.output?.at(-1) ?? 1) > 1 ? layer : undefined;
      } else if (Object.keys(layer.params ?? {}).length > 0 && !isEqual(layer)) before = undefined;
    }
    return undefined;
  },
};

const isEqual = ({ constant }: LayerSetup): boolean => constant !== undefined;
