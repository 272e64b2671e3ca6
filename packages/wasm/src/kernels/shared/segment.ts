import {
  f32x4,
  i32,
  v128,
  type FunctionBuilder,
  type Index,
  type Local,
  type V128,
} from "@tenon/emit";

/** Longer runs become loops. */
const unrolled = 64;

/**
 * Four numbers of a run, or those left at its end: where they are in an array that starts at
 * `pointer`, and how many.
 */
type Visit = (at: (pointer: Local) => Index, offset: number, lanes: number) => void;

/** Visits a run of `floats` numbers, four at a time. */
export function span(f: FunctionBuilder, floats: number, visit: Visit): void {
  let done = 0;
  if (floats > unrolled) {
    const i = f.local("i32");
    done = 16 * Math.floor(floats / 16);
    f.loop(i, 0, 4 * done, 64, () => {
      for (let q = 0; q < 4; q++) visit((pointer) => i32.add(pointer, i), 16 * q, 4);
    });
  }
  for (; done < floats; done += 4)
    visit((pointer) => pointer, 4 * done, Math.min(4, floats - done));
}

/** Stores the first lanes of a vector. */
export function storeLanes(
  f: FunctionBuilder,
  at: Index,
  value: V128,
  lanes: number,
  offset = 0,
): void {
  if (lanes >= 4) return f.store("v128", at, value, offset);
  const kept = f.local("v128", value);
  for (let lane = 0; lane < lanes; lane++) f.storeLane(at, lane, kept, offset + 4 * lane);
}

/**
 * Copies a run. `spill`: may write up to three numbers past its end, because what comes next is
 * written later.
 */
export function copySpan(
  f: FunctionBuilder,
  to: Local,
  from: Local,
  floats: number,
  shift: { readonly to?: number; readonly from?: number; readonly spill?: boolean } = {},
): void {
  span(f, floats, (at, offset, lanes) =>
    storeLanes(
      f,
      at(to),
      v128.load(at(from), offset + (shift.from ?? 0)),
      shift.spill ? 4 : lanes,
      offset + (shift.to ?? 0),
    ),
  );
}

/** Adds a run of numbers to another. */
export function addSpan(
  f: FunctionBuilder,
  to: Local,
  from: Local,
  floats: number,
  shift: { readonly to?: number; readonly from?: number } = {},
): void {
  span(f, floats, (at, offset, lanes) => {
    const there = offset + (shift.to ?? 0);
    storeLanes(
      f,
      at(to),
      f32x4.add(v128.load(at(to), there), v128.load(at(from), offset + (shift.from ?? 0))),
      lanes,
      there,
    );
  });
}

/** Fills a run with zeros. */
export function zeroSpan(f: FunctionBuilder, to: Local, floats: number): void {
  span(f, floats, (at, offset, lanes) => storeLanes(f, at(to), f32x4.const(0), lanes, offset));
}
