import { sizeOf, topological, type ScanBody, type Tensor } from "@tenon/tensor";
import type { Backend, PlannedKernel, Step } from "./backend.js";
import type { Unit } from "./fuse/unit.js";
import { graphBuilder } from "./graph/graphBuilder.js";
import type { Node } from "./graph/node.js";
import { isElementwise } from "./graph/opTraits.js";
import type { ScanResult } from "./graph/scanResult.js";
import { copyLoop } from "./loop.js";
import type { Buffer } from "./memory.js";
import type { StepGraph } from "./plan.js";
import { withRepetitions, writtenOut, type Entry } from "./repeated.js";
import { newValues } from "./stepGraph.js";

/** Lowers a graph whose inputs, outputs and state have these buffers already. */
export type LowerBody<K> = (
  graph: StepGraph,
  buffers: ReadonlyMap<Node, Buffer>,
) => readonly Entry<K>[];

/** What makes steps of a scan. */
export type ScanLowering<K extends PlannedKernel> = (
  unit: Unit,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
  lowerBody: LowerBody<K>,
) => readonly Entry<K>[];

/** What makes steps of scans, and of entries of which some are repeated the steps of a plan. */
export interface Scans<K extends PlannedKernel> {
  readonly lower: ScanLowering<K>;
  readonly listed: (entries: readonly Entry<K>[]) => readonly Step<K>[];
}

/** Steps of a scan that the engine repeats. */
export const repeatedScans: {
  readonly lower: typeof scanSteps;
  readonly listed: typeof withRepetitions;
} = { lower: scanSteps, listed: withRepetitions };

/** Steps of a scan that are in the plan as often as they run. */
export const writtenOutScans: {
  readonly lower: typeof scanSteps;
  readonly listed: typeof writtenOut;
} = { lower: scanSteps, listed: writtenOut };

/**
 * The steps of a scan: its body is planned as a step of its own, whose state is replaced in place,
 * whose inputs and outputs are the entries of the sequences and of the stacked outputs at one
 * position, and which is repeated. Only what the results that are read depend on is computed.
 */
function scanSteps<K extends PlannedKernel>(
  { results: [scan, ...results] }: Unit,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
  lowerBody: LowerBody<K>,
): Entry<K>[] {
  const body = scan!.attrs as ScanBody;
  const finals = new Map<number, Node>();
  const outputs: { readonly value: Tensor; readonly stack: Node }[] = [];
  for (const stack of results) {
    const { state, value } = stack.attrs as ScanResult;
    if (state === undefined) outputs.push({ value, stack });
    else finals.set(state, stack);
  }
  const values = outputs.map(({ value }) => value);
  const states = statesNeeded(body, [...finals.keys()], values);

  const builder = graphBuilder(backend.rules);
  const select = <V>(list: readonly V[]): V[] => states.map((i) => list[i]!);
  const before = builder.given(select(body.state));
  const entries = builder.given(body.entries);
  const constants = builder.given(body.constants);
  const after = newValues(builder, before, [...select(body.next), ...values]);
  const stored = after.splice(states.length).map((x) => {
    // What a vector writes past the end of an array must not be in the next entry.
    const { padding } = backend.memory;
    const fits = isElementwise(x.op) || padding === 0 || bytesOf(x) % padding === 0;
    return fits ? x : builder.copied(x);
  });

  const given = scan!.inputs.map(bufferOf);
  const repetition = { times: body.length };
  const part = (of: Buffer, x: Node): Buffer => {
    const bytes = bytesOf(x);
    const [at, by] = body.reverse ? [(body.length - 1) * bytes, -bytes] : [0, bytes];
    return { bytes, part: { of, at, by, repetition } };
  };
  const kept = before.map((x, i): Buffer => {
    const final = finals.get(states[i]!);
    return final ? bufferOf(final) : { bytes: bytesOf(x) };
  });
  const stacks = outputs.map(({ stack }) => bufferOf(stack));
  const buffers = new Map<Node, Buffer>([
    ...before.map((x, i) => [x, kept[i]!] as const),
    ...entries.map((x, i) => [x, part(given[body.state.length + i]!, x)] as const),
    ...constants.map((x, i) => [x, given[body.state.length + body.entries.length + i]!] as const),
    ...stored.map((x, i) => [x, part(stacks[i]!, x)] as const),
  ]);
  const changes = before.map((x, i) => ({ before: x, after: after[i]! }));
  const steps = writtenOut(lowerBody({ changes, outputs: stored, inputs: [] }, buffers));
  const first = before.map((x, i): Step<K> => ({
    kernel: backend.loop(copyLoop(x)),
    operands: [kept[i]!, given[states[i]!]!],
    writes: [0],
    label: "first state",
    fused: 0,
  }));
  if (steps.length === 0) return first; // the state stays, and there are no outputs
  const written = [...kept, ...stacks];
  const operands = [...new Set([...written, ...given])];
  return [
    ...first,
    {
      repetition,
      steps,
      operands,
      writes: [...written.keys()],
      label: scan!.op,
      fused: 0,
    },
  ];
}

const bytesOf = ({ shape }: Node): number => 4 * sizeOf(shape);

/** The states that some last states and outputs are computed from, in order. */
function statesNeeded(
  { state, next }: ScanBody,
  finals: readonly number[],
  outputs: readonly Tensor[],
): number[] {
  const needed = new Set(finals);
  const values = [...outputs, ...finals.map((i) => next[i]!)];
  const visited = new Set<Tensor>();
  while (values.length > 0)
    for (const x of topological([values.pop()!], (node) => visited.has(node))) {
      visited.add(x);
      const i = state.indexOf(x);
      if (i < 0 || needed.has(i)) continue;
      needed.add(i);
      values.push(next[i]!);
    }
  return [...needed].sort((a, b) => a - b);
}
