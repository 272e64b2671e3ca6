import { sizeOf } from "@tenon/tensor";
import type { Backend, PlannedKernel, Step } from "./backend.js";
import { fuse } from "./fuse/fuse.js";
import type { Fusion, Unit } from "./fuse/unit.js";
import { access } from "./graph/access.js";
import type { Node } from "./graph/node.js";
import { isLeaf } from "./graph/opTraits.js";
import { copyLoop } from "./loop.js";
import { lower, type Checks } from "./lower.js";
import { alignedBytes, layOut, type Buffer, type Lifetime } from "./memory.js";
import { arrange, type Order, type StateChange } from "./order.js";
import type { Entry } from "./repeated.js";
import { determiningNodes, type Guarded } from "./state/guard.js";

/** All that a step does, as data: which kernels run in which order on which memory. */
export interface Plan<K> {
  readonly steps: readonly Step<K>[];
  /** Byte offset of every buffer. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Byte offset of the scratch memory that kernels use while they run. */
  readonly scratch: number;
  /** How much of it one thread needs. */
  readonly scratchBytes: number;
  /** How much memory all of it needs, with the scratch memory of one thread. */
  readonly bytes: number;
  /** The buffer of a node: of inputs, constants, schedules, state and outputs. */
  bufferOf(x: Node): Buffer;
  /** Constants and schedules, which must be written before the step can run. */
  readonly leaves: readonly Node[];
  /** Where old values of the guarded state are kept. */
  readonly copies: readonly Buffer[];
}

/** A step as a graph: its inputs, and its outputs and next state. */
export interface StepGraph {
  readonly changes: readonly StateChange[];
  /** Stored nodes. */
  readonly outputs: readonly Node[];
  readonly inputs: readonly Node[];
  /** Of a step that changes all of its state or nothing. */
  readonly guarded?: Guarded | undefined;
  /**
   * Of a step whose new state has places of its own: a node whose first word says whether it is
   * kept. A state that becomes this node has one place.
   */
  readonly flag?: Node | undefined;
}

/** Plans a step: what is fused, in which order it runs, where everything is stored. */
export function plan<K extends PlannedKernel>(graph: StepGraph, backend: Backend<K>): Plan<K> {
  const { changes, outputs, inputs, guarded, flag } = graph;
  const fusion = fused(graph, backend);
  const order = arrange(fusion, flag ? [] : changes, backend);
  const buffers = bufferTable(order);
  const { bufferOf } = buffers;
  const guard = guarded && backend.undo!.guardOf(guarded, bufferOf, backend);
  const copies = guard?.keeps.map(({ operands }) => operands[0]!) ?? [];
  const checks = { guard, flags: flagsOf(order.units) };
  const lowered: Entry<K>[] = [
    ...order.units.flatMap((unit) => [
      ...unitSteps(unit, fusion, bufferOf, backend, checks),
      ...(unit.results[0] === guarded?.first ? guard!.keeps : []),
    ]),
    ...(guard?.remainingChecks() ?? []),
    ...order.copies.map((change) => copyStep(change, bufferOf, backend)),
  ];

  for (const x of [...changes.map(({ before }) => before), ...inputs]) bufferOf(x);
  const leaves = buffers.leaves();
  const others = flag ? [flag, ...changes.map(({ after }) => after)] : [];
  const results = new Set([...[...outputs, ...others].map(bufferOf), ...copies]);
  const lasting = new Set([...leaves.map(bufferOf), ...results]);
  const unchained = backend.checksFirst?.(lowered) ?? lowered;
  const chained = backend.chain?.(unchained, lasting) ?? unchained;
  const entries = backend.spread?.(chained) ?? chained;
  const written = new Set(
    entries.flatMap(({ operands, writes }) => writes.map((position) => operands[position]!)),
  );
  const computed = changes.flatMap(({ before, after }) => (after === before ? [] : [after]));
  for (const x of [...outputs, ...computed])
    if (x !== guarded?.words && !written.has(bufferOf(x)))
      throw new Error(`${backend.name}: expected a kernel that stores "${x.op}", got none`);
  const steps = backend.scans?.listed(entries) ?? (entries as readonly Step<K>[]);
  return {
    steps,
    ...placed({ entries, steps }, leaves.map(bufferOf), results, backend),
    bufferOf,
    copies,
    leaves: leaves.filter((x) => x.op === "constant" || x.op === "schedule"),
  };
}

/** The steps of a unit; a scan's are those of its body. */
export function unitSteps<K extends PlannedKernel>(
  unit: Unit,
  fusion: Fusion,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
  checks: Checks<K>,
): readonly Entry<K>[] {
  const { scans } = backend;
  return scans && unit.results[0]!.op === "scan"
    ? scans.lower(unit, bufferOf, backend)
    : lower(unit, fusion, bufferOf, backend, checks);
}

/** The units of a step. Guarded values that no unit stores or computes become outputs. */
export function fused<K extends PlannedKernel>(
  { changes, outputs, guarded, flag }: StepGraph,
  backend: Backend<K>,
): Fusion {
  const wanted = [...changes.map(({ after }) => after), ...outputs, ...(flag ? [flag] : [])];
  const fusion = fuse(wanted, backend);
  const unchecked = guarded && backend.undo!.uncheckedNodes(guarded.checked, fusion);
  return unchecked ? fuse([...wanted, ...unchecked], backend) : fusion;
}

/** The values that each `allFinite` has to check. */
export const flagsOf = (units: readonly Unit[]): Map<Node, Set<Node>> =>
  new Map(
    units.flatMap(({ results: [x] }) =>
      x!.op === "allFinite" ? [[x!, new Set(determiningNodes(x!.inputs))]] : [],
    ),
  );

/** Words of a guard and of `allFinite`, which are more than the one of their shape. */
const wordBytes: Readonly<Record<string, number>> = { guard: 12, allFinite: 8 };

/**
 * A buffer for every stored node, some of which are given; a state and the value that replaces it
 * in place have one.
 */
export function bufferTable(
  { inPlace }: Order,
  given?: ReadonlyMap<Node, Buffer>,
): {
  bufferOf(x: Node): Buffer;
  leaves(): readonly Node[];
} {
  const buffers = new Map(given);
  const leaves: Node[] = [];
  return {
    bufferOf(node) {
      const { base } = access(node);
      const x = inPlace.get(base) ?? base;
      let buffer = buffers.get(x);
      if (!buffer) {
        const words = wordBytes[x.op];
        buffer = { bytes: words ?? 4 * sizeOf(x.shape), words };
        buffers.set(x, buffer);
        if (isLeaf(x.op)) leaves.push(x);
      }
      return buffer;
    },
    leaves: () => leaves,
  };
}

/** Replaces a state that could not be replaced in place, after the last step that reads it. */
export function copyStep<K extends PlannedKernel>(
  { before, after }: StateChange,
  bufferOf: (x: Node) => Buffer,
  backend: Backend<K>,
): Step<K> {
  return {
    kernel: backend.loop(copyLoop(before)),
    operands: [bufferOf(before), bufferOf(after)],
    writes: [0],
    label: "copy of state",
    fused: 1,
  };
}

/**
 * Where everything is stored: first the leaves, which outlast the step, then all other buffers by
 * their lifetimes, then the scratch memory. `results` are in use until the step has ended.
 */
function placed<K extends PlannedKernel>(
  { entries, steps }: { readonly entries: readonly Entry<K>[]; readonly steps: readonly Step<K>[] },
  leaves: readonly Buffer[],
  results: ReadonlySet<Buffer>,
  { memory, scans }: Pick<Backend<K>, "memory" | "scans">,
): Pick<Plan<K>, "offsets" | "scratch" | "scratchBytes" | "bytes"> {
  const offsets = new Map<Buffer, number>();
  let bytes = memory.reserved;
  for (const buffer of leaves) {
    offsets.set(buffer, bytes);
    bytes += alignedBytes(buffer.bytes, memory);
  }
  const lifetimes = new Map<Buffer, Lifetime>();
  const uses =
    scans?.uses(entries) ??
    steps.flatMap(({ operands }, i) => operands.map((buffer) => [buffer, i, i] as const));
  for (const [buffer, first, last] of uses) {
    if (offsets.has(buffer)) continue;
    const before = lifetimes.get(buffer);
    lifetimes.set(buffer, {
      buffer,
      first: before?.first ?? first,
      last: results.has(buffer) ? Infinity : Math.max(last, before?.last ?? 0),
    });
  }
  const shared = layOut([...lifetimes.values()], memory);
  for (const [buffer, offset] of shared.offsets) offsets.set(buffer, bytes + offset);
  scans?.placeParts(steps, offsets);
  const scratch = bytes + shared.bytes;
  const most = Math.max(0, ...steps.map(({ kernel }) => kernel.scratch));
  const scratchBytes = alignedBytes(most, memory);
  return { offsets, scratch, scratchBytes, bytes: scratch + scratchBytes };
}
