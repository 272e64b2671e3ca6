import {
  f32x4,
  i32,
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import { gemm, type Blocking, type GemmSpec } from "./gemm.js";
import { addScaledRows, maxSums, nonzeroBytes, turnSize } from "./nonzeroLists.js";
import { storeLanes } from "../shared/segment.js";
import { blockFlag, groupFlag, sparseName } from "./sparseLists.js";
import { kernelOf, type KernelBody } from "../shared/kernelOf.js";
import type { Kernel } from "../kernel.js";

/**
 * C[m, n] of the lists of A's nonzero values; pointers: C, A, B, lists, ends. Work items are those
 * of `gemm`. Where most blocks are sparse and there are more of them than groups, the work items of
 * one block follow each other, so that a thread computes whole rows: it has made their lists, and
 * what reads C takes its rows in the same order.
 */
export function sparseProduct(spec: GemmSpec, blocking: Blocking): Kernel {
  const usual = gemm(spec);
  const key = `sparse ${usual.key}`;
  return kernelOf(
    { key, pointers: 5, workItems: usual.workItems, scratch: usual.scratch, flops: usual.flops },
    sparseProductBody(spec, blocking, usual),
  );
}

function sparseProductBody(spec: GemmSpec, blocking: Blocking, usual: Kernel): KernelBody<5> {
  return (f, [c, a, b, lists, ends], { begin, end }, module, scratch) => {
    const { m, n } = spec;
    const { blocks, groups, columnsPerGroup, rowsPerBlock } = blocking;
    const multiply = usual.emit(module);
    const lastWidth = n - columnsPerGroup * (groups - 1);
    const widths = [...new Set([...(groups > 1 ? [columnsPerGroup] : []), lastWidth])];
    const sums = new Map(widths.map((width) => [width, sumsOfColumns(module, spec, width)]));
    const block = f.local("i32");
    const group = f.local("i32");
    /** Work items of `gemm` that are still to be multiplied as usual: [since, until). */
    const since = f.local("i32", begin);
    const until = f.local("i32", begin);
    const multiplyUsual = (): void =>
      f.if(i32.ltS(since, until), () =>
        f.call(multiply, c, a, b, ...(usual.scratch > 0 ? [scratch] : []), since, until),
      );
    const multiplySparse = (): void => {
      const first = f.let(i32.mul(block, rowsPerBlock));
      const last = f.let(i32.add(first, rowsPerBlock));
      f.if(i32.gtS(last, m), () => f.set(last, m));
      const offset = f.let(i32.mul(group, 4 * columnsPerGroup));
      const call = (width: number): void =>
        f.call(sums.get(width)!, i32.add(c, offset), i32.add(b, offset), lists, ends, first, last);
      if (widths.length === 1) call(widths[0]!);
      else
        f.if(
          i32.eq(group, groups - 1),
          () => call(lastWidth),
          () => call(columnsPerGroup),
        );
    };
    const byRows =
      blocks > groups ? mostBlocksAreSparse(f, blocks, (b) => blockFlag(spec, ends, b)) : undefined;
    f.for(begin, end, 1, (item) => {
      f.set(block, i32.remU(item, blocks));
      f.set(group, i32.divU(item, blocks));
      if (byRows)
        f.if(byRows, () => {
          f.set(block, i32.divU(item, groups));
          f.set(group, i32.remU(item, groups));
        });
      const usualItem = f.let(i32.add(i32.mul(group, blocks), block));
      // Consecutive work items of `gemm` share what they pack, so they are multiplied in one call.
      f.if(i32.ne(usualItem, until), () => {
        multiplyUsual();
        f.set(since, usualItem);
        f.set(until, usualItem);
      });
      f.if(
        i32.or(
          i32.load(blockFlag(spec, ends, block)),
          i32.load(groupFlag(spec, blocking, ends, group)),
        ),
        () => f.bump(until, 1),
        () => {
          multiplyUsual();
          f.set(since, i32.add(usualItem, 1));
          f.set(until, since);
          multiplySparse();
        },
      );
    });
    multiplyUsual();
  };
}

/** Emits the count of blocks whose flag is zero; whether they are more than half of all. */
function mostBlocksAreSparse(
  f: FunctionBuilder,
  blocks: number,
  flagOf: (block: I32) => ReturnType<typeof blockFlag>,
): Local<"i32"> {
  const sparse = f.local("i32");
  f.for(0, blocks, 1, (block) => f.bump(sparse, i32.eqz(i32.load(flagOf(block)))));
  f.set(sparse, i32.gtS(i32.shl(sparse, 1), blocks));
  return sparse;
}

/**
 * (C and B at the first of `width` columns, lists, ends, first row, end of the rows) → (): C[row]
 * is the sum of value · B[k] over the list of the row.
 */
function sumsOfColumns(module: ModuleBuilder, spec: GemmSpec, width: number): FunctionIndex {
  const { n, k } = spec;
  const vectors = Math.ceil(width / 4);
  const perTurn = turnSize(vectors, maxSums(module));
  const params = {
    c: "address",
    b: "address",
    lists: "address",
    ends: "address",
    first: "i32",
    last: "i32",
  } as const;
  const name = `sparseProduct/${sparseName(spec)}/${width}`;
  return module.func(name, params, (f, { c, b, lists, ends, first, last }) => {
    const entry = f.local("address");
    const allSums = f.locals("v128", perTurn);
    f.for(first, last, 1, (row) => {
      const list = f.let(strided(lists, row, k * nonzeroBytes));
      const end = f.let(i32.add(lists, i32.load(i32.add(ends, i32.shl(row, 2)))));
      const to = f.let(strided(c, row, 4 * n));
      for (let vector = 0; vector < vectors; vector += perTurn) {
        const sums = allSums.slice(0, Math.min(perTurn, vectors - vector));
        const offsets = sums.map((_, q) => 16 * (vector + q));
        sums.forEach((sum) => f.set(sum, f32x4.const(0)));
        f.set(entry, list);
        addScaledRows(module, f, { sums, offsets, entry, end, base: b });
        sums.forEach((sum, q) =>
          storeLanes(f, to, sum, Math.min(4, width - 4 * (vector + q)), offsets[q]),
        );
      }
    });
  });
}
