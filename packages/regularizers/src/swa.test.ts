import { expect, test } from "vitest";
import { averageOf, swa, type SwaOptions } from "./index.js";
import { plainRun } from "./internal/plainRun.js";

function averages(options: SwaOptions, steps: number): number[] {
  const averaged = plainRun(swa(options), { w: { shape: [1], data: [8] } });
  return Array.from({ length: steps }, (_, step) => {
    averaged.step({ w: { shape: [1], data: [step + 1 - averaged.params["w"]!.data[0]!] } });
    return averageOf(averaged.slots)["w"]!.data[0]!;
  });
}
const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 12));

test("the mean of all steps", () => expect(averages({}, 5)).toEqual(near(1, 1.5, 2, 2.5, 3)));
test("of every so manieth, from a start; until then the parameters themselves", () =>
  expect(averages({ start: 2, every: 2 }, 7)).toEqual(near(1, 2, 3, 3, 4, 4, 5)));
test("refuses steps that are not whole", () => {
  expect(() => swa({ every: 0 })).toThrow("swa: expected a whole every ≥ 1, got 0");
  expect(() => swa({ start: 0.5 })).toThrow("swa: expected a whole start ≥ 0, got 0.5");
});
