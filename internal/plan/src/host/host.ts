import type { Feed, NDArray, Tree } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import {
  checkedState,
  feeder,
  elementsFed,
  sizeOf,
  type ConstantAttrs,
  type ScheduleAttrs,
} from "@tenon/tensor";
import type { Node } from "../graph/node.js";
import type { Buffer } from "../memory.js";
import type { Plan } from "../plan.js";
import type { HostMemory } from "../plannedStep.js";
import { undoing, type Undo } from "../state/undo.js";
import type { TracedStep } from "../stepGraph.js";
import { copier } from "./copies.js";

/**
 * The caller's side of a program. A step is `feed`, `begin`, then all kernels of the plan, then
 * `finish`; they must not overlap with those of another step.
 */
export interface Host<S, I, O> {
  /** Checks what a step is fed, and writes it and the values of the schedules to memory. */
  feed(inputs: I): void;
  /** Prepares the words of a guarded step. */
  begin(): void;
  /** Copies of the outputs. Of a guarded step whose values are not finite, takes back the rest. */
  finish(): O;
  /** A copy of the state. */
  state(): S;
  /** Replaces the state. */
  load(state: S): void;
}

/** Ties the caller's side of a planned step to the memory in which it runs. */
export function hostOf<S extends Tree<NDArray>, I, O>(
  start: S,
  { trace, graph, bounds }: TracedStep,
  plan: Plan<unknown>,
  memory: HostMemory,
): Host<S, I, O> {
  const arrayOf = (x: Node, buffer: Buffer = plan.bufferOf(x)): Float32Array | Int32Array =>
    memory.array(buffer, x.dtype, sizeOf(x.shape));
  for (const x of plan.leaves)
    if (x.op === "constant") arrayOf(x).set((x.attrs as ConstantAttrs).data);

  const feeds = feeder(trace.inputs);
  const inputArrays = graph.inputs.map((x) => arrayOf(x));
  const write = feeds.places.map((place, i) => {
    const array = inputArrays[i]!;
    return memory.input?.(place, array) ?? ((feed: Feed) => array.set(elementsFed(place, feed)));
  });
  const schedules = schedulesOf(plan, graph.inputs, arrayOf);
  const undo = undoOf({ trace, graph, bounds }, plan, memory, schedules, arrayOf);
  const before = graph.changes.map((change) => change.before);
  const stateArrays = before.map((x) => arrayOf(x));
  const copyOfState = copier(start, before, arrayOf);
  const copyOfOutputs = copier(trace.outputs, graph.outputs, arrayOf);

  const load = (name: string, state: S): void => {
    // All of a state is checked before any of it is written.
    const arrays = checkedState(name, start, state);
    memory.use?.();
    arrays.forEach((array, i) => stateArrays[i]!.set(array.data));
    undo?.loaded();
  };
  load("compile", start);
  return {
    feed(inputs) {
      memory.use?.();
      feeds.each(inputs, (_, feed, i) => write[i]!(feed));
      for (const { evaluate, step, array } of schedules) array[0] = evaluate(step[0]!);
    },
    begin: () => undo?.begin(),
    finish() {
      undo?.end();
      const outputs = copyOfOutputs() as O;
      undo?.putBack();
      return outputs;
    },
    state() {
      memory.use?.();
      return copyOfState() as S;
    },
    load: (state) => load("load", state),
  };
}

/** A schedule, evaluated from one of the inputs before each step. */
interface ScheduleInput {
  readonly node: Node;
  readonly evaluate: (step: number) => number;
  /** The input that it is evaluated of. */
  readonly step: Float32Array | Int32Array;
  readonly array: Float32Array | Int32Array;
}

function schedulesOf(
  { leaves }: Plan<unknown>,
  inputs: readonly Node[],
  arrayOf: (x: Node) => Float32Array | Int32Array,
): ScheduleInput[] {
  return leaves
    .filter((x) => x.op === "schedule")
    .map((node) => {
      const [input] = node.inputs;
      if (!inputs.includes(input!))
        throw badArgument(
          "compile",
          "a schedule of one of the step's inputs",
          "one of a value computed in the step",
          "a schedule is evaluated before the step runs",
        );
      const { of } = node.attrs as ScheduleAttrs;
      return { node, evaluate: of, step: arrayOf(input!), array: arrayOf(node) };
    });
}

/** How a guarded step is taken back; undefined for any other step. */
function undoOf(
  { graph, bounds }: TracedStep,
  plan: Plan<unknown>,
  memory: HostMemory,
  schedules: readonly ScheduleInput[],
  arrayOf: (x: Node, buffer?: Buffer) => Float32Array | Int32Array,
): Undo | undefined {
  const { guarded } = graph;
  if (!guarded) return undefined;
  const { words, first, states } = guarded;
  const int32 = (x: Node, length: number): Int32Array =>
    memory.array(plan.bufferOf(x), "int32", length) as Int32Array;
  return undoing({
    words: int32(words, 3),
    first: int32(first, 2),
    schedules: schedules.map(({ node, array }) => ({
      value: array,
      notNegative: bounds.notNegative.has(node),
    })),
    states: states.map((x, i) => ({
      now: arrayOf(x),
      kept: arrayOf(x, plan.copies[i]!),
      notNegative: bounds.notNegative.has(x),
    })),
    tame: bounds.tame,
  });
}
