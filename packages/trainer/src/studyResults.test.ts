import fc from "fast-check";
import { expect, test } from "vitest";
import { summarizeStudy, type FinishedRun } from "./index.js";

const run = (
  arm: string,
  seed: number,
  value: number | null,
  reason: FinishedRun["reason"] = "done",
): FinishedRun => ({ arm, seed, reason, steps: 10, epochs: 1, measures: { accuracy: value } });

const higher = { accuracy: "higher" } as const;

test("means, intervals and differences are SciPy's", () => {
  const values = {
    a: [0.912, 0.935, 0.921, 0.948, 0.93],
    b: [0.905, 0.936, 0.915, 0.931, 0.922],
  };
  const runs = Object.entries(values).flatMap(([arm, ofArm]) =>
    ofArm.map((value, seed) => run(arm, seed, value)),
  );
  const { arms, pairs } = summarizeStudy(runs, higher);
  const { mean, std, interval, ...counts } = arms["a"]!.measures["accuracy"]!;
  // numpy: a.mean(), a.std(ddof=1); scipy.stats.t.interval(0.95, 4, a.mean(), sem(a))
  expect(mean).toBeCloseTo(0.9292, 14);
  expect(std).toBeCloseTo(0.013700364958642498, 14);
  expect(interval![0]).toBeCloseTo(0.9121887500686012, 13);
  expect(interval![1]).toBeCloseTo(0.9462112499313988, 13);
  expect(counts).toEqual({ n: 5, missing: 0 });
  expect(pairs).toHaveLength(1);
  const { a, b, measures } = pairs[0]!;
  expect([a, b]).toEqual(["a", "b"]);
  // scipy.stats.ttest_rel(a, b).confidence_interval(0.95)
  const difference = measures["accuracy"]!;
  expect(difference.mean).toBeCloseTo(0.0074, 14);
  expect(difference.std).toBeCloseTo(0.006426507605223815, 14);
  expect(difference.interval![0]).toBeCloseTo(-0.0005795631275891146, 13);
  expect(difference.interval![1]).toBeCloseTo(0.015379563127589084, 13);
  expect(difference.beats).toBe(4 / 5);
});

test("has the closed form of two seeds: half the distance times 12.7062", () => {
  const { arms } = summarizeStudy([run("a", 1, 3), run("a", 2, 5)], higher);
  const { mean, std, interval } = arms["a"]!.measures["accuracy"]!;
  expect([mean, std]).toEqual([4, Math.SQRT2]);
  expect(interval![1] - 4).toBeCloseTo(12.70620473617, 9);
  expect(4 - interval![0]).toBeCloseTo(12.70620473617, 9);
});

test("one seed has a mean and no interval; none has neither", () => {
  const { arms, pairs } = summarizeStudy([run("a", 1, 3), run("b", 2, null)], higher);
  expect(arms["a"]!.measures["accuracy"]).toEqual({
    ...{ n: 1, missing: 0, mean: 3 },
    ...{ std: null, interval: null },
  });
  const nothing = { n: 0, mean: null, std: null, interval: null };
  expect(arms["b"]!.measures["accuracy"]).toEqual({ ...nothing, missing: 1 });
  // No seed has both.
  expect(pairs[0]!.measures["accuracy"]).toEqual({ ...nothing, missing: 0, beats: null });
});

test("what is not finite is counted, is in no mean, and loses", () => {
  const { arms, pairs } = summarizeStudy(
    [
      ...[run("a", 1, 0.9), run("a", 2, null), run("a", 3, 0.99, "nonFinite"), run("a", 4, 0.7)],
      ...[run("b", 1, 0.8), run("b", 2, 0.1), run("b", 3, 0.2), run("b", 4, null)],
    ],
    higher,
  );
  expect(arms["a"]).toMatchObject({ runs: 4, nonFinite: 1 });
  expect(arms["a"]!.measures["accuracy"]).toMatchObject({ n: 2, missing: 2, mean: 0.8 });
  const { n, missing, mean, beats } = pairs[0]!.measures["accuracy"]!;
  expect({ n, missing, beats }).toEqual({ n: 1, missing: 3, beats: 2 / 4 });
  expect(mean).toBeCloseTo(0.1, 15);
});

test("ties count half, and the direction is the measure's", () => {
  const runs = [
    ...[run("a", 1, 1), run("a", 2, 2), run("a", 3, null)],
    ...[run("b", 1, 1), run("b", 2, 5), run("b", 3, null)],
  ];
  const beats = (better: "higher" | "lower"): unknown =>
    summarizeStudy(runs, { accuracy: better }).pairs[0]!.measures["accuracy"]!.beats;
  expect(beats("higher")).toBe((0.5 + 0 + 0.5) / 3);
  expect(beats("lower")).toBe((0.5 + 1 + 0.5) / 3);
});

const values = fc.array(fc.tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.double()), {
  minLength: 2,
  maxLength: 12,
});

test("agrees with the plain formulas, for any values", () => {
  fc.assert(
    fc.property(values, (pairs) => {
      const runs = pairs.map(([x], seed) => run("a", seed, x));
      const { mean, std } = summarizeStudy(runs, higher).arms["a"]!.measures["accuracy"]!;
      const xs = pairs.map(([x]) => x);
      const expected = xs.reduce((sum, x) => sum + x, 0) / xs.length;
      const variance = xs.reduce((sum, x) => sum + (x - expected) ** 2, 0) / (xs.length - 1);
      expect(mean).toBeCloseTo(expected, 9);
      expect(std).toBeCloseTo(Math.sqrt(variance), 7);
    }),
  );
});

test("a beats b where b does not beat a; the difference turns its sign", () => {
  fc.assert(
    fc.property(values, (pairs) => {
      const runsOf = (arm: string, i: 0 | 1): FinishedRun[] =>
        pairs.map((pair, seed) => run(arm, seed, Number.isFinite(pair[i]) ? pair[i]! : null));
      const between = (first: FinishedRun[], second: FinishedRun[]) =>
        summarizeStudy([...first, ...second], higher).pairs[0]!.measures["accuracy"]!;
      const [there, back] = [
        between(runsOf("a", 0), runsOf("b", 1)),
        between(runsOf("b", 1), runsOf("a", 0)),
      ];
      expect(there.beats! + back.beats!).toBeCloseTo(1, 12);
      expect(there.n).toBe(back.n);
      if (there.mean !== null) expect(there.mean).toBe(-back.mean! + 0);
    }),
  );
});

test("has every two arms once, in the order of the arms", () => {
  const runs = ["c", "a", "b"].map((arm) => run(arm, 1, 1));
  expect(summarizeStudy(runs, higher).pairs.map(({ a, b }) => a + b)).toEqual(["ca", "cb", "ab"]);
});

test("refuses a run that comes twice, a missing value, another direction", () => {
  expect(() => summarizeStudy([run("a", 1, 1), run("a", 1, 2)], higher)).toThrow(
    'summarizeStudy: expected one run of each arm and seed, got arm "a" with seed 1 twice',
  );
  expect(() => summarizeStudy([run("a", 1, 1)], { loss: "lower" })).toThrow(
    'summarizeStudy: expected a value of "loss" for arm "a" with seed 1, or null, got nothing',
  );
  expect(() => summarizeStudy([], { loss: "min" as "lower" })).toThrow(
    'summarizeStudy: expected better for "loss" to be "higher" or "lower", got "min"',
  );
});

test("refuses values that are no numbers", () => {
  for (const value of ["5", true])
    expect(() => summarizeStudy([run("a", 1, value as never)], higher)).toThrow(
      `expected a value of "accuracy" for arm "a" with seed 1, or null, got ${JSON.stringify(value)}`,
    );
});

test("takes the largest values", () => {
  const runs = [1, 2, 3].map((seed) => run("a", seed, (1 + seed / 10) * 1e307));
  const { mean, std, interval } = summarizeStudy(runs, higher).arms["a"]!.measures["accuracy"]!;
  // std is 10³⁰⁶, and t is 4.302652729911275 for two degrees of freedom.
  expect(mean! / 1e307).toBeCloseTo(1.2, 14);
  expect(std! / 1e306).toBeCloseTo(1, 13);
  const half = (0.1 * 4.302652729911275) / Math.sqrt(3);
  expect(interval!.map((x) => x / 1e307)[0]).toBeCloseTo(1.2 - half, 10);
  expect(interval!.map((x) => x / 1e307)[1]).toBeCloseTo(1.2 + half, 10);
  const largest = summarizeStudy([run("a", 1, 1.7e308), run("a", 2, 1.2e308)], higher);
  expect(largest.arms["a"]!.measures["accuracy"]!.mean! / 1.45e308).toBeCloseTo(1, 14);
  expect(largest.arms["a"]!.measures["accuracy"]!.interval).toBeNull();
});
