import type { ArraySpec, DType, Feed, Leaves, NDArray, StepFunction, Tree } from "@tenon/contracts";
import type { FeedPlace, Tensor } from "@tenon/tensor";
import type { Backend, PlannedKernel } from "./backend.js";
import { hostOf, type Host } from "./host/host.js";
import type { Buffer } from "./memory.js";
import { plan, type Plan, type StepGraph } from "./plan.js";
import { traceStep } from "./stepGraph.js";

/** The memory in which an engine runs a plan, as the code around it uses it. */
export interface HostMemory {
  /** The array of a buffer. It must stay valid for as long as the program. */
  array(buffer: Buffer, dtype: DType, length: number): Float32Array | Int32Array;
  /** How an input is written to its array. @defaultValue its values are copied */
  input?(place: FeedPlace, array: Float32Array | Int32Array): (feed: Feed) => void;
}

/** A step that is planned for an engine, and how its caller's side is tied to memory. */
export interface PlannedStep<K, S, I, O> {
  readonly plan: Plan<K>;
  /** What is fed, what is given back, and which values are replaced. */
  readonly graph: StepGraph;
  /** Writes constants and the start state to memory, and prepares what each call needs. */
  bind(memory: HostMemory): Host<S, I, O>;
}

/** Traces a step and plans it: all of `Engine.compile` that is the same for every engine. */
export function planStep<
  K extends PlannedKernel,
  S extends Tree<NDArray>,
  I extends Tree<ArraySpec>,
  O extends Tree<Tensor>,
>(
  step: StepFunction<Tensor, S, I, O>,
  start: S,
  inputs: I,
  backend: Backend<K>,
): PlannedStep<K, S, Leaves<I, Feed>, Leaves<O, NDArray>> {
  const traced = traceStep(step, start, inputs, backend);
  const planned = plan(traced.graph, backend);
  return {
    plan: planned,
    graph: traced.graph,
    bind: (memory) => hostOf(start, traced, planned, memory, backend.undo),
  };
}
