import { expect, test } from "vitest";
import { constant } from "./index.js";

test("constant is the same at every step", () => {
  for (const step of [0, 1, 1e9]) expect(constant({ value: 0.1 })(step)).toBe(0.1);
});

test("constant refuses what is not a number", () => {
  expect(() => constant({ value: NaN })).toThrow("constant: expected a finite value, got NaN");
});
