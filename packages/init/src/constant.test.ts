import { random } from "@tenon/random";
import { expect, test } from "vitest";
import { constant, ones, zeros } from "./index.js";

test("zeros, ones and constant are that everywhere", () => {
  expect([...zeros()([2, 3], random(1))]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...ones()([3], random(1))]).toEqual([1, 1, 1]);
  expect([...constant({ value: -0.25 })([2, 2], random(1))]).toEqual([-0.25, -0.25, -0.25, -0.25]);
  expect(ones()([], random(1))).toHaveLength(1);
  expect(ones()([3, 0], random(1))).toHaveLength(0);
});

test("constant refuses what is not a number, and invalid shapes", () => {
  expect(() => constant({ value: NaN })).toThrow("constant: expected a finite value, got NaN");
  expect(() => zeros()([2, -1], random(1))).toThrow(
    "zeros: expected a shape of integers ≥ 0, got [2, -1]",
  );
  expect(() => zeros()([1.5], random(1))).toThrow("got [1.5]");
});
