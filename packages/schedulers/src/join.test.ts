import { expect, test } from "vitest";
import { constant, join, linear, product } from "./index.js";
import { values } from "./internal/values.testing.js";

test("join: one after the other, each from its own step 0", () => {
  const schedule = join({
    schedules: [constant({ value: 5 }), linear({ start: 1, steps: 2 }), constant({ value: 7 })],
    boundaries: [2, 6],
  });
  expect(values(schedule, 8)).toEqual([5, 5, 1, 0.5, 0, 0, 7, 7]);
});

test("join takes any function of the step, but has no JSON without that of its parts", () => {
  const schedule = join({ schedules: [(step) => step, constant({ value: 1 })], boundaries: [3] });
  expect(values(schedule, 5)).toEqual([0, 1, 2, 1, 1]);
  expect(() => JSON.stringify(schedule)).toThrow(
    "join: expected schedules that can be written down, got a plain function",
  );
});

test("join refuses lists whose lengths do not fit", () => {
  expect(() => join({ schedules: [constant({ value: 1 })], boundaries: [1] })).toThrow(
    "join: expected one schedule more than boundaries, got 1 schedules and 1 boundaries",
  );
  expect(() =>
    join({ schedules: [constant({ value: 1 }), constant({ value: 1 })], boundaries: [NaN] }),
  ).toThrow("join: expected boundaries that are finite");
  expect(() => join({ schedules: [1 as unknown as () => number], boundaries: [] })).toThrow(
    "join: expected schedules, got 1; use constant",
  );
});

test("product: values at the same step, multiplied", () => {
  expect(
    values(
      product({
        schedules: [constant({ value: 2 }), linear({ start: 1, steps: 2 }), (step) => step + 1],
      }),
      3,
    ),
  ).toEqual([2, 2, 0]);
  expect(() => product({ schedules: undefined as never })).toThrow(
    "product: expected schedules as a list, got undefined",
  );
  expect(() => product({ schedules: [] })).toThrow(
    "product: expected schedules, one at least, got none",
  );
  expect(() => product({ schedules: [null as unknown as () => number] })).toThrow(
    "product: expected schedules, got null",
  );
});
