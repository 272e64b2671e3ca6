import {
  alignedBytes,
  layOut,
  wholeOf,
  type Buffer,
  type Lifetime,
  type Node,
  type Plan,
  type Step,
  type StepGraph,
} from "@tenon/plan";
import { sizeOf } from "@tenon/tensor";
import type { Kernel } from "./kernels/kernel.js";
import { isLarge, paletteBytes, type LargeInput } from "./uploads.js";

/** A part of the memory, in bytes. */
export interface Region {
  readonly begin: number;
  readonly end: number;
}

/**
 * Where a step's inputs wait for their turn: the bytes of large inputs, a word that says which are
 * fed as bytes, the numbers of rows of the first one, schedules and small inputs, the values of
 * large inputs. One command writes what is needed of them.
 */
export interface Slots {
  /** Byte offset of the first. */
  readonly begin: number;
  readonly count: number;
  /** Bytes of one. */
  readonly bytes: number;
  /** Byte offsets in a slot. */
  readonly flagsAt: number;
  readonly smallAt: number;
  readonly valuesAt: number;
}

/** Where everything is in the one buffer of a program. */
export interface Layout {
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Schedules and small inputs, where the step reads them. */
  readonly small: Region;
  readonly large: readonly LargeInput[];
  readonly slots: Slots;
  /** How many steps were begun: a word. */
  readonly counterAt: number;
  readonly constants: Region;
  readonly state: Region;
  /** What is read after each step: outputs, and those that are the new values of some state. */
  readonly outputs: readonly Region[];
  /** The answers of the steps of each slot: outputs and status, one after the other. */
  readonly answers: { readonly begin: number; readonly bytes: number };
  /** The buffers of the state: they are not written where a step failed. */
  readonly stateBuffers: ReadonlySet<Buffer>;
  /** Where that ends which the caller's side has a copy of. */
  readonly mirrored: number;
  readonly bytes: number;
}

const alignment = { alignment: 16, padding: 0 };
const aligned = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** As many steps as this may wait in slots, unless their inputs are large. */
const mostSlots = 16;
const mostSlotBytes: number = 32 << 20;

/**
 * Places all arrays: regions that are copied as a whole first, then temporary arrays by the
 * dispatches in which they are in use.
 *
 * @param dispatches the steps that each of them does
 * @param statusBytes bytes of the status in an answer
 */
export function layoutOf(
  { leaves, bufferOf }: Plan<Kernel>,
  { changes, inputs, outputs }: StepGraph,
  dispatches: readonly (readonly Step<Kernel>[])[],
  statusBytes: number,
): Layout {
  const offsets = new Map<Buffer, number>();
  let bytes = 0;
  const take = (count: number): number => {
    const at = bytes;
    bytes += aligned(count);
    return at;
  };
  const region = (buffers: readonly Buffer[]): Region => {
    const begin = bytes;
    for (const buffer of buffers)
      if (!offsets.has(buffer)) offsets.set(buffer, take(alignedBytes(buffer.bytes, alignment)));
    return { begin, end: bytes };
  };
  const leavesOf = (op: string): Buffer[] => leaves.filter((x) => x.op === op).map(bufferOf);
  const isLargeNode = ({ shape, dtype }: Node): boolean => isLarge(sizeOf(shape), dtype);
  const largeNodes = inputs.filter(isLargeNode);
  const smallNodes = inputs.filter((x) => !isLargeNode(x));
  const small = region([...leavesOf("schedule"), ...smallNodes.map(bufferOf)]);
  region(largeNodes.map(bufferOf));
  const constants = region(leavesOf("constant"));
  const state = changes.map(({ before }) => bufferOf(before));
  const states = region(state);
  const stateBuffers = new Set(state);
  const results = outputs.map(bufferOf);
  const computed = region(results);
  const replaced = [...new Set(results.filter((buffer) => stateBuffers.has(buffer)))];
  const outputRegions: Region[] = [
    computed,
    ...replaced.map((buffer) => {
      const begin = offsets.get(buffer)!;
      return { begin, end: begin + aligned(buffer.bytes) };
    }),
  ];
  const mirrored = bytes;

  let slot = 0;
  const takeInSlot = (count: number): number => {
    const at = slot;
    slot += aligned(count);
    return at;
  };
  const sizes = largeNodes.map(({ shape }) => sizeOf(shape));
  const bytesAt = sizes.map((elements) => takeInSlot(elements));
  const flagsAt = takeInSlot(4);
  const rows = largeNodes.map(({ shape }) => shape[0]!);
  const rowsAt = rows[0] === undefined ? undefined : takeInSlot(4 * rows[0]);
  const smallAt = takeInSlot(small.end - small.begin);
  const valuesAt = sizes.map((elements) => takeInSlot(4 * elements));
  const count = Math.max(1, Math.min(mostSlots, Math.floor(mostSlotBytes / slot)));
  const slots: Slots = {
    ...{ count, flagsAt, smallAt, bytes: slot },
    valuesAt: valuesAt[0] ?? slot,
    begin: take(count * slot),
  };
  const large = largeNodes.map((x, i): LargeInput => ({
    elements: sizes[i]!,
    rows: rows[i]!,
    rowsAt: i === 0 ? rowsAt : undefined,
    offset: offsets.get(bufferOf(x))!,
    paletteAt: take(paletteBytes),
    bytesAt: bytesAt[i]!,
    valuesAt: valuesAt[i]!,
  }));
  const counterAt = take(4);
  const answerBytes = aligned(
    outputRegions.reduce((sum, { begin, end }) => sum + end - begin, 0) + Math.max(4, statusBytes),
  );
  const answers = { begin: take(count * answerBytes), bytes: answerBytes };

  const temporary = layOut(lifetimesOf(dispatches, offsets), alignment);
  for (const [buffer, offset] of temporary.offsets) offsets.set(buffer, bytes + offset);
  return {
    ...{ offsets, small, large, slots, counterAt, constants, stateBuffers, mirrored, answers },
    state: states,
    outputs: outputRegions,
    bytes: bytes + temporary.bytes,
  };
}

/** The dispatches in which arrays without a place of their own are in use. */
function lifetimesOf(
  dispatches: readonly (readonly Step<Kernel>[])[],
  placed: ReadonlyMap<Buffer, number>,
): readonly Lifetime[] {
  const lifetimes = new Map<Buffer, Lifetime>();
  for (const [i, steps] of dispatches.entries())
    for (const buffer of steps.flatMap(({ operands }) => operands.map((x) => wholeOf(x).of)))
      if (!placed.has(buffer)) {
        const first = lifetimes.get(buffer)?.first ?? i;
        lifetimes.set(buffer, { buffer, first, last: i });
      }
  return [...lifetimes.values()];
}
