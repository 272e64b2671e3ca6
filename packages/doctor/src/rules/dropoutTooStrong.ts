import type { Rule } from "../finding.js";
import { baseline } from "../internal/losses.js";
import { layersOf } from "../internal/layers.js";

/** Srivastava et al. find 0.5 near the best for hidden layers, and underfitting above 0.6. */
const usual = 0.6;
/**
 * A training loss above this fraction of the baseline: little of the data is fitted. Without
 * dropout it may be somewhat lower.
 */
const [littleLearnt, littleWithout] = [0.5, 0.4];
/** Above this rate it is said of a short run too, when it has ended. */
const extreme = 0.9;
/** The loss no longer falls fast if the last two epochs made less than this of it. */
const [rest, restEpochs] = [0.1, 2];

/** Dropout leaves so few units that the network cannot fit its training data. */
export const dropoutTooStrong: Rule = {
  id: "dropoutTooStrong",
  reference:
    "Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout, section 7.3 and " +
    "figure 9, https://jmlr.org/papers/v15/srivastava14a.html",
  explains: ["learningRateTooLow", "notLearning", "underfitting", "batchNotLearnt"],
  examine(record) {
    const kept = layersOf(record).filter(({ rate = 0 }) => rate > 0);
    const strongest = kept.reduce<(typeof kept)[number] | undefined>(
      (most, layer) => (most === undefined || layer.rate! > most.rate! ? layer : most),
      undefined,
    );
    const [start, scores] = [baseline(record), record.epochs.at(-1)];
    if (!strongest || strongest.rate! <= usual || !scores || !start) return undefined;
    const loss = scores.train["loss"];
    const before = record.epochs.at(-1 - restEpochs)?.train["loss"];
    const validation = scores.validation?.["loss"];
    if (loss === undefined || loss < littleLearnt * start) return undefined;
    if (validation !== undefined && validation < littleWithout * start) return undefined;
    const isAtRest = before !== undefined && loss >= (1 - rest) * before;
    if (!isAtRest && !(record.ended !== undefined && strongest.rate! > extreme)) return undefined;
    // With dropout off the network should do better; if not, something else is wrong.
    if (validation !== undefined && validation > loss) return undefined;
    return {
      severity: "warning",
      where: strongest.path,
      kind: validation === undefined ? "train" : "both",
      evidence: {
        layer: strongest.path,
        rate: strongest.rate!,
        loss,
        start,
        epoch: scores.epoch,
        ...(validation !== undefined && { validation }),
      },
    };
  },
};
