import { expectClose } from "@tenon/testkit";
import { tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { binaryCrossEntropy, binaryFocal, categoricalHinge, cosineDistance, crossEntropy, hinge, klDivergence, poisson, softMargin } from "./index.js";
import { differences, labels, run } from "./internal/testing.js";

const x = [0.3, -1.2, 2, 0.7, -0.4, 1.1];

test("hinge: nothing beyond the margin, straight or squared before it", () => {
  expectClose(run((p) => hinge(p, tensor([1, 1, -1]), { reduction: "none" }), [2, 0.25, 0.5]).loss, [0, 0.75, 1.5]);
  expectClose(run((p) => hinge(p, tensor([1, 1, -1]), { reduction: "none", squared: true }), [2, 0.25, 0.5]).loss, [0, 0.5625, 2.25]);
  expectClose(run((p) => hinge(p, tensor([1, 1, -1]), { margin: 0 }), [2, 0.25, 0.5]).loss, [0.5 / 3]);
  expect(() => hinge(tensor([1]), tensor([1]), { margin: -1 })).toThrow("hinge: expected margin as a finite number ≥ 0, got -1");
});

test("softMargin of ±1 is the binary cross entropy of 0 and 1", () => {
  const signs = [1, -1, -1, 1, 1, -1];
  const a = run((p) => softMargin(p, tensor(signs)), x), b = run((p) => binaryCrossEntropy(p, tensor(signs.map((s) => (s + 1) / 2))), x);
  expectClose(a.loss, b.loss);
  expectClose(a.slope, b.slope);
});

test("binaryFocal with gamma 0 is the binary cross entropy; with more, its slope agrees with finite differences", () => {
  const t = tensor([1, 0, 1, 0, 0, 1]);
  expectClose(run((p) => binaryFocal(p, t, { gamma: 0 }), x).loss, run((p) => binaryCrossEntropy(p, t), x).loss);
  const of = (p: Parameters<typeof binaryFocal>[0]): ReturnType<typeof binaryFocal> => binaryFocal(p, t, { gamma: 2.5, alpha: 0.3 });
  expectClose(run(of, x).slope, differences(of, x), 1e-8);
});

test("klDivergence of a distribution with itself is 0, and is cross entropy less entropy; zeros cost nothing", () => {
  const t = [0.2, 0.5, 0.3, 0, 1, 0];
  const kl = run((p) => klDivergence(p.logSoftmax(), tensor(t, [2, 3])), x, [2, 3]);
  const ce = run((p) => crossEntropy(p, tensor(t, [2, 3])), x, [2, 3]);
  const entropy = -(0.2 * Math.log(0.2) + 0.5 * Math.log(0.5) + 0.3 * Math.log(0.3)) / 2;
  expectClose(kl.loss, [ce.loss[0]! - entropy]);
  expectClose(kl.slope, ce.slope);
  const own = tensor([0.2, 0.5, 0.3].map(Math.log));
  expect(klDivergence(own, own, { logTargets: true, reduction: "sum" }).item()).toBe(0);
});

test("poisson: the rate that equals the count has slope 0, in both forms", () => {
  const counts = tensor([1, 4, 9]);
  expectClose(run((p) => poisson(p, counts), [0, Math.log(4), Math.log(9)]).slope, [0, 0, 0]);
  expectClose(run((p) => poisson(p, counts, { log: false }), [1, 4, 9]).slope, [0, 0, 0], 1e-8);
  // Stirling: log 9! = 12.80
  const full = run((p) => poisson(p, counts, { full: true, reduction: "none" }), [0, 0, 0]).loss;
  expect(full[2]! - 1).toBeCloseTo(Math.log(362880), 1);
});

test("cosineDistance: 0 along, 1 across, 2 against, whatever the lengths; zeros are finite", () => {
  expectClose(run((p) => cosineDistance(p, tensor([1, 0, 1, 0, 1, 0], [3, 2]), { reduction: "none" }), [5, 0, 0, 3, -0.1, 0], [3, 2]).loss, [0, 1, 2]);
  const { loss, slope } = run((p) => cosineDistance(p, tensor([1, 0])), [0, 0]);
  expect(loss).toEqual([1]);
  expect(slope.every(Number.isFinite)).toBe(true);
});

test("categoricalHinge: nothing once the right class leads by 1", () => {
  expectClose(run((p) => categoricalHinge(p, tensor([0, 1, 0, 1, 0, 0], [2, 3]), { reduction: "none" }), [0.5, 3, 1, 0.5, 2, 1], [2, 3]).loss, [0, 2.5]);
});

test("labels are no targets for losses over entries", () => {
  expect(() => categoricalHinge(tensor(x, [2, 3]), labels([0, 1]))).toThrow("expected predictions and targets of one shape, got [2, 3] and [2]");
});
