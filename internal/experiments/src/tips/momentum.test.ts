import { momentum, onArrays } from "@tenon/optimizers";
import { expect, test } from "vitest";
import { startValues } from "../controls.js";
import { curvatures, momentumTip, valleyPath } from "./momentum.js";

test("the way through the valley is that of the optimizer", () => {
  const [mu, rate] = [0.9, 0.03];
  const w = { w: Float64Array.of(-1, 0.4) };
  const optimizer = onArrays(momentum({ learningRate: rate, momentum: mu, rateInside: true }), w);
  const path = valleyPath({ mu, rate }, 50);
  for (const { x, y } of path.slice(1)) {
    optimizer.step({ w: Float64Array.from(curvatures, (c, i) => c * w.w[i]!) });
    expect(x).toBeCloseTo(w.w[0]!, 12);
    expect(y!).toBeCloseTo(w.w[1]!, 12);
  }
});

test("without momentum each coordinate shrinks by 1 − ηc in a step", () => {
  const [a, b] = curvatures;
  const path = valleyPath({ mu: 0, rate: 0.03 }, 20);
  for (const [step, { x, y }] of path.entries()) {
    expect(x).toBeCloseTo(-1 * (1 - 0.03 * a) ** step, 12);
    expect(y!).toBeCloseTo(0.4 * (1 - 0.03 * b) ** step, 12);
  }
});

test("the way ends where it diverges: beyond a rate of 2 (1 + µ) / c", () => {
  const limit = (mu: number): number => (2 * (1 + mu)) / curvatures[1];
  for (const mu of [0, 0.5, 0.9]) {
    expect(valleyPath({ mu, rate: 0.98 * limit(mu) }, 400)).toHaveLength(401);
    expect(valleyPath({ mu, rate: 1.1 * limit(mu) }, 400).length).toBeLessThan(401);
  }
});

test("a momentum of one's own is one more arm, the last one", () => {
  const values = startValues(momentumTip);
  const names = Object.keys(momentumTip.arms(values));
  expect(names).toEqual(["mu=0", "mu=0.5", "mu=0.9", "mu=0.99", "tenfold"]);
  const own = momentumTip.arms({ ...values, mu: 0.7 });
  expect(Object.keys(own)).toEqual([...names, "own"]);
  expect(own["own"]).toEqual({ mu: 0.7, rate: 0.03 });
});
