import { expect, test } from "vitest";
import type { Run } from "./compete.js";
import { learned, median, rowsOf } from "./rows.js";

test("the median of some values", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow("median: expected at least one number, got none");
});

test("only a loss that falls enough counts as learning", () => {
  expect(learned([2.3, 2.2, 2, 1.5, 1], 2.3)).toBe(true);
  expect(learned([2.3, 2.31, 2.29, 2.3], 2.3)).toBe(false);
  expect(learned([2.3, 1, NaN], 2.3)).toBe(false);
  expect(learned([2.3], 2.3)).toBe(false);
  expect(learned([2.3, ...new Array<number>(20).fill(2)], 2.3)).toBe(true);
  expect(learned([2.3, ...new Array<number>(200).fill(2)], 2.3)).toBe(false);
});

test("a net that answers nothing has not learned, though its loss fell", () => {
  expect(learned([0.15, ...new Array<number>(200).fill(0.1)], 0.09)).toBe(false);
  expect(learned([0.15, ...new Array<number>(200).fill(0.05)], 0.09)).toBe(true);
});

const run = (
  name: string,
  threads: number,
  ms: number[],
  losses: number[],
  failed?: string,
  runtime = "Node 20",
): Run => ({
  contender: { name, threads, works: [], runtime, start: () => ({ command: "", args: [] }) },
  ms,
  losses,
  memoryMB: 1,
  ready: {
    version: "1",
    note: "",
    runtime,
    chance: 2.3,
    firstStepMs: 1,
    sinceStartMs: 500,
    loss: losses[0]!,
  },
  ...(failed && { failed }),
});

test("rows are ordered by threads and time; only those that learned are timed", () => {
  const falling = [2, 1, 0.5, 0.2];
  const rows = rowsOf(
    "W1",
    [
      run("slow", 1, [30, 30], falling),
      run("tenon", 1, [10, 12], falling),
      run("tenon", 2, [5, 5], falling),
      run("other", 2, [20], falling),
      run("dull", 1, [1, 1], [2, 2, 2]),
      run("gone", 1, [], [2], "it left"),
    ],
    2,
  );
  expect(
    rows.map(({ contender, threads, msPerStep, ratioToTenon }) => [
      contender,
      threads,
      msPerStep,
      ratioToTenon,
    ]),
  ).toEqual([
    ["tenon", 1, 11, 1],
    ["slow", 1, 30, 30 / 11],
    ["dull", 1, null, null],
    ["tenon", 2, 5, 1],
    ["other", 2, 20, 4],
  ]);
  expect(rows.map(({ note }) => note)).toEqual([
    "",
    "",
    "has not learned, so it is not timed",
    "",
    "only 1 steps: too slow for more",
  ]);
  expect(rows[0]!.firstStepSeconds).toBe(0.5);
});

test("without Tenon there are times and no ratios", () => {
  expect(rowsOf("W1", [run("other", 1, [3], [2, 1, 0.5])], 1)).toMatchObject([
    { msPerStep: 3, ratioToTenon: null },
  ]);
});

test("ratios are to the portable engine on the bench's own Node; rows name their runtime", () => {
  const falling = [2, 1, 0.5];
  const rows = rowsOf(
    "W1",
    [
      run("tenon", 1, [8], falling),
      run("tenon", 1, [4], falling, undefined, "Node 24"),
      run("tenon-turbo", 1, [2], falling, undefined, "Node 24"),
    ],
    1,
  );
  expect(
    rows.map(({ contender, runtime, ratioToTenon }) => [contender, runtime, ratioToTenon]),
  ).toEqual([
    ["tenon-turbo", "Node 24", 0.25],
    ["tenon", "Node 24", 0.5],
    ["tenon", "Node 20", 1],
  ]);
  expect(
    rowsOf(
      "W1",
      [
        run("tenon", 1, [], falling, "it left"),
        run("tenon", 1, [4], falling, undefined, "Node 24"),
      ],
      1,
    ),
  ).toMatchObject([{ msPerStep: 4, ratioToTenon: null }]);
});
