import type { ByPath, Json, NDArray } from "@tenon/contracts";
import {
  leaves,
  mapLeaves,
  topological,
  traceOf,
  type ScanAttrs,
  type Tensor,
} from "@tenon/tensor";
import type { StudySetup } from "../study.js";
import { trainingStep } from "../trainingStep.js";
import { batchSpec, scalar } from "./specs.js";
import { trainedOf } from "./trained.js";

/** At how many steps the values of schedules are compared, if a run has more. */
const mostSteps = 10_000;

/** What a run does in each step, in so far as its graph shows it. */
export interface StepDescription {
  /** 64 bits, as hexadecimal, of the operations, shapes, attributes and constants. */
  readonly digest: string;
  /** Of each schedule: its value where it has only one, else the first ones and a digest of all. */
  readonly schedules: readonly Json[];
}

/**
 * Describes the training step of a set-up by its graph, so that another loss, penalty or
 * hyper-parameter is noticed, also one that is written nowhere else. A schedule is described by its
 * values at every step of the run, or at 10,000 evenly spaced ones.
 */
export function stepOf(setup: StudySetup): StepDescription {
  const {
    model,
    train,
    loss,
    optimizer,
    penalties = [],
    epochs = 1,
    batchSize = 32,
    initial,
  } = setup;
  const plan = model.plan(train.x.shape);
  const specs = (arrays: ByPath<{ readonly shape: readonly number[] }>): ByPath<NDArray> =>
    mapLeaves(arrays, ({ shape }) => ({ shape, dtype: "float32" })) as never;
  const params = specs(plan.params);
  const slots = optimizer.slots(
    mapLeaves(trainedOf(model, train.x.shape, plan.params), ({ shape }) => shape),
  );
  const { stateOut, outputs } = traceOf(
    trainingStep(model, { loss, optimizer, penalties }) as never,
    {
      params,
      stats: specs(plan.stats),
      slots: Object.fromEntries(Object.entries(slots).map(([slot, of]) => [slot, specs(of)])),
    },
    {
      x: batchSpec(batchSize, train.x),
      y: batchSpec(batchSize, train.y),
      ...(train.weights && { weights: batchSpec(batchSize, train.weights) }),
      step: scalar,
      seed: scalar,
    },
  );
  const results = [...stateOut, ...leaves<Tensor>(outputs).map(([, result]) => result)];
  const steps = epochs * Math.ceil(train.size / batchSize);
  const schedules: Json[] = [];
  const { lines, numbers } = graphOf(results, (node) => schedules.push(valuesOf(node, steps)));
  // What the graph is given: where its results are, and what slots and statistics begin with.
  lines.push(written([results.map((result) => numbers.get(result)), slots, plan.stats]));
  if (initial) lines.push(written(initial));
  return { digest: digestOf(lines), schedules };
}

/**
 * A line for each node of a graph, and their numbers.
 *
 * @param schedule gives what stands for the attributes of a schedule
 */
function graphOf(
  results: readonly Tensor[],
  schedule: (node: Tensor) => number,
): { readonly lines: string[]; readonly numbers: ReadonlyMap<Tensor, number> } {
  const numbers = new Map<Tensor, number>();
  const attrsOf = (node: Tensor): unknown => {
    if (node.op.name === "schedule") return schedule(node);
    return node.op.name === "scan" ? bodyOf(node.attrs as ScanAttrs, schedule) : node.attrs;
  };
  const lines = topological(results).map((node) => {
    const { op, dtype, shape, inputs } = node;
    numbers.set(node, numbers.size);
    const attrs = attrsOf(node);
    return written([op.name, dtype, shape, inputs.map((input) => numbers.get(input)), attrs]);
  });
  return { lines, numbers };
}

/** What a scan repeats: the graph of its step. */
function bodyOf({ body, outputs }: ScanAttrs, schedule: (node: Tensor) => number): unknown {
  const { state, entries, constants, next, length, reverse } = body;
  const { lines, numbers } = graphOf([...next, ...outputs], schedule);
  const roles = [state, entries, constants, next, outputs];
  return [length, reverse, lines, roles.map((list) => list.map((x) => numbers.get(x)))];
}

/** The values of a schedule over a run. */
function valuesOf({ attrs }: Tensor, steps: number): Json {
  const { of } = attrs as { of(step: number): number };
  const count = Math.min(steps, mostSteps);
  const values = Array.from({ length: count }, (_, i) => of(Math.floor((i * steps) / count)));
  const first = values.slice(0, 3).map((value) => (Number.isFinite(value) ? value : `${value}`));
  return new Set(values).size === 1 ? first[0]! : { first, all: digestOf(values.map(written)) };
}

/** A value as text, from which it can be told apart from all others: also −0, ∞ and NaN. */
function written(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return `[${Array.from(value as unknown as ArrayLike<unknown>, written).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "nothing";
  return `{${Object.entries(value)
    .map(([key, of]) => `${key}:${written(of)}`)
    .join()}}`;
}

/** 64 bits, as hexadecimal, of a text in parts: FNV-1a in two lanes, which begin differently. */
function digestOf(parts: readonly string[]): string {
  const lanes = [0x811c9dc5, 0x9747b28c].map((start) => {
    let hash = start;
    for (const part of [...parts, ""])
      for (let i = 0; i <= part.length; i++)
        hash = Math.imul(hash ^ (i < part.length ? part.charCodeAt(i) : 0x1f), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, "0");
  });
  return lanes.join("");
}
