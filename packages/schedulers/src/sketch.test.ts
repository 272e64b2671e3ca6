import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import {
  byEpoch,
  constant,
  inverseSqrt,
  linear,
  piecewiseConstant,
  scaled,
  sketch,
} from "./index.js";

test("a line from the lowest to the highest value", () => {
  expect(sketch(linear({ start: 0, end: 7, steps: 7 }), 8)).toBe("▁▂▃▄▅▆▇█ 0 … 7");
  expect(sketch(constant({ value: 0.123456 }), 4)).toBe("▄▄▄▄ 0.123 … 0.123");
  expect(sketch(linear({ start: 1, end: 0, steps: 1000 }), 1000)).toMatch(
    /^█{5}▇{5}▆{5}▅{5}▄{5}▃{5}▂{5}▁{5} 0\.013 … 0\.988$/,
  );
  expect(sketch(() => NaN, 2)).toBe("?? NaN … NaN");
  expect(() => sketch(constant({ value: 1 }), 0)).toThrow(
    refusal("sketch: expected a whole steps ≥ 1, got 0"),
  );
});

test("inverseSqrt is the paper's rate, for a model of width 512", () => {
  const rate = inverseSqrt({ peak: 512 ** -0.5 * 4000 ** -0.5 });
  for (const step of [1, 10, 3999, 4000, 4001, 100_000])
    expect(rate(step)).toBeCloseTo(512 ** -0.5 * Math.min(step ** -0.5, step * 4000 ** -1.5), 15);
});

test("byEpoch counts epochs, scaled multiplies", () => {
  const epochs = piecewiseConstant({ boundaries: [2], values: [1, 0.1] });
  const rate = scaled({ schedule: byEpoch({ schedule: epochs, stepsPerEpoch: 3 }), factor: 5 });
  expect([0, 5, 6, 7].map(rate)).toEqual(
    [0, 5, 6, 7].map((step) => 5 * epochs(Math.floor(step / 3))),
  );
  expect(() => scaled({ schedule: 3 as never, factor: 1 })).toThrow(refusal("scaled: expected"));
});
