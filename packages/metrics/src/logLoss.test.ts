import type { Json, Metric, NDArray } from "@tenon/contracts";
import { expectClose, refusal } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  binaryLogLoss,
  calibrationError,
  ignoring,
  logLoss,
  meanKlDivergence,
  meanLogCosh,
  meanPoissonLoss,
  perplexity,
} from "./index.js";

const f64 = (shape: number[], ...data: number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(data),
});
const i32 = (shape: number[], ...data: number[]): NDArray => ({
  shape,
  dtype: "int32",
  data: Int32Array.from(data),
});
const read = <S extends Parameters<Metric["result"]>[0]>(
  metric: Metric<S>,
  ...given: [NDArray, NDArray, NDArray?]
): number => metric.result(metric.update(metric.start, ...given));

test("a sure right answer costs nothing, an even guess the logarithm of the classes", () => {
  expect(read(logLoss(), f64([1, 3], 0, 1000, 0), i32([1], 1))).toBe(0);
  expect(read(logLoss(), f64([1, 4], 7, 7, 7, 7), i32([1], 3))).toBeCloseTo(Math.log(4), 14);
  expect(read(logLoss(), f64([1, 3], -Infinity, 5, -Infinity), f64([1, 3], 0, 1, 0))).toBe(0);
  expect(read(perplexity(), f64([2, 4], 1, 1, 1, 1, 2, 2, 2, 2), i32([2], 0, 1))).toBeCloseTo(4);
  expect(read(binaryLogLoss(), f64([2], 1000, -1000), f64([2], 1, 0))).toBe(0);
  expect(read(binaryLogLoss(), f64([1], 0), f64([1], 0.5))).toBeCloseTo(Math.LN2, 15);
});

test("logits and their probabilities give the same", () => {
  const row = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), {
    minLength: 3,
    maxLength: 3,
  });
  fc.assert(
    fc.property(row, fc.nat(2), (logits, label) => {
      const sum = logits.reduce((a, x) => a + Math.exp(x), 0);
      const p = f64([1, 3], ...logits.map((x) => Math.exp(x) / sum));
      const x = f64([1, 3], ...logits);
      const from = "probabilities" as const;
      const t = i32([1], label);
      expectClose([read(logLoss(), x, t)], [read(logLoss({ from, eps: 0 }), p, t)], 1e-12);
      expectClose(
        [read(meanKlDivergence({ eps: 0 }), x, p)],
        [0], // from itself
        1e-12,
      );
      const [u, v] = [f64([1], logits[0]), f64([1], 1 / (1 + Math.exp(-logits[0])))];
      expectClose(
        [read(binaryLogLoss(), u, f64([1], 1))],
        [read(binaryLogLoss({ from, eps: 0 }), v, f64([1], 1))],
        1e-12,
      );
    }),
  );
});

test("an impossible right answer costs what eps allows", () => {
  const [p, t] = [f64([1, 2], 1, 0), i32([1], 1)];
  expect(read(logLoss({ from: "probabilities" }), p, t)).toBeCloseTo(-Math.log(1e-7), 12);
  expect(read(logLoss({ from: "probabilities", eps: 0 }), p, t)).toBe(Infinity);
});

test("padding is left out of perplexity; a weight of an example is that of its tokens", () => {
  const tokens = f64([2, 2, 2], 0, 0, 9, -9, 0, 0, 0, Math.log(3));
  const targets = i32([2, 2], 0, -1, 1, 1);
  const metric = ignoring(perplexity(), -1);
  const p = [1 / 2, 1 / 2, 3 / 4];
  expect(read(metric, tokens, targets)).toBeCloseTo((p[0]! * p[1]! * p[2]!) ** (-1 / 3), 12);
  expect(read(metric, tokens, targets, f64([2], 1, 2))).toBeCloseTo(
    (p[0]! * p[1]! ** 2 * p[2]! ** 2) ** (-1 / 5),
    12,
  );
});

test("calibration of logits is that of their probabilities", () => {
  const of = (...p: number[]): number[] => p.map((value) => Math.log(value) + 5);
  expectClose(
    [
      read(
        calibrationError(),
        f64([2, 3], ...of(0.7, 0.2, 0.1), ...of(0.3, 0.1, 0.6)),
        i32([2], 0, 1),
      ),
    ],
    [(0.3 + 0.6) / 2],
    1e-12,
  );
  expect(read(calibrationError(), f64([1, 2], NaN, 1), i32([1], 0))).toBeNaN();
});

test("calibration: of 4 predictions with 3/4 confidence, 2 right, the gap is 1/4", () => {
  const p = f64([4, 2], ...[0.75, 0.25, 0.75, 0.25, 0.25, 0.75, 0.25, 0.75]);
  const t = i32([4], 0, 1, 0, 1);
  const from = "probabilities" as const;
  expect(read(calibrationError({ from }), p, t)).toBeCloseTo(0.25, 12);
  // One more, in a bin of its own, surer and wrong: its gap is the largest.
  const [more, wrong] = [f64([5, 2], ...p.data, 1, 0), i32([5], ...t.data, 1)];
  expect(read(calibrationError({ from }), more, wrong)).toBeCloseTo((4 * 0.25 + 1) / 5, 12);
  expect(read(calibrationError({ from, norm: "maximum" }), more, wrong)).toBeCloseTo(1, 12);
});

test("log cosh neither cancels nor overflows", () => {
  const of = (d: number): number => read(meanLogCosh, f64([1], d), f64([1], 0));
  expectClose([of(1e-9) / 1e-18], [0.5], 1e-12);
  expect(of(1e6)).toBeCloseTo(1e6 - Math.LN2, 9);
  expectClose([of(0.999999)], [of(1.000001) - 2e-6 * Math.tanh(1)], 1e-11);
});

test("a count of 0 at a rate of 0 costs nothing", () => {
  expect(read(meanPoissonLoss({ eps: 0 }), f64([1], 0), f64([1], 0))).toBe(0);
});

test.each([logLoss, perplexity, binaryLogLoss, meanKlDivergence, calibrationError] as const)(
  "%o refuses logits that are said to be probabilities",
  (metricOf) => {
    const { name, start, update } = metricOf({ from: "probabilities" });
    const rows = f64([1, 2], 0, 1);
    expect(() => update(start as never, f64([1, 2], 3, -1), rows)).toThrow(
      refusal(
        `${name}: expected probabilities in [0, 1] as predictions, got 3 at 0; ` +
          'leave out from: "probabilities" for logits',
      ),
    );
    expect(() => update(start as never, f64([1, 2], 0.5, -0.1), rows)).toThrow(
      refusal(`${name}: expected probabilities in [0, 1] as predictions, got -0.1 at 1`),
    );
    expect(() => update(start as never, f64([1, 2], 1 + 2 ** -20, 0), rows)).toThrow(
      refusal(`${name}: expected probabilities in [0, 1] as predictions, got 1.00000095`),
    );
  },
);

test.each([logLoss, perplexity, binaryLogLoss, meanKlDivergence, calibrationError] as const)(
  "%o takes float32 probabilities that rounding leaves a little above 1",
  (metricOf) => {
    const metric = metricOf({ from: "probabilities" }) as Metric<Json>;
    const rows = f64([1, 2], 1, 0);
    const above = read(metric, f64([1, 2], 1 + 3 * 2 ** -23, 0), rows);
    expect(above).toBeCloseTo(read(metric, f64([1, 2], 1, 0), rows), 6);
  },
);

test.each([
  [() => logLoss({ from: "probs" as "logits" }), "logLoss: expected from to be"],
  [() => perplexity({ eps: -1 }), "perplexity: expected a finite eps ≥ 0, got -1"],
  [() => calibrationError({ bins: 0 }), "calibrationError: expected a whole bins ≥ 1, got 0"],
  [
    () => calibrationError({ norm: "l2" as "maximum" }),
    'calibrationError: expected norm to be "expected" or "maximum", got "l2"',
  ],
  [
    () => read(logLoss(), f64([1, 2], 0, 1), i32([1], 2)),
    "logLoss: expected labels to be whole numbers in [0, 2), got 2 at 0",
  ],
])("refuses %s", (run, message) => expect(run).toThrow(refusal(message)));
