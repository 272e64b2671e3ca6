import { expect, test } from "vitest";
import { radam } from "./radam.js";
import { path } from "./internal/testing/updatesOf.js";

test("until there are enough steps it is momentum with its bias corrected", () =>
  expect(path(radam({ learningRate: 0.5 }), () => [4], [0], 3)).toEqual(
    [[-2], [-4], [-6]].map(([x]) => [expect.closeTo(x!, 12)]),
  ));
test("refuses a rate below zero", () =>
  expect(() => radam({ learningRate: -1 })).toThrow(
    "radam: expected a finite learningRate ≥ 0, got -1",
  ));
