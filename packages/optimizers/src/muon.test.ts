import { expectClose, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { adamw, initSlots, muon, onArrays, orthogonalize, sgd } from "./index.js";
import { eager } from "./internal/testing/eager.js";

const matrix = (shape: readonly number[], data: readonly number[]) => ({ shape, data });

test("of a diagonal matrix each singular value goes through the polynomial, five times", () => {
  const values = [3, 1, 0.2];
  const norm = Math.hypot(...values) + 1e-7;
  const iterated = values.map((value) => {
    let x = value / norm;
    for (let i = 0; i < 5; i++) x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
    return x;
  });
  const g = matrix([3, 4], [3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0.2, 0]);
  const wide = eager(orthogonalize(), { w: g }).step({ w: g })["w"]!;
  expectClose(
    wide.data,
    [iterated[0]!, 0, 0, 0, 0, iterated[1]!, 0, 0, 0, 0, iterated[2]!, 0],
    1e-12,
  );
  for (const x of iterated) expect(x).toBeGreaterThan(0.6);
  for (const x of iterated) expect(x).toBeLessThan(1.3);
  const tall = matrix([4, 3], [3, 0, 0, 0, 1, 0, 0, 0, 0.2, 0, 0, 0]);
  expectClose(
    eager(orthogonalize(), { w: tall }).step({ w: tall })["w"]!.data,
    [iterated[0]!, 0, 0, 0, iterated[1]!, 0, 0, 0, iterated[2]!, 0, 0, 0],
    1e-12,
  );
});

test("other parameters have their own optimizer, whose slots they have", () => {
  const array = (...shape: number[]) => ({
    shape,
    dtype: "float32" as const,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const slots = initSlots(muon(), { w: array(2, 3), b: array(3), conv: array(3, 3, 1, 2) });
  expect(Object.keys(slots["averageUpdates/m"]!)).toEqual(["w"]);
  expect(Object.keys(slots["scaleByAdam/m"]!)).toEqual(["b", "conv"]);
  const own = initSlots(muon({ others: sgd(), matrices: (path) => path === "b" }), { w: array(2) });
  expect(Object.keys(own["averageUpdates/m"]!)).toEqual([]);
});

test("is adamw where nothing is a matrix", () => {
  const run = (optimizer = muon({ weightDecay: 0.2 })): number => {
    const w = { w: Float64Array.of(2) };
    const steps = onArrays(optimizer, w);
    for (const g of [1, -3, 2]) steps.step({ w: Float64Array.of(g) });
    return w.w[0]!;
  };
  expect(run()).toBe(run(adamw({ learningRate: 1e-3, weightDecay: 0.2 })));
});

test("refuses what is no matrix, and arrays without a product of matrices", () => {
  const bias = matrix([3], [1, 2, 3]);
  expect(() => eager(orthogonalize(), { b: bias }).step({ b: bias })).toThrow(
    refusal(
      'orthogonalize: expected matrices, got [3] of "b"; choose parameters with masked or partition',
    ),
  );
  const other = {
    shape: [1, 1],
    square: () => other,
    sum: () => other,
    sqrt: () => other,
    add: () => other,
    div: () => other,
  };
  expect(() =>
    orthogonalize().update(
      { updates: { w: other as never }, params: { w: other as never }, slots: {} },
      { value: () => other as never },
    ),
  ).toThrow(refusal("orthogonalize: expected arrays with the method transpose, got others"));
  expect(() => orthogonalize({ coefficients: [1, 2] as never })).toThrow(
    refusal("orthogonalize: expected coefficients as three numbers, got [1, 2]"),
  );
});
