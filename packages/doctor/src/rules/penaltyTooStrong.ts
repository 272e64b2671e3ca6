import type { Rule } from "../finding.js";
import { baseline, plannedSteps } from "../internal/losses.js";
import { median } from "../internal/numbers.js";
import { firstStep, kernelsIn } from "../internal/observed.js";
import type { RunRecord } from "../record.js";

/** Above this fraction of the baseline nothing has been learnt from the inputs. */
const nothing = 0.97;
/**
 * So much is left of the kernels' first norms: through two of them a hundredth passes. Where it is
 * not known what was learnt, less: nothing passes.
 */
const [little, hardlyAny] = [0.1, 0.03];
/**
 * The loss with its penalties is this multiple of the one without: most of a gradient is theirs.
 */
const outweighing = 2;
/** Only in this last part of a run, and after so many epochs: the weights may be on their way. */
const [late, restEpochs] = [0.75, 3];

/**
 * Penalties or weight decay outweigh what the examples say: kernels shrink until nothing passes
 * through them, or jump to and fro around 0, and nothing is learnt.
 */
export const penaltyTooStrong: Rule = {
  id: "penaltyTooStrong",
  reference: "Goodfellow, Bengio & Courville (2016), Deep Learning, section 7.1",
  explains: [
    "saturatedUnits",
    "deadUnits",
    "vanishingGradients",
    "noGradient",
    "decayOfBiases",
    "learningRateTooLow",
    "rateDecayedTooEarly",
    "notLearning",
    "underfitting",
  ],
  examine(record) {
    const { setup, epochs, step: steps } = record;
    const scores = epochs.at(-1);
    const fraction = fractionLeft(record);
    if (fraction === undefined || !scores) return undefined;
    // Penalties are in the training loss, and not in that of other examples.
    const train = scores.train["loss"];
    const loss = scores.validation?.["loss"] ?? (setup.penalties ? undefined : train);
    const start = baseline({ ...record, setup: { ...setup, penalties: false } });
    if (loss === undefined || start === undefined) {
      if (!(fraction < hardlyAny)) return undefined;
      return { severity: "error", kind: "unscored", evidence: { fraction, steps } };
    }
    if (!(loss >= nothing * start)) return undefined;
    const evidence = { fraction, steps, loss, start };
    if (fraction < little) return { severity: "error", kind: "shrunk", evidence };
    const isLate = epochs.length >= restEpochs && steps >= late * (plannedSteps(record) ?? 0);
    if (!isLate || !setup.penalties || !(train! > outweighing * loss)) return undefined;
    return {
      severity: "error",
      kind: "outweighs",
      evidence: { ...evidence, train: train!, epoch: scores.epoch },
    };
  },
};

/** The median of how much is left of the norms of kernels that decay; undefined without any. */
function fractionLeft(record: RunRecord): number | undefined {
  const [first, last] = [firstStep(record), record.observed.at(-1)];
  if (!first || !last) return undefined;
  const decaying = new Set((record.setup.decays ?? []).map(({ path }) => path));
  const left = kernelsIn(record, last).flatMap(({ path, norm }) => {
    const before = first.params[path]?.norm ?? 0;
    return decaying.has(path) && before > 0 ? [norm / before] : [];
  });
  return left.length > 0 ? median(left) : undefined;
}
