import { strided, type Address, type FunctionBuilder, type Index, type V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import type { Part, PlaceSpec } from "@tenon/plan";
import { sizeOf } from "@tenon/tensor";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { collapse } from "../loop/loop.js";
import { kernelOf } from "../shared/kernelOf.js";
import { eachUnit } from "../shared/workItems.js";

/**
 * Places arrays in a larger one: padding and concatenation. Pointers: out, then each part. A work
 * item is some rows of the result, or all of it if parts are not cut into rows.
 */
export function place({ size, dtype, fill, parts }: PlaceSpec): Kernel {
  const fillName = fill === undefined ? "" : Object.is(fill, -0) ? "-0" : fill;
  const key = `place ${size} ${dtype} ${fillName} ${JSON.stringify(parts)}`;
  const splat = dtype === "int32" ? i32x4.const : f32x4.const;
  const { rows, length } = rowsOf(size, parts);
  const perItem = Math.max(1, Math.ceil(workItemElements / Math.max(1, length)));
  const partsOfRow = parts.map((part) => merged(rows > 1 ? rowOf(part) : part));
  return kernelOf(
    {
      key,
      pointers: 1 + parts.length,
      workItems: size === 0 ? 0 : Math.ceil(rows / perItem),
    },
    (f, [out, ...sources], range) =>
      eachUnit(f, range, { perItem, count: rows }, (row) => {
        const to = f.local("address", strided(out!, row, 4 * length));
        if (fill !== undefined) fillSegment(f, splat(fill), to, length);
        partsOfRow.forEach((part, k) => {
          const source = strided(sources[k]!, row, 4 * sizeOf(part.shape));
          copyPart(f, part, i32.add(to, 4 * part.offset), source);
        });
      }),
  );
}

const rowOf = ({ shape, strides, offset }: Part): Part => ({
  shape: shape.slice(1),
  strides: strides.slice(1),
  offset,
});

/**
 * The result as rows that are independent of each other: entry i of every part's first axis is in
 * row i.
 */
function rowsOf(
  size: number,
  parts: readonly Part[],
): { readonly rows: number; readonly length: number } {
  const rows = parts[0]?.shape[0] ?? 1;
  const length = size / rows;
  const lastPosition = ({ shape, strides, offset }: Part): number =>
    shape.slice(1).reduce((last, n, axis) => last + (n - 1) * strides[axis + 1]!, offset);
  const independent =
    size > 0 &&
    parts.every(
      (part) =>
        part.shape[0] === rows &&
        part.strides[0] === length &&
        part.offset >= 0 &&
        lastPosition(part) < length,
    );
  return independent ? { rows, length } : { rows: 1, length: size };
}

/** The same part with fewer axes. */
function merged({ shape, strides, offset }: Part): Part {
  const { loop } = collapse({ shape, inputs: [{ strides, offset }], body: [], outputs: [] });
  return { shape: loop.shape, strides: loop.inputs[0]!.strides, offset };
}

/** Emits the filling of a contiguous segment. */
function fillSegment(f: FunctionBuilder, value: V128, to: Address, count: number): void {
  const wholeVectors = count - (count % 4);
  f.for(0, 4 * wholeVectors, 16, (offset) => f.store("v128", i32.add(to, offset), value));
  for (let k = wholeVectors; k < count; k++) f.storeLane(to, 0, value, 4 * k);
}

/**
 * Emits a copy axis by axis; the last axis in vectors where it is contiguous in the result, too.
 */
function copyPart(f: FunctionBuilder, { shape, strides }: Part, to: Address, from: Address): void {
  const [n, ...innerShape] = shape;
  const [stride, ...innerStrides] = strides;
  if (n === undefined) return f.store("i32", to, i32.load(from));
  const size = sizeOf(innerShape);
  const target = f.local("address", to);
  const source = f.local("address", from);
  const i = f.local("i32");
  const advance = (elements: number): void => {
    f.bump(target, 4 * elements * stride!);
    f.bump(source, 4 * elements * size);
  };
  const copyVectors = (start: Index, count: number): void =>
    f.loop(i, start, Math.floor(n / count) * count, count, () => {
      for (let k = 0; k < count; k += 4) f.store("v128", target, v128.load(source, 4 * k), 4 * k);
      advance(count);
    });
  const contiguous = innerShape.length === 0 && stride === 1;
  if (contiguous) {
    copyVectors(0, 16);
    copyVectors(n - (n % 16), 4);
  }
  f.loop(i, contiguous ? n - (n % 4) : 0, n, 1, () => {
    copyPart(f, { shape: innerShape, strides: innerStrides, offset: 0 }, target, source);
    advance(1);
  });
}
