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
import { sizeOf, stridesOf } from "@tenon/tensor";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { imageItems } from "../shared/imageItems.js";
import { kernelOf } from "../shared/kernelOf.js";
import { eachUnit, type ItemRange } from "../shared/workItems.js";
import { isContiguous, rowOffset } from "./addressing.js";
import { calm, collapse, keyOf, type Loop } from "./loop.js";
import { emitRow, vectorsAtOnce, type Row } from "./row.js";
import type { Tile, Tiling } from "./transposed.js";

const largestFloat = (2 - 2 ** -23) * 2 ** 127;
const bitsOf = (x: number): number => new Int32Array(Float32Array.of(x).buffer)[0]!;

/**
 * An elementwise expression over a shape, four elements at a time along the last axis: out[i] =
 * expression(in[i], …) for each of several outputs. Pointers: the outputs, contiguous; the inputs,
 * with any strides; and for a loop with checks two int32, see `Loop`.
 *
 * A work item is some whole rows, or, of a single row, a segment of it. `images`: that many work
 * items, each an equal part of the rows. `tiling` makes loops with transposed inputs faster.
 */
export function elementwise(given: Loop, images?: number, tiling?: Tiling): Kernel {
  const { loop: collapsed } = collapse(given);
  const loop: Loop =
    collapsed.shape.length > 0
      ? collapsed
      : {
          ...collapsed,
          shape: [1],
          inputs: collapsed.inputs.map(({ offset }) => ({ offset, strides: [0] })),
        };
  const { shape, inputs, body, outputs, checks = [] } = loop;
  const inner = shape[shape.length - 1]!;
  const tile = checks.length > 0 ? undefined : tiling?.tileOf(shape, inputs, body);
  // A tile counts as one row.
  const outer = shape
    .slice(0, -1)
    .map((n, axis) => (axis === tile?.axis ? Math.ceil(n / tile.rows) : n));
  const rows = sizeOf(outer);
  const single = outer.length === 0;
  const count = single ? inner : rows;
  const rowsPerItem = Math.max(
    1,
    Math.ceil(workItemElements / Math.max(1, inner * (tile?.rows ?? 1))),
  );
  const perItem = images ? count / images : single ? workItemElements : rowsPerItem;
  const empty = rows === 0 || inner === 0;
  const code: LoopCode = { loop, outer, tile, tiling, inner, perItem, count };
  return kernelOf(
    {
      key: `loop ${keyOf(loop)}${images ? ` by ${images}` : ""}`,
      pointers: outputs.length + inputs.length + (checks.length > 0 ? 1 : 0),
      workItems: empty ? 0 : Math.ceil(count / perItem),
      flops: sizeOf(shape) * (body.filter((node) => "args" in node).length + checks.length),
      // A loop over another number of elements does not have these images.
      splitByImages: (n, elements) =>
        tile || empty || count % n > 0 || elements !== sizeOf(shape)
          ? undefined
          : elementwise(given, n, tiling),
      ...(images &&
        imageItems(images, 1, [
          ...outputs.keys(),
          ...inputs.flatMap((input, k) => (isContiguous(shape, input) ? [outputs.length + k] : [])),
        ])),
    },
    (f, pointers, range) => {
      const writes = pointers.slice(0, outputs.length);
      const reads = pointers.slice(outputs.length, outputs.length + inputs.length);
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
      const emitItems = single ? emitSegment : emitRows;
      emitItems(f, code, row, { writes, reads, range });
      if (checks.length > 0) emitFlags(f, largest, pointers[pointers.length - 1]!);
    },
  );
}

/** How a loop is cut into rows and work items. */
interface LoopCode {
  readonly loop: Loop;
  /** The shape without its last axis, with tiles in place of a tile's rows. */
  readonly outer: readonly number[];
  readonly tile: Tile | undefined;
  readonly tiling: Tiling | undefined;
  /** Elements of a row. */
  readonly inner: number;
  /** Rows in a work item, and in all; of a single row, elements. */
  readonly perItem: number;
  readonly count: number;
}

interface LoopArguments {
  readonly writes: readonly Local<"address">[];
  readonly reads: readonly Local<"address">[];
  readonly range: ItemRange;
}

/** Emits the rows of some work items. */
function emitRows(
  f: FunctionBuilder,
  { loop: { shape, inputs }, outer, tile, tiling, inner, perItem, count }: LoopCode,
  row: Row,
  { writes, reads, range }: LoopArguments,
): void {
  const outputStrides = stridesOf(shape);
  const perRow = (strides: readonly number[]): number[] =>
    outer.map((_, axis) => strides[axis]! * (axis === tile?.axis ? tile.rows : 1));
  eachUnit(f, range, { perItem, count }, (index) => {
    const offset = tile
      ? rowOffset(index, outer, perRow(outputStrides))
      : i32.mul(index, 4 * inner);
    writes.forEach((pointer, k) => f.set(row.writes[k]!, i32.add(pointer, offset)));
    inputs.forEach(({ strides }, k) =>
      f.set(
        row.reads[k]!,
        i32.add(inputStart(reads, inputs, k), rowOffset(index, outer, perRow(strides))),
      ),
    );
    const emitOneRow = (): void => emitRow(f, inner, row);
    if (!tile || !tiling) return emitOneRow();
    const rowElements = outputStrides[tile.axis]!;
    tiling.emitTile(f, { tile, shape, outer, inputs, row, rowElements }, index, emitOneRow);
  });
}

/** Emits a segment of a single row: some work items of it. */
function emitSegment(
  f: FunctionBuilder,
  { loop: { inputs }, perItem, count }: LoopCode,
  row: Row,
  { writes, reads, range: { begin, end } }: LoopArguments,
): void {
  const from = f.let(i32.mul(begin, perItem));
  const until = f.min(i32.mul(end, perItem), count);
  f.set(from, i32.min(from, until));
  const n = f.let(i32.sub(until, from));
  writes.forEach((pointer, k) => f.set(row.writes[k]!, i32.add(pointer, i32.shl(from, 2))));
  inputs.forEach((_, k) =>
    f.set(row.reads[k]!, strided(inputStart(reads, inputs, k), from, 4 * row.strides[k]!)),
  );
  emitRow(f, n, row);
}

const inputStart = (
  reads: readonly Local<"address">[],
  inputs: Loop["inputs"],
  k: number,
): Address => i32.add(reads[k]!, 4 * inputs[k]!.offset);

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
