import { plain } from "@tenon/testkit";
import { expect, test } from "vitest";
import { applyUpdates } from "./applyUpdates.js";

test("adds", () =>
  expect([...applyUpdates({ w: plain([1, 2]) }, { w: plain([0.5, -2]) })["w"]!.data]).toEqual([
    1.5, 0,
  ]));
test("each parameter needs an update", () =>
  expect(() => applyUpdates({ w: plain([1]) }, {})).toThrow(
    'applyUpdates: expected an update for each parameter, got none for "w"',
  ));
