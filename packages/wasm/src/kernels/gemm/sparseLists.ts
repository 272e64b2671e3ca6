import {
  i32,
  i32x4,
  strided,
  v128,
  type Address,
  type FunctionIndex,
  type I32,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import type { Blocking, GemmSpec } from "./gemm.js";
import {
  appendCompacted,
  appendEach,
  appendSelected,
  compactionBytes,
  compactionTable,
  nonzeroBytes,
  nonzeroMask,
} from "./nonzeroLists.js";
import { anyNonFinite, exceedsDensity } from "./sparsityScan.js";
import { kernelOf, type KernelBody } from "../shared/kernelOf.js";
import { transposed } from "../shared/transposed.js";
import type { Kernel } from "../kernel.js";

/**
 * With more nonzero values than this fraction, leaving out the zeros gains nothing: `gemm` takes
 * that much less time for each product, the less so with vectors of 256 bits (`bench/zeros`).
 */
const maxDensity = ({ features }: ModuleBuilder): number => (features.vectors256 ? 0.3 : 0.4);

/**
 * How A is sampled at least: every 31st vector of a block of rows, or every 7th row of a transposed
 * A; at the start 512 vectors of the whole of A. The first two are primes that divide no row of A,
 * so that a scan does not read the same columns again and again.
 */
const vectorSampling = 31;
const rowSampling = 7;
const sampledVectors = 512;

export const sparseName = ({ m, n, k, transposeA }: GemmSpec): string =>
  `${m}x${n}x${k}/${transposeA ? "t" : "n"}n`;

/**
 * Flags that say whether a block of rows, or a group of columns, is multiplied as usual: their
 * addresses, given that of the ends of the lists.
 */
export const blockFlag = ({ m }: GemmSpec, ends: Address, block: I32): Address =>
  strided(ends, i32.add(block, m), 4);
export const groupFlag = (
  { m }: GemmSpec,
  { blocks }: Blocking,
  ends: Address,
  group: I32,
): Address => strided(ends, i32.add(group, m + blocks), 4);

/**
 * For each row of A its nonzero values, each with the offset of its row of B. Pointers: lists [m,
 * k, (value, bytes from the start of B)], ends [m] (the end of each list in bytes from the start of
 * all, followed by the flags of blocks and groups), A, B. A work item is a block of rows of A, or a
 * group of columns of B.
 */
export function sparseLists(spec: GemmSpec, blocking: Blocking): Kernel {
  const { m, k } = spec;
  const key = `sparseLists/${sparseName(spec)}`;
  return kernelOf(
    {
      key,
      pointers: 4,
      scratch: compactionBytes,
      flops: m * k,
      workItems: blocking.blocks + blocking.groups,
    },
    sparseListsBody(spec, blocking),
  );
}

function sparseListsBody(spec: GemmSpec, blocking: Blocking): KernelBody<4> {
  return (f, [lists, ends, a, b], { begin, end }, module, table) => {
    const { m, n, k, transposeA } = spec;
    const { blocks, groups, columnsPerGroup, rowsPerBlock } = blocking;
    const appendBlock = (transposeA ? listsOfColumns : listsOfRows)(module, spec);
    const nonFinite = anyNonFinite(module, { count: k, stride: 4 * n, sampling: 1 });
    const { blockIsDense, allIsDense } = densityScans(module, spec);
    f.call(compactionTable(module), table);
    const scanBlock = (block: I32): void => {
      const first = f.let(i32.mul(block, rowsPerBlock));
      const rows = f.let(
        i32.select(i32.eq(block, blocks - 1), m - rowsPerBlock * (blocks - 1), rowsPerBlock),
      );
      const flag = f.let(blockFlag(spec, ends, block));
      const rowsOfA = strided(a, first, transposeA ? 4 : 4 * k);
      f.call(blockIsDense, flag, rowsOfA, i32.mul(rows, transposeA ? 1 : k));
      f.if(i32.eqz(i32.load(flag)), () => f.call(appendBlock, lists, ends, a, first, rows, table));
    };
    const scanGroup = (item: I32): void => {
      const group = f.let(i32.sub(item, blocks));
      const columns = f.let(
        i32.select(i32.eq(group, groups - 1), n - columnsPerGroup * (groups - 1), columnsPerGroup),
      );
      const flag = f.let(groupFlag(spec, blocking, ends, group));
      f.call(allIsDense, flag, a, m * k);
      f.if(i32.eqz(i32.load(flag)), () =>
        f.call(nonFinite, flag, strided(b, group, 4 * columnsPerGroup), columns),
      );
    };
    f.for(begin, end, 1, (item) =>
      f.if(
        i32.ltS(item, blocks),
        () => scanBlock(item),
        () => scanGroup(item),
      ),
    );
  };
}

/** Whether some rows of A, and all of A, have too many nonzero values. */
function densityScans(
  module: ModuleBuilder,
  { m, k, transposeA }: GemmSpec,
): { readonly blockIsDense: FunctionIndex; readonly allIsDense: FunctionIndex } {
  const fraction = maxDensity(module);
  // Rows are one segment; columns have a segment for each k. All of A is contiguous.
  const block = transposeA
    ? { count: Math.ceil(k / rowSampling), stride: 4 * m * rowSampling, sampling: 1 }
    : { count: 1, stride: 0, sampling: primeFrom(vectorSampling, k) };
  const sampling = primeFrom(Math.floor((m * k) / (4 * sampledVectors)), transposeA ? m : k);
  return {
    blockIsDense: exceedsDensity(module, block, fraction),
    allIsDense: exceedsDensity(module, { count: 1, stride: 0, sampling }, fraction),
  };
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

/** (lists, ends, A [m, k], first row, rows, table) → (): the lists of some rows. */
function listsOfRows(module: ModuleBuilder, spec: GemmSpec): FunctionIndex {
  const { n, k } = spec;
  const rowStride = 4 * n;
  const name = `sparseLists/${sparseName(spec)}/rows`;
  return module.func(name, listsParams, (f, { lists, ends, a, first, rows, table }) => {
    const list = f.local("address");
    const from = f.local("address", strided(a, first, 4 * k));
    const rowsOfB = f.local("v128");
    const appendVectors = (count: number): void => {
      for (let v = 0; v < count; v++)
        appendCompacted(f, {
          list,
          table,
          values: v128.load(from, 16 * v),
          rows: i32x4.add(rowsOfB, i32x4.const(4 * v * rowStride)),
        });
    };
    f.for(first, i32.add(first, rows), 1, (row) => {
      f.set(list, strided(lists, row, k * nonzeroBytes));
      f.set(rowsOfB, i32x4.lanes(0, rowStride, 2 * rowStride, 3 * rowStride));
      f.for(0, Math.floor(k / 16), 1, () => {
        appendVectors(4);
        f.bump(from, 64);
        f.set(rowsOfB, i32x4.add(rowsOfB, i32x4.const(16 * rowStride)));
      });
      appendVectors(Math.floor((k % 16) / 4));
      f.bump(from, 4 * ((k % 16) - (k % 4)));
      if (k % 4 > 0)
        appendSelected(f, {
          list,
          values: from,
          count: k % 4,
          firstRow: (k - (k % 4)) * rowStride,
          rowStride,
          selected: () => nonzeroMask(v128.load(from)),
        });
      f.bump(from, 4 * (k % 4));
      f.store("i32", i32.add(ends, i32.shl(row, 2)), i32.sub(list, lists));
    });
  });
}

/** The same for A [k, m]: four rows at a time, which are contiguous for each k. */
function listsOfColumns(module: ModuleBuilder, spec: GemmSpec): FunctionIndex {
  const { m, n, k } = spec;
  const rowStride = 4 * n;
  const name = `sparseLists/${sparseName(spec)}/columns`;
  return module.func(name, listsParams, (f, { lists, ends, a, first, rows, table }) => {
    const row = f.local("i32");
    const from = f.local("address");
    const rowsOfB = f.local("v128");
    const rowOfB = f.local("i32");
    const appendRows = (count: number): void => {
      const listOf = Array.from({ length: count }, (_, lane) =>
        f.let(strided(lists, i32.add(row, lane), k * nonzeroBytes)),
      );
      f.set(from, i32.add(a, i32.shl(row, 2)));
      f.set(rowsOfB, i32x4.lanes(0, rowStride, 2 * rowStride, 3 * rowStride));
      f.for(0, Math.floor(k / 4), 1, () => {
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
        f.set(rowsOfB, i32x4.add(rowsOfB, i32x4.const(4 * rowStride)));
      });
      f.set(rowOfB, (k - (k % 4)) * rowStride);
      f.for(0, k % 4, 1, () => {
        const values = f.let(v128.load(from));
        appendEach(f, listOf, values, (list) => f.store("i32", list, rowOfB, 4));
        f.bump(from, 4 * m);
        f.bump(rowOfB, rowStride);
      });
      listOf.forEach((list, lane) =>
        f.store("i32", i32.add(ends, i32.shl(row, 2)), i32.sub(list, lists), 4 * lane),
      );
    };
    const until = f.local("i32", i32.add(first, rows));
    f.loop(row, first, i32.and(until, -4), 4, () => appendRows(4));
    if (m % 4 > 0) f.if(i32.ltS(row, until), () => appendRows(m % 4));
  });
}
