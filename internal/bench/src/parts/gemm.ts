import { join } from "node:path";
import { figure, groups, table } from "../table.js";
import { answers, each, type Alone, type Setting } from "./alone.js";

/** A product of m × k and k × n numbers; `turned` is the operand that lies transposed. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly turned: "" | "a" | "b";
}

/** How fast one engine makes one product. */
export interface GemmRow extends Alone, Product {
  readonly part: "gemm";
  readonly threads: number;
  readonly gflops: number;
  /** What one core's 128-bit registers can do, measured in the same process, and the share of it that each thread has on average. */
  readonly peak: number;
  readonly shareOfPeak: number;
  /** How many times as fast as on one thread. */
  readonly speedUp: number;
}

const cubes = (sizes: readonly number[]): Product[] => sizes.map((size) => ({ m: size, n: size, k: size, turned: "" }));
/** Cubes, and the three products of a dense layer of 784 and 512 units on a batch of 128: forward, and the slopes of its input and its weights. */
const products: readonly Product[] = [...cubes([64, 128, 256, 512, 1024]), { m: 128, n: 512, k: 784, turned: "" }, { m: 128, n: 784, k: 512, turned: "b" }, { m: 784, n: 512, k: 128, turned: "a" }];

type Answer = Product & { readonly threads: number; readonly gflops: number; readonly peak: number };

/** Products through `@tenon/wasm`, on one thread and on all. */
export function gemm(setting: Setting): Promise<GemmRow[]> {
  const ask = JSON.stringify({ threads: [...new Set([1, setting.most])], products: setting.quick ? cubes([128, 512]) : products });
  return each(setting, async (variant, alone) => withShares(alone, await answers<Answer>(variant, [join(setting.built, "gemm.mjs"), ask], ({ m, n, k, threads }) => setting.report(`gemm: ${alone.contender}, ${alone.runtime}: ${m} × ${n} × ${k} on ${threads}`))));
}

/** Rows from what was measured: each with its share of the peak, and how much faster it is than one thread. */
export function withShares(alone: Alone, all: readonly Answer[]): GemmRow[] {
  return all.map(({ m, n, k, turned, threads, gflops, peak }) => {
    const one = all.find((other) => other.threads === 1 && other.m === m && other.n === n && other.k === k && other.turned === turned);
    return { part: "gemm", ...alone, m, n, k, turned, threads, gflops, peak, shareOfPeak: gflops / peak / threads, speedUp: gflops / (one?.gflops ?? NaN) };
  });
}

const nameOf = ({ m, n, k, turned }: Product): string => `${turned === "a" ? `(${k} × ${m})ᵀ` : `${m} × ${k}`} · ${turned === "b" ? `(${n} × ${k})ᵀ` : `${k} × ${n}`}`;

/** A line for each product and engine. */
export function drawnGemm(rows: readonly GemmRow[]): string {
  const most = Math.max(...rows.map(({ threads }) => threads)), head = ["product", "engine", "on", "GFLOP/s, 1 thread", "% of peak"];
  if (most > 1) head.push(`${most} threads`, "times 1");
  const lines = groups(rows.filter(({ threads }) => threads === 1), nameOf).flatMap(([name, some]) => some.map((row, i) => {
    const all = rows.find((other) => other.threads === most && other.contender === row.contender && other.runtime === row.runtime && nameOf(other) === name);
    return [i === 0 ? name : "", row.contender, row.runtime, figure(row.gflops), (100 * row.shareOfPeak).toFixed(0), ...(most === 1 ? [] : all ? [figure(all.gflops), all.speedUp.toFixed(2)] : ["", ""])];
  }));
  return table(head, lines, 3);
}
