import type { Feed, NDArray, Tree } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import {
  checkedState,
  feeder,
  elementsFed,
  mapLeaves,
  sizeOf,
  type ConstantAttrs,
  type ScheduleAttrs,
} from "@tenon/tensor";
import type { Node } from "../graph/node.js";
import type { Plan, StepGraph } from "../plan.js";
import type { HostMemory } from "../plannedStep.js";
import type { UndoableSteps } from "../state/undoableSteps.js";
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
  /** The state itself, in the memory of the program. */
  view(): S;
  /** Replaces the state. */
  load(state: S): void;
}

/** By this name the view of a state says what is known of its values. */
const isWary = Symbol("isWary");

interface Viewed {
  readonly [isWary]?: () => boolean | undefined;
}

/** Ties the caller's side of a planned step to the memory in which it runs. */
export function hostOf<S extends Tree<NDArray>, I, O>(
  start: S,
  { inputs, outputs, graph }: TracedStep,
  plan: Plan<unknown>,
  memory: HostMemory,
  undoable?: Pick<UndoableSteps<never>, "undoOf">,
): Host<S, I, O> {
  const arrayOf = (x: Node): Float32Array | Int32Array =>
    memory.array(plan.bufferOf(x), x.dtype, sizeOf(x.shape));
  for (const x of plan.leaves)
    if (x.op === "constant") arrayOf(x).set((x.attrs as ConstantAttrs).data);

  const feeds = feeder(inputs);
  const inputArrays = graph.inputs.map((x) => arrayOf(x));
  const write = feeds.places.map((place, i) => {
    const array = inputArrays[i]!;
    return memory.input?.(place, array) ?? ((feed: Feed) => array.set(elementsFed(place, feed)));
  });
  const schedules = plan.leaves
    .filter((x) => x.op === "schedule")
    .map((x) => {
      const { of: evaluate } = x.attrs as ScheduleAttrs;
      return { array: arrayOf(x), evaluate, step: arrayOf(scheduleInput(x, graph)) };
    });
  const undo = graph.guarded && undoable?.undoOf(graph.guarded, plan, memory);
  const before = graph.changes.map((change) => change.before);
  const stateArrays = before.map((x) => arrayOf(x));
  const copyOfState = copier(start, before, arrayOf);
  let read = 0;
  const viewOfState = mapLeaves(start as { readonly state: NDArray }, ({ shape, dtype }) => ({
    shape,
    dtype,
    data: stateArrays[read++]!,
  })) as unknown as S & Viewed;
  Object.defineProperty(viewOfState, isWary, { value: () => undo?.isWary() });
  const copyOfOutputs = copier(outputs, graph.outputs, arrayOf);

  const load = (name: string, state: S): void => {
    // All of a state is checked before any of it is written.
    const arrays = checkedState(name, start, state);
    arrays.forEach((array, i) => stateArrays[i]!.set(array.data));
    undo?.loaded((state as Viewed)[isWary]?.());
  };
  load("compile", start);
  return {
    feed(values) {
      feeds.each(values, (_, feed, i) => write[i]!(feed));
      for (const { array, evaluate, step } of schedules) array[0] = evaluate(step[0]!);
    },
    begin: () => undo?.begin(),
    finish() {
      undo?.end();
      const results = copyOfOutputs() as O;
      undo?.putBack();
      return results;
    },
    state: () => copyOfState() as S,
    view: () => viewOfState,
    load: (state) => load("load", state),
  };
}

/** The input of the step that a schedule is evaluated from before each step. */
function scheduleInput({ inputs: [input] }: Node, { inputs }: StepGraph): Node {
  if (!inputs.includes(input!))
    throw badArgument(
      "compile",
      "a schedule of one of the step's inputs",
      "one of a value computed in the step",
      "a schedule is evaluated before the step runs",
    );
  return input!;
}
