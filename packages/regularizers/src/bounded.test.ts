import { expect, test } from "vitest";
import { bounded } from "./bounded.js";
import { projected } from "./internal/plainRun.js";

test("between two bounds", () =>
  expect(
    projected(bounded({ low: -1, high: 0.5 }), { shape: [1, 3], data: [-2, 0.25, 2] }),
  ).toEqual([-1, 0.25, 0.5]));
test("refuses bounds in the wrong order", () =>
  expect(() => bounded({ low: 1, high: 0 })).toThrow("bounded: expected low ≤ high, got 1 and 0"));
