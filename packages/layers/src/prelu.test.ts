import { zeros } from "@tenon/init";
import { expect, test } from "vitest";
import { prelu } from "./index.js";
import { gradcheck } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

test("multiplies negative inputs by a slope for each channel", () => {
  const params = { alpha: { shape: [2], data: [0.5, -1] } };
  expect(
    Array.from(run(prelu(), { x: { shape: [2, 2], data: [-2, -2, 3, 3] }, params }).y.data),
  ).toEqual([-1, 2, 3, 3]);
});

test("its gradients agree with finite differences, per channel and per entry", () => {
  for (const per of ["channel", "entry", "layer"] as const) gradcheck(prelu({ per }), [2, 3]);
});

test("plans a slope for each channel, each element or all, initially ¼", () => {
  expect(
    (["channel", "entry", "layer"] as const).map(
      (per) => prelu({ per }).plan([2, 3]).params["alpha"]!.shape,
    ),
  ).toEqual([[3], [2, 3], [1]]);
  expect(prelu().plan([1]).params["alpha"]!.init([1], Math.random)).toEqual(Float32Array.of(0.25));
  expect(prelu({ alphaInit: zeros() }).plan([1]).params["alpha"]!.init([1], Math.random)).toEqual(
    Float32Array.of(0),
  );
});

test("names what it expected", () => {
  expect(() => prelu({ per: "row" as never })).toThrow(
    'prelu: expected per "channel", "entry" or "layer", got "row"',
  );
  expect(() => prelu().plan([])).toThrow("prelu: expected a last axis of channels, got []");
});
