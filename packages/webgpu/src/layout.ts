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
import type { Alternating } from "./compose.js";
import { flagWords } from "./feeding.js";
import { isLarge, paletteBytes, type LargeInput } from "./uploads.js";

/** A part of the memory, in bytes. */
export interface Region {
  readonly begin: number;
  readonly end: number;
}

/**
 * Where a step's inputs wait for their turn: the bytes of large inputs, words that say which are
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
  /** The state, where it is written when it is loaded. */
  readonly state: Region;
  /** Where state is that has two places. */
  readonly alternation?: Alternation | undefined;
  /** What is read after each step: outputs, and those that are the new values of some state. */
  readonly outputs: readonly Region[];
  /** The answers of the steps of each slot: outputs and status, one after the other. */
  readonly answers: { readonly begin: number; readonly bytes: number };
  /** The buffers of the state that has one place: they are not written where a step failed. */
  readonly stateBuffers: ReadonlySet<Buffer>;
  /** Where that ends which the caller's side has a copy of. */
  readonly mirrored: number;
  readonly bytes: number;
}

/** State with two places: a step reads it at one and writes it at the other. */
export interface Alternation extends Alternating {
  /** The first place; the second one is right behind it. */
  readonly first: Region;
  /** Byte offset of the word that says whether what was written is the state from now on. */
  readonly flagAt: number;
  /** Byte offsets of state that becomes that word. */
  readonly followers: readonly number[];
}

const alignment = { alignment: 16, padding: 0 };
const aligned = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** As many steps as this may wait in slots, unless their inputs or outputs are large. */
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
  graph: StepGraph,
  dispatches: readonly (readonly Step<Kernel>[])[],
  statusBytes: number,
): Layout {
  const { changes, inputs, outputs, flag } = graph;
  const places = placesIn();
  const { offsets, take, region } = places;
  const leavesOf = (op: string): Buffer[] => leaves.filter((x) => x.op === op).map(bufferOf);
  const isLargeNode = ({ shape, dtype }: Node): boolean => isLarge(sizeOf(shape), dtype);
  const largeNodes = inputs.filter(isLargeNode);
  const smallNodes = inputs.filter((x) => !isLargeNode(x));
  const small = region([...leavesOf("schedule"), ...smallNodes.map(bufferOf)]);
  region(largeNodes.map(bufferOf));
  const constants = region(leavesOf("constant"));
  const stateBuffers = new Set(flag ? [] : changes.map(({ before }) => bufferOf(before)));
  const results = [...outputs, ...(flag ? [flag] : [])].map(bufferOf);
  const computed = region(results.filter((buffer) => !stateBuffers.has(buffer)));
  const { state, alternation } = stateIn(places, graph, bufferOf);
  const replaced = [...new Set(results.filter((buffer) => stateBuffers.has(buffer)))];
  const outputRegions = [computed, ...replaced.map((buffer) => places.regionOf(buffer))];
  const mirrored = places.bytes();

  const answerBytes = aligned(
    outputRegions.reduce((sum, { begin, end }) => sum + end - begin, 0) + Math.max(4, statusBytes),
  );
  const { slots, large } = slotsIn(places, largeNodes, small, { bufferOf, answerBytes });
  const counterAt = take(4);
  const answers = { begin: take(slots.count * answerBytes), bytes: answerBytes };

  const temporary = layOut(lifetimesOf(dispatches, offsets), alignment);
  const bytes = places.bytes();
  for (const [buffer, offset] of temporary.offsets) offsets.set(buffer, bytes + offset);
  return {
    ...{ offsets, small, large, slots, counterAt, constants, stateBuffers, mirrored, answers },
    ...{ state, alternation },
    outputs: outputRegions,
    bytes: bytes + temporary.bytes,
  };
}

/** Places that are given away one after the other. */
interface Places {
  readonly offsets: Map<Buffer, number>;
  /** How much is taken. */
  bytes(): number;
  /** A place of so many bytes. */
  take(count: number): number;
  /** Places for those buffers that have none, side by side. */
  region(buffers: readonly Buffer[]): Region;
  /** The place of a buffer that has one. */
  regionOf(buffer: Buffer): Region;
}

function placesIn(): Places {
  const offsets = new Map<Buffer, number>();
  let bytes = 0;
  const take = (count: number): number => {
    const at = bytes;
    bytes += aligned(count);
    return at;
  };
  return {
    offsets,
    bytes: () => bytes,
    take,
    region(buffers) {
      const begin = bytes;
      for (const buffer of buffers)
        if (!offsets.has(buffer)) offsets.set(buffer, take(alignedBytes(buffer.bytes, alignment)));
      return { begin, end: bytes };
    },
    regionOf(buffer) {
      const begin = offsets.get(buffer)!;
      return { begin, end: begin + aligned(buffer.bytes) };
    },
  };
}

/**
 * Places the slots, and what large inputs need beside them.
 *
 * @param given the buffers of the inputs, and the bytes of the answer that each slot has as well
 */
function slotsIn(
  { offsets, take }: Places,
  inputs: readonly Node[],
  small: Region,
  given: { readonly bufferOf: (x: Node) => Buffer; readonly answerBytes: number },
): Pick<Layout, "slots" | "large"> {
  const { bufferOf, answerBytes } = given;
  let bytes = 0;
  const takeInSlot = (count: number): number => {
    const at = bytes;
    bytes += aligned(count);
    return at;
  };
  const sizes = inputs.map(({ shape }) => sizeOf(shape));
  const bytesAt = sizes.map((elements) => takeInSlot(elements));
  const flagsAt = takeInSlot(4 * flagWords(inputs.length));
  const rows = inputs.map(({ shape }) => shape[0]!);
  const rowsAt = rows[0] === undefined ? undefined : takeInSlot(4 * rows[0]);
  const smallAt = takeInSlot(small.end - small.begin);
  const valuesAt = sizes.map((elements) => takeInSlot(4 * elements));
  const count = Math.max(1, Math.min(mostSlots, Math.floor(mostSlotBytes / (bytes + answerBytes))));
  return {
    slots: {
      ...{ count, bytes, flagsAt, smallAt, valuesAt: valuesAt[0] ?? bytes },
      begin: take(count * bytes),
    },
    large: inputs.map((x, i) => ({
      elements: sizes[i]!,
      rows: rows[i]!,
      rowsAt: i === 0 ? rowsAt : undefined,
      offset: offsets.get(bufferOf(x))!,
      paletteAt: take(paletteBytes),
      bytesAt: bytesAt[i]!,
      valuesAt: valuesAt[i]!,
    })),
  };
}

/** Places the state: with a flag, what it decides about has two places. */
function stateIn(
  { offsets, bytes, take, region }: Places,
  { changes, flag }: StepGraph,
  bufferOf: (x: Node) => Buffer,
): Pick<Layout, "state" | "alternation"> {
  const begin = bytes();
  if (!flag) return { state: region(changes.map(({ before }) => bufferOf(before))) };
  const alternating = changes.filter(({ before, after }) => after !== before && after !== flag);
  const others = changes.filter((change) => !alternating.includes(change));
  region(others.map(({ before }) => bufferOf(before)));
  const hereAt = take(4);
  const first = region(alternating.map(({ before }) => bufferOf(before)));
  const placeOf = new Map<Buffer, "here" | "there">();
  for (const { before, after } of alternating) {
    placeOf.set(bufferOf(before), "here").set(bufferOf(after), "there");
    offsets.set(bufferOf(after), offsets.get(bufferOf(before))!);
  }
  take(first.end - first.begin);
  return {
    state: { begin, end: first.end },
    alternation: {
      ...{ placeOf, hereAt, first, flagAt: offsets.get(bufferOf(flag))! },
      distance: (first.end - first.begin) / 4,
      followers: others.flatMap(({ before, after }) =>
        after === flag ? [offsets.get(bufferOf(before))!] : [],
      ),
    },
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
