import fc from "fast-check";
import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { cumprod, cumsum, logCumSumExp } from "./cumulative.js";
import { arange, tensor, zeros } from "./leaf.js";

test("running sums and products of any length", () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 20 }), (xs) => {
      let [sum, product, total] = [0, 1, 0];
      const x = tensor(xs);
      expect([...cumsum(x, 0).data()]).toEqual(xs.map((v) => (sum += v)));
      expect([...cumprod(x, 0).data()].map((v) => v + 0)).toEqual(
        xs.map((v) => (product *= v) + 0),
      );
      const logs = logCumSumExp(x, 0).data();
      xs.forEach((v, i) => expect(logs[i]).toBeCloseTo(Math.log((total += Math.exp(v))), 5));
    }),
  ));

test("along any axis, integers too", () => {
  const x = arange(6).reshape([2, 3]);
  expect(cumsum(x, 1)).toMatchObject({ dtype: "int32" });
  expect([...cumsum(x, 1).data()]).toEqual([0, 1, 3, 3, 7, 12]);
  expect([...cumsum(x, 0).data()]).toEqual([0, 1, 2, 3, 5, 7]);
  expect([...cumprod(x.add(1), -1).data()]).toEqual([1, 2, 6, 4, 20, 120]);
  expect(cumsum(zeros([2, 0]), 1).shape).toEqual([2, 0]);
  expect(() => cumsum(x, 2)).toThrow("cumsum: expected an axis from -2 to 1, got 2");
});

test("logCumSumExp does not overflow, and allows −∞", () => {
  expect([...logCumSumExp(tensor([-Infinity, 1000, 1000]), 0).data()]).toEqual([
    -Infinity,
    1000,
    Math.fround(1000 + Math.LN2),
  ]);
});

test("gradients of finite differences, and theirs, also at zeros", () => {
  for (const f of [cumsum, cumprod, logCumSumExp]) {
    gradcheck((x) => f(x, 0), [testValues([5])]);
    gradcheck((x) => f(x.square(), 1), [testValues([2, 3])]);
  }
  gradcheck(
    (x) => cumprod(x, 0),
    [{ shape: [4], dtype: "float32", data: Float64Array.of(1.5, 0, -2, 0) }],
  );
});
