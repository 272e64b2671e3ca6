import {
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import type { GemmSpec } from "@tenon/plan";
import {
  appendCompacted,
  appendEach,
  compactionBytes,
  compactionTable,
  nonzeroBytes,
} from "./nonzeroLists.js";
import { blockFlag, sparseName, type SparseLayout } from "./sparseLayout.js";
import { exceedsDensity } from "./sparsityScan.js";
import { kernelOf } from "../shared/kernelOf.js";
import { transposed } from "../shared/transposed.js";
import type { Kernel } from "../kernel.js";

/**
 * With more nonzero values than this fraction, leaving out the zeros gains nothing: each product
 * costs more, since its operands are found through a list (`bench/zeros`).
 */
const maxDensity = 0.7;

/**
 * How A is sampled at least: every 31st vector of a block of rows, or every 7th row of a transposed
 * A: primes that divide no row of A, so that a scan does not read the same columns again and again.
 */
const vectorSampling = 31;
const rowSampling = 7;

/**
 * For each row of A the lists of its nonzero values, each with the offset of its row in packed rows
 * of B. Pointers: lists [m, k, (value, bytes from the first row)], ends [m, cuts] (the end of each
 * list in bytes from the start of all, followed by the flags of blocks), A. A work item is a block
 * of rows of A.
 */
export function sparseLists(spec: GemmSpec, layout: SparseLayout): Kernel {
  const { m, k } = spec;
  return kernelOf(
    {
      key: `sparseLists/${sparseName(spec)}/${layout.rowBytes}`,
      pointers: 3,
      scratch: compactionBytes,
      flops: m * k,
      workItems: layout.blocks,
    },
    (f, [lists, ends, a], { begin, end }, module, table) => {
      const { blocks, rowsPerBlock } = layout;
      const appendBlock = (spec.transposeA ? listsOfColumns : listsOfRows)(module, spec, layout);
      const isDense = densityScan(module, spec);
      f.call(compactionTable(module), table);
      f.for(begin, end, 1, (block) => {
        const first = f.let(i32.mul(block, rowsPerBlock));
        const rows = f.let(
          i32.select(i32.eq(block, blocks - 1), m - rowsPerBlock * (blocks - 1), rowsPerBlock),
        );
        const flag = f.let(blockFlag(spec, layout, ends, block));
        const rowsOfA = f.let(strided(a, first, spec.transposeA ? 4 : 4 * k));
        f.call(isDense, flag, rowsOfA, i32.mul(rows, spec.transposeA ? 1 : k));
        f.if(i32.eqz(i32.load(flag)), () =>
          f.call(appendBlock, lists, ends, a, first, rows, table),
        );
      });
    },
  );
}

/** Whether some rows of A have too many nonzero values. */
function densityScan(module: ModuleBuilder, { m, k, transposeA }: GemmSpec): FunctionIndex {
  // Rows are one segment; columns have a segment for each k.
  const segments = transposeA
    ? { count: Math.ceil(k / rowSampling), stride: 4 * m * rowSampling, sampling: 1 }
    : { count: 1, stride: 0, sampling: primeFrom(vectorSampling, k) };
  return exceedsDensity(module, segments, maxDensity);
}

/** The smallest prime that is not below `least` and does not divide `whole`. */
function primeFrom(least: number, whole: number): number {
  const divides = (d: number, n: number): boolean => n % d === 0;
  for (let n = Math.max(2, least); ; n++) {
    const divisors = Array.from({ length: Math.floor(Math.sqrt(n)) - 1 }, (_, d) => d + 2);
    if (!divides(n, whole) && !divisors.some((d) => divides(d, n))) return n;
  }
}

const listsParams = {
  lists: "address",
  ends: "address",
  a: "address",
  first: "i32",
  rows: "i32",
  table: "address",
} as const;

/** Emits code for each cut of a list, given how many values of A it covers. */
function eachCut(
  f: FunctionBuilder,
  { k }: GemmSpec,
  { rowsPerCut }: SparseLayout,
  visit: (values: number) => void,
): void {
  f.for(0, Math.floor(k / rowsPerCut), 1, () => visit(rowsPerCut));
  if (k % rowsPerCut > 0) visit(k % rowsPerCut);
}

/** (lists, ends, A [m, k], first row, rows, table) → (): the lists of some rows. */
function listsOfRows(module: ModuleBuilder, spec: GemmSpec, layout: SparseLayout): FunctionIndex {
  const { k } = spec;
  const { rowBytes, cuts } = layout;
  const name = `sparseLists/${sparseName(spec)}/${rowBytes}/append`;
  return module.func(name, listsParams, (f, { lists, ends, a, first, rows, table }) => {
    const start = f.local("address", strided(lists, first, k * nonzeroBytes));
    const endOfList = f.local("address", strided(ends, first, 4 * cuts));
    const list = f.local("address");
    const from = f.local("address", strided(a, first, 4 * k));
    const rowsOfB = f.local("v128");
    const appendVectors = (count: number): void => {
      for (let v = 0; v < count; v++)
        appendCompacted(f, {
          list,
          table,
          values: v128.load(from, 16 * v),
          rows: i32x4.add(rowsOfB, i32x4.const(4 * v * rowBytes)),
        });
      f.bump(from, 16 * count);
      f.set(rowsOfB, i32x4.add(rowsOfB, i32x4.const(4 * count * rowBytes)));
    };
    f.for(0, rows, 1, () => {
      f.set(rowsOfB, i32x4.lanes(0, rowBytes, 2 * rowBytes, 3 * rowBytes));
      eachCut(f, spec, layout, (values) => {
        f.set(list, start);
        f.for(0, Math.floor(values / 16), 1, () => appendVectors(4));
        appendVectors(Math.floor((values % 16) / 4));
        for (let left = values % 4; left > 0; left--) {
          const row = i32.const((k - left) * rowBytes);
          appendEach(f, [list], v128.loadZero(from), () => f.store("i32", list, row, 4));
          f.bump(from, 4);
        }
        f.store("i32", endOfList, i32.sub(list, lists));
        f.bump(endOfList, 4);
        f.bump(start, values * nonzeroBytes);
      });
    });
  });
}

/** The same for A [k, m]: four rows at a time, which are contiguous for each k. */
function listsOfColumns(
  module: ModuleBuilder,
  spec: GemmSpec,
  layout: SparseLayout,
): FunctionIndex {
  const { m, k } = spec;
  const { rowBytes, cuts } = layout;
  const name = `sparseLists/${sparseName(spec)}/${rowBytes}/append`;
  return module.func(name, listsParams, (f, { lists, ends, a, first, rows, table }) => {
    const row = f.local("i32");
    const from = f.local("address");
    const start = f.local("address");
    const endOfList = f.local("address");
    const rowsOfB = f.local("v128");
    const appendRows = (count: number): void => {
      const listOf = f.locals("address", count);
      f.set(from, i32.add(a, i32.shl(row, 2)));
      f.set(start, strided(lists, row, k * nonzeroBytes));
      f.set(endOfList, strided(ends, row, 4 * cuts));
      f.set(rowsOfB, i32x4.lanes(0, rowBytes, 2 * rowBytes, 3 * rowBytes));
      eachCut(f, spec, layout, (values) => {
        listOf.forEach((list, lane) => f.set(list, i32.add(start, lane * k * nonzeroBytes)));
        f.for(0, Math.floor(values / 4), 1, () => {
          const vectors = [0, 1, 2, 3].map((q): V128 => f.let(v128.load(i32.add(from, 4 * m * q))));
          // Many images have zeros at the same positions.
          f.if(v128.any(vectors.reduce((x, y) => v128.or(x, y))), () =>
            transposed(f, vectors)
              .slice(0, count)
              .forEach((values, lane) =>
                appendCompacted(f, { list: listOf[lane]!, table, values, rows: rowsOfB }),
              ),
          );
          f.bump(from, 16 * m);
          f.set(rowsOfB, i32x4.add(rowsOfB, i32x4.const(4 * rowBytes)));
        });
        for (let left = values % 4; left > 0; left--) {
          const row = i32.const((k - left) * rowBytes);
          appendEach(f, listOf, f.let(v128.load(from)), (list) => f.store("i32", list, row, 4));
          f.bump(from, 4 * m);
        }
        listOf.forEach((list, lane) =>
          f.store("i32", endOfList, i32.sub(list, lists), 4 * cuts * lane),
        );
        f.bump(endOfList, 4);
        f.bump(start, values * nonzeroBytes);
      });
    };
    const until = f.local("i32", i32.add(first, rows));
    f.loop(row, first, i32.and(until, -4), 4, () => appendRows(4));
    if (m % 4 > 0) f.if(i32.ltS(row, until), () => appendRows(m % 4));
  });
}
