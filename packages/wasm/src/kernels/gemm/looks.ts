import {
  f32x4,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type Index,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import { notZero } from "./entries.js";

type Address = Local<"i32">;

/**
 * Stretches of numbers: how many, bytes from one to the next, and one in how many fours to look at.
 */
export interface Stretches {
  readonly runs: number;
  readonly stride: number;
  readonly step: number;
}

/**
 * Emits code for the numbers in stretches of so many, four at a time, and those left one at a time,
 * with zeros beside them.
 */
function eachNumber(
  f: FunctionBuilder,
  { runs, stride, step }: Stretches,
  from: Address,
  length: Index,
  visit: (numbers: V128, lanes: number) => void,
): void {
  // Loops compare signed numbers, so they run over distances: addresses may lie on both sides of 2
  // GiB.
  const run = f.local("i32");
  const at = f.local("i32");
  const last = f.local("i32", i32.mul(i32.and(length, -4), 4));
  const end = f.local("i32", i32.mul(length, 4));
  f.loop(run, 0, runs, 1, () => {
    f.loop(at, 0, last, 16 * step, () => visit(v128.load(i32.add(from, at)), 4));
    f.loop(at, last, end, 4, () => visit(v128.loadZero(i32.add(from, at)), 1));
    f.bump(from, stride);
  });
}

/** Emits a store of what four lanes come to. */
function storeAll(
  f: FunctionBuilder,
  to: Index,
  lanes: Local<"v128">,
  join: (a: V128, b: V128) => V128,
): void {
  for (const turned of [
    [2, 3, 0, 1],
    [1, 0, 3, 2],
  ])
    f.set(lanes, join(lanes, v128.shuffle32(lanes, lanes, turned)));
  f.store("i32", to, i32x4.lane(lanes, 0));
}

/**
 * (to, from, length of a stretch) → (): whether more than a share of the numbers are not zero, as 1
 * or 0.
 */
export function areMany(module: ModuleBuilder, stretches: Stretches, share: number): FunctionIndex {
  const key = `areMany/${JSON.stringify(stretches)}/${share}`;
  const limit = Math.round(256 * share);
  return module.once(key, () =>
    module.func(key, ["i32", "i32", "i32"], (f, to, from, length) => {
      const lanes = f.local("v128", i32x4.const(0));
      const seen = f.local("i32");
      eachNumber(f, stretches, from as Address, length!, (x, many) => {
        f.set(lanes, i32x4.sub(lanes, notZero(x)));
        f.bump(seen, many);
      });
      storeAll(f, to!, lanes, i32x4.add);
      f.store("i32", to!, i32.gtS(i32.mul(i32.load(to!), 256), i32.mul(seen, limit)));
    }),
  );
}

/** (to, from, length of a stretch) → (): 0 if all numbers are finite. */
export function areFinite(module: ModuleBuilder, stretches: Stretches): FunctionIndex {
  const key = `areFinite/${JSON.stringify(stretches)}`;
  return module.once(key, () =>
    module.func(key, ["i32", "i32", "i32"], (f, to, from, length) => {
      const lanes = f.local("v128", i32x4.const(0));
      eachNumber(f, stretches, from as Address, length!, (x) =>
        f.set(lanes, v128.or(lanes, f32x4.ne(f32x4.mul(x, f32x4.const(0)), f32x4.const(0)))),
      );
      storeAll(f, to!, lanes, v128.or);
    }),
  );
}
