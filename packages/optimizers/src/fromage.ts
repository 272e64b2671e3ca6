import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { rate } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { preset } from "./internal/preset.js";
import { scaleByTrustRatio } from "./scaleByTrustRatio.js";

export interface FromageOptions {
  /** How far a parameter turns in a step; a number or a function of it. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
  /** The smallest norm that is used. @defaultValue 1e-6 */
  readonly minNorm?: Schedule | number;
}

/**
 * Turns each parameter by a fraction of its norm, which stays: w ← (w − η ‖w‖ g / ‖g‖) / √(1 + η²).
 *
 * Bernstein et al. (2020), On the distance between two neural networks and the stability of
 * learning, algorithm 1. arXiv:2002.03432
 */
export function fromage(options: FromageOptions = {}): Transform {
  const { learningRate = 0.01, minNorm = 1e-6 } = known("fromage", options, "learningRate minNorm");
  rate("fromage", "learningRate", learningRate);
  rate("fromage", "minNorm", minNorm);
  const length = (eta: number): number => 1 / Math.sqrt(1 + eta ** 2);
  const turn = perParameter(
    "fromage",
    {},
    {
      along: madeOf([learningRate], (at) => (step) => at(step) * length(at(step))),
      rest: madeOf([learningRate], (at) => (step) => 1 - length(at(step))),
    },
    ({ g, w }, { along, rest }) => ({ g: g.mul(along).add(w.mul(rest)).neg() }),
  );
  return preset("fromage", () => [scaleByTrustRatio({ minNorm }), turn]);
}
