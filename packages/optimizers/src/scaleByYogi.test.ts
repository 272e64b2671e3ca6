import { expect, test } from "vitest";
import { scaleByAdam, scaleByYogi } from "./index.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("after a large gradient its steps recover more slowly than Adam's", () => {
  const gradients = [[10], ...Array.from({ length: 60 }, () => [0.1])];
  const last = (transform: Parameters<typeof updatesOf>[0]): number =>
    updatesOf(transform, gradients).at(-1)![0]!;
  expect(last(scaleByYogi({ beta2: 0.9, eps: 1e-8 }))).toBeLessThan(
    0.2 * last(scaleByAdam({ beta2: 0.9 })),
  );
});
test("refuses a start below zero", () =>
  expect(() => scaleByYogi({ start: -1 })).toThrow(
    "scaleByYogi: expected a finite start ≥ 0, got -1",
  ));
