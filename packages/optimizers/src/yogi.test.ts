import { expect, test } from "vitest";
import { yogi } from "./yogi.js";
import { path } from "./internal/testing/updatesOf.js";

test("the first step is nearly Adam's", () =>
  expect(path(yogi({ learningRate: 0.1 }), () => [4], [0], 1)[0]![0]).toBeCloseTo(-0.1, 4));
test("refuses a rate below zero", () =>
  expect(() => yogi({ learningRate: -1 })).toThrow(
    "yogi: expected a finite learningRate ≥ 0, got -1",
  ));
