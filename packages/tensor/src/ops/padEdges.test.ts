import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { arange, ones } from "./leaf.js";
import { padEdges } from "./padEdges.js";

test.each([
  ["reflect", [2, 1, 0, 1, 2, 3, 2]],
  ["replicate", [0, 0, 0, 1, 2, 3, 3]],
  ["circular", [2, 3, 0, 1, 2, 3, 0]],
] as const)("%s, as NumPy has it", (mode, expected) => {
  expect(padEdges(arange(4), [[2, 1]], mode).value()).toMatchObject({
    dtype: "int32",
    data: Int32Array.from(expected),
  });
});

test.each(["reflect", "replicate", "circular"] as const)("gradients of %s", (mode) => {
  gradcheck(
    (x) =>
      padEdges(
        x,
        [
          [0, 0],
          [2, 1],
          [1, 2],
        ],
        mode,
      ),
    [testValues([2, 3, 3])],
  );
});

test("refuses what an axis is too short for", () => {
  const pad = (n: number, mode: "reflect" | "replicate" | "circular") => () =>
    padEdges(ones([n]), [[2, 0]], mode);
  expect(pad(2, "reflect")).toThrow(
    'padEdges: expected axis 0 to be long enough for "reflect" of 2, got [2]; pad less',
  );
  expect(pad(1, "circular")).toThrow("long enough");
  expect(pad(0, "replicate")).toThrow("long enough");
  expect(pad(1, "replicate")().shape).toEqual([3]);
});
