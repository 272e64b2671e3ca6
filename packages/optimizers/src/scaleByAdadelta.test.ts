import { expect, test } from "vitest";
import { scaleByAdadelta } from "./scaleByAdadelta.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("the first step is √ε / √((1 − ρ)g² + ε)·g, whatever the gradient's size", () => {
  expect(updatesOf(scaleByAdadelta({ decay: 0.75, eps: 1e-6 }), [[-3]])[0]![0]).toBeCloseTo(
    -3e-3 / Math.sqrt(2.25 + 1e-6),
    14,
  );
  const steps = (size: number): number =>
    updatesOf(
      scaleByAdadelta(),
      Array.from({ length: 20 }, () => [size]),
    ).at(-1)![0]!;
  expect(steps(1000)).toBeCloseTo(steps(10), 6);
});
test("refuses ε of zero", () =>
  expect(() => scaleByAdadelta({ eps: 0 })).toThrow(
    "scaleByAdadelta: expected a finite eps > 0, got 0",
  ));
