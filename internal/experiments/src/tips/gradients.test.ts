import type { Json, StepStatistics } from "@tenon/contracts";
import type { EndEvent, Measure, MeasuredEvent } from "@tenon/trainer";
import { expect, test } from "vitest";
import { rangeOf } from "../index.js";
import { atFirstStep } from "../measures.js";
import { gradientNorms } from "./gradients.js";

const end = {} as EndEvent;
/** The value of a measure after some events. */
function valueAfter<S extends Json>(measure: Measure<S>, events: readonly object[]): number {
  const { start, update, result } = measure as Required<Measure<S>>;
  return result(
    end,
    events.reduce((state: S, event) => update(state, event as MeasuredEvent), start),
  );
}

test("a value of the first step stays", () => {
  const measure = atFirstStep("x", "lower", ({ input }) => input.std);
  const observed = (std: number) => ({ type: "statistics", input: { std } });
  expect(valueAfter(measure, [{ type: "step" }, observed(3), observed(4)])).toBe(3);
  expect(valueAfter(measure, [{ type: "step" }])).toBeNaN();
});

test("gradient norms are those of weights, by layer", () => {
  const params = Object.fromEntries(
    ["dense1/kernel", "dense1/bias", "dense2/kernel"].map((path, i) => [
      path,
      { gradientNorm: i + 0.5 },
    ]),
  ) as unknown as StepStatistics["params"];
  expect(gradientNorms({ params })).toEqual({ "1": 0.5, "2": 2.5 });
});

test("a range is the median of what is finite, with the smallest and the largest", () => {
  expect(rangeOf(1, [5, null, -1, 2])).toEqual({ x: 1, y: 2, low: -1, high: 5 });
  expect(rangeOf(1, [null])).toEqual({ x: 1, y: null });
});
