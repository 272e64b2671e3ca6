import { expect, test } from "vitest";
import { adabelief } from "./adabelief.js";
import { path } from "./internal/testing/updatesOf.js";

test("the first step is ĝ / |g − (1 − β₁)g|", () =>
  expect(path(adabelief({ learningRate: 0.9 }), () => [4], [0], 1)[0]![0]).toBeCloseTo(-1, 6));
test("refuses a rate below zero", () =>
  expect(() => adabelief({ learningRate: -1 })).toThrow(
    "adabelief: expected a finite learningRate ≥ 0, got -1",
  ));
