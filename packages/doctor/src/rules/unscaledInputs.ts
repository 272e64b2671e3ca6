import type { Rule, Sign } from "../finding.js";
import type { RunRecord } from "../record.js";
import { product, rootMeanSquare } from "../internal/numbers.js";
import { isNorm, layersOf } from "../internal/layers.js";
import { lossesOfValues } from "../internal/losses.js";
import { ofWrongValues } from "../internal/consequences.js";

/**
 * Usual initial values keep the scale of inputs whose root mean square is 1. Ten times as large,
 * all activations and the first layer's gradient are too; a hundred times smaller, they vanish.
 */
const [largest, smallest] = [10, 0.01];
/**
 * The condition number of a linear layer's Hessian is that of the inputs' second moments: about the
 * square of the ratio of the features' scales, and of mean over standard deviation. Gradient
 * descent then takes in the order of that many steps.
 */
const [mostRatio, mostOffCentre] = [100, 10];
/**
 * Rows of many small values, such as counts of words scaled to length 1, are not small as a whole.
 */
const shortest = 0.5;
/**
 * A network gives values of about 1 at first. Targets a hundred times as large are far away for
 * steps of a usual size, and their errors, squared, give gradients that are too large for them.
 */
const largestTargets = 100;

/** Inputs or targets that are far from mean 0 and standard deviation 1. */
export const unscaledInputs: Rule = {
  id: "unscaledInputs",
  reference:
    "LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, section 4.3, " +
    "http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf",
  explains: ofWrongValues,
  examine(record) {
    return ofInputs(record) ?? ofTargets(record);
  },
};

function ofInputs(record: RunRecord): Sign | undefined {
  const { data, setup } = record;
  const input = data?.input ?? record.observed[0]?.input;
  const first = layersOf(record).find(({ type }) => type !== "flatten" && type !== "reshape");
  // A normalization scales, an embedding looks up.
  if (!input || input.std === 0 || (first && (isNorm(first) || first.type === "embedding")))
    return undefined;
  const { mean, std } = input;
  const size = rootMeanSquare(input);
  const evidence = { mean, std, size };
  const found = (kind: string, more = {}): Sign => ({
    severity: "warning",
    kind,
    evidence: { ...evidence, ...more },
  });
  if (size > largest) return found("large");
  const features = data?.features ?? (setup.input ? product(setup.input) : 1);
  if (size < smallest && size * Math.sqrt(features) < shortest) return found("small");
  const { scaleRatio = 1, offCentre = Math.abs(mean) / std } = data ?? {};
  if (scaleRatio > mostRatio) return found("unequal", { ratio: scaleRatio });
  return offCentre > mostOffCentre ? found("offCentre", { ratio: offCentre }) : undefined;
}

function ofTargets({ setup: { loss = "" }, data }: RunRecord): Sign | undefined {
  if (!data || !lossesOfValues.includes(loss)) return undefined;
  const { mean, std } = data.targets;
  const size = rootMeanSquare(data.targets);
  if (!(size > largestTargets)) return undefined;
  return {
    severity: "warning",
    kind: "targets",
    evidence: { mean, std, size },
    explains: [
      ...([
        "learningRateTooHigh",
        "explodingGradients",
        "deadUnits",
        "learningRateTooLow",
      ] as const),
      ...(["rateDecayedTooEarly", "nonFinite", "notLearning", "underfitting"] as const),
      "batchNotLearnt",
    ],
  };
}
