import {
  strided,
  type Address,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { kernelOf, type KernelBody } from "../shared/kernelOf.js";
import type { Kernel } from "../kernel.js";
import { longestSegment } from "../shared/sumOrder.js";
import { addSegments, type Sums } from "./segments.js";

export interface DotsSpec {
  readonly key: string;
  /** Rows of A, few. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
}

/** Rows of B in a work item. */
const rowsPerItem = 64;

/**
 * C[i, j] = Σ A[i, p] · B[j, p] for few rows of A, where packing B would cost more than the
 * product. Pointers: C [m, n], A [m, k], B [n, k]. Four sums at a time, each in four lanes
 * (p mod 4), which are added at the end as (0 + 2) + (1 + 3).
 */
export function dots(spec: DotsSpec): Kernel {
  const { key, m, n, k, batch } = spec;
  return kernelOf(
    {
      key,
      pointers: 3,
      workItems: batch * Math.ceil(n / rowsPerItem),
      flops: 2 * batch * m * n * k,
    },
    dotsBody(spec),
  );
}

function dotsBody({ key, m, n, k }: DotsSpec): KernelBody<3> {
  return (f, [c, a, b], { begin, end }, module) => {
    const blocks = Math.ceil(n / rowsPerItem);
    const fourDots = n >= 4 ? dotsOfRows(module, key, k, 4) : undefined;
    const lastDots = n % 4 ? dotsOfRows(module, key, k, n % 4) : undefined;
    f.for(begin, end, 1, (item) => {
      const entry = f.let(i32.divU(item, blocks));
      const column = f.let(i32.mul(i32.remU(item, blocks), rowsPerItem));
      const last = f.min(i32.add(column, rowsPerItem), n);
      /** The address of an element, given its offset in the matrix of this entry of the batch. */
      const element = (base: Address, bytesPerEntry: number, offset: I32): Address =>
        i32.add(strided(base, entry, bytesPerEntry), offset);
      const callForRows = (dot: FunctionIndex | undefined): void => {
        if (dot)
          f.for(0, m, 1, (row) =>
            f.call(
              dot,
              element(c, 4 * m * n, i32.mul(i32.add(i32.mul(row, n), column), 4)),
              element(a, 4 * m * k, i32.mul(row, 4 * k)),
              element(b, 4 * n * k, i32.mul(column, 4 * k)),
            ),
          );
      };
      f.until(i32.geS(column, last), () => {
        f.if(
          i32.leS(i32.add(column, 4), last),
          () => callForRows(fourDots),
          () => callForRows(lastDots),
        );
        f.bump(column, 4);
      });
    });
  };
}

/** Up to four rows of B times one row of A: (c, a, b) → (). */
function dotsOfRows(module: ModuleBuilder, key: string, k: number, rows: number): FunctionIndex {
  const params = { c: "address", a: "address", b: "address" } as const;
  return module.func(`${key}/${rows}`, params, (f, { c, a, b }) => {
    const sums = f.locals("v128", 4);
    const aVector = f.local("v128");
    const step = (mask: (x: V128) => V128): void => {
      f.set(aVector, mask(v128.load(a)));
      sums
        .slice(0, rows)
        .forEach((sum, row) =>
          f.set(sum, f32x4.add(sum, f32x4.mul(aVector, mask(v128.load(b, 4 * k * row))))),
        );
      f.bump(a, 16);
      f.bump(b, 16);
    };
    const vectors = Math.floor(k / 4);
    if (k <= longestSegment) f.for(0, vectors, 1, () => step((x) => x));
    else {
      const end = f.let(i32.add(a, 16 * vectors));
      const more = (): Sums => [f.locals("v128", 4)];
      addSegments(f, { at: a, end, step: 16 }, [[sums], more(), more()], (until) =>
        f.repeat((again) => {
          step((x) => x);
          f.jumpIf(i32.ltU(a, until), again);
        }),
      );
    }
    // Anything may be past the end, NaN too: both sides are masked.
    if (k % 4) step((x) => v128.and(x, i32x4.lanes(-1, k % 4 > 1 ? -1 : 0, k % 4 > 2 ? -1 : 0, 0)));
    storeSums(f, c, sums, rows);
  });
}

/** Adds the lanes of each of four sums and stores the totals as one vector. */
function storeSums(
  f: FunctionBuilder,
  c: Address,
  sums: readonly Local<"v128">[],
  count: number,
): void {
  /** Lanes 0 + 2 and 1 + 3 of two sums. */
  const halvesOf = (a: V128, b: V128): Local<"v128"> =>
    f.let(f32x4.add(v128.shuffle32(a, b, [0, 4, 1, 5]), v128.shuffle32(a, b, [2, 6, 3, 7])));
  const low = halvesOf(sums[0]!, sums[1]!);
  const high = halvesOf(sums[2]!, sums[3]!);
  const total = f.let(
    f32x4.add(v128.shuffle32(low, high, [0, 1, 4, 5]), v128.shuffle32(low, high, [2, 3, 6, 7])),
  );
  if (count === 4) f.store("v128", c, total);
  else for (let lane = 0; lane < count; lane++) f.storeLane(c, lane, total, 4 * lane);
}
