import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printed } from "./programs.js";
import type { Mark } from "./steady.js";

const folder = mkdtempSync(join(tmpdir(), "tenon-flat-"));
const program = join(folder, "run.mjs");
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() =>
  build({
    stdin: {
      resolveDir: import.meta.dirname,
      loader: "ts",
      contents:
        'import { steady } from "./steady.ts"; console.log(JSON.stringify(await steady(Number(process.argv[2]), process.argv[3].split(",").map(Number))));',
    },
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
  }),
);

const marks = [2, 3, 4, 5, 6, 7, 8, 9, 10].map((thousands) => 1000 * thousands);
// Node itself moves by a hundred KB once in a while, up, down and back, as compiled code and its
// caches come and go: there is less of that without an optimizing compiler, and the median of the
// gradients between any two marks (Theil and Sen's line) is not affected by the rest.
const flags = [
  "--expose-gc",
  "--no-opt",
  "--no-maglev",
  "--no-sparkplug",
  "--no-flush-bytecode",
  "--no-lazy-feedback-allocation",
];
function bytesPerStep(measured: readonly Mark[]): number {
  const grads = measured
    .flatMap((from, i) =>
      measured.slice(i + 1).map((to) => (to.heap - from.heap) / (to.step - from.step)),
    )
    .sort((a, b) => a - b);
  return grads[Math.floor(grads.length / 2)]!;
}

/** What a process of its own measures: the training alone. */
async function measuredMarks(threads: number): Promise<readonly Mark[]> {
  const { code, out, err } = await printed(process.execPath, [
    ...flags,
    program,
    `${threads}`,
    marks.join(),
  ]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as readonly Mark[];
}

test.each([1, 2])(
  "10,000 steps leave nothing behind and no memory grows, with threads: %i",
  async (threads) => {
    // One number kept from each step is eight bytes, in every process; what Node itself keeps now
    // and then is not in three of them.
    const isFlat = (run: readonly Mark[]): boolean => bytesPerStep(run) < 2;
    const runs = [await measuredMarks(threads)];
    while (runs.length < 3 && !isFlat(runs.at(-1)!)) runs.push(await measuredMarks(threads));
    expect(runs.some(isFlat), JSON.stringify(runs)).toBe(true);
    const measured = runs.at(-1)!;
    const first = measured[0]!;
    const last = measured.at(-1)!;
    expect(measured.map(({ step }) => step)).toEqual(marks);
    expect(last.external - first.external, JSON.stringify(measured)).toBeLessThan(1000);
    expect(first.memories.map(({ shared }) => shared)).toEqual([
      threads > 1 && availableParallelism() > 1,
    ]);
    for (const { memories } of measured) expect(memories).toEqual(first.memories);
    // It did train.
    expect(last.loss).toBeLessThan(first.loss);
  },
);
