import {
  f32x4,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import { cutOf, gemm, type Cut, type GemmSpec } from "./gemm.js";
import {
  addRows,
  appendEach,
  appendPacked,
  appendWanted,
  entryBytes,
  evenly,
  notZero,
  packing,
  packingBytes,
  sumsAtOnce,
} from "./entries.js";
import { longestRun } from "../shared/longestRun.js";
import { areFinite, areMany } from "./looks.js";
import { storeLanes } from "../shared/segment.js";
import type { Kernel, Stages } from "../kernel.js";

type Address = Local<"i32">;

/**
 * Beyond this share of numbers that are not zero, leaving out the zeros gains nothing: a product of
 * all is that much faster for each, the more so with vectors of 256 bits.
 */
const worthwhile = ({ features }: ModuleBuilder): number => (features.vectors256 ? 0.3 : 0.4);

/**
 * One in how many fours, and one in how many rows of a transposed A, a look at some rows reads, at
 * the least; and about how many fours a look at all of A. Primes that divide no row of A, so that a
 * look does not meet the same columns again and again.
 */
const oneFourIn = 31;
const oneRowIn = 7;
const lookedAt = 512;

/** Lists take up to 32 MB, and a B that is larger than the second cache pays only for many rows. */
const mostNumbers = 2 ** 22;
const cachedNumbers = 2 ** 19;
const manyRows = 512;

/**
 * Whether zeros of A may be worth to be looked for: rows of B lie together, and there are enough of
 * them to pay for the look.
 */
export function sparseGemmFits({ m, n, k, batch = 1, transposeB }: GemmSpec): boolean {
  return (
    batch === 1 &&
    !transposeB &&
    m >= 16 &&
    n >= 64 &&
    k >= 32 &&
    k <= longestRun &&
    m * k <= mostNumbers &&
    (k * n <= cachedNumbers || m >= manyRows)
  );
}

/**
 * The same product as `gemm`, bit for bit, that leaves out the zeros of A where they are many, as
 * in images of digits, in numbers behind a ReLU or dropout, in one-hot rows. A sum does not change
 * when 0 · b is added to it, unless b is not finite: then, and where zeros are few, rows are
 * multiplied as usual. (In relaxed code a sum may be −0, which 0 · b would make 0.) Operands: 0 C,
 * 1 A, 2 B.
 */
export function sparseGemm(spec: GemmSpec): Stages {
  const { m, k } = spec;
  const cut = cutOf(spec);
  return {
    temporaries: [entryBytes * m * k, 4 * (m + cut.blocks + cut.groups)],
    stages: [
      { kernel: listsOf(spec, cut), operands: [3, 4, 1, 2] },
      { kernel: product(spec, cut), operands: [0, 1, 2, 3, 4] },
    ],
  };
}

const nameOf = ({ m, n, k, transposeA }: GemmSpec): string =>
  `${m}x${n}x${k}/${transposeA ? "t" : "n"}n`;

/**
 * Where a block of rows, and a group of columns, say whether they are multiplied as usual: bytes
 * from the ends of the lists.
 */
const ofBlock = ({ m }: GemmSpec, block: Index): I32 => i32.mul(i32.add(block, m), 4);
const ofGroup = ({ m }: GemmSpec, { blocks }: Cut, group: Index): I32 =>
  i32.mul(i32.add(group, m + blocks), 4);

/**
 * For each row of A the numbers that are not zero, each with where its row of B lies. Pointers:
 * lists [m, k, (number, bytes from the start of B)], ends (where each list ends, in bytes from the
 * start of all; then for each block and each group whether it is multiplied as usual), A, B. A
 * work item is a block of rows, or a group of columns of B.
 */
function listsOf(spec: GemmSpec, cut: Cut): Kernel {
  const { m, n, k, transposeA } = spec;
  const { blocks, groups, columns, rowsPerBlock } = cut;
  const key = `sparseLists/${nameOf(spec)}`;
  return {
    key,
    pointers: 4,
    scratch: packingBytes,
    // a comparison each: without a number of its own, one thread would do all of it alone
    flops: m * k,
    workItems: blocks + groups,
    emit: (module) =>
      module.once(key, () => {
        const list = (transposeA ? listsOfColumns : listsOfRows)(module, spec);
        const finite = areFinite(module, { runs: k, stride: 4 * n, step: 1 });
        const share = worthwhile(module);
        // Rows that lie together are one run; of columns there is a run for each k. All of A lies
        // together.
        const some = areMany(
          module,
          transposeA
            ? { stride: 4 * m * oneRowIn, runs: Math.ceil(k / oneRowIn), step: 1 }
            : { stride: 0, runs: 1, step: primeFrom(oneFourIn, k) },
          share,
        );
        const all = areMany(
          module,
          {
            stride: 0,
            runs: 1,
            step: primeFrom(Math.floor((m * k) / (4 * lookedAt)), transposeA ? m : k),
          },
          share,
        );
        return module.func(
          key,
          new Array(7).fill("i32"),
          (f, lists, ends, a, b, table, begin, end) => {
            f.call(packing(module), table!);
            const item = f.local("i32");
            const first = f.local("i32");
            const size = f.local("i32");
            const flag = f.local("i32");
            f.loop(item, begin!, end!, 1, () =>
              f.if(
                i32.ltS(item, blocks),
                () => {
                  f.set(first, i32.mul(item, rowsPerBlock));
                  f.set(
                    size,
                    i32.select(
                      i32.eq(item, blocks - 1),
                      i32.const(m - rowsPerBlock * (blocks - 1)),
                      i32.const(rowsPerBlock),
                    ),
                  );
                  f.set(flag, i32.add(ends!, ofBlock(spec, item)));
                  f.call(
                    some,
                    flag,
                    i32.add(a!, i32.mul(first, transposeA ? 4 : 4 * k)),
                    i32.mul(size, transposeA ? 1 : k),
                  );
                  f.if(i32.eqz(i32.load(flag)), () =>
                    f.call(list, lists!, ends!, a!, first, size, table!),
                  );
                },
                () => {
                  f.set(first, i32.sub(item, blocks));
                  f.set(
                    size,
                    i32.select(
                      i32.eq(first, groups - 1),
                      i32.const(n - columns * (groups - 1)),
                      i32.const(columns),
                    ),
                  );
                  f.set(flag, i32.add(ends!, ofGroup(spec, cut, first)));
                  f.call(all, flag, a!, m * k);
                  f.if(i32.eqz(i32.load(flag)), () =>
                    f.call(finite, flag, i32.add(b!, i32.mul(first, 4 * columns)), size),
                  );
                },
              ),
            );
          },
        );
      }),
  };
}

/** The smallest prime that is not below a number and does not divide another. */
function primeFrom(least: number, whole: number): number {
  for (let n = Math.max(2, least); ; n++)
    if (
      whole % n > 0 &&
      Array.from({ length: Math.floor(Math.sqrt(n)) - 1 }, (_, d) => d + 2).every((d) => n % d > 0)
    )
      return n;
}

/** (lists, ends, A, first row, rows, table) → (). */
function listsOfRows(module: ModuleBuilder, spec: GemmSpec): FunctionIndex {
  const { n, k } = spec;
  const step = 4 * n;
  return module.func(
    `sparseLists/${nameOf(spec)}/rows`,
    new Array(6).fill("i32"),
    (f, ...params) => {
      const [lists, ends, a, first, rows, table] = params as [
        Address,
        Address,
        Address,
        Address,
        Address,
        Address,
      ];
      const row = f.local("i32");
      const list = f.local("i32");
      const from = f.local("i32", i32.add(a, i32.mul(first, 4 * k)));
      const q = f.local("i32");
      const beside = f.local("v128");
      const some = (fours: number): void => {
        for (let j = 0; j < fours; j++)
          appendPacked(
            f,
            list,
            table,
            v128.load(from, 16 * j),
            i32x4.add(beside, i32x4.const(4 * j * step)),
          );
      };
      f.loop(row, first, i32.add(first, rows), 1, () => {
        f.set(list, i32.add(lists, i32.mul(row, k * entryBytes)));
        f.set(beside, i32x4.lanes(0, step, 2 * step, 3 * step));
        f.loop(q, 0, Math.floor(k / 16), 1, () => {
          some(4);
          f.bump(from, 64);
          f.set(beside, i32x4.add(beside, i32x4.const(16 * step)));
        });
        some(Math.floor((k % 16) / 4));
        f.bump(from, 4 * ((k % 16) - (k % 4)));
        if (k % 4 > 0)
          appendWanted(f, list, k % 4, from, i32.const((k - (k % 4)) * step), step, () =>
            notZero(v128.load(from)),
          );
        f.bump(from, 4 * (k % 4));
        f.store("i32", i32.add(ends, i32.shl(row, 2)), i32.sub(list, lists));
      });
    },
  );
}

/** The same, where A lies as [k, m]. */
function listsOfColumns(module: ModuleBuilder, spec: GemmSpec): FunctionIndex {
  const { m, n, k } = spec;
  const step = 4 * n;
  return module.func(
    `sparseLists/${nameOf(spec)}/columns`,
    new Array(6).fill("i32"),
    (f, ...params) => {
      const [lists, ends, a, first, rows, table] = params as [
        Address,
        Address,
        Address,
        Address,
        Address,
        Address,
      ];
      const row = f.local("i32");
      const i = f.local("i32");
      const from = f.local("i32");
      const number = f.local("v128");
      const beside = f.local("v128");
      const rowOf = f.local("i32");
      const some = (lanes: number): void => {
        const own = Array.from({ length: lanes }, () => f.local("i32"));
        own.forEach((list, lane) =>
          f.set(list, i32.add(lists, i32.mul(i32.add(row, lane), k * entryBytes))),
        );
        f.set(from, i32.add(a, i32.shl(row, 2)));
        f.set(beside, i32x4.lanes(0, step, 2 * step, 3 * step));
        f.loop(i, 0, Math.floor(k / 4), 1, () => {
          const loaded = [0, 1, 2, 3].map((j): V128 =>
            f.local("v128", v128.load(i32.add(from, 4 * m * j))),
          );
          // The same places are zero in many images.
          f.if(v128.any(loaded.reduce((x, y) => v128.or(x, y))), () =>
            transposed(f, loaded)
              .slice(0, lanes)
              .forEach((four, lane) => appendPacked(f, own[lane]!, table, four, beside)),
          );
          f.bump(from, 16 * m);
          f.set(beside, i32x4.add(beside, i32x4.const(4 * step)));
        });
        f.set(rowOf, i32.const((k - (k % 4)) * step));
        f.loop(i, 0, k % 4, 1, () => {
          f.set(number, v128.load(from));
          appendEach(f, own, number, (list) => f.store("i32", list, rowOf, 4));
          f.bump(from, 4 * m);
          f.bump(rowOf, step);
        });
        own.forEach((list, lane) =>
          f.store("i32", i32.add(ends, i32.shl(row, 2)), i32.sub(list, lists), 4 * lane),
        );
      };
      const until = f.local("i32", i32.add(first, rows));
      f.loop(row, first, i32.and(until, -4), 4, () => some(4));
      if (m % 4 > 0) f.if(i32.ltS(row, until), () => some(m % 4));
    },
  );
}

/** Four rows of four as four columns. */
function transposed(f: FunctionBuilder, rows: readonly V128[]): V128[] {
  const [a, b, c, d] = rows as [V128, V128, V128, V128];
  return [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ].flatMap((lanes) => {
    const ab = f.local("v128", v128.shuffle32(a, b, lanes));
    const cd = f.local("v128", v128.shuffle32(c, d, lanes));
    return [v128.shuffle32(ab, cd, [0, 1, 4, 5]), v128.shuffle32(ab, cd, [2, 3, 6, 7])];
  });
}

/**
 * Pointers: C, A, B, lists, ends. Work items are those of `gemm`. Where most blocks are sparse and
 * there are more of them than groups, the groups of a block follow each other, so that a thread has
 * rows to itself: it has made their lists, and what reads C takes its rows in the same order.
 */
function product(spec: GemmSpec, cut: Cut): Kernel {
  const usual = gemm(spec);
  const { m, n } = spec;
  const { blocks, groups, columns, rowsPerBlock } = cut;
  const key = `sparse ${usual.key}`;
  return {
    key,
    pointers: 5,
    workItems: usual.workItems,
    scratch: usual.scratch,
    flops: usual.flops,
    emit: (module) =>
      module.once(key, () => {
        const multiply = usual.emit(module);
        const widths = [...new Set([...(groups > 1 ? [columns] : []), n - columns * (groups - 1)])];
        const sparse = new Map(widths.map((width) => [width, sumsOfColumns(module, spec, width)]));
        return module.func(
          key,
          new Array(usual.scratch > 0 ? 8 : 7).fill("i32"),
          (f, ...params) => {
            const [c, a, b, lists, ends] = params as [Address, Address, Address, Address, Address];
            const scratch = params.slice(5, -2);
            const [begin, end] = params.slice(-2) as [Address, Address];
            const item = f.local("i32");
            const block = f.local("i32");
            const group = f.local("i32");
            const first = f.local("i32");
            const rows = f.local("i32");
            const at = f.local("i32");
            const since = f.local("i32", begin);
            const asUsual = f.local("i32", begin);
            const byRows = f.local("i32");
            if (blocks > groups) {
              f.loop(block, 0, blocks, 1, () =>
                f.bump(byRows, i32.eqz(i32.load(i32.add(ends, ofBlock(spec, block))))),
              );
              f.set(byRows, i32.gtS(i32.shl(byRows, 1), blocks));
            }
            /**
             * Work items of `gemm` that are multiplied as usual wait until one comes that is not
             * the next: those of one group share what they pack.
             */
            const waiting = (): void =>
              f.if(i32.ltS(since, asUsual), () =>
                f.call(multiply, c, a, b, ...scratch, since, asUsual),
              );
            f.loop(item, begin, end, 1, () => {
              f.set(block, i32.remU(item, blocks));
              f.set(group, i32.divU(item, blocks));
              if (blocks > groups)
                f.if(byRows, () => {
                  f.set(block, i32.divU(item, groups));
                  f.set(group, i32.remU(item, groups));
                });
              f.set(at, i32.add(i32.mul(group, blocks), block));
              f.if(i32.ne(at, asUsual), () => {
                waiting();
                f.set(since, at);
                f.set(asUsual, at);
              });
              f.if(
                i32.or(
                  i32.load(i32.add(ends, ofBlock(spec, block))),
                  i32.load(i32.add(ends, ofGroup(spec, cut, group))),
                ),
                () => f.bump(asUsual, 1),
                () => {
                  waiting();
                  f.set(since, i32.add(at, 1));
                  f.set(asUsual, since);
                  f.set(first, i32.mul(block, rowsPerBlock));
                  f.set(rows, i32.add(first, rowsPerBlock));
                  f.if(i32.gtS(rows, m), () => f.set(rows, i32.const(m)));
                  f.set(at, i32.mul(group, 4 * columns));
                  const call = (width: number): void =>
                    f.call(
                      sparse.get(width)!,
                      i32.add(c, at),
                      i32.add(b, at),
                      lists,
                      ends,
                      first,
                      rows,
                    );
                  if (widths.length === 1) call(widths[0]!);
                  else
                    f.if(
                      i32.eq(group, groups - 1),
                      () => call(widths[1]!),
                      () => call(widths[0]!),
                    );
                },
              );
            });
            waiting();
          },
        );
      }),
  };
}

/** (C and B from the first of some columns on, lists, ends, rows from, until) → (). */
function sumsOfColumns(module: ModuleBuilder, spec: GemmSpec, width: number): FunctionIndex {
  const { n, k } = spec;
  const vectors = Math.ceil(width / 4);
  const atOnce = evenly(vectors, sumsAtOnce(module));
  return module.func(
    `sparseProduct/${nameOf(spec)}/${width}`,
    new Array(6).fill("i32"),
    (f, ...params) => {
      const [c, b, lists, ends, from, until] = params as [
        Address,
        Address,
        Address,
        Address,
        Address,
        Address,
      ];
      const row = f.local("i32");
      const list = f.local("i32");
      const end = f.local("i32");
      const entry = f.local("i32");
      const to = f.local("i32");
      const sums = Array.from({ length: atOnce }, () => f.local("v128"));
      f.loop(row, from, until, 1, () => {
        f.set(list, i32.add(lists, i32.mul(row, k * entryBytes)));
        f.set(end, i32.add(lists, i32.load(i32.add(ends, i32.shl(row, 2)))));
        f.set(to, i32.add(c, i32.mul(row, 4 * n)));
        for (let v = 0; v < vectors; v += atOnce) {
          const own = sums.slice(0, Math.min(atOnce, vectors - v));
          own.forEach((sum) => f.set(sum, f32x4.const(0)));
          f.set(entry, list);
          addRows(
            module,
            f,
            own,
            own.map((_, q) => 16 * (v + q)),
            entry,
            end,
            b,
          );
          own.forEach((sum, q) =>
            storeLanes(f, to, sum, Math.min(4, width - 4 * (v + q)), 16 * (v + q)),
          );
        }
      });
    },
  );
}
