import type { Curves, FinishedRun } from "@tenon/trainer";
import { expect, test } from "vitest";
import { experiments, startValues, type Experiment } from "./index.js";
import { experimentResults, parseResults, type ExperimentResults } from "./results.js";

const of: Experiment = experiments.find(({ id }) => id === "dropout")!;
const values = startValues(of);
const size = { ...of.sizes.quick, seeds: 3 };

/** Accuracies that rise with the seed; the rate 0.5 is 0.01 ± 0.001 above the others. */
const runs = Object.keys(of.arms(values)).flatMap((arm) =>
  [1, 2, 3].map((seed): FinishedRun => {
    const better = arm === "rate=0.5" ? 0.01 + 0.001 * (seed - 2) : 0;
    const steps = Array.from({ length: 256 }, (_, i) => i + 1);
    const curves: Curves = {
      ...{ steps, width: 1, rest: [] },
      values: {
        loss: steps.map((step) => 1 / (3 * step)),
        "validation.accuracy": steps.map(() => 1 / 3),
      },
    };
    return {
      ...{ arm, seed, reason: "done", steps: 256, epochs: 1 },
      measures: { accuracy: 0.9 + 0.01 * seed + better, loss: 0.3 },
      records: { steps: curves, accuracies: curves },
    };
  }),
);
const results = experimentResults(of, {
  ...{ sizeName: "quick", size, values, runs },
  weights: ({ arm, seed }) => `${arm} ${seed}`,
  provenance: {
    ...{ command: "npm run lab -- dropout", date: "2026-11-27T00:00:00.000Z", seconds: 1 },
    ...{ node: "20.20.2", machine: "x", threads: 2, version: "0.0.0" },
  },
});

test("results hold means, judgements, digests and charts", () => {
  expect(results.summary["rate=0"]!.measures["accuracy"]!.mean).toBeCloseTo(0.92, 12);
  expect(results.judgements.map(({ id, verdict }) => [id, verdict])).toEqual([
    ["helps", "holds"],
    ["tooStrong", "holds"],
  ]);
  // Differences 0.009, 0.01, 0.011: 0.01 ± 4.3027 · 0.001 / √3.
  expect(results.judgements[0]!.interval![0]).toBeCloseTo(0.01 - 0.0024841, 6);
  expect(results.runs[4]).toEqual({
    ...{ arm: "rate=0.2", seed: 2, reason: "done", steps: 256, epochs: 1 },
    ...{ measures: { accuracy: 0.92, loss: 0.3 }, weights: "rate=0.2 2" },
  });
  const [line] = results.charts["losses"]!.series;
  expect(line!.points).toHaveLength(129); // every second of 256, and the last
  expect(line!.points[2]).toMatchObject({ x: 5, y: 0.0666667 });
  expect(line!.points.at(-1)).toMatchObject({ x: 256 });
});

test("results are read from their JSON as they were", () => {
  expect(parseResults(JSON.stringify(results), "x.json")).toEqual(
    JSON.parse(JSON.stringify(results)),
  );
});

test.each([
  ["format", 2, /expected 1 as format in x.json, got 2; write the file again/],
  ["size", {}, /expected a number as size.train in x.json, got nothing/],
  ["sizeName", "huge", /expected quick or full as sizeName in x.json, got "huge"/],
  ["summary", {}, /expected a summary as summary.rate=0 /],
  ["judgements", [{ id: "helps" }], /expected a string as judgements.0.verdict /],
  ["runs", {}, /expected a list as runs in x.json, got {}/],
  ["charts", { a: { x: {} } }, /expected a string as charts.a.x.label /],
  ["provenance", null, /expected a string as provenance.command /],
] satisfies [keyof ExperimentResults, unknown, RegExp][])(
  "a file whose %s is wrong is refused, and the part is named",
  (part, wrong, message) => {
    expect(() => parseResults(JSON.stringify({ ...results, [part]: wrong }), "x.json")).toThrow(
      message,
    );
  },
);

test("what is no JSON is refused", () => {
  expect(() => parseResults("{", "x.json")).toThrow(/expected JSON in x.json/);
});
