import { expect, test } from "vitest";
import { lamb } from "./lamb.js";
import { path } from "./internal/testing/updatesOf.js";

test("each step is as long as the rate times the parameter", () => {
  const [x, y] = path(lamb({ learningRate: 0.1 }), () => [7, -0.01], [3, 4], 1)[0]!;
  expect(Math.hypot(x! - 3, y! - 4)).toBeCloseTo(0.5, 12);
});
test("refuses a decay below zero", () =>
  expect(() => lamb({ weightDecay: -1 })).toThrow(
    "lamb: expected a finite weightDecay ≥ 0, got -1",
  ));
