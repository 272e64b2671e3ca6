import { i32, type FunctionBuilder, type Local, type ModuleBuilder } from "@tenon/emit";
import { dots } from "./dots.js";
import {
  columnsTogether,
  groupBytesOf,
  groupsOf,
  pack,
  packedPanels,
  panelsInGroup,
  panelsInPlace,
  tileWidth,
  type Panels,
  type Source,
} from "./panels.js";
import { product, packedRowsBytes } from "./product.js";
import { zeros } from "../shared/zeros.js";
import type { Kernel } from "../kernel.js";

export interface GemmSpec {
  /** Rows of the result. */
  readonly m: number;
  /** Columns of the result. */
  readonly n: number;
  /** Products in every sum. */
  readonly k: number;
  /** How many products lie one after the other. @defaultValue 1 */
  readonly batch?: number;
  /** Whether A lies as [k, m]. */
  readonly transposeA: boolean;
  /** Whether B lies as [n, k]. */
  readonly transposeB: boolean;
}

/** Enough work items for many threads, if they do not become too small. */
const enoughWorkItems = 16;
const leastRows = 16;

/**
 * How a product is cut into work items: blocks of rows of one group of columns follow each other.
 */
export interface Cut {
  readonly groups: number;
  /** Columns of a group; the last has what is left. */
  readonly columns: number;
  readonly blocks: number;
  readonly rowsPerBlock: number;
}

export function cutOf({ m, n, k, batch = 1 }: GemmSpec, least?: number): Cut {
  const groups = groupsOf(n, k, least);
  const wanted = Math.min(Math.ceil(enoughWorkItems / (groups * batch)), Math.ceil(m / leastRows));
  const rowsPerBlock = 4 * Math.ceil(m / (4 * wanted));
  return {
    groups,
    columns: columnsTogether(k, least),
    blocks: Math.ceil(m / rowsPerBlock),
    rowsPerBlock,
  };
}

/**
 * Matrix product: C[m, n] = A[m, k] · B[k, n], for each of a batch. Pointers: C, A, B.
 *
 * Each sum is added up in the order of k (products with one row or one column: in four lanes, see
 * `dots`), so its bits do not depend on how the work is cut. Goto & van de Geijn (2008), Anatomy of
 * high-performance matrix multiplication.
 */
export function gemm(spec: GemmSpec): Kernel {
  const { m, n, k, batch = 1, transposeA, transposeB } = spec;
  const key = `gemm/${batch}x${m}x${n}x${k}/${transposeA ? "t" : "n"}${transposeB ? "t" : "n"}`;
  const flops = 2 * batch * m * n * k;
  if (batch * m * n === 0 || k === 0) return zeros({ key, count: batch * m * n, pointers: 3 });
  // A column is a row of the transposed product, and lies in memory the same way.
  if (n === 1 && m > 1)
    return swapped(
      key,
      gemm({ ...spec, m: 1, n: m, transposeA: !transposeB, transposeB: !transposeA }),
    );
  if (transposeB && m <= 3 && (m === 1 || !transposeA)) return dots({ key, m, n, k, batch });

  // Few rows do not repay the packing of B; few columns lie together already.
  const inPlace = !transposeB && (m <= 8 || n <= 16);
  // The fewer rows, the more columns there are registers for.
  const least = inPlace && m === 1 ? 32 : 16;
  const source: Source = { transposed: transposeB, stride: 4 * (transposeB ? k : n) };
  const packA = transposeA && m > 16 && n >= 24 && k >= 16;

  const { groups, blocks, rowsPerBlock } = cutOf(spec, least);
  const packedBytes = inPlace ? 0 : groupBytesOf(n, k);

  return {
    key,
    flops,
    pointers: 3,
    workItems: batch * groups * blocks,
    scratch: packedBytes + (packA ? packedRowsBytes(k) : 0),
    emit: (module) =>
      module.once(key, () => {
        const panels = inPlace
          ? panelsInPlace(n, k, m > 2 ? tileWidth(module.features) : least, 4 * n)
          : packedPanels(n, k, module.features);
        const [aRow, aStep] = transposeA ? [4, 4 * m] : [4 * k, 4];
        const multiply = product(module, {
          panels,
          aRow,
          aStep,
          cRow: 4 * n,
          rows: [m],
          packA,
          accumulate: false,
        });
        const scratch = packedBytes > 0 || packA;
        return module.func(
          key,
          Array.from({ length: scratch ? 6 : 5 }, () => "i32" as const),
          (f, ...params) => {
            const [c, a, b] = params as [Local<"i32">, Local<"i32">, Local<"i32">];
            const packed = params[3] as Local<"i32">;
            const [begin, end] = params.slice(-2) as [Local<"i32">, Local<"i32">];
            const item = f.local("i32");
            const block = f.local("i32");
            const group = f.local("i32");
            const matrix = f.local("i32");
            const last = f.local("i32", i32.const(-1));
            const first = f.local("i32");
            const count = f.local("i32");
            const tail = f.local("i32");
            const from = f.local("i32");
            const row = f.local("i32");
            f.loop(item, begin, end, 1, () => {
              f.set(block, i32.remU(item, blocks));
              f.set(group, i32.remU(i32.divU(item, blocks), groups));
              f.set(matrix, i32.divU(item, blocks * groups));
              f.set(first, i32.mul(group, panels.perGroup));
              f.set(count, panelsInGroup(panels, group));
              f.set(tail, i32.eq(group, groups - 1));
              f.set(
                from,
                i32.add(
                  i32.add(b, i32.mul(matrix, 4 * k * n)),
                  i32.mul(first, panels.width * (transposeB ? 4 * k : 4)),
                ),
              );
              if (!inPlace)
                packOnce(module, f, panels, source, {
                  packed,
                  from,
                  count,
                  tail,
                  item,
                  blocks,
                  last,
                });
              f.set(row, i32.mul(block, rowsPerBlock));
              f.call(
                multiply,
                i32.add(
                  i32.add(c, i32.mul(matrix, 4 * m * n)),
                  i32.add(i32.mul(row, 4 * n), i32.mul(first, 4 * panels.width)),
                ),
                i32.add(i32.add(a, i32.mul(matrix, 4 * m * k)), i32.mul(row, aRow!)),
                inPlace ? from : packed,
                smaller(rowsPerBlock, i32.sub(m, row)),
                i32.add(inPlace ? from : packed, i32.mul(count, panels.next)),
                tail,
                ...(packA ? [i32.add(packed, packedBytes)] : []),
              );
            });
          },
        );
      }),
  };
}

/** The same kernel, given its two operands the other way round. */
function swapped(key: string, kernel: Kernel): Kernel {
  return {
    ...kernel,
    key,
    emit: (module) =>
      module.once(key, () => {
        const of = kernel.emit(module);
        return module.func(
          key,
          Array.from({ length: kernel.scratch > 0 ? 6 : 5 }, () => "i32" as const),
          (f, c, a, b, ...rest) => f.call(of, c!, b!, a!, ...rest),
        );
      }),
  };
}

/** The smaller of a constant and a value. */
const smaller = (limit: number, x: ReturnType<typeof i32.add>): ReturnType<typeof i32.add> =>
  i32.select(i32.ltS(x, limit), x, limit);

interface Packing {
  readonly packed: Local<"i32">;
  readonly from: Local<"i32">;
  readonly count: Local<"i32">;
  readonly tail: Local<"i32">;
  readonly item: Local<"i32">;
  readonly blocks: number;
  /** The group that is packed now. */
  readonly last: Local<"i32">;
}

/** Blocks of rows of one group follow each other: only the first packs. */
function packOnce(
  module: ModuleBuilder,
  f: FunctionBuilder,
  panels: Panels,
  source: Source,
  { packed, from, count, tail, item, blocks, last }: Packing,
): void {
  const now = f.local("i32", i32.divU(item, blocks));
  f.if(i32.ne(now, last), () => {
    f.set(last, now);
    pack(module, f, panels, source, packed, from, count, tail);
  });
}
