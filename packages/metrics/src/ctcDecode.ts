import type { NDArray } from "@tenon/contracts";
import { badArgument, known, wholeIn } from "@tenon/guards";
import { argmax } from "./internal/argmax.js";
import { checkArrays, show } from "./internal/check.js";

export interface CtcDecodeOptions {
  /** The class that means no label, as of the loss `ctc`. @defaultValue 0 */
  readonly blank?: number;
}

/**
 * The labels that a model trained with the loss `ctc` reads out: the largest class of each step,
 * once where it follows itself, and without blanks.
 *
 * Best path decoding: the likeliest alignment, which need not belong to the likeliest labels.
 * Keras: `ops.ctc_decode(strategy="greedy")`.
 *
 * Graves et al. (2006), Connectionist temporal classification, equation 4.
 * doi:10.1145/1143844.1143891
 *
 * @param predictions [n, steps, classes], logits or probabilities alike
 * @returns the labels of each example
 * @throws unless predictions have three axes, the blank is a class, and nothing is NaN
 */
export function ctcDecode(predictions: NDArray, options: CtcDecodeOptions = {}): number[][] {
  const { blank = 0 } = known("ctcDecode", options, "blank");
  checkArrays("ctcDecode", ["predictions", predictions]);
  const { shape, data } = predictions;
  const [n = 0, steps = 0, classes = 0] = shape;
  if (shape.length !== 3 || classes < 2)
    throw badArgument("ctcDecode", "predictions of shape [n, steps, classes]", show(shape));
  wholeIn("ctcDecode", "blank", blank, 0, classes - 1);
  return Array.from({ length: n }, (_, example) => {
    const path = Array.from({ length: steps }, (_, step) => {
      const best = argmax(data, (example * steps + step) * classes, classes);
      if (best < 0) throw badArgument("ctcDecode", "no NaN", "NaN among the predictions");
      return best;
    });
    return path.filter((label, step) => label !== blank && label !== path[step - 1]);
  });
}
