import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { argMax } from "./reduce.js";
import { gradients } from "../gradients.js";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import type { Tensor } from "../tensor.js";
import { categorical, gumbelSoftmax } from "./categorical.js";
import { eye } from "./eye.js";
import { tensor } from "./leaf.js";
import { linspace } from "./linspace.js";
import { quantile } from "./quantile.js";

const scalar = (n: number): Tensor => tensor(n, [], "int32");
const list = (x: Tensor): number[] => [...x.data()];

test("categorical draws classes with softmax's probabilities, the same for one seed", () => {
  const logits = tensor([1, -1, 0.5, -Infinity]).broadcastTo([4000, 4]);
  const drawn = categorical(logits, scalar(1), scalar(2));
  expect([drawn.dtype, drawn.shape]).toEqual(["int32", [4000]]);
  const counts = [0, 0, 0, 0];
  for (const label of list(drawn)) counts[label]!++;
  const p = list(logits.softmax()).slice(0, 4);
  // Within four standard deviations √(n p (1 − p)) of n p.
  counts.forEach((count, i) =>
    expect(Math.abs(count - 4000 * p[i]!)).toBeLessThanOrEqual(
      4 * Math.sqrt(4000 * p[i]! * (1 - p[i]!)),
    ),
  );
  expect(list(categorical(logits, scalar(1), scalar(2)))).toEqual(list(drawn));
  expect(list(categorical(logits, scalar(1), scalar(2), 1))).not.toEqual(list(drawn));
  expect(categorical(tensor([0, 50]), scalar(3), scalar(0)).item()).toBe(1);
});

test.each([1e-30, 1e-40, 1e-300])(
  "gumbelSoftmax at a temperature of %d is a single one",
  (temperature) => {
    const args = [tensor([1, 3, 2, 2e30, 1, 0], [2, 3]), scalar(3), scalar(1)] as const;
    expect(list(gumbelSoftmax(...args, { temperature }))).toEqual(
      list(gumbelSoftmax(...args, { hard: true })),
    );
  },
);

test("gumbelSoftmax is a distribution whose largest is categorical's, and hard is that one", () => {
  const logits = tensor(testValues([50, 3]));
  const args = [logits, scalar(5), scalar(0)] as const;
  const soft = gumbelSoftmax(...args, { temperature: 0.5 });
  expectClose(list(soft.sum(-1)), new Array<number>(50).fill(1), 1e-6);
  expect(list(argMax(soft, -1))).toEqual(list(categorical(...args)));
  const hard = gumbelSoftmax(...args, { hard: true });
  expect(list(hard)).toEqual(
    list(argMax(soft, -1)).flatMap((k) => [0, 1, 2].map((i) => +(i === k))),
  );
  // The gradient of the hard choice is that of the soft one.
  const weights = tensor([1, 2, 4]);
  const gradient = (y: Tensor): number[] => list(gradients(y.mul(weights).sum(), logits));
  expect(gradient(hard)).toEqual(gradient(gumbelSoftmax(...args)));
  expect(list(gumbelSoftmax(...args, { hard: true, axis: 0 }).sum(0))).toEqual([1, 1, 1]);
});

test("gradients pass through the noise", () => {
  const at = scalar(9);
  gradcheck((x) => gumbelSoftmax(x, at, at, { temperature: 0.7, axis: 0 }), [testValues([3, 2])]);
});

test("quantile has PyTorch's values, along any axis", () => {
  const x = tensor([3, 1, 2, 5, 0, 7, -1, 4], [2, 4]);
  const rows: readonly (readonly [number, readonly number[], readonly number[]])[] = [
    [0, [1, -1], [0, 1, -1, 4]],
    [0.1, [1.3, -0.7], [0.3, 1.6, -0.7, 4.1]],
    [0.5, [2.5, 2], [1.5, 4, 0.5, 4.5]],
    [0.75, [3.5, 4.75], [2.25, 5.5, 1.25, 4.75]],
    [1, [5, 7], [3, 7, 2, 5]],
  ];
  for (const [fraction, last, first] of rows) {
    expectClose(list(quantile(x, fraction)), last, 1e-6);
    expectClose(list(quantile(x, fraction, { axis: 0 })), first, 1e-6);
  }
  expect(quantile(x, 0.5, { keepDims: true }).shape).toEqual([2, 1]);
  expect(
    list(
      quantile(
        tensor([
          [1, NaN, 2],
          [3, 4, 5],
        ]),
        0,
      ),
    ),
  ).toEqual([NaN, 3]);
  expect(list(quantile(tensor(Int32Array.of(1, 2)), 0.25))).toEqual([1.25]);
  gradcheck((y) => quantile(y, 0.4), [testValues([2, 5])]);
});

test("eye and linspace", () => {
  expect(list(eye(2))).toEqual([1, 0, 0, 1]);
  expect([eye(2, 3).shape, list(eye(2, 3)), eye(0).shape]).toEqual([
    [2, 3],
    [1, 0, 0, 0, 1, 0],
    [0, 0],
  ]);
  expect(list(linspace(-1, 1, 5))).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(list(linspace(0, 1, 11))).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => Math.fround(i / 10)),
  );
  expect([list(linspace(3, 9, 1)), list(linspace(3, 9, 0))]).toEqual([[3], []]);
});

test("what is out of range is refused by name", () => {
  expect(() => quantile(tensor([1]), 1.1)).toThrow(
    "quantile: expected a fraction in [0, 1], got 1.1",
  );
  expect(() => quantile(tensor([], [0]), 0.5)).toThrow("quantile: expected values along axis -1");
  expect(() => gumbelSoftmax(tensor([1]), scalar(0), scalar(0), { temperature: 0 })).toThrow(
    "gumbelSoftmax: expected a finite temperature > 0, got 0",
  );
  expect(() => categorical(tensor([1]), tensor(1), scalar(0))).toThrow(
    "categorical: expected seed and step as int32 scalars, got float32 []",
  );
  expect(() => linspace(0, 1, 1.5)).toThrow("linspace: expected a count that is an integer ≥ 0");
});

test("what is given after the last argument is refused", () => {
  const extra = categorical as (...args: unknown[]) => Tensor;
  expect(() => extra(tensor([1]), scalar(0), scalar(0), 0, { temperature: 2 })).toThrow(
    "categorical: expected no options, got { temperature: 2 }; leave them out",
  );
  expect(() => (eye as (...args: unknown[]) => Tensor)(2, 2, {})).toThrow("eye: expected no");
  expect(() => (linspace as (...args: unknown[]) => Tensor)(0, 1, 3, {})).toThrow("linspace: exp");
  expect(() => linspace(0, 1, 1e12)).toThrow("linspace: expected a count");
});
