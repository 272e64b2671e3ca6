import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { onArrays } from "./onArrays.js";
import { lbfgs } from "./lbfgs.js";
import { path } from "./internal/testing/updatesOf.js";

const rosenbrock = ([x, y]: readonly number[]): number[] => [
  -400 * x! * (y! - x! ** 2) - 2 * (1 - x!),
  200 * (y! - x! ** 2),
];

/** PyTorch 2.15 in float64: LBFGS([w], lr, max_iter=1, history_size=3), 12 calls from (−1.2, 1). */
const theirs = {
  1: [
    [-0.489855072464, 1.28985507246],
    [-0.821671099075, 1.06827539577],
    [-1.36554163899, 0.937976055194],
    [-0.925363237785, 1.02077869983],
    [-0.968143127236, 1.00460055154],
    [-0.995115674289, 0.993136965807],
    [-0.991883562063, 0.992312449013],
    [-0.988768362161, 0.989162535635],
    [-0.973840826706, 0.968800378202],
    [-0.936126804057, 0.909217229229],
    [-0.691454661755, 0.503534892366],
    [-0.198148646056, -0.307517383523],
  ],
  0.5: [
    [-0.844927536232, 1.14492753623],
    [-0.915060055626, 1.10832820021],
    [-0.987264253302, 1.07804440709],
    [-1.01001019704, 1.0687408142],
    [-1.0183420255, 1.06452683623],
    [-1.02187184885, 1.06177838794],
    [-1.02332478903, 1.05952181719],
    [-1.02380500798, 1.05714621857],
    [-1.02360167892, 1.05369204346],
    [-1.02221297883, 1.04720527925],
    [-1.01785439594, 1.03329642063],
    [-1.00561825716, 1.00105056774],
  ],
};

test.each([1, 0.5] as const)("goes PyTorch's way, at a rate of %d", (learningRate) => {
  const ours = path(lbfgs({ learningRate, memory: 3 }), rosenbrock, [-1.2, 1], 12);
  ours.forEach((w, i) => expectClose(w, theirs[learningRate][i]!, 1e-9));
});

test("of several arrays it is that of one vector", () => {
  const whole = path(lbfgs({ memory: 2 }), rosenbrock, [-1.2, 1], 8);
  const w = { x: Float64Array.of(-1.2), y: Float64Array.of(1) };
  const optimizer = onArrays(lbfgs({ memory: 2 }), w);
  for (const point of whole) {
    const [x, y] = rosenbrock([w.x[0]!, w.y[0]!]);
    optimizer.step({ x: Float64Array.of(x!), y: Float64Array.of(y!) });
    expectClose([w.x[0]!, w.y[0]!], point, 1e-9);
  }
});

test("a quadratic of n dimensions takes about n steps, where the memory holds them", () => {
  const curvatures = [1, 3, 10, 30, 100];
  const w = Float64Array.of(1, -1, 1, -1, 1);
  const optimizer = onArrays(lbfgs(), { w });
  for (let step = 0; step < 40; step++) optimizer.step({ w: w.map((x, i) => curvatures[i]! * x) });
  expect(Math.hypot(...w)).toBeLessThan(1e-9);
});

test("a step without curvature is not remembered", () => {
  // A slope that stays the same has no second derivative: the first pair is never made.
  const points = path(lbfgs({ learningRate: 0.5 }), () => [4, 0], [0, 0], 3);
  points.forEach((w, i) => expectClose(w, [-0.5 * (i + 1), 0], 1e-12));
});

test("refuses a memory of nothing", () => {
  expect(() => lbfgs({ memory: 0 })).toThrow("lbfgs: expected a whole memory ≥ 1, got 0");
});
