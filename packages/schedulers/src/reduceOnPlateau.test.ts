import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { constant, linear, reduceOnPlateau } from "./index.js";
import type { ReduceOnPlateauOptions } from "./reduceOnPlateau.js";

const rates = (options: ReduceOnPlateauOptions, values: readonly number[]): number[] => {
  const plateau = reduceOnPlateau(options);
  let { start: state } = plateau;
  return values.map((value, i) => {
    // Through JSON, as a checkpoint does it.
    state = JSON.parse(JSON.stringify(plateau.observe(state, value, i + 1))) as typeof state;
    return plateau.at(state, 0);
  });
};

test("reduces after so many epochs without a better one", () => {
  const options = { start: 1, factor: 0.5, patience: 2 };
  expect(rates(options, [3, 2, 2, 2, 2, 2, 1, 1])).toEqual([1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25]);
  expect(rates({ ...options, cooldown: 2 }, [2, 2, 2, 2, 2, 2, 2])).toEqual([
    1, 1, 0.5, 0.5, 0.5, 0.5, 0.25,
  ]);
  expect(rates({ ...options, mode: "max" }, [1, 2, 3, 3, 3])).toEqual([1, 1, 1, 1, 0.5]);
});

test("refuses a value that is no number", () => {
  const { observe, start } = reduceOnPlateau({ start: 1 });
  for (const value of [undefined, null, "1", [1], true])
    expect(() => observe(start, value as never, 1)).toThrow(
      refusal("reduceOnPlateau: expected the monitored value as a number, got "),
    );
});

test("never below the least, and a schedule that is below by itself stays", () => {
  expect(rates({ start: 1, patience: 1, min: 0.05 }, [1, 1, 1, 1])).toEqual([1, 0.1, 0.05, 0.05]);
  const plateau = reduceOnPlateau({ start: linear({ start: 0, end: 1, steps: 10 }), min: 0.5 });
  const state = { ...plateau.start, factor: 0.1 };
  expect(plateau.at(state, 1)).toBe(plateau(1));
  expect(plateau.at(state, 10)).toBe(0.5);
  expect(plateau(10)).toBe(1);
});

test("NaN and infinity are never better", () => {
  expect(rates({ start: 1, patience: 2 }, [NaN, Infinity, 1, 1])).toEqual([1, 0.1, 0.1, 0.1]);
});

test.each([
  [{ start: 1, factor: 1 }, "reduceOnPlateau: expected factor in (0, 1), got 1; use 0.1"],
  [{ start: 1, patience: 0.5 }, "reduceOnPlateau: expected a whole patience ≥ 0, got 0.5"],
  [{ start: NaN }, "reduceOnPlateau: expected a finite start, got NaN"],
  [{ start: 1, mode: "less" as "min" }, "reduceOnPlateau: expected mode to be"],
  [{ start: constant({ value: 1 }), every: 0 }, "reduceOnPlateau: expected a whole every ≥ 1"],
])("refuses %j", (options, message) =>
  expect(() => reduceOnPlateau(options)).toThrow(refusal(message)),
);
