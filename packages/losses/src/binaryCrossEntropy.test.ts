import { expectClose } from "@tenon/testkit";
import { gradients, tensor, type Tensor } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { binaryCrossEntropy } from "./index.js";
import { differences, run } from "./internal/testing.js";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test("the loss is the mean of −t log p − (1 − t) log(1 − p), its gradient (p − t) / n", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.double({ min: -10, max: 10, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
        { minLength: 1, maxLength: 8 },
      ),
      (pairs) => {
        const x = pairs.map(([v]) => v);
        const t = pairs.map(([, v]) => v);
        const n = x.length;
        const { loss, grad } = run((p) => binaryCrossEntropy(p, tensor(t)), x);
        expectClose(
          loss,
          [
            x.reduce(
              (sum, v, i) =>
                sum - t[i]! * Math.log(sigmoid(v)) - (1 - t[i]!) * Math.log(sigmoid(-v)),
              0,
            ) / n,
          ],
          1e-9,
        );
        expectClose(
          grad,
          x.map((v, i) => (sigmoid(v) - t[i]!) / n),
        );
      },
    ),
  );
});

test("the gradient at a logit of exactly 0 is ½ − t", () => {
  expectClose(run((x) => binaryCrossEntropy(x, tensor([0, 1, 0.25])), [0, 0, 0]).grad, [
    0.5 / 3,
    -0.5 / 3,
    0.25 / 3,
  ]);
});

test("logits of a thousand do not overflow", () => {
  const { loss, grad } = run(
    (x) => binaryCrossEntropy(x, tensor([0, 1]), { reduction: "none" }),
    [1000, -1000],
  );
  expect(loss).toEqual([1000, 1000]);
  expect(grad).toEqual([1, -1]);
});

test("positives count posWeight times, per entry of the last axis if wanted", () => {
  const x = [0.3, -1.2, 2, 0.7];
  const t = tensor([1, 0, 1, 1], [2, 2]);
  const plain = run((p) => binaryCrossEntropy(p, t, { reduction: "none" }), x, [2, 2]).loss;
  expectClose(
    run((p) => binaryCrossEntropy(p, t, { reduction: "none", posWeight: [2, 3] }), x, [2, 2]).loss,
    plain.map((l, i) => l * [2, 1, 2, 3][i]!),
  );
  expectClose(
    run((p) => binaryCrossEntropy(p, t, { reduction: "none", posWeight: 5 }), x, [2, 2]).loss,
    plain.map((l, i) => l * [5, 1, 5, 5][i]!),
  );
  const loss = (p: Tensor): Tensor =>
    binaryCrossEntropy(p, t, { posWeight: [2, 3], labelSmoothing: 0.1 });
  expectClose(run(loss, x, [2, 2]).grad, differences(loss, x, [2, 2]), 1e-8);
});

test("its second gradient is p (1 − p): gradients can be differentiated again", () => {
  const { grad } = run(
    (x) => gradients(binaryCrossEntropy(x, tensor([1, 0]), { reduction: "sum" }), x).sum(),
    [0.5, -2],
  );
  expectClose(
    grad,
    [0.5, -2].map((v) => sigmoid(v) * sigmoid(-v)),
  );
});

test("names what it expected", () => {
  const x = tensor([1, 2], [2, 1]);
  expect(() => binaryCrossEntropy(x, tensor([0, 1]))).toThrow(
    "binaryCrossEntropy: expected predictions and targets of one shape, got [2, 1] and [2]",
  );
  expect(() => binaryCrossEntropy(x, x, { posWeight: -1 })).toThrow(
    "expected posWeight as a finite number ≥ 0",
  );
  expect(() => binaryCrossEntropy(x, x, { posWeight: [1, 2] })).toThrow(
    "as many as the last axis of [2, 1] has, got [1, 2]",
  );
  expect(() => binaryCrossEntropy(x, x, { labelSmoothing: NaN })).toThrow(
    "binaryCrossEntropy: expected labelSmoothing in [0, 1], got NaN",
  );
});
