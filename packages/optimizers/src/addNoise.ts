import type { Arithmetic, Clock, Flow, Schedule, Shape, Transform } from "@tenon/contracts";
import { badArgument, callable, known } from "@tenon/guards";
import { rate } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { mapPaths } from "./internal/mapPaths.js";
import { realPower } from "./internal/realPower.js";

/**
 * Normal numbers of mean 0 and standard deviation 1, a function of a seed and a step, which are
 * scalars of the arrays' host, and of a number: `standardNormal` of `@tenon/tensor`.
 */
export type NormalSource = (shape: Shape, seed: never, step: never, stream: number) => unknown;

export interface AddNoiseOptions {
  /** The variance of the first step. @defaultValue 0.01 */
  readonly eta?: Schedule | number;
  /** How fast the variance falls. @defaultValue 0.55 */
  readonly gamma?: Schedule | number;
}

/**
 * Adds noise that becomes less with the steps: g ← g + N(0, η / tᵞ), with t counted from 1.
 *
 * The noise is a function of the run's seed, the step, the parameter's place and the element: a
 * resumed run goes on with the same. In traced steps only, as those of `fit`: other hosts have no
 * seed. optax: `add_noise`. Throws a RangeError unless η and γ are finite and ≥ 0.
 *
 * Neelakantan et al. (2015), Adding gradient noise improves learning for very deep networks, who
 * take η from 0.01, 0.3 and 1 and γ = 0.55. arXiv:1511.06807
 *
 * @param normal `standardNormal` of `@tenon/tensor`
 */
export function addNoise(normal: NormalSource, options: AddNoiseOptions = {}): Transform {
  const { eta = 0.01, gamma = 0.55 } = known("addNoise", options, "eta gamma");
  callable("addNoise", "normal", normal);
  rate("addNoise", "eta", eta);
  rate("addNoise", "gamma", gamma);
  const deviation = madeOf(
    [eta, gamma],
    (at, gammaAt) => (step) => Math.sqrt(at(step) * realPower(step + 1, -gammaAt(step))),
  );
  return {
    name: "addNoise",
    slots: () => ({}),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      if (!clock.random)
        throw badArgument(
          "addNoise",
          "a run that has a seed",
          "one without",
          "train with fit or trainingStep; onArrays has none",
        );
      const { seed, step } = clock.random;
      const draw = normal as (shape: Shape, seed: T, step: T, stream: number) => T;
      const std = clock.value(deviation);
      const streams = Object.keys(updates);
      return {
        updates: mapPaths(updates, (g, path) =>
          g.add(draw(g.shape, seed, step, streams.indexOf(path)).mul(std)),
        ),
        params,
        slots,
      };
    },
  };
}
