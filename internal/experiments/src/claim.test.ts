import { summarizeStudy, type FinishedRun } from "@tenon/trainer";
import { expect, test } from "vitest";
import { judge, overall, type Claim, type Judgement } from "./index.js";

/** One run for each value; null is a run that ended with what is not finite. */
const runsOf = (arms: Readonly<Record<string, readonly (number | null)[]>>): FinishedRun[] =>
  Object.entries(arms).flatMap(([arm, values]) =>
    values.map((x, i) => ({
      ...{ arm, seed: i + 1, steps: 1, epochs: 1, measures: { x } },
      reason: x === null ? "nonFinite" : "done",
    })),
  );
const judged = (
  claim: Pick<Claim, never> & Record<string, unknown>,
  arms: Parameters<typeof runsOf>[0],
  better: "higher" | "lower" = "higher",
): Judgement =>
  judge(
    { id: "claim", measure: "x", ...claim } as unknown as Claim,
    summarizeStudy(runsOf(arms), { x: better }),
  );

const aBetter = { better: "a", than: "b" };

test("a difference holds where its interval is above 0, seed by seed", () => {
  // Differences 1, 2, 3: mean 2, standard deviation 1, t(0.975; 2) = 4.3027: 2 ± 2.4841.
  const wide = judged(aBetter, { a: [2, 4, 6], b: [1, 2, 3] });
  expect(wide).toMatchObject({ verdict: "undecided", mean: 2, std: 1, beats: 1, n: 3 });
  expect(wide.interval![0]).toBeCloseTo(-0.4841, 4);
  expect(wide.interval![1]).toBeCloseTo(4.4841, 4);
  // Differences 1.9, 2, 2.1: 2 ± 0.2484.
  const narrow = { a: [11.9, 2, 7.1], b: [10, 0, 5] };
  expect(judged(aBetter, narrow).verdict).toBe("holds");
  expect(judged({ ...aBetter, by: 1.7 }, narrow).verdict).toBe("holds");
  expect(judged({ ...aBetter, by: 1.8 }, narrow).verdict).toBe("undecided");
  expect(judged({ ...aBetter, by: 2.3 }, narrow).verdict).toBe("doesNotHold");
});

test("the order of the arms and the direction of the measure do not matter", () => {
  const values = { a: [11.9, 2, 7.1], b: [10, 0, 5] };
  const { b, a } = values;
  expect(judged(aBetter, { b, a })).toEqual(judged(aBetter, values));
  expect(judged({ better: "b", than: "a" }, values)).toMatchObject({
    ...{ verdict: "doesNotHold", beats: 0 },
  });
  expect(judged({ better: "b", than: "a" }, values).mean).toBeCloseTo(-2);
  expect(judged({ better: "b", than: "a" }, values, "lower")).toMatchObject({
    ...{ verdict: "holds", beats: 1 },
  });
});

test("an arm that is not finite loses, and nothing is decided where only some are", () => {
  const six = [1, 2, 3, 4, 5, 6];
  const failed = six.map(() => null);
  expect(judged(aBetter, { a: six, b: failed }).verdict).toBe("holds");
  expect(judged(aBetter, { a: failed, b: six }).verdict).toBe("doesNotHold");
  expect(judged(aBetter, { a: six, b: [0, 1, 2, 3, 6, null] }).verdict).toBe("undecided");
  expect(judged(aBetter, { a: failed, b: failed }).verdict).toBe("undecided");
  const five = { a: six.slice(1), b: failed.slice(1) };
  expect(judged(aBetter, five), "five seeds").toMatchObject({ verdict: "undecided", beats: 1 });
});

test("a range is of the interval of one arm", () => {
  const a = [0.9, 1, 1.1]; // 1 ± 0.2484
  expect(judged({ arm: "a", atLeast: 0.7, atMost: 1.3 }, { a }).verdict).toBe("holds");
  expect(judged({ arm: "a", atLeast: 0.8 }, { a }).verdict).toBe("undecided");
  expect(judged({ arm: "a", atMost: 0.7 }, { a }).verdict).toBe("doesNotHold");
  expect(judged({ arm: "a", atMost: 2 }, { a: [1, 1, 1, 1, 1, null] }).verdict).toBe("undecided");
  const none = [null, null, null, null, null, null];
  expect(judged({ arm: "a", atMost: 2 }, { a: none }).verdict).toBe("doesNotHold");
  expect(judged({ arm: "a", atMost: 2 }, { a: [1] }).verdict).toBe("undecided");
  expect(judged({ arm: "a", atMost: 2 }, { a: [null] }).verdict).toBe("undecided");
});

test("a claim about what was not measured is an error", () => {
  expect(() => judged({ better: "a", than: "c" }, { a: [1], b: [1] })).toThrow(/arms a and c/);
  expect(() => judged({ arm: "c" }, { a: [1] })).toThrow(/of the arm c/);
});

test("all of several", () => {
  const of = (...verdicts: readonly Judgement["verdict"][]) =>
    overall(verdicts.map((verdict) => ({ verdict }) as Judgement));
  expect(of("holds", "holds")).toBe("holds");
  expect(of("holds", "undecided")).toBe("undecided");
  expect(of("undecided", "doesNotHold")).toBe("doesNotHold");
});
