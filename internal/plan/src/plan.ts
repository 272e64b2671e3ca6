import { sizeOf } from "@tenon/tensor";
import type { Backend, PlannedKernel, Step } from "./backend.js";
import { chainSteps } from "./chaining.js";
import { checksFirst } from "./checksFirst.js";
import { fuse, type FusionOptions } from "./fuse/fuse.js";
import type { Fusion } from "./fuse/unit.js";
import { access } from "./graph/access.js";
import type { Node } from "./graph/node.js";
import { isLeaf } from "./graph/opTraits.js";
import { copyLoop } from "./loop.js";
import { lower } from "./lower.js";
import { alignedBytes, layOut, type Buffer, type Lifetime, type MemoryOptions } from "./memory.js";
import { arrange, type Order, type StateChange } from "./order.js";
import { guardOf, oldValues, uncheckedNodes, type Guarded } from "./state/guard.js";

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
}

/** Plans a step: what is fused, in which order it runs, where everything is stored. */
export function plan<K extends PlannedKernel>(graph: StepGraph, backend: Backend<K>): Plan<K> {
  const { changes, outputs, inputs, guarded } = graph;
  const fusion = fused(graph, backend);
  const order = arrange(fusion, changes);
  const buffers = bufferTable(order);
  const { bufferOf } = buffers;
  const guard = guarded && guardOf(guarded, bufferOf, backend);
  const kept = guarded ? oldValues(guarded, bufferOf, backend) : [];
  const copies = kept.map(({ operands }) => operands[0]!);
  const lowered: Step<K>[] = [
    ...order.units.flatMap((unit) => [
      ...lower(unit, fusion, bufferOf, backend, guard),
      ...(unit.results[0] === guarded?.first ? kept : []),
    ]),
    ...(guard?.remainingChecks() ?? []),
    ...order.copies.map((change) => copyStep(change, bufferOf, backend)),
  ];

  for (const x of [...changes.map(({ before }) => before), ...inputs]) bufferOf(x);
  const leaves = buffers.leaves();
  const results = new Set([...outputs.map(bufferOf), ...copies]);
  const lasting = new Set([...leaves.map(bufferOf), ...results]);
  const steps = chainSteps(checksFirst(lowered), lasting, backend.chain);
  const written = new Set(
    steps.flatMap(({ operands, writes }) => writes.map((position) => operands[position]!)),
  );
  const computed = changes.flatMap(({ before, after }) => (after === before ? [] : [after]));
  for (const x of [...outputs, ...computed])
    if (x !== guarded?.words && !written.has(bufferOf(x)))
      throw new Error(`${backend.name}: expected a kernel that stores "${x.op}", got none`);
  return {
    steps,
    ...placed(steps, leaves.map(bufferOf), results, backend.memory),
    bufferOf,
    copies,
    leaves: leaves.filter((x) => x.op === "constant" || x.op === "schedule"),
  };
}

/** The units of a step. Guarded values that no unit stores or computes become outputs. */
function fused({ changes, outputs, guarded }: StepGraph, options: FusionOptions): Fusion {
  const wanted = [...changes.map(({ after }) => after), ...outputs];
  const fusion = fuse(wanted, options);
  return guarded ? fuse([...wanted, ...uncheckedNodes(guarded.checked, fusion)], options) : fusion;
}

/** Words of a guard and of `allFinite`, which are more than the one of their shape. */
const wordBytes: Readonly<Record<string, number>> = { guard: 12, allFinite: 8 };

/** A buffer for every stored node; a state and the value that replaces it in place have one. */
function bufferTable({ inPlace }: Order): {
  bufferOf(x: Node): Buffer;
  leaves(): readonly Node[];
} {
  const buffers = new Map<Node, Buffer>();
  const leaves: Node[] = [];
  return {
    bufferOf(node) {
      const { base } = access(node);
      const x = inPlace.get(base) ?? base;
      let buffer = buffers.get(x);
      if (!buffer) {
        buffer = { bytes: wordBytes[x.op] ?? 4 * sizeOf(x.shape) };
        buffers.set(x, buffer);
        if (isLeaf(x.op)) leaves.push(x);
      }
      return buffer;
    },
    leaves: () => leaves,
  };
}

/** Replaces a state that could not be replaced in place, after the last step that reads it. */
function copyStep<K extends PlannedKernel>(
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
  steps: readonly Step<K>[],
  leaves: readonly Buffer[],
  results: ReadonlySet<Buffer>,
  memory: MemoryOptions,
): Pick<Plan<K>, "offsets" | "scratch" | "scratchBytes" | "bytes"> {
  const offsets = new Map<Buffer, number>();
  let bytes = memory.reserved;
  for (const buffer of leaves) {
    offsets.set(buffer, bytes);
    bytes += alignedBytes(buffer.bytes, memory);
  }
  const lifetimes = new Map<Buffer, Lifetime>();
  for (const [i, { operands }] of steps.entries())
    for (const buffer of operands) {
      if (offsets.has(buffer)) continue;
      const first = lifetimes.get(buffer)?.first ?? i;
      lifetimes.set(buffer, { buffer, first, last: results.has(buffer) ? steps.length : i });
    }
  const shared = layOut([...lifetimes.values()], memory);
  for (const [buffer, offset] of shared.offsets) offsets.set(buffer, bytes + offset);
  const scratch = bytes + shared.bytes;
  const most = Math.max(0, ...steps.map(({ kernel }) => kernel.scratch));
  const scratchBytes = alignedBytes(most, memory);
  return { offsets, scratch, scratchBytes, bytes: scratch + scratchBytes };
}
