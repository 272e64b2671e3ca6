import type { DType } from "@tenon/contracts";
import {
  strided,
  type Address,
  type FunctionBuilder,
  type I32,
  type V128,
  type Value,
} from "@tenon/emit";
import * as f32 from "@tenon/emit/f32";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import type { ArgReduceSpec } from "@tenon/plan";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { blockColumns, eachColumns } from "../shared/columnBlocks.js";
import { kernelOf } from "../shared/kernelOf.js";
import { eachUnit } from "../shared/workItems.js";

/**
 * The index of the largest or smallest element along an axis: out[o, i] = argmax over k of x[o, k,
 * i]. The first of equals wins, and the first NaN over all. Pointers: out, x. A work item is some
 * blocks of columns, or some rows where inner is 1.
 */
export function argReduce(spec: ArgReduceSpec): Kernel {
  const { outer, n, inner, kind, dtype } = spec;
  const blocks = Math.ceil(inner / blockColumns);
  const elements = Math.max(1, n * Math.min(inner, blockColumns));
  const perItem = Math.max(1, Math.ceil(workItemElements / elements));
  const count = outer * blocks;
  return kernelOf(
    {
      key: `${kind} ${dtype} ${outer}x${n}x${inner}`,
      pointers: 2,
      workItems: Math.ceil(count / perItem),
      flops: outer * n * inner,
    },
    (f, [out, x], range) =>
      eachUnit(f, range, { perItem, count }, (unit) => {
        if (inner === 1)
          searchRow(f, spec, i32.add(out, i32.shl(unit, 2)), strided(x, unit, 4 * n));
        else
          eachColumns(f, inner, unit, (row, column) => {
            const from = f.let(i32.add(x, i32.shl(i32.add(i32.mul(row, n * inner), column), 2)));
            const to = f.let(i32.add(out, i32.shl(i32.add(i32.mul(row, inner), column), 2)));
            return (first, vectors, single) => {
              const offset = i32.shl(first, 2);
              searchColumns(f, spec, {
                from: i32.add(from, offset),
                to: i32.add(to, offset),
                vectors,
                single,
              });
            };
          });
      }),
  );
}

/** Emits the search of n contiguous elements. */
function searchRow(
  f: FunctionBuilder,
  { n, kind, dtype }: ArgReduceSpec,
  to: Address,
  from: Address,
): void {
  const element = f.local("address", from);
  const bestIndex = f.local("i32", i32.const(0));
  const largest = kind === "argMax";
  const search = <T extends "i32" | "f32">(
    load: () => Value<T>,
    wins: (x: Value<T>, best: Value<T>) => I32,
  ): void => {
    const best = f.let(load());
    f.for(1, n, 1, (k) => {
      f.bump(element, 4);
      f.if(wins(load(), best), () => {
        f.set(best, load() as never);
        f.set(bestIndex, k);
      });
    });
  };
  if (dtype === "int32") search(() => i32.load(element), largest ? i32.gtS : i32.ltS);
  else
    search(
      () => f32.load(element),
      // Not at most the best so far: it is larger, or one of the two is NaN, and the first NaN
      // stays.
      (x, best) => i32.and(i32.eqz((largest ? f32.le : f32.ge)(x, best)), f32.eq(best, best)),
    );
  f.store("i32", to, bestIndex);
}

/** Columns that are searched next to each other: some vectors, or a single one. */
interface Columns {
  readonly from: Address;
  readonly to: Address;
  readonly vectors: number;
  readonly single: boolean;
}

/** Emits the search of some vectors of columns, or of a single column. */
function searchColumns(
  f: FunctionBuilder,
  { n, inner, kind, dtype }: ArgReduceSpec,
  { from, to, vectors, single }: Columns,
): void {
  const row = f.local("address", from);
  const load = (v: number): V128 => (single ? v128.loadZero(row) : v128.load(row, 16 * v));
  const best = Array.from({ length: vectors }, (_, v) => ({
    value: f.let(load(v)),
    index: f.local("v128", i32x4.const(0)),
  }));
  const k = f.local("i32");
  f.loop(k, 1, n, 1, () => {
    f.bump(row, 4 * inner);
    best.forEach(({ value, index }, v) => {
      const candidate = f.let(load(v));
      const mask = f.let(wins(kind, dtype, candidate, value));
      f.set(value, v128.select(mask, candidate, value));
      f.set(index, v128.select(mask, i32x4.splat(k), index));
    });
  });
  best.forEach(({ index }, v) =>
    single ? f.storeLane(to, 0, index) : f.store("v128", to, index, 16 * v),
  );
}

/** A mask of the lanes in which a candidate takes the place of the best so far. */
function wins(kind: ArgReduceSpec["kind"], dtype: DType, candidate: V128, best: V128): V128 {
  const largest = kind === "argMax";
  if (dtype === "int32") return (largest ? i32x4.gtS : i32x4.ltS)(candidate, best);
  return v128.or(
    (largest ? f32x4.gt : f32x4.lt)(candidate, best),
    v128.andnot(f32x4.ne(candidate, candidate), f32x4.ne(best, best)),
  );
}
