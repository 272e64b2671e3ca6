import { expect, test } from "vitest";
import { scale } from "./scale.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("multiplies", () => expect(updatesOf(scale(-2), [[1, -3]])).toEqual([[-2, 6]]));
test("refuses NaN", () =>
  expect(() => scale(NaN)).toThrow("scale: expected a finite factor, got NaN"));
