import { expect, test } from "vitest";
import { oneCycle, piecewiseInterpolate } from "./index.js";
import { values } from "./internal/values.testing.js";

test("oneCycle: PyTorch's ten steps, and optax' a step later", () => {
  const torch = [0.04, 0.52, 1, 0.9505, 0.8117, 0.6113, 0.3887, 0.1883, 0.0495, 4e-6];
  values(oneCycle({ peak: 1, steps: 10 }), 10).forEach((value, step) =>
    expect(value).toBeCloseTo(torch[step], 4),
  );
  const optax = [0.04, 0.28, 0.76, 1, 0.9505];
  const points = piecewiseInterpolate({
    boundaries: [0, 3, 10],
    values: [0.04, 1, 4e-6],
    interpolation: "cosine",
  });
  optax.forEach((value, step) => expect(points(step)).toBeCloseTo(value, 4));
});

test("oneCycle: start, peak and end exactly, and the end for ever", () => {
  const schedule = oneCycle({
    peak: 2,
    start: 0.5,
    end: 0.25,
    steps: 11,
    rise: 0.5454545454545454,
    interpolation: "linear",
  });
  expect([schedule(0), schedule(5), schedule(10), schedule(11), schedule(1e6)]).toEqual([
    0.5, 2, 0.25, 0.25, 0.25,
  ]);
  expect(schedule(1)).toBeCloseTo(0.8, 14);
});

test("oneCycle: three phases: to the peak, back to the start, to the end", () => {
  const schedule = oneCycle({
    peak: 1,
    start: 0.2,
    end: 0,
    steps: 12,
    rise: 0.25,
    interpolation: "linear",
    threePhases: true,
  });
  const expected = [0.2, 0.6, 1, 0.6, 0.2, (0.2 * 6) / 7, (0.2 * 5) / 7];
  expected.forEach((value, step) => expect(schedule(step)).toBeCloseTo(value, 14));
  expect(schedule(11)).toBe(0);
});

test("oneCycle refuses a rise outside [0, 1]", () => {
  expect(() => oneCycle({ peak: 1, steps: 10, rise: 1.1 })).toThrow(
    "oneCycle: expected rise from 0 to 1, got 1.1",
  );
  expect(() => oneCycle({ peak: 1, steps: 10, rise: 0.6, threePhases: true })).toThrow(
    "oneCycle: expected rise from 0 to 0.5, got 0.6",
  );
  expect(() => oneCycle({ peak: 1, steps: 10, rise: "0.3" as never })).toThrow('got "0.3"');
  expect(() => oneCycle({ peak: 1, steps: -1 })).toThrow(
    "oneCycle: expected a finite steps ≥ 0, got -1",
  );
});
