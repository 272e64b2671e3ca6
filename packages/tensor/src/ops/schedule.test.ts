import { expect, test } from "vitest";
import { reference } from "../reference.js";
import type { Tensor } from "../tensor.js";
import { arange, tensor } from "./leaf.js";
import { schedule } from "./schedule.js";

test("follows the step that is fed", () => {
  const program = reference().compile(
    (state, step: Tensor) => ({ state, outputs: schedule((n) => 1 / (n + 1), step).mul(2) }),
    {},
    { shape: [], dtype: "int32" },
  );
  expect([0, 1, 3].map((n) => program.step(n).data[0])).toEqual([2, 1, 0.5]);
});

test("refuses a step that is not a scalar", () => {
  expect(() => schedule(() => 1, arange(2))).toThrow(
    "schedule: expected the step as a scalar, got [2]",
  );
  expect(schedule(() => 0.1, tensor(3)).item()).toBe(Math.fround(0.1));
});
