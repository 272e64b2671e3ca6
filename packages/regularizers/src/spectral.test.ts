import { refusal } from "@tenon/testkit";
import { plain } from "@tenon/testkit";
import { expect, test } from "vitest";
import { activity, l1, l2, orthogonal, spectral } from "./index.js";

test("half the square of the largest singular value", () => {
  // Singular values 3 and 1, turned by 45°.
  const h = Math.SQRT1_2;
  const w = plain([3 * h, 3 * h, -h, h], [2, 2]);
  expect(spectral(0.1).value({ w }).data[0]).toBeCloseTo(0.05 * 9, 6);
});

test("the mean cosine between rows, or between columns", () => {
  const w = plain([1, 0, 0, 1, 1, 1], [3, 2]); // rows at 90°, 45° and 45°
  expect(orthogonal(1).value({ w }).data[0]).toBeCloseTo((2 * Math.SQRT1_2) / 3, 12);
  expect(orthogonal(1, { mode: "columns" }).value({ w }).data[0]).toBeCloseTo(1 / 2, 12);
  expect(orthogonal(1).value({ w: plain([2, 0, 0, 3], [2, 2]) }).data[0]).toBe(0);
});

test("penalties of matrices refuse others", () => {
  const only = (): boolean => true;
  for (const penalty of [spectral(0.1, { only }), orthogonal(0.1, { only })])
    expect(() => penalty.value({ w: plain([1, 2]) })).toThrow(
      refusal(
        /^\w+: expected matrices, got a parameter of \[2\]; say which with the option "only"$/,
      ),
    );
});

test("a penalty of outputs is divided by the number of examples", () => {
  const outputs = { relu: plain([1, -2, 3, 0], [2, 2]), dense: plain([5, 5], [2, 1]) };
  const only = (path: string): boolean => path === "relu";
  expect(activity(l1(0.5, { only })).value({}, outputs).data[0]).toBe((0.5 * 6) / 2);
  expect(activity(l2(0.5, { only })).readsOutputs).toBe(true);
  expect(() => activity(l1()).value({})).toThrow(
    refusal("activity: expected the outputs of layers, got none; train with fit or trainingStep"),
  );
});
