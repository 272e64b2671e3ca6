import type { ArraySpec, NDArray, Numbers } from "./values.js";

/** Plain objects of plain objects, with values at the ends. */
export type Tree<V> = V | { readonly [key: string]: Tree<V> };

/** The tree `S` with `V` at its ends. An end is anything that has a `shape`. */
export type Leaves<S, V> = S extends ArraySpec ? V : { readonly [K in keyof S]: Leaves<S[K], V> };

/**
 * What a step may be fed: a number for a scalar, numbers in row-major order, or an array whose
 * shape is checked.
 */
export type Feed = number | Numbers | readonly number[] | NDArray;

/** A compiled step: state lives inside the engine, so nothing is copied unless asked for. */
export interface Program<S, I, O> {
  /**
   * Runs the step once on these inputs, replaces the state, and returns its outputs (copies, yours
   * to keep).
   */
  step(inputs: I): O;
  /** A copy of the state. */
  state(): S;
  /** Replaces the state. The names and shapes must be the ones it was compiled with. */
  load(state: S): void;
}

/** Turns a recorded step into something that runs. */
export interface Engine<T> {
  readonly name: string;
  /** How many threads it really has. */
  readonly threads: number;
  /**
   * Calls `step` once with placeholders, to record it, and compiles the record.
   * `start` holds the first state; `inputs` the shapes of what every call will be fed.
   */
  compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<T>>(
    step: (
      state: Leaves<S, T>,
      inputs: Leaves<I, T>,
    ) => { readonly state: Leaves<S, T>; readonly outputs: O },
    start: S,
    inputs: I,
  ): Program<S, Leaves<I, Feed>, Leaves<O, NDArray>>;
}
