import { measuring, type EndEvent, type FinishedRun, type StepEvent } from "@tenon/trainer";
import { expect, test } from "vitest";
import { judge } from "./claim.js";
import { asPercent, startLoss, stepsToLoss } from "./measures.js";
import { armResultsOf, knownMeasures } from "./runs.js";

const measures = { steps: stepsToLoss(1, 2), first: startLoss() };

/** A run with these losses, in one epoch. */
function runOf(
  arm: string,
  seed: number,
  losses: readonly number[],
  reason: FinishedRun["reason"] = "done",
): FinishedRun {
  const run = measuring(measures);
  for (const [i, loss] of losses.entries())
    run.see({ type: "step", step: i + 1, epoch: 1, loss } as StepEvent);
  const progress = { step: losses.length, epoch: 1 };
  return run.finished({ arm, seed }, { reason, snapshot: { progress } } as EndEvent);
}

const falling = [3, 1.5, 1, 0.8, 0.5]; // the mean of two is 1.25, then 0.9
const flat = [3, 3, 3, 3, 3];

test("the steps to a loss are counted to where its mean first was reached", () => {
  expect(runOf("a", 1, falling).measures["steps"]).toBe(4);
  expect(runOf("a", 1, [...falling, 9, 0, 0]).measures["steps"]).toBe(4);
});

test("a loss that was never reached has no steps, nor has a run that breaks off", () => {
  expect(runOf("a", 1, flat).measures["steps"]).toBe(null);
  expect(runOf("a", 1, [3, 1e9], "nonFinite").measures["steps"]).toBe(null);
  expect(runOf("a", 1, falling, "nonFinite").measures["steps"]).toBe(null);
});

test("of a run that breaks off is known what was known after the first step", () => {
  const broken = { reason: "nonFinite", measures: { first: 3, steps: 4, loss: 1e9 } } as const;
  expect(knownMeasures(measures, broken)).toEqual({ first: 3, steps: null, loss: null });
  expect(knownMeasures(measures, { ...broken, reason: "done" })).toEqual(broken.measures);
  const { arms, runs } = armResultsOf({ measures }, [
    runOf("a", 1, [3, 1e9], "nonFinite"),
    runOf("a", 2, [5, 1, 1]),
  ]);
  expect(arms["a"]).toMatchObject({ runs: 2, nonFinite: 1 });
  expect(arms["a"]!.measures["first"]).toMatchObject({ n: 2, missing: 0, mean: 4 });
  expect(arms["a"]!.measures["steps"]).toMatchObject({ n: 1, missing: 1, mean: 3 });
  expect(runs.map(({ reason }) => reason)).toEqual(["nonFinite", "done"]);
});

test("an arm that reaches a loss in each of six seeds is sooner than one that never does", () => {
  const seeds = [1, 2, 3, 4, 5, 6];
  const results = (slow: readonly number[], count = 6) =>
    armResultsOf(
      { measures },
      seeds
        .slice(0, count)
        .flatMap((seed) => [
          runOf("fast", seed, falling),
          runOf("slow", seed, seed === 1 ? slow : flat),
        ]),
    );
  const claim = { id: "sooner", measure: "steps", better: "fast", than: "slow" };
  expect(judge(claim, results(flat))).toMatchObject({
    ...{ verdict: "holds", n: 0, missing: 6, mean: null, beats: 1 },
  });
  expect(judge({ ...claim, better: "slow", than: "fast" }, results(flat)).verdict).toBe(
    "doesNotHold",
  );
  expect(judge(claim, results([0, 0, 0, 0, 0])).verdict).toBe("undecided");
  expect(judge(claim, results(flat, 5)).verdict).toBe("undecided");
  // One that is slow, but reaches it: two steps are more than one, and not more than three.
  const late = [3, 3, 3, 3, 1, 1];
  expect(judge({ ...claim, by: 1 }, results(late)).verdict).toBe("holds");
  expect(judge({ ...claim, by: 3 }, results(late)).verdict).toBe("undecided");
});

test("a measure is made a percentage, and stays what it is", () => {
  const measure = startLoss();
  expect(asPercent(measure)).toEqual({ ...measure, percent: true });
});
