import { join } from "node:path";
import { figure, groups, table } from "../table.js";
import { answers, inTurns, type Alone, type Setting } from "./alone.js";

/** A product of m × k and k × n elements; `transposed` is the operand that is stored transposed. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposed: "" | "a" | "b";
}

/** How fast one engine makes one product. */
export interface GemmRow extends Alone, Product {
  readonly part: "gemm";
  readonly threads: number;
  readonly gflops: number;
  /**
   * The peak of one core's 128-bit registers, measured in the same run, and the fraction of it that
   * each thread has on average.
   */
  readonly peak: number;
  readonly fractionOfPeak: number;
  /** How many times as fast as on one thread. */
  readonly speedUp: number;
}

const cubes = (sizes: readonly number[]): Product[] =>
  sizes.map((size) => ({ m: size, n: size, k: size, transposed: "" }));
/**
 * Cubes, and the three products of a dense layer of 784 and 512 units on a batch of 128: forward,
 * and the gradients of its input and its weights.
 */
const products: readonly Product[] = [
  ...cubes([64, 128, 256, 512, 1024]),
  { m: 128, n: 512, k: 784, transposed: "" },
  { m: 128, n: 784, k: 512, transposed: "b" },
  { m: 784, n: 512, k: 128, transposed: "a" },
];

type Answer = Product & {
  readonly threads: number;
  readonly gflops: number;
  readonly peak: number;
};

/** Products through `@tenon/wasm`, on one thread and on all. */
export async function gemm(setting: Setting): Promise<GemmRow[]> {
  const threads = [...new Set([1, setting.most])];
  return withShares(
    await inTurns(
      setting,
      setting.quick ? cubes([128, 512]) : products,
      async (variant, alone, product) => {
        setting.report(`gemm: ${alone.contender}, ${alone.runtime}: ${nameOf(product)}`);
        return (
          await answers<Answer>(variant, [
            join(setting.built, "gemm.mjs"),
            JSON.stringify({ threads, products: [product] }),
          ])
        ).map((answer) => ({ ...alone, ...answer }));
      },
    ),
  );
}

/**
 * Rows from what was measured: each with its fraction of the peak, the highest of all processes,
 * and how much faster it is than one thread.
 */
export function withShares(all: readonly (Alone & Answer)[]): GemmRow[] {
  const peak = Math.max(...all.map((row) => row.peak));
  return all.map(({ contender, runtime, m, n, k, transposed, threads, gflops }) => {
    const single = all.find(
      (other) =>
        other.threads === 1 &&
        other.contender === contender &&
        other.runtime === runtime &&
        other.m === m &&
        other.n === n &&
        other.k === k &&
        other.transposed === transposed,
    );
    return {
      part: "gemm",
      contender,
      runtime,
      m,
      n,
      k,
      transposed,
      threads,
      gflops,
      peak,
      fractionOfPeak: gflops / peak / threads,
      speedUp: gflops / (single?.gflops ?? NaN),
    };
  });
}

const nameOf = ({ m, n, k, transposed }: Product): string =>
  `${transposed === "a" ? `(${k} × ${m})ᵀ` : `${m} × ${k}`} · ${transposed === "b" ? `(${n} × ${k})ᵀ` : `${k} × ${n}`}`;

/** A line for each product and engine. */
export function drawnGemm(rows: readonly GemmRow[]): string {
  const most = Math.max(...rows.map(({ threads }) => threads));
  const head = ["product", "engine", "on", "GFLOP/s, 1 thread", "% of peak"];
  if (most > 1) head.push(`${most} threads`, "times 1");
  const lines = groups(
    rows.filter(({ threads }) => threads === 1),
    nameOf,
  ).flatMap(([name, group]) =>
    group.map((row, i) => {
      const all = rows.find(
        (other) =>
          other.threads === most &&
          other.contender === row.contender &&
          other.runtime === row.runtime &&
          nameOf(other) === name,
      );
      return [
        i === 0 ? name : "",
        row.contender,
        row.runtime,
        figure(row.gflops),
        (100 * row.fractionOfPeak).toFixed(0),
        ...(most === 1 ? [] : all ? [figure(all.gflops), all.speedUp.toFixed(2)] : ["", ""]),
      ];
    }),
  );
  return table(head, lines, 3);
}
