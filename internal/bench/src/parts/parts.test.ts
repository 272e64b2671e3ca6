import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { runtimeOf, variants } from "../runtimes.js";
import { answers, inTurns, oneOfEach } from "./alone.js";
import { drawnStart, startRow } from "./coldStart.js";
import { drawnGemm, withShares } from "./gemm.js";
import { drawnOverhead, overheadRow } from "./overhead.js";
import { drawnObserve, observeRow } from "./observe.js";
import { drawnScaling, nets, rowOf, threadsUpTo } from "./scaling.js";

const defaultRun = { contender: "tenon", runtime: "Node 20" };
const turboRun = { contender: "tenon-turbo", runtime: "Node 24" };
const ownNode = runtimeOf(process.execPath, `${process.versions.node} ${process.arch}`);

/** The words of each line of a table, without its frame. */
const cells = (text: string): string[][] =>
  stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test("a product's fraction of the peak is per thread, its speed-up is over one", () => {
  const cube = { m: 64, n: 64, k: 64, transposed: "" } as const;
  const wide = { m: 128, n: 512, k: 784, transposed: "b" } as const;
  const rows = withShares([
    { ...defaultRun, ...cube, threads: 1, gflops: 30, peak: 35 },
    { ...defaultRun, ...cube, threads: 2, gflops: 45, peak: 40 },
    { ...turboRun, ...cube, threads: 1, gflops: 60, peak: 38 },
    { ...turboRun, ...cube, threads: 2, gflops: 66, peak: 38 },
    { ...defaultRun, ...wide, threads: 1, gflops: 20, peak: 20 },
    { ...defaultRun, ...wide, threads: 2, gflops: 40, peak: 20 },
  ]);
  expect(
    rows.map(({ part, contender, threads, fractionOfPeak, speedUp }) => [
      part,
      contender,
      threads,
      fractionOfPeak,
      speedUp,
    ]),
  ).toEqual([
    ["gemm", "tenon", 1, 0.75, 1],
    ["gemm", "tenon", 2, 0.5625, 1.5],
    ["gemm", "tenon-turbo", 1, 1.5, 1],
    ["gemm", "tenon-turbo", 2, 0.825, 1.1],
    ["gemm", "tenon", 1, 0.5, 1],
    ["gemm", "tenon", 2, 0.5, 2],
  ]);
  expect(cells(drawnGemm(rows))).toEqual([
    ["product", "engine", "on", "GFLOP/s, 1 thread", "% of peak", "2 threads", "times 1"],
    ["64 × 64 · 64 × 64", "tenon", "Node 20", "30.0", "75", "45.0", "1.50"],
    ["", "tenon-turbo", "Node 24", "60.0", "150", "66.0", "1.10"],
    ["128 × 784 · (512 × 784)ᵀ", "tenon", "Node 20", "20.0", "50", "40.0", "2.00"],
  ]);
});

test("what observation costs is a ratio of steps, and of runs", () => {
  const row = observeRow(defaultRun, {
    work: "W1",
    threads: 1,
    every: 50,
    plain: [1, 3, 2],
    observed: [3, 2, 2.5],
    count: 800,
    runs: { plain: [1700, 1600, 1800], observed: [1632, 1700, 1900] },
  });
  expect(row).toMatchObject({ part: "observe", stepRatio: 1.25, runSteps: 800, runRatio: 1.02 });
  expect(cells(drawnObserve([row]))).toEqual([
    ["work", "engine", "on", "ms a step", "observed", "times", "steps of a run", "run, times"],
    ["W1", "tenon", "Node 20", "2.00", "2.50", "1.25", "800", "1.020"],
  ]);
});

test("on a machine of one core nothing is said of more", () => {
  const row = rowOf(defaultRun, {
    batch: 64,
    convolutions: [32, 64],
    threads: 1,
    ms: [10, 30, 20],
    flops: 4e8,
  });
  expect(row).toMatchObject({
    net: "W3",
    width: null,
    msPerStep: 20,
    examplesPerSecond: 3200,
    gflops: 20,
  });
  expect(cells(drawnScaling([row]))).toEqual([
    ["W3, batch", "engine", "on", "ms, 1", "examples/s", "GFLOP/s"],
    ["64", "tenon", "Node 20", "20.0", "3200", "20.0"],
  ]);
  expect(
    cells(
      drawnGemm(
        withShares([
          { ...defaultRun, m: 8, n: 8, k: 8, transposed: "", threads: 1, gflops: 3, peak: 4 },
        ]),
      ),
    )[0],
  ).toEqual(["product", "engine", "on", "GFLOP/s, 1 thread", "% of peak"]);
});

test("scaling has a table for each size that is changed, smallest first", () => {
  const row = (batch: number, width: number, threads: number, ms: number) =>
    rowOf(defaultRun, { batch, hidden: [width, width / 2], threads, ms: [ms], flops: 1e9 });
  const text = drawnScaling([
    row(128, 512, 1, 8),
    row(128, 512, 2, 4),
    row(16, 512, 1, 2),
    row(16, 512, 2, 1),
    row(128, 64, 1, 1),
    row(128, 64, 2, 1),
  ]);
  expect(cells(text).map(([size, , , single, all, times]) => [size, single, all, times])).toEqual([
    ["MLP 512-256, batch", "ms, 1", "ms, 2", "times 1"],
    ["16", "2.00", "1.00", "2.00"],
    ["128", "8.00", "4.00", "2.00"],
    ["MLP, batch 128, width", "ms, 1", "ms, 2", "times 1"],
    ["64", "1.00", "1.00", "1.00"],
    ["512", "8.00", "4.00", "2.00"],
  ]);
  expect(threadsUpTo(1)).toEqual([1]);
  expect(threadsUpTo(2)).toEqual([1, 2]);
  expect(threadsUpTo(6)).toEqual([1, 2, 4, 6]);
  expect(threadsUpTo(8)).toEqual([1, 2, 4, 8]);
  const mlps = nets(false).filter(({ hidden }) => hidden);
  const cnns = nets(false).filter(({ convolutions }) => convolutions);
  expect([
    Math.min(...mlps.map(({ batch }) => batch)),
    Math.max(...mlps.map(({ batch }) => batch)),
    Math.max(...cnns.map(({ batch }) => batch)),
  ]).toEqual([16, 4096, 1024]);
  expect([
    Math.min(...mlps.map(({ hidden }) => hidden![0]!)),
    Math.max(...mlps.map(({ hidden }) => hidden![0]!)),
  ]).toEqual([64, 2048]);
});

test("a cold start is the median of each of its stages", () => {
  const answer = (ms: number) => ({
    ms,
    importMs: ms / 10,
    compileMs: ms / 2,
    stepMs: ms / 5,
    sinceStartMs: ms + 40,
  });
  const row = startRow(defaultRun, "W3", 1, "packages", [answer(300), answer(100), answer(200)]);
  expect(row).toEqual({
    part: "start",
    ...defaultRun,
    work: "W3",
    threads: 1,
    form: "packages",
    ms: 200,
    importMs: 20,
    compileMs: 100,
    stepMs: 40,
    sinceStartMs: 240,
    processes: 3,
  });
  const file = startRow(defaultRun, "W3", 1, "one file", [answer(150)]);
  const other = startRow(turboRun, "W3", 2, "packages", [answer(100)]);
  expect(cells(drawnStart([row, file, other])).slice(1)).toEqual([
    ["W3", "tenon", "Node 20", "1", "20", "100", "40", "200", "240", "150"],
    ["", "tenon-turbo", "Node 24", "2", "10", "50", "20", "100", "140", ""],
  ]);
});

test("overhead is the time around the kernels; bytes are without those of measuring", () => {
  const bytes = (heap: number, buffers: number) => ({ heap, buffers });
  const row = overheadRow(
    defaultRun,
    {
      work: "W1",
      threads: 1,
      before: [0.03, 0.01, 0.02],
      kernels: [0.9, 0.97, 1],
      after: [0.01, 0.01, 5],
    },
    {
      steps: 10,
      allocated: [bytes(-1e6, 0), bytes(21_000, 50_000), bytes(21_000, 50_000)],
      baseline: [bytes(1000, 0)],
      kept: [500, -1e6, 1e6],
      keptSteps: 100,
    },
  );
  expect(row).toMatchObject({
    part: "overhead",
    work: "W1",
    steps: 3,
    kernelUs: 970,
    beforeUs: 20,
    afterUs: 10,
    heapBytes: 2000,
    bufferBytes: 5000,
    keptBytes: 5,
  });
  expect(row.fractionOutside).toBeCloseTo(0.03, 12);
  expect(cells(drawnOverhead([row]))[1]).toEqual([
    "W1",
    "tenon",
    "Node 20",
    "970",
    "20.0",
    "10.0",
    "3.0 %",
    "2000",
    "5000",
    "5",
  ]);
});

test("programs answer in lines; one that fails is left out with its own message", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tenon-bench-"));
  const program = join(folder, "program.mjs");
  writeFileSync(
    program,
    "process.stdout.write(JSON.stringify({ wish: process.env.TENON_WASM, asked: " +
      `process.argv[2] }) + "\\n"); if (process.argv[2] === "fail") throw new RangeError("no ` +
      `such thing");`,
  );
  try {
    const [variant] = variants([ownNode], true);
    const heard: unknown[] = [];
    const out: string[] = [];
    expect(
      await answers({ ...variant!, wish: "relaxed" }, [program, "this"], (answer) =>
        heard.push(answer),
      ),
    ).toEqual([{ wish: "relaxed", asked: "this" }]);
    expect(heard).toEqual([{ wish: "relaxed", asked: "this" }]);
    const others = [
      {
        ...variant!,
        name: "tenon-turbo" as const,
        runtime: { ...ownNode, command: join(folder, "none") },
      },
      variant!,
    ];
    const rows = await inTurns(
      {
        variants: [...others, { ...variant!, name: "tenon-relaxed" }],
        leaveOut: (name, why) => out.push(`${name}: ${why}`),
      },
      ["first", "second"],
      (setting, { contender }, which) =>
        answers(setting, [
          program,
          contender === "tenon-relaxed" && which === "first" ? "fail" : which,
        ]),
    );
    expect(rows).toEqual([
      { wish: "", asked: "first" },
      { wish: "", asked: "second" },
    ]);
    expect(out).toEqual([
      expect.stringContaining("ENOENT"),
      `tenon-relaxed, ${ownNode.name}: RangeError: no such thing`,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("tables of the longest names and values fit a terminal of 120 columns", () => {
  const long = { contender: "tenon-relaxed", runtime: "Node 24.21.0" };
  const answer = { ms: 1234, importMs: 123, compileMs: 1234, stepMs: 1234, sinceStartMs: 1234 };
  const texts = [
    drawnGemm(
      withShares(
        [1, 8].map((threads) => ({
          ...long,
          m: 1024,
          n: 1024,
          k: 1024,
          transposed: "a" as const,
          threads,
          gflops: 1234,
          peak: 100,
        })),
      ),
    ),
    drawnStart([startRow(long, "W3", 8, "packages", [answer])]),
    drawnOverhead([
      overheadRow(
        long,
        { work: "W3", threads: 1, before: [0.123], kernels: [12.345], after: [0.123] },
        {
          steps: 1,
          allocated: [{ heap: 12_345, buffers: 12_345 }],
          baseline: [{ heap: 0, buffers: 0 }],
          kept: [1234],
          keptSteps: 1,
        },
      ),
    ]),
    drawnScaling(
      [1, 2, 4, 8].map((threads) =>
        rowOf(long, { batch: 4096, hidden: [512, 256], threads, ms: [1234], flops: 1e12 }),
      ),
    ),
  ];
  for (const text of texts)
    expect(
      Math.max(
        ...stripVTControlCharacters(text)
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120);
});

test("a quick run does not show what is kept", () => {
  const row = overheadRow(
    defaultRun,
    { work: "W1", threads: 1, before: [1], kernels: [1], after: [1] },
    {
      steps: 1,
      allocated: [{ heap: 1, buffers: 1 }],
      baseline: [{ heap: 0, buffers: 0 }],
      kept: [],
      keptSteps: 0,
    },
  );
  expect(row.keptBytes).toBe(null);
  expect(cells(drawnOverhead([row]))[1]!.at(-1)).toBe("");
});

test("one engine of each name is the first", () => {
  const two = variants([ownNode, { ...ownNode, name: "Node 99" }], false);
  expect(oneOfEach(two).map(({ name }) => name)).toEqual(["tenon", "tenon-turbo", "tenon-relaxed"]);
  expect(oneOfEach(two)[0]!.runtime.name).toBe(ownNode.name);
});
