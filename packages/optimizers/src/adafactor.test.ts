import { expectClose, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { adafactor, initSlots, scaleByFactoredRms } from "./index.js";
import { eager } from "./internal/testing/eager.js";

const array = (...shape: number[]) => ({
  shape,
  dtype: "float32" as const,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

test("keeps the edges of a matrix, and a vector whole", () => {
  const params = { w: array(2, 30, 40), b: array(5) };
  const slots = initSlots(scaleByFactoredRms(), params);
  expect(slots["scaleByFactoredRms/rows"]!["w"]!.shape).toEqual([2, 30, 1]);
  expect(slots["scaleByFactoredRms/columns"]!["w"]!.shape).toEqual([2, 1, 40]);
  expect(Object.keys(slots["scaleByFactoredRms/rows"]!)).toEqual(["w"]);
  expect(Object.keys(slots["scaleByFactoredRms/v"]!)).toEqual(["b"]);
});

test("the first step of a matrix whose squares are of rank one is its sign", () => {
  const shape = [2, 3];
  const g = [1, -2, 4, -3, 6, 12]; // its squares are those of [1, 3] and [1, 2, 4]
  const run = eager(scaleByFactoredRms(), { w: { shape, data: g } });
  expectClose(run.step({ w: { shape, data: g } })["w"]!.data, [1, -1, 1, -1, 1, 1], 1e-12);
});

test("refuses axes that are none", () => {
  const factored = (): [number, number] => [0, 2];
  expect(() => initSlots(scaleByFactoredRms({ factored }), { w: array(2, 3) })).toThrow(
    refusal("scaleByFactoredRms: expected two axes of the shape [2, 3], or undefined, got [0, 2]"),
  );
  expect(() => adafactor({ clip: 0 })).toThrow(refusal("adafactor: expected a finite clip > 0"));
});
