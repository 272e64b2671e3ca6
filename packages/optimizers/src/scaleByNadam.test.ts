import { expect, test } from "vitest";
import { nadam, scaleByNadam } from "./index.js";
import { powerOf096 } from "./internal/realPower.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("a power of 0.96 is that of Math.pow", () => {
  for (const exponent of [0, 1e-9, 0.004, 0.1, 1, 2.5, 12.25, 40, 200])
    expect(powerOf096(exponent) / Math.pow(0.96, exponent)).toBeCloseTo(1, 12);
});

test("is the paper's algorithm, with its momentum by step", () => {
  const [beta1, beta2, eps] = [0.9, 0.99, 1e-3];
  const gradients = [2, -1, 0.5, 3];
  let [m, v, product] = [0, 0, 1];
  const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * 0.25));
  const expected = gradients.map((g, i) => {
    const t = i + 1;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    product *= momentum(t);
    const ahead =
      (momentum(t + 1) * m) / (1 - product * momentum(t + 1)) +
      ((1 - momentum(t)) * g) / (1 - product);
    return ahead / (Math.sqrt(v / (1 - beta2 ** t)) + eps);
  });
  const rule = scaleByNadam({ beta1, beta2, eps, momentumDecay: 0.25 });
  updatesOf(
    rule,
    gradients.map((g) => [g]),
  ).forEach(([update], i) => expect(update).toBeCloseTo(expected[i]!, 11));
});

test("an element without gradients stays, also without ε", () => {
  expect(updatesOf(nadam({ eps: 0 }), [[0], [0]])).toEqual([[-0], [-0]]);
});
