import { expect, test } from "vitest";
import { chain, clipByGlobalNorm, inspect, onArrays, prodigy, sam, sgd } from "./index.js";
import { path } from "./internal/testing/updatesOf.js";

test("sam climbs, and descends from where it was along the gradient that it found", () => {
  const gradient = ([x, y]: readonly number[]): number[] => [2 * x!, 20 * y!];
  const w = [3, 0.4];
  const g = gradient(w);
  const top = w.map((value, i) => value + (0.1 * g[i]!) / Math.hypot(...g));
  const down = w.map((value, i) => value - 0.01 * gradient(top)[i]!);
  const [first, second] = path(sam(sgd({ learningRate: 0.01 }), { radius: 0.1 }), gradient, w, 2);
  first!.forEach((value, i) => expect(value).toBeCloseTo(top[i]!, 12));
  second!.forEach((value, i) => expect(value).toBeCloseTo(down[i]!, 12));
});

test("sam's transform counts pairs of steps, and sees one gradient of each", () => {
  const rates = [0.1, 0.2];
  const w = path(
    sam(sgd({ learningRate: (step) => rates[step]! }), { radius: 1e-9 }),
    () => [1],
    [0],
    4,
  );
  expect(w[1]![0]).toBeCloseTo(-0.1, 12);
  expect(w[3]![0]).toBeCloseTo(-0.3, 12);
});

test("inspect keeps what flows at its place", () => {
  const w = { a: Float64Array.of(0, 0), b: Float64Array.of(0) };
  const optimizer = onArrays(
    chain(inspect(), clipByGlobalNorm(1), inspect({ keep: "values" }), inspect(), sgd()),
    w,
  );
  optimizer.step({ a: Float64Array.of(3, 4), b: Float64Array.of(12) });
  const { slots } = optimizer.state();
  expect(slots["inspect/norm"]!["a"]!.data[0]).toBe(5);
  expect(slots["inspect#2/values"]!["b"]!.data[0]).toBeCloseTo(12 / 13, 12);
  expect(slots["inspect#3/norm"]!["a"]!.data[0]).toBeCloseTo(5 / 13, 12);
});

test("prodigy finds a rate from one that is far too small", () => {
  // Of |w − 3|: the distance to the best is 3.
  const gradient = ([w]: readonly number[]): number[] => [Math.sign(w! - 3)];
  const seen = path(prodigy(), gradient, [0], 400);
  expect(Math.abs(seen[20]![0]!)).toBeLessThan(0.1);
  expect(seen.at(-1)![0]).toBeGreaterThan(1);
  expect(seen.at(-1)![0]).toBeLessThan(6);
});

test("prodigy's first steps are those of its formula", () => {
  const [beta1, beta2, eps] = [0.9, 0.999, 1e-8];
  const beta3 = Math.sqrt(beta2);
  const gradients = [1, -0.5, 2];
  let [w, m, v, r, s, d] = [1, 0, 0, 0, 0, 0.01];
  const expected = gradients.map((g, i) => {
    const eta = (0.5 * Math.sqrt(1 - beta2 ** (i + 1))) / (1 - beta1 ** (i + 1));
    r = beta3 * r + (1 - beta3) * eta * d * d * g * (1 - w);
    s = beta3 * s + (1 - beta3) * eta * d * d * g;
    m = beta1 * m + (1 - beta1) * d * g;
    v = beta2 * v + (1 - beta2) * d * d * g * g;
    const found = Math.max(d, r / Math.abs(s));
    w -= eta * d * (m / (Math.sqrt(v) + found * eps) + 0.1 * w);
    d = found;
    return w;
  });
  let step = 0;
  const seen = path(
    prodigy({ learningRate: 0.5, start: 0.01, weightDecay: 0.1 }),
    () => [gradients[step++]!],
    [1],
    3,
  );
  seen.forEach(([got], i) => expect(got).toBeCloseTo(expected[i]!, 12));
});
