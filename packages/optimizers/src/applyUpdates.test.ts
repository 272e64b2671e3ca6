import { plain, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { applyUpdates } from "./applyUpdates.js";

test("adds", () =>
  expect([...applyUpdates({ w: plain([1, 2]) }, { w: plain([0.5, -2]) })["w"]!.data]).toEqual([
    1.5, 0,
  ]));
test("arrays without arithmetic are refused", () => {
  const array = { shape: [1], dtype: "float32", data: Float32Array.of(1) } as never;
  const refused = refusal("applyUpdates: expected values with arithmetic, such as tensors");
  expect(() => applyUpdates({ w: array }, { w: array })).toThrow(refused);
  expect(() => applyUpdates({ w: plain([1]) }, { w: array })).toThrow(refused);
});
test("each parameter needs an update", () =>
  expect(() => applyUpdates({ w: plain([1]) }, {})).toThrow(
    'applyUpdates: expected an update for each parameter, got none for "w"',
  ));
