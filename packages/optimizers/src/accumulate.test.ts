import fc from "fast-check";
import { expect, test } from "vitest";
import { accumulate, adam, applyEvery, chain, sgd } from "./index.js";
import { eager } from "./internal/testing/eager.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

const gradient = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), {
  minLength: 3,
  maxLength: 3,
});
const given = (data: readonly number[]) => ({ w: { shape: [data.length], data } });

test("k gradients are one step along their mean, schedules included", () => {
  fc.assert(
    fc.property(fc.nat(3), fc.array(gradient, { minLength: 8, maxLength: 12 }), (more, batches) => {
      const k = more + 1;
      const rule = () => adam({ learningRate: (step) => 0.1 / (step + 1) });
      const slow = eager(accumulate(rule(), k), given([1, 2, 3]));
      const plain = eager(rule(), given([1, 2, 3]));
      batches.forEach((data, i) => {
        const before = [...slow.params["w"]!.data];
        slow.step(given(data));
        if ((i + 1) % k > 0) return expect([...slow.params["w"]!.data]).toEqual(before);
        const taken = batches.slice(i + 1 - k, i + 1);
        const sum = data.map((_, j) =>
          taken.reduce((total, batch) => total + batch[j]! * (1 / k), 0),
        );
        plain.step(given(sum));
        slow.params["w"]!.data.forEach((value, j) =>
          expect(value).toBeCloseTo(plain.params["w"]!.data[j]!, 10),
        );
      });
    }),
    { numRuns: 50 },
  );
});

test("the sum, where the mean is not wanted", () => {
  expect(
    updatesOf(accumulate(sgd({ learningRate: 1 }), 2, { mean: false }), [[1], [3], [5], [7]]),
  ).toEqual([[-0], [-4], [-0], [-12]]);
});

test("applyEvery lets what stands before it see each gradient", () => {
  expect(updatesOf(chain(sgd({ learningRate: 0.5 }), applyEvery(3)), [[2], [4], [6], [8]])).toEqual(
    [[-0], [-0], [-6], [-0]],
  );
});
