import type { ByPath } from "@tenon/contracts";
import type { Rule } from "../finding.js";
import { inputOf, layersOf } from "../internal/layers.js";
import { plannedSteps } from "../internal/losses.js";
import { mean } from "../internal/numbers.js";
import type { LayerSetup, ObservedStep, RunRecord } from "../record.js";

/**
 * Running statistics are far from the batches' if the means differ by this many standard
 * deviations, or a standard deviation is this many times the other: what is normalized with them is
 * then not.
 */
const [mostShift, mostFactor] = [1, 2];
/** And the loss without training's statistics is this many times as high. */
const worse = 1.5;

/** Less of the start than this does no harm. */
const least = 0.1;

/**
 * A batch norm's running mean and variance, which are used outside training, are not those of the
 * batches: after t steps, mᵗ of a running statistic is still what it began with.
 */
export const batchNormStatistics: Rule = {
  id: "batchNormStatistics",
  reference:
    "Ioffe & Szegedy (2015), Batch normalization, algorithm 2, https://arxiv.org/abs/1502.03167; " +
    "Wu & Johnson (2021), Rethinking “batch” in batchNorm, https://arxiv.org/abs/2105.07576",
  explains: ["notLearning", "overfitting"],
  examine(record) {
    const scores = record.epochs.at(-1);
    const [loss, validation] = [scores?.train["loss"], scores?.validation?.["loss"]];
    if (loss === undefined || validation === undefined || validation < worse * loss)
      return undefined;
    const observed = record.observed.at(-1);
    const steps = plannedSteps(record) ?? record.step;
    for (const layer of layersOf(record).filter(({ type }) => type === "batchNorm")) {
      const batch = observed && inputOf(record, observed, layer);
      if (!batch || !(batch.std > 0)) continue;
      // It will pass before the run ends.
      if (!record.running && (layer.momentum ?? 1) ** steps < least) continue;
      const running = ofRun(record.running, layer) ?? expected(record, layer, observed);
      if (!running) continue;
      const shift = Math.abs(running.mean - batch.mean) / batch.std;
      const factor = Math.max(running.std / batch.std, batch.std / running.std);
      if (shift < mostShift && factor < mostFactor) continue;
      return {
        severity: "warning",
        where: layer.path,
        kind: layer.momentum === undefined ? "other" : "momentum",
        evidence: {
          layer: layer.path,
          loss,
          validation,
          mean: running.mean,
          std: running.std,
          batchMean: batch.mean,
          batchStd: batch.std,
          steps: record.step,
          ...(layer.momentum !== undefined && {
            momentum: layer.momentum,
            left: layer.momentum ** record.step,
          }),
        },
      };
    }
    return undefined;
  },
};

/** Mean and standard deviation of all channels together, of statistics by channel. */
function ofRun(running: ByPath<readonly number[]> | undefined, { path }: LayerSetup) {
  const [means, variances] = [running?.[`${path}/mean`], running?.[`${path}/variance`]];
  if (!means || !variances) return undefined;
  const centre = mean(means);
  const variance = mean(variances) + mean(means.map((value) => (value - centre) ** 2));
  return { mean: centre, std: Math.sqrt(variance) };
}

/**
 * What they are after as many steps, if batches were always as the last one: mᵗ of 0 and of 1, the
 * rest of the batch. Without a momentum, unknown.
 */
function expected(record: RunRecord, layer: LayerSetup, observed: ObservedStep) {
  const batch = inputOf(record, observed, layer);
  if (!batch || layer.momentum === undefined) return undefined;
  const left = layer.momentum ** record.step;
  const variance = left + (1 - left) * batch.std ** 2;
  return { mean: (1 - left) * batch.mean, std: Math.sqrt(variance) };
}
