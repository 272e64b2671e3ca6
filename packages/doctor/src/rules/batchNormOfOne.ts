import type { Rule } from "../finding.js";
import { layersOf } from "../internal/layers.js";
import { ofWrongValues } from "../internal/consequences.js";

/**
 * A batch norm normalizes a channel over the values of the batch. Of one value, the mean is the
 * value and the standard deviation 0: the output is β, whatever the input is, and no gradient
 * passes.
 */
export const batchNormOfOne: Rule = {
  id: "batchNormOfOne",
  reference: "Wu & He (2018), Group normalization, figure 1, https://arxiv.org/abs/1803.08494",
  explains: ofWrongValues,
  examine(record) {
    const layer = layersOf(record).find(({ type }) => type === "batchNorm");
    const { batchSize, examples, dropLast } = record.setup;
    if (!layer || batchSize === undefined) return undefined;
    // How many values of a channel one example has.
    const values = (layer.output ?? []).slice(0, -1).reduce((a, b) => a * b, 1);
    const evidence = { layer: layer.path, batchSize, values };
    if (batchSize === 1) {
      const severity = values === 1 ? "error" : "warning";
      return { severity, where: layer.path, kind: values === 1 ? "one" : "oneImage", evidence };
    }
    const left = examples === undefined || dropLast ? 0 : examples % batchSize;
    if (left !== 1 || values > 1) return undefined;
    return { severity: "hint", where: layer.path, kind: "last", evidence, explains: [] };
  },
};
