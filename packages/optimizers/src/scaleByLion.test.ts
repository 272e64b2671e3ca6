import { expect, test } from "vitest";
import { scaleByLion } from "./scaleByLion.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("the sign of a mean, in which earlier gradients may outweigh the last one", () =>
  expect(updatesOf(scaleByLion({ beta1: 0.9, beta2: 0.5 }), [[4], [-1], [-100], [0]])).toEqual([
    [1],
    [1],
    [-1],
    [-1],
  ]));
test("refuses a decay of 1", () =>
  expect(() => scaleByLion({ beta1: 1 })).toThrow(
    "scaleByLion: expected beta1 in [0, 1), got 1; use 0.9",
  ));
