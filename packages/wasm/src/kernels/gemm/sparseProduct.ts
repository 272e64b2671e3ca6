import {
  strided,
  type Address,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import type { GemmSpec } from "@tenon/plan";
import { denseGemm } from "./longGemm.js";
import { addScaledRows, maxSums, nonzeroBytes, turnSize } from "./nonzeroLists.js";
import { packer } from "./packer.js";
import { storeLanes } from "../shared/segment.js";
import { blockFlag, sparseName, type SparseLayout } from "./sparseLayout.js";
import { anyNonFinite } from "./sparsityScan.js";
import { kernelOf, type KernelBody } from "../shared/kernelOf.js";
import type { Kernel } from "../kernel.js";

/** What comes before the packed rows of B in scratch: whether a value of them is not finite. */
const flagBytes = 64;
/** How many rows beyond the last the packing may write. */
const rowsBeyond = 3;

/**
 * C[m, n] of the lists of A's nonzero values; pointers: C, A, B, lists, ends. Work items are those
 * of `gemm`.
 */
export function sparseProduct(spec: GemmSpec, layout: SparseLayout): Kernel {
  const usual = denseGemm(spec);
  const packedBytes = flagBytes + (layout.rowsPerCut + rowsBeyond) * layout.rowBytes;
  return kernelOf(
    {
      key: `sparse ${usual.key}`,
      pointers: 5,
      workItems: usual.workItems,
      scratch: Math.max(usual.scratch, packedBytes),
      flops: usual.flops,
    },
    sparseProductBody(spec, layout, usual),
  );
}

function sparseProductBody(spec: GemmSpec, layout: SparseLayout, usual: Kernel): KernelBody<5> {
  return (f, [c, a, b, lists, ends], { begin, end }, module, scratch) => {
    const { m, k, transposeB } = spec;
    const { blocks, groups, columnsPerGroup, lastColumns, rowsPerBlock } = layout;
    const multiply = usual.emit(module);
    // Consecutive work items of one group share what is packed: they are multiplied together.
    const since = f.local("i32", begin);
    const dense = f.local("i32");
    const multiplyUsual = (until: I32): void =>
      f.call(multiply, c, a, b, ...(usual.scratch > 0 ? [scratch!] : []), since, until);
    const multiplySparse = (until: I32): void => {
      const group = f.let(i32.divU(since, blocks));
      const first = f.let(i32.mul(i32.remU(since, blocks), rowsPerBlock));
      const last = f.min(strided(first, i32.sub(until, since), rowsPerBlock), m);
      const column = f.let(i32.mul(group, columnsPerGroup));
      const sum = (columns: number) => (): void =>
        f.call(
          sumsOfColumns(module, spec, layout, columns),
          strided(c, column, 4),
          strided(b, column, transposeB ? 4 * k : 4),
          lists,
          ends,
          scratch!,
          first,
          last,
        );
      f.if(i32.eq(group, groups - 1), sum(lastColumns), sum(columnsPerGroup));
      f.if(i32.load(scratch!), () => multiplyUsual(until));
    };
    f.for(begin, i32.add(end, 1), 1, (item) => {
      const block = f.let(i32.remU(item, blocks));
      const isDense = f.let(i32.load(blockFlag(spec, layout, ends, block)));
      const isFirst = i32.or(i32.or(i32.eqz(block), i32.eq(item, end)), i32.ne(isDense, dense));
      f.if(isFirst, () => {
        f.if(i32.gtS(item, since), () =>
          f.if(
            dense,
            () => multiplyUsual(item),
            () => multiplySparse(item),
          ),
        );
        f.set(since, item);
        f.set(dense, isDense);
      });
    });
  };
}

/**
 * (C and B at the first of some columns, lists, ends, scratch, first row, end of the rows) → ():
 * C[row] is the sum of value · B[k] over the lists of the row. Those rows of B that stay in L1 are
 * packed and multiplied with all rows of A before the next. Stops at a value of B that is not
 * finite; whether it did is in scratch.
 */
function sumsOfColumns(
  module: ModuleBuilder,
  spec: GemmSpec,
  layout: SparseLayout,
  columns: number,
): FunctionIndex {
  const { n, k, transposeB } = spec;
  const { rowBytes, rowsPerCut, cuts } = layout;
  const params = {
    c: "address",
    b: "address",
    lists: "address",
    ends: "address",
    scratch: "address",
    first: "i32",
    last: "i32",
  } as const;
  const name = `sparseProduct/${sparseName(spec)}/${columns}/${rowBytes}${transposeB ? "t" : ""}`;
  return module.func(name, params, (f, { c, b, lists, ends, scratch, first, last }) => {
    const packed = f.let(i32.add(scratch, flagBytes));
    const pack = (rows: number) => (): void => {
      const matrix = { transposed: transposeB, stride: 4 * (transposeB ? k : n) };
      f.call(packer(module, columns, rows, matrix, rowBytes), packed, b);
      const segments = { count: rows, stride: rowBytes, sampling: 1 };
      f.call(anyNonFinite(module, segments), scratch, packed, columns);
    };
    f.block((exit) =>
      f.for(0, cuts, 1, (cut) => {
        f.if(i32.eq(cut, cuts - 1), pack(k - rowsPerCut * (cuts - 1)), pack(rowsPerCut));
        f.jumpIf(i32.load(scratch), exit);
        f.bump(b, rowsPerCut * (transposeB ? 4 : 4 * n));
        const offset = f.let(i32.mul(cut, rowsPerCut * rowBytes));
        f.for(first, last, 1, (row) => {
          const start = strided(
            strided(lists, row, k * nonzeroBytes),
            cut,
            rowsPerCut * nonzeroBytes,
          );
          const endAt = strided(strided(ends, row, 4 * cuts), cut, 4);
          addList(module, f, columns, {
            to: f.let(strided(c, row, 4 * n)),
            list: f.let(start),
            end: f.let(i32.add(lists, i32.load(endAt))),
            base: f.let(i32.sub(packed, offset)),
            goOn: cut,
          });
        });
      }),
    );
  });
}

interface ListOfRow {
  /** Where the sums are stored. */
  readonly to: Local<"address">;
  readonly list: Local<"address">;
  readonly end: Local<"address">;
  /** What the offsets of rows are relative to. */
  readonly base: Address;
  /** Whether sums start from what is stored, or from zero. */
  readonly goOn: I32;
}

/** Emits the sums of one list for all columns, as many at a time as stay in registers. */
function addList(
  module: ModuleBuilder,
  f: FunctionBuilder,
  columns: number,
  { to, list, end, base, goOn }: ListOfRow,
): void {
  const vectors = Math.ceil(columns / 4);
  const perTurn = turnSize(vectors, maxSums(module));
  const entry = f.local("address");
  const allSums = f.locals("v128", perTurn);
  for (let vector = 0; vector < vectors; vector += perTurn) {
    const sums = allSums.slice(0, Math.min(perTurn, vectors - vector));
    const offsets = sums.map((_, q) => 16 * (vector + q));
    f.if(
      goOn,
      () => sums.forEach((sum, q) => f.set(sum, v128.load(to, offsets[q]))),
      () => sums.forEach((sum) => f.set(sum, f32x4.const(0))),
    );
    f.set(entry, list);
    addScaledRows(module, f, { sums, offsets, entry, end, base });
    sums.forEach((sum, q) =>
      storeLanes(f, to, sum, Math.min(4, columns - 4 * (vector + q)), offsets[q]),
    );
  }
}
