import {
  strided,
  type Address,
  type FunctionBuilder,
  type Index,
  type Local,
  type V128,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { sizeOf } from "@tenon/tensor";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import { eachUnit, type ItemRange } from "../shared/workItems.js";
import { rowOffset } from "./addressing.js";
import { calm, collapse, keyOf, type Loop } from "./loop.js";
import { emitRow, vectorsAtOnce, type Row } from "./row.js";

const largestFloat = (2 - 2 ** -23) * 2 ** 127;
const bitsOf = (x: number): number => new Int32Array(Float32Array.of(x).buffer)[0]!;

/**
 * An elementwise expression over a shape, four elements at a time along the last axis: out[i] =
 * expression(in[i], …) for each of several outputs. Pointers: the outputs, contiguous; the inputs,
 * with any strides; and for a loop with checks two int32, see `Loop`.
 *
 * A work item is some whole rows, or, of a single row, a segment of it.
 *
 * @param items how many work items there are, each an equal part of the rows
 */
export function elementwise(given: Loop, items?: number): Kernel {
  const loop = collapsed(given);
  const { shape } = loop;
  const single = shape.length === 1;
  const inner = shape[shape.length - 1]!;
  const count = rowsOf(loop);
  const perItem = items
    ? count / items
    : Math.max(1, Math.ceil(workItemElements / (single ? 1 : Math.max(1, inner))));
  const by = items ? ` by ${items}` : "";
  const emitItems = single ? emitSegment : emitRows;
  return { ...loopKernel(loop, by, { perItem, count }, emitItems), loop };
}

/** The same loop over as few axes as possible, one or more. */
export function collapsed(given: Loop): Loop {
  const { loop } = collapse(given);
  if (loop.shape.length > 0) return loop;
  const inputs = loop.inputs.map(({ offset }) => ({ offset, strides: [0] }));
  return { ...loop, shape: [1], inputs };
}

/** The rows of a loop, or the elements of a single one. */
export const rowsOf = ({ shape }: Loop): number =>
  shape.length === 1 ? shape[0]! : sizeOf(shape.slice(0, -1));

/** How a loop is cut into work items: units in an item, and in all. */
interface Cut {
  readonly perItem: number;
  readonly count: number;
}

/** Emits some work items of a loop, whose inputs are at `reads`; each row begins as `row` says. */
export type EmitItems = (
  f: FunctionBuilder,
  loop: Loop,
  row: Row,
  items: {
    readonly writes: readonly Local<"address">[];
    /** Where the inputs' first elements are. */
    readonly reads: readonly Address[];
    readonly range: ItemRange;
    readonly cut: Cut;
  },
) => void;

/** A kernel of a collapsed loop, of which `emitItems` emits the work items. */
export function loopKernel(loop: Loop, by: string, cut: Cut, emitItems: EmitItems): Kernel {
  const { shape, inputs, body, outputs, checks = [] } = loop;
  return kernelOf(
    {
      key: `loop ${keyOf(loop)}${by}`,
      pointers: outputs.length + inputs.length + (checks.length > 0 ? 1 : 0),
      workItems: sizeOf(shape) === 0 ? 0 : Math.ceil(cut.count / cut.perItem),
      flops: sizeOf(shape) * (body.filter((node) => "args" in node).length + checks.length),
    },
    (f, pointers, range) => {
      const writes = pointers.slice(0, outputs.length);
      const reads = inputs.map(({ offset }, k) =>
        i32.add(pointers[outputs.length + k]!, 4 * offset),
      );
      // As many vectors as are computed at once, so that none waits for another where a loop does
      // little else.
      const largest = Array.from(
        { length: checks.length === 0 ? 0 : outputs.length > 0 ? 1 : vectorsAtOnce(body) },
        () => f.local("v128", i32x4.const(0)),
      );
      const row: Row = {
        body,
        results: outputs,
        checks,
        largest,
        strides: inputs.map(({ strides }) => strides[strides.length - 1]!),
        writes: writes.map(() => f.local("address")),
        reads: reads.map(() => f.local("address")),
      };
      emitItems(f, loop, row, { writes, reads, range, cut });
      if (checks.length > 0) emitFlags(f, largest, pointers[pointers.length - 1]!);
    },
  );
}

/** Emits the rows of some work items. */
const emitRows: EmitItems = (f, { shape, inputs }, row, { writes, reads, range, cut }) => {
  const outer = shape.slice(0, -1);
  const rowBytes = 4 * shape[outer.length]!;
  eachUnit(f, range, cut, (index) => {
    const offset = i32.mul(index, rowBytes);
    writes.forEach((pointer, k) => f.set(row.writes[k]!, i32.add(pointer, offset)));
    inputs.forEach(({ strides }, k) =>
      f.set(row.reads[k]!, i32.add(reads[k]!, rowOffset(index, outer, strides))),
    );
    emitRow(f, shape[outer.length]!, row);
  });
};

/** Emits a segment of a single row: some work items of it. */
const emitSegment: EmitItems = (
  f,
  _,
  row,
  { writes, reads, range: { begin, end }, cut: { perItem, count } },
) => {
  const from = f.let(i32.mul(begin, perItem));
  const until = f.min(i32.mul(end, perItem), count);
  f.set(from, i32.min(from, until));
  const n = f.let(i32.sub(until, from));
  writes.forEach((pointer, k) => f.set(row.writes[k]!, i32.add(pointer, i32.shl(from, 2))));
  reads.forEach((start, k) => f.set(row.reads[k]!, strided(start, from, 4 * row.strides[k]!)));
  emitRow(f, n, row);
};

/**
 * Emits the flags of a loop with checks: 0 is written to the second where a checked value is larger
 * than `calm` or not finite, and to the first where one is not finite.
 */
function emitFlags(f: FunctionBuilder, largest: readonly Local<"v128">[], flags: Address): void {
  const magnitudes = f.let(
    i32x4.shrU(
      largest.reduce<V128>((a, b) => i32x4.maxU(a, b), i32x4.const(0)),
      1,
    ),
  );
  const exceeds = (size: number): Index =>
    v128.any(i32x4.gtS(magnitudes, i32x4.const(bitsOf(size))));
  f.if(exceeds(calm), () => {
    f.store("i32", flags, i32.const(0), 4);
    f.if(exceeds(largestFloat), () => f.store("i32", flags, i32.const(0)));
  });
}
