import type { Finding } from "@tenon/doctor";
import { expect, test } from "vitest";
import { watchedRun, type Run } from "./run.js";
import { laterRuns, longUnusualRuns, unusualRuns } from "./unusual.js";

// `npm run test:long` does the others too.
const long = process.env["TENON_LONG"] === "1";
const runs: Readonly<Record<string, () => Run | Promise<Run>>> = {
  ...unusualRuns,
  ...laterRuns,
  ...(long && longUnusualRuns),
};

test.for(Object.entries(runs))("%s: no findings, and it learns", async ([name, make]) => {
  const run = await make();
  const { said, findings, scores, watched, error } = await watchedRun(run);
  expect(error).toBeUndefined();
  const isWorse = ({ severity }: Finding): boolean => !long || severity !== "hint";
  expect([...said, ...findings].filter(isWorse)).toEqual([]);
  // Little can be learnt in some; in all others, much.
  if (run.metrics?.length === 0) {
    const most = /noise|fiftieth/.test(name) ? 1.2 : 0.5;
    const { std } = watched.record.data!.targets;
    expect(scores["loss"]! / std ** 2, JSON.stringify(scores)).toBeLessThan(most);
  } else {
    const least = name === "classes that overlap" ? 0.35 : 0.5;
    expect(scores["accuracy"], JSON.stringify(scores)).toBeGreaterThanOrEqual(least);
  }
});
