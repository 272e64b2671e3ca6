import { widthOf } from "@tenon/terminal";
import type { FinishedRun } from "@tenon/trainer";
import { expect, test } from "vitest";
import { tableOf } from "./progress.js";
import { languages, textsIn } from "./texts.js";
import { tinyPlan } from "./testing/tiny.js";

const plan = tinyPlan("dropout", 3);
const texts = await textsIn("en");
const plain = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/\x1b\[[\d;]*m/g, ""));

/** Runs with these accuracies; null is one that ended with what is not finite. */
const runsOf = (values: Readonly<Record<string, readonly (number | null)[]>>): FinishedRun[] =>
  Object.entries(values).flatMap(([arm, accuracies]) =>
    accuracies.map((accuracy, i): FinishedRun => {
      const steps = [10, 20];
      const curve = { steps, values: {}, width: 1, rest: [] };
      return {
        ...{ arm, seed: i + 1, steps: 20, epochs: 2 },
        reason: accuracy === null ? "nonFinite" : "done",
        measures: { accuracy, loss: accuracy },
        records: {
          steps: { ...curve, values: { loss: [1, 0.1] } },
          accuracies: { ...curve, values: { "validation.accuracy": [0.5, accuracy] } },
        },
      };
    }),
  );
const runs = runsOf({
  "rate=0": [0.9, 0.91, 0.92],
  "rate=0.2": [0.95, 0.95],
  "rate=0.5": [null, 0.9],
  "rate=0.8": [null],
});

test("a row has the mean with its interval, the curve, and how many seeds are finished", () => {
  const lines = plain(tableOf(plan, texts, 80, runs, { arm: "rate=0.2", seed: 3 }));
  expect(lines[0]).toBe("  accuracy: mean ± 95 % interval");
  const row = (arm: string): string => lines.find((line) => line.includes(`${arm} `))!;
  // 0.91 ± t(0.975; 2) · 0.01 / √3 = 0.91 ± 0.0248.
  expect(row("no dropout")).toMatch(/^ {2}no dropout +91\.00 % ± 2\.48 +▁█ +3\/3$/);
  expect(row("dropout 0.2")).toMatch(/^▸ dropout 0\.2 {2}95\.00 % ± 0\.00 +▁█ +2\/3$/);
  expect(row("dropout 0.5")).toMatch(/90\.00 % \(1×∞\)/);
  expect(row("dropout 0.8")).toMatch(/not finite/);
});

test("lines fit every width, in every language, and no row is lost", async () => {
  for (const language of languages) {
    const words = await textsIn(language);
    for (let columns = 40; columns <= 140; columns += 3) {
      const lines = tableOf(plan, words, columns, runs);
      for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
      expect(lines.filter((line) => /no d|dro|드롭/.test(line))).toHaveLength(4);
    }
  }
});

test("arms of a sweep are shown as its lines", () => {
  const sweep = tinyPlan("batchNorm");
  const arms = Object.keys(sweep.of.arms(sweep.values));
  expect(arms.length).toBeGreaterThan(12);
  const { measures } = sweep.of;
  const finished = arms.map((arm): FinishedRun => ({
    ...{ arm, seed: 1, reason: "done", steps: 20, epochs: 2, records: {} },
    measures: Object.fromEntries(Object.keys(measures).map((name) => [name, 0.5])),
  }));
  const lines = plain(tableOf(sweep, texts, 100, finished));
  expect(lines.length).toBeLessThan(10);
  expect(lines.filter((line) => line.endsWith("1/2")).length).toBeGreaterThan(1);
});

test("a line of a sweep without groups has its lowest and highest value", () => {
  const sweep = tinyPlan("norms", 1);
  const finished = Object.keys(sweep.of.arms(sweep.values)).map((arm, i): FinishedRun => ({
    ...{ arm, seed: 1, reason: "done", steps: 20, epochs: 2, records: {} },
    measures: Object.fromEntries(
      Object.keys(sweep.of.measures).map((name) => [name, 0.5 + i / 100]),
    ),
  }));
  const lines = plain(tableOf(sweep, texts, 100, finished));
  expect(lines.length).toBeLessThan(10);
  expect(lines.find((line) => line.includes("%"))).toMatch(/50\.00 % – 5\d\.00 % .*1\/1$/);
});
