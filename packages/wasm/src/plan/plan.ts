import { sizeOf } from "@tenon/tensor";
import type { Kernel } from "../kernels/kernel.js";
import { access } from "./access.js";
import { fuse } from "./fuse.js";
import type { Ir } from "./ir.js";
import { isLeaf } from "./kinds.js";
import { copyKernel, lower } from "./lower.js";
import { aligned, layOut, type Buffer, type Lifetime } from "./memory.js";
import { arrange, type StateChange } from "./order.js";
import { passOn } from "./passOn.js";

/** One call of a kernel. */
export interface Step {
  readonly kernel: Kernel;
  /** In the order of the kernel's pointers; its scratch memory is added by whoever calls it. */
  readonly operands: readonly Buffer[];
  /** What of the model it computes, for people: the operations whose results it stores. */
  readonly label: string;
  /** How many operations of the record it does in one go. */
  readonly fused: number;
}

/** All that a step does, as data: which kernels run in which order on which memory. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Byte offset of every buffer. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Where a value of the record lies: inputs, constants, schedules, state, outputs. */
  bufferOf(x: Ir): Buffer;
  /** Constants and schedules that must be written before the step can run. */
  readonly leaves: readonly Ir[];
  /** Byte offset of the scratch memory that kernels use while they run. */
  readonly scratch: number;
  /** How much of it one thread needs. */
  readonly scratchBytes: number;
  /** How much memory all of it needs, with the scratch memory of one thread. */
  readonly bytes: number;
}

/** Plans a step: what is fused, in which order it runs, where everything lies. */
export function plan(changes: readonly StateChange[], outputs: readonly Ir[], inputs: readonly Ir[]): Plan {
  const fusion = fuse([...changes.map((change) => change.after), ...outputs]);
  const { units, inPlace, copies } = arrange(fusion, changes);

  const buffers = new Map<Ir, Buffer>();
  const leaves: Ir[] = [];
  const bufferOf = (value: Ir): Buffer => {
    const { base } = access(value);
    const x = inPlace.get(base) ?? base;
    let buffer = buffers.get(x);
    if (!buffer) {
      buffers.set(x, (buffer = { bytes: 4 * sizeOf(x.shape) }));
      if (isLeaf(x.op)) leaves.push(x);
    }
    return buffer;
  };
  const alone: Step[] = [
    ...units.flatMap((unit) => lower(unit, fusion, bufferOf)),
    ...copies.map(({ before, after }) => ({ kernel: copyKernel(before.shape), operands: [bufferOf(before), bufferOf(after)], label: "copy of state", fused: 1 })),
  ];

  for (const x of [...changes.map((change) => change.before), ...inputs]) bufferOf(x);
  const kept = new Set(outputs.map(bufferOf));
  const steps = passOn(alone, new Set([...leaves.map(bufferOf), ...kept]));

  // What must outlast the step lies first; the rest shares what is left, by lifetime.
  const offsets = new Map<Buffer, number>();
  let bytes = 64;
  for (const x of leaves) {
    const buffer = bufferOf(x);
    offsets.set(buffer, bytes);
    bytes += aligned(buffer.bytes);
  }
  const lives = new Map<Buffer, { buffer: Buffer; first: number; last: number }>();
  steps.forEach(({ operands }, at) => {
    for (const buffer of operands) {
      if (offsets.has(buffer)) continue;
      const life = lives.get(buffer) ?? { buffer, first: at, last: at };
      lives.set(buffer, { ...life, last: kept.has(buffer) ? steps.length : at });
    }
  });
  const arena = layOut([...lives.values()] satisfies Lifetime[]);
  for (const [buffer, offset] of arena.offsets) offsets.set(buffer, bytes + offset);
  bytes += arena.bytes;
  const scratch = bytes;
  const scratchBytes = aligned(Math.max(0, ...steps.map((step) => step.kernel.scratch)));
  bytes += scratchBytes;
  return { steps, offsets, bufferOf, leaves: leaves.filter((x) => x.op === "constant" || x.op === "schedule"), scratch, scratchBytes, bytes };
}
