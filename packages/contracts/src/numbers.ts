import type { Description, Shape } from "./values.js";

/** A source of numbers, uniform in [0, 1). `Math.random` is one; a seeded one makes a run repeatable. */
export type Rng = () => number;

/** First values for a parameter. The same shape and source give the same numbers. */
export interface Init {
  (shape: Shape, rng: Rng): Float32Array;
  /** Present on those that can be written down and made again. */
  toJSON?(): Description;
}

/** A number for every step, counted from 0. Pure, so that resuming a run needs no state. */
export interface Schedule {
  (step: number): number;
  /** Present on those that can be written down and made again. */
  toJSON?(): Description;
}
