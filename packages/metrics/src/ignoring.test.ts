import type { NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { accuracy, binaryAccuracy, ignoring, meanSquaredError, topKAccuracy } from "./index.js";

const array = (
  shape: number[],
  data: number[],
  dtype: "float32" | "int32" = "float32",
): NDArray => ({
  shape,
  dtype,
  data: dtype === "int32" ? Int32Array.from(data) : Float64Array.from(data),
});

test("is the metric of what is left, however it is cut", () => {
  const example = fc.tuple(
    fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }),
    fc.integer({ min: -1, max: 2 }),
  );
  fc.assert(
    fc.property(fc.array(example, { minLength: 1, maxLength: 20 }), fc.nat(20), (examples, cut) => {
      for (const metric of [accuracy, topKAccuracy(2)] as (typeof accuracy)[]) {
        const given = (part: typeof examples): [NDArray, NDArray] => [
          array(
            [part.length, 3],
            part.flatMap(([p]) => p),
          ),
          array(
            [part.length],
            part.map(([, t]) => t),
            "int32",
          ),
        ];
        const left = examples.filter(([, t]) => t !== -1);
        const ignored = ignoring(metric, -1);
        const expected =
          left.length === 0 ? NaN : metric.result(metric.update(metric.start, ...given(left)));
        expect(ignored.result(ignored.update(ignored.start, ...given(examples)))).toBe(expected);
        expect(
          ignored.result(
            ignored.update(
              ignored.update(ignored.start, ...given(examples.slice(0, cut))),
              ...given(examples.slice(cut)),
            ),
          ),
        ).toBe(expected);
      }
    }),
  );
});

test("labels may have any shape, and predictions one value for each", () => {
  const pixels = ignoring(accuracy, 255);
  expect(
    pixels.result(
      pixels.update(
        pixels.start,
        array([1, 2, 2, 2], [1, 0, 0, 1, 1, 0, 0, 1]),
        array([1, 2, 2], [0, 255, 1, 255], "int32"),
      ),
    ),
  ).toBe(0.5);
  const yes = ignoring(binaryAccuracy(), -1);
  expect(
    yes.result(yes.update(yes.start, array([3], [0.9, 0.2, 0.1]), array([3], [1, -1, 1]))),
  ).toBe(0.5);
  const squares = ignoring(meanSquaredError, -1);
  expect(
    squares.result(squares.update(squares.start, array([2, 1], [3, 5]), array([2, 1], [1, -1]))),
  ).toBe(4);
});

test("says what it expected", () => {
  const ignored = ignoring(accuracy, -1);
  expect(() =>
    ignored.update(
      ignored.start,
      array([2, 3], [1, 2, 3, 4, 5, 6]),
      array([4], [0, 1, 2, -1], "int32"),
    ),
  ).toThrow(
    "ignoring: expected a value or a row of predictions for each label, got [2, 3] for [4]",
  );
  expect(() => ignoring(accuracy, NaN)).toThrow("ignoring: expected a label, got NaN");
});
