import { expect, test } from "vitest";
import { scale } from "./scale.js";
import { updatesOf } from "./internal/testing.js";

test("multiplies", () => expect(updatesOf(scale(-2), [[1, -3]])).toEqual([[-2, 6]]));
test("refuses what is no number", () =>
  expect(() => scale(NaN)).toThrow("scale: expected a finite factor, got NaN"));
