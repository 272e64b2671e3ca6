import { expectClose } from "@tenon/testkit";
import { tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import {
  binaryCrossEntropy,
  categoricalHinge,
  hinge,
  multiLabelMargin,
  softMargin,
} from "./index.js";
import { labels, run } from "./internal/testing.js";

const x = [0.3, -1.2, 2, 0.7, -0.4, 1.1];

test("hinge: nothing beyond the margin, straight or squared before it", () => {
  expectClose(
    run((p) => hinge(p, tensor([1, 1, -1]), { reduction: "none" }), [2, 0.25, 0.5]).loss,
    [0, 0.75, 1.5],
  );
  expectClose(
    run((p) => hinge(p, tensor([1, 1, -1]), { reduction: "none", squared: true }), [2, 0.25, 0.5])
      .loss,
    [0, 0.5625, 2.25],
  );
  expectClose(run((p) => hinge(p, tensor([1, 1, -1]), { margin: 0 }), [2, 0.25, 0.5]).loss, [
    0.5 / 3,
  ]);
  expect(() => hinge(tensor([1]), tensor([1]), { margin: -1 })).toThrow(
    "hinge: expected margin as a finite number ≥ 0, got -1",
  );
});

test("softMargin of ±1 is the binary cross entropy of 0 and 1", () => {
  const signs = [1, -1, -1, 1, 1, -1];
  const a = run((p) => softMargin(p, tensor(signs)), x);
  const b = run((p) => binaryCrossEntropy(p, tensor(signs.map((s) => (s + 1) / 2))), x);
  expectClose(a.loss, b.loss);
  expectClose(a.grad, b.grad);
});

test("categoricalHinge: nothing once the right class leads by 1", () => {
  expectClose(
    run(
      (p) => categoricalHinge(p, tensor([0, 1, 0, 1, 0, 0], [2, 3]), { reduction: "none" }),
      [0.5, 3, 1, 0.5, 2, 1],
      [2, 3],
    ).loss,
    [0, 2.5],
  );
});

test("labels are no targets for losses over entries", () => {
  expect(() => categoricalHinge(tensor(x, [2, 3]), labels([0, 1]))).toThrow(
    "expected predictions and targets of one shape, got [2, 3] and [2]",
  );
});

test("multiLabelMargin refuses scores of no classes", () => {
  for (const scores of [tensor(1), tensor([], [2, 0])])
    expect(() => multiLabelMargin(scores, scores)).toThrow(
      "multiLabelMargin: expected scores […, classes], got [",
    );
});
