import type { Transform } from "@tenon/contracts";
import { expect, test } from "vitest";
import { adagrad, initSlots } from "./index.js";

const copies: Transform = {
  name: "copies",
  slots: (shapes) => ({
    "copies/w": Object.fromEntries(
      Object.entries(shapes).map(([path, shape]) => [path, { shape, start: "parameter" }]),
    ),
  }),
  update: (flow) => flow,
};
const params = {
  "dense/kernel": { shape: [1, 2], dtype: "float32", data: Float32Array.of(3, 4) },
} as const;

test("filled with a value", () =>
  expect(initSlots(adagrad({ start: 0.5 }), params)).toEqual({
    "scaleByAdagrad/s": {
      "dense/kernel": { shape: [1, 2], dtype: "float32", data: Float32Array.of(0.5, 0.5) },
    },
  }));
test("or a copy of the parameter", () => {
  const slots = initSlots(copies, params);
  expect(slots).toEqual({ "copies/w": params });
  expect(slots["copies/w"]!["dense/kernel"]!.data).not.toBe(params["dense/kernel"].data);
});
test("of the same type of array", () =>
  expect(
    initSlots(copies, { w: { shape: [1], dtype: "float32", data: Float64Array.of(0.1) } })[
      "copies/w"
    ]!["w"]!.data,
  ).toEqual(Float64Array.of(0.1)));
test("the error for other parameters or shapes names the transform", () => {
  const other: Transform = {
    ...copies,
    slots: () => ({ "copies/w": { v: { shape: [1], start: 0 } } }),
  };
  expect(() => initSlots(other, params)).toThrow(
    'initSlots: expected copies to have slots of existing parameters, got "v"',
  );
  const wrong: Transform = {
    ...copies,
    slots: () => ({ "copies/w": { "dense/kernel": { shape: [3], start: "parameter" } } }),
  };
  expect(() => initSlots(wrong, params)).toThrow(
    'initSlots: expected a slot that starts as its parameter "dense/kernel" to have its shape [1, 2], got [3]',
  );
});
