import type {
  Address,
  FunctionBuilder,
  FunctionIndex,
  I32,
  Index,
  Local,
  ModuleBuilder,
  V128,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { nonzeroMask } from "./nonzeroLists.js";

/** Contiguous segments of float32. */
export interface Segments {
  readonly count: number;
  /** Bytes from one segment to the next. */
  readonly stride: number;
  /** Every `sampling`-th vector is read. */
  readonly sampling: number;
}

/** Vectors in a turn of the loop over a segment that is read as a whole. */
const unroll = 4;

/**
 * Emits code for the values of segments of `length` each: for four at a time, and for those that
 * remain one at a time, with zeros in the other lanes. `turn` counts the vectors in a turn of the
 * loop.
 */
function forEachVector(
  f: FunctionBuilder,
  { count, stride, sampling }: Segments,
  { from, length }: { readonly from: Local<"address">; readonly length: Index },
  visit: (values: V128, lanes: number, turn: number) => void,
): void {
  const bytes = f.let(i32.mul(length, 4));
  const vectorBytes = f.let(i32.and(bytes, -16));
  const turnBytes = sampling === 1 ? f.let(i32.and(bytes, -16 * unroll)) : 0;
  f.for(0, count, 1, () => {
    const visitVectors = (offset: I32, vectors: number): void => {
      for (let v = 0; v < vectors; v++) visit(v128.load(i32.add(from, offset), 16 * v), 4, v);
    };
    if (sampling === 1) f.for(0, turnBytes, 16 * unroll, (offset) => visitVectors(offset, unroll));
    f.for(turnBytes, vectorBytes, 16 * sampling, (offset) => visitVectors(offset, 1));
    f.for(vectorBytes, bytes, 4, (offset) => visit(v128.loadZero(i32.add(from, offset)), 1, 0));
    f.bump(from, stride);
  });
}

/** Emits the store of four lanes that are joined to one. */
function storeJoined(
  f: FunctionBuilder,
  to: Address,
  lanes: Local<"v128">,
  join: (a: V128, b: V128) => V128,
): void {
  for (const rotation of [
    [2, 3, 0, 1],
    [1, 0, 3, 2],
  ])
    f.set(lanes, join(lanes, v128.shuffle32(lanes, lanes, rotation)));
  f.store("i32", to, i32x4.lane(lanes, 0));
}

const params = { to: "address", from: "address", length: "i32" } as const;

/**
 * (to, from, length of a segment) → (): stores 1 if more than a fraction of the sampled values is
 * not zero, else 0.
 */
export function exceedsDensity(
  module: ModuleBuilder,
  segments: Segments,
  fraction: number,
): FunctionIndex {
  const key = `exceedsDensity/${JSON.stringify(segments)}/${fraction}`;
  const limit = Math.round(256 * fraction);
  return module.func(key, params, (f, { to, from, length }) => {
    const counts = f.local("v128", i32x4.const(0));
    const sampled = f.local("i32");
    forEachVector(f, segments, { from, length }, (values, lanes) => {
      f.set(counts, i32x4.sub(counts, nonzeroMask(values)));
      f.bump(sampled, lanes);
    });
    storeJoined(f, to, counts, i32x4.add);
    f.store("i32", to, i32.gtS(i32.mul(i32.load(to), 256), i32.mul(sampled, limit)));
  });
}

/** (to, from, length of a segment) → (): stores 0 if all values are finite, else not 0. */
export function anyNonFinite(module: ModuleBuilder, segments: Segments): FunctionIndex {
  const key = `anyNonFinite/${JSON.stringify(segments)}`;
  return module.func(key, params, (f, { to, from, length }) => {
    // 0 · x is NaN if x is not finite, and a sum stays NaN.
    const found = f.locals("v128", unroll);
    const zero = f32x4.const(0);
    forEachVector(f, segments, { from, length }, (values, _, turn) =>
      f.set(found[turn]!, f32x4.add(found[turn]!, f32x4.mul(values, zero))),
    );
    const all = f.local("v128", found.reduce<V128>(f32x4.add, zero));
    f.set(all, f32x4.ne(all, zero));
    storeJoined(f, to, all, v128.or);
  });
}
