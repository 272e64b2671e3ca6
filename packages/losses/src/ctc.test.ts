import { expectClose } from "@tenon/testkit";
import { tensor, type Tensor } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ctc, type CtcOptions } from "./index.js";
import { differences, labels, run } from "./internal/testing.js";

const [n, steps, classes] = [3, 6, 4];
const shape = [n, steps, classes];
/** 64ths, drawn by PyTorch. */
const drawn = `-14 9 43 -33 -102 -48 42 58 9 -52 102 -22 35 73 -8 35 -29 68 -142 -30 -86 -18 11 49
  11 40 64 -14 -37 -78 -17 13 -6 -22 -27 -107 -22 -50 -45 -122 -2 19 21 -69 34 51 -58 -70
  -29 -12 -61 -63 71 -49 63 91 24 137 -103 30 82 76 -3 -10 -87 118 -132 -21 -32 4 9 4`;
const x = drawn.split(/\s+/).map((number) => Number(number) / 64);
const targets = labels([1, 1, 2, 3, 2, 0, 2, 3, 1], [n, 3]);
const lengths = (...all: readonly number[]): Tensor => labels(all);
const all = lengths(3, 2, 3);

/**
 * PyTorch 2.15, float64: losses, and Σ cos(i) gradient(i) of each example, loss k counting k times.
 */
const torch: readonly (readonly [string, CtcOptions, number[], number[], Tensor?])[] = [
  ["mean", {}, [1.8572385823742434], [-0.035971016723, -0.097219869942, -0.058348651253]],
  [
    "sum",
    { reduction: "sum" },
    [14.624466645372232],
    [-0.323739150508, -0.583319219654, -0.525137861275],
  ],
  [
    "lengths",
    { reduction: "none", inputLengths: lengths(5, 3, 6), targetLengths: lengths(3, 2, 0) },
    [9.120951839780835, 2.780996981735317, 10.668990198078308],
    [-1.261000325366, 0.673194791492, -1.862262581269],
  ],
  [
    "another blank",
    {
      ...{ reduction: "none", blank: 2 },
      ...{ inputLengths: lengths(6, 4, 6), targetLengths: lengths(3, 2, 1) },
    },
    [5.267675802448368, 2.2072330170928685, 8.667121967530742],
    [-0.51001683972, 0.253423362059, 0.78199120981],
    labels([1, 1, 0, 3, 0, 0, 3, 3, 3], [n, 3]),
  ],
  [
    "too short, as 0",
    { zeroInfinity: true, inputLengths: lengths(3, 6, 2), targetLengths: all },
    [0.6968935319986529],
    [0, -0.097219869942, 0],
  ],
  [
    "too short",
    { reduction: "none", inputLengths: lengths(3, 6, 3), targetLengths: all },
    [Infinity, 4.181361191991917, 2.9883300083838846],
    [0, -1.166638439308, 1.511845911279],
  ],
];

/** The sums of each example's gradient, times cosines. */
const cosines = (grad: readonly number[]): number[] =>
  Array.from({ length: n }, (_, k) =>
    grad
      .slice(k * steps * classes, (k + 1) * steps * classes)
      .reduce((sum, g, i) => sum + g * Math.cos(i), 0),
  );

test.each(torch)("is PyTorch's: %s", (...row) => {
  const [, options, loss, grad, t = targets] = row as unknown as (typeof torch)[number];
  const weights = options.reduction === "none" ? [1, 2, 3] : [1];
  const found = run((p) => ctc(p, t, options), x, shape);
  expectClose(found.loss, loss, 1e-12);
  const weighted = run(
    (p) => {
      const losses = ctc(p, t, options);
      return losses.shape.length === 0 ? losses : losses.mul(tensor(weights));
    },
    x,
    shape,
  );
  expectClose(cosines(weighted.grad), grad, 1e-10);
});

/**
 * The logarithm of the probability of labels: a sum over every path that is them when collapsed.
 */
function byPaths(logs: readonly (readonly number[])[], wanted: readonly number[], blank: number) {
  let sum = 0;
  const walk = (t: number, path: readonly number[], log: number): void => {
    if (t < logs.length) {
      for (const [label, p] of logs[t]!.entries()) walk(t + 1, [...path, label], log + p);
      return;
    }
    const collapsed = path.filter((label, i) => label !== blank && label !== path[i - 1]);
    if (collapsed.join() === wanted.join()) sum += Math.exp(log);
  };
  walk(0, [], 0);
  return Math.log(sum);
}

test("is the sum over all alignments, and its gradient that of central differences", () => {
  const logit = fc.double({ min: -4, max: 4, noNaN: true });
  const example = fc.record({
    logits: fc.array(logit, { minLength: 12, maxLength: 12 }), // [4, 3]
    blank: fc.nat(2),
    wanted: fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 3 }),
    length: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(example, ({ logits, blank, wanted, length }) => {
      const others = wanted.map((label) => (blank + label) % 3);
      const padded = labels([...others, -1, -1, -1].slice(0, 3), [1, 3]);
      const of = (p: Tensor): Tensor =>
        ctc(p, padded, { blank, inputLengths: lengths(length), reduction: "none" });
      const found = run(of, logits, [1, 4, 3]);
      const logs = Array.from({ length }, (_, t) => {
        const row = logits.slice(3 * t, 3 * t + 3);
        const sum = Math.log(row.reduce((all, value) => all + Math.exp(value), 0));
        return row.map((value) => value - sum);
      });
      expectClose(found.loss, [-byPaths(logs, others, blank)], 1e-9);
      if (Number.isFinite(found.loss[0]))
        expectClose(found.grad, differences(of, logits, [1, 4, 3]), 1e-6);
      else expect(found.grad.every((g) => g === 0)).toBe(true);
    }),
    { numRuns: 6 },
  );
});

test("takes logarithms of probabilities, and targets whose padding is the blank", () => {
  const filled = labels([1, 1, 2, 3, 2, 0, 2, 3, 1], [n, 3]);
  const logits = tensor(x, shape);
  const { loss } = run((p) => ctc(p, filled), x, shape);
  expectClose(run((p) => ctc(p.logSoftmax(), filled), x, shape).loss, loss);
  expectClose(
    ctc(logits, filled.maximum(0), { targetLengths: lengths(3, 2, 3) }).value().data,
    loss,
    1e-6,
  );
});

test("labels behind the first that is the blank or negative do not count", () => {
  const p = tensor(x.slice(0, steps * classes), [1, steps, classes]);
  const loss = ctc(p, labels([2], [1, 1])).item();
  for (const end of [0, -1]) expect(ctc(p, labels([2, end, 3], [1, 3])).item()).toBe(loss);
});

test("an impossible class, and 200 steps, leave it finite", () => {
  const hard = tensor([0, -Infinity, 3, 0, -Infinity, 2], [1, 2, 3]);
  expect(ctc(hard, labels([1], [1, 1])).item()).toBe(Infinity);
  const blanks = 1 / ((1 + Math.exp(3)) * (1 + Math.exp(2)));
  expect(ctc(hard, labels([2], [1, 1])).item()).toBeCloseTo(-Math.log(1 - blanks), 6);
  const long = run((p) => ctc(p, labels([1, 2], [1, 2])), new Array(600).fill(0), [1, 200, 3]);
  // Every path has the probability 3⁻²⁰⁰; there are C(200 + 2, 4) of them.
  const paths = (202 * 201 * 200 * 199) / 24;
  expectClose(long.loss, [(200 * Math.log(3) - Math.log(paths)) / 2], 1e-9);
  expect(long.grad.every(Number.isFinite)).toBe(true);
});

test("what does not fit is refused", () => {
  const p = tensor(x, shape);
  const refused = (call: () => unknown, message: string): void =>
    expect(call).toThrow(new RangeError(message));
  refused(
    () => ctc(tensor([1, 2]), targets),
    "ctc: expected predictions [n, steps, classes], got [2]",
  );
  refused(
    () => ctc(p, labels([1, 2, 3])),
    "ctc: expected targets as int32 labels [3, labels], got int32 [3]",
  );
  refused(() => ctc(p, targets, { blank: 4 }), "ctc: expected blank as a class from 0 to 3, got 4");
  refused(
    () => ctc(p, targets, { inputLengths: [6, 6, 6] as never }),
    "ctc: expected inputLengths as an int32 tensor [3], got [6, 6, 6]",
  );
  refused(
    () => ctc(p, targets, { targetLengths: labels([1, 2]) }),
    "ctc: expected targetLengths as an int32 tensor [3], got int32 [2]",
  );
});
