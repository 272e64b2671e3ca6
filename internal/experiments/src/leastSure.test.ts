import { expect, test } from "vitest";
import { leastSure } from "./leastSure.js";

test("the digits come first of which the average is least sure, with what each member says", () => {
  // Two members and their averages, of two classes: logits are logarithms of probabilities.
  const rows = [
    ...[0.9, 0.1, /**/ 0.8, 0.2, /**/ 0.9, 0.1, /**/ 0.85, 0.15],
    ...[0.9, 0.1, /**/ 0.3, 0.7, /**/ 0.9, 0.1, /**/ 0.6, 0.4],
    ...[0.2, 0.8, /**/ 0.4, 0.6, /**/ 0.2, 0.8, /**/ 0.3, 0.7],
  ];
  const predictions = {
    shape: [3, 4, 2],
    dtype: "float32",
    data: Float32Array.from(rows, Math.log),
  } as const;
  const [first, second, ...others] = leastSure(predictions, [0, 1, 0], 2);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ label: 1, answer: 0 });
  expect(first!.average).toBeCloseTo(0.4, 6);
  for (const [i, p] of [0.1, 0.7].entries()) expect(first!.members[i]).toBeCloseTo(p, 6);
  expect(second).toMatchObject({ label: 0, answer: 1 });
  expect(second!.average).toBeCloseTo(0.3, 6);
  for (const [i, p] of [0.2, 0.4].entries()) expect(second!.members[i]).toBeCloseTo(p, 6);
});
