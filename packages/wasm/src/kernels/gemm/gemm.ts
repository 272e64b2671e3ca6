import { strided, type FunctionBuilder, type I32, type Local } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { GemmSpec } from "@tenon/plan";
import { enoughWorkItems } from "../../machine.js";
import { dots } from "./dots.js";
import type { MatrixLayout } from "./packer.js";
import {
  columnsPerGroup,
  groupsOf,
  pack,
  packedGroupBytes,
  packedPanels,
  panelsInPlace,
  tileWidth,
} from "./panels.js";
import { multiplyGroup, packedRowsBytes, panelGroup, type Product } from "./product.js";
import { zeros } from "../shared/zeros.js";
import { kernelOf, type KernelBody } from "../shared/kernelOf.js";
import type { Kernel } from "../kernel.js";

/** The least rows of a work item: with fewer, packing B costs too much (`bench/gemm`). */
const leastRows = 16;

/**
 * The work items of a product: the blocks of rows of one group of columns, then those of the next
 * group.
 */
export interface Blocking {
  readonly groups: number;
  /** Columns of a group; the last has the rest. */
  readonly columnsPerGroup: number;
  readonly blocks: number;
  readonly rowsPerBlock: number;
}

export function blockingOf({ m, n, k, batch = 1 }: GemmSpec, minColumns?: number): Blocking {
  const groups = groupsOf(n, k, minColumns);
  const wanted = Math.min(Math.ceil(enoughWorkItems / (groups * batch)), Math.ceil(m / leastRows));
  const rowsPerBlock = 4 * Math.ceil(m / (4 * wanted));
  return {
    groups,
    columnsPerGroup: columnsPerGroup(k, minColumns),
    blocks: Math.ceil(m / rowsPerBlock),
    rowsPerBlock,
  };
}

export const gemmKey = ({ m, n, k, batch = 1, transposeA, transposeB }: GemmSpec): string =>
  `gemm/${batch}x${m}x${n}x${k}/${transposeA ? "t" : "n"}${transposeB ? "t" : "n"}`;

/** The transposed product, Bᵀ · Aᵀ. */
export const turned = ({ m, n, transposeA, transposeB, ...rest }: GemmSpec): GemmSpec => ({
  ...{ ...rest, m: n, n: m, transposeA: !transposeB, transposeB: !transposeA },
});

/**
 * Matrix product: C[m, n] = A[m, k] · B[k, n], for each of a batch. Pointers: C, A, B.
 *
 * Each sum is added up in the order of k (products with one row or one column: in four lanes, see
 * `dots`), so its bits do not depend on the work items. Goto & van de Geijn (2008), Anatomy of
 * high-performance matrix multiplication.
 *
 * @param continued whether sums start from what is in C
 */
export function gemm(spec: GemmSpec, continued = false): Kernel {
  const { m, n, k, batch = 1, transposeA, transposeB } = spec;
  const key = gemmKey(spec);
  if (batch * m * n === 0 || k === 0) return zeros({ key, count: batch * m * n, pointers: 3 });
  // A column is a row of the transposed product, and has the same layout.
  if (n === 1 && m > 1) return swapped(key, gemm(turned(spec)));
  if (transposeB && m <= 3 && (m === 1 || !transposeA)) return dots({ key, m, n, k, batch });

  const strategy = strategyOf(spec);
  const { blocking, packedBytes, packA } = strategy;
  return kernelOf(
    {
      key: continued ? `${key} continued` : key,
      flops: 2 * batch * m * n * k,
      pointers: 3,
      workItems: batch * blocking.groups * blocking.blocks,
      scratch: packedBytes + (packA ? packedRowsBytes(k) : 0),
    },
    gemmBody(spec, strategy, continued),
  );
}

interface Strategy {
  readonly blocking: Blocking;
  /** Whether B is read where it is. */
  readonly inPlace: boolean;
  readonly minColumns: number;
  /** Whether rows of A are packed. */
  readonly packA: boolean;
  /** Bytes of a packed group of B. */
  readonly packedBytes: number;
}

/** What is packed and how the work is divided (`bench/gemm`). */
function strategyOf(spec: GemmSpec): Strategy {
  const { m, n, k, transposeA, transposeB } = spec;
  // A few rows are not worth the packing of B; a few columns are almost contiguous already.
  const inPlace = !transposeB && (m <= 8 || n <= 16);
  // The fewer rows, the more columns there are registers for.
  const minColumns = inPlace && m === 1 ? 32 : 16;
  return {
    blocking: blockingOf(spec, minColumns),
    inPlace,
    minColumns,
    packA: transposeA && m > 16 && n >= 24 && k >= 16,
    packedBytes: inPlace ? 0 : packedGroupBytes(n, k),
  };
}

function gemmBody(
  gemmSpec: GemmSpec,
  { blocking, inPlace, minColumns, packA, packedBytes }: Strategy,
  continued: boolean,
): KernelBody<3> {
  return (f, [c, a, b], { begin, end }, module, packed) => {
    const { m, n, k, transposeA, transposeB } = gemmSpec;
    const { blocks, groups, rowsPerBlock } = blocking;
    const layout: MatrixLayout = { transposed: transposeB, stride: 4 * (transposeB ? k : n) };
    const panels = inPlace
      ? panelsInPlace(n, k, m > 2 ? tileWidth(module.features) : minColumns, 4 * n)
      : packedPanels(n, k, module.features);
    const aRowStride = transposeA ? 4 : 4 * k;
    const spec: Product = {
      panels,
      aRowStride,
      aStride: transposeA ? 4 * m : 4,
      cRowStride: 4 * n,
      rows: [m],
      packA,
      accumulate: continued ? "continue" : "overwrite",
    };
    const packedGroup = f.local("i32", -1);
    f.for(begin, end, 1, (item) => {
      const block = f.let(i32.remU(item, blocks));
      const group = f.let(i32.remU(i32.divU(item, blocks), groups));
      const entry = f.let(i32.divU(item, blocks * groups));
      const panelsOfItem = panelGroup(f, panels, group);
      const { firstPanel, count, withTail } = panelsOfItem;
      const from = f.let(
        strided(strided(b, entry, 4 * k * n), firstPanel, panels.width * (transposeB ? 4 * k : 4)),
      );
      if (!inPlace)
        onChange(f, packedGroup, i32.divU(item, blocks), () =>
          pack(module, f, panels, { layout, to: packed, from, count, withTail }),
        );
      const row = f.let(i32.mul(block, rowsPerBlock));
      multiplyGroup(module, f, spec, panelsOfItem, {
        c: strided(strided(c, entry, 4 * m * n), row, 4 * n),
        a: strided(strided(a, entry, 4 * m * k), row, aRowStride),
        b: inPlace ? from : packed,
        rows: i32.min(i32.sub(m, row), rowsPerBlock),
        ...(packA && { scratch: i32.add(packed, packedBytes) }),
      });
    });
  };
}

/** Emits `body` for a value that differs from the last one. */
function onChange(f: FunctionBuilder, last: Local<"i32">, value: I32, body: () => void): void {
  const next = f.let(value);
  f.if(i32.ne(next, last), () => {
    f.set(last, next);
    body();
  });
}

/** The same kernel with its two operands exchanged. */
export function swapped(key: string, kernel: Kernel): Kernel {
  return kernelOf(
    { ...kernel, key, pointers: 3 },
    (f, [c, a, b], { begin, end }, module, scratch) =>
      f.call(kernel.emit(module), c, b, a, ...(kernel.scratch > 0 ? [scratch] : []), begin, end),
  );
}
