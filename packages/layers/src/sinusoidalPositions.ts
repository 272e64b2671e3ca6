import { badArgument, known } from "@tenon/guards";
import { stack } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { waves } from "./internal/angles.js";
import { checkPositive, show } from "./internal/check.js";

export interface SinusoidalPositionsOptions {
  /** The slowest frequencies are about 1 / base. @defaultValue 10000 */
  readonly base?: number;
}

/**
 * Adds waves of falling frequencies to a sequence, so that each place has its own pattern: y[p, 2j]
 * = x[p, 2j] + sin(p · base^(−2j / size)), y[p, 2j + 1] = x[p, 2j + 1] + cos(…).
 *
 * [places, size] with an even size. Nothing is learned.
 *
 * Vaswani et al. (2017), Attention is all you need, section 3.5. arXiv:1706.03762
 */
export function sinusoidalPositions(options: SinusoidalPositionsOptions = {}): Activation {
  const { base = 10000 } = known("sinusoidalPositions", options, "base");
  checkPositive("sinusoidalPositions", "base", base);
  return activation(
    "sinusoidalPositions",
    (x) => {
      const [places, size] = x.shape.slice(-2) as [number, number];
      if (x.shape.length < 2 || size % 2 !== 0)
        throw badArgument(
          "sinusoidalPositions",
          "[places, size], size even",
          show(x.shape.slice(1)),
        );
      const { sin, cos } = waves(places, size / 2, base);
      return x.add(stack([sin, cos], -1).reshape([places, size]));
    },
    options,
  );
}
