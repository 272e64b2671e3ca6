import fc from "fast-check";
import { expect, test } from "vitest";
import { projected } from "./internal/plainRun.js";
import { l1Ball, simplex } from "./index.js";

const all = { only: () => true, axes: [0] };

test("the nearest point of the simplex, as sorting finds it", () => {
  const value = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (data) => {
      const got = projected(simplex(all), { shape: [data.length], data });
      const sorted = [...data].sort((a, b) => b - a);
      let [sum, tau] = [0, 0];
      sorted.forEach((x, i) => {
        sum += x;
        if (x - (sum - 1) / (i + 1) > 0) tau = (sum - 1) / (i + 1);
      });
      data.forEach((x, i) => expect(got[i]).toBeCloseTo(Math.max(x - tau, 0), 10));
    }),
  );
});

test("each column by itself, by default", () => {
  const got = projected(simplex({}), { shape: [2, 2], data: [1, 0, 1, 4] });
  expect([...got]).toEqual([0.5, 0, 0.5, 1]);
});

test("small values become 0 within the ball, and what is within it stays", () => {
  expect([...projected(l1Ball({ max: 2, ...all }), { shape: [3], data: [3, -0.5, 2] })]).toEqual([
    1.5, 0, 0.5,
  ]);
  expect([...projected(l1Ball({ max: 9, ...all }), { shape: [3], data: [3, -0.5, 2] })]).toEqual([
    3, -0.5, 2,
  ]);
});
