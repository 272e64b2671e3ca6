import type { Rule, Sign } from "../finding.js";
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
    if (!record.nonFinite) return inside(record);
    const { step, where } = record.nonFinite;
    if (/the input batch|the targets/.test(where))
      return { severity: "error", kind: "data", evidence: { step, place: where } };
    const [, what, path] = /^(.*?)"([^"]+)"$/.exec(where) ?? [];
    const layer = firstLayer(record) ?? (what?.trim() === "layer" ? path : undefined);
    if (layer !== undefined) {
      const type = layersOf(record).find((other) => other.path === layer)?.type;
      return {
        severity: "error",
        where: layer,
        kind: type === undefined ? "unknownLayer" : "layer",
        evidence: { step, layer, ...(type !== undefined && { type }) },
      };
    }
    return {
      severity: "error",
      ...(path !== undefined && { where: path }),
      kind: "other",
      evidence: { step, place: where },
    };
  },
};

/**
 * Of statistics: what was not finite in the last observed step. A layer may give infinities on
 * purpose, as masks do; they count only where no finite loss is known.
 */
function inside({ observed, losses }: RunRecord): Sign | undefined {
  const last = observed.at(-1);
  if (!last) return undefined;
  const layers = losses.count === 0 ? Object.entries(last.layers) : [];
  const found = [...layers, ...Object.entries(last.params)].find(
    ([, { nonFinite }]) => nonFinite > 0,
  );
  if (!found) return undefined;
  const [place] = found;
  return { severity: "error", where: place, kind: "inside", evidence: { step: last.step, place } };
}

/** The first layer whose output was not finite in an observed step. */
function firstLayer({ observed }: RunRecord): string | undefined {
  for (const { layers } of observed) {
    const found = Object.entries(layers).find(([, layer]) => layer.nonFinite > 0);
    if (found) return found[0];
  }
  return undefined;
}
