import { expectClose, refusal, wrongOptions } from "@tenon/testkit";
import { expect, test } from "vitest";
import { minimize, type Evaluation } from "./minimize.js";

/** Rosenbrock's function of any number of variables, and its gradient. */
function rosenbrock(x: Float64Array): Evaluation {
  const g = new Float64Array(x.length);
  let loss = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i + 1]! - x[i]! ** 2, 1 - x[i]!];
    loss += 100 * a * a + b * b;
    g[i]! += -400 * x[i]! * a - 2 * b;
    g[i + 1]! += 200 * a;
  }
  return { loss, gradients: { x: g } };
}
const hard = [-1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1];

test("finds Rosenbrock's minimum in about as many evaluations as SciPy and PyTorch", async () => {
  const x = Float64Array.from(hard);
  const found = await minimize(() => rosenbrock(x), { x }, { lossTolerance: 0 });
  expect(found.reason).toBe("gradient");
  expect(found.loss).toBe(rosenbrock(x).loss);
  x.forEach((value) => expect(value).toBeCloseTo(1, 5));
  // SciPy 1.17: 71 steps, 88 evaluations.
  expect(found.evaluations).toBeLessThan(110);
  const two = Float64Array.of(-1.2, 1);
  const both = await minimize(() => rosenbrock(two), { x: two }, { gradientTolerance: 1e-9 });
  // PyTorch 2.15, strong_wolfe: 37 steps, 46 evaluations.
  expect(both.evaluations).toBeLessThan(60);
  expectClose(two, [1, 1], 1e-7);
});

test("solves least squares as their normal equations do, of float32 arrays too", async () => {
  const [us, ys] = [
    [0, 1, 2, 3, 4],
    [1, 3, 2, 5, 4],
  ];
  // Σu = 10, Σu² = 30, Σy = 15, Σuy = 38: slope (5·38 − 10·15) / (5·30 − 100) = 0.8, intercept 1.4.
  for (const Floats of [Float64Array, Float32Array]) {
    const w = { slope: new Floats(1), intercept: { shape: [1, 1], data: new Floats(1) } };
    const evaluate = (): Promise<Evaluation> => {
      const errors = us!.map((u, i) => w.slope[0]! * u + w.intercept.data[0]! - ys![i]!);
      const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b);
      return Promise.resolve({
        loss: sum(errors.map((e) => e * e)),
        gradients: {
          slope: Floats.of(sum(errors.map((e, i) => 2 * e * us![i]!))),
          intercept: Floats.of(2 * sum(errors)),
        },
      });
    };
    const found = await minimize(evaluate, w);
    expectClose([w.slope[0]!, w.intercept.data[0]!], [0.8, 1.4], 1e-5);
    expect(found.steps).toBeLessThan(8);
  }
});

test("a loss that is not finite shortens the step; the end is the lowest point found", async () => {
  const x = Float64Array.of(0.5);
  const seen: number[] = [];
  // −log x + 3 x: infinite or NaN at x ≤ 0, lowest at 1/3.
  const evaluate = (): Evaluation => {
    seen.push(x[0]!);
    return {
      loss: -Math.log(x[0]!) + 30 * x[0]!,
      gradients: { x: Float64Array.of(-1 / x[0]! + 30) },
    };
  };
  await minimize(evaluate, { x });
  expect(Math.min(...seen)).toBeLessThan(0);
  expectClose(x, [1 / 30], 1e-5);
});

test("says why it ended", async () => {
  const x = Float64Array.from(hard);
  const few = await minimize(() => rosenbrock(x), { x }, { steps: 3 });
  expect(few).toMatchObject({ steps: 3, reason: "steps" });
  expect(few.loss).toBe(rosenbrock(x).loss);
  const done = { x: Float64Array.of(1, 1) };
  const at = await minimize(() => rosenbrock(done.x), done);
  expect(at).toEqual({ loss: 0, steps: 0, evaluations: 1, reason: "gradient" });
  const loose = await minimize(() => rosenbrock(x), { x }, { lossTolerance: 0.1 });
  expect(loose.reason).toBe("loss");
  // A slope without end: every line search goes as far as it may.
  const down = Float64Array.of(0);
  const endless = await minimize(
    () => ({ loss: -down[0]!, gradients: { x: Float64Array.of(-1) } }),
    { x: down },
    { steps: 1 },
  );
  expect(endless.reason).toBe("steps");
  expect(down[0]).toBeGreaterThan(1000);
  // Not a function of the arrays: no step lowers it.
  const never = await minimize(() => ({ loss: 1, gradients: { x: Float64Array.of(1) } }), {
    x: down,
  });
  expect(never).toMatchObject({ reason: "loss", loss: 1 });
});

test("refuses what makes no sense, by name", async () => {
  const x = Float64Array.of(1, 2);
  const good = (): Evaluation => rosenbrock(x);
  const cases: readonly (readonly [() => Promise<unknown>, string])[] = [
    [() => minimize(3 as never, { x }), "minimize: expected evaluate as a function, got 3"],
    [
      () => minimize(() => undefined as never, { x }),
      "minimize: expected evaluate to give { loss, gradients }, loss a number, got undefined",
    ],
    [
      () => minimize(() => ({ loss: 1, gradients: {} }), { x }),
      'minimize: expected a gradient of "x", got none',
    ],
    [
      () => minimize(() => ({ loss: NaN, gradients: { x } }), { x }),
      "minimize: expected a finite loss and gradients at the start, got NaN",
    ],
    [
      () => minimize(good, [x] as never),
      "minimize: expected arrays by name, got [Float64Array(2)]",
    ],
    [() => minimize(good, { x }, { memory: 0 }), "minimize: expected a whole memory ≥ 1, got 0"],
  ];
  for (const [call, message] of cases)
    await expect(Promise.resolve().then(call)).rejects.toThrow(refusal(message));
  await wrongOptions("minimize", (options) => minimize(good, { x }, options));
});
