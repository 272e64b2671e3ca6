import { refusal } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromVector, toVector } from "./index.js";

const arrays = {
  "dense1/kernel": { shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) },
  "conv/bias": { shape: [1], dtype: "float32", data: Float32Array.of(9) },
  labels: { shape: [2], dtype: "int32", data: Int32Array.of(-1, 5) },
} as const;

test("arrays are in the order of their names, whatever the object's is", () => {
  expect(toVector(arrays)).toEqual(Float32Array.of(9, 1, 2, 3, 4, -1, 5));
  const { labels, ...rest } = arrays;
  expect(toVector({ labels, ...rest })).toEqual(toVector(arrays));
});

test("what was made a vector comes back", () => {
  expect({ ...fromVector(toVector(arrays), arrays) }).toEqual(arrays);
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1 }), fc.array(fc.float()), { minKeys: 1 }),
      (lists) => {
        const some = Object.fromEntries(
          Object.entries(lists).map(([name, list]) => [
            name,
            { shape: [list.length], dtype: "float32" as const, data: Float32Array.from(list) },
          ]),
        );
        expect({ ...fromVector(toVector(some), some) }).toEqual({ ...some });
      },
    ),
  );
});

test("what does not fit is refused", () => {
  expect(() => fromVector([1, 2], arrays)).toThrow(
    refusal("fromVector: expected 7 values, as many as the arrays have, got 2"),
  );
  expect(() => fromVector(3 as never, arrays)).toThrow(
    refusal("fromVector: expected the vector as a list, got 3"),
  );
  for (const value of [undefined, null, 3, {}, [], { a: 1 }, { a: { shape: [2], data: [1] } }])
    expect(() => toVector(value as never)).toThrow(
      refusal("toVector: expected arrays { shape, dtype, data } by name, got "),
    );
});
