import type { Finding } from "@tenon/doctor";
import { expect, test } from "vitest";
import { healthyRuns } from "./healthy.js";
import { watchedRun } from "./run.js";

// `npm run test:long` does all of them, at full length.
const long = process.env["TENON_LONG"] === "1";
const sample = ["two clouds, binary cross entropy", "waves, mean squared error", "strokes, sgd"];

test(
  "healthy runs give no findings, but at most one hint in all",
  { timeout: 1_800_000 },
  async () => {
    const runs = healthyRuns();
    const names = long ? Object.keys(runs) : sample;
    const said: (Finding & { readonly run: string })[] = [];
    for (const name of names) {
      const { said: found, findings } = await watchedRun(runs[name]!());
      said.push(...[...found, ...findings].map((finding) => ({ ...finding, run: name })));
    }
    expect(names.length).toBeGreaterThanOrEqual(long ? 20 : 3);
    expect(said.filter(({ severity }) => severity !== "hint")).toEqual([]);
    expect(said.length, JSON.stringify(said)).toBeLessThanOrEqual(1);
  },
);
