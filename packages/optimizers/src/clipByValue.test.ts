import { expect, test } from "vitest";
import { clipByValue } from "./clipByValue.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("clips each element", () =>
  expect(updatesOf(clipByValue(0.5), [[0.4, 0.6, -0.4, -9, Infinity]])).toEqual([
    [0.4, 0.5, -0.4, -0.5, 0.5],
  ]));
test("refuses a limit of zero", () =>
  expect(() => clipByValue(0)).toThrow("clipByValue: expected a finite limit > 0, got 0"));
