import { sizeOf, topological, type ScanAttrs, type ScanBody, type Tensor } from "@tenon/tensor";
import type { Backend, PlannedKernel, Step } from "./backend.js";
import type { Unit } from "./fuse/unit.js";
import { graphBuilder } from "./graph/graphBuilder.js";
import type { Node } from "./graph/node.js";
import { isElementwise } from "./graph/opTraits.js";
import type { NodeBuilder } from "./graph/nodeBuilder.js";
import { scanResultOf, type ScanResult } from "./graph/scanResult.js";
import { copyLoop } from "./loop.js";
import type { Buffer } from "./memory.js";
import { arrange, indexedAxis } from "./order.js";
import { bufferTable, copyStep, flagsOf, fused, unitSteps, type StepGraph } from "./plan.js";
import { placeParts, uses, withRepetitions, writtenOut, type Entry } from "./repeated.js";
import { newValues } from "./stepGraph.js";

/** All that the planner does for scans; without it, they are operations without a kernel. */
export interface Scans {
  /** The node of a scan or of one of its results; undefined for any other operation. */
  readonly nodeOf: typeof nodeOf;
  /** Whether a unit is a scan whose body may refuse an index. */
  readonly checkIndices: typeof checkIndices;
  readonly lower: typeof scanSteps;
  /** The steps of a plan, given its entries, of which some are repeated. */
  readonly listed: <K>(entries: readonly Entry<K>[]) => readonly Step<K>[];
  readonly uses: typeof uses;
  readonly placeParts: typeof placeParts;
}

const scansBy = (listed: Scans["listed"]): Scans => ({
  ...{ nodeOf, checkIndices, lower: scanSteps, listed, uses, placeParts },
});

/** Steps of a scan that the engine repeats. */
export const repeatedScans: Scans = /* @__PURE__ */ scansBy(withRepetitions);

/** Steps of a scan that are in the plan as often as they run. */
export const writtenOutScans: Scans = /* @__PURE__ */ scansBy(writtenOut);

function nodeOf(builder: NodeBuilder, tensor: Tensor, inputs: readonly Node[]): Node | undefined {
  const { op, shape, dtype, attrs } = tensor;
  // One node for each body over each inputs, whichever results are read; it has no array.
  if (op.name === "scan")
    return builder.node("scan", inputs.map(builder.stored), [0], dtype, (attrs as ScanAttrs).body);
  return op.name === "scanResult"
    ? builder.node("scanResult", inputs, shape, dtype, scanResultOf(tensor))
    : undefined;
}

function checkIndices({ results: [scan, ...results] }: Unit): boolean {
  if (scan!.op !== "scan") return false;
  const { next } = scan!.attrs as ScanBody;
  const values = results.map(({ attrs }) => (attrs as ScanResult).value);
  return topological([...next, ...values]).some(
    ({ op: { name } }) => indexedAxis[name] !== undefined || name === "scan",
  );
}

/**
 * The steps of a scan: its body is planned as a step of its own, whose state is replaced in place,
 * whose inputs and outputs are the entries of the sequences and of the stacked outputs at one
 * position, and which is repeated. Only what the results that are read depend on is computed.
 */
function scanSteps<K extends PlannedKernel>(
  { results: [scan, ...results] }: Unit,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
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

  const builder = graphBuilder(backend);
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
  const graph = { changes, outputs: stored, inputs: [] };
  const steps = writtenOut(bodySteps(graph, buffers, backend));
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

/** The steps of a body whose inputs, outputs and state have these buffers. */
function bodySteps<K extends PlannedKernel>(
  graph: StepGraph,
  given: ReadonlyMap<Node, Buffer>,
  backend: Backend<K>,
): readonly Entry<K>[] {
  const fusion = fused(graph, backend);
  const order = arrange(fusion, graph.changes, backend);
  const { bufferOf } = bufferTable(order, given);
  const flags = flagsOf(order.units);
  const entries = [
    ...order.units.flatMap((unit) => unitSteps(unit, fusion, bufferOf, backend, { flags })),
    ...order.copies.map((change) => copyStep(change, bufferOf, backend)),
  ];
  return backend.chain?.(entries, new Set(given.values())) ?? entries;
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
