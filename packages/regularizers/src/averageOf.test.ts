import { expect, test } from "vitest";
import { averageOf } from "./averageOf.js";

const slots = { "scaleByAdam/m": { w: 0 }, "ema/average": { w: 1 }, "ema#2/average": { w: 2 } };

test("finds the only one, or the one that is named", () => {
  expect(averageOf({ "scaleByAdam/m": { w: 0 }, "swa/average": { w: 3 } })).toEqual({ w: 3 });
  expect(averageOf(slots, "ema#2")).toEqual({ w: 2 });
});
test("names the averages in its errors", () => {
  expect(() => averageOf(slots)).toThrow(
    'averageOf: expected the average of one ema or swa among the slots, got "ema/average", "ema#2/average"; name one',
  );
  expect(() => averageOf({ "trace/v": {} })).toThrow(
    'averageOf: expected the average of one ema or swa among the slots, got none in "trace/v"',
  );
  const arrays = { "params/a": {}, "params/b": {}, "slots/swa/average/a": {}, c: {}, d: {}, e: {} };
  expect(() => averageOf(arrays)).toThrow(
    'none in "params/a", "params/b", "slots/swa/average/a", "c" and 2 more; an average is the last in the optimizer\'s chain',
  );
  expect(() => averageOf(slots, "swa")).toThrow(
    'averageOf: expected the average of "swa" among the slots',
  );
});
