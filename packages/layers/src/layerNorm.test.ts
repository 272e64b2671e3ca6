import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { groupNorm, instanceNorm, layerNorm, rmsNorm } from "./index.js";
import { gradcheck, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

const plain = { center: false, scale: false, epsilon: 1e-12 };

test("each example has mean 0 and standard deviation 1 over the chosen axes", () => {
  const a = wavy([1, 2, 3]);
  const b = { shape: [2, 2, 3], data: [...Array.from(a.data), ...new Array(6).fill(9)] };
  for (const axes of [-1, -2, [-1, -2]]) {
    const alone = Array.from(run(layerNorm({ ...plain, axes }), { x: a }).y.data);
    expectClose(run(layerNorm({ ...plain, axes }), { x: b }).y.data.slice(0, 6), alone);
    expectClose(
      [alone.reduce((s, v) => s + v, 0) / 6, alone.reduce((s, v) => s + v * v, 0) / 6],
      [0, 1],
      1e-9,
    );
  }
});

test("one group is layerNorm of the example, one per channel is instanceNorm", () => {
  const x = wavy([2, 3, 2, 4]);
  expectClose(
    run(groupNorm(1, plain), { x }).y.data,
    run(layerNorm({ ...plain, axes: [-1, -2, -3] }), { x }).y.data,
  );
  expectClose(run(groupNorm(4, plain), { x }).y.data, run(instanceNorm(plain), { x }).y.data);
});

test("rmsNorm does not change values of mean square 1", () => {
  expectClose(
    run(rmsNorm({ scale: false }), { x: { shape: [1, 4], data: [1, -1, 1, -1] } }).y.data,
    [1, -1, 1, -1],
    1e-6,
  );
});

test("gradients agree with finite differences", () => {
  gradcheck(layerNorm(), [4]);
  gradcheck(layerNorm({ axes: [-3, -1] }), [2, 2, 3]);
  gradcheck(rmsNorm({ axes: [-2] }), [3, 2]);
  gradcheck(groupNorm(2), [2, 2, 4]);
  gradcheck(instanceNorm(), [3, 2]);
});

test("parameters have the sizes of the axes", () => {
  expect(layerNorm({ axes: [-1, -3] }).plan([5, 6, 7]).params["gamma"]!.shape).toEqual([5, 7]);
  expect(Object.keys(layerNorm({ center: false }).plan([5]).params)).toEqual(["gamma"]);
  expect(groupNorm(2).plan([3, 3, 8]).params["beta"]!.shape).toEqual([8]);
});

test("names what it expected", () => {
  expect(() => layerNorm({ axes: 1 })).toThrow(
    "layerNorm: expected distinct negative axes, counted from the end, got 1",
  );
  expect(() => layerNorm({ axes: [-1, -1] })).toThrow("expected distinct negative axes");
  expect(() => layerNorm({ axes: -3 }).plan([2, 2])).toThrow(
    "layerNorm: expected an input with at least 3 axes, got [2, 2]",
  );
  expect(() => layerNorm({ epsilon: -1 })).toThrow(
    "layerNorm: expected epsilon as a finite number ≥ 0, got -1",
  );
  expect(() => groupNorm(3).plan([2, 2, 4])).toThrow(
    "groupNorm: expected channels divisible by 3 groups, got [2, 2, 4]",
  );
  expect(() => instanceNorm().plan([4])).toThrow(
    "instanceNorm: expected positions and channels, [..., channels], got [4]",
  );
});
