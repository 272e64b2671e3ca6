import type { Rule } from "../finding.js";
import { layersOf } from "../internal/layers.js";
import type { RunRecord } from "../record.js";

/**
 * The loss became NaN or infinite. Named is what was not finite first: the data, a layer, the loss,
 * a gradient.
 */
export const nonFinite: Rule = {
  id: "nonFinite",
  reference: "Goodfellow, Bengio & Courville (2016), Deep Learning, section 4.1",
  explains: ["notLearning", "overfitting", "underfitting", "batchNormStatistics", "batchNotLearnt"],
  examine(record) {
    if (record.data && record.data.nonFinite > 0)
      return { severity: "error", kind: "measured", evidence: { fraction: record.data.nonFinite } };
    if (!record.nonFinite) return undefined;
    const { step, where } = record.nonFinite;
    if (/the input batch|the targets/.test(where))
      return { severity: "error", kind: "data", evidence: { step, place: where } };
    const [, what, path] = /^(.*?)"([^"]+)"$/.exec(where) ?? [];
    const layer = firstLayer(record) ?? (what?.trim() === "layer" ? path : undefined);
    if (layer !== undefined) {
      const type = layersOf(record).find((other) => other.path === layer)?.type ?? layer;
      return { severity: "error", where: layer, kind: "layer", evidence: { step, layer, type } };
    }
    return {
      severity: "error",
      ...(path !== undefined && { where: path }),
      kind: "other",
      evidence: { step, place: where },
    };
  },
};

/** The first layer whose output was not finite in an observed step. */
function firstLayer({ observed }: RunRecord): string | undefined {
  for (const { layers } of observed) {
    const found = Object.entries(layers).find(([, layer]) => layer.nonFinite > 0);
    if (found) return found[0];
  }
  return undefined;
}
