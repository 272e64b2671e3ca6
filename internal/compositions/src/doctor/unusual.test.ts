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
  const { said, findings, scores, error } = await watchedRun(run);
  expect(error).toBeUndefined();
  const isWorse = ({ severity }: Finding): boolean => !long || severity !== "hint";
  expect([...said, ...findings].filter(isWorse)).toEqual([]);
  // Little can be learnt in some; in all others, much.
  const least = { "classes that overlap": 0.35, "values that are mostly noise": 0 }[name] ?? 0.5;
  expect(scores["accuracy"] ?? 0, JSON.stringify(scores)).toBeGreaterThanOrEqual(least);
});
