import type { ArraySpec, NDArray, Elements } from "./values.js";

/** Plain objects of plain objects, with values at the ends. */
export type Tree<V> = V | { readonly [key: string]: Tree<V> };

/** The tree `S` with `V` at its ends. An end is anything that has a `shape`. */
export type Leaves<S, V> = S extends ArraySpec ? V : { readonly [K in keyof S]: Leaves<S[K], V> };

/**
 * What a step may be fed: a number for a scalar, values in row-major order, or an array whose shape
 * is checked.
 */
export type Feed = number | Elements | readonly number[] | NDArray;

/**
 * A step as it is compiled: a pure function from the state and the inputs to the next state and the
 * outputs. It is called once, with placeholders.
 */
export type StepFunction<T, S, I, O> = (
  state: Leaves<S, T>,
  inputs: Leaves<I, T>,
) => { readonly state: Leaves<S, T>; readonly outputs: O };

/** A compiled step: the state is inside the engine and is copied only by `state` and `load`. */
export interface Program<S, I, O> {
  /**
   * Runs the step once on these inputs, replaces the state, and returns its outputs (copies, yours
   * to keep). A step that throws leaves the state as it was.
   */
  step(inputs: I): O;
  /** A copy of the state. */
  state(): S;
  /**
   * The state itself, for another program to load: what its arrays hold changes with the next step.
   * Present where it costs less than a copy.
   */
  view?(): S;
  /** Replaces the state. The names and shapes must be the ones it was compiled with. */
  load(state: S): void;
}

/** Turns a traced step into something that runs. */
export interface Engine<T> {
  readonly name: string;
  /** How many threads it really has. */
  readonly threads: number;
  /**
   * Calls `step` once with placeholders, to trace it, and compiles the graph.
   * `start` holds the initial state; `inputs` the shapes of what every call will be fed.
   */
  compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<T>>(
    step: StepFunction<T, S, I, O>,
    start: S,
    inputs: I,
  ): Program<S, Leaves<I, Feed>, Leaves<O, NDArray>>;
}

/**
 * A compiled step of an engine that answers later, such as a GPU, a worker or another machine.
 *
 * Several calls may be in flight. They take effect in the order in which they were made, so a step
 * runs on the state that the call before it left, and `state()` is the state between the calls
 * before and after it. Arguments are read before a call returns: their arrays may be overwritten at
 * once.
 *
 * No call throws; its promise rejects. A step or a `load` that fails leaves the state as it was.
 * Steps after it, which were meant for another state, fail with the same error and change nothing,
 * until a `load` succeeds; `state()` still answers.
 *
 * There is nothing to close. As with `Program`, memory is free again when the program is
 * unreachable and no call is in flight.
 */
export interface AsyncProgram<S, I, O> {
  /** Submits the step; gives its outputs (copies, yours to keep). */
  step(inputs: I): Promise<O>;
  /** A copy of the state. */
  state(): Promise<S>;
  /** Replaces the state. The names and shapes must be the ones it was compiled with. */
  load(state: S): Promise<void>;
}

/** An engine that answers later. */
export interface AsyncEngine<T> {
  readonly name: string;
  /** How many threads of the processor it really has. */
  readonly threads: number;
  /**
   * How many steps a caller should keep in flight, an integer ≥ 1: enough to hide how long an
   * answer takes. More would only take memory.
   */
  readonly stepsInFlight: number;
  /**
   * Traces the step as `Engine` does, and throws where that fails. The rest of the compilation may
   * go on after it has returned; where that fails, steps reject.
   */
  compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<T>>(
    step: StepFunction<T, S, I, O>,
    start: S,
    inputs: I,
  ): AsyncProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>>;
}

/** A program of either kind, for callers that drive both. */
export interface AnyProgram<S, I, O> {
  step(inputs: I): O | Promise<O>;
  state(): S | Promise<S>;
  view?(): S;
  load(state: S): void | Promise<void>;
}

/** An engine of either kind: one that answers later has `stepsInFlight`. */
export interface AnyEngine<T> {
  readonly name: string;
  readonly threads: number;
  readonly stepsInFlight?: number;
  compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<T>>(
    step: StepFunction<T, S, I, O>,
    start: S,
    inputs: I,
  ): AnyProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>>;
}
