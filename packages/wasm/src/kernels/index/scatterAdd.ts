import { strided, type Address, type FunctionBuilder, type Index, type Local } from "@tenon/emit";
import * as f64x2 from "@tenon/emit/f64x2";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import type { GatherSpec } from "@tenon/plan";
import { workItemElements } from "../../machine.js";
import type { Kernel, Stages } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import { storeLanes } from "../shared/segment.js";
import { eachUnit } from "../shared/workItems.js";
import { endUnlessIndex } from "./badIndex.js";
import { clearWords, named } from "./gatherSpec.js";

/**
 * The adjoint of `gather`: out[o, indices[j], :] += y[o, j, :], from zero. Operands: 0 out [outer,
 * n, inner], 1 y [outer, m, inner], 2 indices [m].
 *
 * Rows of y are sorted by index (Knuth, vol. 3, 5.2: by counting), so that each row of the result
 * is the work of one item. Sums are float64, in the order of j, and rounded once, like those of the
 * reference engine.
 */
export function scatterAdd(spec: GatherSpec): Stages {
  const { n, m } = spec;
  return {
    temporaries: [4 * (n + 1 + m)],
    stages: [
      { kernel: sortedRows(spec), operands: [3, 2] },
      { kernel: sumsOfRows(spec), operands: [0, 1, 3] },
    ],
  };
}

/**
 * For each index its positions j in order: where its list of positions begins, and all lists one
 * after the other. Pointers: starts [n + 1] followed by positions [m]; indices [m]. One work item.
 */
function sortedRows({ n, m, use }: GatherSpec): Kernel {
  return kernelOf(
    {
      ...named("sortedRows", { outer: 1, n, m, inner: 1, use }),
      pointers: 2,
      workItems: 1,
    },
    (f, [starts, indices], { begin, end }) => {
      const positions = f.let(i32.add(starts, 4 * (n + 1)));
      /** The address of the count, later the start, of the index at position j. */
      const entryAt = (j: Index): Local<"address"> => {
        const index = f.let(i32.load(i32.add(indices, i32.shl(j, 2))));
        endUnlessIndex(f, index, { indices, count: m, n, use });
        return f.let(i32.add(starts, i32.shl(index, 2)));
      };
      f.if(i32.ltS(begin, end), () => {
        clearWords(f, starts, n + 1);
        f.for(0, m, 1, (j) => {
          const entry = entryAt(j);
          f.store("i32", entry, i32.add(i32.load(entry), 1));
        });
        // Counts become ends; taking positions from the last down turns them into starts.
        const sum = f.local("i32");
        f.for(0, 4 * (n + 1), 4, (offset) => {
          const entry = f.let(i32.add(starts, offset));
          f.set(sum, i32.add(sum, i32.load(entry)));
          f.store("i32", entry, sum);
        });
        f.for(0, m, 1, (k) => {
          const j = f.let(i32.sub(m - 1, k));
          const entry = entryAt(j);
          f.store("i32", entry, i32.sub(i32.load(entry), 1));
          f.store("i32", i32.add(positions, i32.shl(i32.load(entry), 2)), j);
        });
      });
    },
  );
}

/** Columns that are summed together. */
const blockColumns = 8;

/**
 * Sums of rows of y by index. Pointers: out [outer, n, inner], y [outer, m, inner], what
 * `sortedRows` computes. A work item is some rows of out.
 */
function sumsOfRows(spec: GatherSpec): Kernel {
  const { outer, n, m, inner } = spec;
  const rows = inner > 0 ? outer * n : 0;
  const perItem = Math.max(1, Math.ceil(workItemElements / Math.max(1, inner)));
  return kernelOf(
    {
      ...named("scatterAdd", spec),
      pointers: 3,
      workItems: Math.ceil(rows / perItem),
      flops: outer * m * inner,
    },
    (f, [out, y, starts], range) => {
      const positions = f.let(i32.add(starts, 4 * (n + 1)));
      eachUnit(f, range, { perItem, count: rows }, (row) => {
        const index = outer === 1 ? row : i32.remU(row, n);
        const o = outer === 1 ? 0 : i32.divU(row, n);
        const entry = f.let(i32.add(starts, i32.shl(index, 2)));
        const sums: RowSums = {
          positions,
          from: f.let(i32.shl(i32.load(entry), 2)),
          until: f.let(i32.shl(i32.load(entry, 4), 2)),
          y: f.let(strided(y, o, 4 * m * inner)),
          out: f.let(strided(out, row, 4 * inner)),
          inner,
        };
        const wholeBlocks = 4 * (inner - (inner % blockColumns));
        f.for(0, wholeBlocks, 4 * blockColumns, (column) =>
          sumColumns(f, sums, column, blockColumns),
        );
        if (inner % blockColumns > 0) sumColumns(f, sums, wholeBlocks, inner % blockColumns);
      });
    },
  );
}

interface RowSums {
  /** The list of positions, and the part of it, in bytes, of this row's index. */
  readonly positions: Address;
  readonly from: Index;
  readonly until: Index;
  /** The rows of y, and the row of the result. */
  readonly y: Address;
  readonly out: Address;
  readonly inner: number;
}

/** Emits the sums of up to `blockColumns` columns, from `column` bytes on, in float64. */
function sumColumns(
  f: FunctionBuilder,
  { positions, from, until, y, out, inner }: RowSums,
  column: Index,
  count: number,
): void {
  const sums = Array.from({ length: Math.ceil(count / 4) }, () => ({
    low: f.local("v128"),
    high: f.local("v128"),
  }));
  for (const { low, high } of sums) {
    f.set(low, f64x2.const(0));
    f.set(high, f64x2.const(0));
  }
  f.for(from, until, 4, (offset) => {
    const position = i32.load(i32.add(positions, offset));
    const row = f.let(i32.add(strided(y, position, 4 * inner), column));
    sums.forEach(({ low, high }, v) => {
      const x = f.let(v128.load(row, 16 * v));
      f.set(low, f64x2.add(low, f64x2.promoteLow(x)));
      f.set(high, f64x2.add(high, f64x2.promoteLow(v128.shuffle32(x, x, [2, 3, 2, 3]))));
    });
  });
  const to = f.let(i32.add(out, column));
  sums.forEach(({ low, high }, v) => {
    const rounded = v128.shuffle32(f64x2.demote(low), f64x2.demote(high), [0, 1, 4, 5]);
    storeLanes(f, to, rounded, Math.min(4, count - 4 * v), 16 * v);
  });
}
