import { expect, test } from "vitest";
import { adam, momentum, nesterov } from "./index.js";
import { path } from "./internal/testing/updatesOf.js";

const betas = [0.95, 0.9, 0.85, 0.9];
const beta = (step: number): number => betas[step]!;
const gradients = [1, -2, 0.5, 3];
const along = (transform: Parameters<typeof path>[0]): number[] => {
  let step = 0;
  return path(transform, () => [gradients[step++]!], [0], 4).map(([w]) => w!);
};

test("momentum is that of the step", () => {
  let [v, w] = [0, 0];
  const expected = gradients.map((g, t) => {
    v = betas[t]! * v + g;
    return (w -= 0.1 * v);
  });
  along(momentum({ learningRate: 0.1, momentum: beta })).forEach((got, t) =>
    expect(got).toBeCloseTo(expected[t]!, 12),
  );
});

test("Nesterov's, too", () => {
  let [v, w] = [0, 0];
  const expected = gradients.map((g, t) => {
    v = betas[t]! * v + g;
    return (w -= 0.1 * (g + betas[t]! * v));
  });
  along(nesterov({ learningRate: 0.1, momentum: beta })).forEach((got, t) =>
    expect(got).toBeCloseTo(expected[t]!, 12),
  );
});

test("Adam's β₁ is that of the step, in its correction as well", () => {
  let [m, v, w] = [0, 0, 0];
  const expected = gradients.map((g, t) => {
    m = betas[t]! * m + (1 - betas[t]!) * g;
    v = 0.999 * v + 0.001 * g * g;
    const [mHat, vHat] = [m / (1 - betas[t]! ** (t + 1)), v / (1 - 0.999 ** (t + 1))];
    return (w -= (0.1 * mHat) / (Math.sqrt(vHat) + 1e-8));
  });
  along(adam({ learningRate: 0.1, beta1: beta })).forEach((got, t) =>
    expect(got).toBeCloseTo(expected[t]!, 12),
  );
});
